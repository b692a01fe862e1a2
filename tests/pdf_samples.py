"""Pages of a PDF made by hand: words of one width for each letter, and what is drawn."""

from __future__ import annotations

from collections.abc import Iterable

from rag.load.pdf.records import Grid, RawPage, Shape, Word
from rag.load.pdf.tables.lines import text_of

LETTER = 0.5  # of the size: how wide a letter is


def text(at: float, base: float, content: str, size: float = 10.0, **look: int) -> list[Word]:
    """Words of one line that begins ``at`` points from the left, on a baseline."""
    words: list[Word] = []
    for part in content.split(" "):
        width = LETTER * size * len(part)
        box = (at, base - 0.8 * size, at + width, base + 0.2 * size)
        words.append(Word(part, *box, size=size, base=base, **look))
        at += width + 0.3 * size
    return words


def ending(right: float, base: float, content: str, size: float = 10.0, **look: int) -> list[Word]:
    """Words of one line that ends ``right`` points from the left."""
    width = text(0, base, content, size)[-1].right
    return text(right - width, base, content, size, **look)


def lines(at: float, base: float, contents: Iterable[str], step: float = 12.0, size: float = 10.0) -> list[Word]:
    """Lines below one another."""
    return [word for row, content in enumerate(contents) for word in text(at, base + row * step, content, size)]


def across(at: float, left: float, right: float) -> Shape:
    """A rule across the page."""
    return Shape(left, at, right, at + 0.5, 0)


def down(at: float, top: float, bottom: float) -> Shape:
    """A rule down the page."""
    return Shape(at, top, at + 0.5, bottom, 0)


def page(words: Iterable[Word], shapes: Iterable[Shape] = ()) -> RawPage:
    """A page of A4."""
    return RawPage(1, 595.0, 842.0, tuple(words), tuple(shapes))


def cells(raw: RawPage, grid: Grid) -> list[list[str]]:
    """Texts of a table's cells."""
    return [[text_of(raw.words, cell) for cell in row] for row in grid.cells]
