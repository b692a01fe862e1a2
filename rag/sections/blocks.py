"""The blocks of a section: prose, lists, tables and key figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.schema import Block, BlockKind
from rag.sections.cells import value_spans
from rag.sections.figures import RowMaker, is_label, sound
from rag.sections.numbers import figures_only
from rag.sections.runs import Run
from rag.sections.tables import grid_rows, is_grid, paired, shaped, shaped_rows
from rag.sections.titles import Titles

_LABELS_AHEAD = 4  # labels above the first figure of a block; what stands before is something else
_HEADS_ABOVE = 13  # lines above a table that may be the heads of its columns, one each
_NAMES = 4  # separators that make a line a list of names


class BlockMaker:
    """Turns consecutive runs of one section into blocks."""

    def __init__(self, text: str, titles: Titles, paragraphs: frozenset[int]) -> None:
        """``paragraphs`` holds the offsets where counted paragraphs start: they are prose, not items."""
        self._text, self._titles, self._paragraphs = text, titles, paragraphs

    def blocks(self, runs: Sequence[Run], listed: bool = False) -> list[Block]:
        """Blocks that cover ``runs`` in order; ``listed``: the section's last block was a list."""
        found: list[Block] = []
        stretches = self._figure_stretches(runs)
        i = 0
        while i < len(runs):
            j, block = self._special(runs, i, stretches)
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

    def _special(self, runs: Sequence[Run], i: int, stretches: dict[int, int]) -> tuple[int, Block | None]:
        """A table or key-figure block that starts at run ``i``, and the index after it."""
        j = i
        while j < len(runs) and is_grid(runs[j]):
            j += 1
        if j == i and (two := paired(runs, i)) > i:
            j = two
        if j > i and (j - i > 1 or len(runs[i].lines) > 1 or runs[i].first.tabs >= 3):
            rows = grid_rows(self._text, runs[i:j], self._titles, self._caption(runs, i))
            return j, Block(runs[i].start, runs[j - 1].end, BlockKind.TABLE, rows)
        if (j := shaped(runs, i)) > i:
            rows = shaped_rows(self._text, runs[i:j], runs[max(0, i - _HEADS_ABOVE) : i], self._caption(runs, i))
            return j, Block(runs[i].start, runs[j - 1].end, BlockKind.TABLE, rows)
        j = stretches.get(i, i)
        if j > i:
            rows = RowMaker(self._text, self._titles).rows(runs[i:j])
            return j, Block(runs[i].start, runs[j - 1].end, BlockKind.FIGURES, rows)
        return i, None

    def _caption(self, runs: Sequence[Run], i: int) -> str:
        before = runs[i - 1] if i else None
        if before is None or not is_label(before) or len(value_spans(before.clean, parted=True)) > 1:
            return ""  # a row that reads otherwise than those below is no caption
        return self._titles.normal(before.clean)

    def _figure_stretches(self, runs: Sequence[Run]) -> dict[int, int]:
        """Start and end (exclusive) of each key-figure block among ``runs``."""
        found: dict[int, int] = {}
        i = 0
        while i < len(runs):
            j = i
            while j < len(runs) and self._figure_item(runs, j) and not is_grid(runs[j]):
                if (end := shaped(runs, j)) > j:
                    break
                j += 1
            else:
                end = j
            items = runs[i:j]
            first = next((k for k, run in enumerate(items) if run.figure_line), None)
            if first is not None:
                begin = i + max(0, first - _LABELS_AHEAD)
                lone_sentence = sum(run.figure_line for run in items) == 1 and items[first].terminal
                if not lone_sentence and sound(runs[begin:j]):
                    found[begin] = j
            i = max(end, i + 1)
        return found

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


def share_caption(text: str, blocks: list[Block]) -> list[Block]:
    """Give a bare number the caption of the key figures that follow it."""
    for k, (block, after) in enumerate(zip(blocks, blocks[1:], strict=False)):
        if block.kind is after.kind is BlockKind.FIGURES and len(block.rows) == 1 and after.rows:
            row = block.rows[0]
            if not row.title and figures_only(text[row.start : row.end]):
                blocks[k] = replace(block, rows=(replace(row, title=after.rows[0].title),))
    return blocks
