"""Questions of programs: checked, waiting their turn, answered in a thread."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Protocol

import anyio

from rag.errors import ConfigError, QuestionError
from rag.schema import Answer, ReportInfo, Turn
from ui.api.admission import Admission

MAX_QUESTION = 2_000  # characters
MAX_HISTORY = 20  # earlier turns that a question is understood from
MAX_TURN = 20_000  # characters of an earlier question or answer


class Assistant(Protocol):
    """What programs need of an assistant."""

    def stream(self, question: str, **options: Any) -> Iterator[str | Answer]:
        """Yield text as it is written, last the answer. Raises RagError."""
        ...

    def reports(self) -> Sequence[ReportInfo]:
        """List the reports in the index. Raises RagError."""
        ...


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, what was said before (oldest first), and the filters of ``Assistant.query``."""

    question: str
    history: tuple[Turn, ...] = ()
    reports: tuple[str, ...] = ()
    publisher: str = ""
    since: date | None = None
    until: date | None = None

    def options(self) -> dict[str, Any]:
        """Keyword arguments of an assistant, those that are set."""
        options = {name: getattr(self, name) for name in ("history", "reports", "publisher", "since", "until")}
        return {name: value for name, value in options.items() if value}


def checked(asked: Asked) -> Asked:
    """``asked`` without space around the question and with the latest turns only. Raises QuestionError."""
    question = asked.question.strip()
    if not question:
        raise QuestionError("The question is empty: say what you want to know.")
    longest = max([len(question), *(max(len(turn.question), len(turn.answer)) for turn in asked.history)])
    if len(question) > MAX_QUESTION or longest > MAX_TURN:
        limit = MAX_QUESTION if len(question) > MAX_QUESTION else MAX_TURN
        raise QuestionError(f"The text is too long: {limit:,} characters is the limit. Ask about one thing at a time.")
    return replace(asked, question=question, history=asked.history[-MAX_HISTORY:])


def day(text: str, name: str) -> date | None:
    """An ISO date, None without one. Raises ConfigError."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise ConfigError(f"{name}: {text[:40]!r} is no date; write it as 2024-03-31.") from error


class Desk:
    """Takes questions of programs to an assistant, as many at once as ``admission`` lets in."""

    def __init__(self, assistant: Assistant, admission: Admission) -> None:
        self._assistant = assistant
        self._admission = admission

    async def answer(self, asked: Asked) -> Answer:
        """The answer. Raises RagError, ``Busy`` when too many questions are waiting."""
        async with aclosing(self.stream(asked)) as pieces:
            *_, last = [piece async for piece in pieces]
        assert isinstance(last, Answer), "a stream ends with its answer"
        return last

    async def stream(self, asked: Asked) -> AsyncGenerator[str | Answer, None]:
        """Text as it is written, and last the answer; raises as :meth:`answer`. Closing it stops the model."""
        asked = checked(asked)
        async with self._admission.place_soon("program"):
            loop, come, leave = asyncio.get_running_loop(), asyncio.Queue[str | Answer | Exception](), threading.Event()

            def tell(piece: str | Answer | Exception) -> None:
                loop.call_soon_threadsafe(come.put_nowait, piece)

            # One thread from beginning to end: a generator must not be closed while another runs it.
            working = loop.run_in_executor(None, self._work, asked, tell, leave)
            try:
                while not isinstance(piece := await come.get(), Answer):
                    if isinstance(piece, Exception):
                        raise piece
                    yield piece
                yield piece
            finally:
                leave.set()
                with anyio.CancelScope(shield=True):  # the place is held until the model has stopped
                    await asyncio.shield(working)

    def _work(self, asked: Asked, tell: Callable[[str | Answer | Exception], None], leave: threading.Event) -> None:
        try:
            pieces = self._assistant.stream(asked.question, **asked.options())
            try:
                for piece in pieces:
                    tell(piece)
                    if leave.is_set() or isinstance(piece, Answer):
                        return
            finally:
                _close(pieces)
            raise AssertionError("a stream ends with its answer")
        except Exception as error:
            tell(error)

    async def reports(self) -> Sequence[ReportInfo]:
        """The reports in the index. Raises RagError."""
        return await anyio.to_thread.run_sync(self._assistant.reports)


def _close(pieces: Iterator[str | Answer]) -> None:
    close = getattr(pieces, "close", None)
    if close is not None:
        close()
