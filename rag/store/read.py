"""Everything that is read from an index."""

# ruff: noqa: S608 - the SQL is put together from constants of this package; values are always bound.

from __future__ import annotations

import json
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import numpy as np

from rag.errors import StoreError
from rag.layout import Layout
from rag.schema import Chunk, Filters, Intake, Report, ReportInfo, Section
from rag.store import places, rows
from rag.store.build import Build
from rag.store.faults import damaged, decoding
from rag.store.search import admitted, any_of, quoted
from rag.store.tables import BM25

NO_FILTER = Filters()


@dataclass(frozen=True, slots=True)
class IndexStamp:
    """What the search cache was when it was last saved: SHA-256 (hex), store generation, kind of index."""

    sha256: str
    generation: int
    kind: str


class Reads(ABC):
    """The reads of an index. Each is consistent in itself; several are only within one snapshot.

    Raises ``StoreDamaged`` when what is read makes no sense.
    """

    path: Path
    build: Build

    @abstractmethod
    def _reading(self) -> AbstractContextManager[sqlite3.Connection]:
        """Give a connection that is in a read transaction."""

    @property
    def generation(self) -> int:
        """Counts the changes of what can be searched, from 0; an index cache of another one is stale."""
        with self._reading() as connection:
            return generation(connection, self.path)

    @property
    def chunk_count(self) -> int:
        """Chunks in the index."""
        with self._reading() as connection:
            return connection.execute("SELECT count(*) FROM chunks").fetchone()[0]

    def reports(self, filters: Filters = NO_FILTER) -> list[ReportInfo]:
        """Catalogue entries of the reports that ``filters`` admit, by id."""
        condition, values = admitted(filters)
        sql = f"SELECT {rows.INFO_COLUMNS} FROM reports WHERE {condition} ORDER BY id"
        with self._reading() as connection, decoding(self.path):
            return [rows.report_info(row) for row in connection.execute(sql, values)]

    def report(self, report_id: str) -> Report:
        """Report with its text. Raises ``StoreError`` with similar ids when there is none."""
        with self._reading() as connection:
            key = report_key(connection, report_id, self.path)
            with decoding(self.path):
                sql = f"SELECT {rows.INFO_COLUMNS}, text FROM reports WHERE key = ?"
                return rows.report(connection.execute(sql, (key,)).fetchone())

    def layout(self, report_id: str) -> Layout | None:
        """Where a report stands on its pages; None for a format without layout. Raises ``StoreError`` as above."""
        sql = f"SELECT {places.LAYOUT_COLUMNS} FROM layouts WHERE report = ?"
        with self._reading() as connection:
            key = report_key(connection, report_id, self.path)
            with decoding(self.path):
                row = connection.execute(sql, (key,)).fetchone()
                return places.layout(row) if row else None

    def intakes(self) -> dict[str, Intake]:
        """What was found on reading each report, by id."""
        sql = "SELECT id, intake FROM intakes JOIN reports ON reports.key = intakes.report ORDER BY id"
        with self._reading() as connection, decoding(self.path):
            return {report_id: places.intake(text) for report_id, text in connection.execute(sql)}

    def sketches(self) -> dict[str, bytes]:
        """The sketch of each report that was stored with one, by id."""
        sql = "SELECT id, sketch FROM sketches JOIN reports ON reports.key = sketches.report ORDER BY id"
        with self._reading() as connection:
            return dict(connection.execute(sql).fetchall())

    def sections(self, report_id: str) -> list[Section]:
        """Sections of a report, by ordinal. Raises ``StoreError`` when there is no such report."""
        with self._reading() as connection:
            key = report_key(connection, report_id, self.path)
            sql = 'SELECT ordinal, path, start, "end", blocks FROM sections WHERE report = ? ORDER BY ordinal'
            with decoding(self.path):
                found = connection.execute(sql, (key,))
                return [rows.section(report_id, row) for row in found]

    def chunks(self, ids: Iterable[int]) -> dict[int, Chunk]:
        """Chunks by id, in order of ``ids``; an id that is not stored is left out."""
        sql = f"""SELECT {rows.CHUNK_COLUMNS} FROM json_each(?) AS wanted
            JOIN chunks ON chunks.id = wanted.value JOIN reports ON reports.key = chunks.report
            ORDER BY wanted.key"""
        with self._reading() as connection, decoding(self.path):
            return {row[0]: rows.chunk(row) for row in connection.execute(sql, (_id_list(ids),))}

    def lookup(self, ids: Iterable[int]) -> dict[int, tuple[Chunk, ReportInfo, tuple[str, ...]]]:
        """Chunk, its report and its section's heading path by id, in order of ``ids``.

        An id that is not stored is left out. Chunks of one report share one ``ReportInfo``.
        """
        sql = f"""SELECT {rows.CHUNK_COLUMNS}, chunks.report, sections.path FROM json_each(?) AS wanted
            JOIN chunks ON chunks.id = wanted.value JOIN reports ON reports.key = chunks.report
            JOIN sections ON sections.report = chunks.report AND sections.ordinal = chunks.section
            ORDER BY wanted.key"""
        select = f"SELECT key, {rows.INFO_COLUMNS} FROM reports WHERE key IN (SELECT value FROM json_each(?))"
        with self._reading() as connection, decoding(self.path):
            found = connection.execute(sql, (_id_list(ids),)).fetchall()
            keys = _id_list({key for *_, key, _ in found})
            infos = {key: rows.report_info(row) for key, *row in connection.execute(select, (keys,))}
            return {row[0]: (rows.chunk(row), infos[key], rows.headings(path)) for *row, key, path in found}

    def chunk_ids(self, filters: Filters = NO_FILTER) -> np.ndarray:
        """Ids of the chunks that ``filters`` admit, ascending, int64."""
        condition, values = admitted(filters)
        sql = f"""SELECT chunks.id FROM reports JOIN chunks ON chunks.report = reports.key
            WHERE {condition} ORDER BY chunks.id"""
        with self._reading() as connection:
            return np.fromiter((row[0] for row in connection.execute(sql, values)), dtype=np.int64)

    def vectors(self) -> tuple[np.ndarray, np.ndarray]:
        """All chunk ids, ascending, int64, shape (n,), and their vectors, float32, shape (n, dimension)."""
        with self._reading() as connection, decoding(self.path):
            count = connection.execute("SELECT count(*) FROM vectors").fetchone()[0]
            ids = np.empty(count, dtype=np.int64)
            values = np.empty((count, self.build.dimension), dtype=np.float32)
            found = connection.execute("SELECT chunk, vector FROM vectors ORDER BY chunk")
            for row, (chunk_id, blob) in enumerate(found):
                ids[row] = chunk_id
                values[row] = rows.vector(blob, self.build.dimension)
            return ids, values

    def vectors_of(self, ids: Iterable[int]) -> dict[int, np.ndarray]:
        """Vectors by chunk id, each float32, shape (dimension,); an id that is not stored is left out."""
        sql = "SELECT chunk, vector FROM json_each(?) AS wanted JOIN vectors ON chunk = wanted.value"
        with self._reading() as connection, decoding(self.path):
            found = connection.execute(sql, (_id_list(ids),))
            return {chunk_id: rows.vector(blob, self.build.dimension) for chunk_id, blob in found}

    def lexical(self, terms: Sequence[str], k: int, filters: Filters = NO_FILTER) -> list[tuple[int, float]]:
        """Ids and BM25 scores of the ``k`` best chunks with at least one of ``terms``, best first.

        Terms must be folded and stemmed like the stored ones. Every chunk with any of them is scored, so
        leave out what is in most chunks (see ``document_frequency``). Ties go to the lower id.
        """
        expression = any_of(terms)
        if not expression or k <= 0:
            return []
        condition, values = admitted(filters)
        # The "+" keeps SQLite from looking the filter's ids up one by one in the full-text index.
        admission = f"""AND +lexicon.rowid IN (SELECT chunks.id FROM reports JOIN chunks ON
            chunks.report = reports.key WHERE {condition})"""
        sql = f"""SELECT rowid, -{BM25} AS score FROM lexicon WHERE lexicon MATCH :expression
            {admission if filters else ""} ORDER BY score DESC, rowid LIMIT :k"""
        with self._reading() as connection:
            return connection.execute(sql, {**values, "expression": expression, "k": k}).fetchall()

    def document_frequency(self, terms: Iterable[str]) -> dict[str, int]:
        """Chunks that hold each of ``terms``, in text or context; 0 for a term that none holds.

        Counts what ``lexical`` finds, also where the tokenizer splits a term ("11.1") in two.
        """
        sql = "SELECT count(*) FROM lexicon WHERE lexicon MATCH ?"
        with self._reading() as connection:
            return {
                term: connection.execute(sql, (expression,)).fetchone()[0] if (expression := quoted(term)) else 0
                for term in terms
            }

    def index_stamp(self) -> IndexStamp | None:
        """Stamp of the search cache that was saved last; None when none was."""
        with self._reading() as connection, decoding(self.path):
            row = connection.execute("SELECT value FROM meta WHERE key = 'index'").fetchone()
            return IndexStamp(**json.loads(row[0])) if row else None


def generation(connection: sqlite3.Connection, path: Path) -> int:
    """Read the generation that ``connection`` sees."""
    row = connection.execute("SELECT value FROM meta WHERE key = 'generation'").fetchone()
    if row is None:
        raise damaged(path, "has lost its generation")
    with decoding(path):
        return int(row[0])


def report_key(connection: sqlite3.Connection, report_id: str, path: Path) -> int:
    """Primary key of a report. Raises ``StoreError`` with similar ids when there is none."""
    known = dict(connection.execute("SELECT id, key FROM reports"))
    if report_id not in known:
        close = get_close_matches(report_id, known, n=3, cutoff=0.4)
        hint = f"Did you mean {' or '.join(map(repr, close))}?" if close else "See the list: reportqa reports"
        raise StoreError(f"There is no report {report_id!r} in the index {path.parent}. {hint}")
    return known[report_id]


def _id_list(ids: Iterable[int]) -> str:
    return json.dumps([int(chunk_id) for chunk_id in ids])
