"""Rows of tables: tab stops, pipes, or a label with the same run of figures on each line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.schema import Relation, RelationKind, Unit, UnitKind
from rag.sections.cells import Cell, alike, grid_cells, grouped, shape, value_spans
from rag.sections.column_heads import lists, merged_heads, split_heads, tally
from rag.sections.figures import is_label
from rag.sections.lines import Line, clean
from rag.sections.numbers import figures
from rag.sections.proofs import is_total, relations
from rag.sections.runs import Run
from rag.sections.titles import Titles

_RULE = re.compile(r"[|\s:+=-]+")
_RANK = re.compile(r"\d{1,3}[.)]?")
_LETTERS = re.compile(r"[^\W\d_]")
_HEAD_LINES = 4
_TOTAL = re.compile(r"(?:sub|grand |gran )?\W?(?:total|net|neto)\b", re.IGNORECASE)
_LEAST = 3  # rows of one shape that make a table without tab stops


def is_grid_line(line: Line) -> bool:
    """Whether tab stops or pipes part a line into three cells or more."""
    return line.size < 20_000 and (line.tabs >= 2 or (line.text[:1] == "|" and line.text.count("|") >= 2))


def is_grid(run: Run) -> bool:
    """Whether all lines of a run are rows of a table with tab stops or pipes."""
    return all(is_grid_line(line) for line in run.lines[:50])


def paired(runs: Sequence[Run], i: int) -> int:
    """Index after the runs from ``i`` that are a table of two columns, ``i`` when there is none.

    Each line is a label, one tab stop and a figure, but for the first, which may be the heads.
    """
    j = i
    while j < len(runs) and all(line.tabs == 1 and line.size < 300 for line in runs[j].lines):
        lines = runs[j].lines[j == i :]
        if runs[j].bullet or runs[j].note or not all(figures(clean(line.text.split("\t")[1])) for line in lines):
            break
        j += 1
    return j if sum(len(run.lines) for run in runs[i:j]) >= _LEAST else i


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of a grid with its cells."""

    line: Line
    cells: tuple[Cell, ...]

    @property
    def filled(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.text]

    @property
    def figures(self) -> bool:
        """Whether a cell behind the first holds a figure."""
        return any(figures(cell.text) for cell in self.cells[1:])

    @property
    def group(self) -> str:
        """The name of the rows that follow, when the line holds nothing else."""
        filled = self.filled
        alone = len(self.cells) > 1 and len({cell.text for cell in filled}) == 1
        return filled[0].text if alone and filled[0].text == self.cells[0].text and _lettered(filled[0].text) else ""


def grid_rows(text: str, runs: Sequence[Run], titles: Titles, caption: str) -> tuple[Unit, ...]:
    """One row per line below the head lines; without a head line, every line with empty ``heads``.

    A line that only its first cell fills names the group of the rows below it, which goes into their titles.
    """
    lines = [line for run in runs for line in run.lines]
    rules = [number for number, line in enumerate(lines) if _RULE.fullmatch(line.text[:300])]
    rows = [_Row(line, tuple(grid_cells(text, line))) for n, line in enumerate(lines) if n not in rules]
    if not rows:
        return ()
    above = _head_lines(rows, rules[0] if rules else None)
    heads = merged_heads([row.cells for row in rows[:above]]) if above else []
    title = titles.normal(_first(rows[0])) if above and table_title(rows[0].line) else caption
    found: list[Unit] = []
    group = ""
    for row in rows[above:]:
        # Without indents only a table that begins with a group is one of groups, and where one ends is not shown.
        if row.group and (group or row is rows[above]):
            group = row.group.rstrip(" :")
        elif _TOTAL.match(_first(row)):
            group = ""
        found.append(_unit(row, heads, ", ".join(part for part in (title, group) if part and not row.group)))
    return _proven(text, found) if not any(heads) else tuple(found)


def _head_lines(rows: Sequence[_Row], rule: int | None) -> int:
    """How many lines are heads: those above a rule, or those without figures above rows with some."""
    body = rows[1:]
    if not body:
        return 0
    piped = rows[0].line.text[:1] == "|"
    if rule:
        above = min(rule, 2)
    elif rule == 0 or rows[0].figures:
        return 0
    else:
        above = int(piped or (not figures(_first(rows[0])) and any(row.figures for row in body)))
    while above and _goes_on(rows, above):
        above += 1
    return above


def _goes_on(rows: Sequence[_Row], above: int) -> bool:
    """Whether the line below ``above`` head lines names the columns that these leave without a head."""
    heads, line, body = rows[:above], rows[above] if above < len(rows) else None, rows[above + 1 :]
    if line is None or above >= _HEAD_LINES or line.figures or not any(row.figures for row in body):
        return False
    named = {place for row in heads for place, cell in enumerate(row.cells) if place and cell.text}
    lacking = set(range(1, len(line.cells))) - named
    corner = line.cells[0].text
    # The first cell of a row is a label, that of a head line is empty, a unit, or the head of the labels.
    fits = not corner or corner[0] in "(%" or not any(row.cells[0].text for row in heads) or lists(corner)
    filled = [place for place in lacking if line.cells[place].text]
    return fits and bool(filled) and (len(filled) == len(lacking) or not corner)


def _first(row: _Row) -> str:
    return next((cell.text for cell in row.cells if cell.text), "")


def table_title(line: Line) -> str:
    """First cell of a head line when it names the table: in capitals, two words or more."""
    first = clean(line.text.strip("|").split("|")[0] if line.text[:1] == "|" else line.text.split("\t")[0])
    letters = [c for c in first if c.isalpha()]
    return first if len(first.split()) >= 2 and letters and all(c.isupper() for c in letters) else ""


def _unit(row: _Row, heads: Sequence[str], title: str) -> Unit:
    """A row with its label, its values and, where the columns tally, their heads."""
    line = row.line
    first = next((i for i, cell in enumerate(row.cells) if cell.text), 0)
    if _RANK.fullmatch(row.cells[first].text) and any(
        _lettered(cell.text) for cell in row.cells[first + 1 : first + 2]
    ):
        first += 1  # "1 | Town | 30": what is counted off is the second cell
    start = row.cells[first].start if first else line.start
    cells = list(row.cells)
    label = cells[first].text if _lettered(cells[first].text) or not first else ""
    values = cells[first + 1 :] if label else cells[first:]
    named = _named(heads, len(cells), len(values), piped=line.text[:1] == "|")
    if len(named) > len(values):  # Markdown may leave out empty cells at the end
        values += [Cell("", line.end, line.end)] * (len(named) - len(values))
    spans = tuple((cell.start, cell.end) for cell in values)
    return Unit(max(start, line.start), line.end, UnitKind.ROW, title, named, label, spans)


def _named(heads: Sequence[str], width: int, values: int, *, piped: bool) -> tuple[str, ...]:
    """Heads of the last ``values`` of ``width`` cells, () where the columns do not tally."""
    if len(heads) == width or piped and width < len(heads):
        kept = heads[width - values :]
    else:
        filled = [head for head in heads if head]
        kept = filled[-values:] if 0 < values <= len(filled) <= width else []
        kept = kept if len(kept) == values else []
    # One head over several columns may stand for any of them.
    return tuple(kept) if 2 * sum(map(bool, kept)) > len(kept) else ()


def _lettered(text: str) -> bool:
    return _LETTERS.search(text) is not None


def shaped(runs: Sequence[Run], i: int) -> int:
    """Index after the last of the runs from ``i`` that share one shape of figures; ``i`` if under three."""
    return max(_stretch(runs, i, False), _stretch(runs, i, True))


def _stretch(runs: Sequence[Run], i: int, parted: bool) -> int:
    form = _shape(runs[i], parted)
    j = i
    while form and j < len(runs) and (here := _shape(runs[j], parted)) and alike(form, here):
        j += 1
    # A space between digits parts cells only where another row shows it.
    sure = not parted or any(not grouped(run.clean) for run in runs[i:j])
    return j if j - i >= _LEAST and sure else i


def _shape(run: Run, parted: bool) -> tuple[str, ...]:
    if run.size >= 200 or run.bullet or run.note:
        return run.row_shape if not parted else ()
    return shape(run.clean, parted) or (() if parted else run.row_shape)


def shaped_rows(text: str, runs: Sequence[Run], before: Sequence[Run], caption: str) -> tuple[Unit, ...]:
    """One row per run; ``before`` are the runs above, whose lines may be the columns' heads."""
    parted = _stretch(runs, 0, False) < len(runs)
    values = [
        [(run.start + a, run.start + b) for a, b in value_spans(text[run.start : run.end], parted)] for run in runs
    ]
    # A count that the shape does not bear out is no division into cells.
    if any(len(found) != len(_shape(run, parted)) for found, run in zip(values, runs, strict=True)):
        return tuple(Unit(run.start, run.end, UnitKind.ROW, caption) for run in runs)
    heads, start = _heads_above(runs, before, parted)
    rows = []
    for run, cells in zip(runs, values, strict=True):
        first = start if run is runs[0] else run.start
        label = clean(text[first : cells[0][0]])
        rows.append(Unit(first, run.end, UnitKind.ROW, "" if heads else caption, heads, label, tuple(cells)))
    return tuple(rows) if heads else _proven(text, rows)


def _heads_above(runs: Sequence[Run], before: Sequence[Run], parted: bool) -> tuple[tuple[str, ...], int]:
    """Heads of the columns, and where the first row starts: below heads in its run, if these are there."""
    kinds, start = _shape(runs[0], parted), runs[0].start
    *lines, last = runs[0].lines
    if lines and len(value_spans(last.clean, parted)) == len(kinds):
        heads = split_heads(" ".join(line.clean for line in lines), kinds)
        if heads:
            return heads, last.start
    above = [run.clean for run in _labels(before)]
    found = {split_heads(" ".join(above[-count:]), kinds) for count in range(1, len(above) + 1)}
    found.add(tally(above[-len(kinds) - 1 :], kinds))
    found.discard(())
    # Lines that can be read in two ways name no column.
    return (found.pop() if len(found) == 1 else (), start)


def _labels(before: Sequence[Run]) -> Sequence[Run]:
    """The last of some runs that may be heads of columns: labels without figures."""
    first = len(before)
    while first and is_label(before[first - 1]) and not before[first - 1].figure_line:
        first -= 1
    return before[first:]


def _proven(text: str, rows: Sequence[Unit]) -> tuple[Unit, ...]:
    """Rows whose heads are lost, with what arithmetic shows of their values."""
    made = list(rows)
    held = [row for row in made if row.cells]
    values = [[text[start:end] for start, end in row.cells] for row in held]
    if len(held) > 1 and not held[-1].label and is_total(values[:-1], values[-1]):
        made[made.index(held[-1])] = replace(held[-1], relations=(Relation(RelationKind.TOTAL_ROW),))
        values.pop()
    shown = relations(values)
    return tuple(replace(row, relations=(*shown, *row.relations)) if row.cells and shown else row for row in made)
