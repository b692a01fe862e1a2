"""What a run keeps of every question and claim, on disk one JSON line each.

A run's folder holds ``run.json`` (what produced it), ``questions.jsonl`` (the gold it was asked with,
so that a run can be read without its sets), ``records.jsonl`` and, for sets of claims,
``claims.jsonl``. Lines are appended as questions are done.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from rag.schema import Answer, Passage, Verdict


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of an answer, the markers of its citations and the verdict on it."""

    text: str
    markers: tuple[int, ...]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation: where it points and what it quotes."""

    marker: int
    report: str
    section: tuple[str, ...]
    start: int
    end: int
    quote: str
    verdict: Verdict
    score: float
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A passage's span and section, without its text."""

    report: str
    section: tuple[str, ...]
    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class Record:
    """One question's outcome.

    ``passages`` are the ten best of the retriever, best first; the reader may have been given
    fewer. ``confidence`` is the reader's, 0 to 1, that the reports answer the question, known for
    abstentions too; None if it has none. ``error`` is what the reader raised, and then ``status``
    is ``"error"``. ``judged`` holds the scores of an LLM judge, if one was asked. ``searched_for``
    is the question that a follow-up was taken for, empty when it was searched for as asked.
    """

    set: str
    id: str
    status: Literal["answered", "abstained", "error"]
    text: str = ""
    sentences: tuple[Said, ...] = ()
    citations: tuple[Cited, ...] = ()
    passages: tuple[Retrieved, ...] = ()
    confidence: float | None = None
    timings_s: Mapping[str, float] = field(default_factory=dict)
    error: str = ""
    judged: Mapping[str, float] = field(default_factory=dict)
    searched_for: str = ""

    @property
    def plain_text(self) -> str:
        """The answer's sentences without markers; empty when it abstained or failed."""
        return " ".join(said.text for said in self.sentences)


@dataclass(frozen=True, slots=True)
class ClaimRecord:
    """What the verifier said about a claim: its verdict and a score that ranks claims by support."""

    set: str
    id: str
    label: Verdict
    verdict: Verdict
    score: float


def record_of(set_name: str, question_id: str, answer: Answer, passages: tuple[Retrieved, ...]) -> Record:
    """The record of an answer."""
    return Record(
        set=set_name,
        id=question_id,
        status=answer.status,
        text=answer.text,
        sentences=tuple(Said(s.text, s.markers, s.verdict) for s in answer.sentences),
        citations=tuple(
            Cited(c.marker, c.report_id, c.section, c.start, c.end, c.quote, c.verdict, c.score, c.page)
            for c in answer.citations
        ),
        passages=passages,
        confidence=answer.confidence,
        timings_s=dict(answer.timings_s),
        searched_for=answer.searched_for,
    )


def retrieved(passage: Passage) -> Retrieved:
    """A passage without its text."""
    chunk = passage.chunk
    return Retrieved(chunk.report_id, passage.section, chunk.start, chunk.end, round(passage.score, 6))


def record_row(record: Record | ClaimRecord) -> dict[str, Any]:
    """JSON form."""
    return asdict(record)


def record_from(row: Mapping[str, Any]) -> Record:
    """The record of a row that ``record_row`` made."""
    return Record(
        **{
            **row,
            "sentences": tuple(Said(s["text"], tuple(s["markers"]), Verdict(s["verdict"])) for s in row["sentences"]),
            "citations": tuple(
                Cited(**{**c, "section": tuple(c["section"]), "verdict": Verdict(c["verdict"])})
                for c in row["citations"]
            ),
            "passages": tuple(Retrieved(**{**p, "section": tuple(p["section"])}) for p in row["passages"]),
        }
    )


def claim_from(row: Mapping[str, Any]) -> ClaimRecord:
    """The claim record of a row that ``record_row`` made."""
    return ClaimRecord(**{**row, "label": Verdict(row["label"]), "verdict": Verdict(row["verdict"])})
