"""Columns of lines, told by the white space that runs down between their words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.load.pdf.tables.lines import CURRENCY, DASHES, Line, Run, is_mark

STRAY = 0.08  # of the lines may cross the space between two columns
ACROSS = 0.07  # of the runs may stand across the edges of columns: sub-headings
LEAST_SPACE = 3.0  # points


@dataclass(frozen=True, slots=True)
class Column:
    """From where to where the words of a column stand."""

    left: float
    right: float

    def overlap(self, run: Run) -> float:
        """Points that a run shares with it; below 0 its distance from it."""
        return min(self.right, run.right) - max(self.left, run.left)


def columns_of(lines: Sequence[Line], edges: Sequence[float] = ()) -> list[Column]:
    """Columns that nearly all lines of two or more runs keep to, left to right.

    ``edges`` are places where columns may meet: they part columns of text better than white space does, which runs
    down between the words of justified lines too.
    """
    return columns_between(lines, edges) or _spaced(lines)


def _spaced(lines: Sequence[Line]) -> list[Column]:
    runs = [run for line in lines if len(line.runs) > 1 for run in line.runs]
    stray = int(STRAY * sum(len(line.runs) > 1 for line in lines))
    return _without_signs(_by_space(runs, stray), runs)


def _by_space(runs: Sequence[Run], stray: int) -> list[Column]:
    columns: list[Column] = []
    depth, start = 0, None
    for place, step in sorted([(run.left, 1) for run in runs] + [(run.right, -1) for run in runs]):
        depth += step
        if start is None and depth > stray:
            start = place
        elif start is not None and depth <= stray:
            if columns and start - columns[-1].right < LEAST_SPACE:
                columns[-1] = Column(columns[-1].left, place)
            else:
                columns.append(Column(start, place))
            start = None
    return columns


def columns_between(lines: Sequence[Line], edges: Sequence[float]) -> list[Column]:
    """Columns between edges, as wide as their words; none where runs stand across an edge, or numbers beside words."""
    runs = [run for line in lines for run in line.runs]
    whole = [run for run in runs if not any(run.left + 3 < edge < run.right - 3 for edge in edges)]
    beside = [run for line in lines if len(line.runs) > 1 for run in line.runs]
    if not edges or sum(run not in whole for run in beside) > ACROSS * len(beside):
        return []
    spaced = _spaced(lines)
    columns: list[Column] = []
    for left, right in pairwise([float("-inf"), *edges, float("inf")]):
        parts = [column for column in spaced if left <= (column.left + column.right) / 2 < right]
        if len(parts) > 1 and any(_is_numeric(part, runs) for part in parts):
            return []
        inside = [run for run in whole if left <= (run.left + run.right) / 2 < right]
        if inside:
            columns.append(Column(min(run.left for run in inside), max(run.right for run in inside)))
    return columns if len(columns) > 1 else []


def _is_numeric(column: Column, runs: Sequence[Run]) -> bool:
    inside = [run for run in runs if column.overlap(run) > 0]
    return sum(run.value for run in inside) > 0.6 * len(inside)


def _without_signs(columns: list[Column], runs: Sequence[Run]) -> list[Column]:
    """Columns of signs before numbers, or of marks of a list, joined with the next; of signs after, with the last."""
    out: list[Column] = []
    before: Column | None = None
    for column in columns:
        inside = [run.text for run in runs if column.overlap(run) > 0]
        texts = set(inside)
        if texts <= DASHES and len(inside) < 0.1 * len(runs) / len(columns):
            continue  # dashes beside their column
        listed = not out and before is None and all(is_mark(text) for text in texts)
        if texts and (texts <= CURRENCY or listed):
            before = column if before is None else Column(before.left, column.right)
            continue
        if out and texts and texts <= {")", "%", ")%", "%)", "*"}:
            out[-1] = Column(out[-1].left, column.right)
            continue
        out.append(column if before is None else Column(before.left, column.right))
        before = None
    return out if before is None else [*out, before]


def column_at(columns: Sequence[Column], run: Run) -> int:
    """The column that a run shares most with, or that is nearest to it."""
    return max(range(len(columns)), key=lambda number: (columns[number].overlap(run), -number))


def span_of(columns: Sequence[Column], run: Run) -> tuple[int, int]:
    """First and last column that a run reaches into by more than its edge."""
    best = column_at(columns, run)
    reached = [
        number for number, column in enumerate(columns) if column.overlap(run) > 0.25 * (column.right - column.left)
    ]
    return min([best, *reached]), max([best, *reached])
