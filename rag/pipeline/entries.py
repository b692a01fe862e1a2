"""What there is to say of each report of an index, for whoever manages them."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from rag.schema import BlockKind, Filters, Intake, ReportInfo
from rag.store import Reads, Store

FileState = Literal["there", "missing"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A report and what was found on reading it.

    The others are as in ``Intake``.
    """

    info: ReportInfo
    sections: int
    chunks: int
    tables: int
    figures: int
    pages: int = 0
    without_text: tuple[int, ...] = ()
    ocr: tuple[int, ...] = ()
    similar: tuple[tuple[str, str], ...] = ()
    added: datetime | None = None
    file: FileState = "there"


class Entries:
    """The entries of an index, counted anew only when what it holds has changed; for any thread."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._generation = -1
        self._counted: dict[str, Entry] = {}

    def all(self) -> list[Entry]:
        """All entries, by id."""
        with self._store.snapshot() as view:
            return self._of(view, view.reports())

    def of(self, info: ReportInfo) -> Entry:
        """The entry of one report, which the index holds."""
        with self._store.snapshot() as view:
            return self._of(view, [info])[0]

    def _of(self, view: Reads, infos: list[ReportInfo]) -> list[Entry]:
        with self._lock:
            if view.generation != self._generation:
                self._counted, self._generation = {}, view.generation
            missing = [info for info in infos if self._counted.get(info.id) is None]
            intakes = view.intakes() if missing else {}
            for info in missing:
                self._counted[info.id] = _entry(view, info, intakes.get(info.id))
            return [_with_file(self._counted[info.id], info) for info in infos]


def _entry(view: Reads, info: ReportInfo, intake: Intake | None) -> Entry:
    if intake is not None:
        return Entry(
            info,
            intake.sections,
            intake.chunks,
            intake.tables,
            intake.figures,
            pages=intake.pages,
            without_text=intake.without_text,
            ocr=intake.ocr,
            similar=intake.similar,
            added=intake.added,
        )
    sections = view.sections(info.id)
    kinds = [block.kind for section in sections for block in section.blocks]
    chunks = len(view.chunk_ids(Filters(reports=(info.id,))))
    return Entry(info, len(sections), chunks, kinds.count(BlockKind.TABLE), kinds.count(BlockKind.FIGURES))


def _with_file(entry: Entry, info: ReportInfo) -> Entry:
    return replace(entry, info=info, file="there" if Path(info.path).is_file() else "missing")
