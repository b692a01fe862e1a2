"""An open PDF file: its pages, read one by one, and what it says of itself."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from rag.errors import ReportError
from rag.load.french import report_language
from rag.load.pdf.ignored import ignored_parts
from rag.load.pdf.lines import lines_of
from rag.load.pdf.mend import BULLET
from rag.load.pdf.ocr import LANGUAGES
from rag.load.pdf.ocr import read_page as read_picture
from rag.load.pdf.records import RawPage, Word
from rag.load.pdf.told import Bookmark
from rag.load.pdf.words import read_page
from rag.text import fold

_OCR_DPI = 300
_MAX_PIXELS = 25_000_000  # a page of A4 at 300 dpi has 8.7 million
_FEW_WORDS = 12
_MAX_BOOKMARKS, _DEEPEST = 5_000, 8
_LARGE_PICTURE = 0.35  # of the page
_LIKE_BULLETS = frozenset("e + * ° ¢ © ® « » ¢ o".split())
_OCR_LANGUAGES = {"en": "eng", "es": "spa", "fr": "fra"}
_JUNK_TITLE = re.compile(
    r"microsoft|powerpoint|untitled|sin t[ií]tulo|sans titre|(?:document|presentation)\d*$|\.\w{2,5}$|[_\\]|"
    r"^\W*\w+\W*$",
    re.IGNORECASE,
)


@contextmanager
def open_document(data: bytes, path: Path) -> Iterator[Document]:
    """The PDF in ``data``, closed in the end.

    :raises ReportError: it cannot be opened or has no pages.
    """
    try:
        opened = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == pdfium_c.FPDF_ERR_PASSWORD:
            raise ReportError(f"{path} is locked with a password: save a copy without one, then add that.") from None
        raise ReportError(f"{path} is damaged or no PDF: open it in a PDF reader and save it anew.") from None
    try:
        if len(opened) == 0:
            raise ReportError(f"{path} has no pages: open it in a PDF reader and save it anew.")
        yield Document(opened, data)
    finally:
        opened.close()


class Document:
    """Reads pages, and keeps what the reader of the report's entry should know."""

    def __init__(self, opened: pdfium.PdfDocument, data: bytes) -> None:
        self._opened, self._data = opened, data
        self._hidden: list[int] = []
        self._failed: list[int] = []
        self._seen_text = ""
        self.count = len(opened)

    def page(self, number: int) -> RawPage:
        """Words and shapes of a page, by OCR where it is a picture; empty where it cannot be read."""
        page = None
        try:
            page = self._opened[number - 1]
            scene = read_page(page.raw, number)
            if scene.hidden:
                self._hidden.append(number)
            raw = scene.page
            if len(raw.words) < _FEW_WORDS and _is_picture(raw):
                raw = self._recognised(page, raw)
        except (pdfium.PdfiumError, ValueError, ArithmeticError, OSError):
            self._failed.append(number)
            return RawPage(number, 0.0, 0.0, ())
        finally:
            if page is not None:
                page.close()
        if len(self._seen_text) < 20_000:
            self._seen_text += " " + " ".join(word.text for word in raw.words)
        return raw

    def _recognised(self, page: pdfium.PdfPage, raw: RawPage) -> RawPage:
        scale = min(_OCR_DPI / 72, (_MAX_PIXELS / max(raw.width * raw.height, 1.0)) ** 0.5)
        bitmap = page.render(scale=scale, may_draw_forms=False)
        try:
            found = read_picture(bitmap.to_pil(), round(scale * 72), self._languages())
        finally:
            bitmap.close()
        if found is None or len(found[0]) <= len(raw.words):
            return raw
        words, sure = found
        if not _reads_as_text(words, raw.number):
            return raw
        return RawPage(raw.number, raw.width, raw.height, tuple(_with_bullets(words)), raw.shapes, sure)

    def _languages(self) -> tuple[str, ...]:
        """Of the pages so far; all where too little is known."""
        if len(self._seen_text) < 1_000:
            return LANGUAGES
        known = _OCR_LANGUAGES.get(report_language(self._seen_text))
        return (known,) if known else LANGUAGES

    def title(self, pages: Sequence[RawPage]) -> str:
        """The title in the file's properties where the first pages bear it out, "" otherwise."""
        title = " ".join(self._opened.get_metadata_value("Title").split())
        if not title or _JUNK_TITLE.search(title):
            return ""
        said = {fold(word.text).strip(".,:;()“”\"'") for page in pages[:2] for word in page.words}
        words = [fold(word).strip(".,:;()“”\"'") for word in title.split()]
        borne_out = sum(word in said for word in words) >= 0.7 * len(words)
        return title if borne_out and sum(c.isalpha() for c in title) >= 5 else ""

    def bookmarks(self) -> tuple[Bookmark, ...]:
        """The file's own outline, at most ``_MAX_BOOKMARKS`` entries; those that lead to no page are left out."""
        found = []
        try:
            for entry in islice(self._opened.get_toc(max_depth=_DEEPEST), _MAX_BOOKMARKS):
                place = entry.get_dest()
                page = place.get_index() if place is not None else None
                if page is not None:
                    found.append(Bookmark(page + 1, entry.level + 1, entry.get_title()))
        except (pdfium.PdfiumError, ValueError, RecursionError):
            return ()
        return tuple(found)

    def warnings(self, pages: Sequence[RawPage], written: Container[int]) -> tuple[str, ...]:
        """What the reader of the report's entry should know; ``written`` are numbers of pages with text."""
        empty = [page.number for page in pages if page.number not in written and page.number not in self._failed]
        said = []
        if self._failed:
            said.append(f"{_of(self._failed, self.count)} could not be read: {_listed(self._failed)}")
        if empty:
            said.append(f"{_of(empty, self.count)} {_hold(empty)} no text: {_listed(empty)}")
        if read := [page.number for page in pages if page.ocr is not None]:
            were = "was" if len(read) == 1 else "were"
            said.append(f"{_of(read, self.count)} {were} read by OCR, which makes mistakes: {_listed(read)}")
        if self._hidden:
            said.append(f"text that cannot be seen was left out on {_pages(self._hidden)}")
        return (*said, *ignored_parts(self._opened, self._data))


def _is_picture(page: RawPage) -> bool:
    area = sum((shape.right - shape.left) * (shape.bottom - shape.top) for shape in page.shapes if shape.picture)
    return area >= _LARGE_PICTURE * page.width * page.height or len(page.shapes) > 200


def _reads_as_text(words: Sequence[Word], number: int) -> bool:
    """Whether most of what OCR found stands in lines of several words, unlike the names on a map."""
    lines = lines_of(words, number)
    return 2 * sum(len(line.words) for line in lines if len(line.words) > 2) > len(words)


def _with_bullets(words: Sequence[Word]) -> Iterator[Word]:
    """Words with bullets where OCR took them for letters: alone at the head of several lines."""
    heads = {id(line.words[0]) for line in lines_of(words, 1) if line.words[0].text in _LIKE_BULLETS}
    for word in words:
        yield replace(word, text=BULLET) if id(word) in heads and len(heads) > 1 else word


def _of(numbers: Sequence[int], count: int) -> str:
    return f"{len(numbers)} of {count} pages" if count > 1 else "its only page"


def _pages(numbers: Sequence[int]) -> str:
    return f"page{'s' if len(numbers) > 1 else ''} {_listed(numbers)}"


def _hold(numbers: Sequence[int]) -> str:
    return "holds" if len(numbers) == 1 else "hold"


def _listed(numbers: Sequence[int]) -> str:
    """Numbers with runs of them as "3-7"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    said = [f"{run[0]}-{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs]
    return ", ".join(said[:30]) + (" and more" if len(said) > 30 else "")
