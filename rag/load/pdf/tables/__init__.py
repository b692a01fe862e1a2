"""Tables of a page, found by their rules and by the alignment of their words."""

from __future__ import annotations

from rag.load.pdf.records import Grid, RawPage
from rag.load.pdf.tables.banded import banded_tables, frames_of
from rag.load.pdf.tables.draft import grid_of
from rag.load.pdf.tables.lattice import draft_of, meshes_of, with_heads
from rag.load.pdf.tables.lines import lines_of
from rag.load.pdf.tables.rulings import rulings_of
from rag.load.pdf.tables.stream import plain_tables

__all__ = ["find_tables", "head_words"]


def find_tables(page: RawPage) -> list[Grid]:
    """Tables on a page, top to bottom; no word is in two of them."""
    free = set(range(len(page.words)))
    found: list[Grid] = []

    def keep(grid: Grid | None) -> None:
        if grid is not None:
            found.append(grid)
            free.difference_update(i for row in grid.cells for cell in row for i in cell)

    rulings = rulings_of(page)
    for mesh in meshes_of(rulings):
        draft = draft_of(page, mesh, free)
        grid = grid_of(page.words, draft) if draft else None
        if draft and grid and not grid.heads:
            used = {i for row in grid.cells for cell in row for i in cell}
            grid = grid_of(page.words, with_heads(page, draft, free - used, rulings.across)) or grid
        keep(grid)
    for frame in frames_of(rulings.across):
        for draft in banded_tables(page, frame, free, rulings.across):
            keep(grid_of(page.words, draft))
    for draft in plain_tables(page, lines_of(page.words, free), rulings.across):
        keep(grid_of(page.words, draft))
    return sorted(found, key=lambda grid: (grid.top, grid.left))


def head_words(grid: Grid, column: int) -> tuple[int, ...]:
    """Words of all head cells above a column, top to bottom, with those of cells that span it.

    An empty head cell belongs to the one left of it where that has heads below it, or where the column has no head
    of its own.
    """
    bare = not any(grid.cells[row][column] for row in range(grid.heads))
    found: list[int] = []
    for row in range(grid.heads):
        at = column
        while at > 0 and not grid.cells[row][at]:
            at -= 1
        parent = any(grid.cells[below][at] for below in range(row + 1, grid.heads))
        if at == column or parent or bare:
            found += grid.cells[row][at]
    return tuple(found)
