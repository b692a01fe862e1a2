"""Changes of the reports, made one after the other in the background, and how far each is."""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from rag.errors import RagError
from rag.pipeline.shelf import NameTaken
from rag.schema import Progress

log = logging.getLogger(__name__)

State = Literal["waiting", "reading", "indexing", "done", "refused", "asking"]
Kind = Literal["add", "replace", "remove", "reindex", "correct", "samples"]
ENDED: tuple[State, ...] = ("done", "refused", "asking")
_KEPT = 200  # jobs that are remembered; the oldest that have ended go first
_STAGES: dict[str, State] = {"chunks": "indexing"}


@dataclass(frozen=True, slots=True)
class Result:
    """How a job ended: one line for the person who wanted it, and the report it is about."""

    refused: bool = False
    text: str = ""
    report_id: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Job:
    """A change as it stands: ``done`` of ``total`` chunks (or reports, for several) are finished.

    ``name`` is that of the file or report. A job that is ``"asking"`` found that its name is taken by ``report_id``.
    """

    number: int
    kind: Kind
    name: str
    state: State = "waiting"
    done: int = 0
    total: int = 0
    result: Result = Result()

    @property
    def has_ended(self) -> bool:
        """Whether nothing more happens to it by itself."""
        return self.state in ENDED


Work = Callable[[Progress], Result]


class Jobs:
    """A queue with one thread, which runs only while there is work; safe to use from several threads.

    What takes moments (removing, correcting) goes before files that wait to be added.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._jobs: dict[int, Job] = {}
        self._work: dict[int, Work] = {}
        self._waiting: list[tuple[int, int]] = []
        self._numbers = itertools.count(1)
        self._is_running = False

    def submit(self, kind: Kind, name: str, work: Work) -> int:
        """Add a change to the queue; returns the job's number."""
        with self._changed:
            number = next(self._numbers)
            self._jobs[number] = Job(number, kind, name)
            self._work[number] = work
            heapq.heappush(self._waiting, (int(kind in ("add", "samples", "reindex")), number))
            self._forget(keep=_KEPT)
            if not self._is_running:
                self._is_running = True
                threading.Thread(target=self._run, name="reports", daemon=True).start()
        return number

    def refuse(self, kind: Kind, name: str, reason: str) -> int:
        """Note a change that is not even tried, so that it is seen among the others."""
        with self._changed:
            number = next(self._numbers)
            self._jobs[number] = Job(number, kind, name, "refused", result=Result(refused=True, text=reason))
        return number

    def all(self) -> list[Job]:
        """All jobs that are remembered, oldest first."""
        with self._changed:
            return list(self._jobs.values())

    def job(self, number: int) -> Job | None:
        """One of them."""
        with self._changed:
            return self._jobs.get(number)

    def waiting(self) -> int:
        """How many have not ended."""
        return sum(not job.has_ended for job in self.all())

    def wait(self, number: int, timeout_s: float) -> Job | None:
        """The job when it has ended, or as it is after ``timeout_s``."""
        with self._changed:
            self._changed.wait_for(lambda: number not in self._jobs or self._jobs[number].has_ended, timeout_s)
            return self._jobs.get(number)

    def drop(self, number: int) -> None:
        """Forget a job that has ended."""
        with self._changed:
            if number in self._jobs and self._jobs[number].has_ended:
                del self._jobs[number]

    def clear(self) -> None:
        """Forget all jobs that have ended, but those that ask something."""
        with self._changed:
            self._forget(keep=0)

    def _forget(self, keep: int) -> None:
        ended = [number for number, job in self._jobs.items() if job.state in ("done", "refused")]
        for number in ended[: max(0, len(self._jobs) - keep)]:
            del self._jobs[number]

    def _run(self) -> None:
        while True:
            with self._changed:
                if not self._waiting:
                    self._is_running = False
                    return
                _, number = heapq.heappop(self._waiting)
                work = self._work.pop(number)
                self._set(number, state="reading")
            self._finish(number, work)

    def _finish(self, number: int, work: Work) -> None:
        def progress(stage: str, done: int, total: int) -> None:
            with self._changed:
                if stage == "chunks" or (stage == "reports" and total > 1):
                    self._set(number, state=_STAGES.get(stage, "reading"), done=done, total=total)

        state: State
        try:
            result = work(progress)
            state = "refused" if result.refused else "done"
        except NameTaken as error:
            state, result = "asking", Result(text=error.title, report_id=error.report_id)
        except RagError as error:
            state, result = "refused", Result(refused=True, text=str(error))
        except Exception:
            # The thread must go on with the next one: the details belong in the log, not on the page.
            log.exception("A change of the reports failed")
            state, result = "refused", Result(refused=True)
        with self._changed:
            self._set(number, state=state, result=result)
            self._changed.notify_all()

    def _set(self, number: int, **changes: object) -> None:
        if number in self._jobs:
            self._jobs[number] = replace(self._jobs[number], **changes)  # type: ignore[arg-type]
