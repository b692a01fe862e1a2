"""The order in which a page is read: columns one after the other, boxes by themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.load.pdf.bands import Piece, next_band, parted, strips_of
from rag.load.pdf.lines import Line, are_heads_beside, make_line
from rag.load.pdf.records import FigureBlock, Grid, Shape

_MAX_DEPTH = 12
_LONGEST_NUMBER = 3  # characters of one that counts boxes or stages
_LEAST_PANEL = (60.0, 24.0)  # points: width and height of a box with text
_LARGEST_PANEL = 0.7  # of the page
_MAX_PANELS = 300  # of a page
_MAX_PICTURES = 40  # of a page: more are pieces of one


@dataclass(frozen=True, slots=True)
class Column:
    """Pieces one below the other; ``panel`` numbers the box that they stand in, 0 for none."""

    left: float
    right: float
    pieces: tuple[Line | Grid | FigureBlock, ...]
    panel: int = 0


def columns_of(
    lines: Sequence[Line], blocks: Sequence[Grid | FigureBlock], shapes: Sequence[Shape], width: float, height: float
) -> list[Column]:
    """Columns of a page in reading order, with its lines, tables and figures."""
    pieces = [Piece(line.left, line.high, line.right, line.low, line) for line in lines]
    pieces += [Piece(block.left, block.top, block.right, block.bottom, block) for block in blocks]
    pieces += _pictures(shapes, pieces, width, height)
    boxes = [shape for shape in shapes if _may_hold_text(shape, width, height)]
    boxes.sort(key=lambda shape: (shape.right - shape.left) * (shape.bottom - shape.top))
    for shape in boxes[-_MAX_PANELS:]:
        pieces = _with_panel(pieces, shape)
    return list(_Reader().columns(pieces, 0, 0))


def _may_hold_text(shape: Shape, width: float, height: float) -> bool:
    wide, high = shape.right - shape.left, shape.bottom - shape.top
    large = wide * high > _LARGEST_PANEL * width * height
    return not shape.picture and wide >= _LEAST_PANEL[0] and high >= _LEAST_PANEL[1] and not large


def _pictures(shapes: Sequence[Shape], pieces: Sequence[Piece], width: float, height: float) -> list[Piece]:
    """Pictures that take up room in a column: not small, not behind text."""
    found = []
    for shape in shapes:
        wide, high = shape.right - shape.left, shape.bottom - shape.top
        if not shape.picture or wide < _LEAST_PANEL[0] or high < 2 * _LEAST_PANEL[1] or wide > 0.6 * width:
            continue
        if shape.left >= 0 and shape.right <= width and not any(_overlap(shape, piece) for piece in pieces):
            found.append(Piece(shape.left, shape.top, shape.right, min(shape.bottom, height), None))
        if len(found) > _MAX_PICTURES:
            return []
    return found


def _overlap(shape: Shape, piece: Piece) -> bool:
    wide = min(piece.right, shape.right) - max(piece.left, shape.left)
    return wide > 4 and min(piece.bottom, shape.bottom) - max(piece.top, shape.top) > 4


def _with_panel(pieces: list[Piece], shape: Shape) -> list[Piece]:
    """Pieces with those inside a box as one; unchanged where that is no box of text."""
    inside, outside = [], []
    for piece in pieces:
        wide = min(piece.right, shape.right) - max(piece.left, shape.left)
        high = min(piece.bottom, shape.bottom) - max(piece.top, shape.top)
        if wide <= 0 or high <= 0:
            outside.append(piece)
        elif wide > 0.93 * (piece.right - piece.left) and high > 0.6 * (piece.bottom - piece.top):
            inside.append(piece)
        else:
            return pieces  # something crosses its border
    if len(inside) < 2 or not outside:
        return pieces
    # Boxes may touch one another; what they hold does not.
    left, top = min(piece.left for piece in inside), min(piece.top for piece in inside)
    right, bottom = max(piece.right for piece in inside), max(piece.bottom for piece in inside)
    return [*outside, Piece(left, top, right, bottom, tuple(inside))]


class _Reader:
    """Numbers the boxes as they are read."""

    def __init__(self) -> None:
        self._panels = 0

    def columns(self, pieces: Sequence[Piece], panel: int, depth: int) -> Iterator[Column]:
        """Columns in reading order."""
        strips = strips_of(pieces)
        begin = 0
        while begin < len(strips):
            band = next_band(strips, begin) if depth < _MAX_DEPTH else None
            first, last, gutters = band or (len(strips), len(strips), [])
            yield from self._single([piece for strip in strips[begin:first] for piece in strip], panel, depth)
            for side in parted([piece for strip in strips[first:last] for piece in strip], gutters):
                yield from self.columns(side, panel, depth + 1)
            begin = last

    def _single(self, pieces: Sequence[Piece], panel: int, depth: int) -> Iterator[Column]:
        """One column, interrupted by the boxes in it."""
        held: list[Line | Grid | FigureBlock] = []
        for strip in strips_of(pieces):
            for piece in _rejoined(strip):
                if isinstance(piece.content, tuple):
                    yield from _column(held, panel)
                    held = []
                    self._panels += 1
                    yield from self.columns(piece.content, self._panels, depth + 1)
                elif piece.content is not None:
                    held.append(piece.content)
        yield from _column(held, panel)


def _column(held: Sequence[Line | Grid | FigureBlock], panel: int) -> Iterator[Column]:
    if held:
        yield Column(min(p.left for p in held), max(p.right for p in held), tuple(held), panel)


def _rejoined(strip: Sequence[Piece]) -> list[Piece]:
    """A strip that is no columns: pieces of one line made one again, then top to bottom."""
    rows: list[list[Piece]] = []
    for piece in sorted(strip, key=lambda piece: (piece.bottom, piece.left)):
        line = piece.content
        last = rows[-1][-1].content if rows else None
        if (
            isinstance(line, Line)
            and isinstance(last, Line)
            and _one_line(last, line)
            and not are_heads_beside(last, line)
        ):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    found = []
    for row in rows:
        row.sort(key=lambda piece: piece.left)
        lines = [piece.content for piece in row if isinstance(piece.content, Line)]
        if len(lines) < 2:
            found.extend(row)
            continue
        line = make_line([word for line in lines for word in line.words], lines[0].page)
        found.append(Piece(line.left, line.high, line.right, line.low, line))
    found.sort(key=lambda piece: (piece.top + piece.bottom) / 2)
    heads = [piece for piece in found if _leads(piece, found)]
    return [*heads, *(piece for piece in found if piece not in heads)]


def _leads(piece: Piece, strip: Sequence[Piece]) -> bool:
    """Whether a piece is a number beside all others of its strip, larger than they are."""
    if not isinstance(piece.content, Line) or len(piece.content.text) > _LONGEST_NUMBER:
        return False
    others = [other.content for other in strip if other is not piece]
    return bool(others) and all(
        isinstance(other, Line) and other.left >= piece.right and piece.content.size > 1.2 * other.size
        for other in others
    )


def _one_line(one: Line, two: Line) -> bool:
    alike = max(one.size, two.size) < 1.3 * min(one.size, two.size)
    return alike and abs(two.base - one.base) < 0.3 * two.size
