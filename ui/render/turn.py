"""A question with what stands under it, and what can be done with both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from ui.render.parts import attributes, button, icon, pressed
from ui.words import WORDS


@dataclass(frozen=True, slots=True)
class Feedback:
    """What the user said of an answer; ``good`` is None while nothing."""

    good: bool | None = None
    reason: str = ""
    correction: str = ""


def render_turn(question: str, body: str, *, filters: Sequence[str] = (), language: str = "en", tools: str = "") -> str:
    """Put a question (plain text) over its answer (HTML) and the tools for it; ``filters`` are in words."""
    words = WORDS[language]
    scope = ""
    if filters:
        scope = f'<p class="rq-scope">{words["searched_in"]}: {escape(" · ".join(filters))}</p>'
    edit = button(words["edit_question"], kind="rq-tool", drawing=icon("edit"), quiet=True, data_act="edit")
    return (
        f'<div class="rq-asked"><h2 class="rq-question">{escape(question)}</h2>{edit}</div>'
        f'{_edit_form(language)}{scope}<div class="rq-body">{body}</div>{tools}'
    )


def render_tools(copied: str, *, key: str, feedback: Feedback, language: str = "en") -> str:
    """Make the buttons under an answer; ``copied`` is what copying gives. ``key`` as for ``render_answer``."""
    words = WORDS[language]
    copy = button(
        words["copy"],
        kind="rq-tool",
        drawing=icon("copy"),
        aria_label=words["copy_label"],
        data_act="copy",
        data_copy=copied,
        data_done=words["copied"],
    )
    again = button(words["regenerate"], kind="rq-tool", drawing=icon("again"), data_act="again")
    thumbs = "".join(
        button(
            words[name],
            kind="rq-tool rq-thumb",
            drawing=icon(name),
            quiet=True,
            data_act="judge",
            data_good=name,
            aria_pressed=pressed(feedback.good is good),
        )
        for name, good in (("good", True), ("bad", False))
    )
    form = _feedback(key, feedback, language)
    return f'<div class="rq-tools">{copy}{again}<span class="rq-gap"></span>{thumbs}</div>{form}'


def render_error(message: str, *, language: str = "en", retry: bool = True) -> str:
    """Make one line of ``message`` with a button that asks again."""
    tool = button(WORDS[language]["try_again"], drawing=icon("again"), data_act="again") if retry else ""
    return f'<div class="rq-error"><p>{escape(" ".join(message.split()))}</p>{tool}</div>'


def _edit_form(language: str) -> str:
    words = WORDS[language]
    return (
        '<form class="rq-form rq-edit" hidden>'
        f'<textarea rows="2" maxlength="2000" aria-label="{words["edit_question"]}"></textarea>'
        f'<p class="rq-meta">{words["edit_drops"]}</p><div class="rq-row">'
        f'<button type="submit" class="rq-button rq-primary">{words["send"]}</button>'
        f"{button(words['cancel'], data_act='cancel')}</div></form>"
    )


def _feedback(key: str, feedback: Feedback, language: str) -> str:
    words = WORDS[language]
    fields = "".join(
        f"<label>{words[name]}<textarea{attributes(name=name, rows=2, maxlength=2000)}>"
        f"{escape(value)}</textarea></label>"
        for name, value in (("reason", feedback.reason), ("correction", feedback.correction))
    )
    return (
        f'<form class="rq-form rq-feedback" id="{escape(key)}-feedback" hidden>{fields}<div class="rq-row">'
        f'<button type="submit" class="rq-button rq-primary">{words["save"]}</button>'
        f'{button(words["close"], data_act="cancel")}<span class="rq-thanks" role="status" '
        f'data-done="{words["thanks"]}"></span></div></form>'
    )
