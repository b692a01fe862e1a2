"""Rows of tables: tab stops, pipes, or a label with the same run of figures on each line."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.schema import Unit, UnitKind
from rag.sections.lines import Line, clean
from rag.sections.numbers import figures
from rag.sections.runs import Run
from rag.sections.titles import Titles

_RULE = re.compile(r"[|\s:+=-]+")


def is_grid_line(line: Line) -> bool:
    """Whether tab stops or pipes part a line into three cells or more."""
    return line.size < 20_000 and (line.tabs >= 2 or (line.text[:1] == "|" and line.text.count("|") >= 2))


def is_grid(run: Run) -> bool:
    """Whether all lines of a run are rows of a table with tab stops or pipes."""
    return all(is_grid_line(line) for line in run.lines[:50])


def cells(line: Line) -> list[str]:
    """The cells of a row, cleaned, in order."""
    text = line.text
    parts = text.strip("|").split("|") if text[:1] == "|" else text.split("\t")
    return [clean(part) for part in parts]


def grid_rows(runs: Sequence[Run], titles: Titles, caption: str) -> tuple[Unit, ...]:
    """One row per line below the head line; without a head line, every line with empty ``heads``."""
    lines = [line for run in runs for line in run.lines if not _RULE.fullmatch(line.text[:300])]
    if not lines:
        return ()
    head = cells(lines[0])
    body = lines[1:]
    headed = (
        bool(body)
        and not any(figures(cell) for cell in head)
        and any(figures(cell) for line in body for cell in cells(line))
    )
    if not headed:
        headed = bool(body) and runs[0].first.text[:1] == "|" and len(lines) >= 2
    if not headed:
        return tuple(Unit(line.start, line.end, UnitKind.ROW, caption) for line in lines)
    title = titles.normal(head[0]) if table_title(lines[0]) else caption
    return tuple(Unit(line.start, line.end, UnitKind.ROW, title, _heads(head, cells(line))) for line in body)


def table_title(line: Line) -> str:
    """First cell of a head line when it names the table: in capitals, two words or more."""
    first = cells(line)[0]
    letters = [c for c in first if c.isalpha()]
    return first if len(first.split()) >= 2 and letters and all(c.isupper() for c in letters) else ""


def _heads(head: Sequence[str], row: Sequence[str]) -> tuple[str, ...]:
    """Heads of the row's figures, in order; () where the columns do not tally."""
    first = next((i for i, cell in enumerate(row) if i and (figures(cell) or cell in {"-", "–", "—"})), None)
    if first is None:
        first = 1
    values = len(row) - first
    named = list(head) if len(head) == len(row) else [cell for cell in head if cell]
    kept = named[-values:] if 0 < values <= len(named) <= len(row) else []
    return tuple(kept) if all(kept) else ()


def shaped(runs: Sequence[Run], i: int) -> int:
    """Index after the last of the runs from ``i`` that share one shape of figures; ``i`` if under three."""
    form = runs[i].row_shape
    j = i
    while form and j < len(runs) and runs[j].row_shape == form:
        j += 1
    return j if j - i >= 3 else i


def shaped_rows(runs: Sequence[Run], caption: str) -> tuple[Unit, ...]:
    """One row per run; the columns' heads are unknown."""
    return tuple(Unit(run.start, run.end, UnitKind.ROW, caption) for run in runs)
