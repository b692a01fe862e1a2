"""What the reports' tab does, whatever serves it: wishes in, HTML and jobs out."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from rag.errors import MetadataError, StoreError
from rag.load import MAX_FILE_BYTES
from rag.pipeline.outcomes import IngestResult, Outcome
from rag.pipeline.shelf import Clash, NameTaken, Shelf
from rag.schema import Progress
from ui.guard.limits import Limits
from ui.shelf.jobs import Jobs, Kind, Result
from ui.shelf.render import render_jobs, render_list
from ui.shelf.render_report import View, form_values, render_gone, render_report
from ui.shelf.words import WORDS

MAX_FILES = Limits().files  # in one upload, as the guard lets through
MAX_WAITING = 200  # changes in the queue
MAX_MB = MAX_FILE_BYTES // 1_000_000
_AT_ONCE_S = 3.0  # waited for a change that takes moments, so that the page shows how it ended


class Desk:
    """The reports of one index for all who visit; safe to use from several threads.

    Whether somebody may change reports is asked of each call that does, by ``is_admin``.
    """

    def __init__(self, shelf: Shelf, jobs: Jobs | None = None) -> None:
        self._shelf = shelf
        self.jobs = jobs or Jobs()
        self._held: dict[int, tuple[str, Path]] = {}  # uploaded files whose name is taken, by job
        self._lock = threading.Lock()

    def list_html(self, language: str, *, is_admin: bool) -> str:
        """The table of the reports."""
        return render_list(self._shelf.entries(), language, samples=len(self._shelf.samples()), is_admin=is_admin)

    def jobs_html(self, language: str, *, is_admin: bool) -> str:
        """The changes under way and ended; nothing for who may not make any."""
        return render_jobs(self.jobs.all(), language) if is_admin else ""

    def report_html(self, report_id: str, view: View) -> str:
        """One report, or that it is gone."""
        try:
            entry, report = self._shelf.entry(report_id), self._shelf.report(report_id)
            sections = self._shelf.sections(report_id)
        except StoreError:
            return render_gone(view.language)
        view = replace(view, is_kept=self._shelf.is_kept(entry.info))
        return render_report(entry, report.text, sections, view)

    def stamp(self, report_id: str) -> str:
        """Changes when what is shown of a report does; empty for one that is not there."""
        try:
            return repr(self._shelf.entry(report_id)) if report_id else ""
        except StoreError:
            return ""

    def version(self) -> tuple[int, int]:
        """Changes when the list of reports does."""
        return self._shelf.generation, sum(job.has_ended for job in self.jobs.all())

    def upload(self, files: Sequence[tuple[str, Path]], language: str, *, is_admin: bool) -> None:
        """Queue uploaded files, each with the name that it had; those over a limit are noted as refused.

        The files are deleted once they are in the index or refused. Raises PermissionError.
        """
        if not is_admin:
            for _, path in files:
                path.unlink(missing_ok=True)
        _check(is_admin)
        words = WORDS[language]
        for number, (name, path) in enumerate(files):
            if number >= MAX_FILES:
                self.jobs.refuse("add", name, words["too_many"].format(MAX_FILES, len(files) - number - 1))
                break
            if self.jobs.waiting() >= MAX_WAITING:
                self.jobs.refuse("add", name, words["queue_full"].format(MAX_WAITING))
                break
            self._add(name, path, "ask")
        else:
            return
        for _, path in files[number:]:
            path.unlink(missing_ok=True)

    def answer(self, number: int, answer: str, *, is_admin: bool) -> None:
        """Say what becomes of a file whose name is taken: "replace", "keep both" or "leave out".

        Raises PermissionError.
        """
        _check(is_admin)
        with self._lock:
            name, path = self._held.pop(number, ("", Path()))
        if not name:
            return
        self.jobs.drop(number)
        if answer == "replace" or answer == "keep both":
            self._add(name, path, answer)
        else:
            path.unlink(missing_ok=True)

    def replace(self, report_id: str, name: str, path: Path, *, is_admin: bool) -> None:
        """Queue a file that is to take the place of a report's; it is deleted in the end. Raises PermissionError."""
        _check(is_admin)

        def work(progress: Progress) -> Result:
            try:
                return _result(self._shelf.replace(report_id, path, progress, name=name))
            finally:
                path.unlink(missing_ok=True)

        self.jobs.submit("replace", f"{self._title(report_id)} ← {name}", work)

    def remove(self, report_id: str, *, is_admin: bool) -> Result | None:
        """Delete a report; see :meth:`_soon`. Raises PermissionError."""
        _check(is_admin)

        def work(progress: Progress) -> Result:
            return Result(report_id=self._shelf.remove(report_id).id)

        return self._soon("remove", self._title(report_id), work)

    def reindex(self, report_id: str | None, language: str, *, is_admin: bool) -> None:
        """Queue the reading of one report's file, or of all. Raises PermissionError."""
        _check(is_admin)
        name = self._title(report_id) if report_id is not None else WORDS[language]["all_reports"]
        self.jobs.submit("reindex", name, lambda progress: _result(self._shelf.reindex(report_id, progress)))

    def add_samples(self, language: str, *, is_admin: bool) -> int:
        """Queue the sample reports; returns the job's number. Raises PermissionError."""
        _check(is_admin)
        name = WORDS[language]["samples"]
        return self.jobs.submit("samples", name, lambda progress: _result(self._shelf.add_samples(progress)))

    def clear(self, *, is_admin: bool) -> None:
        """Forget the changes that have ended. Raises PermissionError."""
        _check(is_admin)
        self.jobs.clear()

    def correct(self, report_id: str, typed: Mapping[str, Any], language: str, *, is_admin: bool) -> Result | None:
        """Correct what differs between the form as ``typed`` and what is known; see :meth:`_soon`.

        Raises PermissionError.
        """
        _check(is_admin)
        try:
            known = form_values(self._shelf.report(report_id))
            changes = {key: str(typed[key]) for key in known if key in typed and str(typed[key]) != known[key]}
            if "period_start" in changes or "period_end" in changes:  # a period is one statement
                changes |= {key: str(typed.get(key, "")) for key in ("period_start", "period_end")}
            if not changes:
                return Result(text=WORDS[language]["unchanged"])
            self._shelf.check_correction(report_id, changes)
        except (MetadataError, StoreError) as error:
            return Result(refused=True, text=str(error))

        def work(progress: Progress) -> Result:
            return _result(self._shelf.correct(report_id, changes, progress))

        return self._soon("correct", self._title(report_id), work)

    def _soon(self, kind: Kind, name: str, work: Callable[[Progress], Result]) -> Result | None:
        """Make a change that takes moments: its result, or None when others are still before it."""
        job = self.jobs.wait(self.jobs.submit(kind, name, work), _AT_ONCE_S)
        return job.result if job is not None and job.has_ended else None

    def _add(self, name: str, path: Path, clash: Clash) -> None:
        def work(progress: Progress) -> Result:
            try:
                result = _result(self._shelf.add(name, path, progress, clash=clash))
            except NameTaken:
                raise  # the file is needed for the answer
            except BaseException:
                self._done_with(path)
                raise
            self._done_with(path)
            return result

        with self._lock:  # the work may be done before it has its number
            self._held[self.jobs.submit("add", name, work)] = (name, path)

    def _done_with(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        with self._lock:
            self._held = {number: held for number, held in self._held.items() if held[1] != path}

    def _title(self, report_id: str) -> str:
        try:
            return self._shelf.report(report_id).title
        except StoreError:
            return report_id


def _result(result: IngestResult) -> Result:
    """The lines that a person who added or changed something wants to read."""
    outcomes = result.outcomes
    refused = [_without_folder(outcome) for outcome in result.refused]
    notes = [outcome.reason for outcome in result.skipped if outcome.reason != "unchanged"]
    for warning in result.warnings:  # they begin with the file's path
        path = next((outcome.path for outcome in outcomes if warning.startswith(f"{outcome.path}: ")), "")
        notes.append(warning.removeprefix(f"{path}: "))
    if len(outcomes) != 1:
        all_refused = bool(refused) and len(refused) == len(outcomes)
        return Result(refused=all_refused, text=" ".join(refused) if all_refused else "", warnings=(*refused, *notes))
    if notes and outcomes[0].status == "skipped":
        return Result(refused=True, text=notes[0], report_id=outcomes[0].report_id)
    return Result(bool(refused), " ".join(refused), outcomes[0].report_id, tuple(notes))


def _without_folder(outcome: Outcome) -> str:
    """Its reason with the file's name alone: the folder says nothing to whoever uploaded it."""
    return outcome.reason.replace(f"{Path(outcome.path).parent}/", "")


def _check(is_admin: bool) -> None:
    if not is_admin:
        raise PermissionError("Only an administrator may change the reports.")
