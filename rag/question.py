"""What a question asks for: kind of answer, period, names, and the words that carry its content."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from rag.dates import find_dates
from rag.schema import Period
from rag.text import fold, is_stop, language_of, stem, words


class Want(StrEnum):
    """The kind of thing that must stand in a sentence for it to be an answer."""

    COUNT = "count"
    MONEY = "money"
    PERCENT = "percent"
    DURATION = "duration"
    DATE = "date"
    PLACE = "place"
    WHO = "who"
    REASON = "reason"
    DEFINITION = "definition"
    LIST = "list"


# English and Spanish, on folded text (no accents, lower case). Order does not matter: all that match count.
_WANTS: dict[Want, str] = {
    Want.COUNT: r"\bhow many\b|\bnumbers? of\b|\bcuant[oa]s\b|\bnumero de\b|\bcantidad de\b|\bwhat (?:was|is) the total\b"
    r"|\bhow large\b|\bpopulation of\b|\bpoblacion de\b",
    Want.MONEY: r"\bhow much (?:money|funding|cash|was|is|did|does|has|had|do|of the)\b|\bbudgets?\b|\bcosts?\b|\bfunding\b"
    r"|\brequire(?:ment|d|s)\b|\bfinanced?\b|\bcuanto (?:dinero|cuesta|costo|costaba)\b|\bpresupuesto\b"
    r"|\bfinanciamiento\b|\bfondos\b|\bmonto\b",
    Want.PERCENT: r"\bpercentages?\b|\bper ?cent\b|\bshare of\b|\bproportion\b|\bporcentaje\b|\bproporcion\b|\bpor ciento\b|%",
    Want.DURATION: r"\bhow long\b|\bcuanto tiempo\b|\bfor how many (?:days|weeks|months|years|hours)\b",
    Want.DATE: r"^when\b|[,;] when\b|\band when\b|\bsince when\b|\b(?:what|which) (?:date|year|month|day)\b|\bcuando\b"
    r"|\ben que (?:fecha|ano|mes|dia)\b|\bover (?:what|which) (?:period|months|dates)\b",
    Want.PLACE: r"^where\b|\band where\b|\b(?:what|which) (?:\w+ )?(?:cit(?:y|ies)|districts?|regions?|departments?|provinces?"
    r"|places?|locations?|areas?|countr(?:y|ies))\b|\bdonde\b|\ben que (?:ciudad|distrito|region|lugar|provincia|pais)\w*\b",
    Want.WHO: r"\bwho(?:m|se)?\b|\b(?:what|which) (?:\w+ )?(?:organi[sz]ations?|agenc(?:y|ies)|partners?|donors?|institutions?"
    r"|ministr(?:y|ies)|ngos?|actors?|authorit(?:y|ies)|bod(?:y|ies)|sectors?)\b|\bquien(?:es)?\b"
    r"|\bque (?:organizaci|agencia|socio|donante|institucion|ministerio|autoridad)\w*\b",
    Want.REASON: r"\bwhy\b|\bwhat (?:caused|led to|explains)\b|\breasons? (?:for|why)\b|\bpor que\b|\bmotivos?\b|\bcausas? de\b",
    Want.LIST: r"^list\b|\bwhat (?:are|were) (?:the )?\w+s\b|\bwhich \w+s\b|\bname (?:the|some)\b|\bcuales\b|\benumer\w+\b"
    r"|\bmenciona\w*\b|\bwhat (?:kinds?|types?) of\b",
}
_DEFINITION = (
    r"\bwhat (?:does|do|did) (?:the )?(?:acronym |abbreviation |initials )?(?P<a>.+?) (?:stand for|mean|refer to)\b",
    r"\b(?:meaning|full (?:name|form)) of (?:the )?(?:acronym |abbreviation )?(?P<a>.+?)\s*\?*$",
    r"\bque (?:significan?|quiere decir) (?:las siglas |la sigla |el acronimo )?(?P<a>.+?)\s*\?*$",
    r"\ba que corresponden? (?:las siglas|la sigla) (?P<a>.+?)\s*\?*$",
)
_ACRONYM_IS = re.compile(r"^(?:what (?:is|are|was)|que (?:es|son|era)) (?:the |an? |el |la |los |las )?(\S+?)\s*\?*$")
_QUOTED = re.compile(r"[“\"«']([^“”\"«»']{3,80})[”\"»']")
_NAME = re.compile(r"[^\W\d_a-zß-öø-ÿ][\w’'+-]*")
# Words that say what kind of answer is wanted and would match anywhere.
_ASKING = frozenset(
    """acronym amount approximately average cantidad cifra cuantia figure give kind know list mean mention name number
    numero percentage period porcentaje proportion question received reported reports report informe informes share
    significa sigla siglas situation stand total type types year""".split()
)


@dataclass(frozen=True, slots=True)
class Term:
    """A content word of the question: its folded form and its stems in both languages."""

    word: str
    stems: frozenset[str]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Question:
    """An analysed question.

    ``names`` are folded proper names and acronyms; ``defined`` is the folded expression whose
    meaning is asked for, or empty. ``parts`` are the wants of each half of "X and Y".
    """

    text: str
    language: str
    wants: frozenset[Want]
    terms: tuple[Term, ...]
    names: frozenset[str]
    periods: tuple[Period, ...]
    defined: str = ""
    quoted: tuple[str, ...] = ()


def analyse(text: str) -> Question:
    """Read a question in English or Spanish; never fails, an odd one just has no wants."""
    asked = fold(" ".join(text.split())).lstrip("¿¡ ")
    language = language_of(text)
    wants = {want for want, pattern in _WANTS.items() if re.search(pattern, asked)}
    if Want.DURATION in wants:
        wants -= {Want.COUNT, Want.MONEY}
    if Want.COUNT in wants and not re.search(r"\bhow much\b|\bcuanto\b", asked):
        wants.discard(Want.MONEY)
    defined = _defined(asked, text)
    if defined:
        wants = {Want.DEFINITION}
    mentions = [mention for mention in find_dates(text)]
    dated = [(mention.start, mention.end) for mention in mentions]
    return Question(
        text=text,
        language=language,
        wants=frozenset(wants),
        terms=tuple(_terms(text, dated)),
        names=frozenset(_names(text, dated)),
        periods=tuple(mention.period for mention in mentions if mention.period),
        defined=defined,
        quoted=tuple(match.group(1) for match in _QUOTED.finditer(text)),
    )


def _defined(asked: str, text: str) -> str:
    for pattern in _DEFINITION:
        if match := re.search(pattern, asked):
            return match["a"].strip(" '\"“”")
    match = _ACRONYM_IS.match(asked.strip())
    # "What is CEBAF?" asks for a meaning only when the word is written as an acronym.
    if match and re.search(rf"\b{re.escape(match[1])}\b", fold_keep(text)) is None:
        return match[1]
    return ""


def fold_keep(text: str) -> str:
    """``text`` with its fully capital words (acronyms) blanked and the rest folded."""
    return fold(re.sub(r"\b[A-Z][A-Z0-9+-]*[A-Z0-9]\b", " ", text))


def _terms(text: str, dated: list[tuple[int, int]]) -> list[Term]:
    found: dict[str, Term] = {}
    for match in words(text):
        word = fold(match.group())
        if is_stop(word) or word in _ASKING or any(a <= match.start() < b for a, b in dated):
            continue
        stems = frozenset({stem(word, "en"), stem(word, "es")})
        found.setdefault(word, Term(word, stems, match.start(), match.end()))
    return list(found.values())


def _names(text: str, dated: list[tuple[int, int]]) -> list[str]:
    """Capitalised words other than the first of the sentence, and acronyms anywhere."""
    names = []
    first = next(words(text), None)
    for match in _NAME.finditer(text):
        word = match.group()
        acronym = len(word) > 1 and word.isupper()
        opening = first is not None and match.start() == first.start()
        if (acronym or not opening) and not any(a <= match.start() < b for a, b in dated):
            folded = fold(word)
            if not is_stop(folded):
                names.append(folded.removesuffix("'s"))
    return names
