"""Public sets as test sets: where they are looked for, what is said when they are not right, and the real files."""

from __future__ import annotations

import json
from functools import cache

import pytest
from adapter_samples import article, asked, put, squad
from conftest import SHARED

from eval import sets
from eval.questions import ANSWERABLE_TYPES, UNANSWERABLE_TYPES, TestSet
from eval.sets import ADAPTERS, DataError, data_folder, load_public, present
from eval.sets.documents import file_stem
from rag.errors import RagError
from rag.load import load_report
from rag.train.shelves import QUESTIONS

NAMES = """squad2 xquad_en xquad_es_en squad_es clapnq covid_qa policyqa tatqa mtrag_un wice expertqa swaps climretrieve
financebench""".split()

# Of the files in the shared folder: questions, claims, documents, unanswerable questions, from its README and from
# counts of the files' rows and labels.
COUNTS = {
    "squad2": (3719, 0, 10, 1970),
    "xquad_en": (1047, 0, 42, 0),
    "xquad_es_en": (1047, 0, 42, 0),
    "squad_es": (5715, 0, 29, 2608),
    "clapnq": (300, 0, 300, 150),
    "covid_qa": (816, 0, 68, 0),
    "policyqa": (2420, 0, 20, 0),  # 3,809 less 1,389 joined with another of their site
    "tatqa": (1668, 0, 278, 0),
    "mtrag_un": (507, 0, 1152, 175),  # 97 unanswerable and 78 underspecified
    "wice": (0, 188, 0, 0),  # of 349; the reader has learnt the others
    "expertqa": (0, 349, 0, 0),  # of 741, which are 1,237 less 216 without evidence, 228 with links, 52 without a label
    "swaps": (0, 1000, 0, 0),
    "climretrieve": (12, 0, 3, 0),  # 14 less 2 of which nothing is found
    "financebench": (10, 0, 6, 0),
}


@cache
def real(name: str) -> TestSet:
    if not SHARED.is_dir() or name not in present(SHARED):
        pytest.skip("the public set is not here")
    return load_public(name, SHARED)


def test_the_sets_have_names_and_say_what_they_are():
    assert list(ADAPTERS) == [*NAMES, "humset_dev", "humset_held", "humset_parts", "pdf", "pdf_held", "un_dev"]
    assert all(adapter.about and not adapter.path.startswith("/") for adapter in ADAPTERS.values())


# --- where the data is


def test_the_folder_given_comes_first_then_the_environment_then_the_one_beside(tmp_path, monkeypatch):
    given, named, beside = (tmp_path / name for name in ("given", "named", "beside"))
    for folder in (given, named):
        folder.mkdir()
    monkeypatch.setattr(sets, "_BESIDE", beside)
    monkeypatch.delenv("REPORTQA_EVAL_DATA", raising=False)
    assert data_folder(None) is None
    beside.mkdir()
    assert data_folder(None) == beside
    monkeypatch.setenv("REPORTQA_EVAL_DATA", str(named))
    assert data_folder(None) == named
    assert data_folder(given) == given


def test_a_folder_that_is_none_is_refused(tmp_path, monkeypatch):
    with pytest.raises(DataError, match="nowhere is not a folder"):
        data_folder(tmp_path / "nowhere")
    monkeypatch.setenv("REPORTQA_EVAL_DATA", str(tmp_path / "gone"))
    with pytest.raises(DataError, match=r"gone \(REPORTQA_EVAL_DATA\) is not a folder"):
        data_folder(None)


def test_only_sets_whose_files_are_there_are_present(tmp_path):
    assert present(tmp_path) == []
    put(tmp_path, "wice/claim_dev.jsonl", [])
    put(tmp_path, "squad2/part.json", {})
    assert present(tmp_path) == ["squad2", "wice"]


# --- what is said when it is not right


def test_an_unknown_name_lists_the_known_ones(tmp_path):
    with pytest.raises(RagError, match="no public set 'squad3': it is one of squad2, xquad_en, .*financebench"):
        load_public("squad3", tmp_path)


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_file_is_named(name, tmp_path):
    with pytest.raises(DataError, match=f"{ADAPTERS[name].path} does not exist: put the set's files there"):
        load_public(name, tmp_path)


def test_a_file_missing_in_a_folder_is_named(tmp_path):
    put(tmp_path, "clapnq/unanswerable.jsonl", [])
    with pytest.raises(DataError, match="answerable.jsonl does not exist"):
        load_public("clapnq", tmp_path)


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ("clapnq", "xquad_es_en")])
@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff\xfe", b"null", b"[1]", b"[]", b'{"data": 3}', b'{"data": [{"title": "x"}]}', b"{}\n{}\n"],
)
def test_files_that_are_something_else_are_refused_by_name(name, content, tmp_path):
    path = put(tmp_path, ADAPTERS[name].path, content)
    with pytest.raises(DataError, match=path.name) as caught:
        load_public(name, tmp_path)
    assert "Get the file again" in str(caught.value)


def test_the_place_of_what_is_wrong_is_named(tmp_path):
    row = asked("1", "Who?", ("Ann", 0))
    del row["answers"][0]["answer_start"]
    put(tmp_path, "squad2/part.json", squad(article("T", ("Ann came.", [row]))))
    where = r"part.json.data\[0\].paragraphs\[0\].qas\[0\].answers\[0\] has no 'answer_start'"
    with pytest.raises(DataError, match=where):
        load_public("squad2", tmp_path)
    row["answers"][0]["answer_start"] = "0"
    put(tmp_path, "squad2/part.json", squad(article("T", ("Ann came.", [row]))))
    with pytest.raises(DataError, match="'answer_start' is a text, not a whole number"):
        load_public("squad2", tmp_path)


# --- the real files


@pytest.mark.parametrize("name", NAMES)
def test_real_counts(name):
    found = real(name)
    unanswerable = sum(not question.answerable for question in found.questions)
    assert (len(found.questions), len(found.claims), len(found.documents), unanswerable) == COUNTS[name]
    assert found.name == name


@pytest.mark.parametrize("name", NAMES)
def test_real_questions_are_sound(name):
    found = real(name)
    texts = {document.id: document.text for document in found.documents}
    assert len(texts) == len(found.documents) == len({id.casefold() for id in texts})
    for question in found.questions:
        assert question.type in (ANSWERABLE_TYPES if question.answerable else UNANSWERABLE_TYPES)
        assert question.question.strip() and question.group and question.split in ("dev", "test")
        assert bool(question.answers) == question.answerable
        assert question.answerable or not (question.evidence or question.nuggets)
        for span in question.evidence:
            assert texts[span.report][span.start : span.end] == span.quote == span.quote.strip() != ""
            assert span.section == ()
        for nugget in question.nuggets:
            assert nugget.vital and nugget.aliases and all(alias.strip() for alias in nugget.aliases)
    if found.questions:
        assert sum(q.answerable and not q.evidence for q in found.questions) <= 1  # one of TAT-QA's
    for claim in found.claims:
        assert claim.text.strip() and claim.evidence and all(text.strip() for text in claim.evidence)


@pytest.mark.parametrize("name", NAMES)
def test_real_documents_are_read_back_as_they_are(name, tmp_path):
    for document in real(name).documents[::40]:
        path = tmp_path / f"{document.id}.md"
        path.write_bytes(document.text.encode("utf-8"))
        report = load_report(path)
        assert (report.id, report.text) == (document.id, document.text)
        assert file_stem(document.id) == document.id


def test_real_gold_answers_stand_in_their_evidence():
    """SQuAD's form: each evidence holds a gold answer, each gold answer stands in some evidence."""
    for name in ("squad2", "xquad_en", "squad_es", "covid_qa", "policyqa"):
        for question in real(name).questions:
            quotes = [" ".join(span.quote.split()) for span in question.evidence]
            assert all(any(answer in quote for quote in quotes) for answer in question.answers), question.id
            assert all(any(answer in quote for answer in question.answers) for quote in quotes), question.id


def test_real_twins_of_xquad_share_their_evidence():
    english = {question.id: question for question in real("xquad_en").questions}
    for question in real("xquad_es_en").questions:
        twin = english[question.id]
        assert (question.language, twin.language) == ("es", "en")
        assert (question.evidence, question.group, question.split) == (twin.evidence, twin.group, twin.split)
        assert question.answers[0] == twin.answers[0]


def test_real_conversations_and_papers_fall_into_one_half():
    for name in NAMES:
        halves: dict[str, set[str]] = {}
        for question in real(name).questions:
            halves.setdefault(question.group, set()).add(question.split)
        assert all(len(found) == 1 for found in halves.values())


def test_our_questions_over_humanitarian_texts_need_these(tmp_path):
    put(tmp_path, "humanitarian/humset_texts.json", [])
    with pytest.raises(DataError, match=r"holds no text \d+: put the set's own file there"):
        load_public("humset_dev", tmp_path)
    learnt = {
        json.loads(line)["evidence"][0]["report"]
        for line in QUESTIONS.read_text("utf-8").splitlines()
        if '"start"' in line
    }
    for name, questions, documents in (("humset_dev", 130, 14), ("humset_held", 147, 15), ("humset_parts", 90, 16)):
        ours = real(name)
        texts = {document.id: document.text for document in ours.documents}
        assert (len(ours.questions), len(texts)) == (questions, documents)
        assert all(texts[e.report][e.start : e.end] == e.quote for q in ours.questions for e in q.evidence)
        assert not learnt & set(texts)


def test_our_questions_over_un_reports_need_their_pdfs(tmp_path):
    (tmp_path / "pdf" / "un_en").mkdir(parents=True)
    with pytest.raises(DataError, match=r"holds no .+\.pdf: put the set's file there"):
        load_public("un_dev", tmp_path)
    un = real("un_dev")
    texts = {document.id: document.text for document in un.documents}
    assert len(un.questions) == 136 and len(texts) == 6
    assert all(texts[e.report][e.start : e.end] == e.quote for q in un.questions for e in q.evidence)
