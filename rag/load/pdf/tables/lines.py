"""Words of a page put into lines, and lines cut into runs at wide gaps."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.load.pdf.records import Word

GAP = 0.85  # of the font's size: words further apart are not of one phrase; justified text stays below it
NUMBER_GAP = 0.55  # the same between two numbers, whose columns may stand closer; a thousands space is below it
_MARK = re.compile(r"[-–—•▪●·*○◦►➢✓❖o§▶]|\(?(?:\d{1,2}|[a-z])[.)]")
SIGN_GAP = 9.0  # the same between a currency's sign at the left of a column and the number at its right
DASHES = {"-", "–", "—", "−"}
BLANKS = DASHES | {"..", "...", "…", "n/a", "na", "nd", "n.a.", "n.d.", "nil", "*", "x", "✓", "✔", "●", "•"}
CURRENCY = {"$", "€", "£", "¥", "US$", "USD", "EUR"}
_VALUE = re.compile(r"[^\w]*(?:US|USD|EUR|COP)?[^\w]*\d[\d\s.,'’]*\D*", re.IGNORECASE)
_DATE = re.compile(r"[^\W\d_]{3,}.*(?:19|20)\d\d")
_YEAR = re.compile(r"\D{0,12}(?:19|20)\d\d(?:[-–/](?:19|20)?\d\d)?[^\d%]{0,6}\d?")


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one line without a wide gap between them: indexes, left to right."""

    words: tuple[int, ...]
    text: str
    left: float
    right: float

    @property
    def value(self) -> bool:
        """Whether it is a number, with its sign or unit, or stands for an empty value."""
        return is_value(self.text)


@dataclass(frozen=True, slots=True)
class Line:
    """Runs at one height, left to right; ``size`` is the font's, of the largest word."""

    runs: tuple[Run, ...]
    top: float
    bottom: float
    base: float
    size: float

    @property
    def left(self) -> float:
        """Where it begins."""
        return self.runs[0].left

    @property
    def right(self) -> float:
        """Where it ends."""
        return max(run.right for run in self.runs)

    @property
    def words(self) -> tuple[int, ...]:
        """Of all runs."""
        return tuple(index for run in self.runs for index in run.words)

    @property
    def text(self) -> str:
        """Of all runs."""
        return " ".join(run.text for run in self.runs)


def is_value(text: str) -> bool:
    """Whether a text is a number, with its sign or unit, or stands for an empty value."""
    if text.lower().strip("()[] ") in BLANKS or text in CURRENCY:
        return True
    if _DATE.search(text):
        return False
    letters = sum(char.isalpha() for char in text)
    digits = sum(char.isdigit() for char in text)
    return len(text) <= 30 and digits > 0 and letters <= max(3, 0.5 * digits) and bool(_VALUE.match(text))


def is_mark(text: str) -> bool:
    """Whether a text is the mark of a list's item, a bullet or a number."""
    return bool(_MARK.fullmatch(text))


def is_year(text: str) -> bool:
    """Whether a text names a year or a span of years, as heads of columns do."""
    return bool(_YEAR.fullmatch(text))


def lines_of(words: Sequence[Word], indexes: Iterable[int]) -> list[Line]:
    """Lines of the upright words named, top to bottom; raised print stays on the line it belongs to."""
    groups: list[list[int]] = []
    for index in sorted(indexes):
        word = words[index]
        if word.raised and groups and groups[-1][-1] == index - 1:
            groups[-1].append(index)
        elif word.upright:
            groups.append([index])
    rows: list[list[list[int]]] = []
    base = 0.0
    for group in sorted(groups, key=lambda group: words[group[0]].baseline):
        word = words[group[0]]
        if not rows or word.baseline - base > 0.35 * min(word.size or 8.0, words[rows[-1][0][0]].size or 8.0):
            rows.append([])
            base = word.baseline
        rows[-1].append(group)
    return [_line(words, row) for row in rows]


def _line(words: Sequence[Word], row: list[list[int]]) -> Line:
    order = [index for group in sorted(row, key=lambda group: words[group[0]].left) for index in group]
    parts: list[list[int]] = [[order[0]]]
    for number, index in enumerate(order[1:], 1):
        before, word = words[parts[-1][-1]], words[index]
        after = words[order[number + 1]] if number + 1 < len(order) else None
        if not word.raised and word.left - before.right > _room(before, word, after):
            parts.append([])
        parts[-1].append(index)
    plain = [i for i in order if not words[i].raised] or order
    top, bottom = min(words[i].top for i in plain), max(words[i].bottom for i in plain)
    size = max(words[i].size or words[i].height for i in plain)
    return Line(tuple(_run(words, part) for part in parts), top, bottom, words[order[0]].baseline, size)


def _room(before: Word, word: Word, after: Word | None) -> float:
    """White space in points up to which two words of a line are one run."""
    size = max(min(before.size or before.height, word.size or word.height), 1.0)
    if word.text in CURRENCY and is_value(before.text) and after is not None and is_value(after.text):
        return 0.1 * size  # the sign of the next column
    if before.text in CURRENCY and is_value(word.text):
        return SIGN_GAP * size
    return size * (NUMBER_GAP if is_value(before.text) and is_value(word.text) else GAP)


def _run(words: Sequence[Word], part: list[int]) -> Run:
    return Run(tuple(part), text_of(words, part), words[part[0]].left, max(words[i].right for i in part))


def text_of(words: Sequence[Word], indexes: Iterable[int]) -> str:
    """Words with spaces between, none before one that is glued to the word before."""
    return "".join(words[i].text if words[i].glued else f" {words[i].text}" for i in indexes).strip()


def in_reading_order(words: Sequence[Word], indexes: Iterable[int]) -> tuple[int, ...]:
    """Words of a cell by line, then left to right; text that runs up or down, or right to left, as the file has it."""
    chosen = list(indexes)
    if any(not words[i].upright for i in chosen):
        return tuple(sorted(chosen))
    ordered: list[int] = []
    for line in lines_of(words, chosen):
        ordered += sorted(line.words) if _right_to_left(line.text) else line.words
    return tuple(ordered + sorted(set(chosen).difference(ordered)))


def _right_to_left(text: str) -> bool:
    return sum("\u0590" <= char <= "\u08ff" for char in text) > len(text) / 3
