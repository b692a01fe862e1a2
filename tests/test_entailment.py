"""Whether meaning is borne out: windows of long evidence, and what a model's doubt does to a verdict."""

from __future__ import annotations

import pytest

from rag.cite import verify
from rag.cross_encoder import BundledCrossEncoder
from rag.entailment import borne_out
from rag.schema import Support, Verdict


class Holds:
    """A cross-encoder that holds a passage to support what shares a word with it, and notes what it was given."""

    def __init__(self, word: str) -> None:
        self.word, self.given = word, []

    def read(self, question, passages):
        raise AssertionError("nothing is asked")

    def judge(self, statement, passages):
        self.given += passages
        return [Support(0.9, 0.0, 0.1) if self.word in passage else Support(0.01, 0.9, 0.09) for passage in passages]


LONG = " ".join(f"Team {n} repaired {n} wells in the villages of the northern valley." for n in range(50))


def test_of_long_evidence_the_window_counts_that_says_so():
    model = Holds("Team 41 ")
    assert borne_out("Team 41 repaired wells.", [LONG], model).supported == 0.9
    assert all(len(window.split()) <= 110 and window.startswith("Team") for window in model.given)
    assert all(any(f"Team {n} " in window for window in model.given) for n in range(50))
    starts = [LONG.index(window) for window in model.given]
    ends = [start + len(window) for start, window in zip(starts, model.given, strict=True)]
    assert all(start < end for start, end in zip(starts[1:], ends, strict=False))  # each begins within the one before


def test_a_sentence_of_many_words_is_a_window():
    model = Holds("x")
    borne_out("x", ["word " * 300 + "."], model)
    assert len(model.given) == 1


def test_without_evidence_nothing_is_borne_out():
    assert borne_out("x", [], Holds("x")) == Support(0.0, 0.0, 1.0)


SAID, EVIDENCE = "In Piura, teachers trained 40 parents.", "In Piura, parents trained 40 teachers with great care."


def test_a_doubted_sentence_is_partly_supported():
    assert verify(SAID, [EVIDENCE]) is Verdict.SUPPORTED
    assert verify(SAID, [EVIDENCE], model=Holds("nothing")) is Verdict.PARTLY
    assert verify(SAID, [EVIDENCE], model=Holds("Piura")) is Verdict.SUPPORTED


def test_what_stands_in_the_evidence_is_not_doubted():
    assert verify("parents trained 40 teachers", [EVIDENCE], model=Holds("nothing")) is Verdict.SUPPORTED


def test_what_is_missing_is_not_made_good():
    assert verify("In Piura, parents trained 400 teachers.", [EVIDENCE], model=Holds("Piura")) is Verdict.UNSUPPORTED


def test_rows_are_left_to_their_wording():
    row = "| Shelter | 12,300 | 40 |"
    assert verify("Shelter: 12,300; 40", [row], model=Holds("nothing")) is Verdict.SUPPORTED


@pytest.mark.parametrize(
    ("statement", "verdict"),
    [
        ("The Red Cross gave 1,200 shelter kits to families in Tumbes.", Verdict.SUPPORTED),
        ("Families in Tumbes gave 1,300 shelter kits to the Red Cross.", Verdict.UNSUPPORTED),
    ],
)
def test_with_the_bundled_model(statement, verdict):
    evidence = "In May, the Red Cross gave 1,200 shelter kits to families in Tumbes, who had lost their homes."
    assert verify(statement, [evidence], model=BundledCrossEncoder()) is verdict
