"""Every bad input, from end to end: one clear error that names it, and nothing else is harmed."""

import codecs
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from build_samples import report_text, statuses, texts, write_reports
from conftest import HashEncoder
from test_build import plain_folder  # noqa: F401 - a fixture

from rag import (
    Assistant,
    ConfigError,
    QuestionError,
    StoreDamaged,
    StoreError,
    StoreLocked,
    StoreMismatch,
    StoreMissing,
    build_index,
)
from rag.pipeline import opening
from rag.store import Store

HERE = Path(__file__).parent


@pytest.fixture
def folder(tmp_path):
    write_reports(tmp_path / "reports", 2)
    return tmp_path / "reports"


@pytest.fixture
def index(tmp_path, folder, encoder):
    build_index(folder, tmp_path / "index", encoder=encoder)
    return tmp_path / "index"


# --- files


def sparse(path):
    with path.open("wb") as file:
        file.truncate(200_000_000)


BAD_FILES = {
    "empty.txt": (lambda path: path.touch(), "is empty"),
    "blank.md": (lambda path: path.write_text(" \n\n\t"), "is empty"),
    "binary.txt": (lambda path: path.write_bytes(bytes(range(256)) * 20), "is a binary file"),
    "scan.txt": (lambda path: path.write_bytes(b"%PDF-1.7\n" + bytes(500)), "seems to be a PDF: rename it to scan.pdf"),
    "page.md": (
        lambda path: path.write_text("<!DOCTYPE html><p>Hello"),
        "seems to be a web page (HTML): rename it to page.html",
    ),
    "broken.txt": (
        lambda path: path.write_bytes("Niñez, educación y más.\n".encode() * 9 + b"\xc3\x28 caf\xe9"),
        "is damaged: the byte at offset 243 (line 10)",
    ),
    "greek.txt": (
        lambda path: path.write_bytes("Ανθρωπιστική βοήθεια".encode("cp1253")),
        "cannot be decoded",
    ),
    "half.txt": (lambda path: path.write_bytes(codecs.BOM_UTF16_LE + b"a\x00b"), "is damaged"),
    "huge.txt": (sparse, "is 200.0 MB; the limit is 50 MB"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_refused_and_the_others_go_in(name, folder, index, encoder):
    make, reason = BAD_FILES[name]
    make(folder / name)
    (folder / "report5.txt").write_text(report_text(5))
    result = build_index(folder, index, encoder=encoder)
    assert [outcome.path for outcome in result.refused] == [str(folder / name)]
    message = result.refused[0].reason
    assert str(folder / name) in message and reason in message and "\n" not in message
    assert sorted(texts(index)) == ["report0", "report1", "report5"]


def test_all_bad_files_at_once_give_one_reason_each(folder, index, encoder):
    for name, (make, _) in BAD_FILES.items():
        make(folder / name)
    result = build_index(folder, index, encoder=encoder)
    assert len(result.refused) == len(BAD_FILES) and len(texts(index)) == 2


def test_a_report_whose_file_went_bad_keeps_what_was_read_before(folder, index, encoder):
    (folder / "report0.txt").write_bytes(bytes(100))
    result = build_index(folder, index, encoder=encoder)
    assert statuses(result) == {"report0": "refused", "report1": "skipped"}
    assert result.refused[0].reason.endswith("What was read from it before stays in the index.")
    assert texts(index)["report0"] == report_text(0)


def test_a_wrong_extension_is_skipped_in_a_folder_and_refused_when_named(folder, index, encoder):
    doc = folder / "annex.doc"
    doc.write_bytes(b"\xd0\xcf\x11\xe0")
    result = build_index(folder, index, encoder=encoder)
    assert statuses(result)["annex.doc"] == "skipped" and not result.refused
    result = build_index([doc, folder / "report0.txt"], index, encoder=encoder)
    assert [outcome.status for outcome in result.outcomes] == ["refused", "skipped"]
    assert result.refused[0].reason == f"{doc}: .doc is not read: save it as .docx."


def test_a_folder_without_reports_and_a_missing_path_are_refused(folder, index, encoder, tmp_path):
    bare, missing = tmp_path / "bare", tmp_path / "missing.txt"
    bare.mkdir()
    (bare / "photo.jpg").touch()
    result = build_index([bare, missing, folder], index, encoder=encoder)
    assert [outcome.status for outcome in result.outcomes] == ["refused", "refused", "skipped", "skipped"]
    assert f"{bare} holds no reports" in result.refused[0].reason and "photo.jpg" in result.refused[0].reason
    assert result.refused[1].reason == f"{missing} does not exist: check the path."


def test_an_unreadable_file_is_refused(plain_folder, encoder):  # noqa: F811
    paths = write_reports(plain_folder / "reports", 2)
    build_index(plain_folder / "reports", plain_folder / "index", encoder=encoder)
    paths[0].chmod(0)
    result = build_index(plain_folder / "reports", plain_folder / "index", encoder=encoder)
    assert statuses(result) == {"report0": "refused", "report1": "skipped"}
    assert f"{paths[0]} cannot be read (Permission denied)" in result.refused[0].reason
    assert sorted(texts(plain_folder / "index")) == ["report0", "report1"]


def test_a_pipe_does_not_block(folder, index, encoder):
    os.mkfifo(folder / "pipe.txt")
    result = build_index(folder, index, encoder=encoder)
    assert [outcome.reason for outcome in result.outcomes if outcome.path.endswith("pipe.txt")] == [
        "it is not a regular file"
    ]


def test_a_name_that_begins_with_a_tilde_is_a_name(folder, index, encoder, monkeypatch):
    monkeypatch.chdir(folder)
    (folder / "~$report7.txt").write_text(report_text(7))
    assert build_index("~$report7.txt", index, encoder=encoder).added[0].report_id == "~$report7"


@pytest.mark.parametrize(
    ("catalogue", "named"),
    [
        ('[report0]\ntitel = "x"\n', ["[report0]", "titel", "Did you mean title?"]),
        ("[report0]\npublished = 2024-02-30\n", ["line 2"]),
        ('[report0]\npublished = "30 February"\n', ["published", "30 February", "2024-01-31"]),
        ("[report0]\nperiod_start = 2024-05-01\nperiod_end = 2024-04-01\n", ["2024-04-01 is before"]),
        ('[report0]\nlanguage = "xx"\n', ["language", '"xx"', "en, es, fr"]),
        ("[report0\n", ["TOML", "line 1"]),
    ],
)
def test_a_bad_catalogue_refuses_its_folder_only(catalogue, named, folder, index, encoder, tmp_path):
    other = write_reports(tmp_path / "others", 4)[3]
    (folder / "reports.toml").write_text(catalogue)
    result = build_index([folder, other], index, encoder=encoder)
    assert statuses(result) == {folder.name: "refused", "report3": "added"}
    for part in [str(folder / "reports.toml"), *named]:
        assert part in result.refused[0].reason
    assert sorted(texts(index)) == ["report0", "report1", "report3"]


# --- questions and filters


@pytest.fixture
def ask(index, encoder):
    with Assistant(index, encoder=encoder) as assistant:
        yield assistant.query
        assert assistant.query("How many families of Piura were given tents?").passages, "it stopped answering"


@pytest.mark.parametrize("question", ["", " \n\t "])
def test_an_empty_question(ask, question):
    with pytest.raises(QuestionError, match="is empty"):
        ask(question)


def test_a_question_of_50_000_characters(ask):
    with pytest.raises(QuestionError, match="has 50,000 characters; at most 2,000"):
        ask("x" * 50_000)


@pytest.mark.parametrize("question", ["?", "...", "\x00", "🙂", "٣ أشخاص", "'; DROP TABLE reports; --", '"' * 99])
def test_an_odd_question_is_a_question(ask, question):
    assert ask(question).status in ("answered", "abstained")


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        ({"reports": ["report0", "nope"]}, "no report 'nope' in the index; there are: report0, report1"),
        ({"publisher": "Nobody"}, "published by 'Nobody'"),
        ({"since": date(2024, 1, 2), "until": date(2024, 1, 1)}, r"2024-01-02\) is after until \(2024-01-01"),
        ({"k": 0}, "k is 0"),
    ],
)
def test_impossible_filters(ask, filters, message):
    with pytest.raises(ConfigError, match=message):
        ask("How many?", **filters)


# --- indexes


def both(index, encoder, folder):
    """What opens an index, for reading and for writing."""
    return [lambda: Assistant(index, encoder=encoder), lambda: build_index(folder, index, encoder=encoder)]


def test_a_missing_index(tmp_path, encoder):
    with pytest.raises(StoreMissing, match=f"no index in {tmp_path / 'none'}. Build one first: reportqa ingest"):
        Assistant(tmp_path / "none", encoder=encoder)
    assert not (tmp_path / "none").exists()


def cut(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def foreign(path):
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE mine (value)")


@pytest.mark.parametrize(
    "harm", [cut, foreign, lambda path: path.write_bytes(b""), lambda path: path.write_text("x" * 9_999)]
)
def test_a_damaged_or_foreign_index_is_left_alone(index, encoder, folder, harm):
    path = index / "store.db"
    harm(path)
    data = path.read_bytes()
    for use in both(index, encoder, folder):
        with pytest.raises(StoreDamaged) as caught:
            use()
        assert str(path) in str(caught.value) and f"reportqa ingest PATH --index {index}" in str(caught.value)
    assert path.read_bytes() == data
    for left in index.glob("store.db*"):  # as the message says
        left.rename(left.with_name(f"old-{left.name}"))
    assert len(build_index(folder, index, encoder=encoder).added) == 2


def test_a_file_where_the_index_should_be(folder, encoder, tmp_path):
    (tmp_path / "file").write_text("mine")
    for use, error in zip(both(tmp_path / "file", encoder, folder), (StoreMissing, StoreError), strict=True):
        with pytest.raises(error, match=str(tmp_path / "file")):
            use()
    assert (tmp_path / "file").read_text() == "mine"


class Other(HashEncoder):
    name = "other"


class Wider(HashEncoder):
    dimension = 65


class Retrained(HashEncoder):
    fingerprint = "0" * 64


@pytest.mark.parametrize(
    ("now", "values"),
    [
        (Other(), ["encoder 'hash'", "now it is 'other'"]),
        (Wider(), ["dimension 64", "now it is 65"]),
        (Retrained(), [HashEncoder.fingerprint, "0" * 64]),
    ],
)
def test_another_encoder_is_named_beside_the_stored_one(index, folder, now, values):
    (folder / "report1.txt").unlink()
    for use in both(index, now, folder):
        with pytest.raises(StoreMismatch) as caught:
            use()
        assert all(value in str(caught.value) for value in [str(index), *values])
    assert sorted(texts(index)) == ["report0", "report1"]


@pytest.mark.parametrize("setting", ["VERSION", "MAX_TOKENS"])
def test_other_settings_are_named_with_both_values(index, folder, encoder, monkeypatch, setting):
    stored = getattr(opening.chunk, setting)
    monkeypatch.setattr(opening.chunk, setting, stored + 1)
    for use in both(index, encoder, folder):
        with pytest.raises(StoreMismatch, match=f" {stored}, but now it is {stored + 1}"):
            use()
    assert len(texts(index)) == 2


def test_a_locked_index_names_the_writer_and_still_answers(index, folder, encoder):
    code = f"""
import sys; sys.path.insert(0, {str(HERE.parent)!r})
from rag.store import Store
with Store.open({str(index)!r}, write=True).writing():
    print("writing", flush=True)
    sys.stdin.read()
"""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", code], **pipes) as writer:
        assert writer.stdout.readline() == b"writing\n"
        with pytest.raises(StoreLocked, match=f"Process {writer.pid} is writing to the index in {index}"):
            build_index(folder, index, encoder=encoder)
        with Assistant(index, encoder=encoder) as assistant:
            assert assistant.search("families of Piura")
        writer.stdin.close()
    assert len(build_index(folder, index, encoder=encoder).skipped) == 2


def test_an_index_of_another_schema_version(index, folder, encoder):
    with closing(sqlite3.connect(index / "store.db")) as connection:
        connection.execute("PRAGMA user_version = 99")
    for use in both(index, encoder, folder):
        with pytest.raises(StoreMismatch, match="a newer reportqa .schema version 99; this one reads"):
            use()


def test_a_report_that_is_not_there_is_named_with_similar_ones(index, encoder):
    with Assistant(index, encoder=encoder) as assistant:
        for ask in (assistant.report_text, assistant.sections):
            with pytest.raises(StoreError, match="no report 'reprt1'.*Did you mean 'report1'"):
                ask("reprt1")
    with Store.open(index) as store, pytest.raises(StoreError, match="See the list: reportqa reports"):
        store.report("zzz")


def test_an_index_that_was_moved_is_read(index, encoder, tmp_path):
    shutil.move(index, tmp_path / "moved")
    with Assistant(tmp_path / "moved", encoder=encoder) as assistant:
        assert assistant.search("families of Piura")


def test_a_relative_index_folder_holds_when_the_working_folder_changes(index, encoder, monkeypatch, tmp_path):
    monkeypatch.chdir(index.parent)
    with Assistant(index.name, encoder=encoder) as assistant:
        monkeypatch.chdir("/")
        assert assistant.search("families of Piura")
