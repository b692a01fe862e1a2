"""Which sentences stay, and what of one that was written freely must not be believed though its words occur.

The built-in reader quotes and cannot put a figure beside the place of another; a model can.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.facts import check
from rag.schema import Citation, CitedSentence, Draft, Passage, Verdict
from rag.verify import context_of, coverage_across, foreign

# Share of the words known to the glossary that evidence in the other language must hold. Of sentences beside their
# translation 78 to 99 in 100 hold so much, by source, beside another's 3 to 9 (eval/LOG.md).
_ACROSS_FROM = 0.5
_CLAUSE = re.compile(r";\s|,?\s(?:and|while|whereas|but|y|e|mientras|pero)\s", re.IGNORECASE)

# "79% fewer" against "79% higher": directions of change, and not of a bound ("fewer than 300").
_DOWN = re.compile(
    r"\b(?:(?:fewer|less|menos)\b(?!\s+(?:than|de|que)\s+[\d$€£])|lower|decreas\w*|fell|fall\w*|drop\w*|declin\w*|reduc\w*"
    r"|menor(?:es)?|dismin\w*|baj[oóa]\w*)",
    re.IGNORECASE,
)
_UP = re.compile(
    r"\b(?:(?:more|más)\b(?!\s+(?:than|de|que)\s+[\d$€£])|higher|increas\w*|ris(?:e|es|en|ing)|rose|grew|growth|mayor(?:es)?"
    r"|aument\w*|crec\w*|subi\w*)",
    re.IGNORECASE,
)


def trusted(
    sentences: Sequence[CitedSentence], citations: Sequence[Citation]
) -> tuple[tuple[CitedSentence, ...], tuple[Citation, ...], bool]:
    """Drop every sentence that its quotes do not bear out, and renumber what is left from 1."""
    kept = [sentence for sentence in sentences if sentence.verdict is not Verdict.UNSUPPORTED and sentence.markers]
    used = sorted({marker for sentence in kept for marker in sentence.markers})
    number = {old: new for new, old in enumerate(used, start=1)}
    return (
        tuple(replace(s, markers=tuple(number[marker] for marker in s.markers)) for s in kept),
        tuple(replace(c, marker=number[c.marker]) for c in citations if c.marker in number),
        len(kept) < len(sentences),
    )


def guarded(
    draft: Draft, sentences: Sequence[CitedSentence], citations: Sequence[Citation], passages: Sequence[Passage]
) -> tuple[CitedSentence, ...]:
    """``sentences``, as ``cite`` made them of ``draft``, with a sterner verdict where one is due.

    Unsupported is a sentence whose figure stands for something else in its quotes, with the words
    or the name of another; one whose opposite is said there; one that takes a figure from one quote
    and its place from another; and one in another language than its quotes that shares neither
    names nor known words with them.
    """
    quoted = {citation.marker: citation.quote for citation in citations}
    found = []
    for drafted, sentence in zip(draft.sentences, sentences, strict=True):
        if sentence.markers and sentence.verdict is not Verdict.UNSUPPORTED:
            evidence = [quoted[marker] for marker in sentence.markers]
            about = [context_of(passages[quote.passage]) for quote in drafted.quotes]
            if not _believed(sentence.text, evidence, "\n".join(dict.fromkeys(about))):
                sentence = replace(sentence, verdict=Verdict.UNSUPPORTED)
        found.append(sentence)
    return tuple(found)


def _believed(sentence: str, evidence: Sequence[str], context: str) -> bool:
    if check(sentence, evidence, context=context).contrary or _turned(sentence, evidence):
        return False
    if foreign(sentence, evidence, context) and coverage_across(sentence, evidence) < _ACROSS_FROM:
        return False
    return len(evidence) == 1 or all(
        any(not check(clause, [quote], context=context).missing for quote in evidence)
        for clause in _CLAUSE.split(sentence)
    )


def _turned(sentence: str, evidence: Sequence[str]) -> bool:
    held = " ".join(evidence)
    return any(
        one.search(sentence) and not other.search(sentence) and other.search(held) and not one.search(held)
        for one, other in ((_UP, _DOWN), (_DOWN, _UP))
    )
