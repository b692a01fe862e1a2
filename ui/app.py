"""Wires the chat page: Gradio in front of an assistant, behind the guard, on one address."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Any, Protocol

from rag.errors import RagError
from rag.schema import Answer, Citation, ReportInfo, Section, Turn
from rag.text import language_of
from ui import render
from ui.guard import Guard
from ui.style import CSS, FONTS, MONO_FONTS, SCRIPT
from ui.words import WORDS

if TYPE_CHECKING:
    import gradio as gr

TITLE = "Ask the reports"
MAX_QUESTION = 2_000  # characters
MAX_HISTORY = 20  # earlier turns that a question is understood from
_WAITING = 50  # questions in the queue before the page says that it is full
_AT_ONCE = 2

log = logging.getLogger(__name__)


class Assistant(Protocol):
    """What the page needs of an assistant."""

    def query(self, question: str, **filters: Any) -> Answer:
        """Answer; ``reports`` (ids) may restrict the search, ``history`` is what was said before. Raises RagError."""
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
        """Add the question with its answer, or with one line that says why there is none.

        A follow-up question is understood from the answered ones in ``shown``.
        """
        language, turn = _language(question, shown), None
        filters = {"reports": tuple(chosen)} if chosen else {}
        history = [one.turn for one in shown if one.turn is not None]
        try:
            answer = self._assistant.query(question.strip(), history=history[-MAX_HISTORY:], **filters)
            key = f"a{len(shown) + 1}"
            body = render.render_answer(answer, self._section_text, language=language, key=key)
            turn = Turn(question.strip(), answer.text)
        except RagError as error:
            body = render.render_error(str(error))
        except Exception:
            # The last stop before the browser: the details belong in the log, not on the page.
            log.exception("A question could not be answered")
            body = render.render_error(WORDS[language]["failed"])
        return [*shown, Shown(self._html(question, chosen, body, language), turn)]

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


def _page_of(shown: Sequence[Shown]) -> str:
    return render.render_conversation([one.html for one in shown])


def _titles(reports: Sequence[ReportInfo]) -> list[tuple[str, str]]:
    """(title, id) by title; a title that occurs twice carries the id as well."""
    titles = [report.title for report in reports]
    return sorted(
        (report.title if titles.count(report.title) == 1 else f"{report.title} ({report.id})", report.id)
        for report in reports
    )


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
                _page_of(chat.pending(text, chosen, so_far)),
                gr.skip(),
                "",
                gr.update(value="Answering…", interactive=False),
            )
            done = chat.answered(text, chosen, so_far)
            yield _page_of(done), done, gr.skip(), gr.update(value="Ask", interactive=True)

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
