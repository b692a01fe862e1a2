"""Whether a passage is of the period that a question asks about."""

from __future__ import annotations

from collections.abc import Sequence

from rag.dates import find_dates
from rag.schema import Passage, Period

LONG_DAYS = 550  # a report over more than a year and a half does not date its sentences

UNASKED, STATED, REPORTED, ELSEWHEN, OTHER = 0.5, 1.0, 1.0, 0.7, 0.0


def overlap(one: Period, other: Period) -> bool:
    """Whether two periods share a day."""
    return one.start <= other.end and other.start <= one.end


def period_match(asked: Sequence[Period], text: str, passage: Passage) -> float:
    """How well ``text``, a part of ``passage``, fits any of the periods asked for.

    1 when the text or its heading names such a time, or names none and stands in a report of that
    time; 0.7 when it names another time in such a report; 0 otherwise; 0.5 when none is asked for.
    """
    if not asked:
        return UNASKED
    stated = [mention.period for mention in find_dates(text) if mention.period]
    headed = [mention.period for mention in find_dates(" ".join(passage.section)) if mention.period]
    if any(overlap(one, known) for one in asked for known in stated + headed):
        return STATED
    covered = passage.report.period
    if covered and (covered.end - covered.start).days <= LONG_DAYS and any(overlap(one, covered) for one in asked):
        return ELSEWHEN if stated else REPORTED
    return OTHER
