"""Connections, and the file that they are made to."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
from pathlib import Path

from rag.errors import StoreError, StoreMismatch, StoreMissing
from rag.store.build import Build
from rag.store.faults import damaged, decoding, explained, from_system
from rag.store.tables import APPLICATION_ID, SCHEMA_VERSION, TABLES
from rag.store.write import put_meta

FILE_NAME = "store.db"
BUSY_S = 4.0
CHECKED_BELOW_BYTES = 64 * 1024 * 1024  # the check reads the whole file: 0.03 s at this size


def connect(path: Path, *, write: bool = False) -> sqlite3.Connection:
    """Connect to an existing database; without ``write`` the connection refuses changes.

    It may be used by any thread, by one at a time.

    FULL: a commit has reached the disk when it returns, also when the power fails.
    """
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?{_access(path)}",
        uri=True,
        timeout=BUSY_S,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA trusted_schema = OFF")  # the file may come from someone else
        connection.execute(f"PRAGMA query_only = {'OFF' if write else 'ON'}")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _access(path: Path) -> str:
    read_only_disk = os.statvfs(path.parent).f_flag & os.ST_RDONLY
    if read_only_disk and not path.with_name(f"{path.name}-wal").exists():
        return "mode=ro&immutable=1"  # there, SQLite cannot make the files that tell of a writer
    return "mode=rw"  # creates no database; not "ro", since after a crash even a reader replays the log


def make_folder(folder: Path) -> None:
    """Make the folder of an index, for this user only, when it is not there."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise from_system(error, folder) from error


def create_file(path: Path, build: Build) -> None:
    """Make an empty index at ``path``, readable for this user only.

    The caller holds the writer lock. The file is made under another name and then renamed, so that a
    crash leaves no half-made index.
    """
    new = path.with_name(f"{path.name}.new")
    leavings = [new, *(new.with_name(new.name + end) for end in ("-journal", "-wal", "-shm"))]
    try:
        for left in leavings:  # of a process that was killed here
            left.unlink(missing_ok=True)
        os.close(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))  # SQLite's own would be 0644
        with explained(path), contextlib.closing(connect(new, write=True)) as connection:
            _fill(connection, build)
            if connection.execute("PRAGMA journal_mode = WAL").fetchone() != ("wal",):
                raise StoreError(f"{path.parent} has no shared memory for SQLite. Use a local disk.")
        new.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise from_system(error, path) from error
    finally:
        for left in leavings:
            left.unlink(missing_ok=True)


def _fill(connection: sqlite3.Connection, build: Build) -> None:
    connection.executescript(
        f"BEGIN; PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {SCHEMA_VERSION}; {TABLES}"
    )
    put_meta(connection, "encoder_name", build.encoder_name)
    put_meta(connection, "dimension", build.dimension)
    put_meta(connection, "fingerprint", build.fingerprint)
    put_meta(connection, "settings", build.settings)
    put_meta(connection, "generation", 0)
    connection.execute("COMMIT")


def sync_folder(folder: Path) -> None:
    """Make a rename in ``folder`` last through a power failure."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def check_file(path: Path) -> None:
    """Raise ``StoreMissing`` when there is nothing at ``path``, ``StoreDamaged`` when it is no database.

    SQLite would take an empty file for a new database and wait on a pipe.
    """
    try:
        if not path.exists():
            raise StoreMissing(
                f"There is no index in {path.parent}. Build one first: reportqa ingest PATH --index {path.parent}"
            )
        if not path.is_file():
            raise damaged(path, "is not a file")
        if path.stat().st_size == 0:
            raise damaged(path, "is empty")
    except OSError as error:
        raise from_system(error, path) from error


def outdated_paths(path: Path) -> list[str] | None:
    """Paths of the files whose reports are in an index of an older version; None when it is of this one.

    Raises ``StoreMissing`` and ``StoreDamaged`` as ``check_file``.
    """
    check_file(path)
    with explained(path), contextlib.closing(connect(path)) as connection:
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if application != APPLICATION_ID or version >= SCHEMA_VERSION:
            return None
        return [name for (name,) in connection.execute("SELECT path FROM reports")]  # in every version


def read_build(connection: sqlite3.Connection, path: Path) -> Build:
    """Check that the database is a sound index of this version, and read how it was built.

    Raises ``StoreDamaged``, or ``StoreMismatch`` when another version of reportqa wrote it.
    """
    with explained(path):
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        if application != APPLICATION_ID:
            raise damaged(path, f"belongs to another program (application id {application}, not {APPLICATION_ID})")
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version != SCHEMA_VERSION:
            age, what = ("n older", "Ingest") if version < SCHEMA_VERSION else (" newer", "Install that one, or ingest")
            raise StoreMismatch(
                f"{path} was built by a{age} reportqa (schema version {version}; this one reads {SCHEMA_VERSION}). "
                f"{what} the reports again, into a new folder (reportqa ingest PATH --index DIR) or, once "
                f"{path.parent} is deleted, into the same."
            )
        if path.stat().st_size < CHECKED_BELOW_BYTES:
            fault = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            if fault != "ok":
                raise damaged(path, f"is damaged ({fault})")
        meta = dict(connection.execute("SELECT key, value FROM meta"))
    with decoding(path):
        return Build(*(json.loads(meta[key]) for key in ("encoder_name", "dimension", "fingerprint", "settings")))
