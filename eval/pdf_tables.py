"""Cells of tables in PDF reports against labels made by hand: this reader, and pdfplumber used plainly.

    python -m eval.pdf_tables --data /path/to/data [--labels tests/data/pdf_tables.jsonl] [--verbose]

A label names a page and holds the heads of a table's columns and its first rows. It is compared with the table of the
page that shares most cells with it. White space does not count; a cell is right where row, column and text are.
"""

from __future__ import annotations

import argparse
import json
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pdfplumber
import pypdfium2

from rag.load.pdf.records import Grid, RawPage
from rag.load.pdf.tables import find_tables, head_words
from rag.load.pdf.words import read_page

log = logging.getLogger(__name__)
LABELS = Path(__file__).resolve().parents[1] / "tests" / "data" / "pdf_tables.jsonl"


@dataclass(frozen=True, slots=True)
class Table:
    """Texts of a table's cells without white space, or of as many first rows as are labelled (``whole`` counts all)."""

    heads: tuple[str | None, ...]
    rows: tuple[tuple[str, ...], ...]
    whole: int


@dataclass(frozen=True, slots=True)
class Score:
    """Cells labelled, found at all and found right; the same for heads."""

    labelled: int = 0
    found: int = 0
    right: int = 0
    heads: int = 0
    heads_right: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(
            self.labelled + other.labelled,
            self.found + other.found,
            self.right + other.right,
            self.heads + other.heads,
            self.heads_right + other.heads_right,
        )

    @property
    def line(self) -> str:
        """As shown in the report."""
        precision, recall = self.right / max(self.found, 1), self.right / max(self.labelled, 1)
        return f"precision {precision:.3f}  recall {recall:.3f}  heads {self.heads_right}/{self.heads}"


def squeezed(text: str | None) -> str:
    """Text without white space."""
    return "".join((text or "").split())


def of_grid(page: RawPage, grid: Grid) -> Table:
    """What this reader found, head rows joined for each column."""

    def text(cell: Sequence[int]) -> str:
        return "".join(page.words[i].text for i in cell)

    heads = tuple(text(head_words(grid, column)) for column in range(len(grid.cells[0]))) if grid.heads else ()
    rows = tuple(tuple(text(cell) for cell in row) for row in grid.cells[grid.heads :])
    return Table(heads, rows, len(rows))


def of_plumber(rows: Sequence[Sequence[str | None]]) -> Table:
    """What pdfplumber found; it does not know heads, so its first row is taken for them."""
    texts = tuple(tuple(squeezed(cell) for cell in row) for row in rows)
    return Table(texts[0] if texts else (), texts, len(texts))


def compare(label: Table, tables: Sequence[Table]) -> Score:
    """Score of the best table found for a label."""
    heads = sum(head is not None for head in label.heads)
    nothing = Score(sum(bool(cell) for row in label.rows for cell in row), 0, 0, heads, 0)
    return max((_compare(label, table) for table in tables), key=lambda s: (s.right, -s.found), default=nothing)


def _compare(label: Table, table: Table) -> Score:
    """Rows are set against one another in order, so that most cells are right; columns by their number."""
    best: list[list[tuple[int, int]]] = [[(0, 0)] * (len(table.rows) + 1) for _ in range(len(label.rows) + 1)]
    for i, wanted in enumerate(label.rows):
        for j, got in enumerate(table.rows):
            right = sum(one == two and one != "" for one, two in zip(wanted, got, strict=False))
            count = sum(cell != "" for cell in got)
            paired = (best[i][j][0] + right, best[i][j][1] - count)
            best[i + 1][j + 1] = max(best[i][j + 1], best[i + 1][j], paired)
    right, minus_found = best[-1][-1]
    # Rows of the table that stand between labelled ones, and were set against none, count as found too.
    found = -minus_found
    if label.whole == len(label.rows):
        found = sum(cell != "" for row in table.rows for cell in row)
        if (
            table.heads and table.rows and table.heads == table.rows[0]
        ):  # its head row is not counted against pdfplumber
            found -= sum(cell != "" for cell in table.rows[0])
    heads = [(one, two) for one, two in zip(label.heads, table.heads, strict=False) if one is not None]
    wanted_heads = sum(head is not None for head in label.heads)
    labelled = sum(bool(cell) for row in label.rows for cell in row)
    return Score(labelled, max(found, right), right, wanted_heads, sum(one == two for one, two in heads))


def ours(path: Path, number: int) -> list[Table]:
    """Tables of a page by this reader."""
    document = pypdfium2.PdfDocument(path)
    page = document[number - 1]
    raw = read_page(page.raw, number).page
    tables = [of_grid(raw, grid) for grid in find_tables(raw)]
    page.close()
    document.close()
    return tables


def plumber(path: Path, number: int) -> list[Table]:
    """Tables of a page by pdfplumber as it comes."""
    with pdfplumber.open(path, pages=[number]) as document:
        return [of_plumber(rows) for rows in document.pages[0].extract_tables()]


def measure(name: str, read: Callable[[Path, int], list[Table]], data: Path, labels: Path) -> Score:
    """Score over all labels, and the time it took."""
    total, spent = Score(), 0.0
    for row in map(json.loads, labels.read_text(encoding="utf-8").splitlines()):
        label = Table(
            tuple(None if head is None else squeezed(head) for head in row["heads"]),
            tuple(tuple(squeezed(cell) for cell in cells) for cells in row["rows"]),
            row["total"],
        )
        begun = time.perf_counter()
        tables = read(data / row["pdf"], row["page"])
        spent += time.perf_counter() - begun
        score = compare(label, tables)
        log.info("%-10s %-60s p%-3d %s", name, Path(row["pdf"]).name, row["page"], score.line)
        total += score
    log.warning("%-10s %s  seconds %.1f", name, total.line, spent)
    return total


def main() -> None:
    """Measure both on all labels."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder that the labels' paths start from")
    parser.add_argument("--labels", type=Path, default=LABELS)
    parser.add_argument("--verbose", action="store_true", help="a line for each label")
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO if asked.verbose else logging.WARNING, format="%(message)s")
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    measure("reportqa", ours, asked.data, asked.labels)
    measure("pdfplumber", plumber, asked.data, asked.labels)


if __name__ == "__main__":
    main()
