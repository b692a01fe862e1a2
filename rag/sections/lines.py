"""The lines of a text with what their look says: marks, capitals, labels, figures."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from rag.sections.labels import BULLET, Label, parse_label

_LINE = re.compile(r"[^\n\r\f\v\x1c-\x1e\x85\u2028\u2029]+|\r\n|[\n\r\f\v\x1c-\x1e\x85\u2028\u2029]")
_LOOK = 600  # characters of a line that are looked at; longer lines are prose anyway
_LINK = re.compile(r"\[([^\[\]\n]{0,300})\]\((?:[^()\s]|\([^()\s]*\)){0,300}\)")
_MARKUP = re.compile(r"\*{2,3}|__|(?<![\w*])[*_](?=\w)|(?<=\w)[*_](?![\w*])|`|</?(?:b|i|u|strong|em|br)\s*/?>")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!$%&~|<>])")
_MARKED = re.compile(r"[*_`<\\#\[]")
_HASHES = re.compile(r"(#{1,6})(?:\s+|$)(?!\d)")
_TERMINAL = re.compile(r"[.!?…;][\"'”’»)\]*_¹²³⁴⁵⁶⁷⁸⁹⁰]*(?:\s?\d{1,3})?$")
_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")


@dataclass(slots=False)
class Line:
    """A non-blank line; ``start``/``end`` span it without white space at its edges.

    ``gap`` counts the blank lines before it, ``page`` the form feeds.
    """

    start: int
    end: int
    text: str
    gap: int
    page: int
    furniture: bool = False
    width: int = field(default=80)

    @cached_property
    def clean(self) -> str:
        """The text without icons and markup, white space collapsed; cut after some hundred characters."""
        return clean(self.text[:_LOOK])

    @property
    def size(self) -> int:
        """Characters of the line as set."""
        return self.end - self.start

    @cached_property
    def hashes(self) -> int:
        """Level of a Markdown heading, 0 for none."""
        found = _HASHES.match(self.text[:_LOOK].lstrip("*_ "))
        return len(found.group(1)) if found and self.clean else 0

    @cached_property
    def bold(self) -> bool:
        """Whether the whole line is set in bold by Markdown or HTML marks."""
        text = self.text.strip(" :*_\\²³¹⁹") if self.size < _LOOK else ""
        marked = re.match(r"\W{0,3}(?:\*\*|__|<b>|<strong>)", self.text[:20])
        closed = re.search(r"(?:\*\*|__|</b>|</strong>)[:.\s²³¹⁰-⁹\\*]{0,6}$", self.text[-30:])
        return bool(marked and closed and "**" not in text and "__" not in text)

    @cached_property
    def caps(self) -> bool:
        """Whether the line is set in capitals: four letters or more, at most one in ten small."""
        letters = [c for c in self.clean if c.isalpha()]
        upper = sum(c.isupper() for c in letters)
        return len(letters) >= 4 and upper >= 0.9 * len(letters) and len(self.clean) < 200

    @cached_property
    def label(self) -> Label | None:
        """Its number or letter, as in "IV.", "A.", "1.2", "(b)" or "Annex II"."""
        return parse_label(self.clean)

    @cached_property
    def bullet(self) -> bool:
        """Whether it opens an item of a bulleted list."""
        return bool(BULLET.match(self.text[:8]))

    @cached_property
    def terminal(self) -> bool:
        """Whether it ends as a sentence does."""
        tail = self.text[-40:].rstrip(" *_")
        return bool(_TERMINAL.search(tail)) and not (self.label and self.label.alone)

    @cached_property
    def words(self) -> list[str]:
        """Its words, of the first hundreds of characters."""
        return _WORD.findall(self.clean)

    @cached_property
    def tabs(self) -> int:
        """Cells that tab stops set apart, less one."""
        return self.text.count("\t") if self.size < 20_000 else 0

    @cached_property
    def opens_upper(self) -> bool:
        """Whether it starts with a capital, a digit or an opening mark."""
        first = self.clean[:1]
        return first.isupper() or first.isdigit() or first in '¿¡“"«‘+$€#'

    def follows_by_choice(self, following: Line, share: float = 0.85) -> bool:
        """Whether the line breaks here although the next word would have fitted in ``share`` of the width."""
        head = following.clean.split(" ", 1)[0] if following.clean else ""
        # Proportional fonts: lines of equal width differ by some 15 % in characters.
        return self.size + 1 + len(head) <= share * self.width


def clean(text: str) -> str:
    """``text`` without icons, Markdown marks and escapes, white space collapsed."""
    if _MARKED.search(text):
        text = _LINK.sub(r"\1", text)
        text = re.sub(r"^\s*#{1,6}(?=\s)", "", text)
        text = _MARKUP.sub("", _ESCAPE.sub(r"\1", text))
    if not text.isascii() or not text.isprintable():
        text = text.translate({ord(c): " " for c in set(text) if _is_icon(c)})
    return " ".join(text.split())


def _is_icon(character: str) -> bool:
    if character < "\x7f":
        return character < " "
    return unicodedata.category(character) in {"Co", "Cn", "So", "Cc", "Cf", "Cs"} and character not in "°\u00ad"


def split_lines(text: str) -> list[Line]:
    """The non-blank lines of ``text`` in order."""
    lines: list[Line] = []
    gap, page = 0, 0
    for match in _LINE.finditer(text):
        piece = match.group()
        if piece[0] in "\n\r\v\x1c\x1d\x1e\x85\u2028\u2029":
            gap += 1
        elif piece == "\f":
            page += 1
            gap += 1
        elif piece.strip():
            start = match.start() + len(piece) - len(piece.lstrip())
            stripped = piece.strip()
            lines.append(Line(start, start + len(stripped), stripped, max(gap - 1, 0), page))
            gap = 0
    _set_widths(lines)
    return lines


def _set_widths(lines: Sequence[Line]) -> None:
    """The column width around each line: length that one line in ten exceeds, in a window of 50."""
    for begin in range(0, len(lines), 10):
        window = sorted(line.size for line in lines[max(0, begin - 20) : begin + 30])
        width = max(window[int(0.9 * (len(window) - 1))], 30)
        for line in lines[begin : begin + 10]:
            line.width = width
