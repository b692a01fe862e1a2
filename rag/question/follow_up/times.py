"""Times that a question gives only beside those of the one before: "the year before", "in March"."""

from __future__ import annotations

import re

from rag.dates import MONTH_NAMES, DateMention, find_dates
from rag.question.follow_up.read import Clause
from rag.text import fold

_NUMBERS = {
    "a": 1, "one": 1, "un": 1, "uno": 1, "two": 2, "dos": 2, "three": 3, "tres": 3, "four": 4, "cuatro": 4,
    "five": 5, "cinco": 5,
}  # fmt: skip
_UNIT = r"(?P<unit>years?|months?|anos?|mes(?:es)?)"
_RELATIVE = [
    (re.compile(rf"\b(?:the |el )?(?:previous|preceding|prior) {_UNIT}\b"), -1),
    (re.compile(rf"\b(?:the |el |un )?{_UNIT} (?:before|earlier|prior|anterior|previo|antes)\b(?! \w+ing)"), -1),
    (re.compile(rf"\b(?:the |el )?(?:next|following|subsequent|siguiente|proximo) {_UNIT}\b"), 1),
    (re.compile(rf"\b(?:the |el |un )?{_UNIT} (?:after(?:wards)?|later|siguiente|posterior|despues)\b"), 1),
]
_COUNTED = re.compile(
    rf"\b(?P<count>{'|'.join(_NUMBERS)}|\d) {_UNIT} (?P<way>before|earlier|later|after(?:wards)?|antes|despues)\b"
)


def last_time(clause: Clause, answer: str = "") -> DateMention | None:
    """The time that a question is about, else the only one of its answer."""
    dated = [mention for _, mention in clause.dates if mention.first.year]
    if dated:
        return dated[0]
    said = [mention for mention in find_dates(answer) if mention.first.year] if len(answer.split()) <= 40 else []
    return said[0] if len({mention.first for mention in said}) == 1 else None


def made_absolute(text: str, base: DateMention | None, language: str) -> str:
    """``text`` with "the year before", "two years later" and months without a year counted from ``base``."""
    if base is None or base.first.year is None or base.last.year is None:
        return text
    folded = fold(text)
    if len(folded) != len(text):
        return text
    for match, steps in _relative(folded):
        put = _moved(base, steps, match["unit"], language)
        if put:
            text = f"{text[: match.start()]}{put}{text[match.end() :]}"
            before = text[: match.start()].rstrip()
            if not re.search(r"\b(?:in|en|of|de|during|durante|for|para|since|desde|until|hasta)$", before.lower()):
                text = f"{text[: match.start()]}{'en' if language == 'es' else 'in'} {text[match.start() :]}"
            break
    return _with_year(text, base.last.year, language)


def _relative(folded: str) -> list[tuple[re.Match[str], int]]:
    if match := _COUNTED.search(folded):
        count = int(match["count"]) if match["count"].isdigit() else _NUMBERS[match["count"]]
        return [(match, -count if match["way"] in {"before", "earlier", "antes"} else count)]
    return [(match, steps) for pattern, steps in _RELATIVE if (match := pattern.search(folded))][:1]


def _moved(base: DateMention, steps: int, unit: str, language: str) -> str:
    """The year or month that lies ``steps`` before the begin or behind the end of ``base``."""
    edge = base.first if steps < 0 else base.last
    if edge.year is None:
        return ""
    if unit.startswith(("y", "a")):
        return str(edge.year + steps)
    if edge.month is None:
        return ""
    months = edge.year * 12 + edge.month - 1 + steps
    name = MONTH_NAMES[language][months % 12]
    return f"{name} de {months // 12}" if language == "es" else f"{name} {months // 12}"


def _with_year(text: str, year: int, language: str) -> str:
    """``text`` whose last month without a year has ``year``."""
    bare = [mention for mention in find_dates(text) if mention.last.year is None and mention.last.month]
    if not bare or any(mention.last.year for mention in find_dates(text)):
        return text
    end = bare[-1].end
    return f"{text[:end]}{f' de {year}' if language == 'es' else f' {year}'}{text[end:]}"
