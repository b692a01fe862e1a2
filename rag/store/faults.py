"""SQLite's and the system's errors in the words of ``rag.errors``."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.errors import StoreDamaged, StoreError, StoreFull, StoreLocked

FULL_BELOW_BYTES = 256 * 1024  # less than this free, and SQLite's vague "disk I/O error" means a full disk


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn a ``sqlite3.Error`` about the database ``path`` into a ``StoreError``."""
    try:
        yield
    except sqlite3.Error as error:
        raise _translate(error, path) from error


@contextmanager
def decoding(path: Path) -> Iterator[None]:
    """Turn an error in decoding a stored value into ``StoreDamaged``: only whole values were written."""
    try:
        yield
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        raise damaged(path, f"holds a value that makes no sense ({error})") from error


def damaged(path: Path, fault: str) -> StoreDamaged:
    """Say what is wrong with the database and how to get a sound one."""
    return StoreDamaged(
        f"{path} {fault}. Move it away, together with any {path.name}-wal and {path.name}-shm beside it, "
        f"then build the index again: reportqa ingest PATH --index {path.parent}"
    )


def full(path: Path) -> StoreFull:
    """Say how little space is left, and that nothing is lost."""
    return StoreFull(
        f"The disk is full: {_free_bytes(path):,} bytes are free in {path.parent}, and the index needs more. "
        "Nothing that was stored is lost. Free some space, then run the same command again."
    )


def from_system(error: OSError, path: Path) -> StoreError:
    """Error of a file operation on ``path`` as a ``StoreError``."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return full(path)
    return StoreError(f"{path} cannot be used: {error.strerror}. Check the path and its permissions.")


def _translate(error: sqlite3.Error, path: Path) -> Exception:
    # The low byte is the primary code, the rest details it: 522 = SQLITE_IOERR (10) | 2 << 8.
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    missing_part = code == sqlite3.SQLITE_ERROR and str(error).startswith("no such")  # table or column
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) or missing_part:
        return damaged(path, f"is damaged or not an index ({error})")
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StoreLocked(f"Another process is using {path}. Wait until it is done, then try again.")
    if code == sqlite3.SQLITE_FULL:
        return full(path)
    if code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN) and _free_bytes(path) < FULL_BELOW_BYTES:
        return full(path)
    if code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        return StoreError(
            f"{path} cannot be used: {error}. Its folder should be on a local disk that this user may write "
            "to: SQLite keeps its lock files there, also for reading."
        )
    if code == sqlite3.SQLITE_CONSTRAINT:
        return ValueError(f"parts of a report contradict each other: {error}")
    return error  # a mistake in this code, not in the file


def _free_bytes(path: Path) -> int:
    return shutil.disk_usage(path.parent).free if path.parent.exists() else 0
