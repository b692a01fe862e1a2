"""One writer at a time, among threads and among processes."""

from __future__ import annotations

import contextlib
import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.errors import StoreLocked
from rag.store.faults import from_system

FILE_NAME = "write.lock"
WAIT_S = 2.0
POLL_S = 0.05


class WriterLock:
    """The right to write to the index in ``folder``; the thread that has it may take it again.

    The system drops the lock when its process ends, however it ends, so none is ever left behind.
    The file itself stays: removing it would let two processes hold locks on two files of one name.
    """

    def __init__(self, folder: Path, *, wait_s: float = WAIT_S) -> None:
        self._path = folder / FILE_NAME
        self._wait_s = wait_s
        self._threads = threading.RLock()
        self._depth = 0

    @contextmanager
    def held(self) -> Iterator[bool]:
        """Hold the lock; yields whether this is the outermost hold.

        Raises ``StoreLocked`` when another has it for longer than ``wait_s``.
        """
        deadline = time.monotonic() + self._wait_s
        if not self._threads.acquire(timeout=self._wait_s):
            raise self._locked(str(os.getpid()))
        try:
            with self._file_lock(deadline) if self._depth == 0 else contextlib.nullcontext():
                self._depth += 1
                try:
                    yield self._depth == 1
                finally:
                    self._depth -= 1
        finally:
            self._threads.release()

    @contextmanager
    def _file_lock(self, deadline: float) -> Iterator[None]:
        try:
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise from_system(error, self._path) from error
        try:
            self._wait_for(handle, deadline)
            with contextlib.suppress(OSError):  # the PID only helps a message; a full disk may refuse it
                os.ftruncate(handle, 0)
                os.pwrite(handle, b"%d\n" % os.getpid(), 0)
            yield
        finally:
            os.close(handle)

    def _wait_for(self, handle: int, deadline: float) -> None:
        while True:
            try:
                return fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise self._locked(os.pread(handle, 32, 0).decode("ascii", "replace").strip()) from None
            except OSError as error:
                raise from_system(error, self._path) from error
            time.sleep(POLL_S)

    def _locked(self, pid: str) -> StoreLocked:
        holder = f"Process {pid}" if pid else "Another process"
        return StoreLocked(
            f"{holder} is writing to the index in {self._path.parent}. Wait until it is done, then run the "
            "same command again. Questions are answered meanwhile."
        )
