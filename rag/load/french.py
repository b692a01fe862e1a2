"""French reports: how they are told from others, and their dates in words that ``rag.dates`` reads."""

from __future__ import annotations

import re

from rag.text import LANGUAGES, fold, language_of, words

REPORT_LANGUAGES = (*LANGUAGES, "fr")
"""Languages that a report can be in; questions are asked in ``rag.text.LANGUAGES``."""

_COUNTED_CHARS = 20_000
# Function words that are none in English or Spanish.
_WORDS = frozenset(
    """au aux avec ce ces cette dans des du elle elles est et ete etre ils leur leurs mais nous ont ou par pas plus pour
    qui sont sous sur une vous l d qu""".split()
)
_OTHERS = frozenset("the of and to in is are was were for with el los las del y que con por para una su se".split())
_MONTHS = {
    "janvier": "January", "fevrier": "February", "mars": "March", "avril": "April", "mai": "May", "juin": "June",
    "juillet": "July", "aout": "August", "septembre": "September", "octobre": "October", "novembre": "November",
    "decembre": "December", "janv": "January", "fevr": "February", "avr": "April", "juil": "July", "dec": "December",
}  # fmt: skip
_MONTH = re.compile(
    r"\b(?:janvier|f[ée]vrier|mars|avril|mai|juin|juillet|ao[ûu]t|septembre|octobre|novembre|d[ée]cembre|"
    r"(?:janv|f[ée]vr|avr|juil)\.)(?!\w)",
    re.IGNORECASE,
)
_FIRST = re.compile(r"\b1\s?er\b(?=\s+[^\W\d])|\b1\s?er\b(?=\s+au\b)", re.IGNORECASE)
_TO = re.compile(r"(?<=[\w.]) (?:au|[àa]) (?=(?:\d{1,2}|[^\W\d]{3,9}\.?)\s)", re.IGNORECASE)
_FROM = re.compile(r"\bdu (?=\d)", re.IGNORECASE)


def report_language(text: str) -> str:
    """``"en"``, ``"es"`` or ``"fr"`` by counting function words at the beginning."""
    folded = [fold(match.group()) for match in words(text[:_COUNTED_CHARS])]
    french = sum(word in _WORDS for word in folded)
    return "fr" if french > sum(word in _OTHERS for word in folded) else language_of(text)


def with_english_dates(text: str) -> str:
    """French text with its dates in English: "du 1er au 5 juin 2026" gives "from 1 to 5 June 2026"."""
    lines = (_english(line) if _MONTH.search(line) else line for line in text.split("\n"))
    return "\n".join(lines)


def _english(line: str) -> str:
    line = _FIRST.sub("1", line)
    line = _MONTH.sub(lambda match: _MONTHS[fold(match.group()).rstrip(".")], line)
    return _FROM.sub("from ", _TO.sub(" to ", line))
