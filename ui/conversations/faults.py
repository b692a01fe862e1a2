"""What can go wrong with conversations, in words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.errors import RagError
from rag.store.faults import Fault, fault_of


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
    except (sqlite3.Error, OSError) as error:
        explanation = _translate(error, path)
        if explanation is None:
            raise  # a mistake in this code, not in the file
        raise explanation from error


def damaged(path: Path, fault: str) -> ConversationError:
    """Say what is wrong with the file, and that it can be moved away."""
    return ConversationError(
        f"{path} {fault}. Bring it back from a copy, or move it away together with any {path.name}-wal and "
        f"{path.name}-shm beside it: then conversations begin anew."
    )


def _translate(error: sqlite3.Error | OSError, path: Path) -> ConversationError | None:
    match fault_of(error, path):
        case Fault.DAMAGED:
            return damaged(path, f"is damaged or holds no conversations ({error})")
        case Fault.IN_USE:
            return ConversationError(f"Another process is using {path}. Wait until it is done, then try again.")
        case Fault.FULL:
            return ConversationError(
                f"The disk of {path.parent} is full, so this was not saved. Nothing that was saved is lost. "
                "Free some space, then try again."
            )
        case Fault.UNUSABLE:
            return ConversationError(
                f"{path} cannot be used: {error}. Its folder should be on a local disk that this user may write to."
            )
    return None
