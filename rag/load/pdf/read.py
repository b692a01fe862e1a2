"""A PDF's pages to text in reading order, with headings, tables, footnotes, and the place of every word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rag.errors import ReportError
from rag.layout import Page
from rag.load.decode import Content
from rag.load.pdf.document import open_document
from rag.load.pdf.figures import find_figures
from rag.load.pdf.furniture import Sheet, furniture_of
from rag.load.pdf.headings import CAPTION, mark_headings
from rag.load.pdf.joined import joined
from rag.load.pdf.lines import Line, lines_of
from rag.load.pdf.looks import body_of
from rag.load.pdf.notes import Note, split_notes
from rag.load.pdf.order import columns_of
from rag.load.pdf.paragraphs import Block, blocks_of
from rag.load.pdf.records import FigureBlock, Grid, RawPage
from rag.load.pdf.spelling import Speller, Vocabulary
from rag.load.pdf.tables import find_tables
from rag.load.pdf.told import Bookmark
from rag.load.pdf.written import Heads, Writer

MAX_PAGES = 2_000
_ONLY_CAPTION = re.compile(r"\w+\.?\s*(?:n[°ºo.]\s*)?[\dIVX.]+[.:]?")


def load_pdf(data: bytes, path: Path) -> Content:
    """Text and layout of a PDF's bytes; ``path`` is only named in errors.

    Left out are running heads, page numbers, printers' marks and what cannot be seen. A footnote stands below the
    paragraph that refers to it, begun with "[note 3]"; its mark is taken out of the paragraph.

    :raises ReportError: it is no PDF, damaged, locked with a password, without pages or has over ``MAX_PAGES``.
    """
    with open_document(data, path) as document:
        if document.count > MAX_PAGES:
            raise ReportError(
                f"{path} has {document.count:,} pages; the limit is {MAX_PAGES:,}: split it into several reports."
            )
        pages = [document.page(number) for number in range(1, document.count + 1)]
        writer = _written(pages, document.bookmarks())
        written = writer.pen.pages()
        title = document.title(pages)
        warnings = document.warnings(pages, written)
    shown = tuple(Page(p.number, *p.shown_size, p.ocr, empty=p.number not in written) for p in pages)
    return Content(writer.pen.text(), warnings, writer.pen.layout(shown), title)


def _written(pages: Sequence[RawPage], bookmarks: Sequence[Bookmark]) -> Writer:
    tables = {page.number: _blocks_on(page) for page in pages}
    sheets = [Sheet(page.number, page.height, _free_lines(page, tables[page.number])) for page in pages]
    furniture = furniture_of(sheets)
    size = _body_size(sheets)
    notes: dict[tuple[int, str], Note] = {}
    blocks: list[Block] = []
    for page, sheet in zip(pages, sheets, strict=True):
        lines = [line for line in sheet.lines if id(line) not in furniture]
        lines, found = split_notes(lines, page, size)
        _keep(found, page.number, notes)
        columns = columns_of(lines, tables[page.number], page.shapes, page.width, page.height)
        blocks.extend(blocks_of(columns, page))
    body = body_of(blocks)
    mark_headings(blocks, body, bookmarks)
    marks: dict[int, frozenset[str]] = {}
    for page_number, mark in notes:
        marks[page_number] = marks.get(page_number, frozenset()) | {mark}
    speller = Speller(Vocabulary(word for page in pages for word in page.words), marks)
    writer = Writer(speller, notes, pages)
    _write(writer, joined(blocks, body.size))
    return writer


def _blocks_on(page: RawPage) -> list[Grid | FigureBlock]:
    """Tables and key figures of a page."""
    grids = find_tables(page)
    taken = frozenset(index for grid in grids for index in _words_of(grid))
    return [*grids, *find_figures(page, taken)]


def _words_of(block: Grid | FigureBlock) -> set[int]:
    if isinstance(block, Grid):
        return {index for row in block.cells for cell in row for index in cell}
    return {index for row in block.rows for index in (*row.value, *row.label)} | set(block.title)


def _free_lines(page: RawPage, blocks: Sequence[Grid | FigureBlock]) -> list[Line]:
    taken: set[int] = set().union(*(_words_of(block) for block in blocks)) if blocks else set()
    return lines_of([word for index, word in enumerate(page.words) if index not in taken], page.number)


def _body_size(sheets: Sequence[Sheet]) -> float:
    sizes: Counter[float] = Counter()
    for sheet in sheets:
        for line in sheet.lines:
            sizes[round(line.size * 2) / 2] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 10.0


def _keep(found: Sequence[Note], page: int, notes: dict[tuple[int, str], Note]) -> None:
    """Add a page's footnotes; what goes on from the page before joins the last one there."""
    for note in found:
        before = next(reversed(notes), None)
        if not note.mark and before is not None and before[0] == page - 1:
            notes[before] = Note(before[1], (*notes[before].lines, *note.lines))
        else:
            key = (page, note.mark)
            lines = (*notes[key].lines, *note.lines) if key in notes else note.lines
            notes[key] = Note(note.mark, lines)


def _write(writer: Writer, blocks: Sequence[Block]) -> None:
    heads: Heads | None = None
    width, page = 0, 0
    index = 0
    while index < len(blocks):
        block = blocks[index]
        here = block.page.number if block.page else 0
        if page and here > page:
            writer.rest(page)
        page = max(page, here)
        caption = _caption(blocks, index)
        if caption:
            index += len(caption)
            block = blocks[index]
        if isinstance(block.grid, Grid):
            columns = len(block.grid.cells[0]) if block.grid.cells else 0
            goes_on = heads is not None and columns == width and not caption
            heads, width = writer.table(block, caption, heads if goes_on else None), columns
        elif block.grid is not None:
            writer.figures(block)
        else:
            writer.paragraph(block)
            heads = None
        index += 1
    writer.rest(page)


def _caption(blocks: Sequence[Block], index: int) -> list[Block]:
    """The caption that begins here, when a table follows it."""
    block = blocks[index]
    if not block.lines or not CAPTION.match(block.text) or len(block.text) > 300:
        return []
    count = 2 if _ONLY_CAPTION.fullmatch(block.text) else 1
    found = list(blocks[index : index + count])
    table = blocks[index + count] if index + count < len(blocks) else None
    if table is None or not isinstance(table.grid, Grid) or not all(one.lines for one in found):
        return []
    return found
