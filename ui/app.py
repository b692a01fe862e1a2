"""Wires the chat page: Gradio in front of an assistant, behind the guard, on one address."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from types import ModuleType
from typing import TYPE_CHECKING, Any

from ui import render
from ui.guard import Guard
from ui.page import MAX_QUESTION, Assistant, ChatPage, Shown, page_of
from ui.style import CSS, FONTS, MONO_FONTS, SCRIPT

if TYPE_CHECKING:
    import gradio as gr

TITLE = "Ask the reports"
_WAITING = 50  # questions in the queue before the page says that it is full
_AT_ONCE = 2

log = logging.getLogger(__name__)


def _gradio() -> ModuleType:
    """Gradio, imported only when a page is made, with its telemetry off."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    import gradio

    return gradio


def make_app(assistant: Assistant, *, title: str = TITLE) -> gr.Blocks:
    """Make the chat page; :func:`web_app` gets it ready to be served."""
    gr = _gradio()
    chat = ChatPage(assistant)
    with gr.Blocks(title=title, analytics_enabled=False) as page:
        gr.HTML(render.render_header(title), apply_default_css=False, js_on_load=None)
        conversation = gr.HTML("", apply_default_css=False, js_on_load=SCRIPT, elem_id="rq-conversation")
        turns = gr.State([])
        with gr.Column(elem_id="rq-ask"):
            with gr.Row():
                question = gr.Textbox(
                    label=f"Question (up to {MAX_QUESTION:,} characters)",
                    max_length=MAX_QUESTION,
                    max_lines=6,
                    autofocus=True,
                    scale=5,
                    elem_id="rq-question",
                )
                button = gr.Button("Ask", variant="primary", scale=0, min_width=120, elem_id="rq-button")
            reports = gr.Dropdown(
                [], multiselect=True, label="Only in these reports", visible=False, elem_id="rq-reports"
            )

        def opening() -> tuple[str, Any]:
            notice, choices = chat.opening()
            return notice, gr.update(choices=choices, visible=len(choices) > 1)

        def ask(text: str, chosen: list[str], so_far: list[Shown]) -> Iterator[tuple[Any, ...]]:
            if not text.strip():
                yield (gr.skip(),) * 4
                return
            yield (
                page_of(chat.pending(text, chosen, so_far)),
                gr.skip(),
                "",
                gr.update(value="Answering…", interactive=False),
            )
            done = so_far
            for done in chat.writing(text, chosen, so_far):  # noqa: B007 - the last one stays
                yield page_of(done), gr.skip(), gr.skip(), gr.skip()
            yield page_of(done), done, gr.skip(), gr.update(value="Ask", interactive=True)

        # Private: the page's own events are no interface for other programs.
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        page.load(opening, outputs=[conversation, reports], **quiet)
        gr.on(
            [question.submit, button.click],
            ask,
            inputs=[question, reports, turns],
            outputs=[conversation, turns, question, button],
            concurrency_limit=_AT_ONCE,
            **quiet,
        )
    return page.queue(max_size=_WAITING)


def web_app(page: gr.Blocks, *, host: str = "127.0.0.1") -> Guard:
    """Make ``page`` an ASGI application for a server bound to ``host``."""
    gr = _gradio()
    from fastapi import FastAPI

    served = gr.mount_gradio_app(
        FastAPI(docs_url=None, redoc_url=None, openapi_url=None),
        page,
        path="/",
        theme=_theme(gr),
        css=CSS,
        footer_links=[],
        allowed_paths=[],
        show_error=False,
        ssr_mode=False,
        run_history=False,
        enable_monitoring=False,
        mcp_server=False,
        pwa=False,
    )
    return Guard(served, host)


def _theme(gr: ModuleType) -> gr.themes.Base:
    theme = gr.themes.Default(primary_hue="blue", neutral_hue="slate", font=FONTS, font_mono=MONO_FONTS)
    # Gradio's blue is too light under white letters (3.7:1); this one gives 6.7:1.
    shades = dict.fromkeys(("button_primary_background_fill", "button_primary_background_fill_dark"), "*primary_700")
    return theme.set(**shades, button_primary_background_fill_hover="*primary_800")


def launch(assistant: Assistant, host: str = "127.0.0.1", port: int | None = None, *, title: str = TITLE) -> None:
    """Serve the page until Ctrl-C, after printing its address.

    Without ``port``, the first free one from 7860 on is taken. Raises ConfigError when ``port``
    is taken or ``host`` is not an address of this machine.
    """
    from ui import serve

    with serve.listen(host, port) as listener:
        server = serve.server(web_app(make_app(assistant, title=title), host=host))
        print(serve.address(host, listener), flush=True)  # noqa: T201 — the one line that a user waits for
        try:
            server.run(sockets=[listener])
        except KeyboardInterrupt:
            log.info("Stopped")
