"""HTML of the list of reports and of the changes under way: pure functions; all text is escaped.

What a button does stands in ``data-do``, see ``ui/static/shelf.js``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from rag.pipeline.entries import Entry
from ui.render.parts import attributes, button, icon
from ui.shelf.jobs import Job
from ui.shelf.words import WORDS

_SHOWN_NAME = 120  # characters of a file's name


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table: the word over it, and whether its values are sorted as numbers."""

    key: str
    is_number: bool = False


COLUMNS = (
    Column("title"),
    Column("publisher"),
    Column("period"),
    Column("published"),
    Column("language"),
    Column("sections", is_number=True),
    Column("chunks", is_number=True),
    Column("pages", is_number=True),
    Column("added"),
    Column("status"),
)


def render_list(entries: Sequence[Entry], language: str = "en", *, samples: int = 0, is_admin: bool = False) -> str:
    """Make the table of the reports with its search box, or what stands where there are none.

    It brings along the words for the drop zone above it, which Gradio would write in the browser's language.

    ``samples`` is how many sample reports can be added. Only an administrator is offered changes.
    """
    words = WORDS[language]
    if not entries:
        return _empty(language, samples, is_admin)
    count = words["shown"].format("{0}", len(entries))
    anew = (
        button(words["reindex_all"], kind="rq-tool", drawing=icon("again"), data_do="reindex_all") if is_admin else ""
    )
    heads = "".join(_head(column, language) for column in COLUMNS)
    rows = "".join(_row(entry, language) for entry in entries)
    return (
        f'<section class="rq-shelf" data-drop="{words["drop"]}" aria-label="{words["reports"]}">'
        '<div class="rq-shelf-bar">'
        f'<label class="rq-find">{icon("search")}<span class="rq-unseen">{words["search"]}</span>'
        f'<input type="search" placeholder="{words["search"]}" autocomplete="off"></label>'
        f'<p class="rq-meta rq-shelf-count" role="status" data-count="{count}">{count.format(len(entries))}</p>'
        f'<span class="rq-gap"></span>{anew}</div>'
        f'<div class="rq-shelf-scroll"><table class="rq-shelf-table" role="table" aria-label="{words["reports"]}">'
        f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead><tbody role="rowgroup">{rows}</tbody></table></div>'
        "</section>"
    )


def render_jobs(jobs: Sequence[Job], language: str = "en") -> str:
    """Make the list of changes, latest first, each with its state and progress; empty for none."""
    if not jobs:
        return ""
    words = WORDS[language]
    done = sum(job.state == "done" for job in jobs)
    refused = sum(job.state == "refused" for job in jobs)
    items = "".join(_job(job, language) for job in reversed(jobs))
    ended = done + refused
    clear = button(words["clear"], kind="rq-link", data_do="clear") if ended else ""
    busy = "" if all(job.has_ended for job in jobs) else " data-busy"
    told = "; ".join(_told(job, language) for job in jobs if job.has_ended)[-600:]
    return (
        f'<section class="rq-jobs"{busy} aria-label="{words["uploads"]}"><div class="rq-shelf-bar">'
        f"<h3>{words['uploads']}</h3>"
        f'<p class="rq-meta">{words["counts"].format(done, refused)}</p><span class="rq-gap"></span>{clear}</div>'
        f'<p class="rq-unseen" role="status" data-told="{escape(told)}"></p><ul>{items}</ul></section>'
    )


def state_of(entry: Entry) -> str:
    """``"ready"``, ``"check"`` (it has warnings or pages without text) or ``"missing"`` (its file is)."""
    if entry.file == "missing":
        return "missing"
    return "check" if entry.info.warnings or entry.without_text or not entry.chunks else "ready"


def render_state(entry: Entry, language: str) -> str:
    """The state by words, shape and colour."""
    state = state_of(entry)
    drawing = {"ready": "supported", "check": "partly", "missing": "unsupported"}[state]
    return f'<span class="rq-verdict rq-{drawing}">{icon(drawing)}{WORDS[language][state]}</span>'


def _empty(language: str, samples: int, is_admin: bool) -> str:
    words = WORDS[language]
    if not is_admin:
        return f'<div class="rq-shelf-none"><h2>{words["none_yet"]}</h2><p>{words["none_visitor"]}</p></div>'
    offer = words["add_samples"].format(samples)
    add = button(offer, kind="rq-button rq-primary", data_do="samples") if samples else ""
    said = f'<div class="rq-shelf-none" data-drop="{words["drop"]}">'
    return f"{said}<h2>{words['none_yet']}</h2><p>{words['none_how']}</p>{add}</div>"


def _head(column: Column, language: str) -> str:
    words = WORDS[language]
    word = words[column.key]
    said = attributes(data_sort=column.key, data_by=words["sort"].format(word), title=words["sort"].format(word))
    kind = ' class="rq-shelf-number"' if column.is_number else ""
    return (
        f'<th scope="col" role="columnheader" aria-sort="none"{kind}>'
        f'<button type="button"{said}>{word}<span class="rq-shelf-arrow" aria-hidden="true"></span></button></th>'
    )


def _row(entry: Entry, language: str) -> str:
    info, words = entry.info, WORDS[language]
    first = info.period.start.isoformat() if info.period else ""
    published = info.published.isoformat() if info.published else ""
    added = entry.added.date().isoformat() if entry.added else ""
    cells = (
        (info.title, info.title),
        (info.publisher, info.publisher),
        (info.period.label if info.period else "", first),
        (published, published),
        (words.get(info.language, info.language), info.language),
        (str(entry.sections), str(entry.sections)),
        (str(entry.chunks), str(entry.chunks)),
        (str(entry.pages or ""), str(entry.pages)),
        (added, entry.added.isoformat() if entry.added else ""),
        (render_state(entry, language), state_of(entry)),
    )
    made = "".join(
        _cell(column, shown, key, info.id, language) for column, (shown, key) in zip(COLUMNS, cells, strict=True)
    )
    return f'<tr role="row" data-id="{escape(info.id)}">{made}</tr>'


def _cell(column: Column, shown: str, key: str, report_id: str, language: str) -> str:
    label = attributes(role="cell", data_label=WORDS[language][column.key], data_key=key)
    kind = f' class="rq-shelf-{"number" if column.is_number else column.key}"'
    if column.key == "title":
        opened = f'<button type="button" data-do="open" data-id="{escape(report_id)}">{escape(shown)}</button>'
        return f"<td{kind}{label}>{opened}</td>"
    body = shown if column.key == "status" else escape(shown)
    return f"<td{kind}{label}>{body or '<span class=rq-shelf-no aria-hidden=true>–</span>'}</td>"


def _job(job: Job, language: str) -> str:
    name = escape(job.name[:_SHOWN_NAME])
    bar = ""
    if not job.has_ended:
        known = attributes(value=job.done, max=max(job.total, 1)) if job.state == "indexing" else ""
        if job.state == "waiting":
            known = attributes(value=0, max=1)
        bar = f'<progress{known} aria-label="{name}"></progress>'
    state = f'<span class="rq-job-state rq-job-{job.state}">{_mark(job)}{escape(_state(job, language))}</span>'
    return (
        f'<li data-job="{job.number}" class="rq-job"><span class="rq-job-name">{name}</span>'
        f"{state}{bar}{_result(job, language)}</li>"
    )


def _mark(job: Job) -> str:
    drawing = {"done": "supported", "refused": "unsupported", "asking": "partly"}.get(job.state)
    return icon(drawing) if drawing else ""


def _state(job: Job, language: str) -> str:
    words = WORDS[language]
    if job.state == "done":
        return job.result.text or words[f"done_{job.kind}"]
    if job.state == "indexing":
        return words["indexing"].format(job.done, job.total)
    if job.state == "reading" and job.total:
        return words["indexing_reports"].format(job.done, job.total)
    if job.state == "asking":
        return words["asking"].format(job.result.text)
    return words[job.state]


def _result(job: Job, language: str) -> str:
    words = WORDS[language]
    if job.state == "asking":
        offers = (("replace_it", "replace"), ("keep_both", "keep both"), ("leave_out", "leave out"))
        made = "".join(
            button(words[key], kind="rq-button", data_do="clash", data_job=job.number, data_answer=answer)
            for key, answer in offers
        )
        return f'<div class="rq-row">{made}</div>'
    lines = [job.result.text or words["went_wrong"]] if job.state == "refused" else []
    lines += job.result.warnings
    kind = "rq-job-why" if job.state == "refused" else "rq-meta"
    return "".join(f'<p class="{kind}">{escape(line)}</p>' for line in lines)


def _told(job: Job, language: str) -> str:
    reason = f" {job.result.text}" if job.state == "refused" else ""
    return f"{job.name[:_SHOWN_NAME]}: {_state(job, language)}{reason}"
