"""Files that a request names: only those that this process keeps for Gradio."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from stat import S_ISREG
from typing import Any
from urllib.parse import unquote

FILE_ROUTE = "/gradio_api/file="
_BROKEN_OFF_S = 600.0  # without a byte, an upload has been refused long before


def is_kept(name: str, folder: Path) -> bool:
    """Whether ``name`` is the path of a file below ``folder``, whatever links lead there."""
    if not name.startswith("/") and not Path(name).is_absolute():
        return False
    if "\x00" in name or "%" in name or "://" in name or ".." in Path(name).parts:
        return False
    real = os.path.realpath(name)
    return real.startswith(f"{os.path.realpath(folder)}{os.sep}")


def files_named(data: Any) -> Iterator[str]:
    """The path of every object in JSON data that Gradio would take for a file, and the addresses of such objects."""
    waiting = [data]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if isinstance(value.get("path"), str):
                yield from (value[key] for key in ("path", "url") if isinstance(value.get(key), str))
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)


def is_harmless(data: Any, folder: Path | None) -> bool:
    """Whether JSON data names only kept files, by path or by their address on this server.

    Gradio fetches a path that is an address, and the address of a file that a page was given.
    """
    for name in files_named(data):
        _, route, path = name.partition(FILE_ROUTE)
        # a browser encodes blanks and accents in an address, once
        if folder is None or not is_kept(unquote(path) if route else name, folder):
            return False
    return True


def tidied(folder: Path, now: float) -> int:
    """Bytes of all files below ``folder``, once what uploads that broke off have left there is removed."""
    size = 0
    for path in folder.rglob("*"):
        try:
            status = path.stat(follow_symlinks=False)
            if not S_ISREG(status.st_mode):
                continue
            # Gradio gives a file its name when it is whole; until then it is tmp… at the top.
            if path.parent == folder and path.name.startswith("tmp") and now - status.st_mtime > _BROKEN_OFF_S:
                path.unlink()
            else:
                size += status.st_size
        except FileNotFoundError:  # moved or removed meanwhile
            continue
    return size
