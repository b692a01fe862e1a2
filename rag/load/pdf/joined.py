"""Paragraphs that go on in the next column or on the next page made one."""

from __future__ import annotations

from collections.abc import Sequence

from rag.layout import PartKind
from rag.load.pdf.paragraphs import NEW_SIZE, TERMINAL, Block, has_leader, look_of


def joined(blocks: Sequence[Block], body: float) -> list[Block]:
    """Blocks of the whole document, paragraphs that go on in the next column or page made one.

    What stands between the halves, a table or a box, comes after the whole.
    """
    found: list[Block] = []
    open_at: int | None = None  # place in ``found`` of a paragraph that may go on
    for block in blocks:
        if not block.lines:
            found.append(block)
            continue
        if open_at is not None and _continues(found[open_at], block):
            found[open_at].lines.extend(block.lines)
            continue
        found.append(block)
        if block.panel == 0 or open_at is None or not _open(found[open_at]):
            open_at = len(found) - 1 if block.kind in (PartKind.PROSE, PartKind.ITEM) else open_at
    return found


def _open(block: Block) -> bool:
    """Whether a paragraph's last line does not end a sentence."""
    return not TERMINAL.search(block.text) and len(block.lines) > 1 and block.kind is not PartKind.HEADING


def _continues(before: Block, block: Block) -> bool:
    if block.kind is not PartKind.PROSE or block.number or before.kind is PartKind.HEADING:
        return False
    last, first = before.lines[-1], block.lines[0]
    same_place = before.page is block.page and before.column == block.column and before.panel == block.panel
    if (before.panel == 0) != (block.panel == 0):
        return False
    moved = last.page != first.page or first.base < last.base or not same_place
    if not moved or abs(last.size - first.size) > NEW_SIZE * max(last.size, first.size):
        return False
    if look_of(first)[0] != look_of(last)[0] and len(block.lines) == 1:
        return False
    text = before.text
    if len(text.split()) < 6:
        return False
    if has_leader(last) or has_leader(first):
        return False
    if first.text[:1].islower():
        return not TERMINAL.search(text) or text[-1:] in ";:" and before.panel == block.panel
    full = last.right > before.right - 0.12 * (before.right - before.left)
    if before.number and len(before.lines) > 1 and last.right > before.right - 4 and abs(first.left - last.left) < 3:
        return not (first.bold or first.italic)  # where paragraphs are counted, one without a number goes on
    return full and len(before.lines) + len(block.lines) > 2 and not TERMINAL.search(text) and not look_of(first)[0]
