"""Layouts and pictures of pages of an open index, the latest ones kept."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Generic, TypeVar

from rag.errors import ReportError
from rag.layout import Layout
from rag.pages import page_picture
from rag.schema import Intake, Passage
from rag.store import Reads, Store

_LAYOUTS = 8  # kept; that of a report of 300 pages takes 5 MB
_PICTURE_BYTES = 64_000_000  # kept, of PNG; a page takes 0.1 to 1 MB

Value = TypeVar("Value")


class Kept(Generic[Value]):
    """Values by key, made when first asked for; the least recently used go when they weigh too much together.

    Safe to use from several threads; two of them may make the same value at once.
    """

    def __init__(self, most: int, weight: Callable[[Value], int]) -> None:
        self._most, self._weight = most, weight
        self._values: OrderedDict[Hashable, Value] = OrderedDict()
        self._total = 0
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """The value of ``key``; what ``make`` raises is passed on, and nothing is kept then."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        value = make()
        with self._lock:
            if key not in self._values:
                self._values[key] = value
                self._total += self._weight(value)
            while self._total > self._most:
                self._total -= self._weight(self._values.popitem(last=False)[1])
        return value


class Places:
    """Where the reports of an index stand on their pages."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._layouts: Kept[Layout | None] = Kept(_LAYOUTS, lambda _: 1)
        self._pictures: Kept[bytes] = Kept(_PICTURE_BYTES, len)

    def layout(self, report_id: str) -> Layout | None:
        """Layout of a report, None for one without. Raises ``StoreError`` when there is no such report."""
        with self._store.snapshot() as view:
            return self._layout(report_id, view)

    def layout_of(self, passage: Passage) -> Layout | None:
        """Layout that fits the offsets of ``passage``; None for a report without, or replaced since it was found."""
        with self._store.snapshot() as view:
            # The id of a chunk that is gone is never given again.
            if not view.chunks([passage.chunk.id]):
                return None
            return self._layout(passage.chunk.report_id, view)

    def _layout(self, report_id: str, view: Reads) -> Layout | None:
        return self._layouts.get((view.generation, report_id), lambda: view.layout(report_id))

    def picture(self, report_id: str, number: int, width: int) -> bytes:
        """PNG as from :func:`rag.pages.page_picture`, of the file that the report was read from.

        :raises StoreError: there is no such report.
        :raises ReportError: it has no such page with a picture, or its file is gone or has changed.
        """
        info = next((info for info in self._store.reports() if info.id == report_id), None)
        info = info or self._store.report(report_id)  # says which ids are like it
        if not info.path.lower().endswith(".pdf"):
            raise ReportError(f"{report_id} is no PDF: only pages of PDFs can be shown. Its text is in the index.")
        key = (info.path, info.sha256, number, width)
        return self._pictures.get(key, lambda: page_picture(Path(info.path), number, width=width, sha256=info.sha256))


class OnPages:
    """What an open index tells of the pages of its reports, and of what was found on reading them."""

    _store: Store
    _places: Places

    def intakes(self) -> dict[str, Intake]:
        """What was found on reading each report, by id."""
        return self._store.intakes()

    def layout(self, report_id: str) -> Layout | None:
        """Pages, words and parts of a report; None for text and Markdown. Raises ``StoreError`` when there is none."""
        return self._places.layout(report_id)

    def page_of(self, passage: Passage) -> int | None:
        """Number of the page on which a passage begins, from 1; None where its format has no pages."""
        layout = self._places.layout_of(passage)
        return layout.page_at(passage.chunk.start) if layout else None

    def page_picture(self, report_id: str, page: int, width: int = 1_000) -> bytes:
        """PNG of a page of a PDF, counted from 1, ``width`` pixels wide; the latest ones are kept.

        :raises ReportError: the report is no PDF or has no such page, or its file is gone or has changed.
        """
        return self._places.picture(report_id, page, width)
