"""Reports to an index: load, find sections, chunk, embed, store."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
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
from rag.load.decode import read_bytes
from rag.pipeline.files import inside, is_another, is_gone
from rag.pipeline.intake import intake_of, read_better_now, stated_as_known
from rag.pipeline.opening import create_store, load_encoder, save_cache
from rag.pipeline.outcomes import IngestResult, Outcome, Status
from rag.pipeline.similar import Likeness, advice, alike, shingles, sketch
from rag.schema import Chunk, Encoder, Intake, Progress, Report, ReportInfo, Section
from rag.sections import detect_sections, sections_of
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
    intakes: dict[str, Intake] = field(default_factory=dict)
    sketches: dict[str, bytes] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)  # paths found in this run, readable or not
    folder: Path = field(init=False)
    by_hand: dict[str, Metadata] = field(default_factory=dict)
    ready: bool = False  # whether the encoder is loaded

    def __post_init__(self) -> None:
        self.stored = {info.id: info for info in self.store.reports()}
        self.intakes = self.store.intakes()
        self.sketches = self.store.sketches()
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
                self.seen.update(info.path for info in self.stored.values() if inside(info.path, path))
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
        known, by_hand = self.stored.get(name), self.by_hand.get(name)
        try:
            stated = overruled(self._stated(source, known), by_hand)
            digest = sha256(read_bytes(source.path)).hexdigest()
            settled = None if self.anew else self._settled(path, known, digest, stated)
            report = None if settled else marked(load_report(source.path, stated), by_hand)
        except (ReportError, MetadataError) as error:
            kept = " What was read from it before stays in the index." if known and known.path == path else ""
            self.outcomes.append(Outcome(path, name, "refused", f"{error}{kept}"))
            return
        if report is None:
            self.outcomes.append(Outcome(path, name, *settled))
        else:
            self._take_in(report, known)

    def _stated(self, source: Source, known: ReportInfo | None) -> Metadata | None:
        """What ``reports.toml`` says; for a file given by itself, also one further up that was used before."""
        if source.metadata or known is None or known.path != str(source.path):
            return source.metadata
        if "reports.toml" not in known.origins.values():
            return None
        tables = (read_catalogue(folder).get(known.id) for folder in source.path.parents)
        return next((table for table in tables if table), None)

    def _settled(
        self, path: str, known: ReportInfo | None, digest: str, stated: Metadata | None
    ) -> tuple[Status, str] | None:
        """What becomes of a file that need not be read; None of one that must be."""
        if known is None:
            twin = next((twin for twin in self._twins(digest) if not is_gone(twin.path)), None)
            return ("skipped", f"the same text as {twin.id}, which is in the index") if twin else None
        if is_another(known.path, path):
            if known.sha256 == digest:
                return "skipped", f"the same text as {known.path}, which is in the index"
            return "refused", f"the id {known.id!r} belongs to {known.path}: rename one of the two files"
        if known.sha256 != digest or not stated_as_known(known, stated) or read_better_now(self.intakes.get(known.id)):
            return None
        if known.path != path:
            self.store.touch_report(known.id, path=path)
            self.stored[known.id] = replace(known, path=path)
        self._warn(known)
        return "skipped", "unchanged"

    def _take_in(self, report: Report, known: ReportInfo | None) -> None:
        grams = shingles(report.text)
        similar = alike(report, grams, self.stored, self.sketches, lambda name: self.store.report(name).text)
        status, reason = self._judge(report, known, similar)
        intake = None
        if status != "skipped":
            # Under another id, but the same file: it has been renamed, and goes out below.
            similar = [one for one in similar if self.stored[one.id].sha256 != report.sha256]
            intake = self._store(report, similar, sketch(grams))
            log.info("%s %s: %d sections, %d chunks", status, report.id, intake.sections, intake.chunks)
            self.stored[report.id] = report
            self.sketches[report.id] = sketch(grams)
            self._warn(report)
            self.warnings += [f"{report.path}: {advice(report.id, likeness)}" for likeness in similar]
        self.outcomes.append(Outcome(report.path, report.id, status, reason, intake))
        if status == "added":
            for twin in self._twins(report.sha256):
                if twin.id != report.id:
                    self._remove(twin, f"its file is now {report.path}")

    def _judge(self, report: Report, known: ReportInfo | None, similar: Sequence[Likeness]) -> tuple[Status, str]:
        if known is not None and self.anew:
            return "replaced", "read anew"
        if known is not None:
            if known.sha256 != report.sha256:
                return "replaced", "its text changed"
            better = read_better_now(self.intakes.get(known.id))
            return "replaced", "it can be read better now" if better else "its metadata changed"
        same = next((one for one in similar if one.same and not is_gone(self.stored[one.id].path)), None)
        if same is not None:
            return "skipped", f"the same text as {same.id}, which is in the index, in another file"
        return "added", ""

    def _warn(self, info: ReportInfo) -> None:
        self.warnings += [f"{info.path}: {warning}" for warning in info.warnings]

    def _twins(self, digest: str) -> list[ReportInfo]:
        """Stored reports with the same bytes."""
        return [info for info in self.stored.values() if info.sha256 == digest]

    def _store(self, report: Report, similar: Sequence[Likeness], mark: bytes) -> Intake:
        self._load_encoder()
        sections = _sections(report)
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
        intake = intake_of(report, sections, chunks, similar)
        self.store.put_report(report, sections, chunks, vectors, words, intake, mark)
        return intake

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
                if inside(info.path, folder) and info.path not in self.seen and is_gone(info.path):
                    self._remove(info, "its file is gone")

    def _remove(self, info: ReportInfo, reason: str) -> None:
        self.store.remove_report(info.id)
        del self.stored[info.id]
        self.sketches.pop(info.id, None)
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


def _sections(report: Report) -> tuple[Section, ...]:
    if report.layout and report.layout.parts:
        return sections_of(report.text, report.id, report.layout.parts)
    return detect_sections(report.text, report.id)
