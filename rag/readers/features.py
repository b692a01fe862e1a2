"""How well one unit of a passage answers a question, as a few numbers between 0 and 1."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rag.dates import find_dates
from rag.facts import Quantity, names, quantities
from rag.readers.question import Question, Want
from rag.readers.views import PassageView, UnitView
from rag.schema import Period
from rag.text import fold

_NEIGHBOUR = 0.6  # a term in the next sentence counts for less than in the sentence itself
_AROUND = 0.9  # ... and one in a heading or the report's title nearly as much
_REACH_WORDS = 12.0  # how fast a word's claim on a figure fades with its distance
_LONG_PERIOD_DAYS = 550  # a report over more than a year and a half does not date its sentences

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


def term_weights(question: Question, views: Sequence[PassageView]) -> np.ndarray:
    """Weight of each term, shape (terms,): rarer among the retrieved units is heavier, absent ones most."""
    units = [view.match[:, unit.first : unit.last] for view in views for unit in view.units]
    holding = sum(
        (part.max(axis=1) >= 1.0 if part.shape[1] else np.zeros(len(part), dtype=bool)) for part in units
    )
    weights = np.log((len(units) + 1.0) / (np.asarray(holding, dtype=np.float64) + 0.5))
    named = np.array([1.5 if term.word in question.names else 1.0 for term in question.terms])
    return np.maximum(weights, 0.2) * named


def features_of(question: Question, view: PassageView, number: int, weights: np.ndarray, asked: np.ndarray) -> Features:
    """Features of unit ``number`` of a passage. ``asked`` is the question's vector, a unit vector."""
    unit = view.units[number]
    inside = _best(view, unit)
    total = max(float(weights.sum()), 1e-9)
    near_by = np.zeros(len(inside))
    for other in (number - 1, number + 1):
        if 0 <= other < len(view.units):
            near_by = np.maximum(near_by, _best(view, view.units[other]) * _NEIGHBOUR)
    everywhere = np.maximum.reduce([inside, near_by, view.around * _AROUND])
    kind, near = _kind(question, view, unit, weights)
    return Features(
        coverage=float((everywhere * weights).sum() / total),
        inside=float((inside * weights).sum() / total),
        similarity=_similarity(view, unit, asked),
        kind=kind,
        near=near,
        rank=1.0 / view.passage.rank,
        period=_period(question, view, unit),
    )


def _best(view: PassageView, unit: UnitView) -> np.ndarray:
    part = view.match[:, unit.first : unit.last]
    return part.max(axis=1) if part.shape[1] else np.zeros(len(part))


def _similarity(view: PassageView, unit: UnitView, asked: np.ndarray) -> float:
    if unit.first == unit.last:
        return 0.0
    mean = view.vectors[unit.first : unit.last].mean(axis=0)
    return max(0.0, float(mean @ asked) / max(float(np.linalg.norm(mean)), 1e-9))


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
        hits.append(any(not set(fold(name.text).split()) <= question.names for name in names(unit.text)))
    if Want.REASON in wants:
        hits.append(bool(_CAUSE.search(fold(unit.text))))
    return sum(hits) / len(hits), max(near, default=0.5 if not figures else 0.0)


def _is_asked(quantity: Quantity, question: Question) -> bool:
    return any(other.value == quantity.value for other in quantities(question.text))


def _fits(quantity: Quantity, wants: frozenset[Want] | set[Want]) -> bool:
    if quantity.kind == "percent":
        return Want.PERCENT in wants
    if quantity.kind == "currency":
        return Want.MONEY in wants
    if quantity.kind == "time":
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
    close = np.maximum(close, view.around * _AROUND)
    return float((close * weights).sum() / max(float(weights.sum()), 1e-9))


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


def _period(question: Question, view: PassageView, unit: UnitView) -> float:
    """1 when the unit, its heading or its report is of the period asked for, 0.5 when none is asked for."""
    if not question.periods:
        return 0.5
    report = view.passage.report
    stated = [m.period for m in find_dates(unit.text) if m.period]
    headed = [m.period for m in find_dates(" ".join(view.passage.section)) if m.period]
    if any(_overlap(asked, known) for asked in question.periods for known in stated + headed):
        return 1.0
    if report.period and (report.period.end - report.period.start).days <= _LONG_PERIOD_DAYS:
        covered = any(_overlap(asked, report.period) for asked in question.periods)
        return 1.0 if covered and not stated else 0.7 if covered else 0.0
    return 0.0


def _overlap(one: Period, other: Period) -> bool:
    return one.start <= other.end and other.start <= one.end
