"""Wires the page: the Ask tab and the Reports tab under one header; ``ui.web`` serves it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ui import render
from ui.api.admission import Admission
from ui.api.endpoints import add_endpoints
from ui.page import AskPage, Assistant
from ui.style import script
from ui.toolkit import gradio
from ui.words import WORDS

if TYPE_CHECKING:
    import gradio as gr

    from ui.conversations import Conversations
    from ui.shelf import Desk

TITLE = ""  # the page's own words for it, in its language
_WAITING = 200  # events in Gradio's queue; questions wait in the admission


def make_app(
    assistant: Assistant,
    *,
    conversations: Conversations,
    desk: Desk | None = None,
    title: str = TITLE,
    admission: Admission | None = None,
) -> gr.Blocks:
    """Make the page; :func:`ui.web.web_app` gets it ready to be served.

    ``conversations`` keeps what is asked and answered. With a ``desk``, reports can be looked at and changed.
    ``admission`` says how many questions are answered at once, those of programs among them.
    """
    gr = gradio()
    from ui.ask.events import AskEvents  # late, as they import Gradio
    from ui.ask.parts import AskParts
    from ui.ask.tab import QUIET, wire
    from ui.ask.view import AskView
    from ui.shelf.tab import reports_tab

    admission = admission or Admission()
    page = AskPage(assistant, conversations, admission)
    words = WORDS["en"]
    with gr.Blocks(title=title or words["title"], analytics_enabled=False) as blocks:
        header = gr.HTML(
            render.render_header(title, render.Status("", 0)),
            html_template='<header class="rq-header">${value}</header>',
            js_on_load=script("header"),
            elem_id="rq-header",
            elem_classes="rq-bare",
            apply_default_css=False,
        )
        with gr.Tabs(elem_id="rq-tabs"):
            with gr.Tab(words["tab_ask"], id="ask") as ask_tab:
                parts = AskParts(header)
            with gr.Tab(words["tab_reports"], id="reports", visible=desk is not None) as shelf_tab:
                shelf = reports_tab(desk, parts.language) if desk else None

        def relabel(language: str) -> dict[Any, Any]:
            labels = WORDS[language]
            return {
                ask_tab: gr.update(label=labels["tab_ask"]),
                shelf_tab: gr.update(label=labels["tab_reports"]),
            }

        view = AskView(page, parts, title, relabel)
        do = AskEvents(page, parts, view, desk)
        wire(blocks, parts, view, do)
        if shelf is not None:
            shown = [blocks.load, shelf_tab.select, parts.language.change]
            gr.on(shown, shelf.opened, inputs=shelf.inputs, outputs=shelf.outputs, **QUIET)
            shelf.changed.change(do.refresh, inputs=parts.place, outputs=view.everything, **QUIET)
        add_endpoints(assistant, admission)
    return blocks.queue(max_size=_WAITING)
