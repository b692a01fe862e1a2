"""Passages with a question in mind: which of its words each unit holds, literally or in meaning.

Late interaction (Khattab and Zaharia 2020, ColBERT), with exact matches of stems counting full:
every content word of the question looks for its best match among the words of a unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rag.question import Question
from rag.schema import Passage, TokenEncoder, Unit
from rag.text import fold, is_stop, plain, stem, words

# Cosines of word vectors in context: unrelated words lie below the first, near synonyms above the
# second (all-MiniLM-L6-v2).
_UNRELATED, _SYNONYM = 0.30, 0.75
_SEMANTIC_MOST = 0.8  # a synonym counts for less than the word itself


@dataclass(frozen=True, slots=True)
class UnitView:
    """One unit of a passage; ``first``/``last`` bound its words in the passage's word list."""

    unit: Unit
    text: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class PassageView:
    """One passage.

    ``match`` has the shape (terms of the question, words of the passage): 1 for the same stem,
    up to 0.8 for related words, 0 for unrelated ones. ``around`` has the shape (terms,): whether
    title, period, section path or table heads hold the term. ``vectors`` are the words' vectors.
    """

    passage: Passage
    units: tuple[UnitView, ...]
    words: tuple[tuple[int, int], ...]
    text: str
    match: np.ndarray
    around: np.ndarray
    vectors: np.ndarray

    def part(self, unit: UnitView) -> np.ndarray:
        """Columns of ``match`` that belong to a unit."""
        return self.match[:, unit.first : unit.last]

    def similarity(self, vector: np.ndarray, unit: UnitView | None = None) -> float:
        """Cosine, at least 0, of a unit vector with the mean over the words of a unit or of the passage."""
        part = self.vectors if unit is None else self.vectors[unit.first : unit.last]
        if not len(part):
            return 0.0
        mean = part.mean(axis=0)
        return max(0.0, float(mean @ vector) / max(float(np.linalg.norm(mean)), 1e-9))


_NEIGHBOUR = 0.6  # a term in the next sentence counts for less than in the sentence itself
HEADING = 0.9  # ... and one in a heading or the report's title nearly as much
_LEAST_WEIGHT, _NAME_FACTOR = 0.2, 1.5


def view_passages(question: Question, passages: Sequence[Passage], encoder: TokenEncoder) -> list[PassageView]:
    """Look at passages with a question in mind; encodes question and passages in one batch."""
    laid_out = [_lay_out(passage) for passage in passages]
    encoded = encoder.encode_words([question.text, *(text for text, _ in laid_out)])
    asked = _term_vectors(question, *encoded[0])
    return [
        _view(question, asked, passage, text, spans, *vectors)
        for passage, (text, spans), vectors in zip(passages, laid_out, encoded[1:], strict=True)
    ]


def _lay_out(passage: Passage) -> tuple[str, list[tuple[int, int]]]:
    """Headings and units as one text, so that each word is encoded with its surroundings."""
    text = " > ".join(passage.section)
    spans = []
    for unit in passage.chunk.units:
        start = unit.start - passage.chunk.start
        shown = plain(passage.chunk.text[start : start + unit.end - unit.start])
        text += "\n"
        spans.append((len(text), len(text) + len(shown)))
        text += shown
    return text, spans


def _term_vectors(question: Question, spans: Sequence[tuple[int, int]], vectors: np.ndarray) -> np.ndarray:
    """Mean vector of the words that make up each term, shape (terms, dimension)."""
    found = np.zeros((len(question.terms), vectors.shape[1]), dtype=np.float32)
    for row, term in enumerate(question.terms):
        inside = [i for i, (start, end) in enumerate(spans) if start < term.end and end > term.start]
        if inside:
            mean = vectors[inside].mean(axis=0)
            found[row] = mean / max(float(np.linalg.norm(mean)), 1e-9)
    return found


def _view(
    question: Question,
    asked: np.ndarray,
    passage: Passage,
    text: str,
    units: Sequence[tuple[int, int]],
    spans: Sequence[tuple[int, int]],
    vectors: np.ndarray,
) -> PassageView:
    spans, vectors = _complete(text, list(spans), vectors)
    stems = [_stem(text[start:end], passage.report.language) for start, end in spans]
    same = np.array([[word in term.stems for word in stems] for term in question.terms], dtype=np.float32)
    same = same.reshape(len(question.terms), len(stems))
    close = np.clip((asked @ vectors.T - _UNRELATED) / (_SYNONYM - _UNRELATED), 0.0, 1.0) * _SEMANTIC_MOST
    close[:, [not word for word in stems]] = 0.0  # a function word is a synonym of nothing
    starts = [start for start, _ in spans]
    bounds = [(int(np.searchsorted(starts, first)), int(np.searchsorted(starts, last))) for first, last in units]
    context = f"{passage.chunk.context}\n{' '.join(passage.section)}"
    context_stems = {_stem(word.group(), passage.report.language) for word in words(context)}
    return PassageView(
        passage=passage,
        units=tuple(
            UnitView(unit, text[start:end], *bound)
            for unit, (start, end), bound in zip(passage.chunk.units, units, bounds, strict=True)
        ),
        words=tuple(spans),
        text=text,
        match=np.maximum(same, close),
        around=np.array([bool(term.stems & context_stems) for term in question.terms], dtype=np.float32),
        vectors=vectors,
    )


def _complete(
    text: str, spans: list[tuple[int, int]], vectors: np.ndarray
) -> tuple[list[tuple[int, int]], np.ndarray]:
    """Add the words that did not fit into the encoder's window, with zero vectors."""
    reached = spans[-1][1] if spans else 0
    rest = [match.span() for match in words(text) if match.start() >= reached]
    if not rest:
        return spans, vectors
    return spans + rest, np.vstack([vectors, np.zeros((len(rest), vectors.shape[1]), dtype=np.float32)])


def _stem(word: str, language: str) -> str:
    """Stem of a content word; empty for function words and punctuation."""
    folded = fold(word)
    if not folded or is_stop(folded) or not any(c.isalnum() for c in folded):
        return ""
    return stem(folded, language)


def term_weights(question: Question, views: Sequence[PassageView]) -> np.ndarray:
    """Weight of each term, shape (terms,): the rarer among these units the heavier, absent ones most."""
    held = [part.max(axis=1, initial=0.0) >= 1.0 for view in views for part in map(view.part, view.units)]
    holding = np.sum(held, axis=0) if held else np.zeros(len(question.terms))
    weights = np.log((len(held) + 1.0) / (holding + 0.5))
    named = np.array([_NAME_FACTOR if term.word in question.names else 1.0 for term in question.terms])
    return np.maximum(weights, _LEAST_WEIGHT) * named


def matches(view: PassageView, number: int) -> tuple[np.ndarray, np.ndarray]:
    """How far unit ``number`` holds each term, and how far it does with its surroundings.

    Both of shape (terms,), 0 to 1. Surroundings are the neighbouring units and the headings.
    """
    inside = view.part(view.units[number]).max(axis=1, initial=0.0)
    beside = [
        view.part(view.units[other]).max(axis=1, initial=0.0) * _NEIGHBOUR
        for other in (number - 1, number + 1)
        if 0 <= other < len(view.units)
    ]
    return inside, np.maximum.reduce([inside, *beside, view.around * HEADING])


def share(held: np.ndarray, weights: np.ndarray) -> float:
    """Weighted mean of ``held``, 0 to 1."""
    return float(held @ weights) / max(float(weights.sum()), 1e-9)
