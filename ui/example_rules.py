"""Rules that turn a sentence with a figure into the question that it answers, in English and in Spanish.

They are strict: a sentence that leaves any doubt makes no question. What a rule does not read whole, up to the
sentence's end, it does not take, as a question about half of a sentence asks for something else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

WORDS = (7, 20)  # that a question has, at least and at most

_NUMBER = (
    r"(?:(?i:a total of|some|about|around|approximately|more than|over|nearly|almost|at least|"
    r"un total de|unas|unos|más de|cerca de|casi|al menos|aproximadamente|alrededor de) )?"
    r"\d(?:[\d.,]*\d)?(?: million| millones de)?"
)
_TEXT = r"[^\W\d_](?:[^\W_]|[ '’-])*?"  # words only: what holds other signs is no plain sentence
_END = (
    r"(?: \([^()]*\))?(?:, (?:including|compared|mostly|mainly|especially|particularly|according|incluyendo|incluidos|"
    r"incluidas|principalmente|especialmente|sobre todo|frente a|según|[a-z]{3,}ing)\b.*|;.*)?\.?$"
)
_CONNECTIVES = (
    r"(?i:also|moreover|furthermore|additionally|in addition|overall|in total|as a result|similarly|likewise|finally|"
    r"además|asimismo|también|adicionalmente|en total|de igual forma|igualmente|finalmente|como resultado)"
)
_MONTHS = {
    "en": "january february march april may june july august september october november december",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre",
}
# Nothing in a question may point at what only its report's reader knows.
_POINTING = re.compile(
    r"\b(?:this|these|those|such|same|above|below|latter|former|said|previous|previously|last|next|currently|today|"
    r"here|they|them|it|he|she|we|our|whom|which|while|whereas|but|respectively|another|additional|remaining|"
    r"reporting period|the (?:same |course of the |whole )?(?:year|month|week|quarter|period|day)|"
    r"the (?:project|activity|activities|initiative|event|campaign|intervention|programme|program|session|sessions)"
    r"(?! (?:of|for|on|in))|the (?:country|region|area|city|camp|conflict|community|communities)(?! of)|"
    r"est[aeo]s?|es[aeo]s?|dich[ao]s?|mism[ao]s?|anterior(?:es)?|actual(?:mente)?|hoy|aquí|ell[ao]s|mientras|cuales|"
    r"pero|respectivamente|otr[ao]s|adicionales|restantes|(?:el|del) (?:año|mes|per[ií]odo|trimestre|semestre|día)|"
    r"la semana|el (?:proyecto|evento|programa)|la (?:actividad|iniciativa|campaña|jornada))\b(?! de\b)",
    re.IGNORECASE,
)
_CUT = re.compile(r"\b(?:the|an?|of|in|to|for|with|by|from|on|and|or|as|de|del|la|el|los|las|en|a|con|por|para|y|o|e)$")
_RELATIVE = re.compile(r"\b(?:who|that|where|whose|que|quienes|cuyos|cuyas|donde)\b", re.IGNORECASE)
_VERBS = {
    "en": re.compile(
        r"\b(?:were|was|are|is|have|has|had|remain|remained|lack|live|need|participated|benefited|benefitted|joined|"
        r"arrived|returned|died|fled|took part|applied|(?:received|attended)(?! by))\b"
    ),
    "es": re.compile(
        r"\b(?:fue|fueron|es|son|está|están|ha|han|tiene|tienen|vive|viven|necesita|necesitan|requiere|requieren|"
        r"cuenta|cuentan|carece|carecen|permanece|permanecen|participa|participan|[a-záéíóúñ]{3,}(?:aron|ieron))\b"
    ),
}
_DEEDS = {
    "reached": "reach",
    "assisted": "assist",
    "supported": "support",
    "trained": "train",
    "distributed": "distribute",
    "provided": "provide",
    "received": "receive",
    "conducted": "conduct",
    "organized": "organize",
    "organised": "organise",
    "delivered": "deliver",
    "installed": "install",
    "vaccinated": "vaccinate",
}
_DEEDS_ES = (
    r"han? [a-z]{2,}[ai]do|afectaron|beneficiaron|alcanzaron|distribuyeron|atendieron|capacitaron|asistieron|"
    r"entregaron|realizaron|apoyaron|organizaron|vacunaron"
)
_PLURAL = re.compile(r"^(?:people|children|women|men|personnel|staff|teachers|[a-z-]{2,}[^s\W\d]s)$", re.IGNORECASE)
_PREPOSITION = re.compile(r" (?:of|in|on|to|for|from|with|at|by|across|under|de|del|en|con|por|para)(?= )")
_NO_SUBJECT = re.compile(
    r"\b(?:[A-Za-z]+(?:ing|ly|ed)|also|have|has|had|be|been|were|was|are|is|that|which|who|when|while|if|because|there|"
    r"then|only|each|[Tt]otal|[Ss]ome|[Mm]ore|[Oo]ver|[Dd]uring|[Aa]fter|[Bb]efore|[Uu]nder|[Tt]hrough|[Ww]ith|[Ff]or|"
    r"[Tt]o|[Aa]s|[Bb]y|[Ff]rom|[Ii]n|[Oo]n|[Aa]t|también|se|que|han|no|durante|además|así|cuando|con|para|por|en|En|"
    r"Con|Para|Por|Durante|Se|Que|Cuando)\b"
)
# Spanish nouns by gender; those that neither fits make no question.
_FEMININE = re.compile(
    r"^(?:mujeres|madres|redes|sedes|víctimas|camas|firmas|normas|plataformas|[a-záéíóúñ]*(?:[^m]as|ciones|siones|dades))$"
)
_MASCULINE = re.compile(
    r"^(?:hombres|jóvenes|docentes|hogares|días|mapas|planes|talleres|albergues|programas|problemas|sistemas|"
    r"[a-záéíóúñ]*(?:[^n]os|[aeiou]ntes|adores|edores|idores))$"
)
_NEITHER = frozenset({"fuentes", "corrientes", "guías", "policías", "poetas", "colegas"})


@dataclass(frozen=True, slots=True)
class _Rule:
    """How a question is made of a sentence that ``pattern`` matches: ``write`` gives None where it is no good one."""

    pattern: re.Pattern[str]
    write: Callable[[re.Match[str], str], str | None]


def questions(sentence: str, language: str) -> Iterator[str]:
    """The question that a sentence (on one line) answers with a figure; none where no rule fits, or in doubt."""
    if language not in _VERBS:
        return
    lead, rest = _led(sentence, language)
    if rest is None:
        return
    for rule in _RULES[language]:
        match = rule.pattern.match(rest)
        asked = rule.write(match, language) if match else None
        if asked is None or re.search(r"\d", asked) or _POINTING.search(asked) or _CUT.search(asked):
            continue
        opened, closed = ("¿", "?") if language == "es" else ("", "?")
        question = f"{opened}{asked[0].upper()}{asked[1:]}{f' {lead}' if lead else ''}{closed}"
        if WORDS[0] <= len(question.split()) <= WORDS[1]:
            yield question
            return


def _led(sentence: str, language: str) -> tuple[str, str | None]:
    """What a sentence says first of place or time, as it stands at a question's end, and the rest.

    The rest is None where the sentence begins with something else, that may change what its figure means.
    """
    sentence = re.sub(f"^{_CONNECTIVES},? ", "", sentence)
    head, comma, rest = sentence.partition(", ")
    if not comma or re.search(r"^\d|^(?:Some|About|Over|Más|Unas|Unos|A total|Un total|El \d)", head):
        return "", sentence
    opening = {
        "en": r"(?:In|Across|Throughout|Between|During|Since|By|As of)",
        "es": r"(?:En|Entre|Durante|Desde|A|Hasta)",
    }[language]
    small = {
        "en": r"the|of|and|regions?|states?|province|department|district|city|first|second|half|quarter|early|late",
        "es": r"el|la|los|las|de|del|y|e|departamento|municipio|provincia|región|estado|ciudad|primer|segundo|semestre",
    }[language]
    months = _MONTHS[language].replace(" ", "|")
    known = rf"[A-ZÁÉÍÓÚÑ][^\W\d_]+(?:-[^\W\d_]+)*|(?:19|20)\d\d|{months}"
    fits = re.fullmatch(rf"{opening}(?: (?:{small}|{known}))+", head) and re.search(rf" (?:{known})$", head)
    if fits:
        return head[0].lower() + head[1:], rest
    return "", sentence if re.match(rf"{_SUBJECT_START}[^,]*\d", head) else None


_SUBJECT_START = r"(?!(?:Of|Among|Out|De|Entre)\b)[A-ZÁÉÍÓÚ]"


def _counted(match: re.Match[str], language: str) -> str | None:
    """Of "300 families were given tents": how many families were given tents."""
    counted = _subject(match["rest"], language)
    how = _how_many(counted, language) if counted else None
    return how and f"{how} {match['rest']}"


def _share(match: re.Match[str], language: str) -> str | None:
    """Of "26% of the families have no water": what percentage of the families have no water."""
    what = "qué porcentaje de" if language == "es" else "what percentage of"
    return f"{what}{'l' if match['contracted'] else ''} {match['rest']}" if _subject(match["rest"], language) else None


def _did(match: re.Match[str], language: str) -> str | None:
    """Of "Partners trained 85 teachers in Lima": how many teachers did partners train in Lima."""
    who, noun, rest = _lower(match["who"]), match["noun"], match["rest"] or ""
    how = _how_many(noun, language)
    if how is None or _NO_SUBJECT.search(match["who"]) or _RELATIVE.search(noun) or len(who.split()) > 6:
        return None
    if language == "es":
        return f"{'a ' if match['to'] else ''}{how} {noun} {match['verb']} {who}{rest}"
    has, _, deed = match["verb"].rpartition(" ")
    return f"{how} {noun} {has} {who} {deed}{rest}" if has else f"{how} {noun} did {who} {_DEEDS[deed]}{rest}"


def _subject(rest: str, language: str) -> str | None:
    """What stands before the verb; None without a plain one."""
    verb = _VERBS[language].search(rest)
    subject = rest[: verb.start()].strip() if verb else ""
    if language == "es":
        subject = re.sub(r" (?:no|se|ya|no se)$", "", subject)
    return None if not subject or _RELATIVE.search(subject) else subject


def _how_many(counted: str, language: str) -> str | None:
    """The words "how many" for what is counted, a noun in the plural first of all; None in doubt."""
    head = _PREPOSITION.split(f" {counted} ", maxsplit=1)[0].split()
    if not head:
        return None
    if language == "en":
        behind = next((number for number, word in enumerate(head) if number and word.endswith("ed")), len(head))
        nouns = [word for word in head[:behind] if "-" not in word]  # not "in-transit", not "related to"
        return "how many" if nouns and _PLURAL.fullmatch(nouns[-1]) else None
    noun = head[0].lower()
    if noun in _NEITHER:
        return None
    return "cuántas" if _FEMININE.fullmatch(noun) else "cuántos" if _MASCULINE.fullmatch(noun) else None


def _lower(subject: str) -> str:
    """A subject as it stands inside a sentence: articles and common openings lose their capital."""
    first, _, rest = subject.partition(" ")
    plain = first.lower() in {"the", "partners", "los", "las", "el", "la", "organizations", "socios"}
    return f"{first.lower() if plain else first} {rest}".strip()


_COUNTED = _Rule(re.compile(rf"{_NUMBER} (?P<rest>(?-i:[a-záéíóúñ]){_TEXT}){_END}"), _counted)
_SHARE = _Rule(
    re.compile(
        rf"(?:{_NUMBER}|(?:El|Un) \d[\d.,]*) ?(?:%|per cent|percent|por ciento) "
        rf"(?:of|de(?P<contracted>l)?) (?P<rest>{_TEXT}){_END}"
    ),
    _share,
)


def _deeds(verbs: str, prepositions: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?P<who>{_TEXT}) (?P<verb>{verbs})(?P<to> a)? (?i:{_NUMBER}) (?P<noun>{_TEXT})"
        rf"(?P<rest> (?:{prepositions}) {_TEXT})?{_END}"
    )


_RULES = {
    "en": (
        _SHARE,
        _COUNTED,
        _Rule(_deeds(rf"(?:ha(?:s|ve) )?(?:{'|'.join(_DEEDS)})", "in|to|for|with|on|from|across"), _did),
    ),
    "es": (_SHARE, _COUNTED, _Rule(_deeds(_DEEDS_ES, "en|a|para|con|sobre"), _did)),
}
