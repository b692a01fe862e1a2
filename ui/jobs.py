"""Answers being written, apart from the connections that watch them: a page may be closed or reloaded meanwhile."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rag.errors import RagError
from rag.schema import Answer
from ui.api.admission import Admission, Busy

log = logging.getLogger(__name__)

Ask = Callable[[], Iterator[str | Answer]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a job ended: with an answer, an ``error`` (a line for the user, "" where only the log knows), or stopped.

    ``busy`` tells that it was never begun, for too many questions were waiting.
    """

    answer: Answer | None = None
    error: str | None = None
    stopped: bool = False
    busy: bool = False


class Job:
    """One question being answered; ``text`` is what a model has written so far. All attributes are for reading."""

    def __init__(self, ask: Ask, done: Callable[[Outcome], None]) -> None:
        self.text = ""
        self.running = False
        self.outcome: Outcome | None = None
        self._ask = ask
        self._done = done
        self._lock = threading.Lock()

    @property
    def version(self) -> tuple[int, bool, bool]:
        """Changes whenever what there is to show does."""
        return len(self.text), self.running, self.outcome is not None

    def finish(self, outcome: Outcome) -> None:
        """End with ``outcome``, and hand it on, unless the job has ended already."""
        with self._lock:
            if self.outcome is not None:
                return
            try:
                self._done(outcome)
            except Exception:
                # Whoever watches still gets the outcome; that it could not be stored is in the log.
                log.exception("The end of a question could not be stored")
            self.outcome = outcome

    def run(self, admission: Admission) -> None:
        """Wait for a place, then answer, until the end or until someone else has finished the job."""
        try:
            with admission.place("page"):
                if self.outcome is None:
                    self.running = True
                    self._answer()
        except Busy:
            self.finish(Outcome(busy=True))
        except RagError as error:
            self.finish(Outcome(error=str(error)))
        except Exception:
            log.exception("A question could not be answered")
        self.finish(Outcome(error=""))  # a stream without an answer, or an error that only the log names

    def _answer(self) -> None:
        pieces = self._ask()
        try:
            for piece in pieces:
                if isinstance(piece, Answer):
                    self.finish(Outcome(answer=piece))
                else:
                    self.text += piece
                if self.outcome is not None:
                    return
        finally:
            # Stops a model that is still writing.
            close = getattr(pieces, "close", None)
            if close is not None:
                close()


class Jobs:
    """The jobs under way, by key. ``admission`` says how many are answered at once and how many may wait."""

    def __init__(self, admission: Admission) -> None:
        self._admission = admission
        self._jobs: dict[str, Job] = {}

    def start(self, key: str, ask: Ask, done: Callable[[Outcome], None]) -> Job:
        """Begin to answer, now or in turn; ``done`` gets the outcome once, in any thread."""
        job = self._jobs[key] = Job(ask, done)

        def work() -> None:
            job.run(self._admission)
            if self._jobs.get(key) is job:
                del self._jobs[key]

        # A daemon: a model that is slow to stop does not keep the program from ending.
        threading.Thread(target=work, name="answer", daemon=True).start()
        return job

    def get(self, key: str) -> Job | None:
        """The job of that key until it has ended."""
        job = self._jobs.get(key)
        return job if job is not None and job.outcome is None else None

    def stop(self, key: str) -> None:
        """End a job as stopped; without such a job, nothing happens."""
        job = self._jobs.get(key)
        if job is not None:
            job.finish(Outcome(stopped=True))
