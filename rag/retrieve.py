"""Question to passages: dense and lexical candidates, fused by reciprocal rank.

Dense search finds paraphrases, BM25 finds names, acronyms and figures; a passage that both
find comes first. Filters are applied inside both searches.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Literal, Protocol

import numpy as np

from rag.question import analyse
from rag.schema import Chunk, Encoder, Filters, Passage, Period, ReportInfo
from rag.text import LANGUAGES, terms

Mode = Literal["hybrid", "dense", "lexical"]

POOL = 50  # candidates taken from each search before fusion
RRF_K = 60  # Cormack, Clarke and Büttcher 2009: damps the weight of the very first ranks
MAX_TERM_SHARE = 0.10  # a term in more chunks than this says little, and each of them is scored ...
SMALL = 5_000  # ... which costs nothing worth saving below this many chunks (1 ms)
MAX_TERMS = 24
MIN_TERMS = 2  # this many of the rarest are always kept, so that no question goes without


class LexicalSearch(Protocol):
    """The part of the store that retrieval needs."""

    @property
    def chunk_count(self) -> int:
        """Chunks in the index."""
        ...

    def document_frequency(self, terms: Sequence[str]) -> Mapping[str, int]:
        """Number of chunks that hold each term; terms of none may be left out."""
        ...

    def lexical(self, terms: Sequence[str], k: int, filters: Filters) -> list[tuple[int, float]]:
        """Ids and BM25 scores of the best chunks, best first."""
        ...

    def chunk_ids(self, filters: Filters) -> np.ndarray:
        """Ids of the chunks that the filters admit."""
        ...

    def lookup(self, ids: Collection[int]) -> Mapping[int, tuple[Chunk, ReportInfo, tuple[str, ...]]]:
        """Chunk, report and heading path by id; unknown ids are left out."""
        ...


class DenseSearch(Protocol):
    """The part of the vector index that retrieval needs."""

    def search(self, vectors: np.ndarray, k: int, allowed: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Scores and chunk ids of the best for each vector, best first."""
        ...


def retrieve(
    questions: Sequence[str],
    *,
    store: LexicalSearch,
    dense: DenseSearch,
    encoder: Encoder,
    k: int,
    filters: Filters | None = None,
    prefer: Sequence[Period] = (),
    mode: Mode = "hybrid",
) -> list[Passage]:
    """The ``k`` best passages for one need, best first, ``rank`` from 1.

    :param questions: one or more wordings of the same question; each adds its candidates.
    :param prefer: periods asked about; passages of reports over them are searched once more among
        themselves, which raises them without shutting others out.
    :param mode: ``"dense"`` or ``"lexical"`` search alone, for comparison.
    """
    filters = filters or Filters()
    scopes = [filters, *filter(None, (_within(filters, period) for period in prefer))]
    vectors = encoder.encode(list(questions)) if mode != "lexical" else None
    wordings = [query_terms(question, store) for question in questions] if mode != "dense" else []
    runs: list[list[int]] = []
    for scope in scopes:
        if vectors is not None:
            _, found = dense.search(vectors, POOL, store.chunk_ids(scope) if scope else None)
            runs += found.tolist()
        runs += [[chunk for chunk, _ in store.lexical(words, POOL, scope)] for words in wordings if words]
    fused = _balanced(fuse(runs), fuse(runs[: len(runs) // len(scopes)]), k)
    chunks = store.lookup([chunk for chunk, _ in fused])
    stage = "fused" if mode == "hybrid" else mode
    # A chunk may have gone between search and look-up when the index was replaced: skip it.
    present = [(chunks[chunk], score) for chunk, score in fused if chunk in chunks]
    return [
        Passage(chunk=chunk, report=report, section=path, score=score, rank=rank, stage=stage)
        for rank, ((chunk, report, path), score) in enumerate(present, start=1)
    ]


def _balanced(
    preferred: Sequence[tuple[int, float]], plain: Sequence[tuple[int, float]], k: int
) -> list[tuple[int, float]]:
    """``k`` of the first list's, a third of them being the best of the second whatever their place."""
    kept = dict(preferred[: k - k // 3])
    scores = dict(preferred)
    for item, _ in chain(plain, preferred):
        if len(kept) == k:
            break
        kept[item] = scores[item]
    return sorted(kept.items(), key=lambda pair: -pair[1])


def _within(filters: Filters, period: Period) -> Filters | None:
    """The filters narrowed to a period; None when they leave nothing of it."""
    since = max(filters.since or period.start, period.start)
    until = min(filters.until or period.end, period.end)
    return replace(filters, since=since, until=until) if since <= until else None


def fuse(runs: Sequence[Sequence[int]]) -> list[tuple[int, float]]:
    """Reciprocal rank fusion: score(d) = sum over runs of 1 / (60 + rank(d)), best first.

    Ties keep the order of first appearance.
    """
    scores: dict[int, float] = {}
    for run in runs:
        for rank, item in enumerate(run, start=1):
            scores[item] = scores.get(item, 0.0) + 1.0 / (RRF_K + rank)
    return sorted(scores.items(), key=lambda pair: -pair[1])


def query_terms(question: str, store: LexicalSearch) -> list[str]:
    """Search terms of a question, rarest first.

    Each word is stemmed in every language, since a report's own language decides how its words
    were stemmed, and joined by its translations. Terms in more than a tenth of the chunks are left
    out, unless these are few.
    """
    stems = (stem for term in analyse(question).terms for stem in sorted(term.stems))
    literal = (term for language in LANGUAGES for term in terms(question, language))
    wanted = list(dict.fromkeys(chain(literal, stems)))
    frequency = store.document_frequency(wanted)
    known = sorted((term for term in wanted if frequency.get(term)), key=lambda term: frequency[term])
    limit = max(MAX_TERM_SHARE * store.chunk_count, MAX_TERM_SHARE * SMALL)
    rare = [term for term in known if frequency[term] <= limit]
    return (rare if len(rare) >= MIN_TERMS else known[:MIN_TERMS])[:MAX_TERMS]
