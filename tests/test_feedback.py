"""Feedback becomes a test set that `reportqa eval` accepts and runs."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date

import pytest

from eval.check_row import row_problems
from eval.metrics.answers import states
from eval.questions import from_row, to_row
from rag.cli import main
from rag.facts import quantities
from rag.schema import CitedSentence, Verdict
from rag.store import Store
from ui.conversations import Conversations, Scope, conversations_path
from ui.conversations.nuggets import correction_nuggets, figure_nuggets, spellings
from ui.conversations.testset import test_set as as_test_set

USER = "maria.quispe"
TEACHERS = "How many teachers attended the workshop in San Juan de Lurigancho?"
AREAS = "Which areas were declared in emergency in January 2024?"
NOWHERE = "What did the GTRM do in Antarctica?"
DENGUE = "By how much did dengue cases go up compared with the same period of 2023?"


@pytest.fixture
def index(seeds_index, tmp_path):
    folder = tmp_path / "index"
    shutil.copytree(seeds_index, folder)
    return folder


@pytest.fixture
def kept(index):
    opened = Conversations(conversations_path(index))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def answers(assistant):
    return {question: assistant.query(question) for question in (TEACHERS, AREAS, NOWHERE, DENGUE)}


def judged(kept, question, answer, good=True, reason="", correction="", scope=Scope()):  # noqa: B008
    id_ = kept.start(USER)
    entry = kept.ask(USER, id_, question, scope)
    kept.finish(USER, entry.id, answer)
    kept.judge(USER, entry.id, good, reason, correction)
    return entry.id


def exported(kept, index):
    with Store.open(index) as store:
        found = as_test_set(kept.judged(), store)
        texts = {info.id: store.report(info.id).text for info in store.reports()}
    for question in found.questions:
        row = json.loads(json.dumps(to_row(question)))
        assert row_problems(row, texts) == []
        assert from_row(row) == question
    return found


def test_export_check_and_run_end_to_end(kept, index, answers, tmp_path, capsys):
    judged(kept, TEACHERS, answers[TEACHERS], reason="just right")
    judged(kept, NOWHERE, answers[NOWHERE])
    judged(kept, DENGUE, answers[NOWHERE], False, correction="79% higher")
    judged(kept, AREAS, answers[AREAS], False, "wrong")
    out, run = tmp_path / "feedback.jsonl", tmp_path / "run"
    assert main(["feedback", "export", str(out), "--index", str(index)]) == 0
    said = capsys.readouterr()
    assert f"{out}: 3 questions, 2 answerable and 1 unanswerable." in said.out
    assert f"- {AREAS}: it was judged bad without a correction" in said.out
    assert USER not in out.read_text("utf-8") + said.out + said.err
    assert main(["eval", "check", str(out), "--index", str(index)]) == 0
    assert "3 questions, 1 of them unanswerable" in capsys.readouterr().out
    assert main(["eval", "run", str(out), "--index", str(index), "--out", str(run)]) == 0
    records = [json.loads(line) for line in (run / "records.jsonl").read_text("utf-8").splitlines()]
    assert len(records) == 3 and all(record["status"] != "error" for record in records)


def test_an_approved_answer_gives_its_figures_and_quotes(kept, index, answers):
    judged(kept, TEACHERS, answers[TEACHERS], reason="just right")
    (question,) = exported(kept, index).questions
    assert (question.answerable, question.type, question.language) == (True, "figure", "en")
    assert question.note == "just right"
    (nugget,) = question.nuggets
    assert nugget.aliases == ("500",) and nugget.vital
    (evidence,) = question.evidence
    cited = answers[TEACHERS].citations[0]
    assert (evidence.report, evidence.quote, evidence.section) == (cited.report_id, cited.quote, cited.section)


def test_without_a_figure_asked_for_the_quotes_alone_decide(kept, index, answers):
    judged(kept, AREAS, answers[AREAS])
    (question,) = exported(kept, index).questions
    assert question.type != "figure" and question.nuggets == () and question.evidence
    assert question.period == "2024-01"


def test_an_approved_abstention_is_unanswerable(kept, index, answers):
    judged(kept, NOWHERE, answers[NOWHERE])
    (question,) = exported(kept, index).questions
    assert (question.answerable, question.type) == (False, "unanswerable")


def test_a_correction_gives_nuggets_and_the_place_that_holds_it(kept, index, answers):
    judged(kept, DENGUE, answers[NOWHERE], False, correction="79% higher")
    found = exported(kept, index)
    (question,) = found.questions
    assert any(states(question.nuggets[0], text) for text in ["rose by 79 per cent", "un 79 % más"])
    assert "dengue cases were [79% higher]" in question.evidence[0].quote
    assert found.unplaced == ()


def test_a_correction_that_no_report_holds_has_no_evidence(kept, index, answers):
    judged(kept, DENGUE, answers[DENGUE], False, correction="By 83.21%")
    found = exported(kept, index)
    assert found.questions[0].evidence == () and found.unplaced == (DENGUE,)


@pytest.mark.parametrize("said", ["The reports do not say.", "los informes no lo dicen", "The reports do not say: no."])
def test_a_correction_may_be_that_the_reports_do_not_say(kept, index, answers, said):
    judged(kept, TEACHERS, answers[TEACHERS], False, correction=said)
    assert not exported(kept, index).questions[0].answerable


def test_a_follow_up_is_exported_as_it_was_searched_for(kept, index, answers):
    judged(kept, "And there?", replace(answers[TEACHERS], searched_for=TEACHERS))
    assert exported(kept, index).questions[0].question == TEACHERS


def test_of_a_question_judged_twice_the_last_counts(kept, index, answers):
    judged(kept, TEACHERS, answers[TEACHERS])
    judged(kept, TEACHERS.upper(), answers[TEACHERS], False, correction="501 teachers")
    found = exported(kept, index)
    assert len(found.questions) == 1 and "501" in found.questions[0].nuggets[0].aliases[0]
    assert found.left_out == ((TEACHERS, "it was judged again later"),)


def test_what_cannot_be_tested_is_left_out_with_the_reason(kept, index, answers):
    judged(kept, TEACHERS, answers[TEACHERS], scope=Scope(since=date(2024, 1, 1)))
    gone = replace(answers[AREAS], citations=tuple(replace(c, report_id="gone") for c in answers[AREAS].citations))
    judged(kept, AREAS, gone)
    judged(kept, DENGUE, answers[DENGUE], False, correction="... ¿?")
    found = exported(kept, index)
    assert found.questions == ()
    assert [reason.split(",")[0] for _, reason in found.left_out] == [
        "it was asked with filters",
        "no quote of its answer stands in the reports of the index any more",
        "its correction has no word that an answer could be held against",
    ]


def test_a_quote_that_moved_is_found_and_one_that_was_not_borne_out_is_left(kept, index, answers):
    answer = answers[TEACHERS]
    (cited,) = answer.citations
    moved = replace(cited, start=cited.start + 7, end=cited.end + 7)
    unborne = replace(cited, marker=2, verdict=Verdict.UNSUPPORTED, start=0, end=5, quote="never")
    sentence = CitedSentence(answer.sentences[0].text, (1, 2), Verdict.PARTLY)
    judged(kept, TEACHERS, replace(answer, citations=(moved, unborne), sentences=(sentence,)))
    (evidence,) = exported(kept, index).questions[0].evidence
    assert (evidence.start, evidence.end) == (cited.start, cited.end)


class TestNuggets:
    @pytest.mark.parametrize(
        ("written", "texts"),
        [
            ("4,980 persons", ["4.980 personas", "4 980", "some 4980 people", "4,980."]),
            ("1.54M people", ["1.54 million", "1,54 millones", "1,540,000", "1.54M"]),
            ("79% higher", ["79 %", "79 per cent", "79 por ciento"]),
            ("1.5 per cent", ["1,5%", "1.5 %"]),
            ("215K USD", ["215 mil", "215,000", "215K"]),
        ],
    )
    def test_a_figure_is_found_in_other_notations_and_no_other_figure_is(self, written, texts):
        (nugget,) = correction_nuggets(written)
        assert all(states(nugget, text) for text in [written, *texts])
        assert not states(nugget, "in all 98 people, 7.9%, 1.4 million, 21,500")

    def test_each_figure_of_a_correction_is_needed(self):
        assert len(correction_nuggets("62 families in 2 cities. Nobody else.")) == 3

    def test_any_figure_of_an_approved_sentence_does_but_those_asked_with(self):
        (nugget,) = figure_nuggets("How many of the 70 schools got kits?", "Of 70 schools, 62 got 4,980 kits.")
        assert states(nugget, "62 schools") and states(nugget, "4.980") and not states(nugget, "70 schools")

    def test_no_figure_is_taken_where_none_is_asked_for(self):
        assert figure_nuggets("Why did prices rise?", "Prices rose by 12% for lack of fuel.") == []

    @pytest.mark.parametrize(
        ("correction", "right", "wrong"),
        [
            ("Arequipa and Cusco", "It was in Arequipa and Cusco, twice", "in Arequipa"),
            ("Río Tumbes.", "the rio tumbes rose", "the sea rose"),
            (
                "The floods in Tumbes delayed the delivery of the school kits by weeks (again).",
                "By weeks, again: kits for school came late, the delivery was delayed when floods struck Tumbes",
                "The floods in Tumbes delayed the delivery",
            ),
        ],
    )
    def test_words_are_looked_for_where_there_is_no_figure(self, correction, right, wrong):
        (nugget,) = correction_nuggets(correction)
        assert states(nugget, right) and not states(nugget, wrong)

    @pytest.mark.parametrize("correction", ["", "of the", "?!"])
    def test_nothing_gives_nothing(self, correction):
        assert correction_nuggets(correction) == []

    def test_spellings_begin_as_written_and_repeat_nothing(self):
        (quantity,) = quantities("about 2,000 kits")
        found = spellings(quantity, "about 2,000 kits")
        assert found[0] == "2,000" and len(set(found)) == len(found)


class TestCommand:
    def test_list_shows_what_was_said_and_no_user(self, kept, index, answers, capsys):
        judged(kept, TEACHERS, answers[TEACHERS], False, "wrong\tyear", "501\n teachers")
        assert main(["feedback", "list", "--index", str(index)]) == 0
        out = capsys.readouterr().out
        assert out.strip().split("\t")[1:] == ["bad", TEACHERS, "wrong year", "501 teachers"]
        assert USER not in out

    def test_nothing_judged_makes_no_file(self, index, tmp_path, capsys):
        assert main(["feedback", "list", "--index", str(index)]) == 0
        out = tmp_path / "out.jsonl"
        assert main(["feedback", "export", str(out), "--index", str(index)]) == 1
        assert "No answer has been judged yet" in capsys.readouterr().err
        assert not out.exists() and not conversations_path(index).exists()

    def test_a_set_of_nothing_is_not_written_over_another(self, kept, index, answers, tmp_path, capsys):
        judged(kept, TEACHERS, answers[TEACHERS], False)
        out = tmp_path / "out.jsonl"
        out.write_text("before")
        assert main(["feedback", "export", str(out), "--index", str(index)]) == 1
        assert "0 questions" in capsys.readouterr().out and out.read_text() == "before"

    def test_a_name_that_eval_would_not_take_is_refused(self, index, tmp_path, capsys):
        assert main(["feedback", "export", str(tmp_path / "out.json"), "--index", str(index)]) == 1
        assert "has to end in .jsonl" in capsys.readouterr().err
