"""Comparisons: an answer for each, and the difference of two figures of the same thing."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np

from rag.dates import find_dates
from rag.periods import in_words, overlap
from rag.question.parts import Part, Split
from rag.question.parts.vocabulary import MEASURE
from rag.readers.constraints import Constraint
from rag.readers.dated import bears
from rag.readers.differences import Said, differences
from rag.readers.features import answering
from rag.readers.missing import missing
from rag.readers.scored import Reading, Scored
from rag.readers.sides import SIDE_WORD, content, says, told
from rag.readers.twins import twin
from rag.schema import Draft, DraftSentence
from rag.text import fold, language_of, plain

# Shares of the threshold and of the best probability, see ``_chosen``.
_OTHER_PART, _SHARED, _TWIN = 0.6, 0.8, 0.2
_OUTSIDE = re.compile(r"\b(?:outside|non|not|no|beyond|without|excluding|other than|fuera|sin|excepto)\b")
_OUTER = re.compile(r"(?:outside|without|fuera|sin)\b")


def answer_compared(
    split: Split,
    readings: Sequence[Reading],
    threshold: float,
    word: Callable[[Reading, Scored], DraftSentence],
) -> Draft:
    """One answer out of a reading for each part; empty when no part is answered.

    Each part has its own sentence and citation; one that answers several is given once. Where two
    parts give one figure each of the same thing, in the same unit, their difference is stated. A
    part without an answer is named in ``Draft.unanswered``.

    :param threshold: probability from which a unit answers.
    :param word: puts a picked unit into a sentence whose quotes name passages by their place.
    """
    language = language_of(split.parts[0].text)
    chosen = _chosen(split, readings, threshold)
    best = [choice for reading in readings for choice in reading.fit[:1]]
    confidence = max((one.score for one in (*best, *chosen) if one), default=0.0)
    given: dict[tuple[str, int], Said] = {}
    said: list[Said] = []
    for part, reading, choice in zip(split.parts, readings, chosen, strict=True):
        if choice is None:
            continue
        key = reading.key(choice)
        if key not in given:
            bare = word(reading, choice)
            sentence = _named(part, split, reading, choice, bare, language)
            given[key] = Said(part, reading, choice, sentence, bare.text)
            said.append(given[key])
    sentences = [*(one.sentence for one in said), *differences(split, said, language)]
    lacking = [part for part, choice in zip(split.parts, chosen, strict=True) if choice is None]
    unanswered = missing(lacking, compared=True, language=language) if said else ()
    return Draft(tuple(sentences), confidence=round(confidence, 4), unanswered=unanswered)


def _chosen(split: Split, readings: Sequence[Reading], threshold: float) -> list[Scored | None]:
    """The unit that answers each part, None for a part without one.

    One part must be answered outright; then the topic is known, and the others need three fifths of
    the threshold, or less where a unit says the same of its side as that answer does (see :func:`twin`).
    A unit that answers all parts nearly as well as the best of each is the answer to all, if it names
    all that is compared.
    """
    fit = [
        [choice for choice in reading.fit if _about(part, split, reading, choice)]
        for part, reading in zip(split.parts, readings, strict=True)
    ]
    if not any(choices and choices[0].score >= threshold for choices in fit):
        return _side_by_side(split, readings, threshold) or [None] * len(fit)
    likely = [[choice for choice in choices if choice.score >= _OTHER_PART * threshold] for choices in fit]
    by_key = [{reading.key(c): c for c in choices} for reading, choices in zip(readings, likely, strict=True)]
    common = set(by_key[0]).intersection(*by_key[1:])
    for key in sorted(common, key=lambda key: -sum(found[key].score for found in by_key)):
        near = all(
            found[key].score >= _SHARED * choices[0].score for found, choices in zip(by_key, likely, strict=True)
        )
        all_told = not split.dated and all(map(told, split.parts, readings, (found[key] for found in by_key)))
        if near and (all_told or names_all(split, by_key[0][key])):
            return [found[key] for found in by_key]
    sure = max(range(len(fit)), key=lambda at: fit[at][0].score if fit[at] else 0.0)
    for at, (part, reading) in enumerate(zip(split.parts, readings, strict=True)):
        if not likely[at]:
            found = twin(split, part, (readings[sure], fit[sure][0]), (reading, fit[at]), _TWIN * threshold)
            likely[at] = [found] if found else []
    picked: list[Scored | None] = []
    used: set[tuple[str, int]] = set()
    for reading, choices in zip(readings, likely, strict=True):
        # What answers for one side of a comparison cannot answer for the other, unless it names both.
        free = [c for c in choices if reading.key(c) not in used or names_all(split, c)]
        picked.append(free[0] if free else None)
        used.update(reading.key(choice) for choice in free[:1])
    return picked


def _side_by_side(split: Split, readings: Sequence[Reading], threshold: float) -> list[Scored | None]:
    """A unit of one report for each place or group, likely enough and naming it; empty unless each has one.

    The question's other names may be missing there: that two sides are told in one report, in a
    sentence each, says enough of what they are in ("Dori and Djibo, in the Sahel").
    """
    if split.dated:
        return []
    sides = frozenset(word for part in split.parts for word in content(part.label))
    found: list[Scored | None] = []
    for part, reading in zip(split.parts, readings, strict=True):
        choice = next(
            (
                one
                for one in reading.ranked
                if (one.fit or one.failed is Constraint.NAME)
                and one.score >= _OTHER_PART * threshold
                and says(fold(one.unit.text), part)
                and not sides.intersection(content(" ".join(one.missing)))
                and _about(part, split, reading, one)
            ),
            None,
        )
        if choice is None:
            return []
        found.append(choice)
    reports = {reading.key(one)[0] for reading, one in zip(readings, found, strict=True) if one}
    sure = any(one.score >= threshold for one in found if one)
    return found if sure and len(reports) == 1 else []


def names_all(split: Split, choice: Scored) -> bool:
    """Whether a unit names everything that is compared, so that it may answer for all."""
    text = fold(choice.unit.text)
    if split.dated:
        stated = {mention.period for mention in find_dates(choice.unit.text)}
        asked = [mention.period for part in split.parts for mention in find_dates(part.label)]
        return all(any(known and one and overlap(known, one) for known in stated) for one in asked)
    return all(says(text, part) for part in split.parts)


def _about(part: Part, split: Split, reading: Reading, choice: Scored) -> bool:
    """Whether a unit speaks of the part's place or group; periods have been checked by then."""
    if re.search(rf"\b{MEASURE}\b", fold(part.text)) and not answering(reading.asked, choice.unit):
        return False  # an amount was asked for
    if split.dated:
        return True
    text = fold(f"{choice.unit.text} {choice.unit.unit.title}")
    if SIDE_WORD.match(fold(part.label)) and bool(_OUTER.match(fold(part.label))) != bool(_OUTSIDE.search(text)):
        return False
    others = [other for other in split.parts if other.label != part.label and content(other.label)]
    if not says(text, part) and not told(part, reading, choice) and any(says(text, other) for other in others):
        return False  # it speaks of another side
    held = np.maximum(choice.unit.held, reading.views[choice.passage].around)
    wanted = set(content(part.label))
    there = [value for term, value in zip(reading.asked.terms, held, strict=True) if term.word in wanted]
    return 2 * sum(there) >= len(there)


def _named(
    part: Part, split: Split, reading: Reading, choice: Scored, sentence: DraftSentence, language: str
) -> DraftSentence:
    """The sentence under the name of its part, where it does not say it itself."""
    passage = reading.views[choice.passage].passage
    names = [part.label]
    if split.dated:
        dates = find_dates(part.label)
        names = [part.label[mention.start : mention.end] for mention in dates[:1]]
        names += [in_words(passage.report.period, language)] if passage.report.period else []
        if any(
            mention.period and overlap(mention.period, dates[0].period)
            for mention in find_dates(sentence.text)
            if dates
        ):
            return sentence
    elif says(fold(sentence.text), part):
        return sentence
    for name in names:
        if bears(passage, plain(passage.chunk.text), name):
            return DraftSentence(f"{name[:1].upper()}{name[1:]}: {sentence.text}", sentence.quotes)
    return sentence
