"""Lines to paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from rag.layout import PartKind
from rag.load.pdf.lines import Line, are_heads_beside
from rag.load.pdf.order import Column
from rag.load.pdf.records import FigureBlock, Grid, RawPage

TERMINAL = re.compile(r"[.!?:;…][\"'”’»)\]]*\d{0,3}$")
_NUMBER = re.compile(r"\d{1,3}[.)]?$")
_BULLET = re.compile(r"[-–—•▪·*○◦►➢✓❖o§➔→\uf0b7]$")
_ITEM = re.compile(r"\(?(?:[a-zA-Z]|[ivx]{1,5})[.)]$")
_PAGE = re.compile(r"\d{1,3}|[ivxl]{1,6}")
_LEAD = 3.0  # of the size: white space before the page number of an entry of a table of contents
NEW_SIZE = 0.09  # share by which sizes of different paragraphs differ
_INDENT = 0.7  # of the size
_SPACED = 1.32  # of the usual distance between lines


@dataclass(slots=True)
class Block:
    """A paragraph, table or block of figures, in reading order.

    ``left`` and ``right`` are the edges of its column. ``apart`` numbers the box that it stands in, 0 for none.
    ``gap`` is the space above it in lines of its size, inf at a column's top.
    """

    lines: list[Line] = field(default_factory=list)
    grid: Grid | FigureBlock | None = None
    page: RawPage | None = None
    left: float = 0.0
    right: float = 0.0
    panel: int = 0
    gap: float = float("inf")
    kind: PartKind = PartKind.PROSE
    level: int = 0
    number: str = ""
    column: int = 0

    @property
    def size(self) -> float:
        """Of its first line."""
        return self.lines[0].size

    @property
    def text(self) -> str:
        """Its lines with spaces between."""
        return " ".join(line.text for line in self.lines)


def blocks_of(columns: Sequence[Column], page: RawPage) -> list[Block]:
    """Paragraphs of a page's columns, with its tables and figures between them."""
    found: list[Block] = []
    for number, column in enumerate(columns):
        lines = [piece for piece in column.pieces if isinstance(piece, Line)]
        pitch = _pitch(lines)
        held: list[Line] = []
        last_low: float | None = None
        for piece in [*column.pieces, None]:
            if isinstance(piece, Line):
                held.append(piece)
                continue
            for run in _paragraphs(held, column, pitch):
                gap = (run[0].high - last_low) / max(run[0].size, 1) if last_low is not None else float("inf")
                last_low = run[-1].low
                found.append(Block(run, None, page, column.left, column.right, column.panel, gap, column=number))
            held = []
            if piece is not None:
                last_low = piece.bottom
                block = Block([], piece, page, column.left, column.right, column.panel, column=number)
                block.kind = PartKind.TABLE if isinstance(piece, Grid) else PartKind.FIGURES
                found.append(block)
    for block in found:
        if block.lines:
            block.kind, block.number = _kind(block.lines)
    return found


def _pitch(lines: Sequence[Line]) -> float:
    """Usual distance of baselines in sizes of the lines."""
    steps = [
        (below.base - above.base) / above.size
        for above, below in pairwise(lines)
        if 0.8 < (below.base - above.base) / max(above.size, 1) < 2.2
        and abs(above.size - below.size) < 0.5
        and min(above.right, below.right) > max(above.left, below.left)
    ]
    if not steps:
        return 1.25
    steps.sort()
    return steps[len(steps) // 3]  # within paragraphs they are smaller than between them


def _paragraphs(lines: Sequence[Line], column: Column, pitch: float) -> Iterator[list[Line]]:
    run: list[Line] = []
    for line in lines:
        if run and _begins(run, line, column, pitch):
            yield run
            run = []
        run.append(line)
    if run:
        yield run


def _begins(run: Sequence[Line], line: Line, column: Column, pitch: float) -> bool:
    """Whether a line begins a new paragraph below those of ``run``."""
    last = run[-1]
    step, size = line.base - last.base, max(last.size, line.size, 1.0)
    if abs(last.size - line.size) > NEW_SIZE * size and not _both_mixed(last, line):
        return True
    if step < -0.5 * size or step > _SPACED * pitch * size + 0.5:
        return True
    if abs(step) < 0.3 * size:
        return are_heads_beside(last, line)
    ended = TERMINAL.search(last.text) is not None
    room = column.right - last.right
    fits = line.words[0].right - line.words[0].left + 0.3 * size < room - 0.02 * (column.right - column.left)
    if has_leader(last) or has_leader(line):
        return not (line.left > last.left + size and not has_leader(last))
    if line.marked and _is_mark(line) and (ended or fits or line.left > last.left + 2 or _looks_listed(run, line)):
        return True
    if look_of(last) != look_of(line):
        whole = look_of(run[0]) == look_of(last) and (fits or ended or step > 1.1 * pitch * size)
        if whole and not (line.text[:1].islower()):
            return True
    apart = fits or ended or step > 1.1 * pitch * size or look_of(last) != look_of(line)
    if apart and len(run) < 6 and (color := _one_color(*run)) is not None and _one_color(line) not in (None, color):
        return True  # else it is a link within the text
    if look_of(line) == look_of(last) and look_of(line)[0] and line.color == last.color and not ended:
        return False  # a heading over several lines
    hanging = run[0].marked or len(run) == 1 and line.left > last.left + _INDENT * size and not ended
    if line.left > last.left + _INDENT * size and not hanging and (ended or fits):
        return not _centred(last, line)
    if len(run) > 1 and line.left < last.left - _INDENT * size and not _centred(last, line):
        return ended or fits
    return fits and ended and not line.text[:1].islower()


def _both_mixed(one: Line, two: Line) -> bool:
    """Whether lines share a size though most of their letters differ."""
    return bool({round(word.size) for word in one.words} & {round(word.size) for word in two.words}) and (
        max(one.size, two.size) < 1.3 * min(one.size, two.size)
    )


def look_of(line: Line) -> tuple[bool, bool, bool]:
    """Whether a line is bold, italic, in capitals."""
    text = line.text
    return line.bold, line.italic, text.isupper() and sum(c.isalpha() for c in text) > 3


def _one_color(*lines: Line) -> int | None:
    """The colour that all words of lines share; None where they differ."""
    colors = {word.color for line in lines for word in line.words}
    return colors.pop() if len(colors) == 1 else None


def _is_mark(line: Line) -> bool:
    mark = line.words[0].text
    return bool(_BULLET.match(mark) or _ITEM.match(mark) or _NUMBER.match(mark) or re.match(r"\d+\.\d|[IVX]+\.", mark))


def _looks_listed(run: Sequence[Line], line: Line) -> bool:
    """Whether the paragraph above begins with a mark of the same kind at the same place."""
    bullet = line.words[0].text
    if run[0].marked and run[0].words[0].text == bullet and _BULLET.match(bullet) and abs(run[0].left - line.left) < 1:
        return True
    return run[0].marked and abs(run[0].left - line.left) < 3 and run[-1].left > run[0].left + 2


def has_leader(line: Line) -> bool:
    """Whether dots or white space lead from an entry of a table of contents to its page."""
    if re.search(r"(?:\.\s?){5,}", line.text):
        return True
    if len(line.words) < 2 or not _PAGE.fullmatch(line.words[-1].text):
        return False
    before, page = line.words[-2:]
    return page.left - before.right > _LEAD * line.size and any(map(str.isalpha, line.text))


def _centred(one: Line, two: Line) -> bool:
    return abs((one.left + one.right) - (two.left + two.right)) < 4


def _kind(lines: Sequence[Line]) -> tuple[PartKind, str]:
    """What a paragraph is by its mark, and its number where it is counted."""
    first = lines[0]
    mark = first.words[0].text
    if has_leader(first):
        return PartKind.ITEM, ""
    if len(first.words) < 2:
        return PartKind.PROSE, ""
    if _BULLET.match(mark) or (_ITEM.match(mark) and not mark[0].isupper()):
        return PartKind.ITEM, ""
    if match := re.match(r"(\d{1,3})\.$", mark):
        return PartKind.PROSE, match[1]
    if re.match(r"\(?\d{1,2}\)$", mark):
        return PartKind.ITEM, ""
    return PartKind.PROSE, ""
