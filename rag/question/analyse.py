"""What a question asks for: kind of answer, period, names, and the words that carry its content."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from rag.dates import DateMention, find_dates
from rag.facts import Name, names, quantities
from rag.glossary import synonyms, translations
from rag.question.patterns import (
    ACRONYM_IS,
    ASKING,
    COMPARED,
    COUNTED,
    DEFINITION,
    EXCLUDING,
    HOW_MANY,
    HOW_MUCH,
    NO_NAMES,
    RISEN,
    SECOND_PART,
    WANTS,
    WHO_THEN,
    Want,
)
from rag.schema import Period
from rag.text import fold, is_stop, language_of, stem, words


@dataclass(frozen=True, slots=True)
class Term:
    """A content word of the question, folded, and the stems that stand for it in either language."""

    word: str
    stems: frozenset[str]


@dataclass(frozen=True, slots=True)
class Question:
    """An analysed question.

    ``names`` are proper names and acronyms; ``defined`` is the folded expression whose
    meaning is asked for, ``counted`` the folded words of the thing whose number is,
    ``deed`` what the person or body asked for did, ``excluded`` folded words behind "outside" or
    "without"; all may be empty. ``figures`` are the values that the question itself gives.
    """

    text: str
    language: str
    wants: frozenset[Want]
    terms: tuple[Term, ...]
    names: tuple[Name, ...]
    periods: tuple[Period, ...]
    defined: str = ""
    counted: tuple[str, ...] = ()
    deed: str = ""
    excluded: frozenset[str] = frozenset()
    figures: frozenset[Decimal] = frozenset()

    @property
    def stems(self) -> frozenset[str]:
        """The stems of all terms."""
        return frozenset().union(*(term.stems for term in self.terms))

    @property
    def double(self) -> bool:
        """Whether two things are asked: "how many ..., and what share ...?"."""
        return re.search(SECOND_PART, fold(self.text)) is not None

    @property
    def name_words(self) -> frozenset[str]:
        """The folded words of all names."""
        return frozenset(word for name in self.names for word in name.words)


def analyse(text: str) -> Question:
    """Read a question in English or Spanish; never fails, an odd one just has no wants."""
    asked = fold(" ".join(text.split())).lstrip("¿¡ ")
    language = language_of(text)
    wants = {want for want, pattern in WANTS.items() if re.search(pattern, asked)}
    if Want.DURATION in wants:
        wants -= {Want.COUNT, Want.MONEY}
    if Want.MONEY in wants and re.search(RISEN, asked):
        wants = wants - {Want.MONEY} | {Want.PERCENT, Want.COUNT}  # "how much did it rise" asks for no amount
    if re.search(HOW_MANY, asked) and not re.search(HOW_MUCH, asked):
        wants.discard(Want.MONEY)  # "how many people received funding" asks for no amount
    defined = _defined(asked, text)
    if defined:
        wants = {Want.DEFINITION}
    mentions = find_dates(text)
    dated = [(mention.start, mention.end) for mention in mentions]
    return Question(
        text=text,
        language=language,
        wants=frozenset(wants),
        terms=tuple(_terms(text, language, dated)),
        names=tuple(n for n in names(text) if not _inside(n, dated) and not set(n.words) <= NO_NAMES),
        periods=tuple(_periods(mentions, compared=re.search(COMPARED, asked) is not None)),
        defined=defined,
        counted=_counted(asked),
        deed=_deed(asked),
        excluded=frozenset(
            word for match in EXCLUDING.finditer(asked) for word in match[1].split() if not is_stop(word)
        ),
        figures=frozenset(quantity.value for quantity in quantities(text)),
    )


def _periods(mentions: list[DateMention], *, compared: bool) -> list[Period]:
    """Periods asked about, in order; the two ends of "change between 2020 and 2023" are two."""
    found = []
    for mention in mentions:
        first, last = mention.first, mention.last
        ends = [(first, first), (last, last)] if compared and first != last else [(first, last)]
        found += [replace(mention, first=start, last=end).period for start, end in ends]
    return [period for period in dict.fromkeys(found) if period is not None]


def _counted(asked: str) -> tuple[str, ...]:
    if match := COUNTED.search(asked):
        return tuple(word for word in re.split(r"[\s-]+", match[1]) if not is_stop(word))
    match = re.search(r"\b(population|poblacion) (?:of|de)\b", asked)
    return (match[1],) if match else ()


def _deed(asked: str) -> str:
    """The verb of "who leads ...", as folded: the first content word behind the question word."""
    match = re.search(WHO_THEN, asked)
    following = (word.group() for word in words(asked[match.end() :])) if match else ()
    return next((word for word in following if not is_stop(word) and word not in ASKING), "")


def _defined(asked: str, text: str) -> str:
    for pattern in DEFINITION:
        if match := re.search(pattern, asked):
            return _singular(match["a"].strip(" '\"“”"), text)
    match = ACRONYM_IS.match(asked.strip())
    # "What is CEBAF?" asks for a meaning only when the word is written as an acronym.
    if match and re.search(rf"\b{re.escape(match[1])}\b", _without_acronyms(text)) is None:
        return _singular(match[1], text)
    return ""


def _singular(term: str, text: str) -> str:
    """The acronym of "What are RHUs?"."""
    return term[:-1] if re.search(rf"\b{re.escape(term[:-1]).upper()}s\b", text) else term


def _without_acronyms(text: str) -> str:
    """``text`` with its fully capital words (acronyms) blanked and the rest folded."""
    return fold(re.sub(r"\b[A-Z][A-Z0-9+-]*[A-Z0-9]s?\b", " ", text))


def _inside(name: Name, spans: list[tuple[int, int]]) -> bool:
    return any(start < name.end and name.start < end for start, end in spans)


def _terms(text: str, language: str, dated: list[tuple[int, int]]) -> list[Term]:
    """Content words with their stems in both languages and those of their translations."""
    found: dict[str, None] = {}
    for match in words(text):
        written = match.group()
        acronyms = re.fullmatch(r"[A-Z]{2,}s", written) is not None  # "RHUs"
        word = fold(written[:-1] if acronyms else written).removesuffix("'s")
        if not (is_stop(word) or word in ASKING or any(a <= match.start() < b for a, b in dated)):
            found[word] = None
    content = list(found)
    return [
        Term(word, frozenset({stem(word, "en"), stem(word, "es")}) | translated | synonyms(word, language))
        for word, translated in zip(content, translations(content, language), strict=True)
    ]
