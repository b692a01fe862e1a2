"""The publisher's own mark of a document: "S/2025/211", "E/ICEF/2025/19", "No. 36/MVB_19/06/2026"."""

from __future__ import annotations

import re
from collections.abc import Iterable

_LINES = 25  # at the front, with words on them
_WORDS = 7  # at most, on a line that ends in a symbol: "United Nations S/2025/211"
_ONE = r"(?:[A-Z]{1,6}|EB\d{2,3}|WHA\d{1,2}|CD\d{2})/(?:[\w.()-]+/)*[\w.()-]*\d[\w.()]*"
# "A/79/947–S/2025/372" carries two, which stay together; a star marks a reissue and is no part of it.
_SYMBOL = re.compile(rf"(?:^|(?<=\s))({_ONE}(?:\s?[-–]\s?{_ONE})?)\**$")
_IN_SENTENCE = re.compile(r"(?:^|\s)[a-zà-ÿ]")  # "See the report S/2024/817" names another document
_NUMBERED = re.compile(r"\bN[o°º]\.? ?(\d+ ?/ ?(?=[\w/ ]*[A-Z]{2})[A-Z][\w/ ]*\d)(?!\w)", re.IGNORECASE)
_FULL = re.compile(r"\d.*/.*\d|/.*/.*\d|^[A-Z]+\d+/\d")  # two parts with digits, or three parts: not "COVID/19"
_IN_NAME = re.compile(r"(?:A|S|E|ST|JIU)_(?:[A-Z]+_)*\d+_(?:[A-Z]+_)?[\w.]*\d")
_PUBLISHERS = (  # by the beginning of a symbol, narrower ones first
    ("E/ICEF/", "UNICEF"),
    ("JIU/", "Joint Inspection Unit"),
    ("A/HRC/", "United Nations Human Rights Council"),
    ("WHO/", "WHO"),
    ("WHA", "WHO"),
    ("EB", "WHO"),
    ("S/", "United Nations Security Council"),
    ("A/", "United Nations General Assembly"),
    ("E/", "United Nations Economic and Social Council"),
)


def find_symbol(lines: Iterable[str]) -> str:
    """The first symbol that ends a short line at the front, ``""`` when there is none.

    Footnotes ("* A/80/50.") and sentences that name other documents are passed over.
    """
    for line in list(lines)[:_LINES]:
        if len(line.split()) > _WORDS or line.startswith("*") or line.endswith("."):
            continue
        if (
            (match := _SYMBOL.search(line))
            and _FULL.search(match[1])
            and not _IN_SENTENCE.search(line[: match.start()])
        ):
            return re.sub(r"\s", "", match[1]).replace("–", "-")
        if match := _NUMBERED.search(line):
            return re.sub(r"\s", "", match[1])
    return ""


def symbol_in_name(stem: str) -> str:
    """Symbol of the United Nations that a file is named after: "S_2025_211" gives "S/2025/211"."""
    return stem.replace("_", "/") if _IN_NAME.fullmatch(stem) else ""


def publisher_of(symbol: str) -> str:
    """Organisation or organ whose documents have symbols of this kind, ``""`` when not known."""
    return next((name for start, name in _PUBLISHERS if symbol.startswith(start) and "/" in symbol), "")
