"""How a report stands in its file: pages, the place of each word, and the parts that the layout shows.

A loader of a format that has pages or marks its parts makes a :class:`Layout` along with the text. Boxes are in points
(1/72 inch) from the top left corner of the page as it is shown, rotation applied.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

import numpy as np

from rag.schema import Box, Unit

SPAN_TYPE, BOX_TYPE = np.dtype("<i4"), np.dtype("<f4")


class PartKind(StrEnum):
    """What a part of the text is."""

    HEADING = "heading"
    PROSE = "prose"  # a paragraph
    ITEM = "item"  # of a list
    TABLE = "table"  # with the rows found in it
    FIGURES = "figures"  # labels with their big numbers, a row each
    FOOTNOTE = "footnote"


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of ``Report.text`` that the file's layout sets apart.

    ``level`` is a heading's, 1 for the outermost; 0 for other parts. ``number`` is that of a counted paragraph
    ("23"), a heading's own ("II.") or a footnote's mark; it stands in the text too. ``rows`` are those of a table or of
    key figures, in text order, all within ``start`` and ``end``.
    """

    start: int
    end: int
    kind: PartKind
    level: int = 0
    number: str = ""
    rows: tuple[Unit, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A page or slide; ``number`` counts from 1. ``width`` and ``height`` are points, 0 where it has no picture.

    ``ocr`` is the mean confidence, 0 to 1, of a page read by OCR; None where the text stands in the file.
    ``empty`` marks a page without any text that could be read.
    """

    number: int
    width: float = 0.0
    height: float = 0.0
    ocr: float | None = None
    empty: bool = False


def _no_spans() -> np.ndarray:
    return np.empty((0, 2), dtype=SPAN_TYPE)


def _no_boxes() -> np.ndarray:
    return np.empty((0, 4), dtype=BOX_TYPE)


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Pages, words and parts of a report's text.

    ``stretches`` are (start, end, page number), ascending and disjoint: which page each stretch of the text stands
    on; empty where the format has no pages. ``words`` are int32, shape (n, 2), the start and end of each word with a
    box, ascending; ``boxes`` are float32, shape (n, 4): left, top, right, bottom. ``parts`` are in text order and
    disjoint; every character but white space lies in one of them; they are empty where the layout shows none, and
    sections are then found in the text alone.
    """

    pages: tuple[Page, ...] = ()
    stretches: tuple[tuple[int, int, int], ...] = ()
    words: np.ndarray = field(default_factory=_no_spans)
    boxes: np.ndarray = field(default_factory=_no_boxes)
    parts: tuple[Part, ...] = ()

    def page_at(self, offset: int) -> int | None:
        """Number of the page that a character stands on; white space between pages counts to the one before."""
        index = bisect_right(self.stretches, offset, key=lambda stretch: stretch[0])
        return self.stretches[max(index - 1, 0)][2] if self.stretches else None

    def page(self, number: int) -> Page | None:
        """The page of that number."""
        return next((page for page in self.pages if page.number == number), None)

    def boxes_of(self, start: int, end: int) -> tuple[Box, ...]:
        """Boxes around a span of the text, in text order: one for each run of words on one line of a page."""
        first = int(np.searchsorted(self.words[:, 1], start, side="right"))
        last = int(np.searchsorted(self.words[:, 0], end, side="left"))
        return tuple(_lines(self._word_boxes(first, last)))

    def _word_boxes(self, first: int, last: int) -> Iterable[Box]:
        for index in range(first, last):
            page = self.page_at(int(self.words[index, 0]))
            if page is not None:
                yield Box(page, *(round(float(value), 2) for value in self.boxes[index]))

    def number_at(self, offset: int) -> str:
        """The number of the counted paragraph that a character lies in, "" for none."""
        for part in self.parts:
            if part.start <= offset < part.end:
                return part.number if part.kind in (PartKind.PROSE, PartKind.ITEM) else ""
        return ""


def _lines(boxes: Iterable[Box]) -> Iterable[Box]:
    line: Box | None = None
    for box in boxes:
        if line is not None and _beside(line, box):
            line = Box(
                line.page,
                min(line.left, box.left),
                min(line.top, box.top),
                max(line.right, box.right),
                max(line.bottom, box.bottom),
            )
            continue
        if line is not None:
            yield line
        line = box
    if line is not None:
        yield line


def _beside(line: Box, box: Box) -> bool:
    """Whether a word goes on where a line ends: on the same page, at the same height, to the right and near."""
    overlap = min(line.bottom, box.bottom) - max(line.top, box.top)
    height = min(line.bottom - line.top, box.bottom - box.top)
    near = -height <= box.left - line.right <= 4 * max(height, 1.0)
    return line.page == box.page and overlap >= 0.5 * height and near


def stretches_of(pages: Iterable[tuple[int, int]]) -> tuple[tuple[int, int, int], ...]:
    """Stretches from (offset, page number) of where each page's text begins, last the text's (length, 0)."""
    return tuple((start, end, page) for (start, page), (end, _) in pairwise(pages) if end > start)
