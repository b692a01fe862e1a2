"""The blocks of a section: prose, lists, tables and key figures."""

from __future__ import annotations

from collections.abc import Sequence

from rag.schema import Block, BlockKind
from rag.sections.figures import RowMaker, is_label, sound
from rag.sections.runs import Run
from rag.sections.tables import grid_rows, is_grid, shaped, shaped_rows
from rag.sections.titles import Titles

_NAMES = 4  # separators that make a line a list of names


class BlockMaker:
    """Turns consecutive runs of one section into blocks."""

    def __init__(self, text: str, titles: Titles, paragraphs: frozenset[int]) -> None:
        """``paragraphs`` holds the offsets where counted paragraphs start: they are prose, not items."""
        self._text, self._titles, self._paragraphs = text, titles, paragraphs

    def blocks(self, runs: Sequence[Run], listed: bool = False) -> list[Block]:
        """Blocks that cover ``runs`` in order; ``listed``: the section's last block was a list."""
        found: list[Block] = []
        i = 0
        while i < len(runs):
            j, block = self._special(runs, i)
            if block is None:
                kind = BlockKind.LIST if self._item(runs, i, found, listed) else BlockKind.PROSE
                block, j = Block(runs[i].start, runs[i].end, kind), i + 1
            last = found[-1] if found else None
            if last and last.kind is block.kind and block.kind in {BlockKind.LIST, BlockKind.PROSE}:
                found[-1] = Block(last.start, block.end, block.kind)
            else:
                found.append(block)
            i = j
        return found

    def _special(self, runs: Sequence[Run], i: int) -> tuple[int, Block | None]:
        """A table or key-figure block that starts at run ``i``, and the index after it."""
        j = i
        while j < len(runs) and is_grid(runs[j]):
            j += 1
        if j > i and (j - i > 1 or len(runs[i].lines) > 1 or runs[i].first.tabs >= 3):
            rows = grid_rows(runs[i:j], self._titles, self._caption(runs, i))
            return j, Block(runs[i].start, runs[j - 1].end, BlockKind.TABLE, rows)
        if (j := shaped(runs, i)) > i:
            rows = shaped_rows(runs[i:j], self._caption(runs, i))
            return j, Block(runs[i].start, runs[j - 1].end, BlockKind.TABLE, rows)
        j = self._figures_end(runs, i)
        if j > i:
            rows = RowMaker(self._text, self._titles).rows(runs[i:j])
            return j, Block(runs[i].start, runs[j - 1].end, BlockKind.FIGURES, rows)
        return i, None

    def _caption(self, runs: Sequence[Run], i: int) -> str:
        before = runs[i - 1] if i else None
        return self._titles.normal(before.clean) if before and is_label(before) else ""

    def _figures_end(self, runs: Sequence[Run], i: int) -> int:
        """Index after the key-figure block that starts at ``i``; ``i`` when there is none."""
        j = i
        while j < len(runs) and self._figure_item(runs, j) and shaped(runs, j) == j and not is_grid(runs[j]):
            j += 1
        items = runs[i:j]
        found = [run for run in items if run.figure_line]
        lone_sentence = len(found) == 1 and found[0].terminal
        if not found or lone_sentence or not sound(items):
            return i
        first = next(k for k, run in enumerate(items) if run.figure_line)
        # Many labels before the first figure are something else: a cover, cells, names.
        return j if first <= 6 else i

    def _figure_item(self, runs: Sequence[Run], j: int) -> bool:
        if runs[j].start in self._paragraphs:
            return False
        return runs[j].figure_line or is_label(runs[j])

    def _item(self, runs: Sequence[Run], i: int, found: Sequence[Block], listed: bool) -> bool:
        """Whether run ``i`` is an item of a list, or goes on with one."""
        run = runs[i]
        if run.start in self._paragraphs:
            return False
        if run.bullet or (run.label and run.label.scheme in {"decimal", "paren", "letter"}):
            return True
        if run.first.text[:20_000].count(" | ") >= _NAMES or run.first.text[:20_000].count(" • ") >= _NAMES:
            return True
        in_list = found[-1].kind is BlockKind.LIST if found else listed
        before = runs[i - 1] if i else None
        if not in_list or (before is not None and before.terminal):
            return False
        return run.clean[:1].islower() or (before is not None and before.open_end and run.words <= 20)
