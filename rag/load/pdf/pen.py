"""Text as it is written down: words with their boxes, parts, and the page of each stretch."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from rag.layout import BOX_TYPE, SPAN_TYPE, Layout, Page, Part, PartKind
from rag.load.pdf.records import RawPage, Word
from rag.schema import Unit


class Pen:
    """A text that grows part by part; every word written remembers where it stands on its page."""

    def __init__(self, pages: Iterable[RawPage]) -> None:
        self._held = {page.number: page for page in pages if page.turn}
        self._pieces: list[str] = []
        self._spans: list[tuple[int, int]] = []
        self._boxes: list[tuple[float, float, float, float]] = []
        self._pages: list[tuple[int, int]] = []
        self._parts: list[Part] = []
        self._begun = 0
        self._fresh = True
        self.length = 0

    def begin(self) -> int:
        """Begin a part below a blank line; its offset."""
        if self._pieces:
            self.write("\n\n")
        self._begun, self._fresh = self.length, True
        return self.length

    def end(self, kind: PartKind, level: int = 0, number: str = "", rows: tuple[Unit, ...] = ()) -> None:
        """Finish the part begun last; nothing comes of an empty one."""
        if self.length > self._begun:
            self._parts.append(Part(self._begun, self.length, kind, level, number, rows))

    def write(self, text: str) -> None:
        """Add what has no place on a page."""
        self._pieces.append(text)
        self.length += len(text)

    def word(self, text: str, word: Word, page: int) -> None:
        """Add a word, or a part of one, that stands in the box of ``word``."""
        start = self.length
        self.write(text)
        self._spans.append((start, self.length))
        held = self._held.get(page)
        self._boxes.append(held.shown(word) if held else (word.left, word.top, word.right, word.bottom))
        if not self._pages or self._pages[-1][1] != page:
            self._pages.append((self._begun if self._fresh else start, page))
        self._fresh = False

    def text(self) -> str:
        """All that was written."""
        return "".join(self._pieces)

    def pages(self) -> frozenset[int]:
        """Numbers of the pages that words of it stand on."""
        return frozenset(page for _, page in self._pages)

    def layout(self, pages: tuple[Page, ...]) -> Layout:
        """Where it stands."""
        starts = [*self._pages, (self.length, 0)]
        stretches = tuple((a, b, page) for (a, page), (b, _) in zip(starts, starts[1:], strict=False) if b > a)
        spans = np.array(self._spans, dtype=SPAN_TYPE).reshape(-1, 2)
        boxes = np.array(self._boxes, dtype=BOX_TYPE).reshape(-1, 4)
        return Layout(pages, stretches, spans, boxes, tuple(self._parts))
