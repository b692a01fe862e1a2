"""Reports to an index: load, find sections, chunk, embed, store."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Literal

import numpy as np

from rag.chunk import chunk_report
from rag.errors import MetadataError, ReportError
from rag.load import Source, find_files, load_report, report_id
from rag.pipeline.opening import create_store, load_encoder, save_cache
from rag.schema import Chunk, Encoder, Progress, Report, ReportInfo
from rag.sections import detect_sections
from rag.store import Store
from rag.text import plain, terms

log = logging.getLogger(__name__)

Status = Literal["added", "replaced", "removed", "skipped", "refused"]
_BATCH = 64  # chunks embedded between two progress reports


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file or folder. ``reason`` is empty for an added report."""

    path: str
    report_id: str
    status: Status
    reason: str = ""


@dataclass(frozen=True, slots=True)
class IngestResult:
    """What ``build_index`` did, in order; ``warnings`` are about files that went in all the same."""

    outcomes: tuple[Outcome, ...]
    warnings: tuple[str, ...] = ()

    def _with(self, status: Status) -> tuple[Outcome, ...]:
        return tuple(outcome for outcome in self.outcomes if outcome.status == status)

    @property
    def added(self) -> tuple[Outcome, ...]:
        """Reports that are new in the index."""
        return self._with("added")

    @property
    def replaced(self) -> tuple[Outcome, ...]:
        """Reports whose file or metadata had changed."""
        return self._with("replaced")

    @property
    def removed(self) -> tuple[Outcome, ...]:
        """Reports whose file is gone from a folder that was given."""
        return self._with("removed")

    @property
    def skipped(self) -> tuple[Outcome, ...]:
        """Files that needed nothing: unchanged, duplicates, formats that are not read."""
        return self._with("skipped")

    @property
    def refused(self) -> tuple[Outcome, ...]:
        """Files and folders that could not be read, each with its reason."""
        return self._with("refused")


def build_index(
    paths: str | Path | Iterable[str | Path],
    index_dir: str | Path,
    *,
    encoder: Encoder | None = None,
    progress: Progress | None = None,
) -> IngestResult:
    """Add the reports in files or folders to the index in ``index_dir``, making it if there is none.

    Called again it adds and replaces only what changed, and removes the reports whose files are
    gone from a folder that is given. A file that cannot be read is refused, the others go in;
    each report goes in whole or not at all.

    :raises StoreError: the index is locked, damaged, or was built with other settings, or the
        disk is full; what was stored before stays.
    :raises EncoderError: the encoder cannot be loaded.
    """
    given = [Path(paths)] if isinstance(paths, str | Path) else [Path(path) for path in paths]
    encoder = encoder or load_encoder()
    with create_store(Path(index_dir), encoder) as store, store.writing():
        run = _Run(store, encoder, progress)
        sources = run.find(given)
        for number, source in enumerate(sources):
            run.report_progress("reports", number, len(sources))
            run.take(source)
        run.report_progress("reports", len(sources), len(sources))
        run.remove_gone(path for path in given if path.is_dir())
        save_cache(store)
    return IngestResult(tuple(run.outcomes), tuple(run.warnings))


@dataclass(slots=True)
class _Run:
    """One call of ``build_index``."""

    store: Store
    encoder: Encoder
    progress: Progress | None
    outcomes: list[Outcome] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    stored: dict[str, ReportInfo] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)  # paths found in this run, readable or not

    def __post_init__(self) -> None:
        self.stored = {info.id: info for info in self.store.reports()}

    def report_progress(self, stage: str, done: int, total: int) -> None:
        if self.progress is not None:
            self.progress(stage, done, total)

    def find(self, given: Sequence[Path]) -> list[Source]:
        sources: dict[Path, Source] = {}
        for path in given:
            try:
                found = find_files([path])
            except (ReportError, MetadataError) as error:
                self.outcomes.append(Outcome(str(path), "", "refused", str(error)))
                # Nothing may vanish from the index because its folder could not be read this time.
                self.seen.update(info.path for info in self.stored.values() if _inside(info.path, path))
                continue
            sources.update((source.path, source) for source in found.sources)
            self.outcomes += [Outcome(str(item.path), "", "skipped", item.reason) for item in found.skipped]
            self.warnings += found.warnings
        self.seen.update(str(path) for path in sources)
        return list(sources.values())

    def take(self, source: Source) -> None:
        path, name = str(source.path), report_id(source.path)
        try:
            report = load_report(source.path, source.metadata)
        except (ReportError, MetadataError) as error:
            self.outcomes.append(Outcome(path, name, "refused", str(error)))
            return
        self.warnings += [f"{path}: {warning}" for warning in report.warnings]
        status, reason = self._judge(report)
        if status in ("added", "replaced"):
            sections, chunks = self._store(report)
            log.info("%s %s: %d sections, %d chunks", status, report.id, sections, chunks)
            self.stored[report.id] = report
        self.outcomes.append(Outcome(path, report.id, status, reason))

    def _judge(self, report: Report) -> tuple[Status, str]:
        known = self.stored.get(report.id)
        if known is None:
            twin = next((info for info in self.stored.values() if info.sha256 == report.sha256), None)
            if twin is not None and Path(twin.path).exists():
                return "skipped", f"the same text as {twin.id}, which is in the index"
            return "added", ""
        if _same(known, report):
            if known.path != report.path:
                self.store.touch_report(report.id, path=report.path)
            return "skipped", "unchanged"
        if known.path != report.path and Path(known.path).exists() and known.sha256 != report.sha256:
            return "refused", f"the id {report.id!r} belongs to {known.path}: rename one of the two files"
        return "replaced", "its text changed" if known.sha256 != report.sha256 else "its metadata changed"

    def _store(self, report: Report) -> tuple[int, int]:
        sections = detect_sections(report.text, report.id)
        chunks = chunk_report(report, sections, self.encoder.count_tokens)
        vectors = self.encoder.encode([])
        if chunks:
            vectors = np.concatenate(list(self._embed(chunks)))
        words = [
            (
                " ".join(terms(plain(chunk.text), report.language)),
                " ".join(terms(chunk.context, report.language)),
            )
            for chunk in chunks
        ]
        self.store.put_report(report, sections, chunks, vectors, words)
        return len(sections), len(chunks)

    def _embed(self, chunks: Sequence[Chunk]) -> Iterator[np.ndarray]:
        for start in range(0, len(chunks), _BATCH):
            batch = chunks[start : start + _BATCH]
            yield self.encoder.encode([f"{chunk.context}\n{plain(chunk.text)}" for chunk in batch])
            self.report_progress("chunks", start + len(batch), len(chunks))

    def remove_gone(self, folders: Iterable[Path]) -> None:
        for folder in folders:
            for info in list(self.stored.values()):
                if _inside(info.path, folder) and info.path not in self.seen and not Path(info.path).exists():
                    self.store.remove_report(info.id)
                    del self.stored[info.id]
                    self.outcomes.append(Outcome(info.path, info.id, "removed", "its file is gone"))


def _inside(path: str, folder: Path) -> bool:
    # As written, links unresolved: the stored path is absolute but not resolved either.
    return Path(path).is_relative_to(folder.absolute())


def _same(known: ReportInfo, report: Report) -> bool:
    names = [entry.name for entry in fields(ReportInfo) if entry.name != "path"]
    return all(getattr(known, name) == getattr(report, name) for name in names)
