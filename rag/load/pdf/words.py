"""A PDF's page as words with their places, and what is drawn around them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

import pypdfium2.raw as pdfium_c

from rag.load.pdf.bullets import with_bullets
from rag.load.pdf.chars import Char, Style, View, read_chars, view_of
from rag.load.pdf.leftward import is_leftward, leftward_text
from rag.load.pdf.mend import BULLET, HYPHEN, SOFT_HYPHEN, accented, is_accent
from rag.load.pdf.records import Box, RawPage, Word
from rag.load.pdf.shapes import read_drawn
from rag.load.pdf.spaced import unspaced
from rag.load.pdf.twice import bold_where_twice, is_hidden

_LEAST_SIZE = 1.0  # points; smaller print is for machines
_RAISED, _LOWERED = 0.14, 0.5  # of the line's size: how far a raised mark stands above it at least, a drop at most
_SMALL = 0.86  # of the line's size: what raised print has at most
# Of the size: between characters of different stretches, or of one, when wider they are two words.
_WIDE_GAP, _WIDEST_GAP = 0.45, 0.8
_LEFTWARD_GAP = 0.25  # of the size: as much parts words that run to the left
_TOUCHING = 0.12  # of the size: the narrowest space is wider
_LEAST_TURNED, _TURNED = 150, 0.8  # letters; share of all: running heads may stand across a page held sideways


@dataclass(frozen=True, slots=True)
class Scene:
    """A page as read; ``hidden`` counts words that nobody can see, such as white ones on white."""

    page: RawPage
    hidden: int = 0


def read_page(page: pdfium_c.FPDF_PAGE, number: int) -> Scene:
    """Words and shapes of an open page, in the order of the file.

    Left out are characters off the page, too small to read, of barcodes, invisible, and those printed twice; where
    all are invisible and there is a picture, they are what a scanner's software read in it, and stay.
    """
    width, height = pdfium_c.FPDF_GetPageWidthF(page), pdfium_c.FPDF_GetPageHeightF(page)
    view = view_of(page, width, height)
    scene, turn = _read(page, number, view, width, height)
    if turn:
        turned, _ = _read(page, number, view.turned(turn, width, height), height, width)
        return replace(turned, page=replace(turned.page, turn=turn))
    return scene


def _read(page: pdfium_c.FPDF_PAGE, number: int, view: View, width: float, height: float) -> tuple[Scene, int]:
    """A page so held, and how to turn it so that most of its text reads across."""
    drawn = read_drawn(page, view, width, height)
    shapes = drawn.shapes
    whole = (0.0, 0.0, width, height)
    chars = [char for char in read_chars(page, view) if _counts(char, drawn.windows.get(char.source, whole))]
    seen = [char for char in chars if char.style is None or char.style.visible]
    visible = sum(char.text != " " for char in seen)
    scanned = visible * 4 < len(chars) and any(shape.picture for shape in shapes)
    words = [word for word in _words(_once(chars if scanned else seen)) if word.text]
    words = list(unspaced(list(bold_where_twice(words))))
    shown = words if scanned else [word for word in words if not is_hidden(word, shapes)]
    hidden = len(words) - len(shown)
    scene = Scene(RawPage(number, width, height, tuple(with_bullets(shown, shapes)), shapes), hidden)
    return scene, _turn_of([char.style for char in seen if char.style])


def _turn_of(styles: Sequence[Style]) -> int:
    """1 where nearly all of at least a few lines of text run up the page, -1 where they run down it, else 0."""
    up, down = sum(style.down < -0.95 for style in styles), sum(style.down > 0.95 for style in styles)
    if max(up, down) < max(_LEAST_TURNED, _TURNED * len(styles)):
        return 0
    return 1 if up > down else -1


def _counts(char: Char, window: Box) -> bool:
    """Whether a character can be seen through the window that it is drawn in."""
    if char.style is None:
        return True
    x, y = (char.left + char.right) / 2, (char.top + char.bottom) / 2
    in_window = window[0] <= x <= window[2] and window[1] <= y <= window[3]
    return in_window and char.style.size >= _LEAST_SIZE and "barcode" not in char.style.font.lower()


def _once(chars: Iterable[Char]) -> Iterator[Char]:
    """Without characters that are printed again at nearly the same place, to look bold or shadowed."""
    seen: dict[tuple[str, int, int], list[Char]] = {}
    for char in chars:
        if char.style is None or char.text == " ":
            yield char
            continue
        near = 0.12 * char.style.size
        column, row = int(char.x / 4), int(char.base / 4)
        twins = (
            other
            for i in (column - 1, column, column + 1)
            for j in (row - 1, row, row + 1)
            for other in seen.get((char.text, i, j), ())
        )
        # The letters of a ligature stand in one place too, but are written in one go.
        if any(
            other.block != char.block and abs(other.x - char.x) < near and abs(other.base - char.base) < near
            for other in twins
        ):
            continue
        seen.setdefault((char.text, column, row), []).append(char)
        yield char


def _words(chars: Iterable[Char]) -> Iterator[Word]:
    """Words, parted by spaces, line ends, wide gaps, and where raised print begins or ends."""
    held: list[Char] = []
    line: Word | None = None  # the last word that stands on the line itself
    glued = spaced = False
    for char in chars:
        if char.style is None:  # inferred: only as good as the gap that is seen
            spaced = bool(held)
            continue
        if char.text == " " or (spaced and not _touches(held[-1], char)):
            if held:
                yield (word := _word(held, line, glued=glued))
                line = line if word.raised else word
            held, glued, spaced = [], False, False
            if char.text == " ":
                continue
        spaced = False
        if held and (apart := _apart(held, char)):
            yield (word := _word(held, line, glued=glued))
            line = line if word.raised else word
            held, glued = [], apart == "raised"
        held.append(char)
    if held:
        yield _word(held, line, glued=glued)


def _touches(last: Char, char: Char) -> bool:
    """Whether a character follows another on its line without a gap."""
    if last.style is None or last.style.across < 0.99 or abs(char.base - last.base) > 0.05 * last.style.size:
        return False
    return -0.2 * last.style.size < char.left - last.right < _TOUCHING * last.style.size


def _apart(held: Sequence[Char], char: Char) -> str:
    """Why a character begins a new word: "raised" print, another "place"; "" where it goes on."""
    last = held[-1]
    one, two = last.style, char.style
    if one is None or two is None or one.across * two.across + one.down * two.down < 0.9:
        return "place"
    if one.across > 0.99 and (is_leftward(last.text) or is_leftward(char.text)):
        gap = max(char.left - last.right, last.left - char.right)
        return "place" if gap > _LEFTWARD_GAP * one.size or abs(char.base - last.base) > 0.3 * one.size else ""
    if one is two and one.across > 0.99:  # the usual case
        return "place" if char.left - last.right > _WIDEST_GAP * one.size else ""
    # Along the line and across it, in the direction of the text.
    dx, dy = char.x - last.x, char.base - last.base
    along, across = dx * one.across + dy * one.down, dy * one.across - dx * one.down
    size = max(one.size, two.size)
    # The letters of a ligature share its origin.
    width = max(last.right - last.x, last.right - last.left) if one.across > 0.99 else last.right - last.left
    width = width if abs(one.across) > 0.7 else last.bottom - last.top
    if along < -0.3 * size or along - width > _WIDE_GAP * size or abs(across) > 0.7 * size:
        return "place"
    smaller = min(one.size, two.size) < _SMALL * size
    if smaller and along - width > _WIDE_GAP * min(one.size, two.size):
        return "place"
    return "raised" if smaller and _RAISED * size < abs(across) and _is_above(one.size, two.size, across) else ""


def _is_above(one: float, two: float, across: float) -> bool:
    """Whether the smaller of two sizes stands above the larger; ``across``: how far the second is lower."""
    return across < 0 if two < one else across > 0


def _word(held: Sequence[Char], line: Word | None, *, glued: bool) -> Word:
    first = held[0].style
    assert first is not None
    text = _text(held)
    styles = [char.style for char in held if char.style]
    size = median(style.size for style in styles)
    base = median(char.base for char in held)
    bold = 2 * sum(style.bold for style in styles) > len(styles)
    italic = 2 * sum(style.italic for style in styles) > len(styles)
    upright = first.across > 0.95
    top, bottom = min(char.top for char in held), max(char.bottom for char in held)
    if upright:  # some fonts state heights that no letter has
        top, bottom = max(top, base - 1.1 * size), min(bottom, base + 0.4 * size)
    left, right = min(char.left for char in held), max(char.right for char in held)
    raised = (
        upright
        and line is not None
        and size < _SMALL * line.size
        and _RAISED * line.size < line.base - base < line.size
        and -0.5 * line.size < left - line.right < (0.3 if _is_lettered(text) else 1.5) * line.size
    )
    box = (round(left, 2), round(top, 2), round(right, 2), round(max(bottom, top + 0.1), 2))
    return Word(
        text, *box, round(size, 2), bold, italic, first.font, first.color, upright, held[0].block, round(base, 2),
        raised, glued, first.tag,
    )  # fmt: skip


def _is_lettered(text: str) -> bool:
    """Whether it is rather a word, such as the label beside a large number, than a mark."""
    return sum(map(str.isalpha, text)) > 1


def _text(held: Sequence[Char]) -> str:
    if any(is_leftward(char.text) for char in held):
        return leftward_text((char.left, char.text) for char in held)
    made = ""
    for before, char in zip([None, *held], held, strict=False):
        both = ""
        if before is not None and char.left < before.right - 0.3 * (char.right - char.left):  # over one another
            if is_accent(before.text):
                both = accented(char.text, before.text)
            elif is_accent(char.text):
                both = accented(before.text, char.text)
        made = made[:-1] + both if both else made + char.text
    if made.endswith(SOFT_HYPHEN):
        made = made[:-1] + HYPHEN
    made = made.replace(SOFT_HYPHEN, "")
    return BULLET if made and not made.strip(BULLET) else made
