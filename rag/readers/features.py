"""How well one unit of a passage answers a question, as a few numbers between 0 and 1."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import takewhile

import numpy as np

from rag.dates import find_dates
from rag.facts import CURRENCIES, Quantity, countries, names, quantities
from rag.matching import PassageView, UnitView, share
from rag.periods import ELSEWHEN, UNDATED, period_match
from rag.question import Question, Want
from rag.readers.closely import Closely
from rag.schema import Unit, UnitKind
from rag.text import fold, is_stop, stem, stems_in_all, words

NOT_READ = Closely()
_TIMES = frozenset({"minute", "hour", "day", "week", "month", "year"})

_REACH = 80  # characters beside a figure in which the thing counted is named ...
_NEXT = 4  # ... and words behind it among which people are
_MARK = re.compile(r"[,.;:()]")
# What follows "cuántas personas" may be the verb, which tells no kind of people: "lograron entrar", "alcanzadas".
_VERB = re.compile(r"(?:[ai]e?ron|aban|ian|[aei]r|(?<!refugi)[ai]d[oa]s?)$")
# Any of these may stand for people who are counted, and so may "98,000 received ...".
PEOPLE = frozenset(
    stem(fold(word), language)
    for language, listed in {
        "en": """adolescents adults asylum beneficiaries boys children citizens families girls households individuals
            inhabitants members men migrants nationals participants patients people persons refugees returnees staff
            students survivors teachers venezuelans victims volunteers women workers youth""",
        "es": """adolescentes adultos beneficiarios ciudadanos estudiantes familias habitantes hogares hombres
            individuos integrantes migrantes miembros mujeres ninas ninos pacientes participantes personas
            refugiados solicitantes trabajadores venezolanos victimas voluntarios""",
    }.items()
    for word in listed.split()
)
ANYONE = frozenset(
    stem(word, language)
    for language, listed in {
        "en": "people persons individuals refugees migrants beneficiaries",
        "es": "personas gente individuos refugiados migrantes beneficiarios",
    }.items()
    for word in listed.split()
)
_PARTICIPLE = re.compile(r"\s*(?:\w+\s+)?(?:\w{3,}ed|received|given|\w{3,}(?:ad|id)[oa]s|recibieron)\b")
_CURRENCY = re.compile(r"\$|\b(?:usd|dollars?|dolares|soles|euros?|budget|funding|presupuesto)\b|€")
_CAUSE = re.compile(
    r"\b(?:because|due to|owing to|as a result|result(?:ed|ing)? (?:in|from|of)|caused?|led to|leading to|in response"
    r"|in order to|delayed by|driven by|thanks to|therefore|so that|contributed|debido|porque|a causa|por lo que"
    r"|gracias a|a raiz|en respuesta|con el fin|para que|dado que|contribuy)",
)


@dataclass(frozen=True, slots=True)
class Features:
    """Evidence that a unit answers.

    ``held``: share of the question's content that the unit holds, weighted by rarity.
    ``precision`` and ``similarity``: see ``UnitView``. ``kind``: share of the kinds of thing asked
    for that are there, 0.5 when no kind is asked for. ``rank``: 1/rank of its passage.
    ``period``: see ``period_match``; ``same_time`` is 0 when a time is asked for and the unit names another, or
    nothing dates it, else 1. ``same_country`` is 0 when unit and question name countries, but none in common,
    else 1. ``place``, ``best`` and ``part``: see ``Closely``, 0 without a cross-encoder.
    """

    held: float
    precision: float
    similarity: float
    kind: float
    rank: float
    period: float
    same_time: float = 1.0
    same_country: float = 1.0
    place: float = 0.0
    best: float = 0.0
    part: float = 0.0


def features_of(
    question: Question, view: PassageView, unit: UnitView, weights: np.ndarray, read: Closely = NOT_READ
) -> Features:
    """Features of a unit of ``view``; ``weights`` as from ``term_weights``, ``read`` as from ``read_closely``."""
    period = period_match(question.periods, unit.text, view.passage)
    asked, named = countries(question.text), countries(f"{unit.text} {unit.unit.title}")
    return Features(
        held=share(unit.held, weights),
        precision=unit.precision,
        similarity=unit.similarity,
        kind=_kind(question, unit),
        rank=1.0 / view.passage.rank,
        period=period,
        same_time=float(period not in (ELSEWHEN, UNDATED)),
        same_country=float(not asked or not named or bool(asked & named)),
        place=read.place,
        best=read.best,
        part=read.part,
    )


def _kind(question: Question, unit: UnitView) -> float:
    """Share of the kinds of thing asked for that a unit holds."""
    text = unit.text
    wants = question.wants - {Want.LIST}
    if Want.DEFINITION in wants:
        return float(defines(question.defined, text))
    if not wants:
        return 0.5
    hits = []
    figures = wants & {Want.COUNT, Want.MONEY, Want.PERCENT, Want.DURATION}
    if figures:
        found = [q for q in quantities(text) if q.value not in question.figures and _fits(q, figures, unit.unit)]
        hits.append(max((_counts(question, unit, q) for q in found), default=0.0))
    if Want.DATE in wants:
        hits.append(bool(find_dates(text)))
    if wants & {Want.WHO, Want.PLACE}:
        hits.append(any(not set(name.words) <= question.name_words for name in names(text)))
    if Want.REASON in wants:
        hits.append(gives_reason(fold(text)))
    return sum(hits) / len(hits)


def gives_reason(folded: str) -> bool:
    """Whether a folded text says of something why it is or was done."""
    return _CAUSE.search(folded) is not None


def answering(question: Question, unit: UnitView) -> list[Quantity]:
    """The figures of a unit that may be the one asked for, in text order; any, where no kind is asked for."""
    figures = question.wants & {Want.COUNT, Want.MONEY, Want.PERCENT, Want.DURATION}
    found = [q for q in quantities(unit.text) if q.value not in question.figures and q.unit != "ordinal"]
    if figures:
        found = [q for q in found if _fits(q, figures, unit.unit)]
    return [q for q in found if _counts(question, unit, q)]


def _counts(question: Question, unit: UnitView, quantity: Quantity) -> float:
    """1 when a figure may count what is asked for, else 0: something else stands beside it.

    In a row the label and its title say what is counted. Where people in general are counted, any
    people will do; where women are, men will not.
    """
    if not question.counted or quantity.unit:
        return 1.0
    counted = [term.stems for term in question.terms if term.word in question.counted]
    wanted = frozenset().union(*counted)
    if unit.unit.kind is UnitKind.ROW:
        return float(bool(wanted & (ANYONE | _label(unit))))
    before, after = unit.text[max(0, quantity.start - _REACH) : quantity.start], unit.text[quantity.end :]
    if wanted & stems_in_all(before + " " + after[:_REACH]):
        return 1.0
    if not wanted & ANYONE:
        return 0.0
    following = " ".join(match.group() for match, _ in zip(words(after[:_REACH]), range(_NEXT), strict=False))
    return float(bool(PEOPLE & stems_in_all(following) or _PARTICIPLE.match(fold(after[:_REACH]))))


def counts_others(question: Question, unit: UnitView) -> bool:
    """Whether people in general are all that a unit counts, where certain people are asked about: "indigenous people".

    Which people they are must stand next to the figure, or in the label or heads of its row. Peoples are left to the
    check of names: a report on Sudan need not say at each figure that it counts Sudanese.
    """
    said = list(takewhile(lambda word: not _VERB.search(word), question.counted))
    counted = [term for term in question.terms if term.word in said and term.word not in question.name_words]
    some = [term.stems for term in counted if not term.stems & ANYONE and term.word not in _TIMES]
    if not some or not any(term.stems & ANYONE for term in counted):
        return False
    certain = frozenset().union(*some)
    if unit.unit.kind is UnitKind.ROW:
        return not certain & _label(unit)
    text = unit.text
    phrases = [_phrase(text[: one.start], text[one.end :]) for one in answering(question, unit) if not one.unit]
    return bool(phrases) and not any(certain & stems_in_all(phrase) for phrase in phrases)


def _label(unit: UnitView) -> frozenset[str]:
    return frozenset(stems_in_all(" ".join((unit.text, unit.unit.title, *unit.unit.heads))))


def _phrase(before: str, after: str) -> str:
    """The words next to a figure, up to a mark on either side."""
    following = _MARK.split(after, maxsplit=1)[0].split()[:_NEXT]
    return " ".join([*_MARK.split(before)[-1].split()[-_NEXT:], *following])


def _fits(quantity: Quantity, wants: frozenset[Want] | set[Want], unit: Unit) -> bool:
    """Whether a figure's unit is one asked for; in a table the heads or title may name the currency."""
    if quantity.unit == "percent":
        return Want.PERCENT in wants
    if quantity.unit in CURRENCIES:
        return Want.MONEY in wants
    if quantity.unit in _TIMES:
        return Want.DURATION in wants
    in_money = Want.MONEY in wants and _CURRENCY.search(fold(" ".join((unit.title, *unit.heads))))
    return Want.COUNT in wants or bool(in_money)


def defines(term: str, text: str) -> bool:
    """Whether ``text`` spells out the acronym or name ``term`` (folded).

    "Long Name (TERM)", "Long Name (TERM for its acronym …)", "TERM (Long Name)", "TERM stands for …", and, as in a
    list of abbreviations, "TERM: Long Name" where the words begin with its letters.
    """
    folded = fold(text)
    word = re.escape(term)
    if re.search(
        rf"\b{word}\b,? (?:stands? for|means|is (?:the|an?) |are the |refers to|significa|es (?:el|la|un) )",
        folded,
    ):
        return True
    if re.search(rf"\b{word} ?\([a-z]+(?: [a-z&/-]+){{2,}}", folded):
        return True
    listed = re.search(rf"\b{word} ?[:=–-] ?([^.:;|()]+)", folded)
    spelled = (name.group() for name in words(listed[1])) if listed else ()
    if "".join(name[0] for name in spelled if not is_stop(name)).startswith(term):
        return True
    match = re.search(rf"([^().;]*)\(\s*{word}\b", folded)
    return bool(match) and len(re.findall(r"\w{3,}", match[1])) >= 2
