"""Work on untrusted files in a child process with limits on memory, time and output.

``run_limited("rag.pages", data, …)`` starts this file as a script. It sets its limits, imports the module and calls
its function ``work(data: bytes) -> bytes``. So a parser that crashes, hangs or eats memory takes nothing else down.
"""

from __future__ import annotations

import contextlib
import json
import logging
import math
import os
import signal
import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import IO

if __name__ != "__main__":  # the script needs nothing of reportqa before its limits are set
    from rag import errors
    from rag.errors import RagError

    class ChildError(RagError):
        """The work came to no result; the caller says which file it was on."""

    class Crashed(ChildError):
        """The process died, or its module raised what is no ``RagError``."""

    class OutOfMemory(ChildError):
        """It needed more memory than it was given."""

    class TimedOut(ChildError):
        """It took longer than it was given."""

    class TooLarge(ChildError):
        """Its result, or a file that it wrote, is larger than allowed."""


log = logging.getLogger(__name__)

_KEPT = ("HOME", "LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "PATH", "TESSDATA_PREFIX", "TMPDIR", "TZ")
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "OPENBLAS_NUM_THREADS"), "1")
_DONE, _ERROR, _NO_MEMORY, _TOO_LARGE = b"d", b"e", b"m", b"l"  # the first byte of what the child writes
_SAID_BYTES = 2_000  # of standard error, for the log
_PR_SET_PDEATHSIG = 1


def run_limited(module: str, data: bytes, *, memory_bytes: int, cpu_s: float, wall_s: float, max_output: int) -> bytes:
    """``module.work(data)``, run in a process of its own that ends with this call.

    :param memory_bytes: address space of the process, the interpreter's own 0.2 GB included.
    :param cpu_s: seconds of processor time; ``wall_s``: seconds by the clock.
    :param max_output: bytes of the result, and of any file that the process writes.
    :raises RagError: what ``work`` raised, with the same class of ``rag.errors`` and the same words.
    :raises ChildError: one of its kinds: the process crashed, ran out of memory or time, or wrote too much.
    """
    limits = [module, str(memory_bytes), str(math.ceil(cpu_s)), str(max_output)]
    try:
        # Files, not pipes: the kernel then bounds what is written, and nobody has to read and write by turns.
        with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as made, tempfile.TemporaryFile() as said:
            given.write(data)
            given.seek(0)
            code = _run([sys.executable, "-P", __file__, *limits], given, made, said, wall_s)
            log.debug("%s ended with %d: %s", module, code, _tail(said))
            made.seek(0)
            return _result(code, made.read(1), made, cpu_s, max_output)
    except OSError as error:
        raise Crashed(f"no process could be started for it ({error.strerror or error})") from error


def _run(command: list[str], given: IO[bytes], made: IO[bytes], said: IO[bytes], wall_s: float) -> int:
    """Exit code of the command, negative for the signal that ended it; nothing that it started is left."""
    process = subprocess.Popen(  # noqa: S603 - this file, with numbers and a module's name
        command,
        stdin=given,
        stdout=made,
        stderr=said,
        env={name: os.environ[name] for name in _KEPT if name in os.environ} | _ONE_THREAD,
        start_new_session=True,  # a group of its own: what it starts is killed with it
    )
    try:
        return process.wait(wall_s)
    except subprocess.TimeoutExpired:
        raise TimedOut(f"it took longer than {wall_s:g} s") from None
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS: only zombies are left
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()
        process.wait()


def _tail(said: IO[bytes]) -> str:
    said.seek(max(0, said.seek(0, os.SEEK_END) - _SAID_BYTES))
    return said.read().decode("utf-8", "replace")


def _result(code: int, kind: bytes, made: IO[bytes], cpu_s: float, max_output: int) -> bytes:
    if code == -signal.SIGXCPU:
        raise TimedOut(f"it took more than {cpu_s:g} s of processor time")
    if kind == _NO_MEMORY or code == -signal.SIGKILL:  # which the system sends when memory runs out
        raise OutOfMemory("it needs more memory than it is given")
    if kind == _TOO_LARGE or code == -signal.SIGXFSZ:
        raise TooLarge(f"it makes more than {max_output / 1e6:,.0f} MB")
    if kind == _ERROR:
        name, message = json.loads(made.read())
        known = getattr(errors, name, None)
        raise known(message) if isinstance(known, type) and issubclass(known, RagError) else Crashed(message)
    if kind != _DONE or code != 0:
        cause = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        raise Crashed(f"the process that read it ended with {cause}")
    return made.read()


def main() -> None:
    """Set the limits, do the work and write its result; run as a script only."""
    module, memory, cpu_s, max_output = sys.argv[1], *map(int, sys.argv[2:5])
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no result
    _limit(memory, cpu_s, max_output)
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    try:
        reply = _DONE + import_module(module).work(sys.stdin.buffer.read())
        if len(reply) > max_output:
            reply = _TOO_LARGE
    except MemoryError:
        reply = _NO_MEMORY
    except Exception as error:  # noqa: BLE001 - told to the parent, which raises it again
        reply = _ERROR + json.dumps([type(error).__name__, str(error)]).encode()
        if type(error).__module__ != "rag.errors":
            import traceback

            traceback.print_exc()
    out.write(reply)
    out.flush()
    os._exit(0)  # at once: what a damaged file has left behind may crash on being tidied up


def _limit(memory: int, cpu_s: int, max_output: int) -> None:
    import ctypes
    import resource

    for limit, soft, hard in (
        (resource.RLIMIT_AS, memory, memory),
        (resource.RLIMIT_CPU, cpu_s, cpu_s + 1),  # at the soft one comes SIGXCPU, which tells what happened
        (resource.RLIMIT_FSIZE, max_output + 1, max_output + 1),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        _, highest = resource.getrlimit(limit)
        if highest != resource.RLIM_INFINITY:
            soft, hard = min(soft, highest), min(hard, highest)
        resource.setrlimit(limit, (soft, hard))
    # Linux: end when the parent does, and be the one to go when memory runs out.
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("800", encoding="ascii")


if __name__ == "__main__":
    main()
