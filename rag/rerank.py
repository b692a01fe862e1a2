"""Passages to passages: the retriever's many, re-ordered by a closer look at each.

The closer look is late interaction between the question's words and each passage's, beside the
similarity of the whole and the retriever's own score. No trained reranker: weights are few and
were chosen on the development half of a question set.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, zip_longest

import numpy as np

from rag.matching import PassageView, matches, share, term_weights, view_passages
from rag.periods import OTHER, period_match
from rag.question import analyse
from rag.schema import Passage, Period, TokenEncoder
from rag.text import plain

# Chosen on the development half of eval/sets/seeds_retrieval.jsonl, see eval/LOG.md.
_COVERAGE, _INSIDE, _SIMILARITY, _RETRIEVED, _PERIOD = 1.0, 0.3, 1.0, 0.5, 0.2
# A passage of another time than asked for keeps this share of the retriever's score: preferred
# against, not shut out, since a report may speak of other years than its own.
_OTHER_PERIOD = 0.5


def rerank(question: str, passages: Sequence[Passage], encoder: TokenEncoder, k: int) -> list[Passage]:
    """The ``k`` best of ``passages``, best first, with new scores and ranks, ``stage`` "reranked".

    A question about several periods takes turns between them, so that each is heard.
    """
    asked = analyse(question)
    if not passages or not asked.terms:
        return list(passages[:k])
    views = view_passages(asked, passages, encoder)
    weights = term_weights(asked, views)
    vector = encoder.encode([question])[0]
    closeness = [_closeness(view, weights, vector) for view in views]
    top = max(passage.score for passage in passages)

    def order(periods: Sequence[Period]) -> list[tuple[int, float]]:
        fits = [period_match(periods, plain(passage.chunk.text), passage) for passage in passages]
        scores = [
            close + _RETRIEVED * passage.score / top * (_OTHER_PERIOD if fit == OTHER else 1.0) + _PERIOD * fit
            for close, passage, fit in zip(closeness, passages, fits, strict=True)
        ]
        return sorted(enumerate(scores), key=lambda pair: -pair[1])

    several = [order([period]) for period in asked.periods] if len(asked.periods) > 1 else [order(asked.periods)]
    chosen = dict(reversed([pair for pair in chain.from_iterable(zip_longest(*several)) if pair]))
    turns = dict.fromkeys(index for index, _ in chain.from_iterable(zip_longest(*several)))
    return [
        replace(passages[index], score=round(chosen[index], 6), rank=rank, stage="reranked")
        for rank, index in enumerate(list(turns)[:k], start=1)
    ]


def _closeness(view: PassageView, weights: np.ndarray, vector: np.ndarray) -> float:
    """Best unit's coverage of the question, alone and with its surroundings, and the whole's likeness."""
    pairs = [matches(view, number) for number in range(len(view.units))]
    coverage = max(share(around, weights) for _, around in pairs)
    inside = max(share(alone, weights) for alone, _ in pairs)
    return _COVERAGE * coverage + _INSIDE * inside + _SIMILARITY * view.similarity(vector)

