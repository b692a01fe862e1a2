"""Which pieces of a page stand side by side in columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from rag.load.pdf.lines import Line
from rag.load.pdf.records import FigureBlock, Grid

_LEAST_GUTTER = 7.0  # points between two columns
_FAR_ABOVE = 2.5  # of the size: columns begin no further apart
_LINES_ABOVE = 12  # that tell the space between paragraphs
_NARROW = 1.6  # of the size: gutters below need more lines to be sure of


@dataclass(frozen=True, slots=True)
class Piece:
    """What is read in one go: a line, a table, a block of figures, or a box with pieces of its own."""

    left: float
    top: float
    right: float
    bottom: float
    content: Line | Grid | FigureBlock | tuple[Piece, ...] | None  # None: a picture


def strips_of(pieces: Sequence[Piece]) -> list[list[Piece]]:
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


def next_band(strips: Sequence[Sequence[Piece]], begin: int) -> tuple[int, int, list[Gap]] | None:
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
    alike = abs(_size([last]) - size) < 0.15 * size
    spaced = gap < 2 * size and gap <= 1.05 * _widest_gap(above) and gap <= _room_below(strips, place)
    close = alike and (gap < 0.9 * size or spaced)
    return close or (gap < 4 * size and all(piece.right <= left for piece in below))


def _widest_gap(column: Sequence[Piece]) -> float:
    """The widest space between pieces of a column, but for those far apart."""
    ordered = sorted(column, key=lambda piece: piece.top)[-_LINES_ABOVE:]
    return max((two.top - one.bottom for one, two in pairwise(ordered)), default=0.0)


def _room_below(strips: Sequence[Sequence[Piece]], place: int) -> float:
    if place + 1 >= len(strips):
        return float("inf")
    return min(piece.top for piece in strips[place + 1]) - max(piece.bottom for piece in strips[place])


def _upwards(strips: Sequence[Sequence[Piece]], begin: int, index: int, gutters: Sequence[Gap]) -> int:
    """The first strip of a band: lines close above, on the right of a gutter, begin the column there."""
    first, top = index, min(piece.top for piece in strips[index])
    for place in range(index - 1, begin - 1, -1):
        strip = strips[place]
        beyond = [gap for gap in gutters if all(piece.left >= gap[1] - 1 for piece in strip)]
        before = [gap for gap in gutters if all(piece.right <= gap[0] + 1 for piece in strip)]
        if not (beyond or before) or top - max(piece.bottom for piece in strip) > _FAR_ABOVE * _size(strip):
            break
        if beyond:
            first = place
        top = min(piece.top for piece in strip)
    return first


def _size(pieces: Sequence[Piece]) -> float:
    sizes = [piece.content.size for piece in pieces if isinstance(piece.content, Line)]
    return median(sizes) if sizes else 10.0


def _are_columns(strips: Sequence[list[Piece]], gutters: Sequence[Gap]) -> bool:
    """Whether what gutters part is read side by side, not across."""
    pieces = [piece for strip in strips for piece in strip]
    size = _size(pieces)
    sides = list(parted(pieces, gutters))
    if len(sides) < 2:
        return False
    blocks = [any(not isinstance(piece.content, Line) for piece in side) for side in sides]
    rows = [len(strips_of(side)) for side in sides]
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


def parted(pieces: Sequence[Piece], gutters: Sequence[Gap]) -> Iterator[list[Piece]]:
    """The pieces of each column, left to right."""
    edges = [float("-inf"), *((left + right) / 2 for left, right in gutters), float("inf")]
    for left, right in pairwise(edges):
        side = [piece for piece in pieces if left < (piece.left + piece.right) / 2 <= right]
        if side:
            yield side
