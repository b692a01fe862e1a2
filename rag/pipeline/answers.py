"""From checked sentences to what is shown: the answer, and its text or that of an abstention."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag.periods import in_words
from rag.pipeline.writing import Found, Written
from rag.schema import ABSTAIN, UNCHECKED, Answer, Citation, CitedSentence, Draft, Passage
from rag.text import language_of


def marked(sentence: CitedSentence) -> str:
    """A sentence with its markers."""
    return f"{sentence.text} {''.join(f'[{marker}]' for marker in sentence.markers)}".rstrip()


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


def answer_of(found: Found, written: Written, searched_for: str, timings: dict[str, float]) -> Answer:
    """The result of a question; ``searched_for`` and ``timings`` as in ``Answer``."""
    draft, sentences = written.draft, written.sentences
    return Answer(
        status="answered" if sentences else "abstained",
        text=text_of(sentences, draft.unanswered) if sentences else abstention(found.question, draft, written.dropped),
        sentences=sentences,
        citations=written.citations,
        passages=tuple(found.passages),
        reader=written.reader,
        timings_s={name: round(seconds, 6) for name, seconds in timings.items()},
        confidence=draft.confidence if sentences or not written.dropped else 0.0,
        searched_for=searched_for,
        unanswered=draft.unanswered if sentences else (),
        as_of=as_of(written.citations, found.passages, found.language),
        notes=draft.notes,
    )


def pieces_of(answer: Answer) -> Iterator[str]:
    """The text of an answer that came all at once."""
    if not answer.sentences:
        yield answer.text
    for number, sentence in enumerate(answer.sentences):
        yield f"{' ' if number else ''}{marked(sentence)}"
    if answer.sentences:
        yield from (f" {part}" for part in answer.unanswered)
