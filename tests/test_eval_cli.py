"""``reportqa eval`` as an evaluator uses it, and what it says when something is wrong."""

from __future__ import annotations

import json
import sys

import pytest
from conftest import HashEncoder

from eval import gate, measure
from eval.gate import fallen, read_floors, record_floors, shown
from eval.runs import RunError, load_run
from eval.summary import METRICS, Estimate
from rag import build_index
from rag.cli import FAILED, OK, USAGE, main

FOOD = "# Food\n\nIn 2023, partners gave food to 300 families in Ilo. The market of Tacna stayed closed.\n"
HEALTH = "# Health\n\nIn 2023, doctors vaccinated 4,200 children against measles in Piura.\n"


def row(number: int, question: str, quote: str = "", report: str = "food", section: str = "Food", **more):
    """A set's line; without a quote it is unanswerable."""
    return {
        "id": f"q{number}",
        "lang": "en",
        "question": question,
        "type": "figure" if quote else "absent_fact",
        "answerable": bool(quote),
        "nuggets": [{"text": quote, "aliases": more.pop("aliases"), "vital": True}] if quote else [],
        "evidence": [{"report": report, "section": [section], "quote": quote}] if quote else [],
        "group": f"g{number}",
        "split": "dev" if number % 2 else "test",
        "period": "",
        "note": "",
        **more,
    }


ROWS = [
    row(1, "How many families in Ilo were given food?", "partners gave food to 300 families in Ilo", aliases=["300"]),
    row(2, "How many children were vaccinated against measles?", "doctors vaccinated 4,200 children against measles",
        report="health", section="Health", aliases=["4,200"]),
    row(3, "How many families in Ilo were given blankets?"),
    row(4, "Who won the football match?"),
]  # fmt: skip


def write_set(path, rows):
    path.write_text("".join(json.dumps(one) + "\n" for one in rows))
    return str(path)


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """An index of two small reports, and the fake encoder wherever one is loaded."""
    monkeypatch.setattr(measure, "load_encoder", lambda *_: HashEncoder())
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    reports = tmp_path / "reports"
    reports.mkdir()
    (reports / "food.md").write_text(FOOD)
    (reports / "health.md").write_text(HEALTH)
    build_index(reports, tmp_path / "index", encoder=HashEncoder())
    write_set(tmp_path / "mine.jsonl", ROWS)
    return tmp_path


def run(shelf, *more, sets="mine.jsonl", out="run"):
    return main(["eval", "run", str(shelf / sets), "--index", str(shelf / "index"), "--out", str(shelf / out), *more])


def test_a_users_own_set_from_run_to_report(shelf, capsys):
    assert run(shelf) == OK
    assert "mine" in capsys.readouterr().out
    done = load_run(shelf / "run")
    assert [outcome.record.id for outcome in done.sets["mine"]] == ["q1", "q2", "q3", "q4"] and done.missing == 0
    assert done.about["system"]["name"] == "extractive" and done.about["encoder"]["name"] == "hash"
    assert main(["eval", "report", str(shelf / "run")]) == OK
    assert (shelf / "run" / "report.html").read_text().count("q1") and (shelf / "run" / "report.md").exists()


def test_ablations_and_the_baseline_are_compared_in_the_same_frame(shelf, capsys):
    assert run(shelf) == OK
    assert (
        run(
            shelf,
            "--retrieval",
            "lexical",
            "--no-rerank",
            "--no-verify",
            "--no-cross-encoder",
            "--no-parts",
            "--threshold",
            "0",
            out="bare",
        )
        == OK
    )
    assert run(shelf, "--baseline", "llamaindex", out="plain") == OK
    assert load_run(shelf / "bare").about["system"] == {
        "name": "extractive, lexical only, no reranking, no verification, threshold 0, no cross-encoder, no parts",
        "threshold": 0.0,
        "stages": {"retrieval": "lexical", "rerank": False, "verify": False, "cross_encoder": False, "parts": False},
    }
    plain = load_run(shelf / "plain")
    assert all(outcome.record.status == "answered" for outcome in plain.sets["mine"])
    capsys.readouterr()
    assert main(["eval", "compare", str(shelf / "plain"), str(shelf / "run")]) == OK
    assert "q4" in capsys.readouterr().out  # which the baseline answers and the reader does not


def test_split_and_limit_cut_a_set(shelf):
    assert run(shelf, "--split", "dev") == OK
    assert [outcome.question.id for outcome in load_run(shelf / "run").sets["mine"]] == ["q1", "q3"]
    assert run(shelf, "--limit", "3", out="three") == run(shelf, "--limit", "3", out="again") == OK
    three, again = load_run(shelf / "three").sets["mine"], load_run(shelf / "again").sets["mine"]
    assert len(three) == 3 and [o.question.id for o in three] == [o.question.id for o in again]


def test_a_public_set_gets_an_index_of_its_own_documents(shelf):
    context = "The bridge of Ilo was opened in 1962 by the mayor."
    answers = [{"text": "1962", "answer_start": context.index("1962")}]
    qas = [{"id": "s1", "question": "When was the bridge opened?", "answers": answers, "is_impossible": False}]
    (shelf / "data" / "squad2").mkdir(parents=True)
    squad = {"version": "v2.0", "data": [{"title": "Ilo", "paragraphs": [{"context": context, "qas": qas}]}]}
    (shelf / "data" / "squad2" / "part.json").write_text(json.dumps(squad))
    command = ["eval", "run", "squad2", "--data", str(shelf / "data"), "--index", str(shelf / "index"), "--out"]
    assert main([*command, str(shelf / "run")]) == OK
    outcome = load_run(shelf / "run").sets["squad2"][0]
    evidence = outcome.question.evidence[0]
    assert evidence.quote == context
    assert outcome.record.passages[0].report == evidence.report
    (kept,) = (shelf / "cache" / "reportqa" / "eval").glob("squad2-*")
    before = (kept / "index" / "store.db").stat().st_mtime_ns
    assert main([*command, str(shelf / "again")]) == OK
    assert (kept / "index" / "store.db").stat().st_mtime_ns == before


def test_sets_are_listed_with_what_they_need(shelf, capsys):
    (shelf / "data").mkdir()
    assert main(["eval", "sets", "--data", str(shelf / "data")]) == OK
    out = capsys.readouterr().out
    assert "peru\t264 questions" in out and "squad2\t(not here: squad2/part.json)" in out


def test_check_counts_what_a_good_set_holds(shelf, capsys):
    assert main(["eval", "check", str(shelf / "mine.jsonl"), "--index", str(shelf / "index")]) == OK
    out = capsys.readouterr().out
    assert "figure" in out and "absent_fact" in out


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"id": "q1"}, "q1"),
        ({"evidence": [{"report": "nowhere", "section": [], "quote": "x"}]}, "nowhere"),
        ({"evidence": [{"report": "food", "section": ["Food"], "quote": "a thousand"}]}, "a thousand"),
        ({"nuggets": [{"text": "300", "pattern": "(", "vital": True}]}, "pattern"),
    ],
)
def test_a_set_with_mistakes_is_refused_before_anything_runs(shelf, capsys, change, says):
    broken = row(5, "How many families got bread?", "300 families", aliases=["300"])
    write_set(shelf / "mine.jsonl", [*ROWS, {**broken, **change}])
    for command in (["eval", "check", str(shelf / "mine.jsonl"), "--index", str(shelf / "index")], None):
        assert (main(command) if command else run(shelf)) == FAILED
        error = capsys.readouterr().err
        assert "mine.jsonl, line 5" in error and says in error
    assert not (shelf / "run").exists()


def test_an_empty_set_is_refused(shelf, capsys):
    write_set(shelf / "mine.jsonl", [])
    assert run(shelf) == FAILED
    assert "mine.jsonl" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["--llm", "http://127.0.0.1:1/v1", "--llm-model", "m"], "--baseline llamaindex"),
        (["--judge", "http://127.0.0.1:1/v1"], "--judge-model"),
        (["--baseline", "llamaindex", "--llm-model", "m"], "--llm-model"),
        (["--data", "/nowhere"], "/nowhere"),
    ],
)
def test_options_that_do_not_go_together(shelf, capsys, more, says):
    sets = [] if "--data" not in more else ["squad2"]
    assert main(["eval", "run", *sets, "--index", str(shelf / "index"), "--out", str(shelf / "run"), *more]) == FAILED
    assert says in capsys.readouterr().err


@pytest.mark.parametrize("more", [["--limit", "0"], ["--threshold", "2"], ["--jobs", "0"], ["--retrieval", "psychic"]])
def test_impossible_values(shelf, capsys, more):
    with pytest.raises(SystemExit) as stopped:
        run(shelf, *more)
    assert stopped.value.code == USAGE and more[0] in capsys.readouterr().err


@pytest.mark.parametrize(
    ("names", "says"),
    [
        (["unheard-of"], "eval sets"),
        (["missing.jsonl"], "missing.jsonl"),
        (["mine.jsonl", "mine.jsonl"], "named twice"),
    ],
)
def test_sets_that_cannot_be_run(shelf, capsys, monkeypatch, names, says):
    monkeypatch.chdir(shelf)
    assert main(["eval", "run", *names, "--index", str(shelf / "index"), "--out", "run"]) == FAILED
    assert says in capsys.readouterr().err


def test_a_split_that_a_set_lacks(shelf, capsys):
    write_set(shelf / "mine.jsonl", [one for one in ROWS if one["split"] == "dev"])
    assert run(shelf, "--split", "test") == FAILED
    assert "'test'" in capsys.readouterr().err


def test_what_is_not_installed_is_said_with_what_to_do(shelf, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "eval.measure", None)
    assert run(shelf) == FAILED
    assert "pip install 'reportqa[eval]'" in capsys.readouterr().err


def test_eval_alone_says_what_there_is(capsys):
    assert main(["eval"]) == OK
    assert "compare" in capsys.readouterr().out


class TestGate:
    FOUND = {
        **{metric.name: Estimate(0.5, 0.4, 0.6, 100) for metric in METRICS},
        "wrong_figure": Estimate(0.2, 0.1, 0.3, 100),
    }

    def test_only_a_fall_beyond_the_interval_fails(self):
        assert fallen(self.FOUND, {"right": 0.6, "wrong_figure": 0.1}) == []
        (line,) = fallen(self.FOUND, {"right": 0.61, "wrong_figure": 0.1})
        assert "0.500 [0.400, 0.600], the floor is 0.610" in line
        (line,) = fallen(self.FOUND, {"right": 0.6, "wrong_figure": 0.09})
        assert "0.200 [0.100, 0.300], the floor is 0.090" in line

    def test_a_metric_that_is_gone_fails(self):
        found = {**self.FOUND, "auroc": Estimate(None, None, None, 0)}
        assert "nothing to measure" in fallen(found, {"auroc": 0.7})[0]
        assert "auroc" in shown(found, {"auroc": 0.7})

    def test_what_is_recorded_is_read_again(self, tmp_path):
        path = record_floors(self.FOUND, tmp_path / "floors.json")
        floors = read_floors(path)
        assert set(floors) == set(gate.GUARDED) and floors["right"] == 0.5
        assert fallen(self.FOUND, floors) == []

    @pytest.mark.parametrize(
        ("text", "says"), [(None, "--record"), ("{", "not JSON"), ('{"rightness": 1}', "rightness"), ("[]", "object")]
    )
    def test_bad_floors(self, tmp_path, text, says):
        path = tmp_path / "floors.json"
        if text is not None:
            path.write_text(text)
        with pytest.raises(RunError, match=says):
            read_floors(path)

    def test_the_command_fails_and_says_what_fell(self, monkeypatch, capsys):
        monkeypatch.setattr(gate, "gate_run", lambda progress: self.FOUND)
        monkeypatch.setattr(gate, "read_floors", lambda: {"right": 0.9})
        assert main(["eval", "gate"]) == FAILED
        seen = capsys.readouterr()
        assert "right" in seen.out and "the floor is 0.900" in seen.err

    def test_the_projects_floors_are_of_known_metrics(self):
        assert set(read_floors()) <= set(gate.GUARDED)
