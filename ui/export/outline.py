"""What an export says of a question and its answer, before it takes a form; all text is plain and on one line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.schema import Answer, Citation, Passage, ReportInfo, Verdict
from ui.conversations.records import Conversation, Entry
from ui.export.words import LABELS
from ui.filters import chips_of
from ui.words import WORDS

NEAREST = 4  # passages of an abstention
EXCERPT = 300  # characters of each

# Control characters have no place in a document, and XML has no form for the rest.
_UNWRITABLE = re.compile("[^\\s\u0020-\u007e\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Source:
    """A citation in words. ``where`` is report, date, section and page; ``verdict`` that of the quote."""

    marker: int
    where: str
    quote: str
    verdict: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its markers; ``flag`` is its verdict in words unless it is supported."""

    text: str
    markers: tuple[int, ...]
    flag: str


@dataclass(frozen=True, slots=True)
class Outline:
    """An entry in words.

    ``lead`` are (label, value) of how it was asked and read, ``facts`` of the answer itself; ``state`` says what
    is there in place of an answer: that the reports do not answer, an error, a stop. ``nearest`` are (where, excerpt).
    """

    question: str
    lead: tuple[tuple[str, str], ...]
    state: str
    sentences: tuple[Sentence, ...]
    remainder: str
    sources: tuple[Source, ...]
    nearest: tuple[tuple[str, str], ...]
    facts: tuple[tuple[str, str], ...]


def outline(entry: Entry, language: str, reports: Sequence[ReportInfo] = ()) -> Outline:
    """Put an entry into words."""
    words, labels, answer = WORDS[language], LABELS[language], entry.answer
    scope = " · ".join(chip.text for chip in chips_of(entry.scope, reports, language))
    lead = [
        (labels["asked"], f"{entry.asked:%Y-%m-%d %H:%M} UTC"),
        (labels["searched_in"], one_line(scope) or labels["all_reports"]),
    ]
    if answer is None:
        state, text = _without_answer(entry, language)
        return Outline(one_line(entry.question), tuple(lead), state, (), text, (), (), ())
    if answer.searched_for:
        lead.append((words["searched_for"], one_line(answer.searched_for)))
    lead.append((words["reader"], one_line(answer.reader)))
    abstained = answer.status == "abstained"
    return Outline(
        question=one_line(entry.question),
        lead=tuple(lead),
        state=words["abstained"] if abstained else "",
        sentences=tuple(
            Sentence(one_line(one.text), one.markers, "" if one.verdict is Verdict.SUPPORTED else words[one.verdict])
            for one in answer.sentences
        ),
        remainder=one_line(answer.text if abstained else " ".join(answer.unanswered)),
        sources=tuple(_source(citation, language) for citation in answer.citations),
        nearest=tuple(_nearest(passage, language) for passage in answer.passages[:NEAREST]) if abstained else (),
        facts=_facts(answer, language),
    )


def title_of(conversation: Conversation, language: str) -> str:
    """The conversation's title, or a word for one without."""
    return one_line(conversation.title) or LABELS[language]["untitled"]


def summary_of(conversation: Conversation, language: str) -> str:
    """When it was last asked or answered, and how many questions it has."""
    count = len(conversation.entries)
    labels = LABELS[language]
    questions = labels["one_question"] if count == 1 else labels["n_questions"].format(count)
    return f"{conversation.updated:%Y-%m-%d %H:%M} UTC · {questions}"


def one_line(text: str) -> str:
    """``text`` on one line, without control characters."""
    return " ".join(_UNWRITABLE.sub("", text).split())


def shortened(text: str, length: int = EXCERPT) -> str:
    """``text`` on one line, cut at a word to about ``length`` characters."""
    line = one_line(text)
    return line if len(line) <= length else f"{line[:length].rsplit(' ', 1)[0]} …"


def _without_answer(entry: Entry, language: str) -> tuple[str, str]:
    labels = LABELS[language]
    if entry.error:
        return labels["error"], one_line(entry.error)
    return labels["error"], labels["stopped" if entry.stopped else "under_way"]


def _facts(answer: Answer, language: str) -> tuple[tuple[str, str], ...]:
    words = WORDS[language]
    facts = []
    if answer.status == "answered":
        facts.append((words["as_of"], one_line(answer.as_of) or LABELS[language]["no_period"]))
    return (*facts, *((LABELS[language]["note"], one_line(note)) for note in answer.notes))


def _source(citation: Citation, language: str) -> Source:
    words = WORDS[language]
    where = [citation.report_title]
    if citation.published:
        where.append(f"{words['published']} {citation.published.isoformat()}")
    where.append(" › ".join(citation.section))
    if citation.page is not None:
        where.append(f"{words['page']} {citation.page}")
    if citation.paragraph:
        where.append(f"{words['paragraph']} {citation.paragraph}")
    if citation.ocr is not None:
        where.append(f"{words['ocr']} {round(100 * citation.ocr)} %")
    return Source(citation.marker, _joined(where), one_line(citation.quote), words[citation.verdict])


def _nearest(passage: Passage, language: str) -> tuple[str, str]:
    report = passage.report
    published = f"{WORDS[language]['published']} {report.published.isoformat()}" if report.published else ""
    return _joined([report.title, published, " › ".join(passage.section)]), shortened(passage.chunk.text)


def _joined(parts: Sequence[str]) -> str:
    return ", ".join(part for part in map(one_line, parts) if part)
