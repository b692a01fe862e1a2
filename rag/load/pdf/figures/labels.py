"""Which texts around a big number are its label: below, above or at its right, the same side for all of a block."""

from __future__ import annotations

from collections.abc import Sequence

from rag.load.pdf.figures.pieces import Piece

MOST_LINES = 6
MOST_WORDS = 45
NEAR = 2.0  # of the label's size and 0.4 of the number's: white space between them
LEADING = 0.75  # of the size: white space between lines of one label
STEP = 1.25  # times: how much more than others a step between lines of one label may be
ASIDE = 5.0  # of the number's size: white space to a label at its right
SIDES = ("right", "below", "above")


def labels_of(block: Sequence[Piece], pieces: Sequence[Piece], values: Sequence[Piece]) -> list[tuple[Piece, ...]]:
    """Label of each number of a block, in their order; () for none. No text is in two labels."""
    used = {index for value in values for index in value.words}
    texts = [piece for piece in pieces if not used.intersection(piece.words)]
    found = {side: _on_side(block, texts, side) for side in SIDES}
    order = sorted(
        SIDES, key=lambda side: (-sum(map(bool, found[side])), _distance(block, found[side]), SIDES.index(side))
    )
    labels = list(found[order[0]])
    held = {piece for label in labels for piece in label}
    for side in order[1:]:
        free = [piece for piece in texts if piece not in held]
        others = _on_side(block, free, side)
        common = 2 * sum(map(bool, others)) > len(block)  # else it is rather a heading
        for number, more in enumerate(others):
            if not more or (labels[number] and _gap(block[number], more) > 0.6 * block[number].size):
                continue
            heading = labels[number] and (more[0].bold, more[0].color) != (
                labels[number][0].bold,
                labels[number][0].color,
            )
            if not labels[number] or (common and heading and "right" not in (side, order[0])):
                labels[number] = tuple(sorted({*labels[number], *more}, key=lambda piece: (piece.top, piece.left)))
                held.update(more)
    return labels


def _on_side(block: Sequence[Piece], texts: Sequence[Piece], side: str) -> list[tuple[Piece, ...]]:
    taken: set[Piece] = set()
    found: list[tuple[Piece, ...]] = []
    for value in block:
        rivals = [other for other in block if other is not value]
        free = [piece for piece in texts if piece not in taken]
        label = _right(value, free, rivals) if side == "right" else _stacked(value, free, rivals, side)
        if sum(len(piece.words) for piece in label) > MOST_WORDS or not any(_has_letters(piece) for piece in label):
            label = ()
        taken.update(label)
        found.append(label)
    return found


def _has_letters(piece: Piece) -> bool:
    return any(char.isalpha() for char in piece.text)


def _stacked(value: Piece, texts: Sequence[Piece], rivals: Sequence[Piece], side: str) -> tuple[Piece, ...]:
    """Lines below or above a number that share its left edge, its right edge or its middle."""
    label: list[Piece] = []
    edge = last = value
    way = 1 if side == "below" else -1
    ordered = sorted(texts, key=lambda piece: way * piece.middle)
    for piece in ordered:
        if way * (piece.middle - last.middle) <= 0 or piece.size > 0.95 * value.size:
            continue
        if not _aligned(piece, label[0] if label else value):
            continue
        gap = piece.top - edge.bottom if way > 0 else edge.top - piece.bottom
        room = NEAR * piece.size + 0.4 * value.size if edge is value else LEADING * piece.size
        if gap > room or len(label) >= MOST_LINES:
            break
        nearer = any(_overlap(piece, other) > _overlap(piece, value) and _beside(other, value) for other in rivals)
        between = any(
            way * (other.middle - value.middle) > 0 > way * (other.middle - piece.middle) and _overlap(piece, other) > 0
            for other in rivals
        )
        if nearer or between or (label and abs(piece.size - label[0].size) > 0.12 * piece.size):
            continue
        label.append(piece)
        edge = last = piece
    return tuple(label if way > 0 else reversed(label))


def _aligned(one: Piece, two: Piece) -> bool:
    near = max(4.0, 0.5 * min(one.size, two.size))
    edges = (
        abs(one.left - two.left) <= near
        or abs(one.right - two.right) <= near
        or abs(one.centre - two.centre) <= 2 * near
    )
    return edges or _overlap(one, two) > 0.8 * min(one.right - one.left, two.right - two.left)


def _overlap(one: Piece, two: Piece) -> float:
    return min(one.right, two.right) - max(one.left, two.left)


def _beside(one: Piece, two: Piece) -> bool:
    return abs(one.middle - two.middle) < 0.7 * max(one.size, two.size)


def _right(value: Piece, texts: Sequence[Piece], rivals: Sequence[Piece]) -> tuple[Piece, ...]:
    """Lines right of a number, around its height, and those that go on below the number."""
    limit = min((other.left for other in rivals if _beside(other, value) and other.left > value.right), default=1e9)
    near = [
        piece
        for piece in texts
        if -0.2 * value.size <= piece.left - value.right <= ASIDE * value.size
        and piece.right <= limit + 2
        and piece.size <= 0.95 * value.size
    ]
    first = [piece for piece in near if value.top - 0.3 * value.size <= piece.middle <= value.bottom + 0.3 * value.size]
    if not first:
        return ()
    label = [min(first, key=lambda piece: (piece.left - value.right, abs(piece.middle - value.middle)))]
    middle = (value.left + label[0].right) / 2
    widest = STEP * _pitch(label[0], near)
    for way in (1, -1):
        for piece in sorted(texts, key=lambda piece: way * piece.middle):
            edge = label[-1] if way > 0 else label[0]
            gap = piece.top - edge.bottom if way > 0 else edge.top - piece.bottom
            goes_on = way > 0 and (abs(piece.left - value.left) < 4 or abs(piece.centre - middle) < 8)
            alike = abs(piece.size - edge.size) < 0.12 * edge.size and piece.color == edge.color
            if piece in label or not alike or not (abs(piece.left - edge.left) < 4 or goes_on):
                continue
            if 0 < way * (piece.middle - edge.middle) <= widest and gap < LEADING * piece.size:
                label.insert(len(label) if way > 0 else 0, piece)
    before = [
        piece
        for piece in texts
        if _beside(piece, value)
        and 0 <= value.left - piece.right < 0.7 * value.size
        and abs(piece.size - label[0].size) < 1
    ]
    return tuple([*before, *label][: 2 * MOST_LINES])


def _pitch(first: Piece, near: Sequence[Piece]) -> float:
    """Distance to the next line of a label, above or below its first; the labels of other numbers stand further off."""
    steps = [
        abs(piece.middle - first.middle)
        for piece in near
        if piece is not first and abs(piece.left - first.left) < 4 and abs(piece.size - first.size) < 0.12 * first.size
    ]
    return min((step for step in steps if step > 0.5 * first.size), default=float("inf"))


def _gap(value: Piece, label: Sequence[Piece]) -> float:
    """Points between a number and its label; across where the label stands at its side."""
    up = value.top - max(piece.bottom for piece in label)
    down = min(piece.top for piece in label) - value.bottom
    aside = min(piece.left for piece in label) - value.right
    return max(up, down, aside, 0.0)


def _distance(block: Sequence[Piece], labels: Sequence[Sequence[Piece]]) -> float:
    gaps = [_gap(value, label) for value, label in zip(block, labels, strict=True) if label]
    return sum(gaps) / len(gaps) if gaps else float("inf")
