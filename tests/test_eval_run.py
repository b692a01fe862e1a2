"""Runs: records as they are done, going on after a stop or a kill, errors counted, other runs refused."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import ROOT

from eval.questions import Claim, TestQuestion, TestSet, to_row
from eval.records import Retrieved
from eval.run import run_sets
from eval.runs import RECORDS, RunError, load_run, read_lines
from rag.schema import ABSTAIN, Answer, Citation, CitedSentence, Turn, Verdict

ABOUT = {"system": {"name": "echo"}, "encoder": {"name": "none"}, "code": "1", "judge": None}


def answer(text: str) -> Answer:
    citation = Citation(1, "r", "Report", None, ("S",), None, text, 0, len(text), 0.9, Verdict.SUPPORTED)
    sentence = CitedSentence(text, (1,), Verdict.SUPPORTED)
    return Answer("answered", f"{text} [1]", (sentence,), (citation,), (), "echo", {"total": 0.01}, 0.9)


class Echo:
    """Answers with the question, abstains when it is about Mars, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.closed = False

    def ask(self, question: str, history: tuple[Turn, ...]) -> Answer:
        self.asked.append(question)
        if "Mars" in question:
            return Answer("abstained", ABSTAIN["en"], (), (), (), "echo", {"total": 0.01}, 0.1)
        if "fail" in question:
            raise ValueError(f"cannot read {question!r}")
        if "stop" in question and self.asked.count(question) == 1 and len(self.asked) > 1:
            raise KeyboardInterrupt
        return answer(question + "".join(turn.question for turn in history))

    def retrieve(self, question: str, k: int) -> tuple[Retrieved, ...]:
        return (Retrieved("r", ("S",), 0, len(question), 1.0),)[:k]

    def close(self) -> None:
        self.closed = True


def questions(*texts: str) -> tuple[TestQuestion, ...]:
    return tuple(
        TestQuestion(f"q{number}", "en", text, "unanswerable" if "Mars" in text else "fact", "Mars" not in text)
        for number, text in enumerate(texts)
    )


def a_set(*texts: str, name: str = "small") -> TestSet:
    return TestSet(name, questions(*texts))


def test_every_question_gets_its_record(tmp_path):
    system = Echo()
    run_sets([a_set("one", "is there life on Mars?")], lambda one: system, tmp_path / "run", ABOUT)
    run = load_run(tmp_path / "run")
    first, second = run.sets["small"]
    assert (first.question.id, first.record.status, first.record.plain_text) == ("q0", "answered", "one")
    assert first.record.citations[0].quote == "one" and first.record.confidence == 0.9
    assert first.record.passages == (Retrieved("r", ("S",), 0, 3, 1.0),)
    assert second.record.status == "abstained" and second.record.plain_text == ""
    assert run.missing == 0 and system.closed
    assert run.about["system"] == {"name": "echo"} and run.about["seconds"] >= 0
    assert run.about["sets"]["small"]["questions"] == 2


def test_history_reaches_the_system(tmp_path):
    follow_up = TestQuestion("q", "en", "and then?", "fact", True, history=(Turn("before", "yes"),))
    run_sets([TestSet("small", (follow_up,))], lambda one: Echo(), tmp_path / "run", ABOUT)
    assert load_run(tmp_path / "run").sets["small"][0].record.plain_text == "and then?before"


def test_a_follow_up_is_retrieved_for_as_it_was_searched_for(tmp_path):
    class Completing(Echo):
        def ask(self, question, history):
            return replace(super().ask(question, history), searched_for="before, and then?")

    follow_up = TestQuestion("q", "en", "and then?", "fact", True, history=(Turn("before", "yes"),))
    run_sets([TestSet("small", (follow_up,))], lambda one: Completing(), tmp_path / "run", ABOUT)
    record = load_run(tmp_path / "run").sets["small"][0].record
    assert record.searched_for == "before, and then?"
    assert record.passages[0].end == len(record.searched_for)


def test_an_error_is_recorded_and_the_run_goes_on(tmp_path):
    run_sets([a_set("one", "fail here", "three")], lambda one: Echo(), tmp_path / "run", ABOUT)
    records = [outcome.record for outcome in load_run(tmp_path / "run").sets["small"]]
    assert [record.status for record in records] == ["answered", "error", "answered"]
    assert records[1].error == "ValueError: cannot read 'fail here'"


def test_an_interrupted_run_goes_on_with_what_is_missing(tmp_path):
    system = Echo()
    small = a_set("one", "two", "stop", "four")
    with pytest.raises(KeyboardInterrupt):
        run_sets([small], lambda one: system, tmp_path / "run", ABOUT)
    done = load_run(tmp_path / "run")
    assert done.missing >= 1 and system.closed
    kept = {outcome.question.question for outcome in done.sets["small"]}
    again = Echo()
    run_sets([small], lambda one: again, tmp_path / "run", ABOUT)
    assert set(again.asked) == {"one", "two", "stop", "four"} - kept
    assert load_run(tmp_path / "run").missing == 0


def test_a_line_cut_short_is_asked_again(tmp_path):
    small = a_set("one", "two", "three")
    run_sets([small], lambda one: Echo(), tmp_path / "run", ABOUT)
    path = tmp_path / "run" / RECORDS
    path.write_bytes(path.read_bytes()[:-20])
    assert load_run(tmp_path / "run").missing == 1
    again = Echo()
    run_sets([small], lambda one: again, tmp_path / "run", ABOUT)
    assert again.asked == ["three"]
    assert [row["id"] for row in read_lines(path)] == ["q0", "q1", "q2"]


def test_a_killed_run_loses_nothing(tmp_path):
    """The process dies without a chance to tidy up; what it had done is there, and the rest is asked."""
    script = (
        "import sys, time; sys.path[:0] = [sys.argv[2], sys.argv[2] + '/tests']\n"
        "from pathlib import Path; import test_eval_run as t\n"
        "class Slow(t.Echo):\n"
        "    def ask(self, question, history):\n"
        "        time.sleep(0.05); return super().ask(question, history)\n"
        "t.run_sets([t.a_set(*map(str, range(100)))], lambda one: Slow(), Path(sys.argv[1]), t.ABOUT)\n"
    )
    folder = tmp_path / "run"
    process = subprocess.Popen([sys.executable, "-c", script, str(folder), str(ROOT)])
    deadline = time.monotonic() + 60
    while sum(1 for _ in read_lines(folder / RECORDS)) < 5:
        assert time.monotonic() < deadline and process.poll() is None
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    before = sum(1 for _ in read_lines(folder / RECORDS))
    again = Echo()
    run_sets([a_set(*map(str, range(100)))], lambda one: again, folder, ABOUT)
    assert 5 <= before < 100 and len(again.asked) == 100 - before
    assert set(Counter(row["id"] for row in read_lines(folder / RECORDS)).values()) == {1}


def test_jobs_ask_at_the_same_time(tmp_path):
    meeting = threading.Barrier(3, timeout=30)  # broken unless three ask at once

    class Meeting(Echo):
        def ask(self, question, history):
            meeting.wait()
            return super().ask(question, history)

    texts = [f"question {number}" for number in range(9)]
    run_sets([a_set(*texts)], lambda one: Meeting(), tmp_path / "run", ABOUT, jobs=3)
    outcomes = load_run(tmp_path / "run").sets["small"]
    assert [outcome.record.plain_text for outcome in outcomes] == texts  # in the set's order


def test_progress_counts_to_the_end(tmp_path):
    seen = []
    run_sets([a_set("a", "b")], lambda one: Echo(), tmp_path / "run", ABOUT, progress=lambda *now: seen.append(now))
    assert seen[-1] == ("small", 2, 2)


@pytest.mark.parametrize(
    ("key", "value"), [("system", {"name": "other"}), ("encoder", {"name": "x"}), ("code", "2"), ("judge", {"m": 1})]
)
def test_another_run_is_not_mixed_in(tmp_path, key, value):
    small = a_set("one")
    run_sets([small], lambda one: Echo(), tmp_path / "run", ABOUT)
    with pytest.raises(RunError, match=f"holds a run with another {key}.*--out"):
        run_sets([small], lambda one: Echo(), tmp_path / "run", {**ABOUT, key: value})


def test_other_questions_are_not_mixed_in(tmp_path):
    run_sets([a_set("one")], lambda one: Echo(), tmp_path / "run", ABOUT)
    with pytest.raises(RunError, match="holds a run with another sets"):
        run_sets([a_set("two")], lambda one: Echo(), tmp_path / "run", ABOUT)


def test_a_folder_with_other_files_is_left_alone(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(RunError, match="not empty and holds no run"):
        run_sets([a_set("one")], lambda one: Echo(), tmp_path, ABOUT)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_claims_are_judged_once(tmp_path):
    claims = (
        Claim("a", "Partners assisted 300 people.", ("Partners assisted 300 people in Tacna.",), Verdict.SUPPORTED),
        Claim("b", "Partners assisted 900 people.", ("Partners assisted 300 people in Tacna.",), Verdict.UNSUPPORTED),
    )
    for _ in range(2):
        run_sets([TestSet("claims", claims=claims)], lambda one: Echo(), tmp_path / "run", ABOUT)
    first, second = load_run(tmp_path / "run").claims["claims"]
    assert (first.verdict, second.verdict) == (Verdict.SUPPORTED, Verdict.UNSUPPORTED)
    assert first.score > second.score


class TestLoading:
    def test_no_run(self, tmp_path):
        with pytest.raises(RunError, match=r"holds no run.*reportqa eval run --out"):
            load_run(tmp_path)

    def test_a_broken_line_is_named(self, tmp_path):
        run_sets([a_set("one", "two")], lambda one: Echo(), tmp_path / "run", ABOUT)
        path = tmp_path / "run" / RECORDS
        path.write_text("{broken\n" + path.read_text())
        with pytest.raises(RunError, match="records.jsonl, line 1: not JSON"):
            load_run(tmp_path / "run")

    def test_a_row_that_is_no_record(self, tmp_path):
        run_sets([a_set("one")], lambda one: Echo(), tmp_path / "run", ABOUT)
        path: Path = tmp_path / "run" / RECORDS
        path.write_text('{"set": "small", "id": "q0"}\n')
        with pytest.raises(RunError, match="records.jsonl, line 1: not a record"):
            load_run(tmp_path / "run")


def test_rows_are_json(tmp_path):
    for question in questions("¿cuántas?", "Mars"):
        assert json.loads(json.dumps(to_row(question)))["id"] == question.id
