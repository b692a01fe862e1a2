r"""Texts of the data folder as questions were written over them."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path

from rag.errors import ConfigError

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_REMOVED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff\ud800-\udfff]")
_HYPHEN = "\ufffe"  # what PDFium makes of a hyphen that breaks a word at a line's end


def clean(text: str) -> str:
    r"""``text`` with line ends as ``\n``, without control characters, byte order marks and lone surrogates.

    Nothing is stripped, and the beginning of a text is cleaned to the beginning of the cleaned text.
    """
    return _REMOVED.sub("", _LINE_ENDS.sub("\n", text))


def page_texts(path: Path) -> list[str]:
    """The text of each page of a PDF, in order, as PDFium extracts it.

    :raises ConfigError: pypdfium2 is not installed, or the file is no PDF that can be read.
    """
    try:
        import pypdfium2
    except ImportError:
        raise ConfigError(f"{path}: reading PDFs needs pypdfium2: pip install 'reportqa[eval]'.") from None
    try:
        with closing(pypdfium2.PdfDocument(path)) as document:
            return [_text(page).replace(_HYPHEN, "-") for page in document]
    except FileNotFoundError:
        raise ConfigError(f"{path} does not exist: put the set's file there.") from None
    except pypdfium2.PdfiumError as error:
        raise ConfigError(f"{path} cannot be read as a PDF ({error}). Get the file again.") from None


def _text(page: object) -> str:
    with closing(page), closing(page.get_textpage()) as text:  # type: ignore[attr-defined, type-var]
        return text.get_text_range()


def pdf_text(path: Path) -> str:
    """The cleaned text of a PDF, pages joined by blank lines. Errors as :func:`page_texts`."""
    return "\n\n".join(page for text in page_texts(path) if (page := clean(text).strip()))
