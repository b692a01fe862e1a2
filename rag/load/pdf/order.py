"""The order in which a page is read: columns one after the other, boxes by themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from rag.load.pdf.lines import Line, make_line
from rag.load.pdf.records import FigureBlock, Grid, Shape

_LEAST_GUTTER = 7.0  # points between two columns
_NARROW = 1.6  # of the size: gutters below need more lines to be sure of
_MAX_DEPTH = 12
_LEAST_PANEL = (60.0, 24.0)  # points: width and height of a box with text
_LARGEST_PANEL = 0.7  # of the page
_MAX_PICTURES = 40  # of a page: more are pieces of one


@dataclass(frozen=True, slots=True)
class Piece:
    """What is read in one go: a line, a table, a block of figures, or a box with pieces of its own."""

    left: float
    top: float
    right: float
    bottom: float
    content: Line | Grid | FigureBlock | tuple[Piece, ...] | None  # None: a picture


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
    for shape in sorted(shapes, key=lambda shape: (shape.right - shape.left) * (shape.bottom - shape.top)):
        if _may_hold_text(shape, width, height):
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
        strips = _strips(pieces)
        begin = 0
        while begin < len(strips):
            band = _next_band(strips, begin) if depth < _MAX_DEPTH else None
            first, last, gutters = band or (len(strips), len(strips), [])
            yield from self._single([piece for strip in strips[begin:first] for piece in strip], panel, depth)
            for side in _parted([piece for strip in strips[first:last] for piece in strip], gutters):
                yield from self.columns(side, panel, depth + 1)
            begin = last

    def _single(self, pieces: Sequence[Piece], panel: int, depth: int) -> Iterator[Column]:
        """One column, interrupted by the boxes in it."""
        held: list[Line | Grid | FigureBlock] = []
        for strip in _strips(pieces):
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


def _strips(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Pieces that overlap in height, top to bottom; each strip left to right."""
    strips: list[list[Piece]] = []
    low = 0.0
    for piece in sorted(pieces, key=lambda piece: piece.top):
        if not strips or piece.top >= low:
            strips.append([])
            low = piece.bottom
        strips[-1].append(piece)
        low = max(low, piece.bottom)
    return [sorted(strip, key=lambda piece: piece.left) for strip in strips]


def _rejoined(strip: Sequence[Piece]) -> list[Piece]:
    """A strip that is no columns: pieces of one line made one again, then top to bottom."""
    rows: list[list[Piece]] = []
    for piece in sorted(strip, key=lambda piece: (piece.bottom, piece.left)):
        line = piece.content
        last = rows[-1][-1].content if rows else None
        if isinstance(line, Line) and isinstance(last, Line) and _one_line(last, line):
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
    return sorted(found, key=lambda piece: (piece.top + piece.bottom) / 2 if len(found) > 1 else 0)


def _one_line(one: Line, two: Line) -> bool:
    alike = max(one.size, two.size) < 1.3 * min(one.size, two.size)
    return alike and abs(two.base - one.base) < 0.3 * two.size


Gap = tuple[float, float]


def _gaps(pieces: Sequence[Piece]) -> list[Gap]:
    """Free stretches between pieces, left to right."""
    found: list[Gap] = []
    right = None
    for piece in sorted(pieces, key=lambda piece: piece.left):
        if right is not None and piece.left - right >= _LEAST_GUTTER:
            found.append((right, piece.left))
        right = piece.right if right is None else max(right, piece.right)
    return found


def _free(gap: Gap, pieces: Sequence[Piece]) -> Gap | None:
    """What a gutter keeps of its width beside more pieces; None when they leave too little."""
    left, right = gap
    for piece in pieces:
        if piece.right <= left or piece.left >= right:
            continue
        if piece.left <= left and piece.right >= right - _LEAST_GUTTER:
            return None
        middle = (left + right) / 2
        if piece.right < middle or (piece.left < left and piece.right < right - _LEAST_GUTTER):
            left = max(left, piece.right)
        elif piece.left > middle or piece.left >= left + _LEAST_GUTTER:
            right = min(right, piece.left)
        else:
            return None
        if right - left < _LEAST_GUTTER:
            return None
    return left, right


def _next_band(strips: Sequence[Sequence[Piece]], begin: int) -> tuple[int, int, list[Gap]] | None:
    """The next strips, first and behind the last, that stand in columns, with the gutters between these."""
    index = begin
    while index < len(strips):
        gutters = _gaps(strips[index])
        if gutters:
            last, gutters = _reach(strips, index, gutters)
            if _are_columns([list(strip) for strip in strips[index:last]], gutters):
                return _upwards(strips, begin, index, gutters), last, gutters
        index += 1
    return None


def _reach(strips: Sequence[Sequence[Piece]], index: int, gutters: list[Gap]) -> tuple[int, list[Gap]]:
    """How far down gutters go: behind the last strip of the band, and what is left of them."""
    last, kept = index + 1, gutters
    for place in range(index + 1, len(strips)):
        held = [free for gap in gutters if (free := _free(gap, strips[place]))]
        if not held:
            break
        gutters = held
        beside = [gap for gap in held if _both_sides(gap, strips[place])]
        if beside or _goes_on(strips, place, last, held):
            last, kept = place + 1, held
    return last, kept


def _both_sides(gap: Gap, pieces: Sequence[Piece]) -> bool:
    return any(p.right <= gap[0] + 1 for p in pieces) and any(p.left >= gap[1] - 1 for p in pieces)


def _goes_on(strips: Sequence[Sequence[Piece]], place: int, end: int, gutters: Sequence[Gap]) -> bool:
    """Whether a strip on one side only is the end of a longer column: close below its last line."""
    if place != end:
        return False
    strip = strips[place]
    left = gutters[0][0] + 1 if gutters else 0.0
    if any(piece.right > left for piece in strip):
        return False
    top, size = min(p.top for p in strip), _size(strip)
    above = [
        piece
        for row in strips[:place]
        for piece in row
        if min(piece.right, strip[0].right) > max(piece.left, strip[0].left) and piece.bottom <= top + 1
    ]
    if not above or not gutters:
        return False
    last = max(above, key=lambda piece: piece.bottom)
    gap = top - last.bottom
    # After a wider gap, what stands below must be of this column too.
    below = [piece for row in strips[place : place + 4] for piece in row]
    close = gap < 0.9 * size and abs(_size([last]) - size) < 0.15 * size
    return close or (gap < 4 * size and all(piece.right <= left for piece in below))


def _upwards(strips: Sequence[Sequence[Piece]], begin: int, index: int, gutters: Sequence[Gap]) -> int:
    """The first strip of a band: lines right above, on the right of all gutters, begin the right column."""
    right = gutters[-1][1]
    while index > begin and all(piece.left >= right - 1 for piece in strips[index - 1]):
        index -= 1
    return index


def _size(pieces: Sequence[Piece]) -> float:
    sizes = [piece.content.size for piece in pieces if isinstance(piece.content, Line)]
    return median(sizes) if sizes else 10.0


def _are_columns(strips: Sequence[list[Piece]], gutters: Sequence[Gap]) -> bool:
    """Whether what gutters part is read side by side, not across."""
    pieces = [piece for strip in strips for piece in strip]
    size = _size(pieces)
    sides = list(_parted(pieces, gutters))
    if len(sides) < 2:
        return False
    blocks = [any(not isinstance(piece.content, Line) for piece in side) for side in sides]
    rows = [len(_strips(side)) for side in sides]
    if any(blocks):
        return True
    widest = max(right - left for left, right in gutters)
    least = 3 if widest < _NARROW * size else 2
    return min(rows) >= least and not _is_table(sides)


def _is_table(sides: Sequence[Sequence[Piece]]) -> bool:
    """Whether lines side by side are rows: as many on each side, at the same height, and figures on one."""
    bases = [[round(p.content.base) for p in side if isinstance(p.content, Line)] for side in sides]
    shared = set(bases[0]).intersection(*bases[1:])
    aligned = all(len(shared) >= 0.8 * len(side) for side in bases)
    figured = [
        sum(any(c.isdigit() for c in p.content.text) and len(p.content.words) < 4 for p in side) >= 0.6 * len(side)
        for side in sides
        if all(isinstance(p.content, Line) for p in side)
    ]
    return aligned and any(figured)


def _parted(pieces: Sequence[Piece], gutters: Sequence[Gap]) -> Iterator[list[Piece]]:
    """The pieces of each column, left to right."""
    edges = [float("-inf"), *((left + right) / 2 for left, right in gutters), float("inf")]
    for left, right in pairwise(edges):
        side = [piece for piece in pieces if left < (piece.left + piece.right) / 2 <= right]
        if side:
            yield side
