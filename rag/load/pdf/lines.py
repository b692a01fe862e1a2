"""Words on one line, and what a line looks like."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from rag.load.pdf.leftward import in_reading_order
from rag.load.pdf.records import Word

_SAME_BASE = 0.3  # of the size: lines of one height differ by less
_GAP = 0.8  # of the size: wider ones may part columns
_HEADS_APART = 2.5  # of the size: white space between heads side by side
_MARK_REACH = 7.0  # of the size: how far a list's mark stands from its text at most
_MARK = re.compile(
    r"(?:[-–—•▪·*○◦►➢✓❖o§]|\(?(?:\d{1,3}|[a-zA-Z]|[ivxlcIVXLC]{1,6})[.)]|\d{1,2}(?:\.\d{1,2}){1,3}\.?|\d{1,2}-)"
)
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Line:
    """Words of one line of one column, left to right; ``page`` counts from 1.

    ``size`` is that of most of its letters; ``bold`` and ``italic`` hold where all but a little of it is.
    """

    words: tuple[Word, ...]
    page: int
    left: float
    top: float
    right: float
    bottom: float
    base: float
    size: float
    bold: bool
    italic: bool
    color: int

    @property
    def text(self) -> str:
        """Words with spaces between, raised print included."""
        return "".join((word.text if word.glued else f" {word.text}") for word in self.words).strip()

    @property
    def high(self) -> float:
        """Top of its small letters' reach: lines of a paragraph do not overlap from here to ``low``."""
        return self.base - 0.7 * self.size

    @property
    def low(self) -> float:
        """A little below its baseline."""
        return self.base + 0.15 * self.size

    @property
    def marked(self) -> bool:
        """Whether it begins with a bullet or a number that counts."""
        return len(self.words) > 1 and _MARK.fullmatch(self.words[0].text) is not None


def make_line(words: Sequence[Word], page: int) -> Line:
    """A line of at least one word."""
    lettered = [word for word in words if _LETTER.search(word.text) and not word.raised] or list(words)
    weights = [max(len(word.text), 1) for word in lettered]
    total = sum(weights)
    size = _most((word.size, weight) for word, weight in zip(lettered, weights, strict=True))
    color = _most((word.color, weight) for word, weight in zip(lettered, weights, strict=True))
    plain = [word for word in words if not word.raised] or list(words)
    return Line(
        tuple(in_reading_order(words)),
        page,
        min(word.left for word in words),
        min(word.top for word in plain),
        max(word.right for word in words),
        max(word.bottom for word in plain),
        median(word.baseline for word in plain),
        size,
        sum(weight for word, weight in zip(lettered, weights, strict=True) if word.bold) >= 0.9 * total,
        sum(weight for word, weight in zip(lettered, weights, strict=True) if word.italic) >= 0.9 * total,
        int(color),
    )


def are_heads_beside(one: Line, two: Line) -> bool:
    """Whether two lines at one height are heads of what stands below each, not one line with a gap in it."""
    gap = max(one.left, two.left) - min(one.right, two.right)
    alike = one.bold and two.bold and abs(one.size - two.size) < 0.5 and abs(one.base - two.base) < 0.3 * one.size
    titled = all(len(line.words) > 1 and line.text[0].isupper() and not line.marked for line in (one, two))
    return alike and titled and gap > _HEADS_APART * one.size


def _most(pairs: Iterable[tuple[float, int]]) -> float:
    sums: dict[float, int] = {}
    for value, weight in pairs:
        sums[value] = sums.get(value, 0) + weight
    return max(sums, key=lambda value: (sums[value], value))


def lines_of(words: Sequence[Word], page: int) -> list[Line]:
    """Lines, parted where wide gaps may be those between columns, top to bottom, then left to right."""
    groups: list[list[Word]] = []
    for word in words:  # raised print goes with the word before it, a note's mark with the one behind it
        if groups and (word.raised or (word.upright and _is_mark_of(groups[-1], word))):
            groups[-1].append(word)
        elif word.upright:
            groups.append([word])
    found = [make_line(piece, page) for row in _rows(groups) for piece in _pieces(row)]
    found.extend(make_line(run, page) for run in _turned([word for word in words if not word.upright]))
    return sorted(found, key=lambda line: (line.base, line.left))


def _is_mark_of(group: Sequence[Word], word: Word) -> bool:
    """Whether a lone word is small print right before another, above its line."""
    mark = group[0]
    raised = 0.1 * word.size < word.baseline - mark.baseline < 0.7 * word.size
    near = -0.5 * word.size < word.left - mark.right < word.size
    return len(group) == 1 and len(mark.text) < 4 and mark.size < 0.85 * word.size and raised and near


def _base(group: Sequence[Word]) -> float:
    return max(group, key=lambda word: (not word.raised, word.size)).baseline


def _rows(groups: Sequence[list[Word]]) -> Iterator[list[list[Word]]]:
    """Words of the same height on the page, left to right."""
    row: list[list[Word]] = []
    base = 0.0
    for group in sorted(groups, key=_base):
        size = min(max(word.size for word in group), max(word.size for word in row[-1]) if row else 1e9)
        if row and _base(group) - base > _SAME_BASE * size:
            yield sorted(row, key=lambda held: held[0].left)
            row = []
        if not row:
            base = _base(group)
        row.append(group)
    if row:
        yield sorted(row, key=lambda held: held[0].left)


def _pieces(row: Sequence[list[Word]]) -> Iterator[list[Word]]:
    """Parts of a row between wide gaps; a mark stays with what it counts."""
    piece = list(row[0])
    for before, group in pairwise(row):
        size = max(before[0].size, group[0].size)
        gap = group[0].left - before[-1].right
        is_mark = len(piece) == 1 and _MARK.fullmatch(piece[0].text) and gap < _MARK_REACH * size
        if (gap > _GAP * size and not is_mark) or gap < -2 * size or not _alike(before[0], group[0]):
            yield piece
            piece = []
        piece.extend(group)
    yield piece


def _alike(one: Word, two: Word) -> bool:
    """Whether neighbours may be one line: not small print beside a number many times as large."""
    return max(one.size, two.size) <= 2.2 * min(one.size, two.size)


def _turned(words: Sequence[Word]) -> Iterator[list[Word]]:
    """Runs of text that goes up or down the page, each as the file writes it."""
    run: list[Word] = []
    for word in words:
        if run and (word.block - run[-1].block > 1 or abs(word.left - run[-1].left) > 1.5 * word.size):
            yield run
            run = []
        run.append(word)
    if run:
        yield run
