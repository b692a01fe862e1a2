"""Snapshots, threads, the stamp of the search cache, and the files themselves."""

import json
import sqlite3
import threading

import pytest
from store_samples import assert_whole, new_store, paged, sample

from rag.errors import StoreError
from rag.store import IndexStamp, Store


@pytest.fixture
def store(tmp_path):
    with new_store(tmp_path / "index") as store:
        yield store


def raw(store, sql):
    """Ask the database itself."""
    connection = sqlite3.connect(store.path)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def test_a_snapshot_does_not_see_what_is_written_meanwhile(store):
    store.put_report(*sample("a", "floods"))
    with store.snapshot() as view:
        store.put_report(*sample("a", "drought"))
        store.put_report(*sample("b", "drought"))
        assert view.generation == 1 and [info.id for info in view.reports()] == ["a"]
        assert len(view.lexical(["floods"], 5)) == 1 and view.lexical(["drought"], 5) == []
        assert len(view.vectors()[0]) == view.chunk_count == 1
        assert store.generation == 3
    assert len(store.lexical(["drought"], 5)) == 2


def test_many_threads_read_while_one_writes(store):
    store.put_report(*sample("a", "word0", "floods"))
    done, failures, seen = threading.Event(), [], set()

    def read():
        try:
            while not done.is_set():
                with store.snapshot() as view:
                    seen.add(view.generation)
                    assert_whole(view)
        except BaseException as error:
            failures.append(error)

    readers = [threading.Thread(target=read) for _ in range(6)]
    for reader in readers:
        reader.start()
    for number in range(40):
        store.put_report(*paged("ab"[number % 2], *(f"word{number}" for _ in range(number % 5))))
    done.set()
    for reader in readers:
        reader.join()
    assert failures == [] and len(seen) > 3


def test_the_stamp_of_the_search_cache_is_kept_and_is_no_change_of_the_index(store):
    store.put_report(*sample("a", "floods"))
    with Store.open(store.path.parent) as reader:
        reader.set_index_stamp("0" * 64, 1, "flat")
        reader.set_index_stamp("a" * 64, 1, "flat")
    assert store.index_stamp() == IndexStamp("a" * 64, 1, "flat") and store.generation == 1


def test_a_store_opened_for_reading_refuses_changes(store):
    with Store.open(store.path.parent) as reader, pytest.raises(StoreError, match="for reading"):
        reader.put_report(*sample("a", "floods"))


def test_a_closed_store_says_so(tmp_path):
    store = new_store(tmp_path)
    with store.snapshot() as view:
        store.close()
        assert view.reports() == [], "what was being read is read to its end"
    with pytest.raises(StoreError, match="closed"):
        store.reports()


def test_only_the_owner_may_read_the_files(tmp_path):
    store = new_store(tmp_path / "deep" / "index")
    with store, store.writing(), store.snapshot():
        store.put_report(*sample("a", "floods"))
        modes = {path.name: path.stat().st_mode & 0o777 for path in store.path.parent.iterdir()}
    assert modes == dict.fromkeys(("store.db", "store.db-wal", "store.db-shm", "write.lock"), 0o600)
    assert store.path.parent.stat().st_mode & 0o777 == 0o700


def test_values_are_plain_json_for_other_tools(store):
    store.put_report(*sample("a", "floods", origins={"title": "text"}))
    assert json.loads(raw(store, "SELECT origins FROM reports")[0][0]) == {"title": "text"}
