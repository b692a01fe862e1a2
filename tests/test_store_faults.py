"""What an index folder can have wrong with it, and what is said then."""

import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from store_samples import BUILD, assert_whole, new_store, sample

from rag.errors import StoreDamaged, StoreError, StoreFull, StoreLocked, StoreMismatch, StoreMissing
from rag.store import Store, opening, tables

HERE = Path(__file__).parent
CHILD = f"import sys; sys.path[:0] = [{str(HERE.parent)!r}, {str(HERE)!r}]\n"


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """Bytes of a sound database of many pages."""
    folder = tmp_path_factory.mktemp("sound")
    with new_store(folder) as store:
        for number in range(8):
            words = (f"word{number} " * 40 + str(part) for part in range(12))
            store.put_report(*sample(f"report{number}", *words))
    assert not (folder / "store.db-wal").exists()
    return (folder / "store.db").read_bytes()


def read_all(folder):
    with Store.open(folder) as store, store.snapshot() as view:
        assert_whole(view)


# --- missing, foreign, damaged


@pytest.mark.parametrize("name", ["absent", "empty"])
def test_a_missing_index_is_named_with_the_command_that_makes_one(tmp_path, name):
    (tmp_path / "empty").mkdir()
    folder = tmp_path / name
    with pytest.raises(StoreMissing, match=f"reportqa ingest PATH --index {re.escape(str(folder))}"):
        Store.open(folder)
    assert sorted(os.listdir(tmp_path)) == ["empty"], "looking for an index must not make one"


def other_database(path):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE notes (text)")
        connection.commit()


@pytest.mark.parametrize("spoil", [
    lambda path: path.write_bytes(b""),
    lambda path: path.write_bytes(b"not a database, but long enough to be one" * 300),
    lambda path: path.write_bytes(random.Random(1).randbytes(50_000)),
    lambda path: path.write_bytes(b"SQLite format 3\0" + bytes(4080)),
    lambda path: (path.unlink(), path.mkdir()),
    lambda path: (path.unlink(), os.mkfifo(path)),
    lambda path: (path.unlink(), other_database(path)),
], ids=["empty", "text", "noise", "header only", "folder", "pipe", "other program's"])  # fmt: skip
def test_what_is_no_index_is_refused_and_left_alone(tmp_path, sound, spoil):
    path = tmp_path / "store.db"
    path.write_bytes(sound)
    spoil(path)
    before = path.read_bytes() if path.is_file() else None
    for attempt in (Store.open, new_store):
        with pytest.raises(StoreDamaged, match=f"{re.escape(str(path))}.* Move it away.*reportqa ingest"):
            attempt(tmp_path)
    assert before == (path.read_bytes() if path.is_file() else None)


def test_a_truncated_database_is_refused(tmp_path, sound):
    path = tmp_path / "store.db"
    for length in random.Random(2).sample(range(1, len(sound)), 20):
        path.write_bytes(sound[:length])
        with pytest.raises(StoreDamaged, match=re.escape(str(path))):
            Store.open(tmp_path)


@pytest.mark.parametrize("checked_at_once", [True, False])
def test_overwritten_pages_are_reported_when_they_are_met(tmp_path, sound, monkeypatch, checked_at_once):
    """Large databases are not checked when opened, so then it is the reads that must report it."""
    if not checked_at_once:
        monkeypatch.setattr(opening, "CHECKED_BELOW_BYTES", 0)
    path, reported = tmp_path / "store.db", 0
    for page in range(1, len(sound) // 4096, 3):
        path.write_bytes(sound[: page * 4096] + b"\xa5" * 4096 + sound[(page + 1) * 4096 :])
        try:
            read_all(tmp_path)
        except StoreDamaged:
            reported += 1
        except (AssertionError, KeyError):
            pass  # the text of a report is not in a structure that SQLite could check
    assert reported > len(sound) // 4096 // 3 // 2


@pytest.mark.parametrize("change", [
    "UPDATE chunks SET units = '[[1, 2'",
    "UPDATE chunks SET units = '[[1, 2]]'",
    "UPDATE chunks SET kind = 'poem'",
    "UPDATE sections SET blocks = '7'",
    "UPDATE reports SET origins = ''",
    "UPDATE reports SET published = '2019-13-01'",
    "UPDATE vectors SET vector = x'00'",
    "DELETE FROM meta WHERE key = 'generation'",
    "UPDATE meta SET value = 'x' WHERE key = 'dimension'",
    "DELETE FROM meta WHERE key = 'settings'",
    "DROP TABLE vectors",
])  # fmt: skip
def test_values_that_make_no_sense_are_reported_as_damage(tmp_path, sound, change):
    path = tmp_path / "store.db"
    path.write_bytes(sound)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(change)
        connection.commit()
    with pytest.raises(StoreDamaged, match=re.escape(str(path))):
        with Store.open(tmp_path) as store:
            _ = store.generation
            assert_whole(store)


# --- built in another way


@pytest.mark.parametrize("version", [tables.SCHEMA_VERSION + 1, tables.SCHEMA_VERSION - 1])
def test_another_schema_version_is_named_with_ours(tmp_path, sound, version):
    (tmp_path / "store.db").write_bytes(sound)
    with closing(sqlite3.connect(tmp_path / "store.db")) as connection:
        connection.execute(f"PRAGMA user_version = {version}")
    with pytest.raises(StoreMismatch, match=f"version {version},.* version {tables.SCHEMA_VERSION}\\b"):
        Store.open(tmp_path)


@pytest.mark.parametrize(("change", "values"), [
    ({"encoder_name": "other"}, ("'words'", "'other'")),
    ({"dimension": 384}, ("8", "384")),
    ({"fingerprint": "e" * 64}, ("f" * 64, "e" * 64)),
    ({"settings": {"chunk_tokens": 128, "overlap": 0}}, ("'chunk_tokens'", "256", "128")),
    ({"settings": {"chunk_tokens": 256}}, ("'overlap'", "0", "None")),
])  # fmt: skip
def test_another_way_of_building_is_named_with_both_values(tmp_path, change, values):
    with new_store(tmp_path) as store:
        store.check(**BUILD)
        with pytest.raises(StoreMismatch) as caught:
            store.check(**(BUILD | change))
        with pytest.raises(StoreMismatch):
            new_store(tmp_path, **change)
    assert all(value in str(caught.value) for value in (*values, str(tmp_path)))


def test_settings_compare_as_json(tmp_path):
    with new_store(tmp_path, settings={"sizes": (1, 2)}) as store:
        store.check(**(BUILD | {"settings": {"sizes": [1, 2]}}))


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
opening.os.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
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


@pytest.fixture
def small_disk(tmp_path):
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(folder)]
    if shutil.which("mount") is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small disk is not permitted here")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


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


def test_stored_values_are_not_pickled(sound):
    assert b"\x80\x04\x95" not in sound and json.dumps(np.__name__).encode() not in sound
