"""Questions' columns, systems' metrics, differences, parts of a set."""

from __future__ import annotations

from dataclasses import replace

import pytest
from metric_samples import (
    ABSENT,
    ASKED,
    abstention,
    failure,
    four,
    outcome,
    question,
    span,
)

from eval.records import ClaimRecord
from eval.scores import COLUMNS, score
from eval.summary import METRICS, Estimate, slices, summarise, summarise_claims
from rag.schema import Verdict

NAMES = """recall_at_1 recall_at_5 recall_at_10 mrr_at_10 ndcg_at_10 right vital_recall nugget_recall exact_match
token_f1 figure_accuracy answer_words cite_report_precision cite_report_recall cite_report_f1
cite_section_precision cite_section_recall cite_section_f1 cite_page_precision
cite_page_recall cite_page_f1 cite_quote_precision cite_quote_recall cite_quote_f1
coverage right_report_wrong_section unsupported wrong_figure abstain_precision abstain_recall abstain_f1 auroc aurc
crag crag_invalid_credit answered p50_ms p95_ms""".split()
EMPTY = Estimate(None, None, None, 0)


def test_metrics_have_the_agreed_names_and_headings_of_their_own():
    assert [metric.name for metric in METRICS] == NAMES
    assert len({metric.label for metric in METRICS}) == len(METRICS)
    assert all(metric.label and "\n" not in metric.label for metric in METRICS)
    assert {metric.group for metric in METRICS} == set("retrieval answers citations abstention overall latency".split())
    worse = {metric.name for metric in METRICS if metric.better == "lower"}
    assert worse == set("answer_words right_report_wrong_section unsupported wrong_figure aurc p50_ms p95_ms".split())


def test_score_of_an_answer():
    scores = score(*_parts(four()[1]))
    assert tuple(scores) == COLUMNS
    assert scores["right"] == scores["figure_accuracy"] == 0.0
    assert scores["vital_recall"] == scores["crag"] == 0.5
    assert (scores["recall_at_10"], scores["mrr_at_10"], scores["cite_quote_recall"]) == (0.0, 0.0, 1.0)
    assert (scores["answer_words"], scores["coverage"], scores["unsupported"]) == (4.0, 1.0, 0.0)
    assert scores["wrong_figure"] == 1.0
    assert scores["exact_match"] is None  # two vital nuggets
    assert scores["abstain_precision"] is scores["abstain_recall"] is None
    assert (scores["answerable"], scores["answered"], scores["confidence"], scores["total_ms"]) == (1, 1, 0.4, 300.0)


def test_score_of_an_abstention():
    scores = score(*_parts(four()[3]))
    known = {name: value for name, value in scores.items() if value is not None}
    assert known == {
        "right": 1.0,
        "exact_match": 1.0,
        "token_f1": 1.0,
        "abstain_precision": 1.0,
        "abstain_recall": 1.0,
        "answerable": 0.0,
        "confidence": 0.35,
        "crag": 0.0,
        "crag_invalid_credit": 1.0,
        "answered": 0.0,
    }


def _parts(one):
    return one.question, one.record


def test_summary_by_hand():
    found = summarise(four())
    values = {name: (estimate.value, estimate.n) for name, estimate in found.items()}
    assert list(values) == NAMES
    expected = {
        "recall_at_1": (1 / 3, 3),
        "right": (2 / 4, 4),
        "vital_recall": ((1 + 1 / 2 + 0) / 3, 3),
        "figure_accuracy": (1 / 3, 3),
        "exact_match": (1.0, 1),  # the unanswerable question only
        "answer_words": ((7 + 4) / 2, 2),
        "cite_quote_precision": (1.0, 2),
        "cite_quote_recall": (2 / 3, 3),
        "cite_quote_f1": (2 * 1 * (2 / 3) / (1 + 2 / 3), 3),
        "wrong_figure": (1 / 2, 2),
        "abstain_precision": (1 / 2, 2),
        "abstain_recall": (1.0, 1),
        "abstain_f1": (2 * (1 / 2) * 1 / (1 / 2 + 1), 1),
        "auroc": (2 / 3, 4),  # 0.9 and 0.4 above 0.35, 0.3 below
        "aurc": ((0 + 1 / 2) / 2, 2),
        "crag": ((1 + 0.5 + 0 + 0) / 4, 4),
        "crag_invalid_credit": ((1 + 0.5 + 0 + 1) / 4, 4),
        "answered": (2 / 4, 4),
        "p50_ms": (200.0, 3),
        "p95_ms": (290.0, 3),  # at place 0.95 x 2 = 1.9 of 100, 200, 300
    }
    for name, (value, n) in expected.items():
        assert values[name] == (pytest.approx(value), n), name
    for name, estimate in found.items():
        if estimate.value is not None:
            assert estimate.low <= estimate.value + 1e-9 and estimate.value <= estimate.high + 1e-9, name
    assert (found["right"].low, found["right"].high) == (0.0, 1.0)


def test_summary_is_repeatable():
    assert summarise(four()) == summarise(four())
    assert summarise(four(), samples=20, seed=1) != summarise(four(), samples=20, seed=2)
    assert summarise(four(), samples=0)["right"] == Estimate(0.5, None, None, 4)


def test_summary_of_nothing():
    assert summarise([]) == dict.fromkeys(NAMES, EMPTY)


def test_summary_of_abstentions():
    found = summarise([outcome(ASKED, abstention()), outcome(replace(ABSENT, id="r"), abstention("r"))])
    for name in (
        "answer_words",
        "cite_quote_precision",
        "coverage",
        "unsupported",
        "wrong_figure",
        "auroc",
        "aurc",
        "p50_ms",
    ):
        assert found[name] == EMPTY
    assert (found["right"].value, found["answered"].value, found["crag"].value) == (0.5, 0.0, 0.0)
    assert (found["cite_quote_recall"].value, found["cite_quote_f1"].value) == (0.0, 0.0)
    assert (found["abstain_precision"].value, found["abstain_recall"].value) == (0.5, 1.0)


def test_summary_of_errors():
    found = summarise([outcome(ASKED, failure()), outcome(replace(ABSENT, id="r"), failure("r"))])
    for name in (
        "cite_report_precision",
        "abstain_precision",
        "unsupported",
        "wrong_figure",
        "auroc",
        "aurc",
        "p95_ms",
    ):
        assert found[name] == EMPTY
    for name in ("right", "recall_at_10", "ndcg_at_10", "vital_recall", "exact_match", "abstain_recall", "abstain_f1"):
        assert found[name].value == 0.0
    assert found["crag"].value == found["crag_invalid_credit"].value == -1.0


def test_twins_widen_the_interval():
    def widths(group):
        outcomes = [
            outcome(replace(ABSENT, id=f"q{i}", group=group(i)), abstention(f"q{i}") if i % 4 < 2 else failure(f"q{i}"))
            for i in range(80)
        ]
        found = summarise(outcomes)["right"]
        return found.high - found.low

    # 80 questions one by one, or 40 pairs of the same outcome: the square root of 2 apart
    assert widths(lambda i: f"t{i // 2}") / widths(lambda i: "") == pytest.approx(2**0.5, rel=0.1)


def test_groups_of_different_sets_are_different():
    one = outcome(replace(ABSENT, group="t"), abstention())
    other = outcome(replace(ABSENT, group="t"), replace(failure(), set="other"))
    assert summarise([one, replace(other, record=failure())])["right"] == Estimate(0.5, 0.5, 0.5, 2)  # one group
    assert summarise([one, other])["right"] == Estimate(0.5, 0.0, 1.0, 2)


def test_slices_are_in_a_fixed_order():
    asked = [
        question("1", type="cause", split="test", language="es", evidence=(span(0, 9, "b"), span(9, 20, "b"))),
        question("2", type="absent_fact", answerable=False),
        question("3", type="fact", split="dev", evidence=(span(0, 9, "b"), span(0, 9, "a", need=1))),
        question("4", type="another", split="test"),
    ]
    found = slices([outcome(one, abstention(one.id)) for one in asked])
    assert {key: [one.question.id for one in part] for key, part in found.items()} == {
        "all": ["1", "2", "3", "4"],
        "split: dev": ["3"],
        "split: test": ["1", "4"],
        "type: fact": ["3"],
        "type: cause": ["1"],
        "type: absent_fact": ["2"],
        "type: another": ["4"],
        "language: en": ["2", "3", "4"],
        "language: es": ["1"],
        "report: a": ["3"],
        "report: b": ["1", "3"],
    }
    assert list(found) == [
        "all",
        "split: dev",
        "split: test",
        "type: fact",
        "type: cause",
        "type: absent_fact",
        "type: another",
        "language: en",
        "language: es",
        "report: a",
        "report: b",
    ]
    assert slices([]) == {"all": ()}


def claim(label: Verdict, verdict: Verdict, value: float) -> ClaimRecord:
    return ClaimRecord("set", "c", label, verdict, value)


def test_claims_by_hand():
    yes, partly, no = Verdict.SUPPORTED, Verdict.PARTLY, Verdict.UNSUPPORTED
    found = summarise_claims(
        [claim(yes, yes, 0.9), claim(yes, partly, 0.4), claim(partly, yes, 0.5), claim(no, no, 0.1)]
    )
    assert (found["auroc"].value, found["auroc"].n) == (3 / 4, 4)  # 0.4 is below 0.5
    assert found["balanced_accuracy"].value == (1 / 2 + 1 / 2) / 2
    assert found["auroc"].low <= 3 / 4 <= found["auroc"].high
    assert summarise_claims([]) == {"auroc": EMPTY, "balanced_accuracy": EMPTY}
    assert summarise_claims([claim(yes, yes, 0.9)])["auroc"] == Estimate(None, None, None, 1)
