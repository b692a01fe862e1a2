"""Figures of several reports for different dates: the latest first, each with its date."""

from __future__ import annotations

from collections.abc import Sequence

from rag.dates import find_dates
from rag.facts import Quantity, check
from rag.matching import PassageView
from rag.periods import in_words, time_of
from rag.question import Question, Want
from rag.readers.figure import Counted, same_thing, the_figure
from rag.readers.scored import Scored
from rag.schema import Passage, Period
from rag.text import plain

SHARE = 0.6  # of the best unit's probability, from which another report's figure is given as well
MOST = 3
_FIGURES = frozenset({Want.COUNT, Want.MONEY, Want.PERCENT})


def as_of(period: Period, language: str) -> str:
    """What a figure of a report of that period is introduced by: "As of June 2023", "In 2019"."""
    month = (period.end - period.start).days <= 31
    opening = {"en": ("In", "As of"), "es": ("En", "A")}[language][month]
    return f"{opening} {in_words(period, language)}"


def bears(passage: Passage, quote: str, prefix: str) -> bool:
    """Whether the quote, its headings or its report bear out every date and name of ``prefix``."""
    report = passage.report
    parts = [report.title, report.publisher, *passage.section, passage.chunk.context]
    parts.append(report.period.label if report.period else "")
    return not check(prefix, [quote], context="\n".join(filter(None, parts))).missing


def latest_first(asked: Question, views: Sequence[PassageView], fit: Sequence[Scored]) -> list[tuple[Scored, Period]]:
    """The best unit and up to two others that give the same figure for other times, latest first.

    Empty when the question names a time or asks for no figure, or no other report gives another
    value of the same thing for another time.
    """
    if asked.periods or asked.double or not asked.wants & _FIGURES or asked.wants - _FIGURES:
        return []
    best = fit[0]
    first = _figure(asked, views, best)
    if first is None:
        return []

    def said(choice: Scored, figure: Quantity) -> Counted:
        return Counted.of(figure, choice.unit.text, asked, views[choice.passage], choice.unit)

    found, seen, values = [(best, first[1])], {_report(views, best)}, {first[0].value}
    for other in fit[1:]:
        if other.score < SHARE * best.score or len(found) == MOST:
            break
        if _report(views, other) in seen:
            continue
        read = _figure(asked, views, other)
        if read is None or read[0].value in values or any(read[1].end == period.end for _, period in found):
            continue
        if same_thing(said(best, first[0]), said(other, read[0])) and _as_much(best, other):
            found.append((other, read[1]))
            seen.add(_report(views, other))
            values.add(read[0].value)
    return sorted(found, key=lambda pair: (pair[1].end, pair[1].start), reverse=True) if len(found) > 1 else []


def _figure(asked: Question, views: Sequence[PassageView], choice: Scored) -> tuple[Quantity, Period] | None:
    period = time_of(views[choice.passage].passage, choice.unit.text)
    figure = the_figure(asked, choice.unit, choice.unit.text)
    return (figure, period) if period and figure else None


def _as_much(best: Scored, other: Scored) -> bool:
    """Whether the other holds all of the question that the best does."""
    return bool((other.unit.held >= best.unit.held).all())


def _report(views: Sequence[PassageView], choice: Scored) -> str:
    return views[choice.passage].passage.report.id


def introduced(text: str, passage: Passage, period: Period, language: str) -> str:
    """``text`` under its date, unless it names one itself or nothing bears the date out."""
    if find_dates(text):
        return text
    prefix = as_of(period, language)
    return f"{prefix}: {text}" if bears(passage, plain(passage.chunk.text), prefix) else text
