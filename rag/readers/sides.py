"""Whether a unit speaks of one of the sides that a question compares."""

from __future__ import annotations

import re

from rag.dates import find_dates
from rag.periods import overlap
from rag.question.parts import Part, Split
from rag.readers.scored import Reading, Scored
from rag.text import fold, words

SIDE_WORD = re.compile(r"(?:inside|outside|within|without|dentro|fuera|con|sin)\b(?: (?:of|de|del))?")


def says(folded: str, part: Part) -> bool:
    """Whether a folded text holds all content words of a part's label."""
    return all(word in folded for word in content(part.label))


def told(part: Part, reading: Reading, choice: Scored) -> bool:
    """Whether a unit itself says a part's label; a name ("Italia") also in the unit's own language.

    Other words must stand there as they are: boys and girls translate each other.
    """
    own = choice.unit.held > reading.views[choice.passage].around
    there = {term.word for term, holds in zip(reading.asked.terms, own, strict=True) if holds}
    there &= reading.asked.name_words
    wanted, text = content(part.label), fold(choice.unit.text)
    return bool(wanted) and all(word in there or word in text for word in wanted)


def names_side(split: Split, part: Part, choice: Scored) -> bool:
    """Whether a unit itself gives the part's period or name."""
    if not split.dated:
        return says(fold(choice.unit.text), part)
    asked, stated = find_dates(part.label), find_dates(choice.unit.text)
    months = {mention.last.month for mention in asked}
    named = {mention.last.month for mention in stated if mention.period is None}
    return bool(months & named - {None}) or any(
        one.period and other.period and overlap(one.period, other.period) for one in asked for other in stated
    )


def content(label: str) -> list[str]:
    """The folded words of a label that say which side it is."""
    bare = SIDE_WORD.sub("", fold(label))
    return [match.group() for match in words(bare) if len(match.group()) > 2]
