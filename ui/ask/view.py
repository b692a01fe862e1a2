"""What the components of the Ask tab are to show, as new values by component. Imported only where a page is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from rag.schema import Filters
from ui import render
from ui.ask.parts import AskParts
from ui.filters import chips_of, choices_of, fields_of
from ui.page import AskPage, Visit
from ui.toolkit import gradio
from ui.words import WORDS

gr = gradio()

Shown = dict[Any, Any]
"""New values by component; others stay as they are."""


class AskView:
    """New values for ``parts``, from what ``page`` knows.

    ``title`` is the page's ("" for the usual words); ``relabel`` gives what else changes with the language.
    """

    def __init__(self, page: AskPage, parts: AskParts, title: str, relabel: Callable[[str], Shown]) -> None:
        self._page = page
        self._parts = parts
        self._title = title
        self._relabel = relabel

    @property
    def everything(self) -> list[Any]:
        """All components that may get a new value."""
        return [*self._parts.everything, *self._relabel("en")]

    def conversation(self, visit: Visit) -> Shown:
        """A conversation as it is now; the browser asks to follow one that is busy."""
        parts, state = self._parts, self._page.shown(visit)
        return {
            parts.conversation: state,
            parts.sidebar: self._page.listed(replace(visit, conversation=state["id"])),
            parts.current: state["id"],
            **self.buttons(state["busy"], visit.language),
        }

    def buttons(self, busy: bool, language: str) -> Shown:
        """The button that asks, or the one that stops."""
        words = WORDS[language]
        return {
            self._parts.button: gr.update(visible=not busy, value=words["ask"]),
            self._parts.stop: gr.update(visible=busy, interactive=True, value=words["stop"]),
        }

    def filters(self, filters: Filters, language: str) -> Shown:
        """Filters in their fields and as chips."""
        return {**dict(zip(self._parts.fields, fields_of(filters), strict=True)), **self.chips(filters, language)}

    def chips(self, filters: Filters, language: str) -> Shown:
        """Filters as chips."""
        chips = chips_of(filters, self._page.reports(), language)
        return {self._parts.chips: render.render_filter_bar(chips, language)}

    def reports(self, visit: Visit) -> Shown:
        """What changes with the reports in the index; a conversation stays as it is."""
        parts, choices = self._parts, choices_of(self._page.reports())
        years = gr.update(choices=list(choices.years))
        start = {} if visit.conversation else {parts.start: self._page.shown(visit)}
        return {
            parts.header: self._page.header(visit, self._title),
            parts.reports: gr.update(choices=list(choices.reports)),
            parts.publisher: gr.update(choices=list(choices.publishers)),
            parts.since: years,
            parts.until: years,
            **start,
        }

    def dressed(self, visit: Visit, filters: Filters) -> Shown:
        """All that depends on the language, with ``filters`` in their fields."""
        parts, words, language = self._parts, WORDS[visit.language], visit.language
        choices = choices_of(self._page.reports())
        years = list(choices.years)
        offered = (list(choices.reports), list(choices.publishers), years, years)
        labels = (words["filter_reports"], words["filter_publisher"], words["filter_since"], words["filter_until"])
        fields = zip(parts.fields, labels, offered, fields_of(filters), strict=True)
        return {
            parts.header: self._page.header(visit, self._title),
            parts.panel: render.render_panel_frame(language),
            parts.language: language,
            parts.question: gr.update(label=words["question"], placeholder=words["question_hint"]),
            **{field: gr.update(label=label, choices=choices, value=value) for field, label, choices, value in fields},
            **self.chips(filters, language),
            **self._relabel(language),
        }
