"""The cells of a row of a table, with their places in the text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.sections.lines import Line, clean
from rag.sections.numbers import FIGURE, UNGROUPED, figures

_EDGE = " \t"
_PIPE = re.compile(r"(?<!\\)\|")
_MISSING = r"(?:[-–—]+|n\.?[ad]\.?|n/[ad]|s/d|s\.d\.|\.\.\.?|…)"
_GAP = re.compile(rf"{_MISSING}\Z", re.IGNORECASE)
# A value of a row without tab stops or pipes: a figure, or a mark for none.
_JOINED, _PARTED = (
    re.compile(rf"(?<!\S)(?:{_MISSING}(?!\S)|{pattern.pattern})", re.IGNORECASE) for pattern in (FIGURE, UNGROUPED)
)
_LETTERS = re.compile(r"[^\W\d_]")
_NOTE = re.compile(r"[*†‡]|\([a-z*]\)")
_RAISED = str.maketrans(dict.fromkeys("¹²³⁴⁵⁶⁷⁸⁹⁰", " "))  # marks of notes, glued to figures
_GROUPED = re.compile(r"\d\s\d{3}(?!\d)")
_THOUSANDS = re.compile(r"\d[.,]\d{3}(?!\d)")
_ROWS_RUN_TOGETHER = re.compile(rf"(?<!\S)(?:\d[\d.,]*|{_MISSING})\s+(?:\d|{_MISSING}(?!\S))", re.IGNORECASE)
_LABEL_WORDS = 14


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its text without marks and its place in the report, trimmed; both empty where the cell is."""

    text: str
    start: int
    end: int

    @property
    def number(self) -> bool:
        """Whether it holds a figure or a mark for none."""
        return bool(_GAP.match(self.text) or figures(self.text))


def grid_cells(text: str, line: Line) -> list[Cell]:
    """The cells of a row that pipes or tab stops part, empty ones at its edges included."""
    start, end = line.start, line.end
    if line.text[:1] == "|":
        raw = text[start:end]
        closed = raw.endswith("|") and not raw.endswith("\\|") and len(raw) > 1
        return _between(text, start + 1, end - closed, _PIPE)
    while start and text[start - 1] in _EDGE:
        start -= 1
    while end < len(text) and text[end] in _EDGE:
        end += 1
    return _between(text, start, end, re.compile("\t"))


def _between(text: str, start: int, end: int, border: re.Pattern[str]) -> list[Cell]:
    cuts = [start, *(place for match in border.finditer(text, start, end) for place in match.span()), end]
    return [_cell(text, first, last) for first, last in zip(cuts[::2], cuts[1::2], strict=True)]


def _cell(text: str, start: int, end: int) -> Cell:
    raw = text[start:end]
    first = start + len(raw) - len(raw.lstrip())
    return Cell(clean(raw), first, max(first, start + len(raw.rstrip())))


def value_spans(raw: str, parted: bool = False) -> list[tuple[int, int]]:
    """Spans of the values that end a row "label, value, value, ...", in order; [] when it is none.

    A group of three digits behind a space belongs to the number before it, unless ``parted``.
    """
    raw = raw.translate(_RAISED)
    kept: list[tuple[int, int]] = []
    border = len(raw)
    # The label may hold figures of its own: the values are the last that only notes stand between.
    for match in reversed(list((_PARTED if parted else _JOINED).finditer(raw))):
        if _NOTE.sub("", raw[match.end() : border]).strip():
            break
        kept.insert(0, (match.start() + len(match.group()) - len(match.group().lstrip()), match.end()))
        border = match.start()
    label = raw[: kept[0][0]] if kept else ""
    sound = _LETTERS.search(label) and len(label.split()) <= _LABEL_WORDS and not _ROWS_RUN_TOGETHER.search(label)
    return kept if sound else []


def shape(raw: str, parted: bool = False) -> tuple[str, ...]:
    """The kinds of a row's values: "%", "n" for other figures, "-" for none; () for fewer than two."""
    values = [raw[start:end] for start, end in value_spans(raw, parted)]
    kinds = tuple("-" if _GAP.match(value) else "%" if "%" in value else "n" for value in values)
    return kinds if len(kinds) >= 2 and set(kinds) != {"-"} else ()


def grouped(raw: str) -> bool:
    """Whether a space and three digits follow a digit in a row, so that these may be one number or two cells.

    Not where another mark parts thousands: "4,578 895".
    """
    return bool(_GROUPED.search(raw)) and not _THOUSANDS.search(raw)


def alike(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two shapes may be rows of one table: equal but for missing values."""
    return len(one) == len(other) > 0 and all(a == b or "-" in (a, b) for a, b in zip(one, other, strict=True))
