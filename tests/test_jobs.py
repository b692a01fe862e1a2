"""Answers being written apart from the pages that watch them."""

from __future__ import annotations

import threading

import pytest
from chat_fakes import FakeAssistant

from rag.errors import StoreDamaged
from ui.api.admission import Admission
from ui.jobs import Jobs, Outcome


@pytest.fixture
def outcomes():
    class Outcomes(list):
        def __init__(self):
            super().__init__()
            self.came = threading.Event()

        def add(self, outcome):
            self.append(outcome)
            self.came.set()

        def only(self):
            assert self.came.wait(5)
            (outcome,) = self
            return outcome

    return Outcomes()


ANSWER = FakeAssistant().query("teachers workshop")


def test_the_answer_is_handed_on_and_the_job_gone(outcomes):
    jobs = Jobs(Admission())
    job = jobs.start("1", lambda: iter(["some ", "text", ANSWER]), outcomes.add)
    assert outcomes.only() == Outcome(answer=ANSWER)
    assert job.text == "some text"
    while job.outcome is None:
        pass
    assert jobs.get("1") is None


@pytest.mark.parametrize(
    ("pieces", "error"), [([StoreDamaged("damaged")], "damaged"), ([ZeroDivisionError()], ""), (["text alone"], "")]
)
def test_what_goes_wrong_is_an_outcome(outcomes, pieces, error):
    def ask():
        for piece in pieces:
            if isinstance(piece, Exception):
                raise piece
            yield piece

    Jobs(Admission()).start("1", ask, outcomes.add)
    assert outcomes.only() == Outcome(error=error)


def test_stopping_tells_at_once_and_closes_the_stream(outcomes):
    wrote, closed = threading.Event(), threading.Event()

    def ask():
        try:
            while True:
                wrote.set()
                yield "more "
        finally:
            closed.set()

    jobs = Jobs(Admission())
    jobs.start("1", ask, outcomes.add)
    assert wrote.wait(5)
    jobs.stop("1")
    assert outcomes.only() == Outcome(stopped=True)
    assert jobs.get("1") is None
    assert closed.wait(5)
    jobs.stop("1")
    jobs.stop("none of that key")
    assert len(outcomes) == 1


def test_one_that_waits_is_not_running_and_can_be_stopped(outcomes):
    admission = Admission(at_once=1)
    jobs = Jobs(admission)
    asked = threading.Event()
    with admission.place("page"):
        job = jobs.start("1", lambda: asked.set() or iter([ANSWER]), outcomes.add)
        assert not job.running and jobs.get("1") is job
        jobs.stop("1")
        assert outcomes.only() == Outcome(stopped=True)
    with admission.place("page"):  # the place is free again, and nothing was asked
        assert not asked.is_set()


def test_one_too_many_is_busy(outcomes):
    admission = Admission(at_once=1, waiting=0)
    with admission.place("page"):
        Jobs(admission).start("1", lambda: iter([ANSWER]), outcomes.add)
        assert outcomes.only() == Outcome(busy=True)


def test_an_end_that_cannot_be_stored_is_logged_and_still_an_end(caplog):
    def fail(outcome):
        raise OSError("disk full")

    job = Jobs(Admission()).start("1", lambda: iter([ANSWER]), fail)
    for _ in range(500):
        if job.outcome is not None:
            break
        threading.Event().wait(0.01)
    assert job.outcome == Outcome(answer=ANSWER)
    assert "disk full" in caplog.text
