"""Figures as key-figure sheets print them: "1.54M", "US$ 106M", "+266,000", "78.5%"."""

from __future__ import annotations

import re

_SIGNS = r"[+~≈<>±-]?\s?(?:US\s?\$|USD\s|\$|€|EUR\s|S/\.?\s?)?\s?"
_SCALE = (
    r"(?:\s?(?:%|per\s?cent\b|por\s?ciento\b|[KMB](?:illion)?\b|mil\b(?:\smillones\b)?|million(?:es)?\b|millon(?:es)?\b"
    r"|billion\b|thousand\b))?(?:\s?USD\b)?(?![\w/])"
)
FIGURE = re.compile(rf"(?<![\w.,]){_SIGNS}\d[\d.,]*(?:\s\d{{3}}(?!\d))*{_SCALE}", re.IGNORECASE)
UNGROUPED = re.compile(rf"(?<![\w.,]){_SIGNS}\d[\d.,]*{_SCALE}", re.IGNORECASE)
"""A figure whose groups of digits no space parts."""
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|ene|abr|ago|dic)[a-z]*\.?"
_DATE = re.compile(
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\s+(?:de\s+)?)?{_MONTH}(?:\s+\d{{1,2}},)?(?:\s+(?:de\s+|del\s+)?(?:19|20)\d\d)?"
    r"|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|(?:19|20)\d\d\s*[–-]\s*(?:19|20)?\d\d|(?:19|20)\d\d",
    re.IGNORECASE,
)
_QUALIFIERS = frozenset(
    """above over some about around almost nearly approximately more than mas de cerca casi unos""".split()
)
_DIGIT = re.compile(r"\d")
_LETTERS = re.compile(r"[^\W\d_]")


def figures(text: str) -> list[re.Match[str]]:
    """Matches of the figures of a cleaned line, dates and years left out, in order."""
    if not _DIGIT.search(text):
        return []
    dates = [found.span() for found in _DATE.finditer(text)]
    return [
        found
        for found in FIGURE.finditer(text)
        if not any(start < found.end() and found.start() < end for start, end in dates)
    ]


def figures_only(text: str) -> int:
    """How many figures a cleaned line holds when it holds nothing else (but "above", "%"), else 0."""
    found = figures(text)
    if not found:
        return 0
    rest = text
    for match in reversed(found):
        rest = rest[: match.start()] + " " + rest[match.end() :]
    left = [word for word in re.findall(r"[^\W\d_]+", rest.casefold()) if word not in _QUALIFIERS]
    return 0 if left or re.search(r"\d", rest) else len(found)


def big(match: re.Match[str]) -> bool:
    """Whether a figure is one that sheets display: three digits, a unit, a sign or a share."""
    text = match.group().strip()
    return len(re.sub(r"\D", "", text)) >= 3 or bool(re.search(r"[%$€+KMBkm]|mil|cent|ciento|USD", text))


def shape(text: str) -> tuple[str, ...]:
    """The kinds, "n" or "%", of the figures of a line that reads label, figure, figure…, else ()."""
    found = figures(text)
    if len(found) < 2 or not _LETTERS.search(text[: found[0].start()]):
        return ()
    between = [text[a.end() : b.start()] for a, b in zip(found, found[1:], strict=False)]
    if _LETTERS.search(" ".join([*between, text[found[-1].end() :]])):
        return ()
    return tuple("%" if "%" in match.group() else "n" for match in found)
