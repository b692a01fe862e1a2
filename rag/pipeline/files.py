"""Where the files of stored reports are, and whether they are still there."""

from __future__ import annotations

from pathlib import Path


def inside(path: str, folder: Path) -> bool:
    """Whether a path lies in a folder."""
    # As written, links unresolved, as in the stored path.
    return Path(path).is_relative_to(folder)


def is_gone(path: str) -> bool:
    """Whether a file is known not to be there; one behind a locked door may be."""
    try:
        Path(path).stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def is_another(known: str, path: str) -> bool:
    """Whether a report's known file is still there and is not the one at ``path``."""
    if known == path or is_gone(known):
        return False
    try:
        return not Path(known).samefile(path)
    except OSError:
        return True
