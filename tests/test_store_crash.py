"""Processes that are killed while they write, and processes that read meanwhile."""

import hashlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from store_samples import assert_whole, new_store

from rag.store import Store

HERE = Path(__file__).parent
CHILD = f"""
import sys; sys.path[:0] = [{str(HERE.parent)!r}, {str(HERE)!r}]
from rag.store import Store
from store_samples import assert_whole, paged
"""

WRITER = CHILD + """
import random
folder, run = sys.argv[1:]
choice = random.Random(int(run))
with Store.open(folder, write=True) as store, store.writing():
    while True:
        name = f"report{choice.randrange(6)}"
        if choice.random() < 0.25 and name in {info.id for info in store.reports()}:
            print("start", name, "removed", flush=True)
            store.remove_report(name)
        else:
            words = [f"w{choice.randrange(10**6)} " * 60 for _ in range(choice.randrange(1, 30))]
            parts = paged(name, *words)
            print("start", name, __import__("hashlib").sha256(parts[0].text.encode()).hexdigest(), flush=True)
            store.put_report(*parts)
        print("done", flush=True)
"""  # fmt: skip

READER = CHILD + """
import time
end, seen = time.monotonic() + 1.0, []
while time.monotonic() < end:
    with Store.open(sys.argv[1]) as store, store.snapshot() as view:
        seen.append(view.generation)
        assert_whole(view)
assert seen == sorted(seen), seen
print(len(set(seen)))
"""  # fmt: skip


@pytest.fixture
def start():
    """Start a script in a process of its own, which does not outlive the test."""
    children = []

    def start(script, *arguments):
        command = [sys.executable, "-c", script, *map(str, arguments)]
        children.append(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True))
        return children[-1]

    yield start
    for child in children:
        child.kill()
        child.communicate()


def follow(lines, state):
    """Apply the writer's log to ``state``, report id to hash; returns the change that it did not finish."""
    open_change = None
    for line in lines:
        word, *change = line.split()
        if word == "start":
            open_change = change
        else:
            name, content = open_change
            state[name] = content
            open_change = None
    return open_change


def test_a_writer_killed_at_any_moment_loses_nothing_it_has_finished(tmp_path, start):
    new_store(tmp_path).close()
    moments, state, interrupted = random.Random(7), {}, 0
    for run in range(20):
        writer = start(WRITER, tmp_path, run)
        first = writer.stdout.readline()
        time.sleep(moments.uniform(0, 0.08))
        os.kill(writer.pid, signal.SIGKILL)
        # Not communicate(): it would pass over what readline() has read ahead.
        rest, errors = writer.stdout.read(), writer.stderr.read()
        writer.wait()
        assert first and not errors, errors
        open_change = follow([first, *rest.splitlines()], state)
        with Store.open(tmp_path) as store:
            found = {
                name: hashlib.sha256(report.text.encode()).hexdigest() for name, report in assert_whole(store).items()
            }
            check_database(store.path)
        expected = {name: content for name, content in state.items() if content != "removed"}
        if open_change and found != expected:  # it was on the disk, only word of it was not
            name, content = open_change
            state[name] = content
            expected = {name: content for name, content in state.items() if content != "removed"}
        assert found == expected, f"run {run}"
        interrupted += open_change is not None
    assert interrupted >= 5, "the kills missed the moments of writing"


def check_database(path):
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        connection.execute("INSERT INTO lexicon (lexicon, rank) VALUES ('integrity-check', 1)")


def test_two_processes_read_whole_reports_while_a_third_writes(tmp_path, start):
    new_store(tmp_path).close()
    writer = start(WRITER, tmp_path, 0)
    readers = [start(READER, tmp_path) for _ in range(2)]
    for reader in readers:
        output, errors = reader.communicate(timeout=30)
        assert reader.returncode == 0, errors
        assert int(output) > 3, "the reader saw too few states to tell"
    assert writer.poll() is None, "the writer must not fail because of readers"
