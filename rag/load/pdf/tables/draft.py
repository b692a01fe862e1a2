"""A table as cells before it is judged, and what its rows are: heads, sub-headings, data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from rag.load.pdf.records import Grid, Word
from rag.load.pdf.tables.lines import DASHES, in_reading_order, is_mark, is_value, is_year, text_of

MOST_HEADS = 4
MOST_COLUMNS = 40
LEAST_FILLED = 0.4  # of the cells
MOST_LARGER = 1.7  # times the size of most print
LONG_CELL = 60  # words: tables have shorter cells on the whole; boxes of text have longer


@dataclass(frozen=True, slots=True)
class Draft:
    """``cells[row][column]`` as in Grid; ``spans`` names cells wider than a column: columns by (row, column).

    ``shades`` holds the fill under each row, None for the page's own.
    """

    cells: list[list[tuple[int, ...]]]
    spans: dict[tuple[int, int], int]
    shades: list[int | None]
    heads: int | None = None  # None where the cells must tell
    ruled: bool = False  # rules part its columns


def grid_of(words: Sequence[Word], draft: Draft) -> Grid | None:
    """The table that a draft makes, None where it makes none."""
    draft = _without_empty(_without_title(draft))
    if len(draft.cells) < 2 or not 2 <= len(draft.cells[0]) <= MOST_COLUMNS:
        return None
    texts = [[text_of(words, cell) for cell in row] for row in draft.cells]
    heads = _heads(words, draft, texts) if draft.heads is None else draft.heads
    groups = tuple(row for row in range(heads, len(texts)) if _is_group(words, draft, texts, row))
    if not _is_table(words, draft, texts, heads, groups):
        return None
    chosen = [words[i] for row in draft.cells for cell in row for i in cell]
    return Grid(
        min(word.left for word in chosen),
        min(word.top for word in chosen),
        max(word.right for word in chosen),
        max(word.bottom for word in chosen),
        tuple(tuple(in_reading_order(words, cell) for cell in row) for row in draft.cells),
        heads,
        groups,
    )


def _without_title(draft: Draft) -> Draft:
    """Without first rows that are one cell across the whole table: its title."""
    cells, spans, shades = draft.cells, draft.spans, draft.shades
    while len(cells) > 2 and len(cells[0]) > 1 and spans.get((0, 0), 1) == len(cells[0]):
        cells, shades = cells[1:], shades[1:]
        spans = {(row - 1, column): span for (row, column), span in spans.items() if row}
    return replace(draft, cells=cells, spans=spans, shades=shades)


def _without_empty(draft: Draft) -> Draft:
    rows = [row for row, cells in enumerate(draft.cells) if any(cells)]
    width = len(draft.cells[0]) if draft.cells else 0
    columns = [column for column in range(width) if any(draft.cells[row][column] for row in rows)]
    spans = {
        (rows.index(row), columns.index(column)): sum(column <= other < column + span for other in columns)
        for (row, column), span in draft.spans.items()
        if row in rows and column in columns
    }
    cells = [[draft.cells[row][column] for column in columns] for row in rows]
    heads = draft.heads and sum(row < draft.heads for row in rows)
    return Draft(cells, spans, [draft.shades[row] for row in rows], heads, draft.ruled)


def _filled(row: Sequence[str]) -> int:
    return sum(bool(text) for text in row)


def _is_group(words: Sequence[Word], draft: Draft, texts: list[list[str]], row: int) -> bool:
    """Whether a row holds a sub-heading: one text at its left, and data below it."""
    if not texts[row][0] or _filled(texts[row]) != 1 or is_value(texts[row][0]) or row + 1 >= len(texts):
        return False
    if draft.spans.get((row, 0), 1) == len(texts[row]):
        return True
    after = next((other for other in texts[row + 1 :] if _filled(other) > 1), None)
    if after is None:
        return False
    bold = all(words[i].bold or words[i].italic for i in draft.cells[row][0])
    return len(texts[row]) > 2 or bold or texts[row][0].endswith(":")


def _heads(words: Sequence[Word], draft: Draft, texts: list[list[str]]) -> int:
    """Number of head rows: those above the first row of data, told by numbers, or by print where there are none."""
    width = len(texts[0])
    numeric = [column for column in range(1, width) if _is_numeric([row[column] for row in texts[1:]])]
    named = _filled(texts[0]) > 1
    if not numeric:
        return int(named and _stands_out(words, draft))
    count = 0
    for row in texts[: min(MOST_HEADS, len(texts) - 1)]:
        if not any(row[1:]) or any(is_value(row[column]) and not is_year(row[column]) for column in numeric):
            break
        count += 1
    if count > 1 and not _stands_out(words, draft) and not draft.spans:
        return 1
    return count


def _is_numeric(cells: Sequence[str]) -> bool:
    filled = [text for text in cells if text]
    return bool(filled) and sum(is_value(text) for text in filled) >= max(min(2, len(cells)), 0.6 * len(filled))


def _stands_out(words: Sequence[Word], draft: Draft) -> bool:
    """Whether the first row is printed in another way than the next: bold, italic, coloured or shaded."""
    first, second = ([i for cell in row for i in cell] for row in draft.cells[:2])
    if not first or not second:
        return False
    if draft.shades[0] is not None and draft.shades[0] != draft.shades[1]:
        return True
    for look in (lambda word: word.bold, lambda word: word.italic):
        if all(look(words[i]) for i in first) and sum(look(words[i]) for i in second) < 0.6 * len(second):
            return True
    return False


def _is_table(words: Sequence[Word], draft: Draft, texts: list[list[str]], heads: int, groups: Sequence[int]) -> bool:
    """Whether enough cells are filled with short texts of like size, in at least two rows and columns."""
    rows = [row for number, row in enumerate(texts) if number not in groups]
    body = [row for number, row in enumerate(texts) if number not in groups and number >= heads]
    if not body or len(rows) < 2:
        return False
    full = [row for row in rows if _filled(row) > 1]
    filled = [text for row in rows for text in row if text]
    if len(full) < max(2, 0.55 * len(rows)) or len(filled) < LEAST_FILLED * len(rows) * len(rows[0]):
        return False
    listed = any(row[0] for row in body) and all(is_mark(part) for row in body for part in row[0].split())
    labels = sum(bool(row[0]) for row in body)  # none where a page goes on with a cell of the page before
    if labels < 0.5 * len(body) and (labels or not heads) or listed or any(map(_is_marks, zip(*body, strict=True))):
        return False
    if (
        len(rows[0]) == 2
        and not heads
        and not _is_numeric([row[1] for row in body])
        and not (draft.ruled and len(rows) > 2)
    ):
        return False
    long_cells = sum(len(text.split()) > LONG_CELL // 2 for row in rows for text in row)
    if not draft.ruled and len(rows) < 4 and long_cells > 1:
        return False  # columns of prose between two rules
    return not (_is_contents(body) or _is_prose(filled, len(rows)) or _is_display(words, draft))


def _is_marks(column: Sequence[str]) -> bool:
    """Whether a column holds nothing but marks of a list's items, not all of them dashes, which stand for no value."""
    parts = [part for text in column for part in text.split()]
    return bool(parts) and all(map(is_mark, parts)) and not all(part in DASHES for part in parts)


def _is_contents(rows: Sequence[Sequence[str]]) -> bool:
    """Whether rows are entries of a table of contents: dots that lead to a page, or pages that rise."""
    if sum("....." in "".join(row).replace(" ", "").replace("…", "...") for row in rows) > 0.2 * len(rows):
        return True
    columns = [[cell for cell in column if cell] for column in zip(*rows, strict=True)]
    numeric = [column for column in columns[1:] if sum(is_value(cell) for cell in column) > 0.6 * len(column)]
    return bool(numeric) and len(rows) > 2 and all(_rises(column) for column in numeric)


def _rises(cells: Sequence[str]) -> bool:
    """Whether cells are page numbers in order."""
    pages = [int(cell) for cell in cells if cell.isdigit() and len(cell) < 4]
    ordered = all(one <= two for one, two in pairwise(pages))
    return len(pages) > 2 and len(pages) > 0.8 * len(cells) and ordered and pages[-1] > pages[0]


def _is_prose(filled: Sequence[str], rows: int) -> bool:
    """Whether the cells are boxes of running text."""
    lengths = sorted(len(text.split()) for text in filled)
    return lengths[len(lengths) // 2] > LONG_CELL or (lengths[-1] > 3 * LONG_CELL and rows < 6)


def _is_display(words: Sequence[Word], draft: Draft) -> bool:
    """Whether print is of very different sizes, as on a title page or an infographic."""
    sizes = sorted(
        median(words[i].size or words[i].height for i in cell) for row in draft.cells for cell in row if cell
    )
    return sizes[-1 - len(sizes) // 20] > MOST_LARGER * sizes[len(sizes) // 3]
