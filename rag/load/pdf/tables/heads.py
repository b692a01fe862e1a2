"""Lines above a table's data that name its columns, some of them several at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from rag.load.pdf.records import RawPage
from rag.load.pdf.tables.columns import Column, column_at, span_of
from rag.load.pdf.tables.lines import Line, Run, is_year, lines_of
from rag.load.pdf.tables.rulings import Rule

MOST_LINES = 8
MOST_ABOVE = 120.0  # points above the data in which heads stand
INDENT = 12.0  # points
REACH = 20.0  # points that heads may stand out at the sides
SAME_MIDDLE = 4.0  # points, twice the distance of their middles: lines of one head over several columns
CENTRED = 8.0  # points: a head over several columns stands as near to their middle
Cells = list[list[tuple[int, ...]]]


def first_head(lines: Sequence[Line], start: int, columns: Sequence[Column], across: Iterable[Rule]) -> int:
    """First of the lines right above line ``start``, the first of the data, that name columns; ``start`` for none."""
    first = best = start
    left, right = columns[0].left, columns[-1].right
    rules = list(across)
    for number in range(start - 1, max(-1, start - 1 - MOST_LINES), -1):
        line, below = lines[number], lines[first]
        between = [rule for rule in rules if line.base <= rule.at <= below.base]
        if best < start and _covered(between, left, right) > 0.85 * (right - left):
            break
        ruled = any(rule.start < line.right and rule.end > line.left for rule in between)
        if below.top - line.bottom > (2.5 if ruled else 1.3) * line.size:
            break
        named = [run for run in line.runs if not _over_first(run, columns)]
        spans = [span_of(columns, run) for run in line.runs]
        if any(one == 0 and other > 0 for one, other in spans) or not all(_near(run, columns) for run in line.runs):
            break
        if any(run.value and not is_year(run.text) for run in named) or (
            named and best < start and _is_title(line, lines[best], columns)
        ):
            break
        if not named and best < start and line.left > left + INDENT and line.right > columns[1].left:
            break  # a title in the middle
        first = number
        if named:
            best = number
    while 0 < best < start and _goes_up(lines[best - 1], lines[best:start], columns):
        best -= 1
    return best


def _covered(rules: Iterable[Rule], left: float, right: float) -> float:
    """Points between two places above which the highest of the rules run."""
    held = list(rules)
    highest = min((rule.at for rule in held), default=0.0)
    return sum(max(0.0, min(rule.end, right) - max(rule.start, left)) for rule in held if rule.at == highest)


def _near(run: Run, columns: Sequence[Column]) -> bool:
    """Whether a run stands above a column, or not far beside the table."""
    inside = columns[0].left - REACH <= run.left and run.right <= columns[-1].right + REACH
    return inside or any(column.overlap(run) > 0 for column in columns)


def _goes_up(line: Line, heads: Sequence[Line], columns: Sequence[Column]) -> bool:
    """Whether a line is the beginning of the first column's head, that stands higher than the other heads do."""
    below = next((head for head in heads if _over_first(head.runs[0], columns)), None)
    if below is None or len(line.runs) > 1 or line.left < columns[0].left - REACH:
        return False
    alike = abs(line.size - below.size) < 0.5 and below.base - line.base < 1.35 * line.size
    return alike and span_of(columns, line.runs[0]) == (0, 0)


def heads_above(
    page: RawPage, free: Iterable[int], data: Line, columns: Sequence[Column], across: Iterable[Rule]
) -> list[Line]:
    """Lines that name columns right above a table's first line of data."""
    near = lines_of(page.words, [i for i in free if data.top - MOST_ABOVE < page.words[i].bottom < data.top + 2])
    kept = ((line, tuple(run for run in line.runs if _near(run, columns))) for line in near if line.base < data.base)
    lines = [replace(line, runs=runs) for line, runs in kept if runs]
    heads = lines[first_head([*lines, data], len(lines), columns, across) :]
    named = {column_at(columns, run) for line in heads for run in line.runs}
    if len(named) < max(2, 0.5 * len(columns)) or any(line.size > 1.3 * data.size for line in heads):
        return []
    return heads


def _over_first(run: Run, columns: Sequence[Column]) -> bool:
    return column_at(columns, run) == 0


def _is_title(line: Line, below: Line, columns: Sequence[Column]) -> bool:
    """Whether a line above heads is one text that is half as wide as the table, or larger than they are."""
    width = columns[-1].right - columns[0].left
    return len(line.runs) == 1 and (
        line.right - line.left > 0.5 * width or len(line.text.split()) > 12 or line.size > 1.3 * below.size
    )


def head_cells(lines: Sequence[Line], columns: Sequence[Column], across: Iterable[Rule]) -> tuple[Cells, dict]:
    """Rows of head cells and how many columns each spans. A column without a head above its own has it in row 0."""
    rules = [piece for rule in across for piece in _pieces(rule)]
    parents: dict[tuple[int, int], list[int]] = {}
    own: list[list[int]] = [[] for _ in columns]
    spans = [
        _spans(line, columns, rules, lines[number + 1] if number + 1 < len(lines) else None)
        for number, line in enumerate(lines)
    ]
    for number, line in enumerate(lines):
        for run, span in zip(line.runs, spans[number], strict=True):
            near = [
                other_span
                for other in (number - 1, number + 1)
                if 0 <= other < len(lines)
                for other_run, other_span in zip(lines[other].runs, spans[other], strict=True)
                if abs(run.left + run.right - other_run.left - other_run.right) < SAME_MIDDLE
            ]
            first, last = max([span, *near], key=lambda one: one[1] - one[0]) if span[0] == span[1] else span
            if last > first:
                parents.setdefault((first, last), []).extend(run.words)
            else:
                own[first] += run.words
    depth = [sum(one <= number <= other for one, other in parents) for number in range(len(columns))]
    rows = max(level + bool(words) for level, words in zip(depth, own, strict=True))
    cells: list[list[list[int]]] = [[[] for _ in columns] for _ in range(rows)]
    spans_at: dict[tuple[int, int], int] = {}
    for (first, last), words in parents.items():
        level = sum(one <= first and last <= other and (one, other) != (first, last) for one, other in parents)
        cells[min(level, rows - 1)][first] += words
        spans_at[min(level, rows - 1), first] = last - first + 1
    for number, words in enumerate(own):
        if words:
            cells[depth[number]][number] += words
    return [[tuple(cell) for cell in row] for row in cells], spans_at


def _spans(line: Line, columns: Sequence[Column], rules: Sequence[Rule], below: Line | None) -> list[tuple[int, int]]:
    """First and last column that each run of a head line names."""
    reached = [span_of(columns, run) for run in line.runs]
    spans: list[tuple[int, int]] = []
    middles = [(run.left + run.right) / 2 for run in line.runs]
    for number, (run, (first, last)) in enumerate(zip(line.runs, reached, strict=True)):
        low = reached[number - 1][1] + 1 if number else min(first, 1)
        high = reached[number + 1][0] - 1 if number + 1 < len(reached) else len(columns) - 1
        ruled = _ruled(run, line, columns, [r for r in rules if sum(r.start <= x <= r.end for x in middles) == 1])
        if ruled is not None:
            spans.append(ruled)
        elif below is not None and (last > first or columns[first].overlap(run) < 0.4 * (run.right - run.left)):
            spans.append(_centred(run, first, last, low, high, columns))
        else:
            best = column_at(columns, run)
            spans.append((best, best))
    return spans


def _pieces(rule: Rule) -> Iterator[Rule]:
    """A rule as the pieces that it is drawn in."""
    edges = [rule.start, *sorted(rule.breaks), rule.end]
    for start, end in pairwise(edges):
        yield Rule(rule.at, start, end)


def _ruled(run: Run, line: Line, columns: Sequence[Column], rules: Sequence[Rule]) -> tuple[int, int] | None:
    """Columns above which the rule runs that is drawn right below a head, where it is not as wide as the table."""
    middle = (run.left + run.right) / 2
    for rule in rules:
        near = -0.2 * line.size <= rule.at - line.base <= 1.0 * line.size
        if not near or not rule.start <= middle <= rule.end or rule.start <= columns[0].right:
            continue
        over = [n for n, c in enumerate(columns) if rule.start <= (c.left + c.right) / 2 <= rule.end]
        if len(over) > 1 and run.left >= rule.start - 5 and run.right <= rule.end + 5:
            return over[0], over[-1]
    return None


def _centred(run: Run, first: int, last: int, low: int, high: int, columns: Sequence[Column]) -> tuple[int, int]:
    """The columns around ``first`` to ``last`` whose middle is nearest to a run's."""
    middle = (run.left + run.right) / 2
    spans = [(one, other) for one in range(max(low, 0), first + 1) for other in range(last, high + 1)]

    def off(span: tuple[int, int]) -> float:
        return abs((columns[span[0]].left + columns[span[1]].right) / 2 - middle)

    best = min(spans, key=lambda span: (off(span), span[1] - span[0]), default=(first, last))
    return best if off(best) <= CENTRED else (first, last)
