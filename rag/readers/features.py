"""How well one unit of a passage answers a question, as a few numbers between 0 and 1."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from rag.dates import find_dates
from rag.facts import CURRENCIES, Quantity, names, quantities
from rag.periods import period_match
from rag.question import Question, Want
from rag.matching import HEADING, PassageView, UnitView, matches, share
from rag.text import fold

_TIMES = frozenset({"minute", "hour", "day", "week", "month", "year"})
_REACH_WORDS = 12.0  # how fast a word's claim on a figure fades with its distance

_CAUSE = re.compile(
    r"\b(?:because|due to|owing to|as a result|result(?:ed|ing)? (?:in|from|of)|caused?|led to|leading to|given|in response"
    r"|in order to|since|following|driven by|thanks to|therefore|so that|contributed|debido|porque|a causa|por lo que|gracias a"
    r"|a raiz|en respuesta|con el fin|para que|dado que|contribuy)",
)


@dataclass(frozen=True, slots=True)
class Features:
    """Evidence that a unit answers.

    ``coverage``: share of the question's content found in or around the unit, weighted by rarity.
    ``inside``: the same, in the unit alone. ``similarity``: cosine of question and unit.
    ``kind``: whether the kind of thing asked for is there, 1, 0, or 0.5 when no kind is asked for.
    ``near``: how close the asked-for figure stands to the question's words. ``rank``: 1/rank of
    its passage. ``period``: 1 when the period asked for is stated, 0.5 when none is asked for.
    """

    coverage: float
    inside: float
    similarity: float
    kind: float
    near: float
    rank: float
    period: float

    def values(self) -> np.ndarray:
        """As a vector, in the order of the fields."""
        return np.array(
            [self.coverage, self.inside, self.similarity, self.kind, self.near, self.rank, self.period]
        )


def features_of(question: Question, view: PassageView, number: int, weights: np.ndarray, asked: np.ndarray) -> Features:
    """Features of unit ``number`` of a passage. ``asked`` is the question's vector, a unit vector."""
    unit = view.units[number]
    inside, everywhere = matches(view, number)
    kind, near = _kind(question, view, unit, weights)
    return Features(
        coverage=share(everywhere, weights),
        inside=share(inside, weights),
        similarity=view.similarity(asked, unit),
        kind=kind,
        near=near,
        rank=1.0 / view.passage.rank,
        period=period_match(question.periods, unit.text, view.passage),
    )


def _kind(question: Question, view: PassageView, unit: UnitView, weights: np.ndarray) -> tuple[float, float]:
    """Whether the unit holds what is asked for, and how near the question's words it stands."""
    wants = question.wants - {Want.LIST}
    if Want.DEFINITION in wants:
        return (1.0, 1.0) if defines(question.defined, unit.text) else (0.0, 0.0)
    if not wants:
        return 0.5, 0.5
    hits, near = [], []
    figures = wants & {Want.COUNT, Want.MONEY, Want.PERCENT, Want.DURATION}
    if figures:
        found = [q for q in quantities(unit.text) if not _is_asked(q, question) and _fits(q, figures)]
        hits.append(bool(found))
        near += [_nearness(view, unit, quantity, weights) for quantity in found]
    if Want.DATE in wants:
        hits.append(bool(find_dates(unit.text)))
    if wants & {Want.WHO, Want.PLACE}:
        hits.append(any(not set(name.words) <= question.names for name in names(unit.text)))
    if Want.REASON in wants:
        hits.append(bool(_CAUSE.search(fold(unit.text))))
    return sum(hits) / len(hits), max(near, default=0.5 if not figures else 0.0)


def _is_asked(quantity: Quantity, question: Question) -> bool:
    return any(other.value == quantity.value for other in quantities(question.text))


def _fits(quantity: Quantity, wants: frozenset[Want] | set[Want]) -> bool:
    if quantity.unit == "percent":
        return Want.PERCENT in wants
    if quantity.unit in CURRENCIES:
        return Want.MONEY in wants
    if quantity.unit in _TIMES:
        return Want.DURATION in wants
    return bool(wants & {Want.COUNT, Want.MONEY})


def _nearness(view: PassageView, unit: UnitView, quantity: Quantity, weights: np.ndarray) -> float:
    """Weighted share of the terms that match close to a figure, headings counting as close."""
    if unit.first == unit.last:
        return 0.0
    offset = view.words[unit.first][0] + quantity.start
    starts = np.array([start for start, _ in view.words[unit.first : unit.last]])
    position = int(np.searchsorted(starts, offset))
    fading = np.exp(-np.abs(np.arange(len(starts)) - position) / _REACH_WORDS)
    close = (view.match[:, unit.first : unit.last] * fading).max(axis=1)
    close = np.maximum(close, view.around * HEADING)
    return share(close, weights)


def defines(term: str, text: str) -> bool:
    """Whether ``text`` spells out the acronym or name ``term`` (folded).

    "Long Name (TERM)", "Long Name (TERM for its acronym …)", "TERM (Long Name)", "TERM stands for …".
    """
    folded = fold(text)
    word = re.escape(term)
    if re.search(rf"\b{word}\b,? (?:stands? for|means|is (?:the|an?) |are the |refers to|significa|es (?:el|la|un) )", folded):
        return True
    if re.search(rf"\b{word} ?\([a-z]+(?: [a-z&/-]+){{2,}}", folded):
        return True
    match = re.search(rf"([^().;]*)\(\s*{word}\b", folded)
    return bool(match) and len(re.findall(r"\w{3,}", match[1])) >= 2
