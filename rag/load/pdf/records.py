"""What stands on a page of a PDF, before its order and meaning are worked out.

All places are points from the top left corner of the page as it is shown, rotation applied.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Word:
    """Characters between white space. ``size`` is the font's in points; ``font`` its name without subset prefix.

    ``block`` counts the stretches in which the file writes its text: neighbours in one are likely to belong together.
    ``upright`` is False for text that runs up or down the page. ``color`` is 0xRRGGBB. ``base`` is the height of the
    line that the letters stand on, 0 where it is not known. ``raised`` marks small print above the line, such as a
    footnote's mark, and ``glued`` that no space parts it from the word before. ``tag`` is the level of the heading that
    the file's tags call it, 0 for none.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    bold: bool = False
    italic: bool = False
    font: str = ""
    color: int = 0
    upright: bool = True
    block: int = 0
    base: float = 0.0
    raised: bool = False
    glued: bool = False
    tag: int = 0

    @property
    def height(self) -> float:
        """Of the box, in points."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """Height of its middle on the page."""
        return (self.top + self.bottom) / 2

    @property
    def baseline(self) -> float:
        """Height of the line that its letters stand on, as far as it is known."""
        return self.base or self.bottom - 0.2 * (self.bottom - self.top)


@dataclass(frozen=True, slots=True)
class Shape:
    """A line, box or picture that is drawn; a line is thinner than 3 points. ``fill`` is 0xRRGGBB or None."""

    left: float
    top: float
    right: float
    bottom: float
    fill: int | None = None
    picture: bool = False


@dataclass(frozen=True, slots=True)
class RawPage:
    """A page's words in the order of the file, and what is drawn on it. ``ocr`` as in ``rag.layout.Page``.

    A page whose text runs up (``turn`` 1) or down it (-1) is held so that it reads across: its size and all places are
    those of the page so held.
    """

    number: int
    width: float
    height: float
    words: Sequence[Word]
    shapes: Sequence[Shape] = ()
    ocr: float | None = None
    turn: int = 0

    def shown(self, word: Word) -> Box:
        """The box of a word on the page as it is shown."""
        if self.turn > 0:
            return word.top, self.width - word.right, word.bottom, self.width - word.left
        if self.turn < 0:
            return self.height - word.bottom, word.left, self.height - word.top, word.right
        return word.left, word.top, word.right, word.bottom

    @property
    def shown_size(self) -> tuple[float, float]:
        """Width and height of the page as it is shown."""
        return (self.height, self.width) if self.turn else (self.width, self.height)


@dataclass(frozen=True, slots=True)
class Grid:
    """A table on a page. ``cells[row][column]`` holds indexes into ``RawPage.words`` in reading order.

    All rows have as many columns; an empty cell is (). The first ``heads`` rows name the columns. A cell that spans
    columns or rows stands in the first of them. ``groups`` are rows that hold a sub-heading for those below.
    """

    left: float
    top: float
    right: float
    bottom: float
    cells: tuple[tuple[tuple[int, ...], ...], ...]
    heads: int = 0
    groups: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A big number and the label it belongs to by position: indexes into ``RawPage.words``, reading order."""

    value: tuple[int, ...]
    label: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FigureBlock:
    """Neighbouring figure rows of an infographic, top to bottom and left to right; ``title``: its heading's words."""

    left: float
    top: float
    right: float
    bottom: float
    rows: tuple[FigureRow, ...]
    title: tuple[int, ...] = ()
