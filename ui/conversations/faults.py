"""What can go wrong with conversations, in words."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.errors import RagError

_FULL_BELOW_BYTES = 256 * 1024  # less than this free, and SQLite's vague "disk I/O error" means a full disk


class ConversationError(RagError):
    """A conversation cannot be kept or read; its file is damaged, foreign, in use or has no space."""


class ConversationMissing(ConversationError):
    """The user has no such conversation or entry; whether another user has, is not told."""

    def __init__(self) -> None:
        super().__init__("This conversation is no longer there. Start a new one, or choose another from the list.")


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn SQLite's and the system's errors about the file ``path`` into a ``ConversationError``."""
    try:
        yield
    except sqlite3.Error as error:
        raise _translate(error, path) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise _full(path) from error
        raise ConversationError(
            f"{path} cannot be used: {error.strerror}. Check the path and its permissions."
        ) from error


def damaged(path: Path, fault: str) -> ConversationError:
    """Say what is wrong with the file, and that it can be moved away."""
    return ConversationError(
        f"{path} {fault}. Bring it back from a copy, or move it away together with any {path.name}-wal and "
        f"{path.name}-shm beside it: then conversations begin anew."
    )


def _full(path: Path) -> ConversationError:
    return ConversationError(
        f"The disk of {path.parent} is full, so this was not saved. Nothing that was saved is lost. "
        "Free some space, then try again."
    )


def _translate(error: sqlite3.Error, path: Path) -> Exception:
    # The low byte is the primary code, the rest details it: 522 = SQLITE_IOERR (10) | 2 << 8.
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    missing_part = code == sqlite3.SQLITE_ERROR and str(error).startswith("no such")  # table or column
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) or missing_part:
        return damaged(path, f"is damaged or holds no conversations ({error})")
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return ConversationError(f"Another process is using {path}. Wait until it is done, then try again.")
    if code == sqlite3.SQLITE_FULL:
        return _full(path)
    if code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN) and _free_bytes(path) < _FULL_BELOW_BYTES:
        return _full(path)
    if code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        return ConversationError(
            f"{path} cannot be used: {error}. Its folder should be on a local disk that this user may write to."
        )
    return error  # a mistake in this code, not in the file


def _free_bytes(path: Path) -> int:
    return shutil.disk_usage(path.parent).free if path.parent.exists() else 0
