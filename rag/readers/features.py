"""How well one unit of a passage answers a question, as a few numbers between 0 and 1."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from rag.dates import find_dates
from rag.facts import CURRENCIES, Quantity, names, quantities
from rag.matching import PassageView, UnitView, share
from rag.periods import period_match
from rag.question import Question, Want
from rag.schema import UnitKind
from rag.text import fold

_TIMES = frozenset({"minute", "hour", "day", "week", "month", "year"})

_CAUSE = re.compile(
    r"\b(?:because|due to|owing to|as a result|result(?:ed|ing)? (?:in|from|of)|caused?|led to|leading to|given|in response"
    r"|in order to|since|following|driven by|thanks to|therefore|so that|contributed|debido|porque|a causa|por lo que|gracias a"
    r"|a raiz|en respuesta|con el fin|para que|dado que|contribuy)",
)


@dataclass(frozen=True, slots=True)
class Features:
    """Evidence that a unit answers.

    ``held``: share of the question's content that the unit holds, weighted by rarity.
    ``precision`` and ``similarity``: see ``UnitView``. ``label``: 1 for a row all of whose label is
    asked for. ``kind``: share of the kinds of thing asked
    for that are there, 0.5 when no kind is asked for. ``rank``: 1/rank of its passage.
    ``period``: see ``period_match``.
    """

    held: float
    precision: float
    similarity: float
    label: float
    kind: float
    rank: float
    period: float


def features_of(question: Question, view: PassageView, unit: UnitView, weights: np.ndarray) -> Features:
    """Features of a unit of ``view``; ``weights`` as from ``term_weights``."""
    return Features(
        held=share(unit.held, weights),
        precision=unit.precision,
        similarity=unit.similarity,
        label=float(unit.unit.kind is UnitKind.ROW and unit.precision == 1.0),
        kind=_kind(question, unit.text),
        rank=1.0 / view.passage.rank,
        period=period_match(question.periods, unit.text, view.passage),
    )


def _kind(question: Question, text: str) -> float:
    """Share of the kinds of thing asked for that ``text`` holds."""
    wants = question.wants - {Want.LIST}
    if Want.DEFINITION in wants:
        return float(defines(question.defined, text))
    if not wants:
        return 0.5
    hits = []
    figures = wants & {Want.COUNT, Want.MONEY, Want.PERCENT, Want.DURATION}
    if figures:
        given = {quantity.value for quantity in quantities(question.text)}
        hits.append(any(q.value not in given and _fits(q, figures) for q in quantities(text)))
    if Want.DATE in wants:
        hits.append(bool(find_dates(text)))
    if wants & {Want.WHO, Want.PLACE}:
        hits.append(any(not set(name.words) <= question.name_words for name in names(text)))
    if Want.REASON in wants:
        hits.append(bool(_CAUSE.search(fold(text))))
    return sum(hits) / len(hits)


def _fits(quantity: Quantity, wants: frozenset[Want] | set[Want]) -> bool:
    if quantity.unit == "percent":
        return Want.PERCENT in wants
    if quantity.unit in CURRENCIES:
        return Want.MONEY in wants
    if quantity.unit in _TIMES:
        return Want.DURATION in wants
    return bool(wants & {Want.COUNT, Want.MONEY})


def defines(term: str, text: str) -> bool:
    """Whether ``text`` spells out the acronym or name ``term`` (folded).

    "Long Name (TERM)", "Long Name (TERM for its acronym …)", "TERM (Long Name)", "TERM stands for …".
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
    match = re.search(rf"([^().;]*)\(\s*{word}\b", folded)
    return bool(match) and len(re.findall(r"\w{3,}", match[1])) >= 2
