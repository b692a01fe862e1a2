"""Passages with a question in mind: which of its words each unit holds, and how alike the two are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from rag.question import Question
from rag.schema import Encoder, Passage, Unit
from rag.text import plain, stems

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
    shown = [[_plain(passage, unit) for unit in passage.chunk.units] for passage in passages]
    headed = [
        f"{' > '.join(passage.section)}\n{text}"
        for passage, texts in zip(passages, shown, strict=True)
        for text in texts
    ]
    vectors = encoder.encode([question.text, *headed])
    likeness = iter(np.maximum(vectors[1:] @ vectors[0], 0.0).tolist())
    named, asked = named_terms(question), question.stems
    views = []
    for passage, texts in zip(passages, shown, strict=True):
        language = passage.report.language
        around = _held(question, stems(passage.chunk.context, language))
        units = []
        for unit, text in zip(passage.chunk.units, texts, strict=True):
            found = stems(text, language)
            held = np.maximum(_held(question, found), around * named)
            units.append(UnitView(unit, text, held, _precision(found, asked), next(likeness)))
        views.append(PassageView(passage, tuple(units), around))
    return views


def _plain(passage: Passage, unit: Unit) -> str:
    start = passage.chunk.start
    return plain(passage.chunk.text[unit.start - start : unit.end - start])


def _held(question: Question, found: Collection[str]) -> np.ndarray:
    present = frozenset(found)
    return np.array([bool(term.stems & present) for term in question.terms], dtype=np.float64)


def _precision(found: Sequence[str], asked: frozenset[str]) -> float:
    # Figures are what a question asks for: they do not make a unit less to the point.
    content = [word for word in found if not word[0].isdigit() and len(word) > 1]
    return sum(word in asked for word in content) / len(content) if content else 0.0


def shown(view: PassageView) -> tuple[str, list[tuple[int, int]]]:
    """The passage as one text under its headings, and the spans of its units in it."""
    text, spans = f"{view.passage.chunk.context}\n", []
    for unit in view.units:
        spans.append((len(text), len(text) + len(unit.text)))
        text += f"{unit.text} "
    return text.rstrip(), spans


def alone(view: PassageView, number: int) -> tuple[str, int]:
    """One unit of the passage under the passage's headings, and where it begins there."""
    heading = f"{view.passage.chunk.context}\n"
    return heading + view.units[number].text, len(heading)


def named_terms(question: Question) -> np.ndarray:
    """Which terms are words of a name, bool, shape (terms,)."""
    names = question.name_words
    return np.array([term.word in names for term in question.terms], dtype=bool)


def term_weights(question: Question, views: Sequence[PassageView]) -> np.ndarray:
    """Weight of each term, shape (terms,): the rarer among these units the heavier, absent ones most."""
    units = [unit.held for view in views for unit in view.units]
    holding = np.sum(units, axis=0) if units else np.zeros(len(question.terms))
    weights = np.log((len(units) + 1.0) / (holding + 0.5))
    return np.maximum(weights, _LEAST_WEIGHT) * np.where(named_terms(question), _NAME_FACTOR, 1.0)


def share(held: np.ndarray, weights: np.ndarray) -> float:
    """Weighted mean of ``held``, 0 to 1."""
    return float(held @ weights) / max(float(weights.sum()), 1e-9)
