"""Footnotes: small print at a page's foot that begins with a mark."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rag.load.pdf.lines import Line, make_line
from rag.load.pdf.records import RawPage, Shape

_SMALLER = 0.94  # of the body's size
_MARK = re.compile(r"(\d{1,3}|[*†‡§]{1,3}|[a-z])[.)]?")
_STUCK = re.compile(r"(\d{1,3}|[*†‡§]{1,3})(?=[^\W\d_])")
_BEHIND = re.compile(r"[^\W_][)\]”’]?([*†‡§]{1,3})$")
_SIGN = re.compile(r"[*†‡§]")
_TYPED_RULE = re.compile(r"[_—]{6,}")
_FOOT = 0.6  # of the page's height: its foot is below
_RULE_WIDTHS = (40.0, 260.0)  # points: of the line above footnotes


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote's mark and lines, the first without it; ``mark`` is "" for the end of one on the page before."""

    mark: str
    lines: tuple[Line, ...]


def split_notes(lines: Sequence[Line], page: RawPage, body: float) -> tuple[list[Line], list[Note]]:
    """Lines without those of footnotes, and the footnotes in order.

    :param lines: of the page, top to bottom, without its furniture.
    :param body: the size of the document's running text.
    """
    top = _top_of_notes(lines, page, body)
    if top is None:
        return list(lines), []
    below = [line for line in lines if line.base >= top]
    starts = [line.left for line in below if _mark_of(line)]
    if max(starts) - min(starts) > 0.3 * page.width:  # a column each
        below.sort(key=lambda line: (line.left > page.width / 2, line.base))
    taken = {id(line) for line in below}
    return [line for line in lines if id(line) not in taken], _notes(below)


def _top_of_notes(lines: Sequence[Line], page: RawPage, body: float) -> float | None:
    """Height of the first baseline of the footnotes; None for none."""
    rule = max(_rules(lines, page), default=None)
    if rule is not None:
        below = sorted((line for line in lines if line.base > rule), key=lambda line: line.base)
        if below and below[0].base - rule < 3 * body and all(line.size <= 1.02 * body for line in below):
            smaller = all(line.size <= _SMALLER * body for line in below)
            if smaller and _is_set_off(below[0], page) or _SIGN.match(below[0].words[0].text):
                return below[0].base
            if smaller and any(_is_set_off(line, page) for line in below):  # the end of a note from the page before
                return below[0].base
    numbered = _top_of_numbered(lines, page, body)
    if numbered is not None:
        return numbered
    small: list[Line] = []
    for line in sorted(lines, key=lambda line: -line.base):
        if line.size > _SMALLER * body:
            break
        small.append(line)
    referred = _referred(page)
    marked = [line for line in small if _mark_of(line) in referred and _is_set_off(line, page)]
    if len(small) == len(lines) or not marked:
        return None
    first = min(marked, key=lambda line: line.base)
    beside = [line for line in small if line.base >= first.base and line.left < first.left - 0.5 * line.size]
    return None if any(line.right < first.left for line in beside) else first.base


def _top_of_numbered(lines: Sequence[Line], page: RawPage, body: float) -> float | None:
    """Height of the first of the notes "1. …" in small print right below a rule of any width at the page's foot."""
    rule = max((at for at in _rules(lines, page, page.width) if at > _FOOT * page.height), default=None)
    below = sorted((line for line in lines if rule is not None and line.base > rule), key=lambda line: line.base)
    if rule is None or not below or below[0].base - rule > 3 * body:
        return None
    counted = below[0].marked and _mark_of(below[0]).isdigit()
    return below[0].base if counted and all(line.size <= _SMALLER * body for line in below) else None


def _is_set_off(line: Line, page: RawPage) -> bool:
    """Whether a line begins with a sign, or a mark smaller or higher than its text, and not at the page's head."""
    first = line.words[0]
    if line.base < 0.3 * page.height:
        return False
    if len(line.words) < 2 or _SIGN.match(first.text):
        return bool(_SIGN.match(first.text))
    return first.size < 0.85 * line.size or line.words[1].baseline - first.baseline > 0.1 * line.size


def _referred(page: RawPage) -> set[str]:
    """Marks that raised print and signs behind words refer to."""
    found: set[str] = set()
    for word in page.words:
        if word.raised:
            found.update(re.findall(r"\d+|[*†‡§]+|[a-z]", word.text))
        elif match := _BEHIND.search(word.text):
            found.add(match[1])
    return found


def _rules(lines: Sequence[Line], page: RawPage, widest: float = _RULE_WIDTHS[1]) -> Iterator[float]:
    """Heights of lines up to a width, drawn or typed, that may part footnotes from text; none underline words."""
    for shape in page.shapes:
        wide, low = shape.right - shape.left, shape.top > 0.35 * page.height
        if low and _RULE_WIDTHS[0] <= wide <= widest and shape.bottom - shape.top < 3 and not shape.picture:
            under = (0 <= shape.top - line.base < 0.4 * line.size for line in lines if _beneath(line, shape))
            if not any(under):
                yield shape.top
    for word in page.words:
        if _TYPED_RULE.fullmatch(word.text) and word.top > 0.35 * page.height:
            yield word.base


def _beneath(line: Line, shape: Shape) -> bool:
    return line.left < shape.right and line.right > shape.left


def _mark_of(line: Line) -> str:
    """The mark that a line begins with, "" for none."""
    first = line.words[0]
    if len(line.words) > 1 and (match := _MARK.fullmatch(first.text)):
        tiny = first.size < 0.85 * line.size or line.words[1].base - first.base > 0.1 * line.size
        return match[1] if tiny or not match[1].isalpha() else ""
    match = _STUCK.match(first.text)
    return match[1] if match else ""


def _notes(lines: Sequence[Line]) -> list[Note]:
    found: list[Note] = []
    for line in lines:
        mark = _mark_of(line)
        if found and mark and not _follows(found[-1].mark, mark):
            mark = ""  # a line that happens to begin with a number
        if mark or not found:
            found.append(Note(mark, (_without(line, mark),)))
        else:
            found[-1] = Note(found[-1].mark, (*found[-1].lines, line))
    return found


def _follows(before: str, mark: str) -> bool:
    """Whether a mark can come after another."""
    if before.isdigit() and mark.isdigit():
        return int(before) < int(mark) <= int(before) + 3
    return not (before.isdigit() and mark.isalpha())


def _without(line: Line, mark: str) -> Line:
    if not mark:
        return line
    first, *rest = line.words
    if _MARK.fullmatch(first.text):
        return make_line(rest, line.page)
    return make_line([replace(first, text=first.text[len(mark) :]), *rest], line.page)
