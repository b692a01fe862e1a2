"""The reports of an index as something to manage: add, replace, remove, read anew, correct.

Everything goes through ``build_index`` and ``remove_reports``, so that the chat and the command line behave alike.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal

from rag.config import SEEDS, local_path
from rag.errors import ReportError, StoreLocked, StoreMissing
from rag.load import KEYS, LOADERS, corrected, read_corrections, report_id, save_corrections, saved_corrections
from rag.pipeline.build import build_index, remove_reports
from rag.pipeline.entries import Entries, Entry
from rag.pipeline.opening import create_store, open_store
from rag.pipeline.outcomes import IngestResult, Outcome
from rag.pipeline.uploads import Uploads, numbered, safe_name
from rag.schema import Encoder, Progress, Report, ReportInfo, Section
from rag.store.lock import WriterLock

BUSY_S = 5.0  # waited for another change to end

Clash = Literal["ask", "replace", "keep both"]


class NameTaken(ReportError):
    """The index holds a report of that name already; ``report_id`` and ``title`` tell which."""

    def __init__(self, report: ReportInfo) -> None:
        super().__init__(f"The index holds a report {report.id!r} already ({report.title}). Replace it, or keep both?")
        self.report_id = report.id
        self.title = report.title


def open_or_create(index_dir: str | Path, encoder: Encoder) -> Shelf:
    """The shelf of the index in ``index_dir``, which is made, empty, if there is none.

    :raises StoreError: the index is damaged, or was built with another encoder or settings.
    """
    create_store(index_dir, encoder).close()
    return Shelf(index_dir, encoder)


class Shelf:
    """The reports of one index, for any number of threads; changes are made one after the other.

    Questions are answered meanwhile. Every change raises ``StoreLocked`` when another one, in this process or
    another, does not end within 5 s. What is uploaded is kept in the index's folder ``files/``; files elsewhere
    are read, never changed.

    :param encoder: must be the one that the index was built with.
    :raises StoreError: the index is missing, damaged, or was built otherwise.
    """

    def __init__(self, index_dir: str | Path, encoder: Encoder) -> None:
        self.index_dir = local_path(index_dir)
        self._encoder = encoder
        self._store = open_store(self.index_dir, encoder)
        self._uploads = Uploads(self.index_dir)
        self._entries = Entries(self._store)
        self._lock = WriterLock(self._uploads.folder, wait_s=BUSY_S)
        with contextlib.suppress(StoreLocked), self._lock.held():  # who has the lock is at work, not crashed
            self._uploads.recover(self._sha256s())

    def close(self) -> None:
        """Close the index; a change under way is made to its end."""
        self._store.close()

    def __enter__(self) -> Shelf:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def entries(self) -> list[Entry]:
        """What there is to say of each report, by id."""
        return self._entries.all()

    def entry(self, report_id: str) -> Entry:
        """The same of one report. Raises ``StoreError`` naming similar ids when there is none."""
        return self._entries.of(self._store.report(report_id))

    def report(self, report_id: str) -> Report:
        """A report with its text. Raises ``StoreError`` as :meth:`entry`."""
        return self._store.report(report_id)

    def sections(self, report_id: str) -> list[Section]:
        """Its sections in text order. Raises ``StoreError`` as :meth:`entry`."""
        return self._store.sections(report_id)

    @property
    def generation(self) -> int:
        """Changes with every change of what the index holds."""
        return self._store.generation

    def is_kept(self, info: ReportInfo) -> bool:
        """Whether a report's file was uploaded, and so goes with it when it is removed."""
        return self._uploads.holds(info.path)

    def add(self, name: str, data: Path, progress: Progress | None = None, *, clash: Clash = "ask") -> IngestResult:
        """Keep a copy of the file ``data`` under ``name``, made safe, and index it.

        When it is refused, or its text is in the index already, no copy stays.

        :param clash: what to do when the index holds a report of that name: ``"ask"`` raises ``NameTaken``.
        :raises ReportError: the file's format is not read, or it is too large.
        :raises StoreError: the index cannot be changed, ``StoreFull`` when the disk is full.
        """
        name = safe_name(name)
        with self._changing():
            known = {info.id: info for info in self._store.reports()}
            held = known.get(report_id(Path(name)))
            if held and clash == "ask":
                raise NameTaken(held)
            if held and clash == "replace":
                return self._put(name, data, progress, held)
            return self._put(numbered(name, known) if held else name, data, progress)

    def replace(self, report_id: str, data: Path, progress: Progress | None = None, *, name: str = "") -> IngestResult:
        """Put another file in place of a report's; id and corrections stay.

        A former file that was uploaded is deleted once the index holds the new one. When the new one is refused,
        everything stays as it was. ``name`` is that of the new file, where ``data`` does not tell its format.

        :raises ReportError: as :meth:`add`.
        :raises StoreError: there is no such report, or as :meth:`add`.
        """
        suffix = Path(safe_name(name or data.name)).suffix
        with self._changing():
            held = self._store.report(report_id)
            return self._put(f"{Path(safe_name(report_id + suffix)).stem}{suffix}", data, progress, held)

    def remove(self, report_id: str) -> ReportInfo:
        """Take a report out of the index with its corrections, then delete its file if it was uploaded.

        Returns what its entry was.

        :raises MetadataError: the corrections cannot be read.
        :raises StoreError: there is no such report, or the index cannot be changed.
        """
        with self._changing():
            was_corrected = report_id in read_corrections(self.index_dir)
            (info,) = remove_reports([report_id], self.index_dir)
            self._uploads.delete(info.path)
            if was_corrected:  # else it would hold for another report that gets its name
                save_corrections(self.index_dir, corrected(self.index_dir, report_id, dict.fromkeys(KEYS, "")))
        return info

    def reindex(self, report_id: str | None = None, progress: Progress | None = None) -> IngestResult:
        """Read a report's file, or all files, anew, also those whose content is the same.

        A report whose file is missing or cannot be read stays as it is, and its outcome says so. With None, files
        that were uploaded but are not in the index, after a crash or a loss of the database, are taken in.

        :raises StoreError: there is no such report, or the index cannot be changed.
        """
        with self._changing():
            infos = [self._store.report(report_id)] if report_id is not None else self._store.reports()
            paths = [Path(info.path) for info in infos]
            if report_id is None:
                paths += self._lost(infos)
            result = self._build(paths, progress, anew=True) if paths else IngestResult(())
        known = {info.path: info.id for info in infos}
        return IngestResult(tuple(_kept(outcome, known) for outcome in result.outcomes), result.warnings)

    def correct(self, report_id: str, changes: Mapping[str, str], progress: Progress | None = None) -> IngestResult:
        """Overrule what is known of a report; an empty text takes a correction back.

        :param changes: texts by key of ``reports.toml`` (``title``, ``period_start``, …), days as 2024-01-31.
        :raises MetadataError: a value is wrong; says which and what is allowed.
        :raises ReportError: the report's file cannot be read, so that it cannot be indexed with the correction.
        :raises StoreError: there is no such report, or the index cannot be changed. Nothing is corrected then.
        """
        with self._changing():
            info = self._store.report(report_id)
            former = saved_corrections(self.index_dir)
            save_corrections(self.index_dir, corrected(self.index_dir, report_id, changes))
            try:
                result = self._build([Path(info.path)], progress)
                if result.refused:
                    raise ReportError(f"{result.refused[0].reason} The correction was not made.")
            except BaseException:
                save_corrections(self.index_dir, former)
                raise
        return result

    def check_correction(self, report_id: str, changes: Mapping[str, str]) -> None:
        """Raise what :meth:`correct` would for wrong ``changes``, without waiting for others or changing anything."""
        self._store.report(report_id)
        corrected(self.index_dir, report_id, changes)

    def samples(self) -> list[Path]:
        """The sample reports that come with reportqa and can be added; empty where they are not installed."""
        return sorted(path for path in SEEDS.glob("*") if path.suffix in LOADERS) if SEEDS.is_dir() else []

    def add_samples(self, progress: Progress | None = None) -> IngestResult:
        """Index the sample reports. Raises ``StoreMissing`` when they are not there, else as :meth:`add`."""
        if not self.samples():
            raise StoreMissing(f"There are no sample reports in {SEEDS}: upload reports instead.")
        with self._changing():
            return self._build([SEEDS], progress)

    def _put(self, name: str, data: Path, progress: Progress | None, held: ReportInfo | None = None) -> IngestResult:
        """Place a file, index it, and keep it only if the index then holds it; ``held`` is what it replaces."""
        path = self._uploads.place(data, name)
        try:
            result = self._build([path], progress, anew=held is not None)
        finally:
            held_now = self._sha256s()
            self._uploads.settle(path, held_now)
        if held and str(path) in held_now and held.path != str(path):
            self._uploads.delete(held.path)
        return result

    def _build(self, paths: Sequence[Path], progress: Progress | None, *, anew: bool = False) -> IngestResult:
        return build_index(paths, self.index_dir, encoder=self._encoder, progress=progress, anew=anew)

    def _sha256s(self) -> dict[str, str]:
        return {info.path: info.sha256 for info in self._store.reports()}

    def _lost(self, infos: Sequence[ReportInfo]) -> list[Path]:
        known = {info.id for info in infos}
        return [path for path in self._uploads.paths() if report_id(path) not in known]

    @contextlib.contextmanager
    def _changing(self) -> Iterator[None]:
        with self._lock.held():
            yield


def _kept(outcome: Outcome, known: Mapping[str, str]) -> Outcome:
    """Say of a report whose file could not be found that it stays."""
    name = known.get(outcome.path, "")
    if outcome.status != "refused" or outcome.report_id or not name:
        return outcome
    return Outcome(outcome.path, name, "refused", f"{outcome.reason} What was read from it before stays in the index.")
