"""The words by which questions are told apart, in English and Spanish.

All patterns are for folded text: no accents, lower case.
"""

from __future__ import annotations

import re
from enum import StrEnum


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


def _any(*patterns: str) -> str:
    return "|".join(patterns)


# All that match count; their order does not matter.
WANTS: dict[Want, str] = {
    Want.COUNT: _any(
        r"\bhow many\b",
        r"\bnumbers? of\b",
        r"\bcuant[oa]s\b",
        r"\bnumero de\b",
        r"\bcantidad de\b",
        r"\bwhat (?:was|is) the total\b",
        r"\bhow (?:large|big)\b",
        r"\bsize of\b",
        r"\btamano de\b",
        r"\bpopulation of\b",
        r"\bpoblacion de\b",
    ),
    Want.MONEY: _any(
        r"\bhow much (?:money|funding|cash|was|is|did|does|has|had|do|of)\b",
        r"\bbudgets?\b",
        r"\bcosts?\b",
        r"\bfunding\b",
        r"\brequire(?:ments?|d|s)?\b",
        r"\bfinanced?\b",
        r"\bcuanto (?:dinero|cuesta|costo|costaba)\b",
        r"\bpresupuesto\b",
        r"\bfinanciamiento\b",
        r"\bfondos\b",
        r"\bmonto\b",
        r"\bdollars\b",
        r"\bdolares\b",
    ),
    Want.PERCENT: _any(
        r"\bpercentages?\b",
        r"(?<!\d )(?<!\d)\bper ?cent\b",
        r"\bshare of\b",
        r"\bproportion\b",
        r"\bporcentaje\b",
        r"\bproporcion\b",
        r"(?<!\d )\bpor ciento\b",
        r"(?<!\d)%",
    ),
    Want.DURATION: _any(
        r"\bhow long\b",
        r"\bcuanto tiempo\b",
        r"\bfor how many (?:days|weeks|months|years|hours)\b",
    ),
    Want.DATE: _any(
        r"^(?:\w+ ){0,3}when\b",
        r"[,;] when\b",
        r"\b(?:and|since|to|until) when\b",
        r"\b(?:what|which) (?:date|year|month|day)s?\b",
        r"\bcuando\b",
        r"\ben que (?:fecha|ano|mes|dia)s?\b",
        r"\b(?:what|which) (?:period|dates)\b",
        r"\bque periodo\b",
    ),
    Want.PLACE: _any(
        r"^where\b",
        r"\band where\b",
        r"\b(?:what|which) (?:\w+ )?(?:cit(?:y|ies)|districts?|regions?|departments?|provinces?)\b",
        r"\b(?:what|which) (?:\w+ )?(?:places?|locations?|areas?|countr(?:y|ies))\b",
        r"\bdonde\b",
        r"\ben que (?:ciudad|distrito|region|lugar|provincia|pais)\w*\b",
    ),
    Want.WHO: _any(
        r"\bwho(?:m|se)?\b",
        r"\b(?:what|which) (?:\w+ )?(?:organi[sz]ations?|agenc(?:y|ies)|partners?|donors?|institutions?)\b",
        r"\b(?:what|which) (?:\w+ )?(?:ministr(?:y|ies)|ngos?|actors?|authorit(?:y|ies)|bod(?:y|ies)|sectors?)\b",
        r"\bquien(?:es)?\b",
        r"\bque (?:organizaci|agencia|socio|donante|institucion|ministerio|autoridad)\w*\b",
    ),
    Want.REASON: _any(
        r"\bwhy\b",
        r"\bwhat (?:caused|led to|explains)\b",
        r"\breasons? (?:for|why)\b",
        r"\bpor que\b",
        r"\bmotivos?\b",
        r"\bcausas? de\b",
    ),
    Want.LIST: _any(
        r"^list\b",
        r"\bwhat (?:are|were) (?:the )?\w+s\b",
        r"\bwhich \w+s\b",
        r"\bname (?:the|some)\b",
        r"\bcuales\b",
        r"\benumer\w+\b",
        r"\bmenciona\w*\b",
        r"\bwhat (?:kinds?|types?) of\b",
    ),
}
RISEN = _any(
    r"\bhow much\b.*\b(?:r[io]se|increas\w+|gr[eo]w|fall|fell|drop\w*|declin\w+)\b",
    r"\bcuanto\b.*\b(?:aument\w+|crec\w+|subi\w+|baj\w+|disminu\w+)\b",
)
HOW_MANY = _any(
    r"\bhow many\b",
    r"\bcuant[oa]s\b",
)
HOW_MUCH = _any(
    r"\bhow much\b",
    r"\bcuanto\b",
    r"\bdollars?\b",
    r"\bdolares\b",
    r"\busd\b",
)
WHO_THEN = _any(
    r"\bwho\b",
    r"\bquien(?:es)?\b",
    r"\b(?:which|what|que) (?:organi[sz]\w+|agenc\w+|partners?|donors?|institut\w+|ministr\w+|ngos?|bod\w+)",
)
COMPARED = _any(
    r"\bchang\w*",
    r"\bcompar\w*",
    r"\bdiffer\w*",
    r"\bdevelop\w*",
    r"\bevol\w*",
    r"\bgr[eo]w\w*",
    r"\bversus\b",
    r"\bvs\b",
    r"\bcambi\w*",
    r"\bvari\w*",
    r"\bcrec\w*",
)
SECOND_PART = _any(
    r"\b(?:and|y)\b,? (?:\w+ ){0,2}(?:how|what|who|when|where|which|cuant\w+|que|quien\w*|cuando|donde|cual\w*)\b",
)
EXCLUDING = re.compile(
    r"\b(?:outside|without|excluding|except|beyond|other than|not|non|no|fuera|sin|excepto)\b((?:[\s-]+\w+){1,3})"
)
_WHERE = r"(?: en (?:el|la|los|las|este|esta) .+?)?"  # "en la tabla" is no part of what is explained
DEFINITION = (
    r"\bwhat (?:does|do|did) (?:the )?(?:acronym |abbreviation |initials )?(?P<a>.+?) (?:stand for|mean|refer to)\b",
    r"\b(?:meaning|full (?:name|form)) of (?:the )?(?:acronym |abbreviation )?(?P<a>.+?)\s*\?*$",
    rf"\bque (?:significan?|quiere decir) (?:las siglas |la sigla |el acronimo )?(?P<a>.+?){_WHERE}\s*\?*$",
    rf"\ba que corresponden? (?:las siglas|la sigla) (?P<a>.+?){_WHERE}\s*\?*$",
)
ACRONYM_IS = re.compile(
    r"^(?:what (?:is|are|was|were)|que (?:es|son|era)) (?:the |an? |el |la |los |las )?(\S+?)\s*\?*$"
)
# "how many adolescent girls were reached": the counted thing ends where a verb or a preposition begins.
_VERBS = _any(
    r"\w+ed", r"got", r"had", r"have", r"has", r"did", r"do", r"does", r"was", r"were", r"is", r"are", r"could",
    r"can", r"will", r"fueron", r"fue", r"eran", r"son", r"hay", r"hubo", r"habian?", r"se", r"han", r"ha",
    r"recib\w+", r"lleg\w+", r"solicit\w+", r"tuv\w+", r"tiene\w*", r"tenia\w*",
)  # fmt: skip
_SMALL_WORDS = _any(
    r"in", r"at", r"of", r"by", r"on", r"for", r"from", r"to", r"with", r"per", r"who", r"that", r"which", r"en",
    r"de", r"por", r"para", r"con", r"que",
)  # fmt: skip
COUNTED = re.compile(
    r"\b(?:how many|number of|total of|cuant[oa]s|numero de|cantidad de)\s+((?:[^\W\d_]+[\s-]+){0,5}?[^\W\d_]+)"
    rf"(?=\s+(?:{_VERBS}|{_SMALL_WORDS})\b|\s*[?,.]|$)"
)
# Written as names but naming nobody in particular.
NO_NAMES = frozenset("government gobierno ngo ngos ong ongs report informe".split())
# Words that say what kind of answer is wanted and would match anywhere.
ASKING = frozenset(
    """acronym amount approximately average cantidad cifra cuantia figure give kind know list mean mention name
    number numero percentage period porcentaje proportion question received reported reports report informe
    informes share significa sigla siglas situation stand total type types year""".split()
)
