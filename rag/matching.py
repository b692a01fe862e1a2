"""Passages with a question in mind: which of its words each unit holds, and how alike the two are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rag.question import Question
from rag.schema import Encoder, Passage, Unit
from rag.text import fold, is_stop, plain, stem, words

_LEAST_WEIGHT, _NAME_FACTOR = 0.2, 1.5


@dataclass(frozen=True, slots=True)
class UnitView:
    """One unit of a passage.

    ``held`` says for each term of the question, shape (terms,), whether the unit holds its stem, or
    its headings a name's, 1.0 or 0.0: what a section is about is seldom named in each sentence.
    ``precision`` is the share of the unit's content words that the question holds:
    1 for a row whose whole label is asked for. ``similarity`` is the cosine of the question with
    the unit under its headings, at least 0.
    """

    unit: Unit
    text: str
    held: np.ndarray
    precision: float
    similarity: float


@dataclass(frozen=True, slots=True)
class PassageView:
    """One passage; ``around`` says like ``held`` what its title, headings and table heads hold."""

    passage: Passage
    units: tuple[UnitView, ...]
    around: np.ndarray


def view_passages(question: Question, passages: Sequence[Passage], encoder: Encoder) -> list[PassageView]:
    """Look at passages with a question in mind; encodes it and all units in one batch."""
    shown = [[_shown(passage, unit) for unit in passage.chunk.units] for passage in passages]
    headed = [
        f"{' > '.join(passage.section)}\n{text}"
        for passage, texts in zip(passages, shown, strict=True)
        for text in texts
    ]
    vectors = encoder.encode([question.text, *headed])
    likeness = iter(np.maximum(vectors[1:] @ vectors[0], 0.0).tolist())
    named = np.array([term.word in question.name_words for term in question.terms], dtype=np.float64)
    views = []
    for passage, texts in zip(passages, shown, strict=True):
        language = passage.report.language
        around = _held(question, _stems(passage.chunk.context, language))
        units = tuple(
            _unit_view(question, unit, text, language, around * named, next(likeness))
            for unit, text in zip(passage.chunk.units, texts, strict=True)
        )
        views.append(PassageView(passage, units, around))
    return views


def _shown(passage: Passage, unit: Unit) -> str:
    start = passage.chunk.start
    return plain(passage.chunk.text[unit.start - start : unit.end - start])


def _unit_view(
    question: Question, unit: Unit, text: str, language: str, above: np.ndarray, similarity: float
) -> UnitView:
    stems = _stems(text, language)
    asked = frozenset().union(*(term.stems for term in question.terms))
    # Figures are what a question asks for: they do not make a unit less to the point.
    content = [found for found in stems if not found[0].isdigit() and len(found) > 1]
    precision = sum(found in asked for found in content) / len(content) if content else 0.0
    return UnitView(unit, text, np.maximum(_held(question, stems), above), precision, similarity)


def _held(question: Question, stems: Sequence[str]) -> np.ndarray:
    present = frozenset(stems)
    return np.array([bool(term.stems & present) for term in question.terms], dtype=np.float64)


def _stems(text: str, language: str) -> list[str]:
    folded = (fold(match.group()) for match in words(text))
    return [stem(word, language) for word in folded if word and not is_stop(word)]


def term_weights(question: Question, views: Sequence[PassageView]) -> np.ndarray:
    """Weight of each term, shape (terms,): the rarer among these units the heavier, absent ones most."""
    units = [unit.held for view in views for unit in view.units]
    holding = np.sum(units, axis=0) if units else np.zeros(len(question.terms))
    weights = np.log((len(units) + 1.0) / (holding + 0.5))
    names = question.name_words
    factors = np.array([_NAME_FACTOR if term.word in names else 1.0 for term in question.terms])
    return np.maximum(weights, _LEAST_WEIGHT) * factors


def share(held: np.ndarray, weights: np.ndarray) -> float:
    """Weighted mean of ``held``, 0 to 1."""
    return float(held @ weights) / max(float(weights.sum()), 1e-9)
