"""Read connections that threads share without ever sharing one."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.errors import StoreError
from rag.store.faults import explained
from rag.store.opening import connect

IDLE_CONNECTIONS = 8


class Pool:
    """Lends read connections to the database ``path`` and keeps a few idle ones."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._guard = threading.Lock()  # of the two below
        self._idle: list[sqlite3.Connection] = []
        self._closed = False

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection that is in a read transaction; what it sees is fixed when the block starts."""
        connection = self._borrow()
        try:
            with explained(self._path):
                connection.execute("BEGIN")
                connection.execute("SELECT count(*) FROM meta").fetchone()  # BEGIN alone fixes nothing yet
                yield connection
        finally:
            self._give_back(connection)

    def close(self) -> None:
        """Lend no more. A connection that is in use is closed when it comes back."""
        with self._guard:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _borrow(self) -> sqlite3.Connection:
        with self._guard:
            if self._closed:
                raise StoreError(f"The index in {self._path.parent} was closed. Open it again.")
            if self._idle:
                return self._idle.pop()
        with explained(self._path):
            return connect(self._path)

    def _give_back(self, connection: sqlite3.Connection) -> None:
        connection.rollback()
        with self._guard:
            keep = not self._closed and len(self._idle) < IDLE_CONNECTIONS
            if keep:
                self._idle.append(connection)
        if not keep:
            connection.close()
