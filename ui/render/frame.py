"""What stands around everything else: the header and the source panel's frame."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from ui.render.parts import button, icon, pressed
from ui.words import LANGUAGES, WORDS

THEMES = ("auto", "light", "dark")


@dataclass(frozen=True, slots=True)
class Status:
    """What the status line tells: the reader's or model's name, reports in the index, who is logged in ("": nobody)."""

    reader: str
    reports: int
    user: str = ""


def render_header(title: str, status: Status, *, language: str = "en") -> str:
    """Make the heading of the page with its switches and status line; ``title`` "" for the usual one."""
    words = WORDS[language]
    menu = button(
        words["show_conversations"], kind="rq-tool rq-menu", drawing=icon("menu"), quiet=True, data_act="menu"
    )
    languages = "".join(
        button(code.upper(), data_language=code, lang=code, title=name, aria_pressed=pressed(code == language))
        for code, name in LANGUAGES.items()
    )
    themes = "".join(
        button(
            words[f"theme_{name}"],
            kind="rq-theme",
            drawing=icon(name),
            quiet=True,
            data_theme=name,
            aria_pressed=pressed(name == "auto"),
        )
        for name in THEMES
    )
    return (
        f'<a class="rq-skip" href="#rq-question">{words["skip"]}</a>{menu}'
        f"<h1>{escape(title or words['title'])}</h1>{_status(status, language)}"
        f'<div class="rq-switch" role="group" aria-label="{words["language"]}">{languages}</div>'
        f'<div class="rq-switch" role="group" aria-label="{words["theme"]}">{themes}</div>{_log_out(status, language)}'
    )


def render_panel_frame(language: str = "en") -> str:
    """Make the source panel without a source."""
    words = WORDS[language]
    tools = "".join(
        button(words[label], kind=f"rq-tool rq-{name}", drawing=icon(name), quiet=True, data_act=name)
        for name, label in (("previous", "previous"), ("next", "next"), ("close", "close"))
    )
    return (
        f'<section class="rq-panel" aria-label="{words["panel"]}" hidden data-failed="{words["not_loaded"]}">'
        f'<header class="rq-panel-head"><h2>{words["panel"]} <span class="rq-panel-number"></span></h2>{tools}</header>'
        f'<div class="rq-panel-body" tabindex="0" role="region" aria-label="{words["panel"]}"></div></section>'
    )


def _status(status: Status, language: str) -> str:
    words = WORDS[language]
    reader = words["status_reader"] if status.reader == "extractive" else status.reader
    reports = words["one_report"] if status.reports == 1 else words["n_reports"].format(status.reports)
    offline = words["status_offline"]
    return (
        f'<p class="rq-status"><span class="rq-status-reader">{escape(reader)}</span>'
        f'<span class="rq-status-reports">{reports}</span>'
        f'<span class="rq-offline" title="{offline}">{words["status_offline_short"]}'
        f'<span class="rq-unseen">. {offline}</span></span></p>'
    )


def _log_out(status: Status, language: str) -> str:
    if not status.user:
        return ""
    return (
        f'<form class="rq-user" method="post" action="/logout"><span>{escape(status.user)}</span>'
        f'<button type="submit" class="rq-link">{WORDS[language]["log_out"]}</button></form>'
    )
