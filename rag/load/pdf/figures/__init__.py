"""Big numbers of an infographic page paired with their labels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

from rag.load.pdf.figures.labels import labels_of
from rag.load.pdf.figures.pieces import Piece, body_of, pieces_of, values_of
from rag.load.pdf.records import FigureBlock, FigureRow, RawPage

__all__ = ["find_figures"]

SAME = 1.3  # times: sizes of numbers in one block
FAR_DOWN, FAR_ASIDE = 9.0, 25.0  # of the size: white space between numbers of one block
TINY = 0.6  # times the body's size: print on maps and in charts is smaller
ALONE = 1.8  # times the body's size: a number that may stand alone
TITLE_GAP = 2.0  # of the title's size


def find_figures(page: RawPage, taken: frozenset[int]) -> list[FigureBlock]:
    """Blocks of big numbers with their labels, top to bottom; words that are ``taken`` are in none.

    A number is big by its size, or a little larger than the text and bold or coloured. One without a label is left
    out; so is a number on its own that is not very large.
    """
    body, _ = body_of(page)
    pieces = [piece for piece in pieces_of(page, taken) if piece.size > TINY * body]
    values = values_of(page, pieces)
    found: list[FigureBlock] = []
    used: set[int] = set()
    for block in _blocks(values):
        labels = labels_of(block, [piece for piece in pieces if not used.intersection(piece.words)], values)
        pairs = [(value, label) for value, label in zip(block, labels, strict=True) if label]
        if not pairs or (len(pairs) == 1 and not _stands_alone(*pairs[0], body)):
            continue
        shown = [piece for value, label in pairs for piece in (value, *label)]
        used.update(index for piece in shown for index in piece.words)
        title = _title([piece for piece in pieces if piece.size <= block[0].size], shown, used, body)
        used.update(index for piece in title for index in piece.words)
        found.append(_made(pairs, [*shown, *title], title))
    return sorted(found, key=lambda block: (block.top, block.left))


def _blocks(values: Sequence[Piece]) -> Iterable[list[Piece]]:
    """Numbers of like size that stand in rows or columns, each block top to bottom, left to right."""
    owner = list(range(len(values)))

    def root(item: int) -> int:
        while owner[item] != item:
            item = owner[item]
        return item

    for one, two in combinations(range(len(values)), 2):
        if _together(values[one], values[two]):
            owner[root(two)] = root(one)
    blocks: dict[int, list[Piece]] = {}
    for item, value in enumerate(values):
        blocks.setdefault(root(item), []).append(value)
    return [_in_order(block) for block in blocks.values()]


def _together(one: Piece, two: Piece) -> bool:
    size = max(one.size, two.size)
    if size > SAME * min(one.size, two.size):
        return False
    if _beside(one, two):
        return max(one.left, two.left) - min(one.right, two.right) < FAR_ASIDE * size
    edges = min(abs(one.left - two.left), abs(one.right - two.right), abs(one.centre - two.centre))
    return edges < 0.6 * size and max(one.top, two.top) - min(one.bottom, two.bottom) < FAR_DOWN * size


def _beside(one: Piece, two: Piece) -> bool:
    """Whether numbers stand at one height; one whose unit has its own line reaches higher or lower."""
    shared = min(one.bottom, two.bottom) - max(one.top, two.top)
    lined = shared > 0.8 * min(one.bottom - one.top, two.bottom - two.top)
    return lined or abs(one.middle - two.middle) < 0.7 * max(one.size, two.size)


def _in_order(block: Sequence[Piece]) -> list[Piece]:
    rows: list[list[Piece]] = []
    for value in sorted(block, key=lambda value: value.middle):
        if rows and _beside(rows[-1][0], value):
            rows[-1].append(value)
        else:
            rows.append([value])
    return [value for row in rows for value in sorted(row, key=lambda value: value.left)]


def _stands_alone(value: Piece, label: Sequence[Piece], body: float) -> bool:
    """Whether a single number is large, and no digit, nor two without a unit unless its label goes on with them."""
    bare = value.text.isdigit() and len(value.text) < 3
    goes_on = len(value.text) == 2 and label[0].text[:1].islower()  # a chapter's title begins with a capital
    return value.size >= ALONE * body and (goes_on or not bare)


def _title(pieces: Sequence[Piece], shown: Sequence[Piece], used: set[int], body: float) -> tuple[Piece, ...]:
    """The heading right above a block: bold or larger than the text, short, at its left or over its middle."""
    top, left = min(piece.top for piece in shown), min(piece.left for piece in shown)
    right = max(piece.right for piece in shown)
    above = [
        piece
        for piece in pieces
        if piece.bottom <= top + 2
        and top - piece.bottom < TITLE_GAP * piece.size
        and not used.intersection(piece.words)
        and (piece.bold or piece.size > 1.1 * body)
        and len(piece.words) <= 10
        and piece.text[-1] not in ",;."
        and (abs(piece.left - left) < 20 or left - 20 <= piece.centre <= right + 20)
        and any(char.isalpha() for char in piece.text)
    ]
    if not above:
        return ()
    last = max(above, key=lambda piece: (piece.bottom, -piece.left))
    lines = [last]
    for piece in sorted(above, key=lambda piece: -piece.bottom):
        tight = 0 < lines[0].middle - piece.middle < 1.7 * last.size
        if tight and abs(piece.size - last.size) < 0.5 and piece.bold == last.bold and len(lines) < 3:
            lines.insert(0, piece)
    return tuple(lines)


def _made(
    pairs: Sequence[tuple[Piece, Sequence[Piece]]], shown: Sequence[Piece], title: Sequence[Piece]
) -> FigureBlock:
    rows = tuple(FigureRow(value.words, tuple(i for piece in label for i in piece.words)) for value, label in pairs)
    return FigureBlock(
        min(piece.left for piece in shown),
        min(piece.top for piece in shown),
        max(piece.right for piece in shown),
        max(piece.bottom for piece in shown),
        rows,
        tuple(index for piece in title for index in piece.words),
    )
