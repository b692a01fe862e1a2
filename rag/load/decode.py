r"""From the bytes of a file to text, or to a reason why it is not text.

The text is what the file holds, character for character, with two exceptions: a byte order mark
is dropped, and line ends ``\r\n`` and ``\r`` become ``\n``. Nothing is stripped, so offsets
into the text hold for whoever opens the file in an editor.
"""

from __future__ import annotations

import codecs
import re
import stat
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rag.errors import ReportError
from rag.layout import Layout
from rag.load.sniff import refuse_misnamed

MAX_FILE_BYTES = 50_000_000  # 50 MB, about 8,000 pages of plain text
_MAX_CONTROL_SHARE = 0.05  # of all characters; text has few, though some converters mark each hyphen with one
_MAX_BROKEN_SHARE = 0.5  # of the bytes above 127: fewer broken ones mean damaged UTF-8

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What English and Spanish texts hold beyond ASCII. Which of the old encodings a file is in shows
# by how many of its high bytes come out as one of these.
_EXPECTED = frozenset("áéíóúüñÁÉÍÓÚÜÑ¿¡ªº°«»“”‘’„–—•…·€£©®™§¹²³¼½¾±×\xa0\xad")
_LIKELY = _EXPECTED | frozenset("àèìòùâêîôûäëïöçãõåøæÀÈÌÒÙÂÊÎÔÛÄËÏÖÇÃÕÅØÆ†‡‹›ßœŒ")
_OLD_ENCODINGS = ("cp1252", "latin-1", "cp850", "mac-roman")  # a tie goes to the first
_HIGH = re.compile(r"[^\x00-\x7f]+")
_BROKEN = re.compile("[\udc80-\udcff]")  # what "surrogateescape" makes of bytes that are no UTF-8
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Content:
    """What a loader gets out of a file. ``warnings`` are for the reader of the report's entry.

    ``title`` and ``published`` are what the file's own properties or first page state ("" and None: nothing),
    ``layout`` is None for plain text.
    """

    text: str
    warnings: tuple[str, ...] = ()
    layout: Layout | None = None
    title: str = ""
    published: date | None = None


def read_bytes(path: Path) -> bytes:
    """All bytes of a regular file of at most ``MAX_FILE_BYTES``.

    :raises ReportError: it is a folder, a pipe or device (which could block for ever) or too
        large (then nothing is read), or the system does not let us read it.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            kind = "a folder" if stat.S_ISDIR(status.st_mode) else "a pipe, socket or device"
            raise ReportError(f"{path} is {kind}, not a file: give a report's file.")
        if status.st_size > MAX_FILE_BYTES:
            raise ReportError(_too_large(path, status.st_size))
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)  # it may have grown since
    except FileNotFoundError:
        raise ReportError(f"{path} does not exist: check the path.") from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise ReportError(f"{path} cannot be read ({reason}): check the file and its permissions.") from error
    if len(data) > MAX_FILE_BYTES:
        raise ReportError(_too_large(path, len(data)))
    return data


def _too_large(path: Path, size: int) -> str:
    return (
        f"{path} is {size / 1e6:,.1f} MB; the limit is {MAX_FILE_BYTES / 1e6:,.0f} MB: split it into several reports."
    )


def load_text(data: bytes, path: Path) -> Content:
    """Text of a plain-text or Markdown file's bytes; ``path`` is only named in errors.

    UTF-8, and UTF-16 or UTF-32 with a byte order mark, are read as such. Otherwise the likeliest
    of cp1252, Latin-1, cp850 and Mac Roman is taken, with a warning.

    :raises ReportError: it is not text, it is empty, or it is in none of these encodings.
    """
    refuse_misnamed(data, path)
    return Content(*decode_text(data, path))


def decode_text(data: bytes, path: Path) -> tuple[str, tuple[str, ...]]:
    """Text of bytes in whatever encoding, as for :func:`load_text`, and warnings about it."""
    text, warnings = _decode(data, path)
    controls = len(_CONTROL.findall(text))
    if "\x00" in text or controls > _MAX_CONTROL_SHARE * len(text):
        raise ReportError(f"{path} is a binary file, not text: save the report as .pdf, .docx or .txt.")
    if not text.strip():
        raise ReportError(f"{path} is empty: there is no text to read in it.")
    return text.replace("\r\n", "\n").replace("\r", "\n"), warnings


def _decode(data: bytes, path: Path) -> tuple[str, tuple[str, ...]]:
    mark, encoding = next(((m, e) for m, e in _MARKS if data.startswith(m)), (b"", "utf-8"))
    try:
        return data[len(mark) :].decode(encoding), ()
    except UnicodeDecodeError as error:
        offset = len(mark) + error.start
        if mark or (b"\x00" not in data and _is_damaged_utf8(data)):
            raise ReportError(
                f"{path} is damaged: the byte at offset {offset} ({_line(data, offset)}) is not "
                f"{encoding.upper()}, though the rest is. Save the report again as UTF-8."
            ) from None
    # A file full of NULs is no text in any of these; the caller finds them in the Latin-1 text.
    old = "latin-1" if b"\x00" in data else _old_encoding(data)
    if old is None:
        raise ReportError(
            f"{path} cannot be decoded: the byte at offset {offset} ({_line(data, offset)}) is not UTF-8, "
            f"and no encoding tried ({', '.join(_OLD_ENCODINGS)}) gives English or Spanish. "
            "Save the report as UTF-8."
        )
    return data.decode(old), (f"not UTF-8: read as {old}",)


def _is_damaged_utf8(data: bytes) -> bool:
    high = len(data) - len(data.translate(None, bytes(range(128, 256))))
    broken = len(_BROKEN.findall(data.decode("utf-8", errors="surrogateescape")))
    return broken < _MAX_BROKEN_SHARE * high


def _old_encoding(data: bytes) -> str | None:
    """The encoding whose characters are the most expected ones; None when most are unlikely."""
    best, best_score = None, 0.5  # at least half of the characters must be plausible
    for encoding in _OLD_ENCODINGS:
        try:
            runs = _HIGH.findall(data.decode(encoding))
        except UnicodeDecodeError:  # cp1252 leaves five bytes undefined
            continue
        # "ñí" happens, but three such letters together are another script, read wrongly.
        likely = "".join(run for run in runs if sum(c.isalpha() for c in run) < 3)
        score = sum((c in _EXPECTED) + (c in _LIKELY) for c in likely) / (2 * len("".join(runs)))
        if score > best_score:
            best, best_score = encoding, score
    return best


def _line(data: bytes, offset: int) -> str:
    line = data.count(b"\n", 0, offset) + 1
    return f"line {line}"
