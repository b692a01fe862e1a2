"""The files that an index keeps itself: those uploaded to it, in its folder ``files/``.

A file gets its name only once it is whole and on the disk. While a file is being replaced, the former one is kept
in ``.former/`` until the index holds the new one.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import shutil
import stat
import tempfile
import unicodedata
from collections.abc import Container, Mapping
from pathlib import Path

from rag.errors import ReportError, StoreError
from rag.load import LOADERS, MAX_FILE_BYTES
from rag.store.faults import from_system
from rag.store.opening import make_folder, sync_folder

FILES = "files"
_FORMER = ".former"
_NEW = ".new-"  # begins the name of a file that is still being written
_MAX_STEM_BYTES = 180  # a file name may have 255; room for a number and the suffix
_UNSAFE = re.compile(r'[\\/:*?"<>|]')


def safe_name(name: str) -> str:
    """A file name without folders, hidden start or characters that cannot be shown, NFC, of limited length.

    :raises ReportError: its format is not read.
    """
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    # C: control, format (which can turn the writing around), surrogates, unassigned
    shown = "".join(" " if unicodedata.category(char)[0] in "CZ" else char for char in last)
    shown = _UNSAFE.sub("_", " ".join(shown.split())).lstrip(". ")
    stem, _, suffix = shown.rpartition(".")
    if f".{suffix.lower()}" not in LOADERS:
        raise ReportError(f"{shown or 'The file'}: its format is not read; {', '.join(LOADERS)} are.")
    stem = stem.encode("utf-8")[:_MAX_STEM_BYTES].decode("utf-8", "ignore").strip(". ")
    return f"{stem or 'report'}.{suffix}"


def numbered(name: str, taken: Container[str]) -> str:
    """``name`` with the first number behind its stem that makes a report id not in ``taken``."""
    stem, _, suffix = name.rpartition(".")
    number = next(number for number in range(2, 10_000) if f"{stem} ({number})" not in taken)
    return f"{stem} ({number}).{suffix}"


class Uploads:
    """The files of one index. The caller sees to it that one thread at a time changes them."""

    def __init__(self, index_dir: Path) -> None:
        self.folder = index_dir / FILES
        make_folder(self.folder)

    def path(self, name: str) -> Path:
        """Where a file of that name is kept."""
        return self.folder / name

    def holds(self, path: str | Path) -> bool:
        """Whether a path is that of a kept file."""
        return Path(path).parent == self.folder

    def paths(self) -> list[Path]:
        """All kept files, by name."""
        found = (path for path in self.folder.iterdir() if path.suffix.lower() in LOADERS)
        return sorted(path for path in found if path.is_file() and not path.name.startswith("."))

    def place(self, data: Path, name: str) -> Path:
        """Copy ``data`` to ``name``; the file of that name, if any, is kept aside until :meth:`settle`.

        :raises ReportError: ``data`` is no regular file, or too large.
        :raises StoreError: it cannot be copied, ``StoreFull`` when the disk is full; nothing has changed then.
        """
        path, new = self.path(name), self._copied(data)
        try:
            if path.exists():
                make_folder(self._former(path).parent)
                path.replace(self._former(path))
            new.replace(path)
            sync_folder(self.folder)
        except OSError as error:
            new.unlink(missing_ok=True)
            if self._former(path).exists():
                self._former(path).replace(path)
            raise from_system(error, path) from error
        return path

    def settle(self, path: Path, sha256_of: Mapping[str, str]) -> None:
        """Keep a placed file if the index holds it, as ``sha256_of`` (by path) says; else bring back what was there."""
        former = self._former(path)
        if path.exists() and sha256_of.get(str(path)) == _sha256(path):
            former.unlink(missing_ok=True)
        elif former.exists():
            former.replace(path)
        else:
            path.unlink(missing_ok=True)

    def delete(self, path: str | Path) -> None:
        """Delete a kept file; a file elsewhere is left alone."""
        if self.holds(path):
            with contextlib.suppress(FileNotFoundError):
                Path(path).unlink()

    def recover(self, sha256_of: Mapping[str, str]) -> None:
        """Clear away what a crash left: half-written files, and files that were being replaced."""
        for left in self.folder.glob(f"{_NEW}*"):
            left.unlink(missing_ok=True)
        for former in (self.folder / _FORMER).glob("*"):
            self.settle(self.path(former.name), sha256_of)

    def _former(self, path: Path) -> Path:
        return self.folder / _FORMER / path.name

    def _copied(self, data: Path) -> Path:
        handle, name = -1, ""
        try:
            with data.open("rb") as source:
                status = os.fstat(source.fileno())
                if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_FILE_BYTES:
                    size = f"{status.st_size / 1e6:.0f} MB; at most {MAX_FILE_BYTES / 1e6:.0f} MB are read"
                    raise ReportError(f"{data.name} has {size}. Split it, or leave out what is not needed.")
                handle, name = tempfile.mkstemp(prefix=_NEW, dir=self.folder)  # mode 0600
                with os.fdopen(handle, "wb") as file:
                    shutil.copyfileobj(source, file, 1024 * 1024)
                    file.flush()
                    os.fsync(file.fileno())
        except OSError as error:
            if name:
                Path(name).unlink(missing_ok=True)
            if error.errno in (errno.ENOSPC, errno.EDQUOT) or name:
                raise from_system(error, self.folder / data.name) from error
            raise StoreError(f"{data} cannot be read ({error.strerror}): upload it again.") from error
        return Path(name)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
