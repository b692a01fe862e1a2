"""Loaders that run in a child process, which may crash, hang or eat memory without harm to this one."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rag.child import ChildError, OutOfMemory, TimedOut, TooLarge, run_limited
from rag.errors import ReportError
from rag.load import worker
from rag.load.decode import Content
from rag.load.limits import Limits, limits_for
from rag.load.sniff import refuse_misnamed
from rag.load.wire import unpack

_MAX_MESSAGE_CHARS = 1_000


@dataclass(frozen=True, slots=True)
class Apart:
    """A loader for ``rag.load.LOADERS`` that runs ``target``, "module:function", in a child process.

    The target is a ``(bytes, Path) -> Content``; only the child imports it. ``limits`` gives the limits for a file of
    so many bytes. What comes back is checked, and nothing in it is executed.
    """

    target: str
    limits: Callable[[int], Limits] = limits_for

    def __call__(self, data: bytes, path: Path) -> Content:
        """What the file holds.

        :raises ReportError: it cannot be read, or its reader crashed or took too much time, memory or room.
        """
        if not data.strip():
            raise ReportError(f"{path} is empty: there is nothing to read in it.")
        refuse_misnamed(data, path)
        shown = os.fsencode(path).decode("utf-8", errors="backslashreplace")
        limits = self.limits(len(data))
        try:
            packed = run_limited(
                worker.__name__,
                worker.order(self.target, shown, data),
                memory_bytes=limits.memory_bytes,
                cpu_s=limits.cpu_s,
                wall_s=limits.wall_s,
                max_output=limits.result_bytes,
            )
            return unpack(packed)
        except ReportError as error:
            raise ReportError(" ".join(str(error).split())[:_MAX_MESSAGE_CHARS]) from None
        except ChildError as error:
            raise ReportError(_message(shown, error, limits)) from error
        except ValueError as error:
            raise ReportError(worker.broken(shown, f"the reader gave no sound result: {error}")) from error
        except OSError as error:
            reason = error.strerror or str(error)
            raise ReportError(f"{shown} cannot be read: no process could be started for it ({reason}).") from error


def _message(path: str, error: ChildError, limits: Limits) -> str:
    if isinstance(error, TimedOut):
        advice = "Split the report, or save it again with another program."
        return f"{path} cannot be read: {error}. {advice}"
    if isinstance(error, OutOfMemory):
        advice = "Split the report, or save it again with smaller pictures."
        return f"{path} cannot be read: it needs more than {limits.memory_bytes / 1e9:.1f} GB of memory. {advice}"
    if isinstance(error, TooLarge):
        return f"{path} expands beyond the limit: it holds too much. Split it into several reports."
    return worker.broken(path, str(error))
