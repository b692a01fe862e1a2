"""Pieces of a page's lines that are printed alike, and which of them are big numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from rag.load.pdf.records import RawPage, Word
from rag.load.pdf.tables.lines import lines_of, text_of

BIG = 1.5  # times the size of the body: a number is big by that alone
LARGER = 1.12  # times the size of the body: big where it is bold or in another colour, and not alone
ALIKE = 1.18  # times: sizes of one piece
EDGE = 0.07  # of the page's height: page numbers and mastheads stand above and below
COUNTED = 21  # numbers of lists and stages are below
MOST_WORDS = 5  # of a value: "US$ 98.4 million"
_UNIT = (
    r"(?:%|per\s?cent|por\s?ciento|pour\s?cent|[kKmMbB]|bn|mn|mil|thousand|milliers?|mill[oó]n(?:es)?|millions?|"
    r"billions?|milliards?|billon(?:es)?|[MGTk]?[tW]h?|km²?|ha|people|personas|personnes)"
)
_NUMBER = r"\d{1,3}(?:[.,'’\s]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?"
_VALUE = re.compile(
    rf"[~≈<>≥≤±+−–-]?\s?(?:US\$|USD|EUR|COP|FC|[$€£])?\s?(?:{_NUMBER})(?:\s?[-–/]\s?(?:{_NUMBER}))?"
    rf"\s?(?:\({_NUMBER}\s?%?\))?\s?{_UNIT}?(?![\w.)])[*†‡]*",
    re.IGNORECASE,
)
_UNIT_ONLY = re.compile(_UNIT + r"\.?", re.IGNORECASE)
_CURRENCY = re.compile(r"(?:US\$|[A-Z]{3}|FC|[$€£¥])(?!\w)")  # codes of currencies have three letters
_YEAR = re.compile(r"(?:19|20)\d\d(?:\s?[-–/]\s?(?:19|20)?\d\d)?")
_CODE = re.compile(r"\d+[-/–]\d{3,}$")
_MONTH = re.compile(
    r"\b(?:jan|feb|fev|fév|mar|apr|abr|avr|may|mai|jun|jul|juil|aug|ago|ao[uû]|sep|oct|nov|dec|dic|déc)[a-zéû]*\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of one line, printed alike and without a wide gap: indexes, left to right."""

    words: tuple[int, ...]
    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    bold: bool
    color: int

    @property
    def middle(self) -> float:
        """Its height on the page."""
        return (self.top + self.bottom) / 2

    @property
    def centre(self) -> float:
        """Its place across the page."""
        return (self.left + self.right) / 2


def pieces_of(page: RawPage, taken: frozenset[int]) -> list[Piece]:
    """Pieces of the upright words that are free, top to bottom, left to right."""
    free = (index for index in range(len(page.words)) if index not in taken)
    pieces: list[Piece] = []
    for line in lines_of(page.words, free):
        for run in line.runs:
            pieces += _alike(page.words, run.words)
    return pieces


def _alike(words: Sequence[Word], run: Sequence[int]) -> Iterable[Piece]:
    parts: list[list[int]] = [[run[0]]]
    for index in run[1:]:
        first, word = words[parts[-1][0]], words[index]
        small = word.raised or word.glued
        if not small and max(first.size, word.size) > ALIKE * min(first.size, word.size):
            parts.append([])
        parts[-1].append(index)
    return [_piece(words, part) for part in parts]


def _piece(words: Sequence[Word], part: Sequence[int]) -> Piece:
    held = [words[index] for index in part]
    plain = [word for word in held if not word.raised] or held
    return Piece(
        tuple(part),
        text_of(words, part),
        min(word.left for word in held),
        min(word.top for word in plain),
        max(word.right for word in held),
        max(word.bottom for word in plain),
        max(word.size for word in plain),
        all(word.bold for word in plain),
        plain[0].color,
    )


def body_of(page: RawPage) -> tuple[float, int]:
    """Size and colour of most letters of a page."""
    sizes: Counter[float] = Counter()
    colors: Counter[int] = Counter()
    for word in page.words:
        if word.upright and any(char.isalpha() for char in word.text):
            sizes[round(word.size * 2) / 2] += len(word.text)
            colors[word.color] += len(word.text)
    return (sizes.most_common(1)[0][0], colors.most_common(1)[0][0]) if sizes else (0.0, 0)


def values_of(page: RawPage, pieces: Sequence[Piece]) -> list[Piece]:
    """Pieces that are big numbers with their unit, joined where it stands on a line of its own."""
    size, color = body_of(page)
    found = [piece for piece in pieces if size and _is_value(piece, size, color, page.height)]
    listed = [*_list_numbers(found), *_axis_numbers(found)]
    return [_with_unit(piece, pieces, size) for piece in found if piece not in listed]


def _is_value(piece: Piece, size: float, color: int, height: float) -> bool:
    marked = piece.bold or piece.color != color
    if piece.size < (LARGER if marked else BIG) * size:
        return False
    match = _VALUE.match(piece.text)
    if match is None or len(piece.words) > MOST_WORDS or _MONTH.search(piece.text):
        return False
    rest = piece.text[match.end() :].split()
    number = match.group().strip()
    if _YEAR.fullmatch(number) or _CODE.match(number) or number == "0" or len(rest) > 2:
        return False
    edge = piece.bottom < EDGE * height or piece.top > (1 - EDGE) * height
    return not (edge and not rest and match.group().strip().isdigit())


def _list_numbers(values: Sequence[Piece]) -> list[Piece]:
    """Bare numbers that count something off, from 1 or at least three: 1, 2 or 4, 5, 6 in one size."""
    bare = [piece for piece in values if piece.text.strip().isdigit() and int(piece.text) < COUNTED]
    counts = {(int(piece.text), round(piece.size)) for piece in bare}
    return [piece for piece in bare if _counts_off(int(piece.text), {n for n, s in counts if s == round(piece.size)})]


def _counts_off(number: int, numbers: set[int]) -> bool:
    first = last = number
    while first - 1 in numbers:
        first -= 1
    while last + 1 in numbers:
        last += 1
    return last - first > 1 or (last > first and first <= 1)


def _axis_numbers(values: Sequence[Piece]) -> list[Piece]:
    """Bare numbers that stand on the page three times: ends of scales."""
    times = Counter(piece.text for piece in values if piece.text.isdigit())
    return [piece for piece in values if times[piece.text] > 2]


def _with_unit(value: Piece, pieces: Sequence[Piece], body: float) -> Piece:
    """The number with its unit where that stands on a line by itself: a currency above, any unit below."""
    for piece in pieces:
        down = piece.top - value.bottom if piece.middle > value.middle else value.top - piece.bottom
        near = 0 <= down + 0.4 * value.size <= 1.3 * value.size
        over = min(piece.right, value.right) - max(piece.left, value.left) > 0
        if not (near and over):
            continue
        alike = abs(piece.size - value.size) < 0.05 * value.size and piece.color == value.color
        large = piece.size > 0.6 * value.size
        if piece.middle < value.middle:
            if large and _CURRENCY.fullmatch(piece.text) and not _CURRENCY.match(value.text):
                return _whole(piece, value, value)
            continue
        unit = large and (_UNIT_ONLY.fullmatch(piece.text) or _CURRENCY.fullmatch(piece.text))
        short = len(piece.words) + len(value.words) <= MOST_WORDS - 1 and not piece.text[:1].isdigit()
        if unit or (alike and short and value.size > BIG * body):
            return _whole(value, piece, value)
    return value


def _whole(above: Piece, below: Piece, value: Piece) -> Piece:
    """Two lines as one piece that is printed like the number."""
    return replace(
        value,
        words=above.words + below.words,
        text=f"{above.text} {below.text}",
        left=min(above.left, below.left),
        top=above.top,
        right=max(above.right, below.right),
        bottom=below.bottom,
    )
