"""The Ask tab: its components, and which event does what. Imported only when a page is made."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

from rag.schema import Filters
from ui import render
from ui.api.admission import ANSWERS
from ui.filters import chips_of, choices_of, fields_of, filters_of, without
from ui.page import MAX_QUESTION, AskPage, Visit
from ui.shelf import Desk
from ui.style import script
from ui.toolkit import gradio
from ui.users.identity import is_admin, user_of
from ui.words import WORDS, known_language

gr = gradio()

LOOK_S = 0.08  # between two looks at an answer that is being written

# The page's address names its conversation; the browser remembers or knows the language.
_ARRIVE = """() => {
  let kept = null;
  try { kept = localStorage.getItem('rq-language'); } catch { /* private window */ }
  return [new URLSearchParams(location.search).get('c') || '', kept || navigator.language];
}"""
_CONVERSATION = """<p class="rq-said rq-unseen" role="status"></p>
<div class="rq-scroll"><div class="rq-top"></div><div class="rq-log"><div class="rq-start"></div>
<div class="rq-turns"></div></div></div><div class="rq-float" role="tooltip" hidden></div>"""

Shown = dict[Any, Any]
"""New values by component; others stay as they are."""


class AskTab:
    """The tab's components, made inside the Blocks and tab under construction.

    ``header`` is the page's, ``title`` what it says ("" for the usual words). ``desk`` adds the sample reports.
    """

    def __init__(self, page: AskPage, header: gr.HTML, title: str, desk: Desk | None = None) -> None:
        self._page = page
        self._title = title
        self._desk = desk
        self.header = header
        bare: dict[str, Any] = {"apply_default_css": False, "elem_classes": "rq-bare"}
        with gr.Row(elem_id="rq-frame", elem_classes="rq-side-hidden"):
            with gr.Column(elem_id="rq-left"):
                self.sidebar = gr.HTML(
                    {}, html_template='<div class="rq-side"></div>', js_on_load=script("sidebar"), **bare
                )
            with gr.Column(elem_id="rq-middle"):
                self.conversation = gr.HTML(
                    {},
                    html_template=_CONVERSATION,
                    js_on_load=script("conversation"),
                    elem_id="rq-conversation",
                    **bare,
                )
                self._make_question_box(bare)
            with gr.Column(elem_id="rq-right"):
                self.panel = gr.HTML(render.render_panel_frame(), js_on_load=script("panel"), **bare)
        # What the browser holds, so that a restarted server goes on where a page is.
        self.current = gr.Textbox("", visible=False)
        self.language = gr.Textbox("en", visible=False)

    def _make_question_box(self, bare: dict[str, Any]) -> None:
        words = WORDS["en"]
        with gr.Column(elem_id="rq-ask"):
            with gr.Column(elem_id="rq-filters"):
                self.reports = gr.Dropdown([], multiselect=True, label=words["filter_reports"])
                with gr.Row():
                    self.publisher = gr.Dropdown([], label=words["filter_publisher"], scale=2)
                    self.since = gr.Dropdown([], label=words["filter_since"])
                    self.until = gr.Dropdown([], label=words["filter_until"])
            self.chips = gr.HTML(
                render.render_filter_bar(()), js_on_load=script("filters"), elem_id="rq-filter-bar", **bare
            )
            with gr.Row():
                self.question = gr.Textbox(
                    label=words["question"],
                    placeholder=words["question_hint"],
                    show_label=False,
                    max_length=MAX_QUESTION,
                    max_lines=6,
                    autofocus=True,
                    scale=5,
                    elem_id="rq-question",
                )
                self.button = gr.Button(words["ask"], variant="primary", scale=0, min_width=96, elem_id="rq-button")
                self.stop_button = gr.Button(words["stop"], scale=0, min_width=96, visible=False, elem_id="rq-stop")

    @property
    def changing(self) -> list[Any]:
        """The components that :meth:`refresh` gives values for."""
        return [self.header, self.conversation, self.reports, self.publisher, self.since, self.until]

    def wire(self, blocks: gr.Blocks, relabel: Callable[[str], Shown] | None = None) -> None:
        """Say which event does what; ``relabel`` gives what else changes with the language."""
        self._relabel = relabel or (lambda language: {})
        # Private: the page's own events are no interface for other programs.
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "concurrency_limit": None}
        place, fields = [self.current, self.language], [self.reports, self.publisher, self.since, self.until]
        everything = [
            *(self.header, self.sidebar, self.conversation, self.panel, self.chips, self.question, self.button),
            *(self.stop_button, *place, *fields, *self._relabel("en")),
        ]
        following = self.conversation.follow(
            self._follow,
            inputs=[self.language],
            outputs=[self.conversation, self.button, self.stop_button],
            trigger_mode="multiple",
            **quiet,
        )
        # What changes the conversation ends following the one before; its answer is written all the same. A listener
        # of its own, and the first: `cancels` beside a function would cancel when that is done.
        asked = [self.question.submit, self.button.click]
        others = [self.conversation.ask, self.conversation.resend, self.conversation.again]
        moves = [self.sidebar.open, self.sidebar.remove, self.header.speak]
        for listen in (*asked, *others, *moves):
            listen(None, cancels=[following], **quiet)
        change: dict[str, Any] = {"outputs": everything, **quiet}
        asking = {**change, "concurrency_id": ANSWERS}
        blocks.load(self._arrive, inputs=place, js=_ARRIVE, **change)
        gr.on(asked, self._ask, inputs=[self.question, *place, *fields], **asking)
        self.conversation.ask(self._ask_example, inputs=[*place, *fields], **asking)
        self.conversation.resend(self._again, inputs=place, **asking)
        self.conversation.again(self._again, inputs=place, **asking)
        self.sidebar.open(self._open, inputs=place, trigger_mode="multiple", **change)
        self.sidebar.remove(self._remove, inputs=place, **change)
        self.header.speak(self._speak, inputs=[self.current, *fields], **change)
        self.stop_button.click(self._stop, inputs=place, outputs=[self.stop_button], **quiet)
        self.conversation.judge(self._judge, inputs=place, **quiet)
        self.conversation.look(self._look, inputs=place, outputs=[self.conversation], **quiet)
        self.conversation.samples(self._samples, inputs=place, outputs=everything, **quiet)
        self.sidebar.search(self._search, inputs=place, outputs=[self.sidebar], trigger_mode="always_last", **quiet)
        self.sidebar.rename(self._rename, inputs=place, outputs=[self.sidebar], **quiet)
        self.chips.drop(self._drop, inputs=[self.language, *fields], outputs=[self.chips, *fields], **quiet)
        inputs = [field.input for field in fields]
        latest = {**quiet, "trigger_mode": "always_last"}
        gr.on(inputs, self._filter, inputs=[self.language, *fields], outputs=[self.chips], **latest)

    # Asking

    def _ask(
        self,
        question: str,
        current: str,
        language: str,
        reports: list[str],
        publisher: str,
        since: str,
        until: str,
        request: gr.Request,
    ) -> Any:
        if not question.strip():
            return gr.skip()
        filters = filters_of(reports, publisher, since, until)
        visit = self._page.ask(_visit(request, current, language), question, filters)
        return {self.question: "", **self._state(visit)}

    def _ask_example(
        self,
        current: str,
        language: str,
        reports: list[str],
        publisher: str,
        since: str,
        until: str,
        request: gr.Request,
        event: gr.EventData,
    ) -> Any:
        return self._ask(str(event.question), current, language, reports, publisher, since, until, request)

    def _again(self, current: str, language: str, request: gr.Request, event: gr.EventData) -> Shown:
        said = event._data
        visit = self._page.again(
            _visit(request, current, language),
            str(said.get("entry", "")),
            question=str(said.get("question", "")),
            unfiltered=bool(said.get("unfiltered")),
        )
        return {**self._state(visit), **self._fields(self._page.filters(visit), language)}

    async def _follow(self, language: str, request: gr.Request, event: gr.EventData) -> AsyncIterator[Shown]:
        """Whatever changes while the last question of a conversation is being answered."""
        visit = _visit(request, str(event.id), language)
        job = await asyncio.to_thread(self._page.job, visit)
        state = await asyncio.to_thread(self._page.shown, visit)
        version = job.version if job else None
        while job is not None:
            yield {self.conversation: state}
            while job.version == version:
                await asyncio.sleep(LOOK_S)
            version = job.version
            if job.outcome is not None:
                break
            state = await asyncio.to_thread(self._page.writing, visit, state)
        state = await asyncio.to_thread(self._page.writing, visit, state)
        yield {self.conversation: state, **self._buttons(False, language)}

    def _stop(self, current: str, language: str, request: gr.Request) -> Shown:
        self._page.stop(_visit(request, current, language))
        return {self.stop_button: gr.update(interactive=False)}

    def _state(self, visit: Visit) -> Shown:
        """What a conversation looks like now; the browser asks to follow one that is busy."""
        state = self._page.shown(visit)
        return {
            self.conversation: state,
            self.sidebar: self._page.listed(replace(visit, conversation=state["id"])),
            self.current: state["id"],
            **self._buttons(state["busy"], visit.language),
        }

    # Conversations

    def _arrive(self, current: str, language: str, request: gr.Request) -> Shown:
        visit = _visit(request, current, language)
        return {**self._dressed(visit, self._page.filters(visit)), **self._state(visit)}

    def _open(self, current: str, language: str, request: gr.Request, event: gr.EventData) -> Shown:
        visit = _visit(request, str(event._data.get("id", "")), language)
        return {**self._state(visit), **self._fields(self._page.filters(visit), language)}

    def _speak(
        self,
        current: str,
        reports: list[str],
        publisher: str,
        since: str,
        until: str,
        request: gr.Request,
        event: gr.EventData,
    ) -> Shown:
        visit = _visit(request, current, str(event.language))
        return {**self._dressed(visit, filters_of(reports, publisher, since, until)), **self._state(visit)}

    def _look(self, current: str, language: str, request: gr.Request) -> Shown:
        """The start once more, for the examples that have been found since."""
        return {self.conversation: {**self._page.shown(_visit(request, "", language)), "look": True}}

    def _search(self, current: str, language: str, request: gr.Request, event: gr.EventData) -> Shown:
        return {self.sidebar: self._page.listed(_visit(request, current, language), str(event.words))}

    def _rename(self, current: str, language: str, request: gr.Request, event: gr.EventData) -> Shown:
        visit = _visit(request, current, language)
        self._page.rename(visit, str(event.id), str(event.title))
        return {self.sidebar: self._page.listed(visit)}

    def _remove(self, current: str, language: str, request: gr.Request, event: gr.EventData) -> Shown:
        visit = _visit(request, current, language)
        self._page.delete(visit, str(event.id))
        if event.id != current:
            return {self.sidebar: self._page.listed(visit)}
        return {**self._state(replace(visit, conversation="")), **self._fields(Filters(), language)}

    def _judge(self, current: str, language: str, request: gr.Request, event: gr.EventData) -> None:
        said = event._data
        good = {"good": True, "bad": False}.get(str(said.get("good")))
        remarks = (str(said.get("reason", "")), str(said.get("correction", "")))
        self._page.judge(_visit(request, current, language), str(said.get("entry")), good, *remarks)

    # Reports and filters

    async def _samples(self, current: str, language: str, request: gr.Request) -> AsyncIterator[Shown]:
        visit = _visit(request, current, language)
        if self._desk is None or not visit.is_admin:
            return
        number = self._desk.add_samples(visit.language, is_admin=visit.is_admin)
        start = render.render_first_start(visit.language, waiting=True)
        yield {self.conversation: {**self._page.shown(visit), "start": start}}
        while job := next((one for one in self._desk.jobs.all() if one.number == number), None):
            if job.has_ended:
                break
            await asyncio.sleep(LOOK_S)
        trouble = job.result.text if job and job.result.refused else ""
        yield {**self.refreshed(visit), self.conversation: self._page.shown(visit, trouble=trouble)}

    def refresh(self, current: str, language: str, request: gr.Request) -> Shown:
        """What changes with the reports in the index; a conversation stays as it is."""
        return self.refreshed(_visit(request, current, language))

    def refreshed(self, visit: Visit) -> Shown:
        """As :meth:`refresh`."""
        choices = choices_of(self._page.reports())
        return {
            self.header: self._page.header(visit, self._title),
            self.reports: gr.update(choices=list(choices.reports)),
            self.publisher: gr.update(choices=list(choices.publishers)),
            self.since: gr.update(choices=list(choices.years)),
            self.until: gr.update(choices=list(choices.years)),
            **({} if visit.conversation else {self.conversation: {**self._page.shown(visit), "look": True}}),
        }

    def _filter(self, language: str, reports: list[str], publisher: str, since: str, until: str) -> Shown:
        return {self.chips: self._bar(filters_of(reports, publisher, since, until), language)}

    def _drop(
        self, language: str, reports: list[str], publisher: str, since: str, until: str, event: gr.EventData
    ) -> Shown:
        return self._fields(without(filters_of(reports, publisher, since, until), str(event.filter)), language)

    def _fields(self, filters: Filters, language: str) -> Shown:
        names = (self.reports, self.publisher, self.since, self.until)
        return {**dict(zip(names, fields_of(filters), strict=True)), self.chips: self._bar(filters, language)}

    def _bar(self, filters: Filters, language: str) -> str:
        return render.render_filter_bar(chips_of(filters, self._page.reports(), language), language)

    def _dressed(self, visit: Visit, filters: Filters) -> Shown:
        """All that depends on the language, with ``filters`` in their fields."""
        words = WORDS[visit.language]
        reports = self._page.reports()
        choices = choices_of(reports)
        values = fields_of(filters)
        return {
            self.header: self._page.header(visit, self._title),
            self.panel: render.render_panel_frame(visit.language),
            self.language: visit.language,
            self.chips: render.render_filter_bar(chips_of(filters, reports, visit.language), visit.language),
            self.question: gr.update(label=words["question"], placeholder=words["question_hint"]),
            self.reports: gr.update(label=words["filter_reports"], choices=list(choices.reports), value=values[0]),
            self.publisher: gr.update(
                label=words["filter_publisher"], choices=list(choices.publishers), value=values[1]
            ),
            self.since: gr.update(label=words["filter_since"], choices=list(choices.years), value=values[2]),
            self.until: gr.update(label=words["filter_until"], choices=list(choices.years), value=values[3]),
            **self._relabel(visit.language),
        }

    def _buttons(self, busy: bool, language: str) -> Shown:
        words = WORDS[language]
        return {
            self.button: gr.update(visible=not busy, value=words["ask"]),
            self.stop_button: gr.update(visible=busy, interactive=True, value=words["stop"]),
        }


def _visit(request: gr.Request, conversation: str, language: str) -> Visit:
    return Visit(user_of(request), conversation or "", known_language(language or ""), is_admin(request))
