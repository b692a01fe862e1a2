"""The file that conversations are kept in: made, opened and checked, and its transactions."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ui.conversations.faults import ConversationError, damaged, explained

APPLICATION_ID = 0x72716331  # "rqc1"; SQLite keeps it in the file's header
VERSION = 1  # kept as PRAGMA user_version; raise it with every change of the tables below
_STAMPS = ("application_id", "user_version")
BUSY_S = 5.0
CHECKED_BELOW_BYTES = 64 * 1024 * 1024  # the check reads the whole file

# Every time is ISO 8601 in UTC with microseconds, so that text order is order in time. `folded` is for searching.
TABLES = """
CREATE TABLE conversations (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    user TEXT NOT NULL,
    title TEXT NOT NULL,
    folded TEXT NOT NULL,
    named INTEGER NOT NULL,  -- by the user, so that no question changes it
    created TEXT NOT NULL,
    updated TEXT NOT NULL
);
CREATE INDEX conversations_of ON conversations (user, updated);

-- AUTOINCREMENT: an answer that comes late never lands in another entry. `scope` and `answer` are JSON.
CREATE TABLE entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation INTEGER NOT NULL REFERENCES conversations (key) ON DELETE CASCADE,
    question TEXT NOT NULL,
    asked TEXT NOT NULL,
    scope TEXT NOT NULL,
    error TEXT NOT NULL DEFAULT '',
    stopped INTEGER NOT NULL DEFAULT 0,
    folded TEXT NOT NULL,
    answer TEXT
);
CREATE INDEX entries_of ON entries (conversation);

CREATE TABLE feedback (
    entry INTEGER PRIMARY KEY REFERENCES entries (id) ON DELETE CASCADE,
    good INTEGER NOT NULL,
    reason TEXT NOT NULL,
    correction TEXT NOT NULL,
    at TEXT NOT NULL
);
"""


class Database:
    """One connection that threads take in turn. Errors are raised as ``ConversationError``."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        with explained(path):
            self._connection = _open(path)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The connection, in a transaction, so that what is read belongs together."""
        with self._lock, explained(self._path):
            self._connection.execute("BEGIN")
            try:
                yield self._connection
            finally:
                self._connection.rollback()

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """The connection, in a transaction that is undone when anything fails."""
        with self._lock, explained(self._path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            finally:
                self._connection.rollback()  # nothing after a commit

    def close(self) -> None:
        """Close the connection once nobody uses it."""
        with self._lock:
            self._connection.close()


def _open(path: Path) -> sqlite3.Connection:
    """Connect to the file, made for its owner alone if it is not there; any thread may use it, one at a time.

    Raises ``ConversationError`` for a file that is damaged, another program's or a newer version's, else
    ``sqlite3.Error`` and ``OSError``.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.exists() and not path.is_file():
        raise damaged(path, "is not a file")
    os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))  # SQLite's own would be 0644
    if path.stat().st_mode & 0o077:
        path.chmod(0o600)
    connection = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
    try:
        _ready(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _ready(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("BEGIN IMMEDIATE")  # of two processes that start at once, one makes the tables
    application, version = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in _STAMPS)
    empty = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
    if empty and (application, version) == (0, 0):
        for statement in TABLES.split(";\n"):
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
    elif application != APPLICATION_ID:
        raise damaged(path, "belongs to another program")
    elif version != VERSION:
        raise ConversationError(
            f"{path} was written by another version of reportqa (conversations {version}, this one reads {VERSION}). "
            f"Install a{' newer' if version > VERSION else 'n older'} reportqa, or move the file away."
        )
    connection.execute("COMMIT")
    if path.stat().st_size < CHECKED_BELOW_BYTES:
        fault = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if fault != "ok":
            raise damaged(path, f"is damaged ({fault})")
    if connection.execute("PRAGMA journal_mode = WAL").fetchone() != ("wal",):
        raise ConversationError(f"{path.parent} has no shared memory for SQLite. Use a local disk.")
    connection.execute("PRAGMA synchronous = FULL")  # what was committed survives a power failure
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")  # what a user deletes is overwritten
