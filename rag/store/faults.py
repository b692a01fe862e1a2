"""SQLite's and the system's errors in the words of ``rag.errors``."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum, auto
from pathlib import Path

from rag.errors import StoreDamaged, StoreError, StoreFull, StoreLocked

_FULL_BELOW_BYTES = 256 * 1024  # less than this free, and SQLite's vague "disk I/O error" means a full disk


class Fault(Enum):
    """What is the matter with a database file."""

    DAMAGED = auto()
    IN_USE = auto()
    FULL = auto()
    UNUSABLE = auto()  # its disk or its permissions


def fault_of(error: sqlite3.Error | OSError, path: Path) -> Fault | None:
    """What ``error`` says of the database ``path``; None when it tells of a mistake in the code that uses it."""
    if isinstance(error, OSError):
        return Fault.FULL if error.errno in (errno.ENOSPC, errno.EDQUOT) else Fault.UNUSABLE
    # The low byte is the primary code, the rest details it: 522 = SQLITE_IOERR (10) | 2 << 8.
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    missing_part = code == sqlite3.SQLITE_ERROR and str(error).startswith("no such")  # table or column
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) or missing_part:
        return Fault.DAMAGED
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return Fault.IN_USE
    if code == sqlite3.SQLITE_FULL:
        return Fault.FULL
    if code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN) and _free_bytes(path) < _FULL_BELOW_BYTES:
        return Fault.FULL
    if code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        return Fault.UNUSABLE
    return None


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
    if fault_of(error, path) is Fault.FULL:
        return full(path)
    return StoreError(f"{path} cannot be used: {error.strerror}. Check the path and its permissions.")


def _translate(error: sqlite3.Error, path: Path) -> Exception:
    match fault_of(error, path):
        case Fault.DAMAGED:
            return damaged(path, f"is damaged or not an index ({error})")
        case Fault.IN_USE:
            return StoreLocked(f"Another process is using {path}. Wait until it is done, then try again.")
        case Fault.FULL:
            return full(path)
        case Fault.UNUSABLE:
            return StoreError(
                f"{path} cannot be used: {error}. Its folder should be on a local disk that this user may write "
                "to: SQLite keeps its lock files there, also for reading."
            )
    if isinstance(error, sqlite3.IntegrityError):
        return ValueError(f"parts of a report contradict each other: {error}")
    return error


def _free_bytes(path: Path) -> int:
    return shutil.disk_usage(path.parent).free if path.parent.exists() else 0
