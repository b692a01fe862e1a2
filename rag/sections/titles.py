"""From a heading as set to the heading as cited."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rag.sections.labels import parse_label
from rag.sections.lines import Line, clean
from rag.sections.vocabulary import COMMON_SHORT, ORGANISATIONS, SERIES_WORDS
from rag.text import fold

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_MARKS = re.compile(r"[\s:*†‡¹²³⁴⁵⁶⁷⁸⁹⁰.,;|–—\\-]+$")
_SUPERSCRIPT = re.compile(r"[¹²³⁴⁵⁶⁷⁸⁹⁰†‡*]+")
# Spelt like a word: no run of consonants that a word does not have.
_SPOKEN = re.compile(r"(?:[^aeiouy]{0,2}[aeiouy]{1,2}){1,3}[^aeiouy]{0,2}s?")
_URL = re.compile(r"https?://\S+|www\.\S+|\S+@\S+")
_NOTE_NUMBER = re.compile(r"(\d{1,3})(?:\s+[A-Z“]|\s*$)")


class Titles:
    """Normalises the headings of one text, whose other words tell acronyms from words in capitals."""

    def __init__(self, lines: Sequence[Line]) -> None:
        """``lines`` are those of the whole text."""
        lower: set[str] = set()
        named: set[str] = set()
        opening: set[str] = set()
        capitals: set[str] = set()
        notes: set[str] = set()
        for line in lines:
            if found := _NOTE_NUMBER.match(line.text[:8]):
                notes.add(found.group(1))
            if not line.caps:
                _sort_words(_WORD.findall(_URL.sub(" ", line.text[:50_000])), lower, named, opening, capitals)
        lower, named, opening, capitals = ({fold(word) for word in kind} for kind in (lower, named, opening, capitals))
        self._lower, self._named = lower, named - lower
        self._acronyms = capitals - lower - named - opening
        # Numbers that open footnotes: the same number in a heading is a reference to one.
        self._notes = notes if {"1", "2", "3"} <= notes else set()

    def normal(self, raw: str) -> str:
        """``raw`` without marks, white space collapsed, capitals in sentence case but for acronyms."""
        title = _SUPERSCRIPT.sub("", clean(raw))
        title = re.sub(r"(?<=[a-z]{3})\d{1,3}\b", "", title)
        title = re.sub(r"([a-z]{3,}) (\d{1,3})(?=$| [a-z])", self._without_reference, title)
        title = _MARKS.sub("", " ".join(title.split())).strip()
        title = re.sub(r"^[-–—•·|:*\s]+", "", title)
        letters = [c for c in title if c.isalpha()]
        if letters and sum(c.isupper() for c in letters) >= 0.8 * len(letters) and len(letters) > 3:
            title = self._count_out(title)
            title = self._sentence_case(title)
        return title

    def _without_reference(self, match: re.Match[str]) -> str:
        word, number = match.groups()
        return word if number in self._notes and word not in SERIES_WORDS else match.group()

    def join(self, parts: Iterable[str]) -> str:
        """The normalised parts of one heading as one line, a label closed with a full stop."""
        out = ""
        for part in parts:
            normal = self.normal(part)
            if re.search(r"(?:^|\s)(?:\d{1,2}|[IVXL]{1,6}|[A-Z])$", out):
                out += "."
            out = f"{out} {normal}".strip()
        return out

    @staticmethod
    def _count_out(title: str) -> str:
        """``title`` without a bare count inside: "OCHA 12 OFFICES" → "OCHA OFFICES"."""
        if parse_label(title):
            return title
        return re.sub(r"(?<=[^\W\d_]) \d{2,4} (?=[^\W\d_]{3,})", " ", title)

    def _sentence_case(self, title: str) -> str:
        pieces, at, first = [], 0, True
        for match in _WORD.finditer(title):
            word = match.group()
            between = title[at : match.start()]
            if pieces and re.search(r"[.:!?]\s", between):
                first = True
            pieces.append(between)
            if self._acronym(word, title):
                pieces.append(word)
            else:
                name = first or fold(word) in self._named
                pieces.append(word[:1] + word[1:].lower() if name else word.lower())
            first = first and not any(c.isalpha() for c in word)
            at = match.end()
        return "".join([*pieces, title[at:]])

    def _acronym(self, word: str, title: str) -> bool:
        if any(c.isdigit() for c in word) or not word.isupper() or f"({word})" in title:
            return True
        if re.fullmatch(r"[IVX]+", word) and re.search(rf"\b{word}(?:[.)]|$)", title):
            return True
        folded = fold(word)
        if folded in self._lower or folded in self._named:
            return False
        if folded in self._acronyms or folded in ORGANISATIONS:
            return True
        if folded in COMMON_SHORT or not 1 < len(word) <= 5:
            return False
        return len(word) <= 3 or not _SPOKEN.fullmatch(folded)


def _sort_words(found: Sequence[str], lower: set[str], named: set[str], opening: set[str], capitals: set[str]) -> None:
    """Add each word of a line to the set of how it is written; ``named``: a capital after a small word."""
    before = ""
    for i, word in enumerate(found):
        if word.islower():
            lower.add(word)
        elif not word.isupper():
            (named if before.islower() else opening).add(word)
        elif not _shouted(found, i):
            capitals.add(word)
        before = word


def _shouted(found: Sequence[str], i: int) -> bool:
    """Whether a neighbour is in capitals too: a title, not an acronym in a sentence."""
    return any(len(word) > 3 and word.isupper() for word in (*found[max(i - 1, 0) : i], *found[i + 1 : i + 2]))
