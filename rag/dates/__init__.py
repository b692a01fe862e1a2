"""Dates and periods written in English or Spanish, with the spans they stand at.

Understood: days ("10 January 2024", "January 10, 2024", "10 de enero de 2024", "2024-01-10",
"10/01/2024"), months, years, quarters, halves, vague parts ("early 2024", "mid-March") and
ranges of these ("January–February 2024", "between August 2021 and December 2023"). Numeric
dates are read day first, as the reports' authors write them; month first only where the day
would exceed 12 ("01/25/2024").
"""

from rag.dates.find import find_dates
from rag.dates.patterns import MONTH_NAMES, blank_markup
from rag.dates.records import DateMention, PartialDate

__all__ = ["MONTH_NAMES", "DateMention", "PartialDate", "blank_markup", "find_dates"]
