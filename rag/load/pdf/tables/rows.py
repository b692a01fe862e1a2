"""Lines put together to rows of a table: a cell may have several lines."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from rag.load.pdf.tables.columns import Column, column_at
from rag.load.pdf.tables.lines import Line

OPEN = {
    "of",
    "and",
    "the",
    "to",
    "for",
    "in",
    "with",
    "by",
    "de",
    "la",
    "el",
    "y",
    "du",
    "des",
    "et",
}  # a phrase goes on
ROOM = 0.55  # of the font's size: wider white space across all columns parts rows


def rows_of(lines: Sequence[Line], columns: Sequence[Column]) -> list[list[Line]]:
    """Lines of each row: a line with numbers is a row; others go on with a row, or are one where they are set off."""
    if len(lines) < 2:
        return [list(lines)]
    numbered = [_has_value(line, columns) for line in lines]
    if sum(numbered) >= max(2, 0.4 * len(lines)):
        return _by_numbers(lines, columns, numbered)
    return _by_space(lines, columns)


def _has_value(line: Line, columns: Sequence[Column]) -> bool:
    return any(run.value and column_at(columns, run) > 0 for run in line.runs)


def _by_numbers(lines: Sequence[Line], columns: Sequence[Column], numbered: Sequence[bool]) -> list[list[Line]]:
    rows: list[list[Line]] = []
    held: list[Line] = []  # lines without a number that belong below
    for number, line in enumerate(lines):
        if numbered[number]:
            rows.append([*held, line])
            held = []
            continue
        after = lines[number + 1] if number + 1 < len(lines) else None
        above = rows[-1][-1] if rows and not held else (held[-1] if held else None)
        if after is not None and _goes_on(line, after, columns):
            held.append(line)
        elif above is not None and _goes_on(above, line, columns):
            (held or rows[-1]).append(line)
        else:
            rows += [[*held], [line]] if held else [[line]]
            held = []
    return rows + ([held] if held else [])


def begins(line: Line, after: Line, columns: Sequence[Column]) -> bool:
    """Whether a line without numbers is the beginning of the label that the next line goes on with."""
    return len(line.runs) == 1 and not line.runs[0].value and _goes_on(line, after, columns)


def _goes_on(line: Line, after: Line, columns: Sequence[Column]) -> bool:
    """Whether the next line goes on with the cell that a line begins: set tight, and in the midst of a phrase."""
    if after.base - line.base > 1.45 * max(line.size, after.size):
        return False
    first = after.runs[0]
    if column_at(columns, first) > 0:  # a number beside the midst of a label of two lines
        return after.base - line.base < 0.8 * line.size
    if line.text.rstrip().endswith(":"):
        return False
    last = line.text.split()[-1]
    return first.text[:1].islower() or first.text[:1] in "(&" or last[-1] in ",-–/&" or last.lower() in OPEN


def _by_space(lines: Sequence[Line], columns: Sequence[Column]) -> list[list[Line]]:
    gaps = [max(0.0, after.top - before.bottom) for before, after in pairwise(lines)]
    pitches = [after.base - before.base for before, after in pairwise(lines)]
    usual = median(pitches)
    single = sum(len({column_at(columns, run) for run in line.runs}) > 1 for line in lines) >= 0.85 * len(lines)
    first = min(column_at(columns, line.runs[0]) for line in lines)
    rows = [[lines[0]]]
    for line, gap, pitch in zip(lines[1:], gaps, pitches, strict=True):
        starts = column_at(columns, line.runs[0]) == first
        apart = gap > ROOM * line.size and (pitch > 1.3 * usual or single)
        if starts and (apart or single):
            rows.append([line])
        else:
            rows[-1].append(line)
    return rows
