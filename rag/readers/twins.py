"""Whether two units say the same of two sides: one form, a figure of one kind in each."""

from __future__ import annotations

from collections.abc import Sequence

from rag.facts.difference import without_figures
from rag.matching import UnitView
from rag.question import Question
from rag.question.parts import Part, Split
from rag.readers.features import answering
from rag.readers.scored import Reading, Scored
from rag.readers.sides import names_side
from rag.text import fold, is_stop, words

_ALIKE = 0.5  # share of the words of the shorter that the longer must hold


def twin(
    split: Split, part: Part, sure: tuple[Reading, Scored], other: tuple[Reading, Sequence[Scored]], least: float
) -> Scored | None:
    """The likeliest unit, from ``least`` on, that says of a part what the sure answer says of another; names it."""
    reading, choices = other
    for choice in choices:
        if choice.score < least:
            break
        if (
            reading.key(choice) != sure[0].key(sure[1])
            and names_side(split, part, choice)
            and alike((sure[0].asked, sure[1].unit), (reading.asked, choice.unit))
        ):
            return choice
    return None


def alike(one: tuple[Question, UnitView], other: tuple[Question, UnitView]) -> bool:
    """Whether both units hold a figure that may answer, in one unit, and are worded alike."""
    figures = [{found.unit for found in answering(asked, unit)} for asked, unit in (one, other)]
    if not figures[0] & figures[1]:
        return False
    said, too = (_worded(unit.text) for _, unit in (one, other))
    return len(said & too) >= max(2.0, _ALIKE * min(len(said), len(too)))


def _worded(text: str) -> set[str]:
    found = (match.group() for match in words(fold(without_figures(text))))
    return {word for word in found if word[0].isalpha() and not is_stop(word)}
