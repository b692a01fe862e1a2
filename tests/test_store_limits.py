"""Making an index, writing to it at once, and disks that are full or read-only."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
from store_samples import assert_whole, new_store, sample

from rag.errors import StoreError, StoreFull, StoreLocked, StoreMissing
from rag.store import Store, opening

HERE = Path(__file__).parent
CHILD = f"import sys; sys.path[:0] = [{str(HERE.parent)!r}, {str(HERE)!r}]\n"


# --- making one


def test_making_an_index_twice_keeps_what_is_in_it(tmp_path):
    with new_store(tmp_path) as store:
        store.put_report(*sample("a", "floods"))
    with new_store(tmp_path) as store:
        assert list(assert_whole(store)) == ["a"]


def test_two_that_make_an_index_at_once_end_up_with_one(tmp_path):
    stores, start = [], threading.Barrier(4)

    def make():
        start.wait()
        stores.append(new_store(tmp_path / "index"))

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number, store in enumerate(stores):
        store.put_report(*sample(f"report{number}", "floods"))
    assert [len(store.reports()) for store in stores] == [4] * 4
    for store in stores:
        store.close()


def test_a_crash_while_making_an_index_leaves_none(tmp_path):
    child = subprocess.run([sys.executable, "-c", CHILD + f"""
import os, signal
from rag.store import opening
from store_samples import new_store
opening.Path.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
new_store({str(tmp_path)!r})
"""], check=False)  # fmt: skip
    assert child.returncode == -signal.SIGKILL
    with pytest.raises(StoreMissing):
        Store.open(tmp_path)
    new_store(tmp_path).close()
    assert sorted(os.listdir(tmp_path)) == ["store.db", "write.lock"]


# --- two writers


@pytest.fixture
def other_writer(tmp_path):
    new_store(tmp_path).close()
    child = subprocess.Popen([sys.executable, "-c", CHILD + f"""
from rag.store import Store
with Store.open({str(tmp_path)!r}, write=True).writing():
    print("writing", flush=True)
    sys.stdin.read()
"""], stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # fmt: skip
    assert child.stdout.readline() == b"writing\n"
    yield child
    child.kill()
    child.communicate()


def test_a_second_writer_is_told_who_is_writing_and_readers_are_not_held_up(tmp_path, other_writer):
    with Store.open(tmp_path, write=True) as store:
        started = time.monotonic()
        with pytest.raises(StoreLocked, match=f"{other_writer.pid}.*{re.escape(str(tmp_path))}"):
            store.put_report(*sample("a", "floods"))
        assert time.monotonic() - started < 5
        started = time.monotonic()
        assert store.reports() == [] and store.generation == 0
        assert time.monotonic() - started < 0.5
        other_writer.kill()  # a lock does not outlive its process
        other_writer.wait()
        store.put_report(*sample("a", "floods"))
        assert list(assert_whole(store)) == ["a"]


def test_two_threads_of_one_process_do_not_write_at_once(tmp_path):
    with new_store(tmp_path) as store:
        found = []

        def write():
            try:
                store.put_report(*sample("b", "drought"))
            except StoreLocked as error:
                found.append(str(error))

        with store.writing():
            store.put_report(*sample("a", "floods"))
            thread = threading.Thread(target=write)
            thread.start()
            thread.join()
        assert len(found) == 1 and str(os.getpid()) in found[0]
        assert list(assert_whole(store)) == ["a"]


def test_another_program_that_locks_the_database_is_reported(tmp_path, monkeypatch):
    monkeypatch.setattr(opening, "BUSY_S", 0.1)
    with new_store(tmp_path) as store, closing(sqlite3.connect(store.path)) as foreign:
        foreign.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreLocked, match=re.escape(str(store.path))):
            store.put_report(*sample("a", "floods"))
        assert store.reports() == []


# --- no room, no permission


def fill(path):
    with pytest.raises(OSError, match="No space"), path.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))


def test_on_a_full_disk_nothing_stored_is_lost(small_disk):
    words = [f"word{number} " * 30 for number in range(40)]
    store = new_store(small_disk / "index")
    stored = []
    with pytest.raises(StoreFull, match=rf"bytes are free in {re.escape(str(small_disk / 'index'))}"):
        for number in range(200):
            store.put_report(*sample(f"report{number}", *words))
            stored.append(f"report{number}")
    assert len(stored) > 2 and sorted(assert_whole(store)) == sorted(stored)
    with pytest.raises(StoreFull):
        store.put_report(*sample("report0", *words * 9))
    assert sorted(assert_whole(store)) == sorted(stored), "a report was lost in being replaced"
    store.close()
    with Store.open(small_disk / "index") as store:
        assert sorted(assert_whole(store)) == sorted(stored)
        assert store.generation == len(stored)


def test_no_index_is_half_made_on_a_full_disk(small_disk):
    fill(small_disk / "ballast")
    for _ in range(2):
        with pytest.raises(StoreFull, match="bytes are free"):
            new_store(small_disk / "index")
    (small_disk / "ballast").unlink()
    with new_store(small_disk / "index") as store:
        assert store.reports() == []


def test_an_index_on_a_read_only_disk_answers(small_disk):
    with new_store(small_disk) as store:
        store.put_report(*sample("a", "floods"))
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with Store.open(small_disk, write=True) as store:
        assert list(assert_whole(store)) == ["a"]
        with pytest.raises(StoreError, match="write.lock cannot be used: Read-only"):
            store.put_report(*sample("b", "floods"))


def test_a_file_where_the_folder_should_be_is_no_index(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreMissing):
        Store.open(tmp_path / "file")
    with pytest.raises(StoreError, match="file cannot be used"):
        new_store(tmp_path / "file")
