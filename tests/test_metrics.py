"""Metrics by hand, and their empty cases."""

from __future__ import annotations

import pytest

from eval.metrics import covered_share, crag_score, evidence_recall, reciprocal_rank, states_all
from eval.questions import Evidence, TestQuestion
from rag.schema import Answer


def question(*spans: tuple[str, int, int], answers=(), any_span: bool = False, answerable: bool = True):
    evidence = tuple(Evidence(report, ("S",), start, end, "") for report, start, end in spans)
    return TestQuestion("q", "en", "?", "fact", answerable, answers, evidence, any_span, "dev")


def answer(text: str, status: str = "answered") -> Answer:
    return Answer(status, text, (), (), (), "extractive", {})


def test_covered_share():
    assert covered_share(("a", 0, 10), [("a", 5, 20)]) == 0.5
    assert covered_share(("a", 0, 10), [("a", 0, 4), ("a", 2, 6)]) == 0.6
    assert covered_share(("a", 0, 10), [("b", 0, 10)]) == 0.0
    assert covered_share(("a", 0, 10), []) == 0.0


def test_evidence_recall():
    spans = [("a", 0, 10), ("b", 0, 10)]
    assert evidence_recall(question(*spans), [("a", 0, 10)]) == 0.5
    assert evidence_recall(question(*spans, any_span=True), [("a", 0, 10)]) == 1.0
    assert evidence_recall(question(*spans), [("a", 0, 4)]) == 0.0
    assert evidence_recall(question(*spans), []) == 0.0


def test_reciprocal_rank():
    assert reciprocal_rank(question(("a", 0, 10)), [("b", 0, 9), ("a", 0, 9)]) == 0.5
    assert reciprocal_rank(question(("a", 0, 10)), []) == 0.0


@pytest.mark.parametrize(
    ("aliases", "text", "expected"),
    [
        ((("314",),), "Over 314 individuals.", True),
        ((("314",),), "Over 3,314 individuals.", False),
        ((("314",),), "Over 314,000 individuals.", False),
        ((("$6.72 M", "6.72 million"),), "EDUCATION 37.4 K $22.68 M $6.72 M 29.6%", True),
        ((("29.6%",), ("$6.72 M",)), "EDUCATION $6.72 M", False),
        ((("Perú",),), "in peru.", True),
        ((), "anything", True),
    ],
)
def test_states_all(aliases, text, expected):
    assert states_all(question(answers=aliases), text) is expected


def test_crag_score():
    right, wrong = answer("It was 5."), answer("It was 6.")
    none = answer("The reports do not say.", "abstained")
    five = question(answers=(("5",),))
    unanswerable = question(answerable=False)
    assert crag_score([five, five, five], [right, wrong, none]) == 0.0
    assert crag_score([unanswerable, unanswerable], [none, right]) == 0.0
    assert crag_score([], []) == 0.0
