"""From a verified draft to what is shown: which sentences stay, and the text of an answer or an abstention."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.periods import in_words
from rag.schema import ABSTAIN, UNCHECKED, Citation, CitedSentence, Draft, Passage, Verdict
from rag.text import language_of


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


def marked(sentence: CitedSentence) -> str:
    """A sentence with its markers."""
    return f"{sentence.text} {''.join(f'[{marker}]' for marker in sentence.markers)}"


def text_of(sentences: Sequence[CitedSentence], unanswered: Sequence[str]) -> str:
    """The text of an answer: its sentences with markers, then what the reports do not say."""
    return " ".join([*(marked(sentence) for sentence in sentences), *unanswered])


def as_of(citations: Sequence[Citation], passages: Sequence[Passage], language: str) -> str:
    """The period of the latest report cited, in words; empty when none states its period."""
    cited = {citation.report_id for citation in citations}
    reports = (passage.report for passage in passages if passage.report.id in cited)
    periods = [report.period for report in reports if report.period]
    return in_words(max(periods, key=lambda period: (period.end, period.start)), language) if periods else ""


def abstention(question: str, draft: Draft, dropped: bool) -> str:
    """The text of an abstention, in the question's language; ``dropped`` if the check left nothing of a draft."""
    language = language_of(question)
    reason = UNCHECKED[language] if dropped else draft.reason
    return f"{ABSTAIN[language]} {reason}".strip()
