"""Test sets: questions with their gold, claims with their labels, and the documents both are about.

The form on disk is JSON lines, one question each; ``eval/sets/question.schema.json`` describes a line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.schema import Turn, Verdict

SETS = Path(__file__).parent / "sets"

ANSWERABLE_TYPES = ("fact", "figure", "period", "list", "cause", "definition", "comparison")
UNANSWERABLE_TYPES = ("absent_fact", "wrong_year", "wrong_place", "false_premise", "out_of_domain", "unanswerable")


@dataclass(frozen=True, slots=True)
class Nugget:
    """One atomic fact that an answer must contain (vital) or may well contain (okay).

    An answer contains it when it holds one of ``aliases`` as whole words, or ``pattern``, a regular
    expression, matches. ``text`` says it in plain words, for people.
    """

    text: str
    aliases: tuple[str, ...] = ()
    pattern: str = ""
    vital: bool = True


@dataclass(frozen=True, slots=True)
class Evidence:
    """A span of a report that answers a question, or a part of it.

    ``need`` numbers what is needed: spans of the same number stand for one another, and all
    numbers are needed. ``section`` is empty where the set's documents have none, ``page``, counted from 1, is None
    where they have no pages.
    """

    report: str
    section: tuple[str, ...]
    start: int
    end: int
    quote: str
    need: int = 0
    page: int | None = None


@dataclass(frozen=True, slots=True)
class TestQuestion:
    """A question with its gold.

    ``answers`` are short gold answers for exact match and token F1, where the set has them.
    ``group`` joins questions that must fall into the same split: twins in two languages,
    follow-ups. ``split`` is ``"dev"``, ``"test"`` or empty. ``period`` is the one asked
    about (``2019``, ``2020-05``, ``2024-01 to 2024-02``), empty if none. ``history`` holds
    the earlier turns of a follow-up, oldest first.
    """

    __test__ = False  # not a pytest class

    id: str
    language: str
    question: str
    type: str
    answerable: bool
    nuggets: tuple[Nugget, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    answers: tuple[str, ...] = ()
    group: str = ""
    split: str = ""
    period: str = ""
    note: str = ""
    history: tuple[Turn, ...] = ()

    @property
    def vital(self) -> tuple[Nugget, ...]:
        """The facts that an answer must contain."""
        return tuple(nugget for nugget in self.nuggets if nugget.vital)

    @property
    def needs(self) -> tuple[tuple[Evidence, ...], ...]:
        """What is needed, in order of first appearance, each with the spans that stand for one another."""
        found: dict[int, list[Evidence]] = {}
        for span in self.evidence:
            found.setdefault(span.need, []).append(span)
        return tuple(tuple(spans) for spans in found.values())


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence, the passages cited for it, and what people said about their support."""

    id: str
    text: str
    evidence: tuple[str, ...]
    label: Verdict


@dataclass(frozen=True, slots=True)
class Document:
    """A text that a set's questions are about; becomes one report, ``id`` its id (a file's stem)."""

    id: str
    text: str
    title: str = ""
    language: str = "en"


@dataclass(frozen=True, slots=True)
class TestSet:
    """A named set. Its questions are about ``documents`` or ``files``, without these about the reports of an index.

    ``files`` are reports as they are, read by the product itself; ``files_state`` tells one reading from another.
    """

    __test__ = False

    name: str
    questions: tuple[TestQuestion, ...] = ()
    claims: tuple[Claim, ...] = ()
    documents: tuple[Document, ...] = ()
    files: tuple[Path, ...] = ()
    files_state: str = ""


def to_row(question: TestQuestion) -> dict[str, Any]:
    """The JSON form of a question, as ``eval/sets/question.schema.json`` describes it."""
    row: dict[str, Any] = {
        "id": question.id,
        "lang": question.language,
        "question": question.question,
        "type": question.type,
        "answerable": question.answerable,
        "nuggets": [_nugget_row(nugget) for nugget in question.nuggets],
        "evidence": [
            {
                "report": span.report,
                "section": list(span.section),
                "quote": span.quote,
                "start": span.start,
                "end": span.end,
                "need": span.need,
                **({"page": span.page} if span.page is not None else {}),
            }
            for span in question.evidence
        ],
        "group": question.group,
        "split": question.split,
        "period": question.period,
        "note": question.note,
    }
    if question.answers:
        row["answers"] = list(question.answers)
    if question.history:
        row["history"] = [{"question": turn.question, "answer": turn.answer} for turn in question.history]
    return row


def _nugget_row(nugget: Nugget) -> dict[str, Any]:
    row: dict[str, Any] = {"text": nugget.text, "vital": nugget.vital}
    if nugget.aliases:
        row["aliases"] = list(nugget.aliases)
    if nugget.pattern:
        row["pattern"] = nugget.pattern
    return row


def from_row(row: Mapping[str, Any]) -> TestQuestion:
    """The question of a row that fits the schema.

    Evidence without ``need`` is needed each by itself; without offsets it has 0 for them.
    """
    return TestQuestion(
        id=row["id"],
        language=row["lang"],
        question=row["question"],
        type=row["type"],
        answerable=row["answerable"],
        nuggets=tuple(
            Nugget(n["text"], tuple(n.get("aliases", ())), n.get("pattern", ""), n.get("vital", True))
            for n in row.get("nuggets", ())
        ),
        evidence=_evidence(row.get("evidence", ())),
        answers=tuple(row.get("answers", ())),
        group=row.get("group", ""),
        split=row.get("split", ""),
        period=row.get("period", ""),
        note=row.get("note", ""),
        history=tuple(Turn(turn["question"], turn["answer"]) for turn in row.get("history", ())),
    )


def _evidence(rows: Sequence[Mapping[str, Any]]) -> tuple[Evidence, ...]:
    free = 1 + max((row.get("need", -1) for row in rows), default=-1)
    return tuple(
        Evidence(
            row["report"],
            tuple(row["section"]),
            row.get("start", 0),
            row.get("end", 0),
            row["quote"],
            row.get("need", free + number),
            row.get("page"),
        )
        for number, row in enumerate(rows)
    )
