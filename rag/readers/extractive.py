"""The built-in reader: picks the sentences or rows that answer, quotes them, or abstains.

Each unit of each passage is scored by how much of the question it holds, how alike the two are and
whether the kind of thing asked for (a figure, a date, a name …) is there. A unit of another
period, or without a name that the question gives, is no answer however alike. Nothing is generated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from rag.matching import PassageView, named_terms, term_weights, view_passages
from rag.periods import OTHER, period_match
from rag.question import Question, Want, analyse
from rag.question.parts import Split
from rag.readers.causes import with_cause
from rag.readers.closely import read_alone, read_closely
from rag.readers.compare import answer_compared, names_all
from rag.readers.constraints import SOFT, NameCheck, failed
from rag.readers.dated import introduced, latest_first
from rag.readers.features import NOT_READ, features_of
from rag.readers.likelihood import (
    ALONE,
    CLOSE_THRESHOLD,
    MATCHED,
    MATCHED_THRESHOLD,
    READ_ALONE,
    READ_CLOSELY,
    UNSURE,
)
from rag.readers.lists import listed
from rag.readers.reasons import reason_to_abstain
from rag.readers.scored import Reading, Scored
from rag.readers.wants import answer_wants
from rag.readers.wording import wording
from rag.remarks import unsure
from rag.schema import CrossEncoder, Draft, DraftSentence, Encoder, Passage, Period, Quote

MAX_WORDS = 80
MAX_SENTENCES = 3
SECOND_SHARE = 0.85  # a further sentence must be at least this share as likely as the first ...
PART_SHARE = 0.35  # ... or this, when the question asks for two things
SPELLED_OUT = 0.85  # at least so likely answers what spells out the acronym asked about


class ExtractiveReader:
    """Answers with one to three quoted sentences or rows; needs no LLM.

    :param encoder: gives the vectors that question and sentences are compared by.
    :param cross_encoder: reads question and passages together, which tells better what answers; None does without.
    :param threshold: probability, 0 to 1, from which a unit is an answer; 0 answers whenever a
        unit breaks no constraint.
    """

    name = "extractive"

    def __init__(
        self, encoder: Encoder, *, cross_encoder: CrossEncoder | None = None, threshold: float | None = None
    ) -> None:
        self._encoder = encoder
        self._cross_encoder = cross_encoder
        usual = CLOSE_THRESHOLD if cross_encoder else MATCHED_THRESHOLD
        self._threshold = usual if threshold is None else threshold

    def read(self, question: str, passages: Sequence[Passage]) -> Draft:
        """See :class:`rag.schema.Reader`. At most 80 words, more only when a list is asked for."""
        reading = self._reading(question, passages, range(len(passages)))
        asked, views, fit, ranked = reading.asked, reading.views, reading.fit, reading.ranked
        if not views:
            return Draft(reason=reason_to_abstain(asked, ()), confidence=0.0)
        confidence = round(fit[0].score, 4) if fit else 0.0
        if not fit or fit[0].score < self._threshold:
            reason = reason_to_abstain(asked, passages, ranked, self._threshold)
            return Draft(reason=reason, confidence=confidence)
        if dated := latest_first(asked, views, fit):
            sentences = tuple(self._dated(reading, choice, period) for choice, period in dated)
        else:
            picked = _pick(asked, views, fit, PART_SHARE * self._threshold)
            sentences = tuple(_sentence(reading, choice) for choice in picked)
        return self._hedged(Draft(sentences, confidence=confidence), asked.language)

    def read_parts(
        self, question: str, split: Split, passages: Sequence[Passage], places: Sequence[Sequence[int]]
    ) -> Draft:
        """Answer each part of a question from ``passages[i]`` for ``i`` of its own ``places``, best first.

        The last of ``places`` are those of the question as a whole. See :func:`answer_compared` and
        :func:`answer_wants`.
        """
        *readings, whole = [
            self._reading(text, [replace(passages[at], rank=rank) for rank, at in enumerate(own, 1)], own)
            for text, own in zip([*(part.text for part in split.parts), question], places, strict=True)
        ]
        best = whole.fit[:1] if whole.fit and whole.fit[0].score >= self._threshold else []
        if split.compared:
            draft = answer_compared(split, readings, self._threshold, _sentence)
            if not draft.sentences and best and names_all(split, best[0]):
                # One sentence that names both sides may answer the whole better than either part.
                draft = Draft((_sentence(whole, best[0]),), confidence=round(best[0].score, 4))
        else:
            picked = _pick(whole.asked, whole.views, whole.fit, PART_SHARE * self._threshold) if best else []
            draft = answer_wants(split, whole, picked, readings, self._threshold, _sentence)
        if draft.sentences:
            return self._hedged(draft, whole.asked.language)
        reason = reason_to_abstain(whole.asked, [view.passage for view in whole.views], whole.ranked, self._threshold)
        return replace(draft, reason=reason)

    def _hedged(self, draft: Draft, language: str) -> Draft:
        """The draft with a "may" where it is hardly likelier than the threshold asks for."""
        if (draft.confidence or 0.0) >= self._threshold + UNSURE * (1.0 - self._threshold):
            return draft
        first, *others = draft.sentences
        return replace(draft, sentences=(replace(first, text=unsure(first.text, language)), *others))

    def _reading(self, question: str, passages: Sequence[Passage], places: Sequence[int]) -> Reading:
        asked = analyse(question)
        if not passages or not any(term.word.isalpha() for term in asked.terms):
            return Reading(asked, (), (), ())
        views = view_passages(asked, passages, self._encoder)
        return Reading(asked, views, self.score(asked, views), places)

    def _dated(self, reading: Reading, choice: Scored, period: Period) -> DraftSentence:
        sentence = _sentence(reading, choice)
        passage = reading.views[choice.passage].passage
        return replace(sentence, text=introduced(sentence.text, passage, period, reading.asked.language))

    def score(self, asked: Question, views: Sequence[PassageView]) -> list[Scored]:
        """Every unit of the passages, best first."""
        weights = term_weights(asked, views)
        names = NameCheck(asked, views)
        found = []
        likelihood = READ_CLOSELY if self._cross_encoder else MATCHED
        closely = read_closely(asked.text, views, self._cross_encoder) if self._cross_encoder else None
        for index, view in enumerate(views):
            missing = names.missing(index)
            written = tuple(asked.text[name.start : name.end] for name in missing)
            for number, unit in enumerate(view.units):
                read = closely[index][number] if closely else NOT_READ
                features = features_of(asked, view, unit, weights, read)
                failing = failed(asked, unit, features, missing)
                fit = failing is None or (closely is not None and failing in SOFT)
                chance = likelihood.probability(features, failing)
                found.append(Scored(index, number, unit, failing, fit, chance, features, written))
        found.sort(key=lambda one: -one.score)
        if self._cross_encoder:
            found = self._read_alone(asked, views, found)
        if asked.defined:
            found = [replace(one, score=max(one.score, SPELLED_OUT)) if _defines(one) else one for one in found]
            found.sort(key=lambda one: -one.score)
        return found

    def _read_alone(self, asked: Question, views: Sequence[PassageView], ranked: Sequence[Scored]) -> list[Scored]:
        """What reading the likeliest units by themselves adds; the others count as the least of these."""
        fit = [at for at, one in enumerate(ranked) if one.fit][:ALONE]
        read = sorted({0, *fit}) if ranked else []
        units = [(ranked[at].passage, ranked[at].number) for at in read]
        odds = dict(zip(read, read_alone(asked.text, views, units, self._cross_encoder), strict=True))
        least = min(odds.values(), default=0.0)
        found = [
            replace(one, alone=odds.get(at), score=READ_ALONE.probability(one.score, odds.get(at, least)))
            for at, one in enumerate(ranked)
        ]
        return sorted(found, key=lambda one: -one.score)


def _defines(one: Scored) -> bool:
    return one.fit and one.features.kind == 1.0


def _pick(asked: Question, views: Sequence[PassageView], fit: Sequence[Scored], least: float) -> list[Scored]:
    """The best unit, with the list it belongs to, or with what covers another part of the question.

    ``least`` is the probability from which a unit answers for one of several periods.
    """
    best = fit[0]
    if len(asked.periods) > 1:
        return _by_period(asked, views, fit, least)
    if Want.LIST in asked.wants or best.unit.text.endswith(":"):
        items = listed(views, best)
        if len(items) > 1:
            return items
    picked = with_cause(views, best, fit) if Want.REASON in asked.wants else [best]
    share = PART_SHARE if asked.double else SECOND_SHARE
    words = sum(len(one.unit.text.split()) for one in picked)
    for other in fit[1:]:
        if len(picked) == MAX_SENTENCES or other.score < share * best.score:
            break
        length = len(other.unit.text.split())
        if words + length <= MAX_WORDS and _adds(asked, picked, other):
            picked.append(other)
            words += length
    return picked


def _by_period(asked: Question, views: Sequence[PassageView], fit: Sequence[Scored], least: float) -> list[Scored]:
    """The best unit for each period asked about, in the question's order."""
    picked: list[Scored] = []
    for period in asked.periods[:MAX_SENTENCES]:
        for choice in fit:
            passage = views[choice.passage].passage
            # What is rank 1 for one period cannot also be for the other.
            if choice.score >= least and period_match([period], choice.unit.text, passage) > OTHER:
                if choice not in picked:
                    picked.append(choice)
                break
    return picked or [fit[0]]


def _adds(asked: Question, picked: Sequence[Scored], other: Scored) -> bool:
    """Whether a further unit holds a term of the question, other than a name, that those picked lack."""
    if any(choice.unit.text.casefold() == other.unit.text.casefold() for choice in picked):
        return False
    before = np.maximum.reduce([choice.unit.held for choice in picked])
    return bool(((other.unit.held > before) & ~named_terms(asked)).any())


def _sentence(reading: Reading, choice: Scored) -> DraftSentence:
    passage = reading.views[choice.passage].passage
    start, end, text = wording(reading.asked, passage, choice.unit.unit, MAX_WORDS)
    return DraftSentence(text, (Quote(reading.places[choice.passage], start, end, round(choice.score, 4)),))
