"""Which event of the Ask tab does what. Imported only where a page is made."""

from __future__ import annotations

from typing import Any

from ui.api.admission import ANSWERS
from ui.ask.events import AskEvents
from ui.ask.parts import AskParts
from ui.ask.view import AskView
from ui.toolkit import gradio

gr = gradio()

# The page's address names its conversation; the browser remembers or knows the language.
_ARRIVE = """() => {
  let kept = null;
  try { kept = localStorage.getItem('rq-language'); } catch { /* private window */ }
  return [new URLSearchParams(location.search).get('c') || '', kept || navigator.language];
}"""
# Private: the page's own events are no interface for other programs.
QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "concurrency_limit": None}
# Otherwise one is dropped while another is under way: the reason given behind a thumb.
_EACH_IN_TURN: dict[str, Any] = {**QUIET, "trigger_mode": "multiple", "concurrency_limit": 1}
_LATEST: dict[str, Any] = {**QUIET, "trigger_mode": "always_last"}


def wire(blocks: gr.Blocks, parts: AskParts, view: AskView, do: AskEvents) -> None:
    """Connect all events of the tab."""
    place, fields = parts.place, parts.fields
    everything = {"outputs": view.everything, **QUIET}
    asking = {**everything, "concurrency_id": ANSWERS}
    following = parts.conversation.follow(
        do.follow,
        inputs=[parts.language],
        outputs=[parts.conversation, parts.button, parts.stop],
        trigger_mode="multiple",
        **QUIET,
    )
    _stop_following(parts, following)
    blocks.load(do.arrive, inputs=place, js=_ARRIVE, **everything)
    gr.on([parts.question.submit, parts.button.click], do.ask, inputs=[parts.question, *place, *fields], **asking)
    parts.conversation.ask(do.ask_example, inputs=[*place, *fields], **asking)
    parts.conversation.resend(do.again, inputs=place, **asking)
    parts.conversation.again(do.again, inputs=place, **asking)
    parts.stop.click(do.stop, inputs=place, outputs=[parts.stop], **QUIET)
    parts.conversation.judge(do.judge, inputs=place, **_EACH_IN_TURN)
    parts.sidebar.open(do.open, inputs=[parts.language], trigger_mode="multiple", **everything)
    parts.sidebar.search(do.search, inputs=place, outputs=[parts.sidebar], **_LATEST)
    parts.sidebar.rename(do.rename, inputs=place, outputs=[parts.sidebar], **QUIET)
    parts.sidebar.remove(do.remove, inputs=place, **everything)
    parts.header.speak(do.speak, inputs=[parts.current, *fields], **everything)
    parts.conversation.look(do.look, inputs=[parts.language], outputs=[parts.start], **QUIET)
    parts.conversation.samples(do.samples, inputs=place, **everything)
    shown = [field.input for field in fields]
    gr.on(shown, do.filter, inputs=[parts.language, *fields], outputs=[parts.chips], **_LATEST)
    parts.chips.drop(do.drop, inputs=[parts.language, *fields], outputs=[parts.chips, *fields], **QUIET)


def _stop_following(parts: AskParts, following: Any) -> None:
    """Let what changes the conversation end following the one before; its answer is written all the same.

    Listeners of their own, and the first: ``cancels`` beside a function would cancel when that is done.
    """
    asked = (parts.question.submit, parts.button.click, parts.conversation.ask)
    again = (parts.conversation.resend, parts.conversation.again)
    moved = (parts.sidebar.open, parts.sidebar.remove, parts.header.speak)
    for listen in (*asked, *again, *moved):
        listen(None, cancels=[following], **QUIET)
