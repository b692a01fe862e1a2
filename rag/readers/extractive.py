"""The built-in reader: picks the sentences or rows that answer, quotes them, or abstains.

Each unit of each passage is scored by how much of the question it covers, word by word and in
meaning, whether it holds the kind of thing asked for (a figure, a date, a name …) close to the
question's words, and whether it is of the period asked for. Nothing is generated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rag.readers.features import Features, features_of
from rag.question import Question, Want, analyse
from rag.matching import PassageView, UnitView, matches, term_weights, view_passages
from rag.readers.wording import reason_to_abstain, wording
from rag.schema import Draft, DraftSentence, Passage, Quote, TokenEncoder, UnitKind
from rag.text import plain

MAX_WORDS = 80
MAX_SENTENCES = 3
MAX_LIST_ITEMS = 20
# Chosen on the development half of eval/sets/seeds_retrieval.jsonl, see eval/LOG.md.
WEIGHTS = np.array([0.30, 0.15, 0.20, 0.15, 0.15, 0.05, 0.10])  # in the order of Features
THRESHOLD = 0.56
SECOND_SHARE = 0.85  # a further sentence must score at least this share of the first


@dataclass(frozen=True, slots=True)
class Scored:
    """A unit with its score; ``passage`` and ``number`` say where it stands."""

    passage: int
    number: int
    unit: UnitView
    features: Features
    score: float


class ExtractiveReader:
    """Answers with one to three quoted sentences or rows; needs no LLM.

    :param encoder: gives the vectors of words in context.
    """

    name = "extractive"

    def __init__(self, encoder: TokenEncoder) -> None:
        self._encoder = encoder

    def read(self, question: str, passages: Sequence[Passage]) -> Draft:
        """See :class:`rag.schema.Reader`. At most 80 words, more only when a list is asked for."""
        asked = analyse(question)
        if not passages or not asked.terms:
            return Draft(reason=reason_to_abstain(asked, passages, None))
        views = view_passages(asked, passages, self._encoder)
        ranked = self.score(asked, views)
        if not ranked or ranked[0].score < THRESHOLD or _fails(asked, ranked[0].features):
            return Draft(reason=reason_to_abstain(asked, passages, ranked[0].features if ranked else None))
        picked = _pick(asked, views, ranked)
        return Draft(tuple(_sentence(asked, views[choice.passage], choice) for choice in picked))

    def score(self, asked: Question, views: Sequence[PassageView]) -> list[Scored]:
        """Every unit of the passages, best first."""
        vector = self._encoder.encode([asked.text])[0]
        weights = term_weights(asked, views)
        found = []
        for index, view in enumerate(views):
            for number, unit in enumerate(view.units):
                features = features_of(asked, view, number, weights, vector)
                score = float(features.values() @ WEIGHTS / WEIGHTS.sum())
                found.append(Scored(index, number, unit, features, score))
        return sorted(found, key=lambda one: -one.score)


def _fails(asked: Question, best: Features) -> bool:
    """Constraints that no amount of likeness makes up for."""
    if asked.periods and best.period == 0.0:
        return True
    return bool(asked.wants - {Want.LIST, Want.REASON}) and best.kind == 0.0


def _pick(asked: Question, views: Sequence[PassageView], ranked: Sequence[Scored]) -> list[Scored]:
    best = ranked[0]
    if Want.LIST in asked.wants and len(listed := _listed(views[best.passage], best)) > 1:
        return listed
    picked = [best]
    words = len(best.unit.text.split())
    for other in ranked[1:]:
        if len(picked) == MAX_SENTENCES or other.score < SECOND_SHARE * best.score:
            break
        length = len(other.unit.text.split())
        if words + length <= MAX_WORDS and not _fails(asked, other.features) and _adds(asked, views, picked, other):
            picked.append(other)
            words += length
    return picked


def _listed(view: PassageView, best: Scored) -> list[Scored]:
    """The list items that ``best`` introduces or is one of."""
    first = best.number
    if best.unit.unit.kind is not UnitKind.ITEM:
        if not best.unit.text.endswith(":"):
            return []
        first += 1
    while first > 0 and view.units[first - 1].unit.kind is UnitKind.ITEM:
        first -= 1
    items = []
    for number in range(first, len(view.units)):
        if view.units[number].unit.kind is not UnitKind.ITEM or len(items) == MAX_LIST_ITEMS:
            break
        items.append(Scored(best.passage, number, view.units[number], best.features, best.score))
    return items


def _adds(asked: Question, views: Sequence[PassageView], picked: Sequence[Scored], other: Scored) -> bool:
    """Whether a further unit covers a term of the question that those picked leave open."""

    def covered(choice: Scored) -> np.ndarray:
        view = views[choice.passage]
        return np.maximum(matches(view, choice.number)[0], view.around)

    known = {plain(choice.unit.text).casefold() for choice in picked}
    if plain(other.unit.text).casefold() in known:
        return False
    before = np.maximum.reduce([covered(choice) for choice in picked])
    return bool(((covered(other) >= 0.8) & (before < 0.5)).any())


def _sentence(asked: Question, view: PassageView, choice: Scored) -> DraftSentence:
    start, end, text = wording(asked, view.passage, choice.unit.unit, MAX_WORDS)
    return DraftSentence(text, (Quote(choice.passage, start, end, round(choice.score, 4)),))
