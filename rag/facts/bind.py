"""Whether a figure of a sentence counts the same thing as in the evidence.

A cheap test on the words around a number. Evidence "98,000 received NFI items / 22,000 received
health services" gives 22,000 the words "health services"; a sentence that says "22,000 received
NFI items" shares words with the wrong figure and none with its own.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.facts.numbers import Quantity
from rag.text import fold, is_stop, sentence_spans, stem, words

_REACH = 160  # characters on each side of a number that may label it
# Where the words between two figures pass from the first to the second.
_BORDER = re.compile(r"[,;:()|]|\b(?:and|while|whereas|but|of\s+whom|of\s+which|y|mientras|pero)\b", re.IGNORECASE)
_LINE_OF_ITS_OWN = re.compile(r"\n(?=\s*(?:[-+•*|\n]|[+$(]?[0-9]))|(?<=[0-9%KM])\s*\n|\n\s*\n|\|\s*\n")
_LABEL = re.compile(r":[\s*\\]*\Z")  # "Funded: $2M Required: $9M": the label stands before its figure
_GENERIC_WORDS = """person people individual total number figure some case item received reached supported
    assisted provided benefited moreover furthermore additionally however similarly persona individuo numero
    recibieron apoyo"""
_GENERIC = frozenset(stem(word, "en") for word in _GENERIC_WORDS.split())


@dataclass(frozen=True, slots=True)
class Label:
    """A figure with the stems of its own words and of those it shares with the others of its sentence."""

    quantity: Quantity
    own: frozenset[str]
    shared: frozenset[str]

    @property
    def all(self) -> frozenset[str]:
        """Every word that may say what is counted."""
        return self.own | self.shared


def labels(shown: str, found: Sequence[Quantity], language: str) -> list[Label]:
    """Give the figures of a text with the words that label them, in order.

    Words before the first figure of a sentence or row are shared by all its figures. Those
    between two belong to the first up to the last comma or conjunction and to the second after it;
    to both without one. A figure with none of its own has those of the next. Rows end at line
    breaks beside a number.
    """
    made = []
    starts = [quantity.start for quantity in found]
    for start, end in _segments(shown):
        inside = found[bisect_left(starts, start) : bisect_left(starts, end)]
        if not inside:
            continue
        shared = _stems(shown[max(start, inside[0].start - _REACH) : inside[0].start], language)
        own: list[set[str]] = [set() for _ in inside]
        own[-1] |= _stems(shown[inside[-1].end : min(end, inside[-1].end + _REACH)], language)
        for index, (left, right) in reversed(list(enumerate(pairwise(inside)))):
            gap = shown[left.end : right.start]
            before, after = _parted(gap, language)
            own[index + 1] |= after
            # "21.8% of the $318.70 million requested": what follows both figures labels both.
            own[index] |= before or (set() if _LABEL.search(gap) else after or own[index + 1])
        made += [
            Label(quantity, frozenset(mine), frozenset(shared)) for quantity, mine in zip(inside, own, strict=True)
        ]
    return made


def _parted(gap: str, language: str) -> tuple[set[str], set[str]]:
    if found := _LABEL.search(gap):
        label = gap[: found.start()]
        start = max((match.end() for match in _BORDER.finditer(label)), default=0)
        return _stems(label[:start][:_REACH], language), _stems(label[start:][-_REACH:], language)
    border = max(_BORDER.finditer(gap), key=re.Match.start, default=None)
    if border is None:
        return _stems(gap[:_REACH], language), _stems(gap[-_REACH:], language)
    return _stems(gap[: border.start()][:_REACH], language), _stems(gap[border.end() :][-_REACH:], language)


def misbound(stated: Label, right: Sequence[Label], others: Sequence[Label]) -> bool:
    """Whether the words of ``stated`` speak for another figure and against its own.

    ``right`` are the figures of the evidence that bear its value, ``others`` the rest. True only
    if, for each of ``right``, no word tells for it while some tell for one of ``others``.
    """
    if not right or not stated.all:
        return False
    return all(any(_speaks_for(stated, other, mine) for other in others) for mine in right)


def _speaks_for(stated: Label, other: Label, mine: Label) -> bool:
    against = stated.all & (other.all - mine.all)
    return not stated.all & (mine.all - other.all) and len(against) * 3 >= len(stated.all) and bool(against)


def _segments(text: str) -> list[tuple[int, int]]:
    cuts = [0, *(match.end() for match in _LINE_OF_ITS_OWN.finditer(text)), len(text)]
    return [span for start, end in pairwise(cuts) for span in sentence_spans(text, start, end)]


def _stems(text: str, language: str) -> set[str]:
    folded = [fold(match.group()) for match in words(text)]
    found = {stem(word, language) for word in folded if not word[0].isdigit() and not is_stop(word)}
    return found - _GENERIC
