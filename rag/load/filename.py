"""What a file's name says about its report."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from datetime import date
from pathlib import Path
from urllib.parse import unquote

from rag.dates import find_dates
from rag.schema import Period

_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)[-. ]?(0[1-9]|1[0-2])[-. ]?(0[1-9]|[12]\d|3[01])(?!\d)")
_MONTH = re.compile(r"(?<!\d)((?:19|20)\d\d)[-.]?(0[1-9]|1[0-2])(?![\d]|[-.]\d)")
_CODE = re.compile(r"\b(?=\w*\d)[\da-f]{8,}\b")  # hashes and the like


def report_id(path: Path) -> str:
    """Stem of the file, its accents composed (NFC) so that it is the same on every file system."""
    return unicodedata.normalize("NFC", path.stem)


def tidy_stem(stem: str) -> str:
    """A stem as words: "Sitrep_Lima-2024-03%20final" gives "Sitrep Lima 2024-03 final".

    Unchanged when only codes would be left.
    """
    words = re.sub(r"[\s_]+|(?<=[^\W\d])-(?=\w)|(?<=\w)-(?=[^\W\d])", " ", unquote(stem)).strip()
    return words if re.search(r"[^\W\d_]{3,}", _CODE.sub("", words)) else stem


def period_in_name(stem: str) -> Period | None:
    """Month, range or year in a stem, None without one.

    A year next to another number is a document's symbol or number instead ("S_2025_153"), and a
    full date says when the file was made (see ``day_in_name``).
    """
    for mention in find_dates(unquote(stem).replace("_", " ")):  # with the hyphens of ranges
        if mention.first != mention.last and not _DAY.search(stem):
            return mention.period
    words = _DAY.sub(" ", tidy_stem(stem))
    if match := _MONTH.search(words):
        year, month = int(match[1]), int(match[2])
        return Period(date(year, month, 1), date(year, month, monthrange(year, month)[1]))
    for mention in find_dates(words):
        beside = words[: mention.start].split()[-1:] + words[mention.end :].split()[:1]
        is_symbol = mention.first.month is None and any(part.isdigit() for part in beside)
        if mention.period and mention.period.start != mention.period.end and not is_symbol:
            return mention.period
    return None


def day_in_name(stem: str) -> date | None:
    """Full date in a stem ("20200323-sitrep"), None without one."""
    periods = (mention.period for mention in find_dates(_DAY.sub(r"\1-\2-\3", tidy_stem(stem))))
    return next((period.start for period in periods if period and period.start == period.end), None)
