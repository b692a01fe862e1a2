"""The numbers that Word writes before paragraphs, which stand nowhere in their text."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from docx.document import Document
from docx.oxml.ns import qn

_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"))
_ROMAN += ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_LEVELS = 9


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list is numbered; ``pattern`` is "%1.%2" or a bullet."""

    kind: str
    pattern: str
    start: int


class Numbering:
    """Counts paragraphs as Word does when it shows them; ask for each paragraph once, in order."""

    def __init__(self, document: Document) -> None:
        self._levels: dict[str, dict[int, Level]] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError):  # no list in the document
            return
        abstract = {item.get(qn("w:abstractNumId")): item for item in root.iter(qn("w:abstractNum"))}
        for number in root.iter(qn("w:num")):
            link = number.find(qn("w:abstractNumId"))
            shared = abstract.get(link.get(qn("w:val"))) if link is not None else None
            if shared is not None:
                self._levels[number.get(qn("w:numId"))] = dict(_levels(shared))

    def label(self, number_id: str, level: int) -> tuple[str, bool]:
        """The number of the next paragraph of a list at a level (from 0), and whether it is a mere bullet."""
        levels = self._levels.get(number_id, {})
        here = levels.get(level)
        if here is None or here.kind in ("bullet", "none"):
            return "", True
        counts = self._counts[number_id]
        counts[level] = counts.get(level, here.start - 1) + 1
        for deeper in [other for other in counts if other > level]:
            del counts[deeper]

        def shown(match: re.Match[str]) -> str:
            other = int(match.group(1)) - 1
            known = levels.get(other)
            return _written(counts.get(other, known.start if known else 1), known.kind if known else "decimal")

        return re.sub(r"%(\d)", shown, here.pattern), False


def _levels(shared: object) -> list[tuple[int, Level]]:
    found = []
    for level in shared.iter(qn("w:lvl")):  # type: ignore[attr-defined]
        values = {
            name: level.find(qn(f"w:{name}")).get(qn("w:val")) or ""
            for name in ("numFmt", "lvlText", "start")
            if level.find(qn(f"w:{name}")) is not None
        }
        start = values.get("start", "1")
        place = int(level.get(qn("w:ilvl"), "0"))
        if 0 <= place < _LEVELS:
            kind, pattern = values.get("numFmt", "decimal"), values.get("lvlText", "")
            found.append((place, Level(kind, pattern, int(start) if start.isdigit() else 1)))
    return found


def _written(count: int, kind: str) -> str:
    if kind.endswith("Roman"):
        text, rest = "", min(count, 3999)
        for value, letters in _ROMAN:
            text, rest = text + letters * (rest // value), rest % value
        return text.upper() if kind == "upperRoman" else text
    if kind.endswith("Letter"):
        letter = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)
        return letter.upper() if kind == "upperLetter" else letter
    return f"{count:02d}" if kind == "decimalZero" else str(count)
