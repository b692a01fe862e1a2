"""Quantities in a text: value, unit and qualifier, whatever the notation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from rag.dates import blank_markup, find_dates
from rag.facts.units import (
    CURRENCIES,
    CURRENCY_BEFORE,
    ORDINAL,
    PERCENT,
    SCALE,
    UNIT,
    power_of,
    qualifier,
    unit_of,
)
from rag.facts.words import word_numbers


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number at ``text[start:end]`` with its scale and unit; the span covers all three.

    ``value`` has the scale multiplied in. ``unit`` is ``""`` for counts and bare numbers,
    ``"percent"``, ``"points"``, ``"ordinal"``, a currency code or a measure in the singular
    (``"month"``, ``"km"``). ``qualifier`` is ``"over"``, ``"at least"``, ``"under"``, ``"up to"``,
    ``"almost"``, ``"about"`` or ``""``. ``step`` is the last place written, in units of
    ``value``: 10,000 for "1.54M".
    """

    start: int
    end: int
    value: Decimal
    unit: str = ""
    qualifier: str = ""
    step: Decimal = Decimal(1)


# Separated by one kind of mark, groups of three; else plain. A digit run is tried at its start only.
_NUMBER = re.compile(
    rf"""(?<![0-9])(?<![0-9][.,'’])
    (?:(?<![^\W\d_])(?P<money>{CURRENCY_BEFORE})\s{{0,4}}
      | (?<![0-9])(?<![0-9]\ )(?P<percent>%)\s? | (?<![^\W\d_]))
    (?<![^\W\d_][-/])
    (?P<number>[0-9]{{1,3}}(?P<mark>[.,'’ \u00a0\u2009\u202f])[0-9]{{3}}(?![0-9])
        (?:(?P=mark)[0-9]{{3}}(?![0-9]))*+(?:(?!(?P=mark))[.,][0-9]++)?+
    | [0-9]++(?:[.,][0-9]++)?+)
    (?P<ordinal>(?:st|nd|rd|th|[ºª°]|r[oa]|er|d[oa]|t[oa]|v[oa])(?![\w²])(?!\s?C\b))?""",
    re.VERBOSE,
)
_SPACING = re.compile("[ \u00a0\u2009\u202f'’]")
_SMALL_SCALE = re.compile(r"[mb](?![^\W_])")
_SPANISH = re.compile(r"mil(?!lion)")
_CELL_BEFORE = re.compile(r"[0-9%KM|\t][ ]?$")
_CELL_AFTER = re.compile(r"\s?[KM]?[ \t|]{1,3}[-$]?[ ]?[0-9]")
_BETWEEN_RANGE = re.compile(r"\s{0,4}[-–—]\s{0,4}|\s+(?:to|a|al)\s+|\s+(?:or|o|and|y|e)\s+(?:the\s+)?", re.IGNORECASE)
_SHARES_SCALE = re.compile(r"\s{0,4}[-–—]\s{0,4}|\s+(?:to|a|al)\s+", re.IGNORECASE)


def quantities(text: str) -> list[Quantity]:
    """All quantities of ``text`` in order, dates left out; Markdown is looked through, URLs are skipped.

    A mark followed by exactly three digits separates thousands ("1,234", "1.234", "1 234") unless
    it is a point before a percent sign or a scale ("1.234 million"), or the number begins with 0.
    Plain spaces join groups only where no other number stands beside them, as in a table row.
    The first number of a range takes unit and scale from the second: "4 to 12 hours", "$5-10 million".
    """
    shown = blank_markup(text)
    return quantities_of(shown, [(mention.start, mention.end) for mention in find_dates(shown)])


def quantities_of(shown: str, dates: Sequence[tuple[int, int]]) -> list[Quantity]:
    """As ``quantities`` for a text whose markup is blanked and whose dates stand at ``dates``."""
    masked = _mask(shown, dates)
    found = list(_figures(masked))
    masked = _mask(masked, [(quantity.start, quantity.end) for quantity in found])
    found += _in_words(masked, shown)
    found.sort(key=lambda quantity: (quantity.start, -quantity.end))
    return _ranges(shown, found)


def _mask(text: str, spans: Sequence[tuple[int, int]]) -> str:
    parts, position = [], 0
    for start, end in sorted(spans):
        if start >= position:
            parts += [text[position:start], "\0" * (end - start)]
            position = end
    return "".join([*parts, text[position:]])


def _figures(text: str) -> Iterator[Quantity]:
    position = 0
    while match := _NUMBER.search(text, position):
        number, position = match["number"], match.end()
        if match["mark"] == " " and _in_row(text, match):
            number = number.partition(" ")[0]
            position = match.start("number") + len(number)
        elif match["ordinal"]:
            yield _quantity(text, match, position, _value(number), ORDINAL)
            continue
        factor, power, position, english = _scale(text, match, position)
        unit = UNIT.match(text, position)
        named = unit_of(match["money"] or match["percent"] or "")
        if unit and (not named or unit_of(unit["unit"]) == named):
            named, position = unit_of(unit["unit"]), unit.end()
        value = _value(number, decimal_point=english or named == PERCENT)
        exponent = value.as_tuple().exponent
        yield _quantity(text, match, position, factor * value.scaleb(power), named, int(exponent) + power)


def _scale(text: str, match: re.Match[str], end: int) -> tuple[int, int, int, bool]:
    """Factor, power of ten and end of the scale at ``end``, and whether it is English or a letter."""
    if match["money"] and _SMALL_SCALE.match(text, end):
        return 1, {"m": 6, "b": 9}[text[end]], end + 1, True
    scale = SCALE.match(text, end)
    if not scale:
        return 1, 0, end, False
    written = scale["scale"].lower()
    return 12 if written.startswith("do") else 1, power_of(written), scale.end(), not _SPANISH.match(written)


def _quantity(text: str, match: re.Match[str], end: int, value: Decimal, unit: str, exponent: int = 0) -> Quantity:
    start = match.start()
    return Quantity(start, end, value, unit, qualifier(text, start, end), Decimal(1).scaleb(int(exponent)))


def _in_row(text: str, match: re.Match[str]) -> bool:
    """Whether a number stands next to ``match``, so that its spaces part the cells of a row."""
    before = text[max(0, match.start() - 2) : match.start()]
    return bool(_CELL_BEFORE.search(before) or _CELL_AFTER.match(text, match.end()))


def _value(written: str, decimal_point: bool = False) -> Decimal:
    """Value of digits with marks; ``decimal_point``: a single point parts decimals ("1.234 million")."""
    plain, spaced = _SPACING.subn("", written)
    last = next((char for char in reversed(plain) if char in ".,"), "")
    if not last:
        return Decimal(plain)
    head, _, tail = plain.rpartition(last)
    other = "," if last == "." else "."
    thousands = len(tail) == 3 and not spaced and other not in head and head != "0"
    if thousands and last not in head:
        thousands = len(head) <= 3 and not (last == "." and decimal_point)
    if thousands:
        return Decimal(plain.replace(last, ""))
    return Decimal(head.replace(other, "").replace(last, "") + "." + tail)


def _in_words(masked: str, shown: str) -> Iterator[Quantity]:
    taken = 0
    for start, end, value, kind in sorted(word_numbers(masked), key=lambda found: (found[0], -found[1])):
        if start < taken:
            continue
        unit = UNIT.match(masked, end) if not kind else None
        taken = unit.end() if unit else end
        named = unit_of(unit["unit"]) if unit else kind
        yield Quantity(start, taken, value, named, qualifier(shown, start, taken))


def _ranges(text: str, found: list[Quantity]) -> list[Quantity]:
    """Hands unit and scale of a range's end to its start."""
    done = list(found)
    for index, (left, right) in enumerate(pairwise(found)):
        gap = text[left.end : right.start]
        if len(gap) > 12 or ORDINAL in (left.unit, right.unit) or not _BETWEEN_RANGE.fullmatch(gap):
            continue
        unit = left.unit or right.unit
        if left.unit in CURRENCIES and not right.unit:
            done[index + 1] = replace(right, unit=left.unit)
        elif left.unit and left.unit != right.unit:
            continue
        power = _power(text, right)
        small = left.value < right.value.scaleb(-power)
        if power and small and not _power(text, left) and _SHARES_SCALE.fullmatch(gap):
            left = replace(left, value=left.value.scaleb(power), step=left.step.scaleb(power))
        done[index] = replace(left, unit=unit)
    return done


def _power(text: str, quantity: Quantity) -> int:
    number = _NUMBER.search(text, quantity.start, quantity.end)
    return _scale(text, number, number.end("number"))[1] if number else 0
