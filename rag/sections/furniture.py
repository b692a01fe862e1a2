"""Page numbers, running heads and lone signs: on the page, but no part of the text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from rag.sections.lines import Line
from rag.text import fold

_PAGE = re.compile(
    r"(?:page|pagina|pag\.?|p\.)\s*\d{1,4}(?:\s*(?:of|de|/)\s*\d{1,4})?|\d{1,4}\s*(?:/|of|de)\s*\d{1,4}|[-–|]\s*\d{1,4}\s*[-–|]?"
)
_NUMBER = re.compile(r"\d{1,3}")
_DIGITS = re.compile(r"\d+")
_RULE = re.compile(r"[_=~\-–—*.·\s]{4,}")
_EDGE = 4  # lines at the top and bottom of a page where running heads stand
_PAGE_CHARS = 300  # fewer characters than this between two page numbers make no page


def mark_furniture(lines: Sequence[Line]) -> None:
    """Set ``furniture`` on page numbers, running heads and lines of signs only."""
    for line in lines:
        if not any(c.isalnum() for c in line.clean) and not line.tabs:
            line.furniture = len(line.clean) <= 3 or bool(_RULE.fullmatch(line.text[:200]))
        elif line.size < 30 and _PAGE.fullmatch(fold(line.clean)):
            line.furniture = True
    _mark_numbers(lines)
    _mark_repeats(lines)
    _mark_numbers(lines)


def _mark_numbers(lines: Sequence[Line]) -> None:
    """Lone numbers that are page numbers: at a page's edge, inside a sentence, or in sequence."""
    kept = [line for line in lines if not line.furniture]
    lone = [i for i, line in enumerate(kept) if line.size <= 3 and _NUMBER.fullmatch(line.clean)]
    pages = {kept[i].page for i in lone}
    paged = bool(lines) and lines[-1].page > 0 and len(pages) > 1
    for i in lone:
        line = kept[i]
        before = kept[i - 1] if i else None
        after = kept[i + 1] if i + 1 < len(kept) else None
        at_edge = paged and (before is None or after is None or before.page != line.page or after.page != line.page)
        line.furniture = at_edge or bool(before and after and interrupts(before, after))
    _mark_sequence([kept[i] for i in lone])


def _mark_sequence(lone: Sequence[Line]) -> None:
    """Numbers that count up by one, a page apart, at least three in a row."""
    last_of: dict[int, list[Line]] = {}
    for line in lone:
        value = int(line.clean)
        chain = last_of.pop(value - 1, [])
        if chain and line.start - chain[-1].end < _PAGE_CHARS:
            chain = []
        last_of[value] = [*chain, line] if len(chain) < 3 else chain + [line]
        if len(last_of[value]) >= 3:
            for member in last_of[value]:
                member.furniture = True
            last_of[value] = last_of[value][-3:]


def interrupts(before: Line, after: Line) -> bool:
    """Whether what stands between two lines of prose breaks a sentence."""
    return (
        len(before.words) >= 5
        and not before.terminal
        and before.clean[-1:] not in ":"
        and after.clean[:1].islower()
        and len(after.words) >= 2
        and not after.bullet
        and after.label is None
    )


def _mark_repeats(lines: Sequence[Line]) -> None:
    """Lines that stand at the edge of three pages or more, or cut sentences several times."""
    paged = bool(lines) and lines[-1].page > 0
    places: dict[str, list[int]] = defaultdict(list)
    for i, line in enumerate(lines):
        if line.size <= 160:
            places[_mask(line)].append(i)
    edges = _edges(lines) if paged else set()
    for key, found in places.items():
        if len(found) < 3 or not key:
            continue
        on_edge = [i for i in found if i in edges]
        pages = {lines[i].page for i in on_edge}
        if paged and len(pages) >= max(3, len(on_edge) // 2) and 2 * len(on_edge) >= len(found):
            marked = on_edge
        elif not paged and sum(_cuts(lines, i) for i in found) >= 1 and _spaced(lines, found):
            marked = found
        else:
            continue
        for i in marked:
            lines[i].furniture = True


def _mask(line: Line) -> str:
    """The line's folded text; a page number at its edge counts for any number."""
    text = fold(line.clean)
    text = re.sub(r"\b\d{1,4}\s*(?:/|of|de)\s*\d{1,4}\b", "#", text)
    return re.sub(r"^\d{1,4}(?=\s+[|\D])|(?<=\s)\d{1,4}$", "#", text) if " " in text else text


def _edges(lines: Sequence[Line]) -> set[int]:
    pages: dict[int, list[int]] = defaultdict(list)
    for i, line in enumerate(lines):
        if not (line.furniture and _NUMBER.fullmatch(line.clean)):
            pages[line.page].append(i)
    return {i for members in pages.values() for i in members[:_EDGE] + members[-_EDGE:]}


def _cuts(lines: Sequence[Line], i: int) -> bool:
    before = next((lines[j] for j in range(i - 1, max(-1, i - 4), -1) if not lines[j].furniture), None)
    after = next((lines[j] for j in range(i + 1, min(len(lines), i + 4)) if not lines[j].furniture), None)
    return bool(before and after and interrupts(before, after))


def _spaced(lines: Sequence[Line], found: Sequence[int]) -> bool:
    gaps = [lines[b].start - lines[a].end for a, b in zip(found, found[1:], strict=False)]
    return min(gaps) >= _PAGE_CHARS
