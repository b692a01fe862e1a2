"""Tables whose columns are parted by rules or by edges of shaded cells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.load.pdf.records import RawPage, Word
from rag.load.pdf.tables.columns import Column
from rag.load.pdf.tables.draft import Draft
from rag.load.pdf.tables.heads import head_cells, heads_above
from rag.load.pdf.tables.lines import lines_of
from rag.load.pdf.tables.rulings import SNAP, Rule, Rulings, places

REACH = 3.0  # points: rules that end this near one another meet
MOST_CELLS = 6000  # more belong to a map
NARROW = 9.0  # points: a column as wide may be a margin
WALL = 0.5  # of the side between two places: a rule that covers as much parts them
CROSSING = 0.08  # of the words at most may stand across a wall


@dataclass(frozen=True, slots=True)
class Mesh:
    """Rules that meet one another."""

    across: tuple[Rule, ...]
    down: tuple[Rule, ...]

    @property
    def area(self) -> float:
        """Of the box around it."""
        left, top, right, bottom = self.bounds
        return (right - left) * (bottom - top)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom."""
        xs = [rule.at for rule in self.down] + [x for rule in self.across for x in (rule.start, rule.end)]
        ys = [rule.at for rule in self.across] + [y for rule in self.down for y in (rule.start, rule.end)]
        return min(xs), min(ys), max(xs), max(ys)


def meshes_of(rulings: Rulings) -> list[Mesh]:
    """Sets of rules that meet, with rules of both directions in each, the smallest first."""
    across, down = rulings.across, rulings.down
    owner = list(range(len(across) + len(down)))
    for i, row in enumerate(across):
        for j, column in enumerate(down):
            if (
                row.start - REACH <= column.at <= row.end + REACH
                and column.start - REACH <= row.at <= column.end + REACH
            ):
                _join(owner, i, len(across) + j)
    sets: dict[int, tuple[list[Rule], list[Rule]]] = defaultdict(lambda: ([], []))
    for i, rule in enumerate(across):
        sets[_root(owner, i)][0].append(rule)
    for j, rule in enumerate(down):
        sets[_root(owner, len(across) + j)][1].append(rule)
    meshes = [Mesh(tuple(rows), tuple(columns)) for rows, columns in sets.values() if rows and columns]
    return sorted(meshes, key=lambda mesh: mesh.area)


def _root(owner: list[int], item: int) -> int:
    while owner[item] != item:
        owner[item] = owner[owner[item]]
        item = owner[item]
    return item


def _join(owner: list[int], one: int, two: int) -> None:
    owner[_root(owner, one)] = _root(owner, two)


def draft_of(page: RawPage, mesh: Mesh, free: Iterable[int]) -> Draft | None:
    """Cells between the rules of a mesh with the words in them; None where words stand across the rules."""
    left, top, right, bottom = mesh.bounds
    xs = places([rule.at for rule in mesh.down] + [left, right])
    ys = places([rule.at for rule in mesh.across] + [top, bottom])
    if len(xs) < 3 or len(ys) < 3 or len(xs) * len(ys) > MOST_CELLS:
        return None
    rows, columns = len(ys) - 1, len(xs) - 1
    inside = [i for i in free if _within(page.words[i], left, top, right, bottom)]
    if not inside:
        return None
    owner = list(range(rows * columns))
    for row in range(rows):
        for column in range(columns):
            if column + 1 < columns and not _wall(mesh.down, xs[column + 1], ys[row], ys[row + 1]):
                _join(owner, row * columns + column, row * columns + column + 1)
            if row + 1 < rows and not _wall(mesh.across, ys[row + 1], xs[column], xs[column + 1]):
                _join(owner, row * columns + column, (row + 1) * columns + column)
    places_of: dict[int, list[int]] = defaultdict(list)
    for place in range(rows * columns):
        places_of[_root(owner, place)].append(place)
    first = {
        root: (min(p // columns for p in held), min(p % columns for p in held)) for root, held in places_of.items()
    }
    cells: list[list[list[int]]] = [[[] for _ in range(columns)] for _ in range(rows)]
    crossing = 0
    for index in inside:
        word = page.words[index]
        row = _interval(ys, word.middle)
        column = _interval(xs, (word.left + word.right) / 2)
        ends = [_root(owner, row * columns + _interval(xs, x)) for x in (word.left + 2, word.right - 2)]
        root = _root(owner, row * columns + column)
        crossing += ends[0] != root or ends[1] != root
        at = first[root]
        cells[at[0]][at[1]].append(index)
    if crossing > CROSSING * len(inside) + 1:
        return None
    if _is_coarse(page, cells) or _is_drawing(cells, xs):
        return None
    spans = {
        first[root]: max(p % columns for p in held) - first[root][1] + 1
        for root, held in places_of.items()
        if len({p % columns for p in held}) > 1
    }
    shades = [shade_at(page, left, right, (ys[row] + ys[row + 1]) / 2) for row in range(rows)]
    return Draft([[tuple(cell) for cell in row] for row in cells], spans, shades, ruled=True)


def with_heads(page: RawPage, draft: Draft, free: Iterable[int], across: Sequence[Rule]) -> Draft:
    """The draft with the heads that stand above its rules, where there are any."""
    columns: list[Column] = []
    for cells in zip(*draft.cells, strict=True):
        words = [
            page.words[i] for row, cell in enumerate(cells) for i in cell if (row, len(columns)) not in draft.spans
        ]
        if not words:
            return draft
        columns.append(Column(min(word.left for word in words), max(word.right for word in words)))
    data = lines_of(page.words, [i for row in draft.cells[:1] for cell in row for i in cell])
    heads = heads_above(page, free, data[0], columns, across) if data and len(columns) > 1 else []
    if not heads:
        return draft
    cells, spans = head_cells(heads, columns, across)
    moved = {(row + len(cells), column): span for (row, column), span in draft.spans.items()}
    return Draft([*cells, *draft.cells], spans | moved, [None] * len(cells) + draft.shades, len(cells), ruled=True)


def _is_drawing(cells: Sequence[Sequence[Sequence[int]]], xs: Sequence[float]) -> bool:
    """Whether most columns are empty, as in a chart or a picture made of boxes."""
    wide = [number for number, (left, right) in enumerate(pairwise(xs)) if right - left > NARROW]
    filled = [number for number in wide if any(row[number] for row in cells)]
    return len(filled) < 0.6 * len(wide)


def _is_coarse(page: RawPage, cells: Sequence[Sequence[Sequence[int]]]) -> bool:
    """Whether cells hold rows or columns of numbers: the rules part less than the white space does."""
    for row in cells:
        stacked = 0
        for number, cell in enumerate(row):
            lines = lines_of(page.words, cell) if len(cell) > 1 else []
            if sum(len(line.runs) > 1 and all(run.value for run in line.runs) for line in lines) > 1:
                return True
            if sum(sum(run.value for run in line.runs) > 1 for line in lines) > 1:
                return True
            values = sum(line.runs[0].value and len(line.runs) == 1 for line in lines)
            stacked += number > 0 and values > 1 and values == len(lines)
        if stacked > 1 or (stacked and len(row) == 2 and len(lines_of(page.words, row[0])) > 2):
            return True
    return False


def _within(word: Word, left: float, top: float, right: float, bottom: float) -> bool:
    return left - 1 <= (word.left + word.right) / 2 <= right + 1 and top - 1 <= word.middle <= bottom + 1


def _interval(edges: Sequence[float], value: float) -> int:
    return max(0, min(sum(edge <= value for edge in edges) - 1, len(edges) - 2))


def _wall(rules: Iterable[Rule], at: float, start: float, end: float) -> bool:
    near = (rule for rule in rules if abs(rule.at - at) <= SNAP)
    return sum(max(0.0, min(rule.end, end) - max(rule.start, start)) for rule in near) >= WALL * (end - start)


def shade_at(page: RawPage, left: float, right: float, height: float) -> int | None:
    """Fill under most of a row, of the last box drawn there."""
    shade = None
    for shape in page.shapes:
        if shape.fill is None or shape.picture or not shape.top <= height <= shape.bottom:
            continue
        if min(shape.right, right) - max(shape.left, left) >= 0.1 * (right - left):
            shade = shape.fill
    return shade
