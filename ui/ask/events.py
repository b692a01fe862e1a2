"""What the events of the Ask tab do. Imported only where a page is made."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from functools import wraps
from typing import Any, TypeVar

from rag.errors import RagError
from rag.schema import Filters
from ui import render
from ui.ask.parts import AskParts
from ui.ask.view import AskView, Shown
from ui.filters import filters_of, without
from ui.page import AskPage, Visit
from ui.shelf import Desk
from ui.toolkit import gradio
from ui.users.identity import is_admin, user_of
from ui.words import known_language

gr = gradio()

LOOK_S = 0.08  # between two looks at an answer that is being written

Handler = TypeVar("Handler", bound=Callable[..., Any])


def _told(handler: Handler) -> Handler:
    """``handler`` with what goes wrong with conversations told to the user."""

    @wraps(handler)
    def telling(*args: Any, **kwargs: Any) -> Any:
        try:
            return handler(*args, **kwargs)
        except RagError as error:
            raise gr.Error(str(error), print_exception=False) from error

    return telling


class AskEvents:
    """The events: the request and what the browser says with it come first, then the values of the inputs.

    Of these, ``current`` is the conversation that the page shows, ``language`` its language and ``fields`` what the
    fields of the filters hold. ``desk`` adds the sample reports.
    """

    def __init__(self, page: AskPage, parts: AskParts, view: AskView, desk: Desk | None = None) -> None:
        self._page = page
        self._parts = parts
        self._view = view
        self._desk = desk

    # Asking

    @_told
    def ask(self, request: gr.Request, question: str, current: str, language: str, *fields: Any) -> Any:
        """Ask what is in the question box."""
        if not question.strip():
            return gr.skip()
        visit = self._page.ask(_visit(request, current, language), question, filters_of(*fields))
        return {self._parts.question: "", **self._view.conversation(visit)}

    @_told
    def ask_example(self, request: gr.Request, event: gr.EventData, current: str, language: str, *fields: Any) -> Shown:
        """Ask an example question."""
        visit = self._page.ask(_visit(request, current, language), str(event.question), filters_of(*fields))
        return self._view.conversation(visit)

    @_told
    def again(self, request: gr.Request, event: gr.EventData, current: str, language: str) -> Shown:
        """Answer a question again, changed or without its filters if the event says so."""
        said = event._data
        visit = self._page.again(
            _visit(request, current, language),
            str(said.get("entry", "")),
            question=str(said.get("question", "")),
            unfiltered=bool(said.get("unfiltered")),
        )
        return {**self._view.conversation(visit), **self._view.filters(self._page.filters(visit), language)}

    async def follow(self, request: gr.Request, event: gr.EventData, language: str) -> AsyncIterator[Shown]:
        """Whatever changes while the last question of a conversation is being answered."""
        visit, page = _visit(request, str(event.id), language), self._page
        _, job = await asyncio.to_thread(page.opened, visit)
        state = await asyncio.to_thread(page.shown, visit)
        version = job.version if job else None
        while job is not None and job.outcome is None:
            yield {self._parts.conversation: state}
            while job.version == version:
                await asyncio.sleep(LOOK_S)
            version = job.version
            state = await asyncio.to_thread(page.writing, visit, state)
        state = await asyncio.to_thread(page.writing, visit, state)
        yield {self._parts.conversation: state, **self._view.buttons(False, language)}

    def stop(self, request: gr.Request, current: str, language: str) -> Shown:
        """Stop answering; what follows the answer shows that it has."""
        self._page.stop(_visit(request, current, language))
        return {self._parts.stop: gr.update(interactive=False)}

    @_told
    def judge(self, request: gr.Request, event: gr.EventData, current: str, language: str) -> None:
        """Keep what is said of an answer."""
        said = event._data
        good = {"good": True, "bad": False}.get(str(said.get("good")))
        remarks = (str(said.get("reason", "")), str(said.get("correction", "")))
        self._page.judge(_visit(request, current, language), str(said.get("entry")), good, *remarks)

    # Conversations

    def arrive(self, request: gr.Request, current: str, language: str) -> Shown:
        """Show the conversation that the page's address names, in the browser's language."""
        visit = _visit(request, current, language)
        return {**self._view.dressed(visit, self._page.filters(visit)), **self._view.conversation(visit)}

    @_told
    def open(self, request: gr.Request, event: gr.EventData, language: str) -> Shown:
        """Show another conversation, or none for a new one."""
        visit = _visit(request, str(event._data.get("id", "")), language)
        return {**self._view.conversation(visit), **self._view.filters(self._page.filters(visit), language)}

    def search(self, request: gr.Request, event: gr.EventData, current: str, language: str) -> Shown:
        """List the conversations with some words."""
        return {self._parts.sidebar: self._page.listed(_visit(request, current, language), str(event.words))}

    @_told
    def rename(self, request: gr.Request, event: gr.EventData, current: str, language: str) -> Shown:
        """Give a conversation another title."""
        visit = _visit(request, current, language)
        self._page.rename(visit, str(event.id), str(event.title))
        return {self._parts.sidebar: self._page.listed(visit)}

    @_told
    def remove(self, request: gr.Request, event: gr.EventData, current: str, language: str) -> Shown:
        """Delete a conversation; if it is the one shown, a new one takes its place."""
        visit = _visit(request, current, language)
        self._page.delete(visit, str(event.id))
        if event.id != current:
            return {self._parts.sidebar: self._page.listed(visit)}
        return {
            **self._view.conversation(replace(visit, conversation="")),
            **self._view.filters(Filters(), language),
        }

    # Language, reports and filters

    def speak(self, request: gr.Request, event: gr.EventData, current: str, *fields: Any) -> Shown:
        """Change the language."""
        visit = _visit(request, current, str(event.language))
        return {**self._view.dressed(visit, filters_of(*fields)), **self._view.conversation(visit)}

    def look(self, request: gr.Request, language: str) -> Shown:
        """The start once more, for the examples that have been found since."""
        return {self._parts.start: self._page.shown(_visit(request, "", language))}

    async def samples(self, request: gr.Request, current: str, language: str) -> AsyncIterator[Shown]:
        """Add the sample reports and wait until they are there."""
        visit = _visit(request, current, language)
        if self._desk is None or not visit.is_admin:
            return
        number = self._desk.add_samples(visit.language, is_admin=visit.is_admin)
        start = render.render_first_start(visit.language, waiting=True)
        yield {self._parts.conversation: {**self._page.shown(visit), "start": start}}
        while job := next((one for one in self._desk.jobs.all() if one.number == number), None):
            if job.has_ended:
                break
            await asyncio.sleep(LOOK_S)
        trouble = job.result.text if job and job.result.refused else ""
        yield {**self._view.reports(visit), self._parts.conversation: self._page.shown(visit, trouble=trouble)}

    def refresh(self, request: gr.Request, current: str, language: str) -> Shown:
        """Show what has changed with the reports in the index."""
        return self._view.reports(_visit(request, current, language))

    def filter(self, language: str, *fields: Any) -> Shown:
        """Show as chips what the fields hold."""
        return self._view.chips(filters_of(*fields), language)

    def drop(self, event: gr.EventData, language: str, *fields: Any) -> Shown:
        """Remove one filter, or all."""
        return self._view.filters(without(filters_of(*fields), str(event.filter)), language)


def _visit(request: gr.Request, conversation: str, language: str) -> Visit:
    return Visit(user_of(request), conversation or "", known_language(language or ""), is_admin(request))
