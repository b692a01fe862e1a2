"""What a file is by its first bytes, whatever its name says."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from rag.errors import ReportError

_ZIP, _OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LFS = b"version https://git-lfs.github.com/spec"
# First bytes, what they show, and the suffix that such a file should have; "" where none is read.
_KINDS: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF-", "a PDF", ".pdf"),
    (_ZIP, "a ZIP archive or an Office document (.docx, .xlsx, .odt)", ""),
    (_OLD_OFFICE, "an old Office document (.doc, .xls) or one with a password", ""),
    (b"{\\rtf", "a rich text document (.rtf)", ""),
    (b"\x89PNG\r\n", "a PNG image", ""),
    (b"\xff\xd8\xff", "a JPEG image", ""),
    (b"GIF8", "a GIF image", ""),
    (b"II*\x00", "a TIFF image", ""),
    (b"MM\x00*", "a TIFF image", ""),
    (b"\x1f\x8b", "a gzip archive", ""),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", ""),
    (b"Rar!\x1a\x07", "a RAR archive", ""),
    (_LFS, "a Git LFS pointer, not the file that it stands for", ""),
)
_HTML = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html[\s>])", re.IGNORECASE)
_PDF_WITHIN = 1024  # bytes that may come before the mark of a PDF, by the habit of its readers
_ARCHIVES = frozenset({".docx", ".pptx", ".xlsx"})
_WEB_SUFFIXES = frozenset({".html", ".htm"})
_ADVICE = {
    _LFS: "fetch the file itself with `git lfs pull`",
    _ZIP: "unpack it, or give it the suffix that it had",
    _OLD_OFFICE: "open it, take off the password and save it as .docx, .pptx or .xlsx",
}


def refuse_misnamed(data: bytes, path: Path) -> None:
    """Check that the bytes of a file can be what its suffix promises.

    :raises ReportError: they are something else. It says what, and which suffix to give the file.
    """
    suffix = path.suffix.lower()
    if suffix == ".pdf":
        if b"%PDF-" in data[:_PDF_WITHIN]:
            return
    elif suffix in _ARCHIVES and data.startswith(_ZIP):
        return
    kind, right, advice = _kind(data)
    if right == suffix or (right == ".html" and suffix in _WEB_SUFFIXES):
        return
    if kind:
        advice = f"rename it to {path.with_suffix(right).name}" if right else advice
        raise ReportError(f"{path} seems to be {kind}: {advice}.")
    if suffix == ".pdf" or suffix in _ARCHIVES:
        raise ReportError(f"{path} is damaged or no {suffix} file: its first bytes are not those of one.")


def _kind(data: bytes) -> tuple[str, str, str]:
    """What the bytes show, the suffix that goes with it, and what to do where there is none."""
    for first_bytes, kind, suffix in _KINDS:
        if data.startswith(first_bytes):
            return kind, suffix, _ADVICE.get(first_bytes, "save the report as .pdf, .docx or .txt")
    if _HTML.match(data[:1000].removeprefix(codecs.BOM_UTF8)):
        return "a web page (HTML)", ".html", ""
    return "", "", ""
