"""How dates are written, as regular expressions; all run in linear time."""

from __future__ import annotations

import re

_NAMES = (
    "january enero,february febrero,march marzo,april abril,may mayo,june junio,july julio,august agosto,"
    "september septiembre setiembre,october octubre,november noviembre,december diciembre"
)
_SHORT = "jan ene,feb,mar,apr abr,,jun,jul,aug ago,sep sept,oct,nov,dec dic"
FULL = {name: number for number, names in enumerate(_NAMES.split(","), 1) for name in names.split()}
_ABBREVIATED = {name: number for number, names in enumerate(_SHORT.split(","), 1) for name in names.split()}
MONTHS = FULL | _ABBREVIATED
# As people write them in running text, January first; whatever the machine's locale.
MONTH_NAMES = {
    "en": tuple(names.split()[0].capitalize() for names in _NAMES.split(",")),
    "es": tuple(names.split()[1] for names in _NAMES.split(",")),
}
_MONTH_WORD = "|".join(sorted(MONTHS, key=len, reverse=True))
MONTH = rf"(?:{_MONTH_WORD})\b(?:\.(?=\s+\d))?"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th|ro|\.?º)?"
_YEAR = r"(?:19|20)\d\d(?!\d|[.,]\d)"
_GAP = r"[\s]{1,6}"  # white space, or markup that was blanked
_OF = rf"(?:{_GAP}(?:of{_GAP}|del?{_GAP}(?:a[nñ]o{_GAP})?)?)"
DASH = r"\s{0,4}[-–—]\s{0,4}"
ORDINAL = {
    "first": 1, "1st": 1, "primer": 1, "second": 2, "2nd": 2, "segundo": 2, "third": 3, "3rd": 3, "tercer": 3,
    "fourth": 4, "4th": 4, "cuarto": 4, "last": 0, "ultimo": 0,
}  # fmt: skip
NUMBER = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9, "diez": 10, "once": 11,
}  # fmt: skip
VAGUE = {
    "early": 0, "beginning": 0, "start": 0, "principios": 0, "inicios": 0, "comienzos": 0,
    "mid": 1, "middle": 1, "mediados": 1, "late": 2, "end": 2, "fines": 2, "finales": 2,
}  # fmt: skip

ATOM = re.compile(
    rf"""(?<![\w/])(?<!\d[-.,])(?:
      (?P<iso>(?P<iy>{_YEAR})-(?P<im>0[1-9]|1[0-2])-(?P<id>0[1-9]|[12]\d|3[01]))(?![\w/-]*\d)
    | (?P<iso_month>(?P<my0>{_YEAR})-(?P<mm0>0[1-9]|1[0-2]))(?![\w/-]*\d)
    | (?P<num>(?P<na>\d\d?)(?P<sep>[/.-])(?P<nb>\d\d?)(?P=sep)(?P<ny>(?:19|20)?\d\d))(?![\w/-])
    | (?P<part>(?P<po>{"|".join(ORDINAL)}|último){_GAP}(?P<pk>quarter|half|trimestre|semestre)\b
        (?:{_OF}(?P<py>{_YEAR}))?)
    | (?P<span>(?:(?:the|los){_GAP})?
        (?:(?P<ko>first|last|primeros|[uú]ltimos){_GAP}(?P<kn>{"|".join(NUMBER)}|[2-9]|1[01])
        |(?P<kn2>{"|".join(NUMBER)}){_GAP}(?P<ko2>primeros|[uú]ltimos)){_GAP}(?:months|meses){_OF}(?P<ky>{_YEAR}))
    | (?P<code>(?P<ck>[QH])(?P<co>[1-4])[\s-]{{0,2}}(?P<cy>{_YEAR}))\b
    | (?P<days>(?P<da>{_DAY})(?:{DASH}|{_GAP}(?:to|and|through|until|al?|y|hasta){_GAP}(?:el{_GAP})?)
        (?P<db>{_DAY}){_OF}(?P<dm>{MONTH})(?:(?:,{_GAP}|{_OF})(?P<dy>{_YEAR}))?)
    | (?P<day>(?P<sd>{_DAY}){_OF}(?P<sm>{MONTH})(?:(?:,{_GAP}|{_OF})(?P<sy>{_YEAR}))?)
    | (?P<us>(?P<um>{MONTH}){_GAP}(?P<ud>{_DAY})(?![\w%]|[.,/-]\d)(?:,?{_GAP}(?P<uy>{_YEAR}))?)
    | (?P<month>(?:(?P<mv>{"|".join(VAGUE)})(?:[-–]|{_OF}))?(?P<mm>{MONTH})
        (?:(?:,?{_GAP}(?:of{_GAP}|del?{_GAP}(?:a[nñ]o{_GAP})?)?|-)(?P<my>{_YEAR}))?)
    | (?P<years>(?P<ya>{_YEAR})(?:{DASH}|/)(?P<yb>{_YEAR}|\d\d(?![\w.,]\d|\w)))(?![-/]\d)
    | (?P<year>(?:(?P<yv>{"|".join(VAGUE)})(?:[-–]|{_OF}(?:the{_GAP})?))?(?P<y>{_YEAR}))(?![-/]\d|\w)
    )""",
    re.IGNORECASE | re.VERBOSE,
)
# "Jan/Feb": as good as a dash.
SLASHED = re.compile(rf"\b({_MONTH_WORD})/(?={MONTH})", re.IGNORECASE)
RANGE = re.compile(rf"{DASH}|{_GAP}(?:to|through|until|till|al?|hasta){_GAP}(?:(?:the|el){_GAP})?", re.IGNORECASE)
AND = re.compile(rf"{_GAP}(?:and|y|&){_GAP}", re.IGNORECASE)
LIST = re.compile(rf",{_GAP}|{_GAP}(?:and|y|or|o|&){_GAP}", re.IGNORECASE)
BETWEEN = re.compile(r"\b(?:between|entre)(?:\s+el)?\s+$", re.IGNORECASE)
# Before a bare month that is also another word ("May", "March"), or before a number that is a year.
TEMPORAL = re.compile(
    r"\b(?:in|since|during|until|till|by|of|from|to|through|before|after|between|and|or|last|this|next|for|"
    r"as of|end|early|mid|late|desde|en|hasta|durante|de|del|entre|y|a|al|para|año|year)[\s(-]+$",
    re.IGNORECASE,
)
QUANTIFIER = re.compile(
    r"(?:[$€£#]|\b(?:some|over|than|nearly|almost|about|around|approximately|roughly|unos|unas|casi|total|another|no\.?|"
    r"additional|further|USD|PEN|US|S/\.?|EUR|de(?=\s+\d{4}\s+(?:personas|niñ|fam))))[\s\\]*$",
    re.IGNORECASE,
)
# The cell before in a row of figures.
CELL = re.compile(r"(?:^|[^\d.,])(?!(?:19|20)\d\d[ \t])[\d.,]*\d ?[KM%]?[ \t]+$")
COUNTED = re.compile(
    r"\s*(?:%|[KMB]\b|°)|\s+(?:per\s?cent|percent|por\s+ciento|thousand|million|millones|mil|billion|"
    r"k[mg]s?|USD|PEN|EUR|dollars?|soles|euros?|d[oó]lares)\b",
    re.IGNORECASE,
)
# Nouns that are counted, never named after a year; "in 2019 refugees …" is still a year.
NOUN = re.compile(
    r"\s+(?:[a-z-]+\s+)?(?:persons?|people|individuals|children|girls|boys|women|men|adolescents|refugees|migrants|famil"
    r"ies|households|students|pupils|teachers|workers|volunteers|officials|cases|kits|items|rations|meals|participants|"
    r"beneficiaries|survivors|victims|patients|schools|centres|centers|fairs|sessions|workshops|applications|days|hours|"
    r"personas|niñ[oa]s|mujeres|hombres|familias|hogares|casos|estudiantes|docentes|refugiad[oa]s|migrantes|solicitudes)\b"
)

_MARKUP = re.compile(
    r"\]\([^()\s]*\)|(?:https?://|www\.)[^\s<>\"]+|[*`]+|\\(?=[^\w\s])|\[(?=[^\[\]]{0,400}\]\()|(?<!\w)_+|_+(?!\w)",
)


def blank_markup(text: str) -> str:
    """``text`` with Markdown marks, link targets and URLs replaced by as many spaces."""
    return _MARKUP.sub(lambda match: " " * len(match.group()), text)
