"""Numbers and letters in front of headings, paragraphs and list items."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.sections.vocabulary import ANNEXES, SERIES_WORDS
from rag.text import fold

BULLET = re.compile(r"(?:[-–—•●▪◦‣·∙○■□➢➤✓✔►▶§]|\*(?!\*)|o(?=\s))[ \t\u00a0]+(?=\S)|[•●▪◦‣➢➤►▶](?=\S)")
_ROMAN = re.compile(r"([IVXL]{1,6})(?:[.)](?=\s|$)|\s?[–—-](?=\s))\s*")
_LETTER = re.compile(r"([A-Z])(?:[.)](?=\s|$)|\s[–—-](?=\s))\s*")
_DECIMAL = re.compile(r"(\d{1,3})([.)])(?=\s|$)\s*|(\d{1,2}(?:\.[1-9]\d?){1,3})[.)]?(?=\s+[^\W\d_]{2})\s*")
_PAREN = re.compile(r"\(([a-z]{1,4}|\d{1,2})\)(?=\s|$)\s*|([a-z])\)(?=\s|$)\s*")
_SERIES = re.compile(
    r"((?:[^\W\d_]+\s+){1,4})(?:(?:No|N|Nº|N°|#)\.?\s?)?(\d{1,2}|[IVX]{1,5}|[A-Z])(?:[.:)]|\s?[–—-](?=\s)|$)\s*"
)
_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50}


@dataclass(frozen=True, slots=True)
class Label:
    """A parsed label. ``scheme`` is roman, letter, decimal, paren or series.

    ``value`` counts from 1; ``depth`` is that of "1.2.1" (3), else 1; ``rest`` is the text
    after it; ``letter`` is the value when a roman number is read as a letter ("I." after
    "H."), else 0; ``stem`` the words of a series ("area of intervention").
    """

    scheme: str
    value: int
    depth: int
    rest: str
    letter: int = 0
    stem: str = ""

    @property
    def alone(self) -> bool:
        """Whether the line holds nothing else."""
        return not self.rest


def roman(text: str) -> int:
    """Value of a Roman number, 0 when it is not written as one."""
    total = 0
    for here, following in zip(text, text[1:] + " ", strict=True):
        value = _VALUES[here]
        total += -value if _VALUES.get(following, 0) > value else value
    return total if total and _to_roman(total) == text else 0


def _to_roman(number: int) -> str:
    out = ""
    for value, sign in ((50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        while number >= value:
            out, number = out + sign, number - value
    return out


def parse_label(clean: str) -> Label | None:
    """The label at the start of a cleaned line, None without one."""
    head = clean[:160]
    if (found := _ROMAN.match(head)) and (value := roman(found.group(1))):
        sign = found.group(1)
        letter = ord(sign) - 64 if len(sign) == 1 else 0
        return Label("roman", value, 1, clean[found.end() :], letter)
    if found := _LETTER.match(head):
        return Label("letter", ord(found.group(1)) - 64, 1, clean[found.end() :])
    if found := _DECIMAL.match(head):
        if found.group(1):
            return Label("decimal", int(found.group(1)), 1, clean[found.end() :])
        parts = found.group(3).split(".")
        return Label("decimal", int(parts[-1]), len(parts), clean[found.end() :], stem=".".join(parts[:-1]))
    if found := _PAREN.match(head):
        return _paren(found.group(1) or found.group(2), clean[found.end() :])
    return _series(clean, head)


def _paren(sign: str, rest: str) -> Label | None:
    if sign.isdigit():
        return Label("paren", int(sign), 1, rest)
    if len(sign) == 1:
        return Label("paren", ord(sign) - 96, 1, rest)
    value = roman(sign.upper()) if set(sign) <= set("ivxl") else 0
    return Label("paren", value, 1, rest) if value else None


def _series(clean: str, head: str) -> Label | None:
    found = _SERIES.match(head)
    if not found:
        return None
    stem = " ".join(fold(found.group(1)).split())
    if stem.split()[0] not in SERIES_WORDS:
        return None
    sign = found.group(2)
    value = int(sign) if sign.isdigit() else roman(sign) if set(sign) <= set("IVX") else ord(sign) - 64
    first_rest = clean[found.end() :][:1]
    if not value or first_rest.islower():  # "Section 3 of the Act"
        return None
    return Label("series", value, 1, clean[found.end() :], stem="annex" if stem.split()[0] in ANNEXES else stem)
