"""Two wants in one question: what answers the whole, and what must be added for a want left open."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rag.question import Want
from rag.question.parts import Split
from rag.readers.features import answering
from rag.readers.missing import missing
from rag.readers.scored import Reading, Scored
from rag.schema import Draft, DraftSentence
from rag.text import language_of

_LIKELY = 0.3  # share of the threshold from which a unit that is quoted anyway answers a want
_OTHER_WANT = 0.6  # of the threshold, once another want is answered and the topic known
_FIGURES = frozenset({Want.COUNT, Want.MONEY, Want.PERCENT, Want.DURATION})


def answer_wants(
    split: Split,
    whole: Reading,
    picked: Sequence[Scored],
    readings: Sequence[Reading],
    threshold: float,
    word: Callable[[Reading, Scored], DraftSentence],
) -> Draft:
    """One answer out of what was picked for the question as a whole and of a reading for each want.

    A picked unit stays if it answers a want that none before it does; a want that is left takes its own
    best unit, for which less of the threshold will do once another is answered. Wants without an
    answer are named in ``Draft.unanswered``. Arguments as ``answer_parts``.
    """
    covered: set[int] = set()
    used: set[tuple[str, int]] = set()
    given: list[tuple[int, DraftSentence]] = []
    for choice in picked:
        found = _covers(whole.key(choice), readings, threshold, covered)
        if found or not given:
            given.append((min(found, default=0), word(whole, choice)))
            used.add(whole.key(choice))
            covered |= found
    for number, reading in enumerate(readings):
        # A unit that was given for one want is not what answers another, or it would have covered both.
        best = next((choice for choice in reading.fit if reading.key(choice) not in used), None)
        if number not in covered and best and best.score >= (_OTHER_WANT if given else 1.0) * threshold:
            given.append((number, word(reading, best)))
            used.add(reading.key(best))
            covered.add(number)
    given.sort(key=lambda pair: pair[0])
    scores = [reading.fit[0].score for reading in (whole, *readings) if reading.fit]
    return Draft(
        tuple(sentence for _, sentence in given),
        confidence=round(max(scores, default=0.0), 4),
        unanswered=missing(
            [part for number, part in enumerate(split.parts) if number not in covered],
            compared=False,
            language=language_of(split.parts[0].text),
        )
        if given
        else (),
    )


def _covers(key: tuple[str, int], readings: Sequence[Reading], threshold: float, covered: set[int]) -> set[int]:
    """Numbers of the wants still open that a unit answers; of two for one kind of figure, one figure answers one."""
    found = {
        number: (reading, choice)
        for number, reading in enumerate(readings)
        for choice in reading.fit
        if number not in covered
        and reading.key(choice) == key
        and choice.failed is None
        and choice.score >= _LIKELY * threshold
    }
    if len(found) < 2:
        return set(found)
    kinds = {frozenset(reading.asked.wants & _FIGURES) for reading, _ in found.values()}
    values = {figure.value for reading, choice in found.values() for figure in answering(reading.asked, choice.unit)}
    if len(kinds) == 1 and kinds != {frozenset()} and len(values) == 1:
        return {max(found, key=lambda number: _ahead(*found[number]))}
    return set(found)


def _ahead(reading: Reading, choice: Scored) -> float:
    """How much likelier a unit is than the likeliest other one."""
    return choice.score - max((other.score for other in reading.fit if other is not choice), default=0.0)
