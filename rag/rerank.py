"""Passages to passages: the retriever's many, re-ordered by a closer look at their sentences and rows.

A few numbers in a logistic regression that was fitted on development questions (eval/LOG.md), one of
them what a cross-encoder, when there is one, makes of the likeliest passages.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, zip_longest

import numpy as np

from rag.matching import PassageView, share, shown, term_weights, view_passages
from rag.periods import OTHER, period_match
from rag.question import analyse
from rag.schema import CrossEncoder, Encoder, Passage, Period
from rag.text import plain

_HELD, _PRECISION, _SIMILARITY, _RETRIEVED, _PERIOD = 4.3, 2.6, 5.2, 5.6, 2.2
_ANSWERS = 1.0
READ = 12  # passages that the cross-encoder reads; more cost time and found no more
_LEAST = 1e-3  # of a probability whose logarithm is taken


def rerank(
    question: str,
    passages: Sequence[Passage],
    encoder: Encoder,
    k: int,
    cross_encoder: CrossEncoder | None = None,
) -> list[Passage]:
    """The ``k`` best of ``passages``, best first, with new scores and ranks, ``stage`` "reranked".

    Words and vectors choose the passages that ``cross_encoder`` reads; without one they decide alone.
    A question about several periods takes turns between them, so that each is heard.
    """
    asked = analyse(question)
    if not passages or not asked.terms:
        return list(passages[:k])
    views = view_passages(asked, passages, encoder)
    weights = term_weights(asked, views)
    closeness = [_closeness(view, weights) for view in views]
    if cross_encoder:
        likely = [index for index, _ in _order(passages, closeness, asked.periods, alone=False)][:READ]
        closeness = _read(asked.text, views, closeness, likely, cross_encoder)
    several = [[period] for period in asked.periods] if len(asked.periods) > 1 else [asked.periods]
    orders = [_order(passages, closeness, periods, alone=len(several) > 1) for periods in several]
    turns: dict[int, float] = {}
    for pair in chain.from_iterable(zip_longest(*orders)):
        turns.setdefault(*pair)
    return [
        replace(passages[index], score=round(score, 6), rank=rank, stage="reranked")
        for rank, (index, score) in enumerate(list(turns.items())[:k], start=1)
    ]


def _closeness(view: PassageView, weights: np.ndarray) -> float:
    """What the passage's best units hold of the question; a passage without units holds nothing."""
    if not view.units:
        return 0.0
    held = max(share(unit.held, weights) for unit in view.units)
    precision = max(unit.precision for unit in view.units)
    similarity = max(unit.similarity for unit in view.units)
    return _HELD * held + _PRECISION * precision + _SIMILARITY * similarity


def _read(
    question: str, views: Sequence[PassageView], closeness: Sequence[float], likely: Sequence[int], model: CrossEncoder
) -> list[float]:
    """Closeness with how likely each passage answers; those that are not read count as the least likely."""
    readings = model.read(question, [shown(views[index])[0] for index in likely])
    chances = dict(zip(likely, (reading.answers for reading in readings), strict=True))
    return [close + _ANSWERS * math.log(chances.get(index, 0.0) + _LEAST) for index, close in enumerate(closeness)]


def _order(
    passages: Sequence[Passage], closeness: Sequence[float], periods: Sequence[Period], *, alone: bool
) -> list[tuple[int, float]]:
    """Indexes and scores of the passages for these periods, best first.

    With ``alone``, passages of other periods come last whatever their score.
    """
    top = max(passage.score for passage in passages)
    fits = [period_match(periods, plain(passage.chunk.text), passage) for passage in passages]
    scored = [
        (index, close + _RETRIEVED * passage.score / top + _PERIOD * fit)
        for index, (close, passage, fit) in enumerate(zip(closeness, passages, fits, strict=True))
    ]
    return sorted(scored, key=lambda pair: (alone and fits[pair[0]] == OTHER, -pair[1]))
