"""The index folder as an object."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Self

import numpy as np

from rag.errors import StoreError, StoreFull
from rag.schema import Chunk, Intake, Report, Section
from rag.store import opening, write
from rag.store.build import Build
from rag.store.faults import explained
from rag.store.lock import WriterLock
from rag.store.pool import Pool
from rag.store.read import Reads, report_key


class Snapshot(Reads):
    """The index as it was at one moment, however much is written meanwhile; for one thread at a time."""

    def __init__(self, connection: sqlite3.Connection, path: Path, build: Build) -> None:
        self._connection = connection
        self.path = path
        self.build = build

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with explained(self.path):
            yield self._connection


class Store(Reads):
    """An open index, for any number of threads.

    Reads never wait for a writer. Each read or snapshot borrows a connection, so threads share none.
    """

    def __init__(self, path: Path, build: Build, *, write: bool) -> None:
        self.path = path
        self.build = build
        self._write = write
        self._lock = WriterLock(path.parent)
        self._writer: sqlite3.Connection | None = None
        self._pool = Pool(path)

    @classmethod
    def create(
        cls,
        folder: str | os.PathLike[str],
        *,
        encoder_name: str,
        dimension: int,
        fingerprint: str,
        settings: Mapping[str, object],
    ) -> Self:
        """Make an index in ``folder``, open for writing; when there is one already, open and check that.

        So two processes that both start an index end up with one. ``settings`` must be JSON-ready.
        """
        path = Path(folder) / opening.FILE_NAME
        build = Build.of(encoder_name=encoder_name, dimension=dimension, fingerprint=fingerprint, settings=settings)
        opening.make_folder(path.parent)
        if not path.exists():
            with WriterLock(path.parent).held():
                if not path.exists():
                    opening.create_file(path, build)
        store = cls.open(folder, write=True)
        try:
            store.build.check(build, path.parent)
        except BaseException:
            store.close()
            raise
        return store

    @classmethod
    def open(cls, folder: str | os.PathLike[str], *, write: bool = False) -> Self:
        """Open the index in ``folder``.

        Raises ``StoreMissing``, ``StoreDamaged``, or ``StoreMismatch`` for another schema version.
        """
        path = Path(folder) / opening.FILE_NAME
        opening.check_file(path)
        with explained(path), contextlib.closing(opening.connect(path)) as connection:
            return cls(path, opening.read_build(connection, path), write=write)

    def check(self, *, encoder_name: str, dimension: int, fingerprint: str, settings: Mapping[str, object]) -> None:
        """Raise ``StoreMismatch``, naming both values, when the index was built in another way."""
        wanted = Build.of(encoder_name=encoder_name, dimension=dimension, fingerprint=fingerprint, settings=settings)
        self.build.check(wanted, self.path.parent)

    def close(self) -> None:
        """Close the store; what is still being read in another thread is read to its end."""
        self._pool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """Give reads that belong together: all of them see the index as it is now."""
        with self._reading() as connection:
            yield Snapshot(connection, self.path, self.build)

    def _reading(self) -> AbstractContextManager[sqlite3.Connection]:
        return self._pool.transaction()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the only writer for the length of the block; the same thread may nest it.

        Raises ``StoreLocked`` with the other's process id when another writer does not end within 5 s,
        ``StoreError`` when the store was not opened for writing.
        """
        if not self._write:
            raise StoreError(f"The index {self.path.parent} was opened for reading only.")
        with self._lock.held() as outermost:
            if not outermost:
                yield
                return
            with explained(self.path):
                self._writer = opening.connect(self.path, write=True)
            try:
                yield
            finally:
                self._writer.close()
                self._writer = None

    def put_report(
        self,
        report: Report,
        sections: Sequence[Section],
        chunks: Sequence[Chunk],
        vectors: np.ndarray,
        terms: Sequence[tuple[str, str]],
        intake: Intake | None = None,
        sketch: bytes = b"",
    ) -> list[int]:
        """Store a report in place of any with its id; returns the ids of its chunks, in their order.

        ``vectors``: float32, shape (len(chunks), dimension). ``terms``: for each chunk the folded and
        stemmed terms of its text and of its context, separated by spaces. ``sketch``: what its text can be
        recognised by, given back by ``sketches``. All or nothing: on an error,
        ``StoreFull`` among them, the index is as before. On return it is on the disk.
        """
        write.check_parts(report, sections, chunks, vectors, terms)
        values = write.check_vectors(vectors, self.build.dimension)
        with self._changing() as connection:
            write.delete_report(connection, report.id)
            ids = write.insert_report(connection, report, sections, chunks, values, terms, intake, sketch)
            write.next_generation(connection)
            return ids

    def remove_report(self, report_id: str) -> None:
        """Remove a report with all that belongs to it. Raises ``StoreError`` when there is none."""
        with self._changing() as connection:
            report_key(connection, report_id, self.path)
            write.delete_report(connection, report_id)
            write.next_generation(connection)

    def touch_report(self, report_id: str, *, path: str) -> None:
        """Note that a report's file has moved. What is searched, and so the generation, stays."""
        with self._changing() as connection:
            key = report_key(connection, report_id, self.path)
            connection.execute("UPDATE reports SET path = ? WHERE key = ?", (path, key))

    def set_index_stamp(self, sha256: str, generation: int, kind: str) -> None:
        """Note how the search cache was saved.

        Needs neither ``write`` nor ``writing()``: the cache is not part of what the index holds.
        """
        stamp = {"sha256": sha256, "generation": generation, "kind": kind}
        with explained(self.path):
            connection = opening.connect(self.path, write=True)
        with contextlib.closing(connection), self._transaction(connection):
            write.put_meta(connection, "index", stamp)

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        """One transaction of the writer: all of the block or, when it raises, nothing."""
        with self.writing(), self._transaction(self._writer) as connection:
            yield connection

    @contextmanager
    def _transaction(self, connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
        try:
            with explained(self.path):
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                connection.execute("COMMIT")
        except BaseException as error:
            connection.rollback()
            if isinstance(error, StoreFull):
                # Shrinks the log that filled the disk; readers that open next need room beside it.
                with contextlib.suppress(sqlite3.Error):
                    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            if isinstance(error, UnicodeEncodeError):
                # Half of a surrogate pair: a file name in another encoding, or a broken text layer.
                raise StoreError(f"A value cannot be stored in {self.path}: {error}.") from error
            raise
