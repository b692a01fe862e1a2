"""The one figure of a unit that answers, and whether two such figures count the same thing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from rag.facts import Quantity, quantities
from rag.facts.difference import without_figures
from rag.matching import PassageView, UnitView, named_terms
from rag.question import Question
from rag.readers.features import answering
from rag.schema import UnitKind
from rag.text import stems, stems_in_all

_NEXT = 60  # characters beside a figure in which what it counts is named
_ALIKE = 0.5  # share of the words of the shorter of two texts that the other must hold to speak of the same thing


def the_figure(asked: Question, unit: UnitView, shown: str) -> Quantity | None:
    """The one figure of ``shown``, a wording of ``unit``, that answers; None when there is none or a choice.

    Where several would do, it is the one right before the words of the thing counted.
    """
    found = answering(asked, replace(unit, text=shown))
    if len({(quantity.value, quantity.unit) for quantity in found}) > 1 and asked.counted:
        wanted = frozenset().union(*(term.stems for term in asked.terms if term.word in asked.counted))
        behind = [q for q in found if wanted & stems_in_all(_behind(shown, q, found))]
        # "14 new members joined, making 113 members": the word stands by either.
        named = [q for q in found if q in behind or wanted & stems_in_all(_before(shown, q, found))]
        found = behind if len(named) == len(behind) else []
    if len({(quantity.value, quantity.unit) for quantity in found}) != 1:
        return None
    return found[0]


def _behind(text: str, quantity: Quantity, others: Sequence[Quantity]) -> str:
    following = [other.start for other in others if other.start >= quantity.end]
    return text[quantity.end : min([quantity.end + _NEXT, *following])]


def _before(text: str, quantity: Quantity, others: Sequence[Quantity]) -> str:
    earlier = [other.end for other in others if other.end <= quantity.start]
    return text[max([quantity.start - _NEXT, 0, *earlier]) : quantity.start]


def in_quote(figure: Quantity, quote: str) -> str:
    """``figure`` as the quote writes it; "" when it is not there or more than one way."""
    ways = {
        quote[found.start : found.end]
        for found in quantities(quote)
        if found.value == figure.value and found.unit == figure.unit
    }
    return ways.pop() if len(ways) == 1 else ""


@dataclass(frozen=True, slots=True)
class Counted:
    """A figure with the words of its question, names left out, that its unit holds, and the stems of its wording."""

    figure: Quantity
    asked: Question
    said: frozenset[str]
    stems: frozenset[str]
    language: str

    @classmethod
    def of(cls, figure: Quantity, shown: str, asked: Question, view: PassageView, unit: UnitView) -> Self:
        """What a unit says of a figure; of a row, what its title and the heads of its table say too."""
        row = unit.unit.kind is UnitKind.ROW
        held = np.maximum(unit.held, view.around) if row else unit.held
        there = np.asarray(held, dtype=bool) & ~named_terms(asked)
        said = frozenset(term.word for term, holds in zip(asked.terms, there, strict=True) if holds)
        language = view.passage.report.language
        # Without the figures: the M of "$28.25 M" would be a word that all amounts share.
        wording = frozenset(found for found in stems(without_figures(shown), language) if found[0].isalpha())
        return cls(figure, asked, said, wording, language)


def same_thing(one: Counted, other: Counted) -> bool:
    """Whether two figures for two wordings of one question count the same thing, as far as words tell.

    Their units and languages are the same; the words of the question that both hold are at least half
    of those that either holds; and so are the words of any kind that they share, of the shorter's.
    """
    if one.figure.unit != other.figure.unit or one.language != other.language:
        return False
    shared = one.said & other.said
    if not shared or 2 * len(shared) < max(len(one.said), len(other.said)):
        return False
    return len(one.stems & other.stems) >= _ALIKE * max(min(len(one.stems), len(other.stems)), 1)
