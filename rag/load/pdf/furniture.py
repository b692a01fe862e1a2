"""What stands on a page for printers and for turning pages: running heads, page numbers, job numbers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.load.pdf.lines import Line
from rag.text import fold

_EDGE = 0.12  # of the page's height: where heads and feet stand
_SAME_PLACE = 4.0  # points
_DIGITS = re.compile(r"\d+")
_ROMAN = re.compile(r"^[ivxlc]{1,6}$")
_PAGE = re.compile(
    r"(?:(?:page|pagina|pag\.?|p\.)\s*)?[-–|]?\s*\d{1,4}\s*[-–|]?(?:\s*(?:/|of|de|sur|\|)\s*(?:page\s*)?\d{0,4})?|\d{1,4}\s*\|\s*page"
)
# Numbers of printers' jobs, "25-04828 (E) 150425" and "*2504828*", and what stands with them.
_PRINTERS = re.compile(
    r"\d{2}-\d{5}(?:\s+\d{4}\w)?(?:\s*\([a-z]\))?(?:\s+\w{1,6})?|\d{4}[a-z] \([a-z]\)(?:\s+\w{1,6})?|\*\d{7,8}\*|"
    r"please recycle|/\.{2,3}|_{5,}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page's height and its lines outside of tables, top to bottom."""

    number: int
    height: float
    lines: Sequence[Line]


def furniture_of(sheets: Sequence[Sheet]) -> frozenset[int]:
    """Identities (``id``) of the lines that are no part of the text.

    Lines count that stand at the edge of several pages at the same height with the same words, numbers apart. What
    the first page shows of them at its head stays there: it is title matter.
    """
    places: Mapping[str, list[tuple[Sheet, Line]]] = defaultdict(list)
    found: set[int] = set()
    for sheet in sheets:
        for line in sheet.lines:
            text = fold(line.text).strip()
            if _PRINTERS.fullmatch(text):
                found.update(id(other) for other in sheet.lines if other is line or _goes_with(other, line))
            elif _at_edge(line, sheet.height) and _is_number(text, sheet, line):
                found.add(id(line))
            elif _at_edge(line, sheet.height):
                places[_key(text)].append((sheet, line))
    for repeated in places.values():
        for same in _same_places(repeated):
            if _is_running({sheet.number for sheet, _ in same}, len(sheets)):
                found.update(id(line) for sheet, line in same if not _is_masthead(sheet, line))
    known = {_key(fold(line.text)) for sheet in sheets for line in sheet.lines if id(line) in found}
    found.update(id(line) for sheet in sheets for line in sheet.lines if _is_turned_furniture(line, known))
    return frozenset(found)


def _is_turned_furniture(line: Line, known: set[str]) -> bool:
    """Whether text that runs up the side of a page is what others have at their head and foot."""
    if line.words[0].upright:
        return False
    texts = [fold(word.text) for word in line.words]
    return all(_PRINTERS.fullmatch(text) or _key(text) in known for text in texts)


def _goes_with(other: Line, line: Line) -> bool:
    """Whether a line is a number beside a printer's mark."""
    return abs(other.base - line.base) < 2 and not any(map(str.isalpha, other.text))


def _at_edge(line: Line, height: float) -> bool:
    return line.bottom < _EDGE * height or line.top > (1 - _EDGE) * height


def _is_number(text: str, sheet: Sheet, line: Line) -> bool:
    """Whether a line is the number of its page, alone at the very edge."""
    if not _PAGE.fullmatch(text):
        return False
    numbers = [int(number) for number in _DIGITS.findall(text)]
    outmost = line.bottom < 0.09 * sheet.height or line.top > 0.91 * sheet.height
    return outmost and (sheet.number in numbers or "page" in text or "/" in text or "pag" in text)


def _key(text: str) -> str:
    return "#" if _ROMAN.fullmatch(text) else _DIGITS.sub("#", text)


def _same_places(repeated: Sequence[tuple[Sheet, Line]]) -> list[list[tuple[Sheet, Line]]]:
    """Groups of lines at the same distance from the edge of their pages."""

    def distance(entry: tuple[Sheet, Line]) -> float:
        sheet, line = entry
        return line.base if line.base < sheet.height / 2 else line.base - sheet.height

    groups: list[list[tuple[Sheet, Line]]] = []
    for entry in sorted(repeated, key=distance):
        if groups and distance(entry) - distance(groups[-1][-1]) < _SAME_PLACE:
            groups[-1].append(entry)
        else:
            groups.append([entry])
    return groups


def _is_running(pages: set[int], count: int) -> bool:
    """Whether a line that stands on these pages is a running one: on several, most of all or of a stretch."""
    if len(pages) < 2:
        return False
    stretch = max(pages) - min(pages) + 1
    return len(pages) * 2 >= count or (len(pages) >= 3 and len(pages) * 2.5 >= stretch)


def _is_masthead(sheet: Sheet, line: Line) -> bool:
    """Whether a line names the report on its first page."""
    return sheet.number == 1 and line.base < sheet.height / 2 and sum(c.isalpha() for c in line.text) >= 3
