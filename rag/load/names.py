"""Kinds of reports and the organisations that publish them, by the words that name them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

# First match wins, so narrower phrases come first. One label serves both languages.
_TYPES: tuple[tuple[str, str], ...] = (
    (
        "report of the secretary-general",
        r"report of the secretary-general|informe del secretario|rapport du secr[eé]taire g[eé]n[eé]ral",
    ),
    ("situation report", r"situation reports?|sit-?reps?|(?:informe|reporte)s? de situaci[oó]n|rapports? de situation"),
    ("end-year report", r"(?:end[- ]of[- ]year|year[- ]?end|end[- ]year) report|informe de fin de a[nñ]o"),
    ("mid-year report", r"mid[- ]?year report|informe de (?:medio|mitad de) a[nñ]o|informe semestral"),
    ("annual report", r"annual report|yearly report|(?:informe|memoria) anual|rapport annuel"),
    ("quarterly report", r"quarterly report|informe trimestral|rapport trimestriel"),
    ("monthly report", r"monthly (?:situation )?(?:report|update)|informe mensual|rapport mensuel"),
    ("weekly report", r"weekly (?:\w+ )?(?:report|update)|informe semanal|rapport hebdomadaire|bulletin hebdomadaire"),
    ("flash update", r"flash (?:update|report)|actualizaci[oó]n (?:flash|r[aá]pida)|informe flash"),
    ("appeal", r"(?:flash|emergency) appeal|llamamiento (?:urgente|de emergencia)"),
    ("needs overview", r"humanitarian needs (?:overview|and response plan)|panorama de (?:las )?necesidades"),
    ("response plan", r"response plan|plan de respuesta"),
    ("needs assessment", r"needs (?:assessment|analysis)|(?:evaluaci[oó]n|an[aá]lisis) de necesidades"),
    (
        "evaluation",
        r"(?:mid[- ]?term|final|impact) evaluation|evaluation report|evaluaci[oó]n final|rapport d.[eé]valuation",
    ),
    ("key figures", r"key figures|figures at a glance|cifras clave|chiffres cl[eé]s"),
    ("fact sheet", r"fact ?sheets?|hoja informativa|ficha (?:informativa|t[eé]cnica)|fiche d.information"),
    ("dashboard", r"dashboard|tablero"),
    ("operational update", r"(?:operational|operations|response|situation) update"),
    ("country brief", r"country (?:brief|profile|page)"),
    ("snapshot", r"snapshot"),
    ("field report", r"field report"),
    ("progress report", r"progress report|informe de (?:avance|progreso)"),
    ("bulletin", r"(?:humanitarian |epidemiological )?bulletin|bolet[ií]n"),
    ("newsletter", r"newsletter"),
    ("letter", r"(?:identical )?letters? dated|carta (?:de fecha|fechada)"),
    ("policy brief", r"policy brief"),
    ("update", r"update"),
)
_TYPE = tuple((label, re.compile(rf"\b(?:{words})(?!\w)", re.IGNORECASE)) for label, words in _TYPES)
_SECTION_TOO = frozenset({"key figures", "dashboard", "update"})  # headings inside other kinds of report as well

_PUBLISHERS: tuple[tuple[str, str], ...] = (
    (
        "OCHA",
        r"(?:UN)?OCHA|(?:united nations )?office for the coordination of humanitarian affairs|"
        r"oficina (?:de las naciones unidas )?(?:de|para la) coordinaci[oó]n de asuntos humanitarios|"
        r"bureau (?:des nations unies )?(?:de|pour) la coordination des affaires humanitaires",
    ),
    (
        "UNICEF",
        r"UNICEF|united nations children['’]s fund|fondo de las naciones unidas para la infancia|"
        r"fonds des nations unies pour l.enfance",
    ),
    (
        "UNHCR",
        r"UNHCR|ACNUR|HCR|(?:office of the )?united nations high commissioner for refugees|"
        r"alto comisionado de las naciones unidas para los refugiados|"
        r"haut[- ]commissariat des nations unies pour les r[eé]fugi[eé]s",
    ),
    (
        "WHO",
        r"WHO|OMS|world health organization|organizaci[oó]n mundial de la salud|organisation mondiale de la sant[eé]",
    ),
    ("PAHO", r"PAHO|OPS|pan american health organization|organizaci[oó]n panamericana de la salud"),
    (
        "IOM",
        r"IOM|OIM|international organization for migration|"
        r"organizaci[oó]n internacional para las migraciones|"
        r"organisation internationale pour les migrations",
    ),
    ("WFP", r"WFP|PMA|PAM|world food programme|programa mundial de alimentos|programme alimentaire mondial"),
    ("FAO", r"FAO|food and agriculture organization of the united nations"),
    ("UNDP", r"UNDP|PNUD|united nations development programme"),
    ("UNFPA", r"UNFPA|united nations population fund"),
    ("UNRWA", r"UNRWA"),
    ("UN Women", r"UN[- ]Women|ONU Mujeres"),
    ("OHCHR", r"OHCHR|ACNUDH|office of the (?:united nations )?high commissioner for human rights"),
    (
        "IFRC",
        r"IFRC|FICR|international federation of red cross and red crescent societies|"
        r"federaci[oó]n internacional de sociedades de la cruz roja y de la media luna roja",
    ),
    ("ICRC", r"ICRC|CICR|international committee of the red cross|comit[eé] internacional de la cruz roja"),
    (
        "R4V",
        r"R4V|(?:regional )?inter-?agency coordination platform for refugees and migrants|"
        r"plataforma de coordinaci[oó]n interagencial para refugiados y migrantes",
    ),
    ("Save the Children", r"save the children"),
    ("World Vision", r"world vision"),
    ("Médecins Sans Frontières", r"MSF|m[eé]decins sans fronti[eè]res|m[eé]dicos sin fronteras"),
    ("Norwegian Refugee Council", r"NRC|norwegian refugee council|consejo noruego para refugiados"),
    ("ACAPS", r"ACAPS"),
)
# Ministries, national institutes and societies, of which there are too many to list.
_INSTITUTION = re.compile(
    r"(?:(?:federal |republic of \w+ )?ministry of|minist[eè]re d|ministerio d|secretar[ií]a (?:de|nacional)|"
    r"institut national|instituto nacional|(?:direction|direcci[oó]n) (?:g[eé]n[eé]rale?|nacional|general)|"
    r"national (?:institute|agency|authority|(?:emergency|disaster|public health)(?: \w+){0,3}) ?|"
    r"centre d.op[eé]rations d.urgence|protecci[oó]n civil|unidad nacional|defensa civil|"
    r"(?:croix[- ]rouge|cruz roja|\w+ red (?:cross|crescent)(?: society)?)\b)(?!.*\d)(?!.*[.:;]$)",
    re.IGNORECASE,
)
_INSTITUTION_WORDS = 12
_NAMED_CHARS, _MIN_NAMED, _MIN_NAMED_SHARE = 3_000, 4, 0.75  # further down, partners are spoken of
_ORGANS = ("Security Council", "General Assembly", "Economic and Social Council", "Human Rights Council")
_NAMES = "|".join(f"(?P<p{number}>{words})" for number, (_, words) in enumerate(_PUBLISHERS))
# An acronym in lower case is another word ("who"); so the names' first letter must be a capital.
_ALONE = re.compile(rf"(?=[A-ZÓ])(?:{_NAMES})(?!\w)(?:[ ,–-]+[A-ZÁÉÍÓÚ]\w+){{0,2}}", re.IGNORECASE)
_NAMED = re.compile(rf"(?<![\w/-])(?=[A-ZÓ])(?:{_NAMES})(?!\w)", re.IGNORECASE)
_BY = re.compile(
    r"(?:prepared|produced|issued|published|compiled|elaborad[oa]|publicad[oa]|preparad[oa]|producid[oa]|"
    r"pr[eé]par[eé]e?|publi[eé]e?|produite?|[eé]labor[eé]e?)\s+"
    rf"(?:by|por|par)\s+(?:(?:the|el|la|le)\s+|l.)?(?=[A-ZÓ])(?:{_NAMES})(?!\w)",
    re.IGNORECASE,
)


def find_type(text: str, own_line: bool = False) -> str:
    """The kind of report that ``text`` names, ``""`` when none.

    With ``own_line``, ``text`` is a line from inside the report, where "Key figures" is only a
    section's heading.
    """
    for label, pattern in _TYPE:
        if pattern.search(text) and not (own_line and label in _SECTION_TOO):
            return label
    return ""


def type_spans(text: str) -> list[tuple[int, int]]:
    """Where ``text`` names kinds of report."""
    return [match.span() for _, pattern in _TYPE for match in pattern.finditer(text)]


def find_publisher(mastheads: Iterable[str], title: str, head: str) -> str:
    """The organisation that the front of a report names as its own, ``""`` when none is known.

    Looked for in this order: "prepared by …" in ``head``, a masthead line that is a name and
    nothing else, a name that opens the title, the United Nations with the organ addressed, a
    masthead line that names a ministry, a national institute or society.
    """
    lines = list(mastheads)
    for match in (_BY.search(head), *map(_ALONE.fullmatch, lines), _ALONE.match(title)):
        if match and _capital(match):
            return _PUBLISHERS[_group(match)][0]
    if any(line.startswith("United Nations") for line in lines):
        organs = list(dict.fromkeys(organ for line in lines for organ in _ORGANS if organ in line))
        return " ".join(["United Nations", " and ".join(organs[:2])]).strip()
    return next((line for line in lines if is_institution(line)), "")


def subject_of(text: str) -> str:
    """The one organisation that the front of a report keeps naming, ``""`` when none clearly leads.

    Reports that bear their publisher's name in a picture only speak of it all the time.
    """
    named = _NAMED.finditer(text[:_NAMED_CHARS])
    counts = Counter(_PUBLISHERS[_group(match)][0] for match in named if _capital(match))
    name, count = (counts.most_common(1) or [("", 0)])[0]
    return name if count >= max(_MIN_NAMED, _MIN_NAMED_SHARE * counts.total()) else ""


def _group(match: re.Match[str]) -> int:
    return next(number for number in range(len(_PUBLISHERS)) if match[f"p{number}"])


def _capital(match: re.Match[str]) -> bool:
    """Whether the name is written as one: acronyms in capitals, full names with a capital first."""
    name = match[f"p{_group(match)}"]
    return name.isupper() or (" " in name and name[0].isupper()) or name == _PUBLISHERS[_group(match)][0]


def is_institution(line: str) -> bool:
    """Whether a line is the name of a ministry, a national institute or society."""
    return len(line.split()) <= _INSTITUTION_WORDS and line[:1].isupper() and bool(_INSTITUTION.match(line))


def is_publisher(line: str) -> bool:
    """Whether a line is an organisation's name and nothing else."""
    match = _ALONE.fullmatch(line)
    is_name = match is not None and _capital(match) and not find_type(line)  # not "UNHCR FLASH UPDATE"
    return (
        is_name
        or line in _ORGANS
        or line in ("United Nations", "Naciones Unidas", "Nations Unies")
        or (is_institution(line) and not find_type(line))
    )
