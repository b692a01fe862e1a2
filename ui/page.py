"""What the chat page does, whatever serves it: questions in, HTML out."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from rag.errors import RagError
from rag.schema import Answer, Citation, ReportInfo, Section, Turn
from rag.text import language_of
from ui import render
from ui.words import WORDS

MAX_QUESTION = 2_000  # characters
MAX_HISTORY = 20  # earlier turns that a question is understood from
_PROVISIONAL_S = 0.15  # between two states of a text that is being written

log = logging.getLogger(__name__)


class Assistant(Protocol):
    """What the page needs of an assistant."""

    def stream(self, question: str, **filters: Any) -> Iterator[str | Answer]:
        """Yield text as it is written, last the answer; ``reports`` (ids) may restrict the search. Raises RagError.

        ``history`` is what was said before.
        """
        ...

    def reports(self) -> Sequence[ReportInfo]:
        """List the reports in the index. Raises RagError."""
        ...

    def section_at(self, report_id: str, offset: int) -> Section:
        """Find the innermost section around a character of a report. Raises RagError."""
        ...

    def report_text(self, report_id: str) -> str:
        """Give the full text of a report. Raises RagError."""
        ...


@dataclass(frozen=True, slots=True)
class Shown:
    """A question and its answer on the page; ``turn`` is None while, or where, there is no answer."""

    html: str
    turn: Turn | None = None


class ChatPage:
    """What the page does; what a visitor was shown (oldest first) is passed in and out."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant

    def opening(self) -> tuple[str, list[tuple[str, str]]]:
        """Give the words before the first question (HTML), and (title, id) of each report."""
        try:
            reports = self._assistant.reports()
        except RagError as error:
            return render.render_error(str(error)), []
        if not reports:
            notice = "The index holds no reports yet. Add some with “reportqa ingest FOLDER” and reload this page."
            return render.render_notice(notice), []
        notice = (
            f"Ask in English or Spanish. Answers come only from the {len(reports)} reports in the index, "
            "each sentence with its source."
        )
        return render.render_notice(notice), _titles(reports)

    def pending(self, question: str, chosen: Sequence[str], shown: Sequence[Shown]) -> list[Shown]:
        """Add the question with a busy line to ``shown``; ``chosen`` are report ids, none for all."""
        language = _language(question, shown)
        return [*shown, Shown(self._html(question, chosen, render.render_pending(language), language))]

    def answered(self, question: str, chosen: Sequence[str], shown: Sequence[Shown]) -> list[Shown]:
        """The last of what :meth:`writing` yields."""
        *_, done = self.writing(question, chosen, shown)
        return done

    def writing(self, question: str, chosen: Sequence[str], shown: Sequence[Shown]) -> Iterator[list[Shown]]:
        """Add the question with its answer, or with one line that says why there is none.

        While a model writes, its text comes first as it grows, marked as not checked yet; what is yielded last
        stays. A follow-up question is understood from the answered ones in ``shown``.
        """
        language, turn = _language(question, shown), None
        filters = {"reports": tuple(chosen)} if chosen else {}
        history = [one.turn for one in shown if one.turn is not None]
        text, since, answer = "", 0.0, None
        try:
            for piece in self._assistant.stream(question.strip(), history=history[-MAX_HISTORY:], **filters):
                if isinstance(piece, Answer):
                    answer = piece
                    break
                text, since = text + piece, since or time.monotonic()
                if time.monotonic() - since >= _PROVISIONAL_S:
                    since = time.monotonic()
                    body = render.render_provisional(text, language)
                    yield [*shown, Shown(self._html(question, chosen, body, language))]
            assert answer is not None, "a stream ends with its answer"
            key = f"a{len(shown) + 1}"
            body = render.render_answer(answer, self._section_text, language=language, key=key)
            turn = Turn(question.strip(), answer.text)
        except RagError as error:
            body = render.render_error(str(error))
        except Exception:
            # The last stop before the browser: the details belong in the log, not on the page.
            log.exception("A question could not be answered")
            body = render.render_error(WORDS[language]["failed"])
        yield [*shown, Shown(self._html(question, chosen, body, language), turn)]

    def _html(self, question: str, chosen: Sequence[str], body: str, language: str) -> str:
        # An overlong question is refused, and need not fill the page.
        shown = question.strip()[:MAX_QUESTION]
        return render.render_turn(shown, body, only_in=self._titles_of(chosen), language=language)

    def _section_text(self, citation: Citation) -> tuple[str, int]:
        try:
            section = self._assistant.section_at(citation.report_id, citation.start)
            text = self._assistant.report_text(citation.report_id)
        except RagError:
            # Removed since it was cited: the quote itself is still right.
            return citation.quote, citation.start
        return text[section.start : section.end], section.start

    def _titles_of(self, chosen: Sequence[str]) -> list[str]:
        if not chosen:
            return []
        titles = {report_id: title for title, report_id in self.opening()[1]}
        return [titles.get(report_id, report_id) for report_id in chosen]


def _language(question: str, shown: Sequence[Shown]) -> str:
    """Language of a question; that of the one before, where "Tacna?" or "2019?" does not tell."""
    language = "en"
    for one in shown:
        language = language_of(one.turn.question, default=language) if one.turn else language
    return language_of(question, default=language)


def page_of(shown: Sequence[Shown]) -> str:
    """Make the conversation of what was shown."""
    return render.render_conversation([one.html for one in shown])


def _titles(reports: Sequence[ReportInfo]) -> list[tuple[str, str]]:
    """(title, id) by title; a title that occurs twice carries the id as well."""
    titles = [report.title for report in reports]
    return sorted(
        (report.title if titles.count(report.title) == 1 else f"{report.title} ({report.id})", report.id)
        for report in reports
    )
