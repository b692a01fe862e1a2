"""Tables whose columns are parted by white space: lines of numbers one below the other in plain text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag.load.pdf.records import RawPage
from rag.load.pdf.tables.columns import Column, column_at, columns_of, span_of
from rag.load.pdf.tables.draft import Draft
from rag.load.pdf.tables.heads import first_head, head_cells
from rag.load.pdf.tables.lattice import shade_at
from rag.load.pdf.tables.lines import CURRENCY, Line, Run, is_year
from rag.load.pdf.tables.rows import begins, rows_of
from rag.load.pdf.tables.rulings import Rule

LEAST_COLUMNS = 3  # of numbers only
LEAST_ROWS = 3  # of numbers in a table without rules
MOST_PLAIN = 3  # lines without numbers in a row inside such a table
EDGE = 4.0  # points: numbers that end or begin within it are aligned
SENTENCE = 8  # words: a line of as many is no label where it is wider than all of them


def draft_of_lines(
    page: RawPage,
    heads: Sequence[Line],
    bands: Sequence[Sequence[Line]],
    columns: Sequence[Column],
    across: Sequence[Rule],
) -> Draft:
    """Cells of lines that name the columns, and of bands of lines, each band a row or several."""
    cells, spans = head_cells(heads, columns, across) if heads else ([], {})
    count = len(cells)
    shades: list[int | None] = [None] * count
    for row in (row for band in bands for row in rows_of(band, columns)):
        held: list[list[int]] = [[] for _ in columns]
        for line in row:
            for run in line.runs:
                alone = len(line.runs) == 1 and len(row) == 1
                first, last = span_of(columns, run) if alone else (0, 0)
                at = first if alone and first == 0 else column_at(columns, run)
                held[at] += run.words
                if alone and first == 0 and last > 0:
                    spans[len(cells), 0] = last + 1
        cells.append([tuple(cell) for cell in held])
        shades.append(shade_at(page, columns[0].left, columns[-1].right, (row[0].top + row[-1].bottom) / 2))
    return Draft(cells, spans, shades, count if heads else None)


def plain_tables(page: RawPage, lines: Sequence[Line], across: Sequence[Rule]) -> Iterator[Draft]:
    """Runs of lines whose numbers stand in columns, with their heads above."""
    start = 0
    while start < len(lines):
        end = _end_of_block(lines, start) if _is_row(lines[start]) else start
        enough = sum(_is_row(line) for line in lines[start:end]) >= LEAST_ROWS
        start = _past_years(lines, start, end)
        numbered = [line for line in lines[start:end] if _is_row(line)]
        columns = columns_of(numbered) if enough and len(numbered) > 1 else []
        labelled = len(columns) > 1 and _aligned(numbered, columns)
        if labelled or _is_sheet(lines, start, end, columns, across):
            while (
                start > 0
                and column_at(columns, lines[start - 1].runs[0]) == 0
                and begins(lines[start - 1], lines[start], columns)
            ):
                start -= 1
            first = first_head(lines, start, columns, across)
            yield draft_of_lines(page, lines[first:start], [lines[start:end]], columns, across)
            start = end
        else:
            start += 1


def _is_sheet(lines: Sequence[Line], start: int, end: int, columns: Sequence[Column], across: Sequence[Rule]) -> bool:
    """Whether rows that begin with a number, such as a code or a week, fill columns that are all named above."""
    rows = lines[start:end]
    if len(columns) < LEAST_COLUMNS:
        return False
    filled = [{column_at(columns, run) for run in line.runs} for line in rows]
    if any(len(row) < len(columns) for row in filled) or not all(map(_is_row, rows)):
        return False
    heads = lines[first_head(lines, start, columns, across) : start]
    named = {column_at(columns, run) for line in heads for run in line.runs if any(map(str.isalnum, run.text))}
    lettered = any(char.isalpha() for char in heads[0].runs[0].text) if heads else False
    held = ([run for line in rows for run in line.runs if column_at(columns, run) == n] for n in range(len(columns)))
    return lettered and len(named) == len(columns) and all(map(_share_edge, held))


def _share_edge(runs: Sequence[Run]) -> bool:
    """Whether runs of a column begin, end or have their middle at one place."""
    edges = ([run.left for run in runs], [run.right for run in runs], [(run.left + run.right) / 2 for run in runs])
    return any(map(_in_line, edges))


def _is_row(line: Line) -> bool:
    """Whether a line has a label and a number, or numbers only."""
    return len(line.runs) > 1 and any(run.value for run in line.runs[1:])


def _past_years(lines: Sequence[Line], start: int, end: int) -> int:
    """First line of the data: years name columns, and so do texts below them that are not at the left."""
    past = start
    while past + 1 < end and len(lines[past].runs) > 1 and all(is_year(run.text) for run in lines[past].runs[1:]):
        past += 1
    while start < past < end - 1 and not _is_row(lines[past]) and lines[past].left > lines[past + 1].runs[0].right:
        past += 1
    return past


def _end_of_block(lines: Sequence[Line], start: int) -> int:
    end, plain = start + 1, 0
    labels = lines[start].runs[0].right
    values = [run for run in lines[start].runs[1:] if run.value]
    for number in range(start + 1, len(lines)):
        line, before = lines[number], lines[number - 1]
        if line.top - before.bottom > 2.5 * max(line.size, before.size):
            break
        if _is_row(line) and any(_meet(one, two) for one in values for two in line.runs):
            values += [run for run in line.runs[1:] if run.value]
            labels = max(labels, line.runs[0].right)
            end, plain = number + 1, 0
            continue
        plain += 1
        longer = line.right > max(labels, min(run.left for run in values)) or line.right - line.left > 1.6 * (
            labels - lines[start].left
        )
        apart = line.top - before.bottom > 0.8 * line.size
        if plain > MOST_PLAIN or (longer and apart and len(line.text.split()) >= SENTENCE):
            break
    return end


def _meet(one: Run, two: Run) -> bool:
    return min(one.right, two.right) > max(one.left, two.left)


def _aligned(lines: Sequence[Line], columns: Sequence[Column]) -> bool:
    """Whether most lines begin with a label, and the numbers of most columns share an edge or their middle."""
    good = numbers = 0
    for number in range(len(columns)):
        runs = [run for line in lines for run in line.runs if column_at(columns, run) == number]
        runs = [run for run in runs if run.text not in CURRENCY]
        values = [run for run in runs if run.value]
        if len(values) < 0.6 * len(runs) or len(values) < 2:
            continue
        numbers += 1
        good += _share_edge(values)
    labels = sum(not line.runs[0].value for line in lines) >= 0.7 * len(lines)
    return labels and good >= max(1, 0.7 * numbers)


def _in_line(edges: list[float]) -> bool:
    edges.sort()
    middle = edges[len(edges) // 2]
    return sum(abs(edge - middle) <= EDGE for edge in edges) >= 0.75 * len(edges)
