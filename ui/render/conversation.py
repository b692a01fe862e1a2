"""The list of conversations, the page before the first question, and the filters in use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Protocol

from ui.render.parts import attributes, button, icon
from ui.words import WORDS

EXPORTS = ("md", "docx", "json")


class Listed(Protocol):
    """A conversation in the list."""

    @property
    def id(self) -> str:
        """Its id."""
        ...

    @property
    def title(self) -> str:
        """Its name, by default its first question."""
        ...


@dataclass(frozen=True, slots=True)
class FilterChip:
    """One filter in use, in words; ``name`` says which to remove."""

    name: str
    text: str


def render_list(listed: Sequence[Listed], *, current: str = "", search: str = "", language: str = "en") -> str:
    """Make the conversations, newest first; ``current`` is the id of the open one, ``search`` what was searched for."""
    words = WORDS[language]
    if not listed:
        return f'<p class="rq-meta rq-list-empty">{words["none_found" if search else "none_yet"]}</p>'
    rows = "".join(_row(one, one.id == current, language) for one in listed)
    return f'<ul class="rq-list">{rows}</ul>'


def render_sidebar(language: str = "en") -> str:
    """Make what stays around the list: a new conversation, the search, and the question before deleting."""
    words = WORDS[language]
    new = button(words["new"], kind="rq-button rq-new", drawing=icon("new"), data_act="new")
    close = button(words["close"], kind="rq-tool rq-side-close", drawing=icon("close"), quiet=True, data_act="menu")
    return (
        f'<div class="rq-side-head">{new}{close}</div>'
        f'<label class="rq-find">{icon("search")}<input type="search" maxlength="200" '
        f'aria-label="{words["search_conversations"]}" placeholder="{words["search_conversations"]}"></label>'
        f'<nav class="rq-conversations" aria-label="{words["conversations"]}"></nav>'
        f'<dialog class="rq-dialog" aria-labelledby="rq-delete-head"><h2 id="rq-delete-head">{words["delete_question"]}'
        f'</h2><p class="rq-dialog-name"></p><p>{words["delete_for_good"]}</p><div class="rq-row">'
        f"{button(words['delete'], kind='rq-button rq-danger', data_act='delete-now')}"
        f"{button(words['cancel'], data_act='keep')}</div></dialog>"
    )


def render_welcome(language: str = "en") -> str:
    """Make what stands before the first question."""
    words = WORDS[language]
    return f'<div class="rq-welcome"><h2>{words["welcome"]}</h2><p>{words["welcome_how"]}</p></div>'


def render_examples(questions: Sequence[str], language: str = "en") -> str:
    """Make example questions, each a button that asks it; empty for none."""
    if not questions:
        return ""
    rows = "".join(
        f'<li><button type="button" class="rq-example" data-act="example">{escape(question)}</button></li>'
        for question in questions
    )
    return f'<h3 class="rq-label">{WORDS[language]["examples"]}</h3><ul class="rq-examples">{rows}</ul>'


def render_first_start(language: str = "en", *, trouble: str = "", waiting: bool = False, samples: bool = True) -> str:
    """Make what stands where there is no index or none with reports; ``trouble`` says why an offer failed.

    Without ``samples`` the five sample reports are not offered, as to a user who may not add reports.
    """
    words = WORDS[language]
    head = f'<div class="rq-welcome rq-first"><h2>{words["empty_index"]}</h2><p>{words["empty_index_how"]}</p>'
    if waiting:
        return f'{head}<p class="rq-pending">{words["samples_wait"]}</p></div>'
    failed = f'<p class="rq-error">{escape(trouble)}</p>' if trouble else ""
    offers = button(words["use_samples"], kind="rq-button rq-primary", data_act="samples") if samples else ""
    return f'{head}{failed}<div class="rq-row">{offers}{button(words["add_reports"], data_act="reports")}</div></div>'


def render_filter_bar(chips: Sequence[FilterChip], language: str = "en") -> str:
    """Make the button that shows the filters' fields, and the filters in use, each with a button that removes it."""
    words = WORDS[language]
    show = button(
        words["filters"],
        kind="rq-tool",
        drawing=icon("filters"),
        data_act="filters",
        aria_expanded="false",
        aria_controls="rq-filters",
    )
    said = attributes(data_remove=words["remove_filter"], data_clear=words["clear_filters"])
    return f'<div class="rq-filter-bar"{said}>{show}{_chips(chips, language) if chips else ""}</div>'


def _chips(chips: Sequence[FilterChip], language: str) -> str:
    words = WORDS[language]
    rows = "".join(
        f"<li><span>{escape(chip.text)}</span>"
        + button(
            f"{words['remove_filter']}: {chip.text}",
            kind="rq-remove",
            drawing=icon("close"),
            quiet=True,
            data_act="remove",
            data_filter=chip.name,
        )
        + "</li>"
        for chip in chips
    )
    clear = button(words["clear_filters"], kind="rq-link", data_act="clear")
    return f'<ul class="rq-filter-chips" aria-label="{words["filters"]}">{rows}</ul>{clear}'


def render_exports(conversation: str, language: str = "en") -> str:
    """Make the links that save a conversation as a file."""
    words = WORDS[language]
    links = "".join(
        f'<a download href="/download/{escape(conversation)}.{suffix}?language={language}">{suffix.upper()}</a>'
        for suffix in EXPORTS
    )
    return f'<span class="rq-meta">{icon("save")}{words["export"]}</span>{links}'


def _row(one: Listed, current: bool, language: str) -> str:
    words = WORDS[language]
    title = attributes(data_id=one.id, data_title=one.title)
    here = ' aria-current="page"' if current else ""
    return (
        f'<li class="rq-item"{title}><a class="rq-open" href="?c={escape(one.id)}"{here}>{escape(one.title)}</a>'
        f"{button(words['rename'], kind='rq-tool', drawing=icon('edit'), quiet=True, data_act='rename')}"
        f"{button(words['delete'], kind='rq-tool', drawing=icon('delete'), quiet=True, data_act='delete')}</li>"
    )
