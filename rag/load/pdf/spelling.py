"""The words of lines as running text: hyphens at line ends undone, marks of notes taken out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rag.load.pdf.records import Word

_EDGES = "“”‘’\"'«»()[]{}.,;:!?*¿¡"
_KEPT_PREFIXES = frozenset(
    "self non ex well so anti semi cross multi all vice al el above twenty thirty forty fifty sixty seventy eighty "
    "ninety vingt trente quarante cinquante soixante".split()
)
_URL = re.compile(r"https?:|www\.|\.(?:org|int|com|net|pdf|html?)\b", re.IGNORECASE)
_URL_BREAK = re.compile(r"[/_.?=&%-]$")
_URL_PIECE = re.compile(r"[\w./?=&%#~:+-]*[/_.=&%-][\w./?=&%#~:+-]*[,;.]?|[\w-]+[,.]?")
_DASHED = re.compile(r"[^\W_][–—/]$")
_HYPHENED = re.compile(r"[^\W\d_]-$")
_NUMBERS = re.compile(r"\d{1,3}(?:[,–-]\s?\d{1,3})*,?")
_SIGNS = re.compile(r"[*†‡§]+")
_TRAILING_SIGN = re.compile(r"(?<=[^\W_]|[)\]”’])([*†‡§]{1,3})$")
_JOINING = frozenset("and or to as y o e u et ou".split())
_LONGEST_ADDRESS = 300
_UNITS = frozenset("m km cm mm ft µm".split())
_POWERS = {"2": "²", "3": "³"}
_ORDINAL_BASES = frozenset("n N M V D Mme Mlle S".split())


@dataclass(frozen=True, slots=True)
class Strand:
    """Words of one line of a page."""

    page: int
    words: Sequence[Word]


@dataclass(frozen=True, slots=True)
class Token:
    """A word, or half of one, to be written; ``space``: whether a space comes before it."""

    text: str
    word: Word
    page: int
    space: bool


class Vocabulary:
    """How often each word stands in a document, not counting those that a line's end cuts."""

    def __init__(self, words: Iterable[Word]) -> None:
        texts = (word.text.strip(_EDGES).lower() for word in words)
        self._counts = Counter(text for text in texts if text and not text.endswith("-"))

    def closes(self, first: str, second: str) -> bool:
        """Whether the hyphen goes where "first-" ends a line and "second" begins the next."""
        one, two = first.strip(_EDGES + "-").lower(), second.strip(_EDGES).lower()
        if not second[:1].islower():
            return False
        solid, hyphened = self._counts[one + two], self._counts[f"{one}-{two}"]
        if solid or hyphened:
            return solid > hyphened
        if one in _KEPT_PREFIXES or "-" in one:
            return False
        # Both halves are words here, and short syllables such as "con" and "for" are so by chance.
        return not (self._counts[one] and self._counts[two] and min(len(one), len(two)) > 3)


class Speller:
    """Turns lines into tokens; ``notes`` are the marks of the footnotes of each page."""

    def __init__(self, vocabulary: Vocabulary, notes: dict[int, frozenset[str]]) -> None:
        self._vocabulary, self._notes = vocabulary, notes

    def tokens(self, strands: Sequence[Strand]) -> tuple[list[Token], list[tuple[int, str]]]:
        """Words in order, and the footnotes they refer to as (page, mark)."""
        made: list[Token] = []
        marks: list[tuple[int, str]] = []
        for strand in strands:
            begins = bool(made)
            for word in strand.words:
                text = word.text
                if begins and self._runs_on(made, text):
                    space = False
                else:
                    space = bool(made) and not (word.glued and not begins)
                if word.raised and made and not begins:
                    text, found = self._raised(made[-1].text, text, strand.page)
                    marks += [(strand.page, mark) for mark in found]
                    space = False
                elif (sign := _TRAILING_SIGN.search(text)) and sign[1] in self._notes.get(strand.page, ()):
                    marks.append((strand.page, sign[1]))
                    text = text[: sign.start()]
                if text:
                    made.append(Token(text, word, strand.page, space))
                    begins = False
        return made, marks

    def _runs_on(self, made: list[Token], text: str) -> bool:
        """Whether the first word of a line goes on without a space; a hyphen that only broke the word is taken off."""
        last = made[-1]
        address = _unbroken(made)
        if _URL.search(address):
            return bool(_URL_BREAK.search(address) and _URL_PIECE.fullmatch(text))
        if _HYPHENED.search(last.text):
            if text in _JOINING:  # "troop- and police-contributing"
                return False
            if self._vocabulary.closes(last.text, text):
                made[-1] = Token(last.text[:-1], last.word, last.page, last.space)
            return True
        return bool(_DASHED.search(last.text)) or bool(re.search(r"\d-$", last.text) and text[:1].isdigit())

    def _raised(self, before: str, text: str, page: int) -> tuple[str, list[str]]:
        """What becomes of raised print after a word: text to put there, and footnotes that it refers to."""
        notes = self._notes.get(page, frozenset())
        if text in notes:
            return "", [text]
        if _NUMBERS.fullmatch(text):
            found = [mark for mark in re.findall(r"\d+", text) if mark in notes]
            if found:
                return "", found
            if before in _UNITS and text in _POWERS:
                return _POWERS[text], []
            return (f"^{text}", []) if before == "10" else ("", [])
        if re.fullmatch(r"[−–-]\d+", text):
            return f"^{text}", []
        if _SIGNS.fullmatch(text):
            return "", []
        if len(text) == 1 and text.isalpha() and not (before[-1:].isdigit() or before in _ORDINAL_BASES):
            return "", []
        return text, []


def _unbroken(made: Sequence[Token]) -> str:
    """The last word with what was joined to it: an address may go over several lines."""
    text = ""
    for token in reversed(made):
        text = token.text + text
        if token.space or len(text) > _LONGEST_ADDRESS:
            break
    return text


def plain_text(tokens: Iterable[Token]) -> str:
    """What tokens read as."""
    return "".join(_spaced(tokens))


def _spaced(tokens: Iterable[Token]) -> Iterator[str]:
    for index, token in enumerate(tokens):
        yield f" {token.text}" if token.space and index else token.text
