"""Times told by another one: "in December 2020 … the month before", "en noviembre de 2020 … un mes más tarde"."""

from __future__ import annotations

import re

from rag.dates import MONTH_NAMES, DateMention, find_dates
from rag.question.parts.words import flat

_UNIT = r"(?P<unit>month|year|mes|ano)"
_RELATIVE = re.compile(
    rf"\b(?:in |en )?(?:(?:the|el)\s+{_UNIT}\s+(?P<way>before|after|anterior|previo|siguiente)"
    rf"|(?:the\s+)?(?P<way2>previous|preceding|following|next)\s+{_UNIT.replace('unit', 'unit2')}"
    rf"|(?:an?|one|un)\s+{_UNIT.replace('unit', 'unit3')}\s+(?P<way3>later|earlier|before|after"
    r"|mas tarde|despues|antes))\b"
)
_BACK = frozenset("before anterior previo previous preceding earlier antes".split())


def dated(text: str, language: str) -> str:
    """``text`` with a month or year told by the one before it as the date that it is; unchanged where none is told."""
    match = _RELATIVE.search(flat(text))
    if match is None:
        return text
    unit, way = (next(match[name] for name in (key, f"{key}2", f"{key}3") if match[name]) for key in ("unit", "way"))
    base = [one for one in find_dates(text[: match.start()]) if one.last.year is not None]
    found = _moved(base[-1], unit, -1 if way in _BACK else 1, language) if base else None
    return f"{text[: match.start()]}{found}{text[match.end() :]}" if found else text


def _moved(base: DateMention, unit: str, by: int, language: str) -> str | None:
    year, month = base.last.year or 0, base.last.month
    if unit in ("year", "ano"):
        return f"{'en' if language == 'es' else 'in'} {year + by}"
    if month is None:
        return None
    year, month = year + (month - 1 + by) // 12, (month - 1 + by) % 12 + 1
    name = MONTH_NAMES[language][month - 1]
    return f"en {name} de {year}" if language == "es" else f"in {name} {year}"
