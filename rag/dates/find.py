"""From matches to dates: reading, checking and joining."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import replace

from rag.dates.patterns import (
    AND,
    ATOM,
    BETWEEN,
    CELL,
    COUNTED,
    DASH,
    FULL,
    LIST,
    MONTH,
    MONTHS,
    NOUN,
    NUMBER,
    ORDINAL,
    QUANTIFIER,
    RANGE,
    SLASHED,
    TEMPORAL,
    VAGUE,
    blank_markup,
)
from rag.dates.records import DateMention, PartialDate
from rag.text import fold, is_stop

_JOINED = re.compile(rf"(?:{DASH}|,\s+|\s+(?:to|and|through|y|a|al)\s+){MONTH}", re.IGNORECASE)  # by another month


def find_dates(text: str) -> list[DateMention]:
    """All dates and ranges in ``text``, in order and without overlap.

    Markdown and URLs are looked through: nothing inside an address is a date. A year that only
    the end of a range or list states holds for its start too ("January–February 2024",
    "November to January 2024" begins in 2023). "3 and 7 May" gives one mention from 3 to 7.
    """
    shown = SLASHED.sub(r"\1-", blank_markup(text))
    merged: list[DateMention] = []
    for atom in _atoms(shown):
        if merged and (joined := _join(shown, merged[-1], atom)):
            merged[-1:] = joined
        else:
            merged.append(atom)
    return merged


def _atoms(text: str) -> Iterator[DateMention]:
    position = 0
    while match := ATOM.search(text, position):
        mention = _READERS[match.lastgroup or "year"](text, match)
        if mention is None:
            # The longest reading failed ("30 February", "January 20 schools"); try from its next word.
            following = re.compile(r"\w+").match(text, match.start())
            position = following.end() if following else match.start() + 1
            continue
        yield mention
        position = mention.end


def _number(text: str) -> int:
    return int(re.match(r"\d+", text).group())  # type: ignore[union-attr]


def _month(name: str) -> int:
    return MONTHS[name.rstrip(".").lower()]


def _mention(
    match: re.Match[str],
    first: PartialDate,
    last: PartialDate | None = None,
    end: int = 0,
    vague: bool = False,
) -> DateMention | None:
    last = last or first
    for day in (first, last):
        if day.day and day.day > monthrange(day.year or 2024, day.month or 1)[1]:
            return None
    if None not in first[:1] + last[:1] and _key(first) > _key(last):
        return None
    return DateMention(match.start(), end or match.end(), first, last, vague)


def _key(day: PartialDate) -> tuple[int, int, int]:
    return day.year or 0, day.month or 0, day.day or 0


def _iso(_: str, match: re.Match[str]) -> DateMention | None:
    return _mention(match, PartialDate(int(match["iy"]), int(match["im"]), int(match["id"])))


def _iso_month(_: str, match: re.Match[str]) -> DateMention | None:
    return _mention(match, PartialDate(int(match["my0"]), int(match["mm0"]), None))


def _numeric(_: str, match: re.Match[str]) -> DateMention | None:
    day, month, year = int(match["na"]), int(match["nb"]), int(match["ny"])
    if month > 12:
        day, month = month, day
    if not (1 <= month <= 12 and 1 <= day <= 31) or (match["sep"] == "." and year < 100):
        return None
    return _mention(match, PartialDate(year if year > 99 else 2000 + year, month, day))


def _part(_: str, match: re.Match[str]) -> DateMention | None:
    if match["code"]:
        half, ordinal, year = match["ck"] in "Hh", int(match["co"]), match["cy"]
    else:
        half, year = match["pk"].lower() in ("half", "semestre"), match["py"]
        ordinal = ORDINAL[fold(match["po"])] or (2 if half else 4)
    months = 6 if half else 3
    if ordinal * months > 12:
        return None
    number = int(year) if year else None
    return _mention(
        match,
        PartialDate(number, (ordinal - 1) * months + 1, None),
        PartialDate(number, ordinal * months, None),
    )


def _span(_: str, match: re.Match[str]) -> DateMention | None:
    written, year = fold(match["kn"] or match["kn2"]), int(match["ky"])
    count = NUMBER.get(written) or int(written)
    first = 1 if fold(match["ko"] or match["ko2"]) in ("first", "primeros") else 13 - count
    return _mention(match, PartialDate(year, first, None), PartialDate(year, first + count - 1, None))


def _days(text: str, match: re.Match[str]) -> DateMention | None:
    if not _named(text, match, "dm", bool(match["dy"])):
        return None
    year, month = int(match["dy"]) if match["dy"] else None, _month(match["dm"])
    first, last = _number(match["da"]), _number(match["db"])
    return _mention(match, PartialDate(year, month, first), PartialDate(year, month, last)) if first < last else None


def _single_day(text: str, match: re.Match[str]) -> DateMention | None:
    if not _named(text, match, "sm", bool(match["sy"])):
        return None
    year = int(match["sy"]) if match["sy"] else None
    return _mention(match, PartialDate(year, _month(match["sm"]), _number(match["sd"])))


def _month_first(text: str, match: re.Match[str]) -> DateMention | None:
    month, day, year = _month(match["um"]), _number(match["ud"]), match["uy"]
    if not _named(text, match, "um", bool(year)):
        return None
    following = re.compile(r"\s+([a-záéíóúñ]+)").match(text, match.end())
    if not year and following and not is_stop(fold(following.group(1))):
        # "In January 20 organisations …": the number counts what follows.
        return _mention(match, PartialDate(None, month, None), end=match.end("um"))
    return _mention(match, PartialDate(int(year) if year else None, month, day))


def _month_only(text: str, match: re.Match[str]) -> DateMention | None:
    month, year = _month(match["mm"]), int(match["my"]) if match["my"] else None
    if not _named(text, match, "mm", bool(year)):
        return None
    if not match["mv"]:
        return _mention(match, PartialDate(year, month, None))
    third = VAGUE[match["mv"].lower()]
    last = (10, 20, monthrange(year or 2023, month)[1])[third]
    return _mention(match, PartialDate(year, month, 1 + 10 * third), PartialDate(year, month, last), vague=True)


def _years(_: str, match: re.Match[str]) -> DateMention | None:
    first, last = int(match["ya"]), int(match["yb"])
    last = last if last > 99 else first // 100 * 100 + last
    if first >= last or not all(1990 <= year <= 2039 for year in (first, last)):
        return None
    return _mention(match, PartialDate(first, None, None), PartialDate(last, None, None))


def _year(text: str, match: re.Match[str]) -> DateMention | None:
    year, before = int(match["y"]), text[max(0, match.start() - 40) : match.start()]
    if not 1990 <= year <= 2039 or COUNTED.match(text, match.end()):
        return None
    if match["yv"]:
        third = VAGUE[match["yv"].lower()]
        first, last = PartialDate(year, 1 + 4 * third, None), PartialDate(year, 4 + 4 * third, None)
        return _mention(match, first, last, vague=True)
    if (
        QUANTIFIER.search(before)
        or CELL.search(before)
        or (NOUN.match(text, match.end()) and not TEMPORAL.search(before))
    ):
        return None
    return _mention(match, PartialDate(year, None, None))


def _named(text: str, match: re.Match[str], group: str, with_year: bool) -> bool:
    """Whether the month's name at ``group`` is one here: not the verb "may", not "mar" for sea."""
    written = match[group].rstrip(".")
    word, with_number = written.lower(), with_year or group != "mm"
    if word not in FULL:
        return with_year or (written[0].isupper() and (with_number or _JOINED.match(text, match.end()) is not None))
    if with_year or word not in ("may", "march", "august", "mayo"):
        return True
    if word == "mayo" and written.islower():
        return True
    if with_number:
        return written[0].isupper() or word == "march"
    before, after = text[max(0, match.start() - 20) : match.start()], text[match.end() : match.end() + 24]
    if match["mv"]:
        return True
    if written[0].isupper() and _JOINED.match(after):
        return True
    prepositions = TEMPORAL if written[0].isupper() else re.compile(r"\b(?:in|since|during|until|of)\s+$")
    return prepositions.search(before) is not None


_READERS = {
    "iso": _iso, "iso_month": _iso_month, "num": _numeric, "part": _part, "span": _span, "code": _part, "days": _days,
    "day": _single_day, "us": _month_first, "month": _month_only, "years": _years, "year": _year,
}  # fmt: skip


def _join(text: str, left: DateMention, right: DateMention) -> list[DateMention] | None:
    """``left`` and ``right`` as one range, or as two that share a year; None to leave them as they are."""
    between = text[left.end : right.start]
    if len(between) > 24:
        return None
    is_range = RANGE.fullmatch(between) is not None
    if not is_range and AND.fullmatch(between):
        bare = left.first == left.last and left.first[::2] == (None, None) and right.first.day is None
        adjacent = bare and right.first.month == (left.first.month or 0) % 12 + 1
        is_range = adjacent or BETWEEN.search(text[max(0, left.start - 16) : left.start]) is not None
    if is_range and left.first == left.last and right.first == right.last:
        first, last = left.first, right.first
        if last.year is None and first.year is not None and first.month:
            last = last._replace(year=first.year)
        if first.year is None and last.year is not None and first.month:
            wraps = last.month is not None and first.month > last.month
            first = first._replace(year=last.year - wraps)
        if (first.year is None) != (last.year is None) or (first.year and _key(first) > _key(last)):
            return None
        if not first.year and not (first.month and last.month):
            return None
        return [DateMention(left.start, right.end, first, last)]
    if LIST.fullmatch(between) and left.first.year is None and left.first.month and right.first.month:
        year = right.first.year
        if year is not None and (left.first.month, left.last.day or 0) <= (
            right.first.month,
            right.first.day or 31,
        ):
            shared = replace(left, first=left.first._replace(year=year), last=left.last._replace(year=year))
            return [shared, right]
    return None
