"""Bullets that are drawn, not written, as words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rag.load.pdf.mend import BULLET
from rag.load.pdf.records import Shape, Word

_LEAST, _LARGEST = 0.15, 0.65  # of the size: sides of a bullet
_UNEVEN = 1.3  # times: a bullet is about as wide as it is high
_REACH = 2.5  # of the size: white space to its text
_HEIGHTS = (0.05, 0.65)  # of the size: its middle above the baseline
_FEW = 3
_MOST = 300  # of a page: more small shapes are a drawing


def with_bullets(words: Sequence[Word], shapes: Sequence[Shape]) -> list[Word]:
    """Words in order, with a bullet before each that one is drawn for: small, in the colour of the print, left of it.

    Among many small shapes, as in a chart, a single one counts for nothing: two must stand below one another.
    """
    small = [shape for shape in shapes if shape.fill is not None and not shape.picture and _is_square(shape)]
    if len(small) > _MOST:
        return list(words)
    found = [(index, shape) for shape in small if (index := _text_of(words, shape)) is not None]
    kept = {
        index: shape
        for index, shape in found
        if len(small) <= _FEW or any(other is not shape and abs(other.left - shape.left) < 2 for _, other in found)
    }
    return list(_inserted(words, kept))


def _inserted(words: Sequence[Word], bullets: dict[int, Shape]) -> Iterator[Word]:
    for index, word in enumerate(words):
        if index in bullets:
            shape = bullets[index]
            top, bottom = word.top, word.bottom
            yield replace(
                word, text=BULLET, left=shape.left, top=top, right=shape.right, bottom=bottom, raised=False, glued=False
            )
        yield word


def _is_square(shape: Shape) -> bool:
    wide, high = shape.right - shape.left, shape.bottom - shape.top
    return 1 < max(wide, high) < 12 and max(wide, high) < _UNEVEN * min(wide, high)


def _text_of(words: Sequence[Word], shape: Shape) -> int | None:
    """The word that a bullet stands before: the nearest at its right on its line, with nothing left of both."""
    middle = (shape.top + shape.bottom) / 2
    best: int | None = None
    for index, word in enumerate(words):
        if not word.upright or not _HEIGHTS[0] * word.size < word.baseline - middle < _HEIGHTS[1] * word.size:
            continue
        if word.right <= shape.left + 1 and shape.left - word.right < _REACH * word.size:
            return None
        if word.left < shape.left:
            continue
        side = max(shape.right - shape.left, shape.bottom - shape.top)
        near = 0 < word.left - shape.right < _REACH * word.size and _LEAST * word.size < side < _LARGEST * word.size
        if near and word.color == shape.fill and (best is None or word.left < words[best].left):
            best = index
    return best if best is None or words[best].text != BULLET else None
