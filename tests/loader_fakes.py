"""Loaders that misbehave, for the child process to run; each is a function of the bytes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import numpy as np

from rag.errors import ReportError
from rag.layout import BOX_TYPE, SPAN_TYPE, Layout, Page, Part, PartKind
from rag.load import Content
from rag.schema import Relation, RelationKind, Unit, UnitKind


def full(data: bytes, path: Path) -> Content:
    """A content in which every field has a value; the text is the bytes."""
    text = data.decode()
    row = Unit(0, 5, UnitKind.ROW, "T", ("h",), "l", ((0, 2), (3, 5)), (Relation(RelationKind.SHARE, 1, (0,)),))
    return Content(
        text,
        ("a warning",),
        Layout(
            (Page(1, 595.0, 842.0), Page(2, 595.0, 842.0, ocr=0.75), Page(3, empty=True)),
            ((0, 6, 1), (6, len(text), 2)),
            np.array([[0, 5], [6, len(text)]], dtype=SPAN_TYPE),
            np.array([[1.5, 2, 3, 4], [5, 6, 7, 8]], dtype=BOX_TYPE),
            (Part(0, 5, PartKind.TABLE, rows=(row,)), Part(6, len(text), PartKind.PROSE, number="23")),
        ),
        "Title",
        date(2025, 4, 15),
    )


def surroundings(data: bytes, path: Path) -> Content:
    """What the process can see: environment, standard streams, limits."""
    import resource

    print("noise on standard output")
    print("noise on standard error", file=sys.stderr)
    seen = {
        "proxies": [name for name in os.environ if "proxy" in name.lower()],
        "secret": os.environ.get("SECRET_OF_THE_PARENT", ""),
        "group": os.getpgid(0) == os.getpid(),
        "core": resource.getrlimit(resource.RLIMIT_CORE)[0],
        "memory": resource.getrlimit(resource.RLIMIT_AS)[0],
        "heavy": [name for name in ("faiss", "onnxruntime", "sentence_transformers", "gradio") if name in sys.modules],
    }
    return Content(repr(seen))


def hang(data: bytes, path: Path) -> Content:
    """Wait with a program of its own, whose number goes into the file that the bytes name."""
    sleeper = subprocess.Popen(["sleep", "600"])
    Path(data.decode()).write_text(f"{os.getpid()} {sleeper.pid}")
    time.sleep(600)
    return Content("")


def spin(data: bytes, path: Path) -> Content:
    while True:
        pass


def eat(data: bytes, path: Path) -> Content:
    return Content("x" * len(bytes(10_000_000_000)))


def crash(data: bytes, path: Path) -> Content:
    os.kill(os.getpid(), signal.SIGSEGV)
    return Content("")


def leave(data: bytes, path: Path) -> Content:
    os._exit(3)


def stumble(data: bytes, path: Path) -> Content:
    return Content({}["no such key"])


def recurse(data: bytes, path: Path) -> Content:
    return recurse(data, path)


def refuse(data: bytes, path: Path) -> Content:
    raise ReportError(f"{path} is\nrefused.")


def flood(data: bytes, path: Path) -> Content:
    return Content("word " * 5_000_000)


def print_much(data: bytes, path: Path) -> Content:
    return Content("word " * 100_000)


def need(data: bytes, path: Path) -> Content:
    import no_such_package  # noqa: F401

    return Content("")


def lie(data: bytes, path: Path) -> Content:
    """Offsets beyond the text."""
    return Content("short", layout=Layout(parts=(Part(0, 99, PartKind.PROSE),)))


def surrogates(data: bytes, path: Path) -> Content:
    return Content("a\ud800b\x00c", title="\udcff")
