"""Work in a child process: its result, its errors, and the limits that end it."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from rag.child import ChildError, Crashed, OutOfMemory, TimedOut, TooLarge, run_limited
from rag.errors import ReportError

LIMITS = {"memory_bytes": 1 << 30, "cpu_s": 20, "wall_s": 30, "max_output": 1_000_000}


def run(data: bytes, **limits: float) -> bytes:
    return run_limited("tests.child_work", data, **{**LIMITS, **limits})


def test_the_result_comes_back_and_what_is_printed_does_not() -> None:
    data = bytes(range(256)) * 2_000
    assert run(b"echo " + data) == data
    assert run(b"print result") == b"result"


def test_an_error_that_is_meant_for_the_user_keeps_its_class_and_words() -> None:
    with pytest.raises(ReportError, match="^page 3 is “odd”$"):
        run("refuse page 3 is “odd”".encode())


def test_any_other_error_is_a_crash() -> None:
    with pytest.raises(Crashed, match="not so"):
        run(b"fail not so")
    with pytest.raises(Crashed, match="SIGSEGV"):
        run(b"die")


@pytest.mark.parametrize(
    ("deed", "limits", "error"),
    [
        (b"eat", {}, OutOfMemory),
        (b"spin", {"cpu_s": 1}, TimedOut),
        (b"long 1000000", {}, TooLarge),
    ],
)
def test_limits_end_it(deed: bytes, limits: dict[str, float], error: type[ChildError]) -> None:
    with pytest.raises(error):
        run(deed, **limits)


def test_no_file_may_grow_beyond_the_limit(tmp_path: Path) -> None:
    with pytest.raises(ChildError):
        run(b"write " + bytes(tmp_path / "large"))
    assert (tmp_path / "large").stat().st_size <= LIMITS["max_output"] + 1


def test_what_hangs_is_killed_with_all_that_it_started(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    with pytest.raises(TimedOut, match="longer than 2 s"):
        run(b"hang " + bytes(note), wall_s=2)
    deadline = time.monotonic() + 10
    while _lives(int(note.read_text())):
        assert time.monotonic() < deadline, "the grandchild outlived the call"
        time.sleep(0.02)


def _lives(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_keys_in_the_environment_stay_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPORTQA_LLM_KEY", "secret")
    held = run(b"environment ")
    assert b"secret" not in held and os.environ["PATH"].encode() in held
