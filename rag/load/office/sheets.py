"""Spreadsheets and delimited files: a section for each sheet, tables parted by empty rows."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from rag.errors import ReportError
from rag.load.compose import Composer
from rag.load.decode import Content, decode_text

MAX_ROWS, MAX_COLUMNS = 50_000, 200  # of one sheet; more is data for a database, not a report
_SNIFFED = 64_000  # characters that tell the delimiter


def load_xlsx(data: bytes, path: Path) -> Content:
    """A workbook: visible sheets with the values that were last computed.

    :raises ReportError: it cannot be read as such, or a sheet is too large.
    """
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except (ValueError, KeyError, OSError, InvalidFileException, zipfile.BadZipFile, ParseError) as error:
        raise ReportError(f"{path} is damaged or no workbook: open it in Excel and save it again.") from error
    out = Composer()
    hidden = []
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            hidden.append(sheet.title)
            continue
        # Some programs state a wrong size, which would cut the sheet.
        sheet.reset_dimensions()
        rows = list(islice(sheet.iter_rows(), MAX_ROWS + 1))
        _check_size(path, f"the sheet {sheet.title!r}", rows)
        out.heading(sheet.title, 1)
        _write_rows([[_shown(cell) for cell in row] for row in rows], out)
    warnings = [f"hidden sheets were left out: {', '.join(hidden)}"] if hidden else []
    return out.content(title=book.properties.title or "", warnings=warnings)


def load_csv(data: bytes, path: Path) -> Content:
    """A delimited file: commas, semicolons, tab stops or bars, found by their look.

    :raises ReportError: it is not text, or too large.
    """
    text, warnings = decode_text(data, path)
    try:
        dialect = csv.Sniffer().sniff(text[:_SNIFFED], delimiters=",;\t|")
    except csv.Error:  # one column
        dialect = csv.excel
    try:
        rows = list(islice(csv.reader(io.StringIO(text), dialect), MAX_ROWS + 1))
    except csv.Error as error:
        raise ReportError(f"{path} is no delimited file that can be read ({error}): save it again as CSV.") from error
    _check_size(path, "the file", rows)
    out = Composer()
    _write_rows(rows, out)
    return out.content(warnings=warnings)


def _check_size(path: Path, what: str, rows: Sequence[Sequence[Any]]) -> None:
    if len(rows) > MAX_ROWS or max(map(len, rows), default=0) > 100 * MAX_COLUMNS:
        raise ReportError(f"{path}: {what} has more than {MAX_ROWS:,} rows: keep the part that people ask about.")


def _write_rows(rows: Iterable[Sequence[str]], out: Composer) -> None:
    """Tables, parted by empty rows; a lone cell above a table is its title, elsewhere a paragraph."""
    for block in _blocks(rows):
        lone = 0
        while lone < len(block) and sum(map(bool, block[lone])) == 1:
            lone += 1
        said = [next(filter(None, row)) for row in block[:lone]]
        table = _trimmed(block[lone:])
        if not table:
            for text in said:
                out.paragraph(text)
            continue
        for text in said[:-1]:
            out.paragraph(text)
        out.table(table, title=said[-1] if said else "")


def _blocks(rows: Iterable[Sequence[str]]) -> Iterator[list[Sequence[str]]]:
    block: list[Sequence[str]] = []
    for row in rows:
        cells = [" ".join(cell.split()) for cell in row[:MAX_COLUMNS]]
        if any(cells):
            block.append(cells)
        elif block:
            yield block
            block = []
    if block:
        yield block


def _trimmed(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """Rows without the columns that are empty in all of them."""
    width = max(map(len, rows), default=0)
    kept = [c for c in range(width) if any(c < len(row) and row[c] for row in rows)]
    return [[row[c] if c < len(row) else "" for c in kept] for row in rows]


def _shown(cell: Any) -> str:
    """A cell's value about as the sheet shows it."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, int | float):
        form = str(cell.number_format or "")
        if "%" in form:
            return f"{round(100 * value, 4):,.10g}%"
        whole = float(value).is_integer()
        grouped = abs(value) >= 10_000 or "#,##" in form
        number = int(value) if whole and abs(value) < 1e15 else round(value, 6)
        return f"{number:,}" if grouped else f"{number:.10g}" if isinstance(number, float) else str(number)
    return str(value)
