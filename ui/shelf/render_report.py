"""HTML of one report: what is known of it and from where, what was found on reading it, its outline and text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from rag.load import KEYS
from rag.pipeline.entries import Entry
from rag.schema import ReportInfo, Section
from rag.text import LANGUAGES
from ui.render.body import Body
from ui.render.parts import attributes, button, icon, joined
from ui.shelf.render import render_state
from ui.shelf.words import WORDS

PART = 60_000  # characters of a report shown at once, some 20 pages
_DAYS = ("period_start", "period_end", "published")
_FACTS = ("title", "publisher", "type", "symbol", "period", "published", "language")


@dataclass(frozen=True, slots=True)
class View:
    """How a report is shown.

    ``first`` is the section that the text begins with, ``None`` for the report's start. ``notice`` is a line about
    the last change; ``trouble`` and ``typed`` are what is wrong with the form and what was typed into it.
    """

    language: str = "en"
    is_admin: bool = False
    is_kept: bool = False
    first: int | None = None
    notice: str = ""
    trouble: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)


def render_report(entry: Entry, text: str, sections: Sequence[Section], view: View) -> str:
    """Make the page of a report; ``sections`` in text order."""
    info, words = entry.info, WORDS[view.language]
    back = button(words["back"], kind="rq-tool", drawing=icon("previous"), data_do="back")
    lost = words["file_missing"].format(info.path) if entry.file == "missing" else ""
    notes = "".join(
        f'<p class="rq-shelf-notice" role="status">{escape(line)}</p>' for line in (view.notice, lost) if line
    )
    about = joined([info.publisher, info.period.label if info.period else "", info.id])
    return (
        f'<article class="rq-reading" data-report="{escape(info.id)}"><div class="rq-shelf-bar">{back}'
        f'<span class="rq-gap"></span>{_actions(view) if view.is_admin else ""}</div>'
        f'<header><h2 tabindex="-1">{escape(info.title)}</h2>'
        f'<p class="rq-meta">{about} · {render_state(entry, view.language)}</p></header>{notes}'
        f'<div class="rq-reading-cols"><div class="rq-reading-about">{_facts(info, view)}'
        f"{_intake(entry, view)}{_outline(sections, view)}</div>{_text(info, text, sections, view)}</div>"
        f"{_dialog(info, view) if view.is_admin else ''}</article>"
    )


def render_gone(language: str = "en") -> str:
    """Make what stands for a report that has been removed meanwhile."""
    words = WORDS[language]
    back = button(words["back"], kind="rq-tool", drawing=icon("previous"), data_do="back")
    return (
        f'<article class="rq-reading"><div class="rq-shelf-bar">{back}</div>'
        f'<h2 tabindex="-1">{words["gone"]}</h2></article>'
    )


def form_values(info: ReportInfo) -> dict[str, str]:
    """What the form holds for a report, as text by key of ``reports.toml``."""
    period = info.period
    days = {"period_start": period.start if period else None, "period_end": period.end if period else None}
    days["published"] = info.published
    values = {key: day.isoformat() if day else "" for key, day in days.items()}
    return {key: values[key] if key in values else str(getattr(info, key)) for key in KEYS}


def origin_of(info: ReportInfo, key: str, language: str) -> str:
    """Where a fact comes from, in words."""
    origin = info.origins.get(key, "not found")
    return WORDS[language].get("from_text" if origin == "text" else origin, origin)


def _actions(view: View) -> str:
    words = WORDS[view.language]
    return (
        button(words["replace"], kind="rq-tool", drawing=icon("edit"), data_do="swap")
        + button(words["reindex"], kind="rq-tool", drawing=icon("again"), data_do="reindex")
        + button(words["delete"], kind="rq-tool rq-shelf-delete", drawing=icon("delete"), data_do="ask_delete")
    )


def _facts(info: ReportInfo, view: View) -> str:
    words = WORDS[view.language]
    rows = ""
    for key in _FACTS:
        value = info.period.label if key == "period" and info.period else getattr(info, key)
        if key == "symbol" and not value:
            continue
        shown = words.get(str(value), str(value)) if key == "language" else str(value or "")
        rows += (
            f"<div><dt>{words[key]}</dt><dd>{escape(shown) or words['unknown']}"
            f'<span class="rq-meta">{escape(origin_of(info, key, view.language)) if shown else ""}</span></dd></div>'
        )
    form = _form(info, view) if view.is_admin else ""
    return (
        f'<section class="rq-reading-facts" aria-label="{words["facts"]}"><h3>{words["facts"]}</h3><dl>{rows}</dl>'
        f"{form}</section>"
    )


def _form(info: ReportInfo, view: View) -> str:
    words = WORDS[view.language]
    known = form_values(info)
    fields = "".join(_field(key, known[key], view) for key in KEYS)
    trouble = f'<p class="rq-error" role="alert" tabindex="-1">{escape(view.trouble)}</p>' if view.trouble else ""
    return (
        f'<details class="rq-edit"{attributes(open=bool(view.trouble))}>'
        f"<summary>{icon('edit')}{words['edit']}</summary>"
        f'<form novalidate data-do="correct" class="rq-edit-form">{trouble}<p class="rq-meta">{words["edit_how"]}</p>'
        f'{fields}<div class="rq-row"><button type="submit" class="rq-button rq-primary">{words["save"]}</button>'
        f"{button(words['cancel'], data_do='cancel')}</div></form></details>"
    )


def _field(key: str, known: str, view: View) -> str:
    words = WORDS[view.language]
    value = view.typed.get(key, known)
    if key == "language":
        options = "".join(
            f'<option value="{code}"{attributes(selected=code == value)}>{words.get(code, code)}</option>'
            for code in LANGUAGES
        )
        made = f'<select name="{key}">{options}</select>'
    else:
        kind = "date" if key in _DAYS else "text"
        made = f"<input{attributes(name=key, type=kind, value=value, maxlength=500, autocomplete='off')}>"
    return f'<label class="rq-edit-{key}"><span>{words[key]}</span>{made}</label>'


def _intake(entry: Entry, view: View) -> str:
    words = WORDS[view.language]
    pages = ", ".join(map(str, entry.without_text)) or words["none"]
    read = ", ".join(map(str, entry.ocr)) or words["none"]
    facts = [
        ("sections", str(entry.sections)),
        ("tables", str(entry.tables)),
        ("figures", str(entry.figures)),
        ("chunks", str(entry.chunks)),
        ("pages", str(entry.pages) if entry.pages else words["no_pages"]),
        *([("without_text", pages), ("ocr", read)] if entry.pages else []),
        ("added", f"{entry.added:%Y-%m-%d %H:%M} UTC" if entry.added else ""),
        ("file", entry.info.path if view.is_admin else Path(entry.info.path).name),
    ]
    rows = "".join(f"<div><dt>{words[key]}</dt><dd>{escape(value)}</dd></div>" for key, value in facts if value)
    warned = "".join(f"<li>{escape(line)}</li>" for line in entry.info.warnings)
    similar = "".join(
        f'<li><button type="button" class="rq-link" data-do="open" data-id="{escape(other)}">{escape(other)}</button>'
        f" <span>{escape(why)}</span></li>"
        for other, why in entry.similar
    )
    lists = "".join(
        f"<div><dt>{words[key]}</dt><dd>{f'<ul>{items}</ul>' if items else words[none]}</dd></div>"
        for key, items, none in (("warnings", warned, "none"), ("similar", similar, "none_m"))
    )
    return (
        f'<section class="rq-reading-facts" aria-label="{words["intake"]}"><h3>{words["intake"]}</h3>'
        f"<dl>{rows}{lists}</dl></section>"
    )


def _outline(sections: Sequence[Section], view: View) -> str:
    words = WORDS[view.language]
    items = "".join(
        f'<li style="--rq-level:{min(len(section.path), 6) - 1}"><button type="button" class="rq-outline-link" '
        f'data-do="section" data-section="{section.ordinal}">{_heading(section)}</button></li>'
        for section in sections
        if section.path
    )
    if not items:
        return ""
    return (
        f'<nav class="rq-reading-outline" aria-label="{words["outline"]}">'
        f"<h3>{words['outline']}</h3><ol>{items}</ol></nav>"
    )


def _text(info: ReportInfo, text: str, sections: Sequence[Section], view: View) -> str:
    """The text from a section on, with an anchor at each section's start; buttons lead to what is before and after."""
    words = WORDS[view.language]
    starts = {section.start: section.ordinal for section in reversed(sections)}
    begin = next((section.start for section in sections if section.ordinal == view.first), 0)
    end = min(len(text), begin + PART)
    if end < len(text):  # up to a section's start, if one is not too near
        end = max((start for start in starts if begin + PART // 2 < start <= end), default=end)
    body = Body.of(text, sections)
    cuts = [begin, *sorted(start for start in starts if begin < start < end), end]
    parts = "".join(
        f'<div class="rq-reading-part"{_anchor(starts.get(first))}>{body.html(first, last)}</div>'
        for first, last in zip(cuts, cuts[1:], strict=False)
        if text[first:last].strip()
    )
    before = [section.ordinal for section in sections if max(0, begin - PART) <= section.start < begin]
    after = [section.ordinal for section in sections if section.start >= end]
    earlier = _turn("earlier", min(before, default=None) if begin else None, words)
    later = _turn("later", min(after, default=None), words)
    return (
        f'<section class="rq-reading-text" aria-label="{words["text"]}" tabindex="0">{earlier}'
        f'<div lang="{escape(info.language)}">{parts}</div>{later}</section>'
    )


def _anchor(ordinal: int | None) -> str:
    return "" if ordinal is None else f' id="rq-section-{ordinal}" tabindex="-1"'


def _turn(key: str, ordinal: int | None, words: Mapping[str, str]) -> str:
    return "" if ordinal is None else f"<p>{button(words[key], data_do='section', data_section=ordinal)}</p>"


def _heading(section: Section) -> str:
    return escape(" ".join(section.path[-1].split())[:160])


def _dialog(info: ReportInfo, view: View) -> str:
    words = WORDS[view.language]
    kept = words["delete_kept"] if view.is_kept else words["delete_outside"].format(info.path)
    return (
        f'<dialog class="rq-dialog" aria-labelledby="rq-delete-title"><h2 id="rq-delete-title">'
        f'{words["delete_question"]}</h2><p><b>{escape(info.title)}</b></p><p>{escape(kept)}</p><div class="rq-row">'
        f"{button(words['cancel'], data_do='keep')}"
        f"{button(words['delete'], kind='rq-button rq-danger', data_do='delete')}</div></dialog>"
    )
