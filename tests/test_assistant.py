"""The answering side of the main path, on the five seed reports with the real encoder."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from conftest import ROOT, HashEncoder

from eval.check import load_questions
from eval.questions import SETS
from eval.records import record_of
from eval.scores import score
from rag import Answer, Assistant, ConfigError, QuestionError, Verdict, build_index
from rag.pipeline import Stages
from rag.pipeline.checks import MAX_QUESTION_CHARS
from rag.schema import Draft, DraftSentence, Quote

FIRST = load_questions(SETS / "first_questions.jsonl")
TEACHERS = "How many teachers attended the workshop in San Juan de Lurigancho?"


@pytest.mark.parametrize("question", FIRST, ids=lambda question: question.id)
def test_first_questions(assistant, question):
    answer = assistant.query(question.question)
    scores = score(question, record_of("first", question.id, answer, ()))
    assert scores["right"] == 1.0, answer.text
    if question.answerable:
        assert scores["cite_section_precision"] == 1.0, answer.citations


@pytest.mark.parametrize("question", FIRST, ids=lambda question: question.id)
def test_every_answer_keeps_its_promises(assistant, question):
    answer = assistant.query(question.question)
    texts = {info.id: assistant.report_text(info.id) for info in assistant.reports()}
    for citation in answer.citations:
        assert texts[citation.report_id][citation.start : citation.end] == citation.quote
        section = assistant.section_at(citation.report_id, citation.start)
        assert section.path == citation.section
    markers = [marker for sentence in answer.sentences for marker in sentence.markers]
    assert list(dict.fromkeys(markers)) == [citation.marker for citation in answer.citations]
    assert all(sentence.verdict is not Verdict.UNSUPPORTED for sentence in answer.sentences)
    assert all(f"[{marker}]" in answer.text for marker in markers)
    assert set(answer.timings_s) == {"retrieve", "read", "verify", "total"}
    assert answer.passages and [p.rank for p in answer.passages] == list(range(1, len(answer.passages) + 1))


def test_to_dict_is_json_and_complete(assistant):
    answer = assistant.query(TEACHERS)
    data = json.loads(json.dumps(answer.to_dict()))
    fields = "status text sentences citations passages reader timings_s confidence searched_for unanswered as_of notes"
    assert set(data) == set(fields.split()) and data["searched_for"] == ""
    assert data["citations"][0]["quote"] == answer.citations[0].quote
    assert data["citations"][0]["section"] == ["Sectoral response", "Education"]
    assert data["reader"] == "extractive"


def test_stream_gives_the_same_answer(assistant):
    *pieces, last = assistant.stream(TEACHERS)
    assert isinstance(last, Answer) and "".join(pieces) == last.text
    assert last.text == assistant.query(TEACHERS).text
    *pieces, last = assistant.stream("Who won the football match?")
    assert last.status == "abstained" and "".join(pieces) == last.text


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"reports": ["001_3f9bcb83e559fe55"]}, {"001_3f9bcb83e559fe55"}),
        ({"publisher": "ret international"}, {"004_7496789eff0e5b42"}),
        ({"since": date(2024, 1, 1)}, {"000_d7792f521226d9a4"}),
        ({"until": date(2018, 12, 31)}, {"004_7496789eff0e5b42"}),
    ],
)
def test_filters(assistant, options, expected):
    answer = assistant.query("How many refugees and migrants were assisted?", **options)
    assert {passage.report.id for passage in answer.passages} == expected


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"reports": ["nowhere"]}, "nowhere"),
        ({"publisher": "Nobody"}, "Nobody"),
        ({"since": date(2024, 1, 1), "until": date(2020, 1, 1)}, "2024-01-01"),
        ({"k": 0}, "0"),
    ],
)
def test_impossible_filters_are_errors_that_name_the_value(assistant, options, says):
    with pytest.raises(ConfigError, match=says):
        assistant.query("How many?", **options)


@pytest.mark.parametrize("question", ["", "  \n ", "x" * (MAX_QUESTION_CHARS + 1)])
def test_questions_that_cannot_be_asked(assistant, question):
    with pytest.raises(QuestionError):
        assistant.query(question)


@pytest.mark.parametrize("question", ["?", "what is it", "¿¿¿", "1", "\x00", "🙂 🙂", "a" * 2000])
def test_odd_questions_are_abstained(assistant, question):
    assert assistant.query(question).status == "abstained"


def test_a_question_about_an_uncovered_year_names_the_years_that_are(assistant):
    answer = assistant.query("How many people did the Education sector reach in 2031?")
    assert answer.status == "abstained" and "2031" in answer.text and "2023" in answer.text


def test_abstains_in_spanish(assistant):
    answer = assistant.query("¿Cuál es la capital de Francia?")
    assert answer.status == "abstained" and answer.text.startswith("Los informes no lo dicen.")


def test_several_threads(assistant):
    expected = assistant.query(TEACHERS).text
    barrier = threading.Barrier(6)

    def ask(_: int) -> str:
        barrier.wait()
        return assistant.query(TEACHERS).text

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(ask, range(6))) == {expected}


class Liar:
    """A reader that swaps a figure of the sentence it quotes."""

    name = "liar"

    def read(self, question, passages):
        chunk = passages[0].chunk
        unit = chunk.units[0]
        quote = chunk.text[: unit.end - chunk.start]
        true = DraftSentence(quote, (Quote(0, unit.start, unit.end),))
        false = DraftSentence(quote.replace("300", "800"), (Quote(0, unit.start, unit.end),))
        return Draft((false, true) if "both" in question else (false,), confidence=0.9)


@pytest.fixture
def small_index(tmp_path):
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "a.md").write_text("# Food\n\nPartners gave food to 300 families in Ilo.\n")
    build_index(tmp_path / "reports", tmp_path / "index", encoder=HashEncoder())
    return tmp_path / "index"


@pytest.fixture
def lied_to(small_index):
    with Assistant(small_index, encoder=HashEncoder(), reader=Liar()) as opened:
        yield opened


def test_a_wrong_figure_never_survives(lied_to):
    answer = lied_to.query("How many families got food?")
    assert answer.status == "abstained" and answer.citations == () and "800" not in answer.text
    answer = lied_to.query("How many families got food, both?")
    assert [s.markers for s in answer.sentences] == [(1,)] and "800" not in answer.text
    assert answer.reader == "liar"


def test_confidence_is_the_readers_unless_nothing_could_be_checked(lied_to, assistant):
    assert lied_to.query("How many families got food, both?").confidence == 0.9
    assert lied_to.query("How many families got food?").confidence == 0.0
    sure, unsure = assistant.query(TEACHERS), assistant.query("How many people did Education reach in 2021?")
    assert sure.status == "answered" and unsure.status == "abstained"
    assert 0.0 <= unsure.confidence < sure.confidence <= 1.0


def test_stages_can_be_left_out(small_index, seeds_index, bundled_encoder):
    unchecked = Stages(verify=False)
    with Assistant(small_index, encoder=HashEncoder(), reader=Liar(), stages=unchecked) as opened:
        answer = opened.query("How many families got food?")
        assert "800" in answer.text and answer.sentences[0].verdict is Verdict.UNSUPPORTED
    for stages, expected in [
        (Stages(), "reranked"),
        (Stages(rerank=False), "fused"),
        (Stages(retrieval="dense", rerank=False), "dense"),
        (Stages(retrieval="lexical", rerank=False), "lexical"),
    ]:
        with Assistant(seeds_index, encoder=bundled_encoder, stages=stages) as opened:
            found = opened.search(TEACHERS)
            assert len(found) == 8 and {passage.stage for passage in found} == {expected}


def test_an_index_that_changes_is_seen_at_once(tmp_path):
    reports = tmp_path / "reports"
    reports.mkdir()
    (reports / "a.md").write_text("# Food\n\nPartners gave food to 300 families in Ilo.\n")
    build_index(reports, tmp_path / "index", encoder=HashEncoder())
    with Assistant(tmp_path / "index", encoder=HashEncoder()) as opened:
        assert "300" in opened.search("food for families")[0].chunk.text
        (reports / "a.md").write_text("# Food\n\nPartners gave food to 450 families in Ilo.\n")
        build_index(reports, tmp_path / "index", encoder=HashEncoder())
        found = opened.search("food for families")
        assert "450" in found[0].chunk.text and len(found) == 1


def test_the_vector_index_is_read_once_on_opening(seeds_index, bundled_encoder, monkeypatch):
    from rag.pipeline import assistant as module

    with Assistant(seeds_index, encoder=bundled_encoder) as opened:
        monkeypatch.setattr(module, "dense_index", lambda view: pytest.fail("read again"))
        assert opened.search(TEACHERS)


def test_default_query_builds_the_seeds_index_by_itself(tmp_path, monkeypatch):
    import rag
    from rag import default

    monkeypatch.setenv("REPORTQA_INDEX", str(tmp_path / "default"))
    monkeypatch.setattr(default, "_assistants", {})
    answer = rag.query(TEACHERS)
    assert "500 teachers" in answer.text
    assert {p.name for p in (tmp_path / "default").iterdir()} >= {"store.db", "index.faiss"}
    assert len(list((ROOT / "seeds").glob("*.txt"))) == 5


def test_an_acronym_is_found_where_it_is_spelled_out_though_others_say_it_more_often(tmp_path, bundled_encoder):
    rows = "\n".join(f"| Case {number} | WCA | Loss of {number} kits in WCA |" for number in range(1, 60))
    text = (
        f"# Cases\n\n| Case | Region | What |\n|---|---|---|\n{rows}\n\n# Notes\n\nThe regions are ECA: Europe and "
        "Central Asia; HQ: headquarters; and WCA: West and Central Africa.\n"
    )
    (tmp_path / "cases.md").write_text(text)
    build_index(tmp_path / "cases.md", tmp_path / "index", encoder=bundled_encoder)
    with Assistant(tmp_path / "index", encoder=bundled_encoder) as assistant:
        answer = assistant.query("What does WCA stand for?")
        assert "West and Central Africa" in answer.text and answer.citations[0].section == ("Notes",)
        assert assistant.query("What does XYZ stand for?").status == "abstained"
