"""Print that runs from right to left, such as Arabic."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from itertools import groupby

from rag.load.pdf.records import Word

_FIRST, _PAST = "\u0590", "\u0900"  # Hebrew to the last of the Arabic blocks below
_FORMS, _PAST_FORMS = "\ufb1d", "\uff00"  # letters in the shape of their place in a word


def is_leftward(text: str) -> bool:
    """Whether a character belongs to a script that runs to the left."""
    return _FIRST <= text < _PAST or _FORMS <= text < _PAST_FORMS


def whole_letters(text: str) -> str:
    """Letters in their plain form, whatever their place in the word."""
    return unicodedata.normalize("NFKC", text) if any(_FORMS <= c < _PAST_FORMS for c in text) else text


def in_reading_order(words: Sequence[Word]) -> list[Word]:
    """Words of a line, given left to right, as they are read: to the left where most of its words are."""
    leftward = [any(map(is_leftward, word.text)) for word in words]
    lettered = sum(any(map(str.isalpha, word.text)) for word in words)
    if not any(leftward) or 2 * sum(leftward) <= lettered:
        return list(words)
    found: list[Word] = []
    for foreign, run in groupby(reversed(words), key=_is_foreign):
        held = list(run)
        found.extend(reversed(held) if foreign else held)
    return found


def _is_foreign(word: Word) -> bool:
    return any(map(str.isalpha, word.text)) and not any(map(is_leftward, word.text))


def leftward_text(places: Iterable[tuple[float, str]]) -> str:
    """Characters with where they begin on the line as a word that runs to the left; numbers in it keep their order."""
    text = ""
    ordered = [char for _, char in sorted(places, key=lambda place: -place[0])]
    for number, run in groupby(ordered, key=str.isdigit):
        held = "".join(run)
        text += held[::-1] if number else held
    return whole_letters(text)
