"""Question sets: JSON lines with expected facts and exact evidence spans."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SETS = Path(__file__).parent / "sets"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A span of a report that answers a question, or a part of it."""

    report: str
    section: tuple[str, ...]
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class TestQuestion:
    """A question with its gold.

    ``answers`` holds one tuple of accepted strings per required fact. ``evidence`` spans are all
    needed, unless ``any_span``. ``split`` is ``"dev"``, ``"test"`` or empty.
    """

    __test__ = False  # not a pytest class

    id: str
    language: str
    question: str
    type: str
    answerable: bool
    answers: tuple[tuple[str, ...], ...]
    evidence: tuple[Evidence, ...]
    any_span: bool
    split: str


def read_questions(path: Path) -> list[TestQuestion]:
    """Questions of a set in file order."""
    lines = path.read_text("utf-8").splitlines()
    return [_question(json.loads(line)) for line in lines if line.strip()]


def _question(row: dict[str, Any]) -> TestQuestion:
    return TestQuestion(
        id=row["id"],
        language=row["lang"],
        question=row["question"],
        type=row["type"],
        answerable=row["answerable"],
        answers=tuple(tuple(aliases) for aliases in row["answers"]),
        evidence=tuple(
            Evidence(e["report"], tuple(e["section"]), e["start"], e["end"], e["quote"]) for e in row["evidence"]
        ),
        any_span="any one" in row.get("note", ""),
        split=row.get("split", ""),
    )
