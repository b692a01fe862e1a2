"""What a question asks for: kind of answer, period, names, and the words that carry its content."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from rag.dates import DateMention, find_dates
from rag.facts import Name, names
from rag.glossary import synonyms, translations
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
    r"|\bhow (?:large|big)\b|\bsize of\b|\btamano de\b|\bpopulation of\b|\bpoblacion de\b",
    Want.MONEY: r"\bhow much (?:money|funding|cash|was|is|did|does|has|had|do|of)\b|\bbudgets?\b|\bcosts?\b|\bfunding\b"
    r"|\brequire(?:ments?|d|s)?\b|\bfinanced?\b|\bcuanto (?:dinero|cuesta|costo|costaba)\b|\bpresupuesto\b"
    r"|\bfinanciamiento\b|\bfondos\b|\bmonto\b|\bdollars\b|\bdolares\b",
    Want.PERCENT: r"\bpercentages?\b|(?<!\d )(?<!\d)\bper ?cent\b|\bshare of\b|\bproportion\b|\bporcentaje\b|\bproporcion\b|(?<!\d )\bpor ciento\b|(?<!\d)%",
    Want.DURATION: r"\bhow long\b|\bcuanto tiempo\b|\bfor how many (?:days|weeks|months|years|hours)\b",
    Want.DATE: r"^(?:\w+ ){0,3}when\b|[,;] when\b|\b(?:and|since|to|until) when\b|\b(?:what|which) (?:date|year|month|day)s?\b"
    r"|\bcuando\b|\ben que (?:fecha|ano|mes|dia)s?\b|\b(?:what|which) (?:period|dates)\b|\bque periodo\b",
    Want.PLACE: r"^where\b|\band where\b|\b(?:what|which) (?:\w+ )?(?:cit(?:y|ies)|districts?|regions?|departments?|provinces?"
    r"|places?|locations?|areas?|countr(?:y|ies))\b|\bdonde\b|\ben que (?:ciudad|distrito|region|lugar|provincia|pais)\w*\b",
    Want.WHO: r"\bwho(?:m|se)?\b|\b(?:what|which) (?:\w+ )?(?:organi[sz]ations?|agenc(?:y|ies)|partners?|donors?|institutions?"
    r"|ministr(?:y|ies)|ngos?|actors?|authorit(?:y|ies)|bod(?:y|ies)|sectors?)\b|\bquien(?:es)?\b"
    r"|\bque (?:organizaci|agencia|socio|donante|institucion|ministerio|autoridad)\w*\b",
    Want.REASON: r"\bwhy\b|\bwhat (?:caused|led to|explains)\b|\breasons? (?:for|why)\b|\bpor que\b|\bmotivos?\b|\bcausas? de\b",
    Want.LIST: r"^list\b|\bwhat (?:are|were) (?:the )?\w+s\b|\bwhich \w+s\b|\bname (?:the|some)\b|\bcuales\b|\benumer\w+\b"
    r"|\bmenciona\w*\b|\bwhat (?:kinds?|types?) of\b",
}
_HOW_MANY = r"\bhow many\b|\bcuant[oa]s\b"
_HOW_MUCH = r"\bhow much\b|\bcuanto\b|\bdollars?\b|\bdolares\b|\busd\b"
_WHO_THEN = r"\bwho\b|\bquien(?:es)?\b|\b(?:which|what|que) (?:organi[sz]\w+|agenc\w+|partners?|donors?|institut\w+|ministr\w+|ngos?|bod\w+)"
_COMPARED = r"\bchang\w*|\bcompar\w*|\bdiffer\w*|\bdevelop\w*|\bevol\w*|\bgr[eo]w\w*|\bversus\b|\bvs\b|\bcambi\w*|\bvari\w*|\bcrec\w*"
_SECOND_PART = r"\b(?:and|y)\b,? (?:\w+ ){0,2}(?:how|what|who|when|where|which|cuant\w+|que|quien\w*|cuando|donde|cual\w*)\b"
_DEFINITION = (
    r"\bwhat (?:does|do|did) (?:the )?(?:acronym |abbreviation |initials )?(?P<a>.+?) (?:stand for|mean|refer to)\b",
    r"\b(?:meaning|full (?:name|form)) of (?:the )?(?:acronym |abbreviation )?(?P<a>.+?)\s*\?*$",
    r"\bque (?:significan?|quiere decir) (?:las siglas |la sigla |el acronimo )?(?P<a>.+?)\s*\?*$",
    r"\ba que corresponden? (?:las siglas|la sigla) (?P<a>.+?)\s*\?*$",
)
_ACRONYM_IS = re.compile(
    r"^(?:what (?:is|are|was)|que (?:es|son|era)) (?:the |an? |el |la |los |las )?(\S+?)\s*\?*$"
)
# Written as names but naming nobody in particular.
_NO_NAMES = frozenset("government gobierno ngo ngos ong ongs report informe".split())
# Words that say what kind of answer is wanted and would match anywhere.
_ASKING = frozenset(
    [
        "acronym",
        "amount",
        "approximately",
        "average",
        "cantidad",
        "cifra",
        "cuantia",
        "figure",
        "give",
        "kind",
        "know",
        "list",
        "mean",
        "mention",
        "name",
        "number",
        "numero",
        "percentage",
        "period",
        "porcentaje",
        "proportion",
        "question",
        "received",
        "reported",
        "reports",
        "report",
        "informe",
        "informes",
        "share",
        "significa",
        "sigla",
        "siglas",
        "situation",
        "stand",
        "total",
        "type",
        "types",
        "year",
    ]
)


@dataclass(frozen=True, slots=True)
class Term:
    """A content word of the question, folded, and the stems that stand for it in either language."""

    word: str
    stems: frozenset[str]


# "how many adolescent girls were reached": the counted thing ends where a verb or a preposition begins.
_COUNTED = re.compile(
    r"\b(?:how many|number of|total of|cuant[oa]s|numero de|cantidad de)\s+((?:[^\W\d_]+[\s-]+){0,5}?[^\W\d_]+)"
    r"(?=\s+(?:\w+ed|got|had|have|has|did|do|does|was|were|is|are|in|at|of|by|on|for|from|to|with|per|who|that|which|could|can"
    r"|will|fueron|fue|eran|son|hay|hubo|habian?|en|de|por|para|con|se|que|han|ha|recib\w+|lleg\w+|solicit\w+|tuv\w+|tiene\w*|ten[ií]a\w*)\b"
    r"|\s*[?,.]|$)"
)


@dataclass(frozen=True, slots=True)
class Question:
    """An analysed question.

    ``names`` are proper names and acronyms; ``defined`` is the folded expression whose
    meaning is asked for, ``counted`` the folded words of the thing whose number is,
    ``deed`` what the person or body asked for did; all may be empty.
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

    @property
    def double(self) -> bool:
        """Whether two things are asked: "how many ..., and what share ...?"."""
        return re.search(_SECOND_PART, fold(self.text)) is not None

    @property
    def name_words(self) -> frozenset[str]:
        """The folded words of all names."""
        return frozenset(word for name in self.names for word in name.words)


def analyse(text: str) -> Question:
    """Read a question in English or Spanish; never fails, an odd one just has no wants."""
    asked = fold(" ".join(text.split())).lstrip("¿¡ ")
    language = language_of(text)
    wants = {want for want, pattern in _WANTS.items() if re.search(pattern, asked)}
    if Want.DURATION in wants:
        wants -= {Want.COUNT, Want.MONEY}
    if re.search(_HOW_MANY, asked) and not re.search(_HOW_MUCH, asked):
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
        names=tuple(n for n in names(text) if not _inside(n, dated) and not set(n.words) <= _NO_NAMES),
        periods=tuple(_periods(mentions, compared=re.search(_COMPARED, asked) is not None)),
        defined=defined,
        counted=_counted(asked),
        deed=_deed(asked),
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
    if match := _COUNTED.search(asked):
        return tuple(word for word in re.split(r"[\s-]+", match[1]) if not is_stop(word))
    match = re.search(r"\b(population|poblacion) (?:of|de)\b", asked)
    return (match[1],) if match else ()


def _deed(asked: str) -> str:
    """The verb of "who leads ...", as folded: the first content word behind the question word."""
    match = re.search(_WHO_THEN, asked)
    following = (word.group() for word in words(asked[match.end() :])) if match else ()
    return next((word for word in following if not is_stop(word) and word not in _ASKING), "")


def _defined(asked: str, text: str) -> str:
    for pattern in _DEFINITION:
        if match := re.search(pattern, asked):
            return match["a"].strip(" '\"“”")
    match = _ACRONYM_IS.match(asked.strip())
    # "What is CEBAF?" asks for a meaning only when the word is written as an acronym.
    if match and re.search(rf"\b{re.escape(match[1])}\b", _without_acronyms(text)) is None:
        return match[1]
    return ""


def _without_acronyms(text: str) -> str:
    """``text`` with its fully capital words (acronyms) blanked and the rest folded."""
    return fold(re.sub(r"\b[A-Z][A-Z0-9+-]*[A-Z0-9]\b", " ", text))


def _inside(name: Name, spans: list[tuple[int, int]]) -> bool:
    return any(start < name.end and name.start < end for start, end in spans)


def _terms(text: str, language: str, dated: list[tuple[int, int]]) -> list[Term]:
    """Content words with their stems in both languages and those of their translations."""
    found: dict[str, None] = {}
    for match in words(text):
        word = fold(match.group())
        if not (is_stop(word) or word in _ASKING or any(a <= match.start() < b for a, b in dated)):
            found[word] = None
    content = list(found)
    return [
        Term(word, frozenset({stem(word, "en"), stem(word, "es")}) | translated | synonyms(word, language))
        for word, translated in zip(content, translations(content, language), strict=True)
    ]
