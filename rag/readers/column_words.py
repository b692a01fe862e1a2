"""The words that tell columns of a table apart, in English and Spanish.

All patterns are for folded text: no accents, lower case.
"""

from __future__ import annotations

import re
from collections.abc import Callable

MONEY = re.compile(
    r"[$€£]|\b(?:usd|eur|money|funds?|funding|funded|budget|dollars?|dolares|soles|euros?|amounts?|costs?|montos?"
    r"|fondos|presupuestos?|dinero|financ\w+|requirements?|requerimientos?|donors?)\b"
)
SHARE = re.compile(
    r"%|\bper ?cent\w*|\bpct\b|\bporcentajes?\b|\bpor ciento\b|\bshare\b|\bproporcion\b|\brates?\b|\btasas?\b"
)
RATE = re.compile(r"\b(?:rates?|ratios?|tasas?|cfr)\b")
CURRENCY = re.compile(r"[$€£]|\b(?:usd|eur|pen|gbp|chf|dollars?|dolares|soles|euros?)\b")
BARE_SHARE = re.compile(r"\W*(?:%|per ?cent|percentage|porcentaje|share)\W*")
# Columns that count other things than people.
THINGS = re.compile(
    r"\b(?:house?holds?|famil\w+|hogar\w*|partners?|socios?|organi[sz]a\w+|schools?|escuelas?|kits?|sites?|sitios?"
    r"|districts?|distritos?|communit\w+|comunidad\w*|activit\w+|actividad\w*|donors?|donantes?|projects?|proyectos?)\b"
)
PERSONS = re.compile(r"\b(?:people|persons?|individuals?|beneficiar\w+|personas?|individuos?|refugees?|migrants?)\b")

# Values of a dimension that heads and questions name, folded, English and Spanish.
_STAGE = {
    "need": r"in need|needs?|needed|needing|pin|necesi\w+",
    "target": r"target\w*|plan(?:ned)?|goals?|metas?|objetivos?|previst[oa]s?|planificad[oa]s?|proyectad[oa]s?",
    "reached": r"reach\w*|assist\w*|serv(?:ed|ing)|benefit\w*|beneficiar\w*|beneficiad\w*|help\w*|cover\w*|achieved"
    r"|attended|support\w*|alcan\w+|atend\w+|asisti\w+|asistenci\w+|lleg(?:o|aron)|ayud\w+|apoy\w+|cubiert\w+|logrados?",
}
_FUNDS = {
    "required": r"requir\w+|request\w*|ask(?:ed|ing)?|appeal\w*|needs?|needed|requer\w+|solicit\w+|pedi\w+|necesi\w+",
    "funded": r"funded|receiv\w+|contribut\w+|rais\w+|secured|mobili[sz]\w+|available|c[oa]me in|arrived|g[eo]t"
    r"|recib\w+|financiad\w+|consigui\w+|obten\w+|obtuv\w+|recaud\w+|aport\w+|disponibles?",
    "gap": r"gaps?|unmet|shortfall|unfunded|missing|lacking|brechas?|deficit|faltantes?|falt(?:a|an|o|aron|aba|aban)"
    r"|por financiar",
}
_SEX = {
    "women": r"women|woman|females?|mujer\w*|femenin\w+",
    "men": r"men|man|males?|hombres?|varon\w*|masculin\w+",
    "girls": r"girls?|(?<!ninos y )ninas(?! y ninos)",
    "boys": r"boys?|(?<!ninas y )ninos(?! y ninas)",
    "children": r"child(?:ren)?|minors?|kids|menores|ninez|ninos|infan\w+",
    "adults": r"adults?|adult[oa]s",
    "elderly": r"elderly|older|ancian[oa]s|mayores",
}
_MONTHS = {
    "1": "jan|january|ene|enero", "2": "feb|february|febrero", "3": "mar|march|marzo", "4": "apr|april|abr|abril",
    "5": "may|mayo", "6": "june?|junio", "7": "july?|julio", "8": "aug|august|ago|agosto",
    "9": "sept?|september|set|septiembre|setiembre", "10": "oct|october|octubre", "11": "nov|november|noviembre",
    "12": "dec|december|dic|diciembre",
}  # fmt: skip
_TOTAL = {"total": r"totals?|overall|grand total|todos|todas|en total|altogether"}

Dimension = Callable[[str], frozenset[str]]


def _dimension(values: dict[str, str]) -> Dimension:
    patterns = {value: re.compile(rf"\b(?:{pattern})\b") for value, pattern in values.items()}
    return lambda text: frozenset(value for value, pattern in patterns.items() if pattern.search(text))


def _years(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\b(?:19|20)\d\d\b", text))


STAGES, MONEY_STAGES, SEXES = _dimension(_STAGE), _dimension(_FUNDS), _dimension(_SEX)
DIMENSIONS = (SEXES, _dimension(_MONTHS), _years)
IN_TOTAL = _dimension(_TOTAL)
