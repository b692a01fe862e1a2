"""Words whose letters are set apart, as in "S I T U A T I O N", made whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from rag.load.pdf.leftward import is_leftward
from rag.load.pdf.records import Word

_LEAST = 4  # letters: fewer may be a list
_WIDEST = 1.0  # of the size: white space between letters of one word
_WIDER = 1.5  # times: how much wider than between letters the space between words is
_SPACE = 0.2  # of the size: the space of most fonts is wider; a letter's shape may leave less


def unspaced(words: Sequence[Word]) -> Iterator[Word]:
    """Words in order, those in which each letter stands by itself as one."""
    run: list[Word] = []
    for word in words:
        if run and not _goes_on(run[-1], word):
            yield from _joined(run)
            run = []
        run.append(word)
    yield from _joined(run)


def _goes_on(one: Word, two: Word) -> bool:
    if len(one.text) > 1 or len(two.text) > 1 or not (one.upright and two.upright):
        return False
    alike = abs(one.size - two.size) < 0.1 and abs(one.baseline - two.baseline) < 0.1 * one.size
    return alike and 0 < two.left - one.right < 2 * _WIDER * _WIDEST * one.size


def _joined(run: Sequence[Word]) -> Iterator[Word]:
    gaps = [two.left - one.right for one, two in pairwise(run)]
    letters = {word.text for word in run if word.text.isalpha()}
    if len(run) < _LEAST or len(letters) < 3 or sum(word.text.isalpha() for word in run) < 0.8 * len(run):
        yield from run
        return
    usual = median(gaps)
    if usual > _WIDEST * run[0].size or any(is_leftward(word.text) for word in run):
        yield from run
        return
    held = [run[0]]
    for gap, word in zip(gaps, run[1:], strict=True):
        if gap > _WIDER * usual and gap - usual > _SPACE * word.size:
            yield _whole(held)
            held = []
        held.append(word)
    yield _whole(held)


def _whole(letters: Sequence[Word]) -> Word:
    text = "".join(word.text for word in letters)
    top, bottom = min(word.top for word in letters), max(word.bottom for word in letters)
    return replace(letters[0], text=text, top=top, right=letters[-1].right, bottom=bottom)
