"""The difference of two figures, and whether a sentence that states one has reckoned right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from rag.facts.numbers import Quantity, quantities
from rag.facts.units import PERCENT, POINTS
from rag.text import fold, words

_MORE, _LESS = frozenset({"more", "mas"}), frozenset({"fewer", "less", "menos"})
_SAME = frozenset({"same", "mismo"})


@dataclass(frozen=True, slots=True)
class Difference:
    """What one figure is above another: ``value`` is negative when it is below.

    ``unit`` as in ``Quantity``; per cents differ by ``"points"``. ``about`` says that a figure was
    rounded or said to be near: then ``value`` is rounded to the coarser of both.
    """

    value: Decimal
    unit: str
    about: bool


def difference(one: Quantity, other: Quantity) -> Difference | None:
    """``other`` less ``one``; None when they are of different units."""
    if one.unit != other.unit:
        return None
    step = max(one.step, other.step)
    about = bool(one.qualifier or other.qualifier) or one.step != other.step
    value = other.value - one.value
    if about:
        value = (value / step).to_integral_value() * step
    return Difference(value, POINTS if one.unit == PERCENT else one.unit, about)


def written(text: str, figure: str) -> Quantity | None:
    """The quantity of ``text`` that is written as ``figure``; None unless there is exactly one such value."""
    found = [quantity for quantity in quantities(text) if text[quantity.start : quantity.end] == figure]
    return found[0] if len({(quantity.value, quantity.unit) for quantity in found}) == 1 else None


def without_figures(text: str) -> str:
    """``text`` with its quantities blanked; dates stay."""
    characters = list(text)
    for quantity in quantities(text):
        characters[quantity.start : quantity.end] = " " * (quantity.end - quantity.start)
    return "".join(characters)


def reckons(sentence: str, figures: Sequence[Quantity]) -> bool:
    """Whether ``sentence`` states by how much the second of two figures is above or below the first.

    Its one figure must be their difference, in their unit, and "more", "less" or "the same" must
    point the way that it goes.
    """
    found = difference(*figures) if len(figures) == 2 else None
    if found is None:
        return False
    said = {fold(match.group()) for match in words(sentence)}
    stated = quantities(sentence)
    if not found.value:
        return not stated and bool(said & _SAME)
    way, other = (_MORE, _LESS) if found.value > 0 else (_LESS, _MORE)
    return (
        len(stated) == 1
        and stated[0].value == abs(found.value)
        and stated[0].unit == found.unit
        and bool(stated[0].qualifier) == found.about
        and bool(said & way)
        and not said & other
    )
