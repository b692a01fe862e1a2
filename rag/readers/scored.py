"""Units of passages with how likely each is the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.matching import PassageView, UnitView
from rag.question import Question
from rag.readers.constraints import Constraint
from rag.readers.features import Features


@dataclass(frozen=True, slots=True)
class Scored:
    """A unit with its probability of being the answer; ``passage`` and ``number`` say where it stands.

    ``failed`` is the first constraint that it fails; it may answer all the same when ``fit``. ``missing`` are the
    question's names, as written there, that its passage lacks. ``alone`` is what reading the unit by itself gave, see
    ``read_alone``; None where it was not.
    """

    passage: int
    number: int
    unit: UnitView
    failed: Constraint | None
    fit: bool
    score: float
    features: Features
    missing: tuple[str, ...] = ()
    alone: float | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A question read over passages: ``ranked`` are all units, ``fit`` those that may answer, best first.

    ``places`` says where each passage of ``views`` stands among those that the answer will quote.
    """

    asked: Question
    views: Sequence[PassageView]
    ranked: Sequence[Scored]
    places: Sequence[int]

    @property
    def fit(self) -> list[Scored]:
        """Units that may answer, best first."""
        return [choice for choice in self.ranked if choice.fit]

    def key(self, choice: Scored) -> tuple[str, int]:
        """Names a unit whatever question it was read for."""
        return self.views[choice.passage].passage.report.id, choice.unit.unit.start
