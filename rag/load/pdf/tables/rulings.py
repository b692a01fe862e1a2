"""Rules that a reader sees on a page: lines drawn, and edges of shaded boxes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.load.pdf.records import RawPage, Shape

THIN = 3.0  # points: a thinner box is a line
SNAP = 2.5  # points: rules nearer than this are one
SHORT = 6.0  # points: shorter lines rule nothing
MOST = 4000  # rules on a page; more belong to a map or a drawing
WHITE = 0xFFFFFF


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line: where it stands across its direction, and from where to where it runs.

    ``breaks`` are the places where the pieces meet that it is drawn in; writers of tables draw one for each cell.
    """

    at: float
    start: float
    end: float
    breaks: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Rulings:
    """Rules of a page, each sorted by place: rows are parted by ``across``, columns by ``down``."""

    across: tuple[Rule, ...]
    down: tuple[Rule, ...]


def rulings_of(page: RawPage) -> Rulings:
    """Rules on a page, neighbouring pieces joined; none where there are so many that they are a drawing."""
    across: list[Rule] = []
    down: list[Rule] = []
    boxes: dict[int | None, list[Shape]] = defaultdict(list)
    for shape in page.shapes:
        width, height = shape.right - shape.left, shape.bottom - shape.top
        if shape.picture or width * height > 0.9 * page.width * page.height:
            continue
        if height < THIN:
            if width >= SHORT and shape.fill != WHITE:
                across.append(Rule((shape.top + shape.bottom) / 2, shape.left, shape.right))
        elif width < THIN:
            if height >= SHORT and shape.fill != WHITE:
                down.append(Rule((shape.left + shape.right) / 2, shape.top, shape.bottom))
        elif width >= SHORT and height >= SHORT and shape.fill != WHITE:
            boxes[shape.fill].append(shape)
    for fill, alike in boxes.items():
        if len(alike) <= MOST // 8:
            _add_edges(alike, across, down, hidden=fill is not None)
    if len(across) + len(down) > MOST:
        return Rulings((), ())
    return Rulings(joined(across), joined(down))


def _add_edges(boxes: Sequence[Shape], across: list[Rule], down: list[Rule], hidden: bool) -> None:
    """Edges of boxes of one fill; where two of them touch or overlap, none is seen between them."""
    for box in boxes:
        for at in (box.top, box.bottom):
            if not (hidden and any(_covers_row(other, box, at) for other in boxes if other is not box)):
                across.append(Rule(at, box.left, box.right))
        for at in (box.left, box.right):
            if not (hidden and any(_covers_column(other, box, at) for other in boxes if other is not box)):
                down.append(Rule(at, box.top, box.bottom))


def _covers_row(other: Shape, box: Shape, at: float) -> bool:
    outside = at - 1 if at == box.top else at + 1
    beyond = other.top <= outside <= other.bottom
    return beyond and min(other.right, box.right) - max(other.left, box.left) >= 0.8 * (box.right - box.left)


def _covers_column(other: Shape, box: Shape, at: float) -> bool:
    outside = at - 1 if at == box.left else at + 1
    beyond = other.left <= outside <= other.right
    return beyond and min(other.bottom, box.bottom) - max(other.top, box.top) >= 0.8 * (box.bottom - box.top)


def joined(rules: Iterable[Rule], gap: float = 3.0) -> tuple[Rule, ...]:
    """Rules in one place joined to the longest stretches; ``gap`` points between two pieces count as none."""
    out: list[Rule] = []
    for group in _in_one_place(rules):
        at = sum(rule.at for rule in group) / len(group)
        group.sort(key=lambda rule: rule.start)
        start, end, breaks = group[0].start, group[0].end, []
        for rule in group[1:]:
            if rule.start > end + gap:
                out.append(Rule(at, start, end, tuple(breaks)))
                start, end, breaks = rule.start, rule.end, []
            elif rule.start > end - 1.0 and rule.end > end:
                breaks.append((end + rule.start) / 2)
            end = max(end, rule.end)
        out.append(Rule(at, start, end, tuple(breaks)))
    return tuple(out)


def _in_one_place(rules: Iterable[Rule]) -> list[list[Rule]]:
    groups: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda rule: rule.at):
        if groups and rule.at - groups[-1][0].at <= SNAP:
            groups[-1].append(rule)
        else:
            groups.append([rule])
    return groups


def places(values: Iterable[float], near: float = SNAP) -> list[float]:
    """Values in ascending order, those nearer than ``near`` to the one before left out."""
    out: list[float] = []
    for value in sorted(values):
        if not out or value - out[-1] > near:
            out.append(value)
    return out
