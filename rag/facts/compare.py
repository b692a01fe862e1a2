"""Whether evidence bears out one figure, date or name of a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from enum import IntEnum

from rag.dates import DateMention, PartialDate
from rag.facts.numbers import Quantity
from rag.facts.units import CURRENCIES, ORDINAL, PERCENT


class Match(IntEnum):
    """How well evidence bears out a fact; the higher the better."""

    NONE = 0
    PARTLY = 1
    FULL = 2


_HARD = CURRENCIES | {PERCENT, ORDINAL}
_APPROXIMATE = frozenset({"about", "almost", "over", "at least", "up to", "under"})
# Qualifiers of the evidence under which a sentence with the qualifier still says the same or less …
_FULL = {
    "": {"", "about"},
    "about": {"", "about", "over", "almost", "at least", "up to", "under"},
    "over": {"over"},
    "at least": {"", "at least", "over"},
    "under": {"under", "almost"},
    "up to": {"", "up to", "under", "almost"},
    "almost": {"almost"},
}
# … and those that contradict it; the rest bear it out in part.
_NONE = {
    "": frozenset[str](),
    "about": frozenset[str](),
    "over": {"almost", "under", "up to"},
    "at least": {"almost", "under", "up to"},
    "under": {"over", "at least"},
    "up to": {"over", "at least"},
    "almost": {"over", "at least"},
}
_NEAR = Decimal("0.1")  # a rounded figure lies within a tenth of the exact one


def match_quantity(stated: Quantity, found: Quantity, units: Iterable[str] = ()) -> Match:
    """Compare value, unit and qualifier.

    Values must be equal, or ``stated`` must be marked as approximate and be ``found`` rounded to
    the last digit that ``stated`` gives: "about 1.5 million" for 1.54M, "over 300" for 314,
    "almost 60%" for 59.4%. ``units`` are named in the evidence apart from figures, as in the head
    of a column: they may belong to a bare number.
    """
    if found.value == stated.value:
        value = qualifiers(stated.qualifier, found.qualifier)
    elif _rounds(stated, found):
        # Of a figure that is itself approximate, a rounder one is less than what was said.
        value = Match.PARTLY if found.qualifier else Match.FULL
    else:
        value = Match.NONE
    return min(value, _unit(stated.unit, found.unit, units))


def qualifiers(stated: str, found: str) -> Match:
    """Compare the qualifiers of equal values: "300" for "more than 300" holds in part."""
    if found in _FULL[stated]:
        return Match.FULL
    return Match.NONE if found in _NONE[stated] else Match.PARTLY


def _unit(stated: str, found: str, units: Iterable[str]) -> Match:
    if stated == found:
        return Match.FULL
    if not found and stated in units:
        return Match.FULL
    if stated and found or _HARD & {stated, found}:
        return Match.NONE
    return Match.PARTLY


def _rounds(stated: Quantity, found: Quantity) -> bool:
    if stated.qualifier not in _APPROXIMATE or not found.value:
        return False
    if abs(stated.value - found.value) > _NEAR * found.value:
        return False
    if stated.qualifier in ("over", "at least") and (
        found.value < stated.value or found.qualifier in ("under", "up to", "almost")
    ):
        return False
    if stated.qualifier in ("almost", "under", "up to") and (
        found.value > stated.value or found.qualifier in ("over", "at least")
    ):
        return False
    return abs(stated.value - found.value) < _place(stated) * (
        Decimal("0.5") if stated.qualifier == "about" else 1
    ) or (stated.qualifier == "about" and abs(stated.value - found.value) * 2 == _place(stated))


def _place(quantity: Quantity) -> Decimal:
    """Value of the last digit that is not a trailing zero: 100 for "300", 100,000 for "1.5 million"."""
    if not quantity.value:
        return quantity.step
    exponent = quantity.value.normalize().as_tuple().exponent
    return max(quantity.step, Decimal(1).scaleb(int(exponent)))


def match_date(stated: DateMention, found: Sequence[DateMention], years: frozenset[int]) -> Match:
    """Compare a date or range with those of the evidence; a coarser one holds ("2024" for "10 May 2024").

    ``years`` are all years of evidence and context: they stand in where a date of the evidence
    has none. A vague part ("end of May") holds for a vague date, not for any of its days. The two
    ends of a range found apart hold in part, and so do one end of a range of the evidence and a
    year inside it.
    """
    best = Match.NONE
    single = stated.first == stated.last
    ends = [False, False]
    for other in found:
        first = _same(stated.first, other.first, years, stated.vague)
        last = _same(stated.last, other.last, years, stated.vague)
        if first and last:
            return Match.FULL
        ends[0] |= first or _same(stated.first, other.last, years, stated.vague)
        ends[1] |= last or _same(stated.last, other.first, years, stated.vague)
        if single and (any(ends) or (stated.first.month is None and _inside(stated, other))):
            best = Match.PARTLY
    return Match.PARTLY if all(ends) else best


def _same(stated: PartialDate, found: PartialDate, years: frozenset[int], vague: bool) -> bool:
    if stated.year is not None and found.year is None:
        if stated.year not in years or not stated.month:
            return False
    elif stated.year is not None and stated.year != found.year:
        return False
    if stated.month is not None and stated.month != found.month:
        return False
    return vague or stated.day is None or stated.day == found.day


def _inside(stated: DateMention, found: DateMention) -> bool:
    inner, outer = stated.period, found.period
    return bool(inner and outer and outer.start <= inner.start and inner.end <= outer.end)
