"""What the tests of ``rag.child`` have done in a child process; the data says what."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import time
from pathlib import Path

from rag.errors import ReportError


def work(data: bytes) -> bytes:
    """Do what the first word of ``data`` names."""
    what, _, rest = data.partition(b" ")
    return DEEDS[what](rest)


def _eat(_: bytes) -> bytes:
    return b"x" * (4 << 30)


def _hang(rest: bytes) -> bytes:
    # A grandchild, whose process id the test looks for afterwards.
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    Path(rest.decode()).write_text(str(child.pid))
    time.sleep(60)
    return b""


def _spin(_: bytes) -> bytes:
    while True:
        pass


def _refuse(rest: bytes) -> bytes:
    raise ReportError(rest.decode())


def _fail(rest: bytes) -> bytes:
    raise ValueError(rest.decode())


def _print(rest: bytes) -> bytes:
    print("noise")
    os.write(1, b"more noise")
    return rest


def _die(_: bytes) -> bytes:
    ctypes.string_at(0)
    return b""


def _write(rest: bytes) -> bytes:
    Path(rest.decode()).write_bytes(b"x" * 5_000_000)
    return b""


DEEDS = {
    b"eat": _eat, b"hang": _hang, b"spin": _spin, b"refuse": _refuse, b"fail": _fail, b"print": _print, b"die": _die,
    b"write": _write, b"long": lambda rest: b"x" * int(rest), b"echo": lambda rest: rest,
    b"environment": lambda rest: repr(dict(os.environ)).encode(),
}  # fmt: skip
