"""What a date in a text is."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from rag.schema import Period


class PartialDate(NamedTuple):
    """A date as far as the text gives it; a day never stands without its month."""

    year: int | None
    month: int | None
    day: int | None


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date or range at ``text[start:end]``; ``first`` equals ``last`` for a single one.

    ``vague`` marks parts without sharp borders ("mid-March"), which are read as thirds.
    """

    start: int
    end: int
    first: PartialDate
    last: PartialDate
    vague: bool = False

    @property
    def period(self) -> Period | None:
        """All days meant, both ends included; None when a year is missing."""
        first, last = self.first, self.last
        if first.year is None or last.year is None:
            return None
        month = last.month or 12
        end = last.day or monthrange(last.year, month)[1]
        return Period(date(first.year, first.month or 1, first.day or 1), date(last.year, month, end))
