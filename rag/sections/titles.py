"""From a heading as set to the heading as cited."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rag.sections.lines import clean
from rag.sections.vocabulary import COMMON_SHORT
from rag.text import fold

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_MARKS = re.compile(r"[\s:*†‡¹²³⁴⁵⁶⁷⁸⁹⁰.,;|–—\\-]+$")
_SUPERSCRIPT = re.compile(r"[¹²³⁴⁵⁶⁷⁸⁹⁰†‡*]+")
_NUMBER_HEAD = re.compile(
    r"^(?:[IVXL]{1,6}|[A-Z]|\d{1,2}(?:\.\d{1,2})*)[.)]\s|^\d{1,2}(?:\.\d{1,2})+\s|^(?:[^\W\d_]+\s+){1,4}(?:\d{1,2}|[IVX]{1,5}|[A-Z])\b"
)


class Titles:
    """Normalises the headings of one text, whose other words tell acronyms from words in capitals."""

    def __init__(self, text: str) -> None:
        seen = re.findall(r"[^\W\d_]+", text[:2_000_000])
        self._small = {fold(word) for word in set(seen) if not word.isupper()}

    def normal(self, raw: str) -> str:
        """``raw`` without marks, white space collapsed, capitals in sentence case but for acronyms."""
        title = _SUPERSCRIPT.sub("", clean(raw))
        title = _MARKS.sub("", " ".join(title.split())).strip()
        title = re.sub(r"^[-–—•·|:*\s]+", "", title)
        letters = [c for c in title if c.isalpha()]
        if letters and sum(c.isupper() for c in letters) >= 0.8 * len(letters) and len(letters) > 3:
            title = self._count_out(title)
            title = self._sentence_case(title)
        return title

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
        """``title`` without a bare count inside: "GTRM 114 PARTNERS" → "GTRM PARTNERS"."""
        if _NUMBER_HEAD.match(title):
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
                pieces.append(word[:1] + word[1:].lower() if first else word.lower())
            first = first and not any(c.isalpha() for c in word)
            at = match.end()
        return "".join([*pieces, title[at:]])

    def _acronym(self, word: str, title: str) -> bool:
        if any(c.isdigit() for c in word) or not word.isupper():
            return True
        if re.fullmatch(r"[IVX]+", word) and re.search(rf"\b{word}(?:[.)]|$)", title):
            return True
        folded = fold(word)
        if folded in COMMON_SHORT or folded in self._small:
            return False
        # In parentheses it is one; unpronounceable or short and never in small letters, it likely is.
        return f"({word})" in title or (1 < len(word) <= 5)
