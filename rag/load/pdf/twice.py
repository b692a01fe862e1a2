"""Words that are printed over one another, and those that nobody can see."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rag.load.pdf.records import Shape, Word

_WHITE = 245  # of 255 in red, green and blue


def bold_where_twice(words: Sequence[Word]) -> Iterator[Word]:
    """Whole words that are printed over one another, a letter at a slightly other place, once and bold."""
    by_text: dict[str, list[int]] = {}
    gone: set[int] = set()
    bold: set[int] = set()
    for index, word in enumerate(words):
        for other in by_text.get(word.text, ()):
            if other not in gone and _covers(words[other], word):
                gone.add(index)
                bold.add(other)
                break
        else:
            by_text.setdefault(word.text, []).append(index)
    for index, word in enumerate(words):
        if index not in gone:
            yield replace(word, bold=True) if index in bold else word


def _covers(one: Word, two: Word) -> bool:
    wide = min(one.right, two.right) - max(one.left, two.left)
    high = min(one.bottom, two.bottom) - max(one.top, two.top)
    return wide > 0.75 * (two.right - two.left) and high > 0.75 * two.height


def is_hidden(word: Word, shapes: Sequence[Shape]) -> bool:
    """Whether a word is as white as the page and nothing darker lies under it."""
    if not _is_white(word.color):
        return False
    x, y = (word.left + word.right) / 2, word.middle
    for shape in shapes:
        under = shape.left - 1 <= x <= shape.right + 1 and shape.top - 1 <= y <= shape.bottom + 1
        if under and (shape.picture or (shape.fill is not None and not _is_white(shape.fill))):
            return False
    return True


def _is_white(color: int) -> bool:
    return min(color >> 16 & 255, color >> 8 & 255, color & 255) >= _WHITE
