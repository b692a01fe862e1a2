"""How units, scales and qualifiers are written beside a number, in English and Spanish."""

from __future__ import annotations

import re

from rag.text import fold

PERCENT, POINTS, ORDINAL = "percent", "points", "ordinal"
CURRENCIES = frozenset({"USD", "PEN", "EUR", "GBP", "CHF"})

# Canonical unit: its spellings, folded. A bare "$" is read as US dollars.
_SPELLINGS = {
    PERCENT: "%|per cent|percent|por ciento|por cien|pct",
    POINTS: "percentage points?|puntos? porcentuale?s?",
    "USD": "us dollars?|u.s. dollars?|dollars?|dolare?s?(?: estadounidenses| americanos)?|usd|us[$]|[$]",
    "PEN": "(?:nuevos )?soles|sol|pen|s/",
    "EUR": "euros?|eur|€",
    "GBP": "gbp|£",
    "CHF": "swiss francs?|chf",
    "minute": "minutes?|minutos?|mins?",
    "hour": "hours?|horas?|hrs?|h",
    "day": "days?|dias?",
    "week": "weeks?|semanas?",
    "month": "months?|mes(?:es)?",
    "year": "years?|años?|anos?",
    "km2": "square kilomet(?:er|re)s?|kilometros? cuadrados?|km2|km²",
    "km": "kilomet(?:er|re)s?|kilometros?|kms?",
    "mile": "miles?(?! de)",
    "metre": "met(?:er|re)s?|metros?|m",
    "hectare": "hectares?|hectareas?|ha",
    "kg": "kilogram(?:me)?s?|kilogramos?|kilos?|kgs?",
    "tonne": "(?:metric )?ton(?:ne)?s?|toneladas?(?: metricas)?|mt",
    "litre": "lit(?:er|re)s?|litros?",
    "degree": "degrees?|grados?|°c|°",
}
_CANONICAL = [(unit, re.compile(spelling)) for unit, spelling in _SPELLINGS.items()]

# Spellings as they stand in a text: white space may be a line break, accents may be there or not.
_WRITTEN = (
    "|".join(_SPELLINGS.values())
    .replace("dolare?s?", "d[oó]lare?s?")
    .replace("dias?", "d[ií]as?")
    .replace("kilometros?", "kil[oó]metros?")
    .replace("hectareas?", "hect[aá]reas?")
    .replace("metricas", "m[eé]tricas")
    .replace("u.s.", r"u\.s\.")
    .replace("(?! de)", r"(?!\s+de\b)")
    .replace(" ", r"\s{1,4}")
)
UNIT = re.compile(
    rf"(?:\s{{0,6}}|-)(?:de\s{{1,4}}|of\s{{1,4}})?(?P<unit>{_WRITTEN})(?![^\W\d_])(?!-?\d)", re.IGNORECASE
)

_SCALES = {
    "k": 3, "thousand": 3, "mil": 3, "m": 6, "mm": 6, "mn": 6, "million": 6, "millions": 6, "millon": 6,
    "millones": 6, "b": 9, "bn": 9, "billion": 9, "billions": 9, "thousand million": 9, "mil millones": 9,
    "dozen": 0, "docenas": 0, "dozens": 0,
}  # fmt: skip
SCALE = re.compile(
    r"(?:\s{1,4}|-)?(?P<scale>(?i:thousand\s{1,4}million|mil\s{1,4}millones|thousand|millions?|mill[oó]n|millones"
    r"|billions?|mil|bn|mn|dozens?|docenas)|(?<=\d)[km]|[KMB]|MM)(?![^\W\d_]|[&'’²]|-?\d)"
)
CURRENCY_BEFORE = r"(?:US\s?\$|U\.S\.\s?\$|USD|\$|S/\.?|PEN|€|EUR|£|GBP|CHF)"

# Folded; a star stands for any ending.
_QUALIFIERS = {
    "over": "more than|over|above|exceed*|in excess of|upwards of|greater than|higher than|beyond|mas de|"
    "por encima de|superior a|superiores a|supera*|sobrepasa*|+|>",
    "at least": "at least|no fewer than|no less than|not less than|a minimum of|por lo menos|al menos|"
    "como minimo|no menos de|≥",
    "under": "less than|fewer than|under|below|lower than|menos de|por debajo de|inferior a|inferiores a|<",
    "up to": "up to|at most|no more than|not more than|a maximum of|as many as|as much as|hasta|como maximo|"
    "no mas de|≤",
    "almost": "almost|nearly|close to|just under|casi|cerca de|cercano a|cercana a|proximo a",
    "about": "about|around|approximately|approx|some|roughly|circa|an estimated|estimated|alrededor de|"
    "en torno a|aproximadamente|unos|unas|un estimado de|~|≈",
}
_PHRASES = {tuple(phrase.split()): kind for kind, phrases in _QUALIFIERS.items() for phrase in phrases.split("|")}
QUALIFIER_WORDS = frozenset(word for phrase in _PHRASES for word in phrase)
_STARRED = [(phrase[0][:-1], kind) for phrase, kind in _PHRASES.items() if phrase[0].endswith("*")]
_LONGEST = max(map(len, _PHRASES))
_FILLERS = ("a total of", "un total de", "an estimated", "the", "los", "las", "el", "la", "an", "a")
_FILLERS_SPLIT = [filler.split() for filler in _FILLERS]
_LAST_WORDS = re.compile(r"[^\W\d_]+|[+<>~≈≥≤]|[^\s]")
_AFTER = re.compile(r"(?:\s+[^\W\d_]+)?\s+(or\s+more|o\s+m[aá]s)\b|\s?(\+)(?![\d\w])", re.IGNORECASE)


def unit_of(written: str) -> str:
    """Canonical unit of a spelling: ``"percent"``, a currency code, ``"month"``, ``"km"``; "" if unknown."""
    folded = re.sub(r"\s+", " ", fold(written)).strip().removesuffix(".").replace(" $", "$").replace("u.s.$", "us$")
    return next((unit for unit, spelling in _CANONICAL if spelling.fullmatch(folded)), "")


def power_of(written: str) -> int:
    """Power of ten that a scale multiplies by: 3 for "K" and "mil", 6 for "million"; 0 for a dozen."""
    return _SCALES[re.sub(r"\s+", " ", fold(written)).strip()]


def qualifier(text: str, start: int, end: int) -> str:
    """Say what the words around a number at ``text[start:end]`` make of it.

    ``"over"``, ``"at least"``, ``"under"``, ``"up to"``, ``"almost"``, ``"about"`` or ``""``.
    """
    before = text[max(0, start - 48) : start].rstrip()
    if before and not before[-1].isdigit() and (kind := _phrase(_LAST_WORDS.findall(fold(before))[-8:])):
        return kind
    after = _AFTER.match(text[end : end + 32])
    return "" if not after else "at least" if after.group(1) else "over"


def _phrase(before: list[str]) -> str:
    """Kind of the qualifier that ``before`` ends in; the longest counts: "no more than", not "more than"."""
    for length in range(min(_LONGEST, len(before)), 0, -1):
        if kind := _PHRASES.get(tuple(before[-length:])):
            return kind
    for start, kind in _STARRED:
        if before and before[-1].startswith(start):
            return kind
    for filler in _FILLERS_SPLIT:
        if before[-len(filler) :] == filler and len(before) > len(filler):
            return _phrase(before[: -len(filler)])
    return ""


# Percent signs and currencies that stand apart from a figure, as in the head of a column.
PERCENT_WORDS = re.compile(r"(?<![0-9])(?<![0-9]\s)(?:%|\bper\s?cent\b|\bpor\s+ciento\b|\bpercent\b)(?!\s?[0-9])", re.I)
CURRENCY_WORDS = re.compile(r"\b(?:USD|PEN|EUR|GBP|CHF|[Dd]ollars|[Ss]oles|[Dd]ólares)\b(?!\s?[0-9])|US\$(?!\s?[0-9])")
