"""Periods in words, and whether a passage is of the one that a question asks about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.dates import MONTH_NAMES, DateMention, find_dates
from rag.schema import Passage, Period

LONG_DAYS = 550  # a report over more than a year and a half does not date its sentences

UNASKED, STATED, REPORTED, ELSEWHEN, UNDATED, OTHER = 0.5, 1.0, 1.0, 0.7, 0.3, 0.0


def in_words(period: Period, language: str) -> str:
    """A period as people write it: "2019", "June 2023", "enero–febrero de 2024"; else two days."""
    label = period.label
    if " to " in label and period.start.year != period.end.year or label.count("-") > 2:
        return label
    if len(label) == len("2019"):
        return label
    if period.start.day != 1 or len(label.split(" to ")[0]) > len("2023-06"):
        return label
    names = MONTH_NAMES[language]
    first, last = names[period.start.month - 1], names[period.end.month - 1]
    months = first if first == last else f"{first}–{last}"
    return f"{months} {'de ' if language == 'es' else ''}{period.end.year}"


def overlap(one: Period, other: Period) -> bool:
    """Whether two periods share a day."""
    return one.start <= other.end and other.start <= one.end


def period_match(asked: Sequence[Period], text: str, passage: Passage) -> float:
    """How well ``text``, a part of ``passage``, fits any of the periods asked for.

    1 when the text or its heading names such a time, or names none and stands in a report of that
    time; 0.7 when it names another time in such a report; 0.3 when nothing dates it, neither the text
    nor the report; 0 otherwise; 0.5 when none is asked for.
    """
    if not asked:
        return UNASKED
    stated = _periods(text, passage.report.period)
    headed = _periods(" ".join(passage.section), passage.report.period)
    if any(overlap(one, known) for one in asked for known in stated + headed):
        return STATED
    covered = passage.report.period
    if covered and (covered.end - covered.start).days <= LONG_DAYS and any(overlap(one, covered) for one in asked):
        return ELSEWHEN if stated else REPORTED
    return UNDATED if covered is None and not stated and not headed else OTHER


def time_of(passage: Passage, text: str) -> Period | None:
    """The time of a part of ``passage``: the only one that it names, else its report's, unless that is too long.

    None where it names several times, or nothing dates it.
    """
    named = {mention.period for mention in find_dates(text)}
    if len(named) == 1 and (only := named.pop()):
        return only
    covered = passage.report.period
    return covered if covered and not named and (covered.end - covered.start).days <= LONG_DAYS else None


def _periods(text: str, covered: Period | None) -> list[Period]:
    """Periods that a text names; a month without a year is the last such month of the report's time."""
    found = []
    for mention in find_dates(text):
        period = mention.period
        if period is None and covered is not None and mention.first.month:
            period = next(
                (
                    dated
                    for year in (covered.end.year, covered.end.year - 1)
                    if (dated := _in_year(mention, year)) is not None and dated.start <= covered.end
                ),
                None,
            )
        if period is not None:
            found.append(period)
    return found


def _in_year(mention: DateMention, year: int) -> Period | None:
    first, last = mention.first._replace(year=year), mention.last._replace(year=year)
    try:
        return replace(mention, first=first, last=last).period
    except ValueError:  # 29 February
        return None
