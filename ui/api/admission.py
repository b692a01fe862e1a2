"""How many questions are answered at once, whoever asks them: pages and programs share the places."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Future
from contextlib import asynccontextmanager, contextmanager
from typing import Literal

from rag.errors import RagError

ANSWERS = "answers"  # concurrency_id of the page's events that ask a question; they are counted as such
Asker = Literal["page", "program"]


class Busy(RagError):
    """So many questions are waiting that another one is not taken."""


class Admission:
    """``at_once`` places, and a queue of pages and one of programs, ``waiting`` long together.

    A place that becomes free goes to pages and programs by turns, in each queue to who came first.
    Safe to use from several threads and event loops.
    """

    def __init__(self, at_once: int = 2, waiting: int = 50) -> None:
        self._free = at_once
        self._waiting = waiting
        self._queues: dict[Asker, deque[Future[None]]] = {"page": deque(), "program": deque()}
        self._next: Asker = "page"
        self._lock = threading.Lock()

    @contextmanager
    def place(self, asker: Asker = "page") -> Iterator[None]:
        """Wait for a place and hold it for the block. Raises Busy at once when the queue is full."""
        turn = self._join(asker)
        try:
            turn.result()
            yield
        finally:
            self._leave(turn)

    @asynccontextmanager
    async def place_soon(self, asker: Asker = "program") -> AsyncIterator[None]:
        """As :meth:`place`, without holding up the event loop; a cancelled wait leaves the queue."""
        turn = self._join(asker)
        try:
            await asyncio.wrap_future(turn)
            yield
        finally:
            self._leave(turn)

    def _join(self, asker: Asker) -> Future[None]:
        turn: Future[None] = Future()
        with self._lock:
            if self._free:
                self._free -= 1
                turn.set_result(None)
                return turn
            if sum(map(len, self._queues.values())) >= self._waiting:
                raise Busy("Too many questions are waiting. Try again in a moment.")
            self._queues[asker].append(turn)
        return turn

    def _leave(self, turn: Future[None]) -> None:
        with self._lock:
            for queue in self._queues.values():
                if turn in queue:  # the wait was cut short
                    queue.remove(turn)
                    return
            if turn.cancelled():
                return
            waiting = self._following()
            if waiting is None:
                self._free += 1
                return
        waiting.set_result(None)

    def _following(self) -> Future[None] | None:
        for _ in self._queues:
            queue = self._queues[self._next]
            self._next = "program" if self._next == "page" else "page"
            while queue:
                turn = queue.popleft()
                if turn.set_running_or_notify_cancel():
                    return turn
        return None
