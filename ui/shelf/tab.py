"""Wires the reports' tab to Gradio. Import it only where a page is made: it imports Gradio."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.components import Component

from rag.load import LOADERS
from ui.shelf.desk import MAX_FILES, MAX_MB, Desk
from ui.shelf.render_report import View
from ui.shelf.words import WORDS
from ui.style import script
from ui.users.identity import is_admin
from ui.words import known_language

_TICK_S = 0.7
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


@dataclass(frozen=True, slots=True)
class ReportsTab:
    """The parts of the tab that others trigger.

    Call ``opened`` with ``inputs`` for ``outputs`` when the page is loaded, the tab is opened or the language has
    changed. ``changed`` is a hidden value that is another one whenever the list of reports has changed.
    """

    opened: Callable[..., Sequence[Any]]
    inputs: Sequence[Any]
    outputs: Sequence[Any]
    changed: gr.State


@dataclass(frozen=True, slots=True)
class _Shown:
    """The report that a visitor has open, "" for none, and the section that its text begins with.

    ``stamp`` is that of the report as it is shown.
    """

    report_id: str = ""
    first: int | None = None
    stamp: str = ""


def reports_tab(desk: Desk, language: Component) -> ReportsTab:
    """Make the tab, within the block that is open; ``language`` holds the interface's language."""
    bare: dict[str, Any] = {"apply_default_css": False, "js_on_load": script("shelf")}
    shown, changed = gr.State(_Shown()), gr.State((0, 0))
    with gr.Column(elem_id="rq-shelf-tab"):
        drop = gr.File(
            file_count="multiple", file_types=list(LOADERS), label=" ", visible=False, elem_id="rq-drop", height=72
        )
        jobs = gr.HTML("", elem_id="rq-jobs", **bare)
        listed = gr.HTML("", elem_id="rq-shelf", **bare)
        swap = gr.UploadButton(
            " ", file_types=list(LOADERS), visible=False, elem_id="rq-replace", size="sm", variant="secondary"
        )
        report = gr.HTML("", elem_id="rq-report", **bare)
    timer = gr.Timer(_TICK_S, active=False)
    page = _Page(desk)
    inputs, outputs = [shown, language, changed], [shown, changed, drop, jobs, listed, swap, report, timer]

    timer.tick(page.tick, inputs=inputs, outputs=outputs, concurrency_limit=None, **_QUIET)
    drop.upload(page.upload, inputs=[drop, *inputs], outputs=outputs, **_QUIET)
    swap.upload(page.swap, inputs=[swap, *inputs], outputs=outputs, **_QUIET)
    for part in (jobs, listed, report):
        part.change_shelf(page.change, inputs=inputs, outputs=outputs, concurrency_limit=None, **_QUIET)
    return ReportsTab(page.open, inputs, outputs, changed)


class _Page:
    """The events of the tab; each returns values for the same outputs."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def open(self, shown: _Shown, language: str, known: tuple[int, int], request: gr.Request) -> tuple[Any, ...]:
        """Show everything as it is now."""
        return self._all(shown, known_language(language), request, fields=True)

    def tick(self, shown: _Shown, language: str, known: tuple[int, int], request: gr.Request) -> tuple[Any, ...]:
        """Show how far the changes are; the list and the open report only when they have changed."""
        language = known_language(language)
        admin, stay = is_admin(request), gr.skip()
        timer = gr.Timer(active=self._desk.jobs.waiting() > 0)
        jobs = self._desk.jobs_html(language, is_admin=admin)
        if self._desk.version() == known:
            return stay, stay, stay, jobs, stay, stay, stay, timer
        if shown.report_id and self._desk.stamp(shown.report_id) == shown.stamp:
            # A form that is being filled in would close.
            listed = self._desk.list_html(language, is_admin=admin)
            return stay, self._desk.version(), stay, jobs, listed, stay, stay, timer
        return self._all(shown, language, request)

    def upload(
        self, paths: list[str] | None, shown: _Shown, language: str, known: tuple[int, int], request: gr.Request
    ) -> tuple[Any, ...]:
        """Take in what was dropped."""
        language = known_language(language)
        files = [(Path(path).name, Path(path)) for path in paths or ()]
        return self._done(
            lambda: self._desk.upload(files, language, is_admin=is_admin(request)),
            shown, language, request, fields=True,
        )  # fmt: skip

    def swap(
        self, path: str | None, shown: _Shown, language: str, known: tuple[int, int], request: gr.Request
    ) -> tuple[Any, ...]:
        """Take a file in place of that of the open report."""
        language = known_language(language)
        if not path or not shown.report_id:
            return self._all(shown, language, request)
        file = Path(path)
        return self._done(
            lambda: self._desk.replace(shown.report_id, file.name, file, is_admin=is_admin(request)),
            shown, language, request, fields=True,
        )  # fmt: skip

    def change(
        self, shown: _Shown, language: str, known: tuple[int, int], request: gr.Request, event: gr.EventData
    ) -> tuple[Any, ...]:
        """Do what a button of the tab says."""
        language = known_language(language)
        values = event._data if isinstance(event._data, dict) else {}
        what, admin = str(values.get("do", "")), is_admin(request)
        desk = self._desk
        if what == "open":
            return self._all(_Shown(str(values.get("id", ""))), language, request, moved=True)
        if what == "back":
            return self._all(_Shown(), language, request, moved=True)
        if what == "section":
            place = _Shown(shown.report_id, _number(values.get("section")))
            return self._all(place, language, request, moved=True)
        if what == "correct":
            return self._correct(values.get("values"), shown, language, request)
        if what == "delete":
            return self._delete(shown, language, request)
        doing: dict[str, Callable[[], object]] = {
            "reindex": lambda: desk.reindex(shown.report_id, language, is_admin=admin),
            "reindex_all": lambda: desk.reindex(None, language, is_admin=admin),
            "samples": lambda: desk.add_samples(language, is_admin=admin),
            "clash": lambda: desk.answer(_number(values.get("job")) or 0, str(values.get("answer")), is_admin=admin),
            "clear": lambda: desk.clear(is_admin=admin),
        }
        return self._done(doing.get(what, lambda: None), shown, language, request)

    def _correct(self, typed: Any, shown: _Shown, language: str, request: gr.Request) -> tuple[Any, ...]:
        typed = {str(key): str(value) for key, value in typed.items()} if isinstance(typed, dict) else {}
        words = WORDS[language]
        try:
            result = self._desk.correct(shown.report_id, typed, language, is_admin=is_admin(request))
        except PermissionError:
            return self._all(shown, language, request, notice=words["not_allowed"])
        if result is None:
            return self._all(shown, language, request, notice=words["in_queue"])
        if result.refused:
            trouble = result.text or words["went_wrong"]
            return self._all(shown, language, request, trouble=trouble, typed=typed)
        return self._all(shown, language, request, notice=result.text or words["done_correct"])

    def _delete(self, shown: _Shown, language: str, request: gr.Request) -> tuple[Any, ...]:
        words = WORDS[language]
        try:
            result = self._desk.remove(shown.report_id, is_admin=is_admin(request))
        except PermissionError:
            return self._all(shown, language, request, notice=words["not_allowed"])
        if result is not None and result.refused:
            return self._all(shown, language, request, notice=result.text or words["went_wrong"])
        return self._all(_Shown(), language, request, moved=True)

    def _done(
        self, work: Callable[[], object], shown: _Shown, language: str, request: gr.Request, *, fields: bool = False
    ) -> tuple[Any, ...]:
        try:
            work()
        except PermissionError:
            return self._all(shown, language, request, notice=WORDS[language]["not_allowed"])
        return self._all(shown, language, request, fields=fields, taken=fields)

    def _all(
        self,
        shown: _Shown,
        language: str,
        request: gr.Request,
        *,
        moved: bool = False,
        fields: bool = False,
        taken: bool = False,
        **said: Any,
    ) -> tuple[Any, ...]:
        """Values for all outputs; ``said`` are fields of :class:`View`.

        Only what has ``moved`` to a report or back closes one: another may have been opened meanwhile.
        The file fields are labelled only with ``fields``, and emptied only when what was in them is ``taken``: a file
        may be on its way into one.
        """
        desk, admin, words = self._desk, is_admin(request), WORDS[language]
        version = desk.version()
        view = View(language=language, is_admin=admin, first=shown.first, **said)
        label = words["upload"].format(", ".join(LOADERS), MAX_FILES, MAX_MB)
        emptied: dict[str, Any] = {"value": None} if taken else {}
        stays = not (moved or shown.report_id)
        return (
            gr.skip() if stays else replace(shown, stamp=desk.stamp(shown.report_id)),
            version,
            gr.File(visible=admin, label=label, **emptied) if fields else gr.skip(),
            desk.jobs_html(language, is_admin=admin),
            desk.list_html(language, is_admin=admin),
            gr.UploadButton(label=words["replace"], visible=admin, **emptied) if fields else gr.skip(),
            gr.skip() if stays else desk.report_html(shown.report_id, view) if shown.report_id else "",
            gr.Timer(active=admin and desk.jobs.waiting() > 0),
        )


def _number(value: object) -> int | None:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() else None
