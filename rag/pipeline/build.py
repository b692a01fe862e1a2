"""Reports to an index: load, find sections, chunk, embed, store."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

import numpy as np

from rag.chunk import chunk_report
from rag.config import local_path
from rag.errors import MetadataError, ReportError
from rag.load import (
    Metadata,
    Source,
    find_files,
    load_report,
    marked,
    overruled,
    read_catalogue,
    read_corrections,
    report_id,
)
from rag.pipeline.opening import create_store, load_encoder, save_cache
from rag.pipeline.outcomes import IngestResult, Outcome, Status
from rag.schema import Chunk, Encoder, Progress, Report, ReportInfo
from rag.sections import detect_sections
from rag.store import Store
from rag.text import plain, terms

log = logging.getLogger(__name__)

_BATCH = 64  # chunks embedded between two progress reports


def build_index(
    paths: str | Path | Iterable[str | Path],
    index_dir: str | Path,
    *,
    encoder: Encoder | None = None,
    progress: Progress | None = None,
    anew: bool = False,
) -> IngestResult:
    """Add the reports in files or folders to the index in ``index_dir``, making it if there is none.

    Called again it adds and replaces only what changed, and removes the reports whose files are
    gone from a folder that is given. A file that cannot be read is refused, the others go in;
    each report goes in whole or not at all. What was corrected by hand in the index's own
    ``reports.toml`` overrules what is stated elsewhere.

    :param anew: also store what has not changed, and take a file for a report of its id whose file
        is another.
    :raises MetadataError: the index's own ``reports.toml`` is malformed.
    :raises StoreError: the index is locked, damaged, or was built with other settings, or the
        disk is full; what was stored before stays.
    :raises EncoderError: the encoder cannot be loaded.
    """
    given = [local_path(path) for path in ([paths] if isinstance(paths, str | Path) else paths)]
    encoder = encoder or load_encoder()
    with create_store(index_dir, encoder) as store, store.writing():
        run = _Run(store, encoder, progress, anew)
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
    anew: bool = False
    outcomes: list[Outcome] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    stored: dict[str, ReportInfo] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)  # paths found in this run, readable or not
    folder: Path = field(init=False)
    by_hand: dict[str, Metadata] = field(default_factory=dict)
    ready: bool = False  # whether the encoder is loaded

    def __post_init__(self) -> None:
        self.stored = {info.id: info for info in self.store.reports()}
        self.folder = self.store.path.parent
        self.by_hand = read_corrections(self.folder)

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
            self.outcomes += [
                Outcome(str(item.path), "", "skipped", item.reason)
                for item in found.skipped
                if self.folder not in item.path.parents  # the index itself
            ]
            self.warnings += found.warnings
        self.seen.update(str(path) for path in sources)
        return list(sources.values())

    def take(self, source: Source) -> None:
        path, name = str(source.path), report_id(source.path)
        by_hand = self.by_hand.get(name)
        try:
            report = load_report(source.path, overruled(self._stated(source, name), by_hand))
            report = marked(report, by_hand)
        except (ReportError, MetadataError) as error:
            known = self.stored.get(name)
            kept = " What was read from it before stays in the index." if known and known.path == path else ""
            self.outcomes.append(Outcome(path, name, "refused", f"{error}{kept}"))
            return
        self.warnings += [f"{path}: {warning}" for warning in report.warnings]
        status, reason = self._judge(report)
        if status in ("added", "replaced"):
            sections, chunks = self._store(report)
            log.info("%s %s: %d sections, %d chunks", status, report.id, sections, chunks)
            self.stored[report.id] = report
        self.outcomes.append(Outcome(path, report.id, status, reason))
        if status == "added":
            for twin in self._twins(report):
                self._remove(twin, f"its file is now {path}")

    def _stated(self, source: Source, name: str) -> Metadata | None:
        """What ``reports.toml`` says; for a file given by itself, also one further up that was used before."""
        known = self.stored.get(name)
        if source.metadata or known is None or known.path != str(source.path):
            return source.metadata
        if "reports.toml" not in known.origins.values():
            return None
        tables = (read_catalogue(folder).get(name) for folder in source.path.parents)
        return next((table for table in tables if table), None)

    def _judge(self, report: Report) -> tuple[Status, str]:
        known = self.stored.get(report.id)
        if known is None:
            twin = next((twin for twin in self._twins(report) if not _is_gone(twin.path)), None)
            return ("skipped", f"the same text as {twin.id}, which is in the index") if twin else ("added", "")
        if self.anew:
            return "replaced", "read anew"
        if _is_another(known.path, report.path):
            if known.sha256 == report.sha256:
                return "skipped", f"the same text as {known.path}, which is in the index"
            return "refused", f"the id {report.id!r} belongs to {known.path}: rename one of the two files"
        if _same(known, report):
            if known.path != report.path:
                self.store.touch_report(report.id, path=report.path)
                self.stored[report.id] = replace(known, path=report.path)
            return "skipped", "unchanged"
        return "replaced", "its text changed" if known.sha256 != report.sha256 else "its metadata changed"

    def _twins(self, report: Report) -> list[ReportInfo]:
        """Stored reports with the same text under another id."""
        return [info for info in self.stored.values() if info.sha256 == report.sha256 and info.id != report.id]

    def _store(self, report: Report) -> tuple[int, int]:
        self._load_encoder()
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

    def _load_encoder(self) -> None:
        """Say that the encoder is being loaded, which takes seconds, before the first report goes in."""
        if not self.ready:
            self.report_progress("loading the encoder", 0, 1)
            self.encoder.count_tokens("")
            self.report_progress("loading the encoder", 1, 1)
            self.ready = True

    def _embed(self, chunks: Sequence[Chunk]) -> Iterator[np.ndarray]:
        for start in range(0, len(chunks), _BATCH):
            batch = chunks[start : start + _BATCH]
            yield self.encoder.encode([f"{chunk.context}\n{plain(chunk.text)}" for chunk in batch])
            self.report_progress("chunks", start + len(batch), len(chunks))

    def remove_gone(self, folders: Iterable[Path]) -> None:
        for folder in folders:
            for info in list(self.stored.values()):
                if _inside(info.path, folder) and info.path not in self.seen and _is_gone(info.path):
                    self._remove(info, "its file is gone")

    def _remove(self, info: ReportInfo, reason: str) -> None:
        self.store.remove_report(info.id)
        del self.stored[info.id]
        self.outcomes.append(Outcome(info.path, info.id, "removed", reason))


def remove_reports(ids: Iterable[str], index_dir: str | Path) -> list[ReportInfo]:
    """Take reports out of the index in ``index_dir`` and return what their entries were; files stay.

    :raises StoreError: there is no such index, or it holds no report of one of the ``ids``; then
        all of them stay.
    """
    with Store.open(local_path(index_dir), write=True) as store, store.writing():
        wanted = [store.report(name) for name in dict.fromkeys(ids)]
        for report in wanted:
            store.remove_report(report.id)
        save_cache(store)
    return list(wanted)


def _inside(path: str, folder: Path) -> bool:
    # As written, links unresolved, as in the stored path.
    return Path(path).is_relative_to(folder)


def _is_gone(path: str) -> bool:
    """Whether a file is known not to be there; one behind a locked door may be."""
    try:
        Path(path).stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def _is_another(known: str, path: str) -> bool:
    """Whether a report's known file is still there and is not the one at ``path``."""
    if known == path or _is_gone(known):
        return False
    try:
        return not Path(known).samefile(path)
    except OSError:
        return True


def _same(known: ReportInfo, report: Report) -> bool:
    names = [entry.name for entry in fields(ReportInfo) if entry.name != "path"]
    return all(getattr(known, name) == getattr(report, name) for name in names)
