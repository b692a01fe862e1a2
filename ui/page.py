"""What the Ask page does, whatever serves it: questions go into conversations, HTML comes out."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Protocol

from rag.errors import RagError
from rag.layout import Layout
from rag.schema import Answer, Filters, ReportInfo, Section, Turn
from rag.text import language_of
from ui import render
from ui.api.admission import Admission
from ui.conversations import Conversation, ConversationMissing, Conversations, Entry
from ui.examples import Examples
from ui.export import copy_text
from ui.filters import admitted, chips_of
from ui.jobs import Job, Jobs, Outcome
from ui.users.identity import LOCAL, VISITOR
from ui.words import WORDS

MAX_QUESTION = 2_000  # characters
MAX_HISTORY = 20  # earlier turns that a question is understood from
MAX_TITLE, MAX_SEARCH, MAX_REMARK = 200, 200, 2_000  # characters

log = logging.getLogger(__name__)


class Assistant(Protocol):
    """What the pages need of an assistant."""

    @property
    def reader_name(self) -> str:
        """The chat model's name, or ``"extractive"``."""
        ...

    def stream(self, question: str, **options: Any) -> Iterator[str | Answer]:
        """Yield text as it is written, last the answer; takes the arguments of ``query``. Raises RagError."""
        ...

    def query(self, question: str, **options: Any) -> Answer:
        """Answer; filters and ``history`` (what was said before) are optional. Raises RagError."""
        ...

    def reports(self) -> Sequence[ReportInfo]:
        """List the reports in the index. Raises RagError."""
        ...

    def sections(self, report_id: str) -> Sequence[Section]:
        """Give the sections of a report in text order. Raises RagError."""
        ...

    def section_at(self, report_id: str, offset: int) -> Section:
        """Find the innermost section around a character of a report. Raises RagError."""
        ...

    def report_text(self, report_id: str) -> str:
        """Give the full text of a report. Raises RagError."""
        ...

    def layout(self, report_id: str) -> Layout | None:
        """Give pages and places of a report, None where its format has none. Raises RagError."""
        ...

    def page_picture(self, report_id: str, number: int, width: int) -> bytes:
        """Draw a page as a PNG, ``width`` pixels wide. Raises RagError."""
        ...


@dataclass(frozen=True, slots=True)
class Visit:
    """Who looks at which conversation ("" for a new one), in which language; ``is_admin`` may add reports."""

    user: str
    conversation: str = ""
    language: str = "en"
    is_admin: bool = True


class AskPage:
    """The Ask page for all who visit; safe to use from several threads."""

    def __init__(self, assistant: Assistant, conversations: Conversations, admission: Admission) -> None:
        self._assistant = assistant
        self._conversations = conversations
        self._jobs = Jobs(admission)
        self._examples = Examples(assistant, admission)

    def reports(self) -> list[ReportInfo]:
        """The reports in the index; none where it cannot be read."""
        try:
            return list(self._assistant.reports())
        except RagError as error:
            log.warning("The reports cannot be listed: %s", error)
            return []

    def header(self, visit: Visit, title: str) -> str:
        """The heading of the page, with the status line."""
        user = visit.user if _is_login(visit.user) else ""
        status = render.Status(self._assistant.reader_name, len(self.reports()), user)
        return render.render_header(title, status, language=visit.language)

    def listed(self, visit: Visit, search: str = "") -> dict[str, str]:
        """The conversations of the user, those with all words of ``search``, for the sidebar."""
        found = self._conversations.summaries(visit.user, search[:MAX_SEARCH])
        return {
            "frame": render.render_sidebar(visit.language),
            "list": render.render_list(
                found, current=visit.conversation, search=search.strip(), language=visit.language
            ),
        }

    def opened(self, visit: Visit) -> tuple[Conversation | None, Job | None]:
        """The conversation of a visit with the job that answers its last question, if one does.

        No conversation for a new one or one that is gone or somebody else's.
        """
        try:
            conversation = self._conversations.open(visit.user, visit.conversation) if visit.conversation else None
            if conversation is None or not conversation.entries:
                return conversation, None
            job = self._jobs.get(str(conversation.entries[-1].id))
            if job is None and _is_open(conversation.entries[-1]):  # it ended meanwhile, or the program did before
                conversation = self._conversations.open(visit.user, visit.conversation)
            return conversation, job
        except ConversationMissing:
            return None, None

    def shown(self, visit: Visit, *, trouble: str = "") -> dict[str, Any]:
        """What the middle of the page shows: ``turns`` as [key, html], oldest first, ``start`` and ``top`` as HTML.

        ``busy`` says that the last turn is still being answered, ``pending`` that ``start`` will have more soon.
        """
        conversation, job = self.opened(visit)
        if conversation is None:
            missing = WORDS[visit.language]["gone"] if visit.conversation else ""
            start, pending = self._start(visit, trouble or missing)
            return {"id": "", "turns": [], "top": "", "start": start, "busy": False, "pending": pending}
        reports = self.reports()
        turns = [[str(entry.id), self._turn(entry, None, visit, reports)] for entry in conversation.entries[:-1]]
        turns += [[str(entry.id), self._turn(entry, job, visit, reports)] for entry in conversation.entries[-1:]]
        top = render.render_exports(conversation.id, visit.language)
        return {
            "id": conversation.id,
            "turns": turns,
            "top": top,
            "start": "",
            "busy": job is not None,
            "pending": False,
        }

    def filters(self, visit: Visit) -> Filters:
        """The filters of a conversation: those of its last question."""
        conversation, _ = self.opened(visit)
        return conversation.entries[-1].scope if conversation and conversation.entries else Filters()

    def writing(self, visit: Visit, state: dict[str, Any]) -> dict[str, Any]:
        """``state`` (of :meth:`shown`) with the last turn as it stands by now."""
        conversation, job = self.opened(visit)
        if conversation is None or not conversation.entries:
            return state
        entry = conversation.entries[-1]
        last = [str(entry.id), self._turn(entry, job, visit, self.reports())]
        return {**state, "turns": [*state["turns"][:-1], last], "busy": job is not None}

    def ask(self, visit: Visit, question: str, filters: Filters) -> Visit:
        """Put a question to a conversation, a new one if need be, and begin to answer; returns where it stands now."""
        question = question.strip()[:MAX_QUESTION]
        conversation, _ = self.opened(visit)
        before = conversation.entries if conversation else ()
        id_ = conversation.id if conversation else self._conversations.start(visit.user)
        history = [Turn(entry.question, entry.answer.text) for entry in before if entry.answer]
        entry = self._conversations.ask(visit.user, id_, question, filters)
        ask = partial(self._assistant.stream, question, history=history[-MAX_HISTORY:], **options_of(filters))
        self._jobs.start(str(entry.id), ask, partial(self._finish, visit.user, entry))
        return replace(visit, conversation=id_)

    def again(self, visit: Visit, key: str, *, question: str = "", unfiltered: bool = False) -> Visit:
        """Answer a question again, ``question`` in its place if given; it and what follows it are dropped."""
        conversation, _ = self.opened(visit)
        entry = next((one for one in conversation.entries if str(one.id) == key), None) if conversation else None
        if conversation is None or entry is None:
            return visit
        for one in conversation.entries:
            if one.id >= entry.id:
                self._jobs.stop(str(one.id))
        self._conversations.drop_from(visit.user, entry.id)
        return self.ask(visit, question or entry.question, Filters() if unfiltered else entry.scope)

    def stop(self, visit: Visit) -> None:
        """Stop answering the last question of a conversation."""
        conversation, _ = self.opened(visit)
        if conversation and conversation.entries:
            self._jobs.stop(str(conversation.entries[-1].id))

    def judge(self, visit: Visit, key: str, good: bool | None, reason: str = "", correction: str = "") -> None:
        """Keep what the user says of an answer; None takes it back."""
        if not key.isdecimal():
            return
        if good is None:
            self._conversations.unjudge(visit.user, int(key))
        else:
            self._conversations.judge(visit.user, int(key), good, reason[:MAX_REMARK], correction[:MAX_REMARK])

    def rename(self, visit: Visit, conversation: str, title: str) -> None:
        """Give a conversation another title; an empty one is ignored."""
        if title.strip():
            self._conversations.rename(visit.user, conversation, title.strip()[:MAX_TITLE])

    def delete(self, visit: Visit, conversation: str) -> None:
        """Delete a conversation; what is being answered in it is stopped."""
        self.stop(replace(visit, conversation=conversation))
        self._conversations.delete(visit.user, conversation)

    def _start(self, visit: Visit, trouble: str) -> tuple[str, bool]:
        if not self.reports():
            return render.render_first_start(visit.language, trouble=trouble, samples=visit.is_admin), False
        notice = render.render_error(trouble, retry=False) if trouble else ""
        examples, pending = self._examples.shown(visit.language)
        welcome = render.render_welcome(visit.language)
        return f"{notice}{welcome}{render.render_examples(examples, visit.language)}", pending

    def _turn(self, entry: Entry, job: Job | None, visit: Visit, reports: Sequence[ReportInfo]) -> str:
        language, key = visit.language, f"t{entry.id}"
        chips = [chip.text for chip in chips_of(entry.scope, reports, language)]
        tools = ""
        if entry.answer is not None:
            searched = render.Searched(admitted(entry.scope, reports), chips, entry.question)
            written = language_of(entry.answer.text, default=language_of(entry.question))
            body = render.render_answer(entry.answer, key=key, language=language, written=written, searched=searched)
            said = entry.feedback
            feedback = render.Feedback(said.good, said.reason, said.correction) if said else render.Feedback()
            tools = render.render_tools(
                copy_text(entry, language, reports), key=key, feedback=feedback, language=language
            )
        elif job is not None:
            body = render.render_provisional(job.text, language=language, waiting=not job.running)
        else:
            reason = WORDS[language]["stopped" if entry.stopped else "cut_off"]
            body = render.render_error(entry.error or reason, language=language)
        return render.render_turn(entry.question, body, filters=chips, language=language, tools=tools)

    def _finish(self, user: str, entry: Entry, outcome: Outcome) -> None:
        # The error is kept in the language of the question, as the answer would be.
        words = WORDS[language_of(entry.question)]
        error = words["busy"] if outcome.busy else words["failed"] if outcome.error == "" else outcome.error or ""
        self._conversations.finish(user, entry.id, outcome.answer, error=error, stopped=outcome.stopped)


def _is_open(entry: Entry) -> bool:
    return entry.answer is None and not entry.error and not entry.stopped


def _is_login(user: str) -> bool:
    return user != LOCAL and not user.startswith(VISITOR)


def options_of(filters: Filters) -> dict[str, Any]:
    """Arguments of ``Assistant.query``, those that are set."""
    options = {name: getattr(filters, name) for name in ("reports", "publisher", "since", "until")}
    return {name: value for name, value in options.items() if value}
