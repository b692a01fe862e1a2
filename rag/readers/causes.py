"""A cause that stands in the sentence before or behind the one that names the effect."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.matching import PassageView
from rag.readers.features import gives_reason
from rag.readers.scored import Scored
from rag.schema import UnitKind
from rag.text import fold, is_stop, stem, words

# A sentence that begins so gives the effect of what was said before it.
_EFFECT = re.compile(
    r"\W*(?:as a (?:result|consequence)|consequently|therefore|thus|hence|for (?:this|that|these) reasons?"
    r"|because of th(?:is|ese)|due to th(?:is|ese)|this (?:has|had|led|resulted|caused|forced|meant)|como resultado"
    r"|como consecuencia|en consecuencia|por (?:ello|eso|lo tanto|esta razon|este motivo|lo que)"
    r"|debido a (?:ello|esto|eso)|esto ha\b)"
)
# A sentence that begins so goes on about what was said before it.
_GOES_ON = re.compile(
    r"\W*(?:th(?:is|ese|ose|at)|such|it|they|the|est[aeo]s?|es[aeo]s?|dich[ao]s?|ell[ao]s|el|la|l[ao]s)\b"
)
_SHARED = 4  # letters of a word by which two sentences speak of the same thing


def with_cause(views: Sequence[PassageView], best: Scored, ranked: Sequence[Scored]) -> list[Scored]:
    """``best``, and the neighbour in its passage that gives its cause, in the order of the text.

    That before it where ``best`` begins as an effect does ("As a result, …"); that behind it where ``best`` gives no
    cause and the next sentence goes on about the same thing and does.
    """
    text = fold(best.unit.text)
    if best.unit.unit.kind is not UnitKind.SENTENCE:
        return [best]
    if _EFFECT.match(text):
        before = _at(ranked, best, best.number - 1)
        return [before, best] if before else [best]
    behind = _at(ranked, best, best.number + 1)
    if behind and not gives_reason(text) and _tells(fold(behind.unit.text), text, views[best.passage]):
        return [best, behind]
    return [best]


def _at(ranked: Sequence[Scored], best: Scored, number: int) -> Scored | None:
    at = (best.passage, number)
    return next(
        (one for one in ranked if (one.passage, one.number) == at and one.unit.unit.kind is UnitKind.SENTENCE), None
    )


def _tells(behind: str, text: str, view: PassageView) -> bool:
    """Whether a folded sentence gives a reason and goes on about what ``text``, folded too, speaks of."""
    if not gives_reason(behind) or not _GOES_ON.match(behind):
        return False
    language = view.passage.report.language
    first, second = (
        {
            stem(word.group(), language)
            for word in words(one)
            if len(word.group()) >= _SHARED and not is_stop(word.group())
        }
        for one in (text, behind)
    )
    return bool(first & second) or re.match(r"\W*(?:this|these|it|they|est[aeo]s?|ello)\b", behind) is not None
