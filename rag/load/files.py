"""Which files are reports: walks files and folders and says why a file is left out."""

from __future__ import annotations

import os
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rag.errors import ReportError
from rag.load.apart import Apart
from rag.load.catalogue import CATALOGUE_NAME, Metadata, read_catalogue, unknown_reports
from rag.load.decode import Content, load_text
from rag.load.filename import report_id
from rag.load.limits import limits_for

Loader = Callable[[bytes, Path], Content]

_OCR_S_PER_MB = (
    300.0  # a scanned page is about 50 kB and takes OCR 3 s, on a busy machine 15; hangs end by processor time
)

LOADERS: dict[str, Loader] = {
    ".txt": load_text,
    ".md": load_text,
    ".pdf": Apart("rag.load.pdf:load_pdf", partial(limits_for, wall_s_per_mb=_OCR_S_PER_MB)),
    ".docx": Apart("rag.load.office:load_docx"),
    ".pptx": Apart("rag.load.office:load_pptx"),
    ".xlsx": Apart("rag.load.office:load_xlsx"),
    ".csv": Apart("rag.load.office:load_csv"),
    ".html": Apart("rag.load.web:load_html"),
    ".htm": Apart("rag.load.web:load_html"),
    ".eml": Apart("rag.load.mail:load_eml"),
}
"""Loader by file suffix in lower case. A format is added by one entry here."""

_SAVE_AS = {  # by suffix, what files of other programs and with macros are to be saved as
    **dict.fromkeys((".doc", ".docm", ".dotx", ".odt", ".rtf", ".pages", ".wpd"), ".docx"),
    **dict.fromkeys((".xls", ".xlsm", ".xlsb", ".ods", ".numbers"), ".xlsx"),
    **dict.fromkeys((".ppt", ".pptm", ".ppsx", ".odp", ".key"), ".pptx"),
    **dict.fromkeys((".epub", ".mobi", ".xps", ".djvu"), ".pdf"),
    **dict.fromkeys((".tsv", ".json", ".xml"), ".csv"),
    **dict.fromkeys((".mht", ".mhtml", ".xhtml"), ".html"),
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".tif", ".tiff"), ".pdf"),
    ".msg": ".eml",
    ".markdown": ".md",
}


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read, by absolute path, with what ``reports.toml`` beside it states about it."""

    path: Path
    metadata: Metadata | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file or folder that is not read, and why."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class Found:
    """Reports under the paths given: folders as given, files sorted by name, subfolders last."""

    sources: tuple[Source, ...]
    skipped: tuple[Skipped, ...] = ()
    warnings: tuple[str, ...] = ()


def find_files(paths: str | Path | Iterable[str | Path]) -> Found:
    """All reports among ``paths``, files or folders; a file reached twice is found once.

    Folders are walked to the bottom. Hidden files and folders and ``reports.toml`` are passed
    over; other files that cannot be read, links that leave the folder, and a second report with
    the same id are in ``skipped``. Whether a file's content can be read only shows on loading.
    A ``reports.toml`` holds for the reports of its folder and of the folders below it, as far as
    these have no table of their own.

    :raises ReportError: a path does not exist, a file named outright is in a format that is not
        read or has an id that is taken, or a folder holds no reports.
    :raises MetadataError: a ``reports.toml`` is malformed.
    """
    walk = _Walk()
    for item in [paths] if isinstance(paths, str | Path) else paths:
        path = absolute(item)
        if path.is_dir():
            walk.add_folder(path)
        elif not os.path.lexists(path):
            raise ReportError(f"{shown(path)} does not exist: check the path.")
        elif reason := walk.add(path, path.parent):
            raise ReportError(f"{shown(path)}: {reason}.")
    return walk.found()


def absolute(path: str | Path) -> Path:
    """``path`` from the root, ``~`` and ``..`` worked out, links kept."""
    return Path(os.path.abspath(Path(path).expanduser()))  # noqa: PTH100 - resolve() would follow links


def shown(path: Path) -> str:
    """``path`` as text that can be printed, even when its bytes are no valid Unicode."""
    return os.fsencode(path).decode("utf-8", errors="backslashreplace")


class _Walk:
    """What has been found so far."""

    def __init__(self) -> None:
        self._paths: dict[str, Path] = {}  # by report id
        self._roots: dict[Path, Path] = {}  # the folder given, or a given file's own, by path
        self._targets: set[Path] = set()  # the files behind the paths
        self._skipped: dict[Path, str] = {}

    def add(self, path: Path, root: Path) -> str:
        """Take in one file unless it is known already; the reason why not, or an empty string."""
        if reason := _why_not(path):
            return reason
        name, target = report_id(path), path.resolve()
        if target in self._targets:
            return ""
        if name in self._paths:
            return f"it would get the id {name!r} like {self._paths[name]}: rename one of them"
        self._targets.add(target)
        self._paths[name] = path
        self._roots[path] = root
        return ""

    def add_folder(self, root: Path) -> None:
        found = list(_files(root, self._skipped))
        # Links come last, so that a link to a file in the folder does not take that file's place.
        for path in sorted(found, key=Path.is_symlink):
            reason = _where_link_leads(path, root, self._targets) or self.add(path, root)
            if reason:
                self._skipped[path] = reason
        if not any(root in path.parents for path in self._roots):
            examples = [
                f"{shown(path.relative_to(root))} ({reason})"
                for path, reason in self._skipped.items()
                if root in path.parents
            ]
            because = f" Skipped: {', '.join(examples[:5])}." if examples else ""
            raise ReportError(f"{shown(root)} holds no reports: put {_formats()} files into it.{because}")

    def found(self) -> Found:
        catalogues: dict[Path, dict[str, Metadata]] = {}
        sources = []
        for name, path in self._paths.items():
            root = self._roots[path]
            stated = None
            for folder in (path.parent, *path.parent.parents):
                if folder not in catalogues:
                    catalogues[folder] = read_catalogue(folder)
                stated = stated or catalogues[folder].get(name)
                if folder == root:
                    break
            sources.append(Source(path, stated))
        skipped = (Skipped(path, reason) for path, reason in self._skipped.items())
        return Found(tuple(sources), tuple(skipped), tuple(self._unused(catalogues)))

    def _unused(self, catalogues: Mapping[Path, Mapping[str, Metadata]]) -> Iterator[str]:
        for folder, catalogue in catalogues.items():
            known = [name for name, path in self._paths.items() if folder in path.parents]
            if catalogue:  # only some of the folder's files may have been given
                known += [report_id(path) for path in folder.iterdir() if path.suffix.lower() in LOADERS]
            for warning in unknown_reports(catalogue, known):
                yield f"{shown(folder / CATALOGUE_NAME)}: {warning}"


def _why_not(path: Path) -> str:
    """Why a file is not read, as far as its name and kind show; empty when it can be."""
    try:
        str(path).encode("utf-8")
    except UnicodeEncodeError:
        return "its path is not valid UTF-8: rename it"
    if not path.exists():
        return "it is a link to nothing"
    if path.suffix.lower() not in LOADERS:
        return not_read(path)
    return "" if path.is_file() else "it is not a regular file"


def not_read(path: Path) -> str:
    """Say that a file's format is not read, and what to do or which formats are."""
    suffix = path.suffix.lower()
    if suffix in _SAVE_AS:
        return f"{suffix} is not read: save it as {_SAVE_AS[suffix]}"
    return f"{suffix or 'a file without suffix'} is not read: {_formats()} are"


def _formats() -> str:
    *others, last = LOADERS
    return f"{', '.join(others)} and {last}"


def _where_link_leads(path: Path, root: Path, known: Container[Path]) -> str:
    """Why a link is not followed; empty when it may be, or when ``path`` is no link."""
    if not path.is_symlink():
        return ""
    target, real_root = path.resolve(), root.resolve()
    if not target.is_relative_to(real_root):
        return "it is a link that leaves the folder"
    if target in known or target.is_dir():
        return f"it is a link to {shown(target.relative_to(real_root))}, which is read itself"
    return ""


def _files(root: Path, skipped: dict[Path, str]) -> Iterator[Path]:
    """Files and links below ``root``, hidden ones left out; folders that cannot be read go to ``skipped``."""

    def unreadable(error: OSError) -> None:
        if Path(error.filename) == root:
            raise ReportError(f"{shown(root)} cannot be read ({error.strerror}): check its permissions.")
        skipped[Path(error.filename)] = f"the folder cannot be read ({error.strerror})"

    for parent, folders, names in os.walk(root, onerror=unreadable):
        folders[:] = sorted(name for name in folders if not name.startswith("."))  # the order of descent
        linked = [name for name in folders if Path(parent, name).is_symlink()]  # os.walk passes them over
        for name in sorted([*names, *linked]):
            if not name.startswith(".") and name != CATALOGUE_NAME:
                yield Path(parent, name)
