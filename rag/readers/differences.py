"""The difference of two parts' figures, as a sentence that cites both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from rag.dates import find_dates
from rag.facts import Quantity
from rag.facts.difference import difference
from rag.question.parts import Part, Split
from rag.readers.figure import Counted, in_quote, same_thing, the_figure
from rag.readers.scored import Reading, Scored
from rag.schema import DraftSentence, Quote

_WORDS = {
    "en": {
        "more": "That is {about}{figure} more {said} than {other}.",
        "less": "That is {about}{figure} {fewer} {said} than {other}.",
        "same": "That is the same {said} as {other}.",
        "about": "about ",
        "points": " percentage points",
        "million": " million",
    },
    "es": {
        "more": "Son {about}{figure} más {said} que {other}.",
        "less": "Son {about}{figure} menos {said} que {other}.",
        "same": "Es lo mismo {said} que {other}.",
        "about": "unos ",
        "points": " puntos porcentuales",
        "million": " millones",
    },
}
_SIGN = {"USD": "US$ ", "GBP": "£", "EUR": "€"}


@dataclass(frozen=True, slots=True)
class Said:
    """A part's answer: the picked unit as a sentence with its quote; ``shown`` is it without the part's name."""

    part: Part
    reading: Reading
    choice: Scored
    sentence: DraftSentence
    shown: str


def differences(split: Split, said: Sequence[Said], language: str) -> list[DraftSentence]:
    """The difference of each figure to that of the part before, or of the greater to the smaller of two groups."""
    found = []
    for one, other in pairwise(said):
        if not split.dated and len(split.parts) > 2:
            break
        first, second = _figure(one), _figure(other)
        if first is None or second is None:
            continue
        if not same_thing(_counted(one, first), _counted(other, second)):
            continue
        if _later(one, other) if split.dated else first.value > second.value:
            one, other, first, second = other, one, second, first
        if sentence := _difference(one, other, first, second, language):
            found.append(sentence)
    return found


def _counted(said: Said, figure: Quantity) -> Counted:
    view = said.reading.views[said.choice.passage]
    return Counted.of(figure, said.shown, said.reading.asked, view, said.choice.unit)


def _figure(said: Said) -> Quantity | None:
    return the_figure(said.reading.asked, said.choice.unit, said.shown)


def _later(one: Said, other: Said) -> bool:
    dates = [found[0].period for said in (one, other) if (found := find_dates(said.part.label))]
    return len(dates) == 2 and None not in dates and dates[0].start > dates[1].start  # type: ignore[union-attr]


def _difference(one: Said, other: Said, first: Quantity, second: Quantity, language: str) -> DraftSentence | None:
    """By how much the second figure is above or below the first, as a sentence that cites both."""
    found = difference(first, second)
    quotes = (one.sentence.quotes[0], other.sentence.quotes[0])
    operands = tuple(
        in_quote(figure, _quoted(said, quote))
        for figure, said, quote in zip((first, second), (one, other), quotes, strict=True)
    )
    if found is None or not all(operands):
        return None
    form = _WORDS[language]
    way = "more" if found.value > 0 else "less" if found.value < 0 else "same"
    text = form[way].format(
        about=form["about"] if found.about else "",
        figure=_written(abs(found.value), found.unit, language),
        fewer="less" if found.unit else "fewer",
        said=_plain_said(other.part),
        other=_plain_said(one.part),
    )
    return DraftSentence(text, quotes, computed=(operands[0], operands[1]))


def _plain_said(part: Part) -> str:
    """How a part is called, without the figures beside its date: "in 2024" for "in the first two months of 2024"."""
    dates = find_dates(part.label)
    if not dates or part.said == part.label:
        return part.said
    return f"{part.said.split()[0]} {part.label[dates[0].start : dates[0].end]}"


def _quoted(said: Said, quote: Quote) -> str:
    chunk = said.reading.views[said.choice.passage].passage.chunk
    return chunk.text[quote.start - chunk.start : quote.end - chunk.start]


def _written(value: Decimal, unit: str, language: str) -> str:
    """A figure with its unit: "12,300", "US$ 42.64 million", "17.2 percentage points"."""
    form = _WORDS[language]
    millions = value >= 1_000_000 and value % 10_000 == 0
    number = f"{(value / 1_000_000 if millions else value).normalize():,f}"
    if language == "es":
        number = number.translate(str.maketrans(",.", ".,"))
    number += form["million"] if millions else ""
    if unit == "points":
        return number + form["points"]
    if unit in _SIGN or unit in ("PEN", "CHF"):
        return _SIGN.get(unit, f"{unit} ") + number
    return f"{number} {unit}s" if unit else number
