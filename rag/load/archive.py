"""The ZIP archive of a .docx, .pptx or .xlsx file, looked at before anything is unpacked for use."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

from rag.errors import ReportError

MAX_ENTRIES = 10_000
MAX_ENTRY_BYTES = 128_000_000  # 128 MB unpacked
MAX_TOTAL_BYTES = 512_000_000  # 512 MB unpacked
MAX_RATIO = 100  # of unpacked to packed bytes, for entries over 1 MB; XML of reports has up to 30
_RATIO_FROM_BYTES = 1_000_000

_TYPES = "[Content_Types].xml"
_MAX_TYPES_BYTES = 4_000_000  # 4 MB: a workbook with thousands of sheets has 1 MB
_MAIN = {  # the type of the main part, and what it shows
    "wordprocessingml.document.main+xml": ".docx",
    "presentationml.presentation.main+xml": ".pptx",
    "spreadsheetml.sheet.main+xml": ".xlsx",
    "ms-word.document.macroEnabled.main+xml": ".docm",
    "ms-powerpoint.presentation.macroEnabled.main+xml": ".pptm",
    "ms-excel.sheet.macroEnabled.main+xml": ".xlsm",
    "wordprocessingml.template.main+xml": ".dotx",
    "presentationml.slideshow.main+xml": ".ppsx",
    "spreadsheetml.template.main+xml": ".xltx",
    "ms-excel.sheet.binary.macroEnabled.main": ".xlsb",
}
_MAIN_TYPE = re.compile("|".join(re.escape(kind) for kind in _MAIN))
_UNSAFE_NAME = re.compile(r"^[/\\]|^[A-Za-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)|\x00")
_DTD_WITHIN = 65_536  # bytes of a part in which a document type would have to stand, before the first element
_DTD = re.compile(rb"<\x00?!\x00?(?:D\x00?O\x00?C\x00?T\x00?Y\x00?P\x00?E|E\x00?N\x00?T\x00?I\x00?T\x00?Y)")


def check_archive(data: bytes, path: Path) -> tuple[str, ...]:
    """Warnings about an Office file's archive: what it holds and is not read.

    :raises ReportError: it is damaged or encrypted; too large, or made to expand without end; its entries have names
        that are unsafe or not unique; its XML declares entities; or it is not what its suffix says.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_entries(entries, path)
            _check_kind(archive, path)
            _check_parts(archive, entries, path)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, KeyError) as error:
        raise ReportError(
            f"{path} is damaged: its archive cannot be unpacked ({_plain(error)}). Open it and save it again."
        ) from error
    macros = any(entry.filename.lower().endswith("vbaproject.bin") for entry in entries)
    return ("it holds macros, which are not read",) if macros else ()


def _check_entries(entries: Sequence[zipfile.ZipInfo], path: Path) -> None:
    if len(entries) > MAX_ENTRIES:
        raise ReportError(f"{path} holds {len(entries):,} files; the limit is {MAX_ENTRIES:,}: split the report.")
    names: set[str] = set()
    for entry in entries:
        name = entry.filename
        if entry.flag_bits & 0x1:
            raise ReportError(f"{path} is encrypted: open it, take off its password and save it again.")
        if _UNSAFE_NAME.search(entry.orig_filename) or name in names:
            raise ReportError(f"{path} is not a sound archive: the name {name[:80]!r} in it is unsafe or stands twice.")
        names.add(name)
        if entry.file_size > MAX_ENTRY_BYTES:
            raise ReportError(_expands(path, f"{name[:80]!r} to {entry.file_size / 1e6:,.0f} MB", MAX_ENTRY_BYTES))
        if entry.file_size > max(_RATIO_FROM_BYTES, MAX_RATIO * entry.compress_size):
            raise ReportError(f"{path} expands beyond the limit: {name[:80]!r} in it grows over {MAX_RATIO} times.")
    total = sum(entry.file_size for entry in entries)
    if total > MAX_TOTAL_BYTES:
        raise ReportError(_expands(path, f"to {total / 1e6:,.0f} MB", MAX_TOTAL_BYTES))


def _expands(path: Path, what: str, limit: int) -> str:
    return f"{path} expands beyond the limit: {what}, where {limit / 1e6:.0f} MB are read. Split the report."


def _check_kind(archive: zipfile.ZipFile, path: Path) -> None:
    """The suffix must be that of the main part's type; python-docx and the like take no other."""
    suffix = path.suffix.lower()
    if "mimetype" in archive.namelist():
        raise ReportError(f"{path} seems to be an OpenDocument or EPUB file: save it as {suffix} in its own program.")
    if _TYPES not in archive.namelist():
        raise ReportError(f"{path} seems to be a ZIP archive, not a {suffix} file: unpack it and give its files.")
    types = _read(archive, _TYPES, _MAX_TYPES_BYTES).decode("utf-8", errors="replace")
    match = _MAIN_TYPE.search(types)
    found = _MAIN[match.group()] if match else ""
    if found and found != suffix:
        raise ReportError(f"{path} seems to be a {found} file: {_renamed(found, path)}.")
    if not found:
        raise ReportError(f"{path} holds no document that can be read: open it and save it again as {suffix}.")


def _renamed(found: str, path: Path) -> str:
    if found in (".docx", ".pptx", ".xlsx"):
        return f"rename it to {path.with_suffix(found).name}"
    plain = next(kind for kind in (".docx", ".pptx", ".xlsx") if kind[1] == _FAMILY[found])
    return f"open it and save it as {plain}"


_FAMILY = {".docm": "d", ".dotx": "d", ".pptm": "p", ".ppsx": "p", ".xlsm": "x", ".xltx": "x", ".xlsb": "x"}


def _check_parts(archive: zipfile.ZipFile, entries: Sequence[zipfile.ZipInfo], path: Path) -> None:
    """No XML part may declare a document type or entities; the format forbids it and attacks use it."""
    for entry in entries:
        if entry.filename.lower().endswith((".xml", ".rels")) and _DTD.search(
            _read(archive, entry.filename, _DTD_WITHIN)
        ):
            raise ReportError(
                f"{path} declares XML entities in {entry.filename[:80]!r}, which may reach for other files: "
                "it is not read. Open it and save it again, or ask who sent it."
            )


def _read(archive: zipfile.ZipFile, name: str, limit: int) -> bytes:
    with archive.open(name) as part:
        return part.read(limit)


def _plain(error: Exception) -> str:
    return " ".join(str(error).split())[:100] or type(error).__name__
