"""The components of the Ask tab. Imported only where a page is made."""

from __future__ import annotations

from typing import Any

from ui import render
from ui.page import MAX_QUESTION
from ui.style import script
from ui.toolkit import gradio
from ui.words import WORDS

gr = gradio()

_BARE: dict[str, Any] = {"apply_default_css": False, "elem_classes": "rq-bare"}
_CONVERSATION = """<p class="rq-said rq-unseen" role="status"></p>
<div class="rq-scroll"><div class="rq-top"></div><div class="rq-log"><div class="rq-start"></div>
<div class="rq-turns"></div></div></div><div class="rq-float" role="tooltip" hidden></div>"""


class AskParts:
    """The components, made inside the Blocks and tab under construction; ``header`` is the page's."""

    def __init__(self, header: gr.HTML) -> None:
        self.header = header
        with gr.Row(elem_id="rq-frame", elem_classes="rq-side-hidden"):
            with gr.Column(elem_id="rq-left"):
                frame = '<div class="rq-side"></div>'
                self.sidebar = gr.HTML({}, html_template=frame, js_on_load=script("sidebar"), **_BARE)
            with gr.Column(elem_id="rq-middle"):
                self.conversation = gr.HTML(
                    {},
                    html_template=_CONVERSATION,
                    js_on_load=script("conversation"),
                    elem_id="rq-conversation",
                    **_BARE,
                )
                self.start = gr.HTML({}, html_template="", js_on_load=script("start"), **_BARE)
                with gr.Column(elem_id="rq-ask"):
                    self._make_filters()
                    self._make_question()
            with gr.Column(elem_id="rq-right"):
                self.panel = gr.HTML(render.render_panel_frame(), js_on_load=script("panel"), **_BARE)
        # What the browser holds, so that a restarted server goes on where a page is.
        self.current = gr.Textbox("", visible=False)
        self.language = gr.Textbox("en", visible=False)

    def _make_filters(self) -> None:
        words = WORDS["en"]
        with gr.Column(elem_id="rq-filters"):
            self.reports = gr.Dropdown([], multiselect=True, label=words["filter_reports"])
            with gr.Row():
                self.publisher = gr.Dropdown([], label=words["filter_publisher"], scale=2)
                self.since = gr.Dropdown([], label=words["filter_since"])
                self.until = gr.Dropdown([], label=words["filter_until"])
        bar = render.render_filter_bar(())
        self.chips = gr.HTML(bar, js_on_load=script("filters"), elem_id="rq-filter-bar", **_BARE)

    def _make_question(self) -> None:
        words = WORDS["en"]
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
            self.stop = gr.Button(words["stop"], scale=0, min_width=96, visible=False, elem_id="rq-stop")

    @property
    def place(self) -> list[Any]:
        """Where a page is: its conversation and its language."""
        return [self.current, self.language]

    @property
    def fields(self) -> list[Any]:
        """The fields of the filters, in the order of ``ui.filters.filters_of``."""
        return [self.reports, self.publisher, self.since, self.until]

    @property
    def everything(self) -> list[Any]:
        """All that an event may change."""
        html = [self.header, self.sidebar, self.conversation, self.start, self.panel, self.chips]
        return [*html, self.question, self.button, self.stop, *self.place, *self.fields]
