"""What an index folder can have wrong with it, and what is said then."""

import os
import random
import re
import sqlite3
from contextlib import closing

import pytest
from store_samples import BUILD, assert_whole, new_store, sample

from rag.errors import StoreDamaged, StoreMismatch, StoreMissing
from rag.store import Store, opening, tables


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
    with pytest.raises(StoreDamaged, match=re.escape(str(path))), Store.open(tmp_path) as store:
        _ = store.generation
        assert_whole(store)


# --- built in another way


@pytest.mark.parametrize("version", [tables.SCHEMA_VERSION + 1, tables.SCHEMA_VERSION - 1])
def test_another_schema_version_is_named_with_ours(tmp_path, sound, version):
    (tmp_path / "store.db").write_bytes(sound)
    with closing(sqlite3.connect(tmp_path / "store.db")) as connection:
        connection.execute(f"PRAGMA user_version = {version}")
    with pytest.raises(StoreMismatch, match=f"schema version {version}; this one reads {tables.SCHEMA_VERSION}\\b"):
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
