"""The child process that reads one file: what comes back, and that nothing it does harms the parent."""

from __future__ import annotations

import ast
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pytest
from loader_fakes import full

from rag.errors import ReportError
from rag.load import wire
from rag.load.apart import Apart
from rag.load.limits import Limits, limits_for

ROOT = Path(__file__).resolve().parents[1]


def apart(fake: str, **changes: float) -> Apart:
    return Apart(f"tests.loader_fakes:{fake}", lambda size: Limits(**changes))


def test_everything_a_loader_finds_comes_back():
    data, path = "Table and prose, añadida".encode(), Path("/r/a.eml")
    found, wanted = apart("full")(data, path), full(data, path)
    assert (found.text, found.warnings) == (wanted.text, wanted.warnings)
    assert (found.title, found.published) == (wanted.title, wanted.published)
    for name in ("pages", "stretches", "parts"):
        assert getattr(found.layout, name) == getattr(wanted.layout, name)
    assert np.array_equal(found.layout.words, wanted.layout.words) and found.layout.words.dtype == np.dtype("<i4")
    assert np.array_equal(found.layout.boxes, wanted.layout.boxes) and found.layout.boxes.dtype == np.dtype("<f4")


def test_the_child_sees_no_more_than_it_needs_and_its_noise_is_dropped(monkeypatch, capfd):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("SECRET_OF_THE_PARENT", "x")
    seen = ast.literal_eval(apart("surroundings", memory_bytes=1_400_000_000)(b"x", Path("a.eml")).text)
    wanted = {"proxies": [], "secret": "", "group": True, "core": 0, "memory": 1_400_000_000, "heavy": []}
    assert seen == wanted
    assert capfd.readouterr() == ("", "")


def test_a_source_tree_works_from_any_folder(tmp_path, monkeypatch):
    (tmp_path / "json.py").write_text("raise SystemExit('the folder of the reports is no place for modules')")
    monkeypatch.chdir(tmp_path)
    assert apart("full")(b"some text", Path("a.eml")).text == "some text"


FAULTS = {
    "spin": ({"cpu_s": 0.5}, "it took more than 0.5 s of processor time"),
    "eat": ({}, "it needs more than 1.5 GB of memory"),
    "crash": ({}, "SIGSEGV"),
    "leave": ({}, "exit code 3"),
    "stumble": ({}, "the reader stopped at KeyError"),
    "recurse": ({}, "the reader stopped at RecursionError"),
    "refuse": ({}, "is refused."),
    "flood": ({}, "expands beyond the limit: it holds more than 20,000,000"),
    "print_much": ({"result_bytes": 100_000}, "expands beyond the limit: it holds too much"),
    "need": ({}, "no_such_package is missing. Run `make install`"),
    "lie": ({}, "the reader gave no sound result"),
}


@pytest.mark.parametrize("fake", FAULTS)
def test_what_goes_wrong_in_the_child_is_one_line_that_names_the_file(fake):
    changes, said = FAULTS[fake]
    with pytest.raises(ReportError) as caught:
        apart(fake, **changes)(b"some text", Path("/reports/a.eml"))
    message = str(caught.value)
    assert message.startswith("/reports/a.eml ") and said in message
    assert "\n" not in message and "Traceback" not in message


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    status = Path(f"/proc/{pid}/status")
    return status.exists() and "zombie" in status.read_text()  # of init, where that does not reap


def test_a_child_that_hangs_is_ended_with_what_it_started_and_leaves_no_file(tmp_path):
    note, before = tmp_path / "pids", set(os.listdir(tempfile.gettempdir()))
    with pytest.raises(ReportError, match="took longer than 3 s"):
        apart("hang", wall_s=3)(str(note).encode(), Path("a.eml"))
    pids = [int(pid) for pid in note.read_text().split()]
    deadline = time.monotonic() + 10
    while not all(map(gone, pids)) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert all(map(gone, pids))
    with pytest.raises(ChildProcessError):  # no zombie is left to wait for
        os.waitpid(pids[0], os.WNOHANG)
    assert not {name for name in set(os.listdir(tempfile.gettempdir())) - before if name.startswith("tmp")}


def test_an_interrupt_of_the_parent_ends_the_child(tmp_path):
    note = tmp_path / "pids"
    code = f"""
import sys; sys.path[:0] = [{str(ROOT)!r}]
from pathlib import Path
from rag.load.apart import Apart
Apart("tests.loader_fakes:hang")({str(note).encode()!r}, Path("a.eml"))
"""
    with subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.DEVNULL) as parent:
        deadline = time.monotonic() + 30
        while not (note.exists() and len(note.read_text().split()) == 2) and time.monotonic() < deadline:
            time.sleep(0.02)
        parent.send_signal(signal.SIGINT)
        assert parent.wait(10) != 0
    pids = [int(pid) for pid in note.read_text().split()]
    while not all(map(gone, pids)) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert all(map(gone, pids))


def test_characters_that_cannot_be_stored_are_replaced():
    content = apart("surrogates")(b"x", Path("a.eml"))
    assert (content.text, content.title) == ("a\ufffdb\ufffdc", "")


def test_larger_files_get_more_time():
    small, large = limits_for(10_000), limits_for(50_000_000)
    assert small.wall_s < 61 and large.wall_s == 1060 and large.memory_bytes == small.memory_bytes
    assert limits_for(1_000_000, wall_s_per_mb=60).wall_s == 120


GOOD = wire.pack(full(b"Table and prose", Path("a")))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[" * 100_000,
        b'{"text": "x"}\n',
        GOOD[:-1],
        GOOD[:-24],
        GOOD.replace(b'"heads"', b'"x"').replace(b'"parts"', b'"partz"'),
        GOOD.replace(b"[0, 6, 1]", b"[0, 600, 1]"),
        GOOD.replace(b"[0, 6, 1]", b"[0, 6, 9]"),
        GOOD.replace(b"2025-04-15", b"2025-04-35"),
        GOOD.replace(b'"prose"', b'"verse"'),
        GOOD[:-48] + np.array([[9, 8], [6, 12]], "<i4").tobytes() + GOOD[-32:],
        GOOD[:-4] + np.array([np.nan], "<f4").tobytes(),
    ],
)
def test_what_is_no_result_is_refused(data):
    assert data != GOOD
    with pytest.raises(ValueError):
        wire.unpack(data)
