"""Building an index: what goes in, what stays, what goes, and what a crash or a full disk leaves."""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from build_samples import report_text, statuses, texts, write_reports
from conftest import HashEncoder

from rag import Assistant, StoreError, StoreFull, StoreMissing, build_index
from rag.pipeline.build import remove_reports
from rag.pipeline.opening import CACHE_NAME, open_store
from rag.store import Store

HERE = Path(__file__).parent
CHILD = f"""
import sys; sys.path[:0] = [{str(HERE.parent)!r}, {str(HERE)!r}]
from pathlib import Path
from conftest import HashEncoder
from rag import Assistant, build_index
import rag.pipeline, faiss
from rag.pipeline.assistant import Stages
encoder = HashEncoder()
print("ready", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def folder(tmp_path):
    write_reports(tmp_path / "reports", 3)
    return tmp_path / "reports"


@pytest.fixture
def index(tmp_path):
    return tmp_path / "index"


@pytest.fixture
def build(index, encoder):
    return lambda *paths, **options: build_index(paths, index, encoder=encoder, **options)


def reasons(result):
    return {outcome.report_id: outcome.reason for outcome in result.outcomes}


# --- what a second run does


def test_new_reports_are_added_and_unchanged_ones_skipped(folder, index, build):
    first = build(folder)
    assert statuses(first) == {"report0": "added", "report1": "added", "report2": "added"}
    assert set(reasons(first).values()) == {""} and len(first.added) == 3
    with Store.open(index) as store:
        before = store.generation, store.chunk_ids().tolist()
    again = build(folder)
    assert set(reasons(again).values()) == {"unchanged"} and len(again.skipped) == 3
    with Store.open(index) as store:
        assert (store.generation, store.chunk_ids().tolist()) == before, "unchanged reports were stored again"
    write_reports(folder, 4)
    assert statuses(build(folder))["report3"] == "added"
    assert texts(index) == {f"report{n}": report_text(n) for n in range(4)}


def test_unchanged_reports_are_not_embedded_again(folder, index, build):
    build(folder)

    class Refusing(HashEncoder):
        def encode(self, texts):
            raise AssertionError(f"{len(texts)} texts were embedded again")

    assert len(build_index(folder, index, encoder=Refusing()).skipped) == 3


def test_a_changed_text_replaces_the_report(folder, index, build):
    build(folder)
    (folder / "report1.txt").write_text(report_text(1, version=2), encoding="utf-8")
    result = build(folder)
    assert statuses(result) == {"report0": "skipped", "report1": "replaced", "report2": "skipped"}
    assert reasons(result)["report1"] == "its text changed"
    assert texts(index)["report1"] == report_text(1, version=2)
    with Assistant(index, encoder=HashEncoder()) as assistant:
        found = assistant.search("children vaccinated in Piura", reports=["report1"], k=20)
        assert found and all("round 1" not in passage.chunk.text for passage in found)


def test_changed_metadata_replaces_the_report(folder, index, build):
    build(folder)
    (folder / "reports.toml").write_text('[report1]\ntitle = "Health in Piura"\npublisher = "Red Cross"\n')
    result = build(folder)
    assert reasons(result) == {
        "report0": "unchanged", "report1": "its metadata changed", "report2": "unchanged"
    }  # fmt: skip
    with Store.open(index) as store:
        info = {info.id: info for info in store.reports()}["report1"]
        assert (info.title, info.publisher, info.origins["title"]) == (
            "Health in Piura", "Red Cross", "reports.toml"
        )  # fmt: skip
        chunks = store.chunks(store.chunk_ids().tolist()).values()
        contexts = {chunk.context.splitlines()[0] for chunk in chunks if chunk.report_id == "report1"}
    assert contexts == {"Health in Piura"}, "what is embedded with the chunks names the old title"


def test_reports_whose_files_are_gone_from_a_given_folder_are_removed(folder, index, build, tmp_path):
    elsewhere = write_reports(tmp_path / "others", 5)[4]
    build(folder, elsewhere)
    (folder / "report1.txt").unlink()
    assert statuses(build(folder / "report0.txt")) == {"report0": "skipped"}, "only a folder tells what is gone"
    result = build(folder)
    assert statuses(result) == {"report0": "skipped", "report2": "skipped", "report1": "removed"}
    assert reasons(result)["report1"] == "its file is gone"
    assert sorted(texts(index)) == ["report0", "report2", "report4"]


def test_removal_works_however_the_folder_is_written(folder, index, build, monkeypatch):
    build(folder)
    monkeypatch.chdir(folder.parent)
    monkeypatch.setenv("HOME", str(folder.parent))
    for number, path in enumerate(["reports/../reports", "~/reports"]):
        (folder / f"report{number}.txt").unlink()
        assert statuses(build(path))[f"report{number}"] == "removed"


@pytest.mark.parametrize("happens", ["folder gone", "folder empty", "catalogue broken"])
def test_nothing_is_removed_when_a_folder_cannot_be_read(folder, index, build, happens):
    build(folder)
    if happens == "folder gone":
        folder.rename(folder.with_name("elsewhere"))
    elif happens == "folder empty":
        for path in folder.iterdir():
            path.unlink()
    else:
        (folder / "report0.txt").unlink()
        (folder / "reports.toml").write_text("[report1]\ntitel = 'x'\n")
    result = build(folder)
    assert len(result.outcomes) == 1 and str(folder) in result.refused[0].reason
    assert sorted(texts(index)) == ["report0", "report1", "report2"]


@pytest.fixture
def plain_folder():
    """A folder of a user whom permissions bind: they do not bind root."""
    folder = Path(tempfile.mkdtemp())
    is_root = os.geteuid() == 0
    if is_root:
        os.chown(folder, 65534, 65534)
        os.seteuid(65534)
    yield folder
    if is_root:
        os.seteuid(0)
    subprocess.run(["chmod", "-R", "u+rwx", str(folder)], check=True)
    shutil.rmtree(folder)


def test_nothing_is_removed_from_a_subfolder_that_is_locked(plain_folder, encoder):
    write_reports(plain_folder / "reports", 1)
    locked = plain_folder / "reports" / "locked"
    locked.mkdir()
    (locked / "secret.txt").write_text(report_text(5))
    build_index(plain_folder / "reports", plain_folder / "index", encoder=encoder)
    locked.chmod(0)
    result = build_index(plain_folder / "reports", plain_folder / "index", encoder=encoder)
    assert statuses(result) == {"locked": "skipped", "report0": "skipped"}
    assert "cannot be read (Permission denied)" in reasons(result)[""]
    assert sorted(texts(plain_folder / "index")) == ["report0", "secret"]


# --- the same text or id twice


def test_a_duplicate_by_content_is_skipped_and_named(folder, index, build):
    shutil.copy(folder / "report0.txt", folder / "zcopy.txt")
    result = build(folder)
    assert statuses(result)["zcopy"] == "skipped"
    assert reasons(result)["zcopy"] == "the same text as report0, which is in the index"
    assert sorted(texts(index)) == ["report0", "report1", "report2"]


def test_the_same_id_elsewhere_is_refused_and_the_first_stays(folder, index, build, tmp_path):
    build(folder)
    other = tmp_path / "other" / "report0.txt"
    other.parent.mkdir()
    other.write_text(report_text(7))
    result = build(other)
    assert statuses(result) == {"report0": "refused"}
    assert str(folder / "report0.txt") in result.refused[0].reason and "rename" in result.refused[0].reason
    assert texts(index)["report0"] == report_text(0)


def test_a_copy_with_the_same_name_takes_nothing_over(folder, index, build, tmp_path):
    copies = tmp_path / "copies"
    shutil.copytree(folder, copies)
    (copies / "reports.toml").write_text('[report0]\ntitle = "Of the copy"\n')
    build(folder)
    result = build(copies)
    assert set(statuses(result).values()) == {"skipped"}
    assert reasons(result)["report0"] == f"the same text as {folder / 'report0.txt'}, which is in the index"
    (copies / "report0.txt").unlink()
    assert not build(copies).removed, "the first file is still there"
    with Store.open(index) as store:
        assert {info.path for info in store.reports()} == {str(path) for path in folder.iterdir()}


def test_a_renamed_folder_changes_paths_only(folder, index, build):
    build(folder)
    with Store.open(index) as store:
        before = store.generation
    moved = folder.rename(folder.with_name("moved"))
    assert set(reasons(build(moved)).values()) == {"unchanged"}
    with Store.open(index) as store:
        assert {info.path for info in store.reports()} == {str(path) for path in moved.iterdir()}
        assert store.generation == before
    (moved / "report2.txt").unlink()
    assert statuses(build(moved))["report2"] == "removed"


def test_a_renamed_file_is_not_left_in_the_index_twice(folder, index, build):
    build(folder)
    new = (folder / "report0.txt").rename(folder / "2024-loja.txt")
    result = build(new)
    assert statuses(result) == {"2024-loja": "added", "report0": "removed"}
    assert reasons(result)["report0"] == f"its file is now {new}"
    assert sorted(texts(index)) == ["2024-loja", "report1", "report2"]


def test_a_file_reached_through_a_link_is_the_same_file(folder, index, build):
    build(folder)
    link = folder.with_name("link")
    link.symlink_to(folder)
    (folder / "report0.txt").write_text(report_text(0, version=2))
    assert statuses(build(link))["report0"] == "replaced"
    assert texts(index)["report0"] == report_text(0, version=2)


# --- what is told


def test_progress_counts_reports_and_chunks(folder, build):
    calls = []
    build(folder, progress=lambda *call: calls.append(call))
    assert [done for stage, done, total in calls if stage == "reports" and total == 3] == [0, 1, 2, 3]
    assert calls[0] == ("reports", 0, 3) and calls[-1] == ("reports", 3, 3)
    chunks = [(done, total) for stage, done, total in calls if stage == "chunks"]
    assert len(chunks) == 3 and all(0 < done == total for done, total in chunks)
    assert [call for call in calls if call[2] == 1] == [
        ("loading the encoder", 0, 1), ("loading the encoder", 1, 1)
    ]  # fmt: skip
    calls.clear()
    build(folder, progress=lambda *call: calls.append(call))
    assert {stage for stage, *_ in calls} == {"reports"}, "nothing was to be embedded"


def test_warnings_are_passed_on(folder, index, build):
    (folder / "old.txt").write_bytes("Informe de situación sobre la niñez en Perú, año 2020.".encode("cp1252"))
    (folder / "reports.toml").write_text('[report9]\ntitle = "x"\n')
    result = build(folder)
    assert len(result.warnings) == 2 and statuses(result)["old"] == "added"
    about_table, about_encoding = result.warnings
    assert "[report9]" in about_table and str(folder / "reports.toml") in about_table
    assert about_encoding == f"{folder / 'old.txt'}: not UTF-8: read as cp1252"


def test_an_index_inside_the_folder_is_not_taken_for_a_report(folder, encoder):
    for _ in range(2):
        result = build_index(folder, folder / "index", encoder=encoder)
        assert sorted(statuses(result)) == ["report0", "report1", "report2"]


def test_reports_are_removed_by_id_all_or_none(folder, index, build):
    build(folder)
    with pytest.raises(StoreError, match="'nope'"):
        remove_reports(["report0", "nope"], index)
    assert len(texts(index)) == 3
    assert [info.id for info in remove_reports(["report2", "report0"], index)] == ["report2", "report0"]
    assert list(texts(index)) == ["report1"]
    assert len(list(folder.iterdir())) == 3, "the files stay"
    assert statuses(build(folder))["report0"] == "added"
    with pytest.raises(StoreMissing):
        remove_reports(["report0"], index.with_name("none"))


# --- the search cache


@pytest.mark.parametrize("happens", ["missing", "truncated", "flipped", "stale", "foreign"])
def test_without_a_sound_search_cache_the_results_are_the_same(folder, index, build, encoder, happens):
    build(folder)
    question = "How many families of Cusco were given tents?"

    def ask():
        with Assistant(index, encoder=encoder) as assistant:
            return [(p.chunk.id, p.score) for p in assistant.search(question, k=20)]

    cache, expected = index / CACHE_NAME, ask()
    assert expected and cache.is_file()
    data = bytearray(cache.read_bytes())
    if happens == "missing":
        cache.unlink()
    elif happens == "truncated":
        cache.write_bytes(data[: len(data) // 2])
    elif happens == "flipped":
        data[len(data) // 2] ^= 0xFF
        cache.write_bytes(data)
    elif happens == "foreign":
        cache.write_bytes(b"not an index")
    else:
        write_reports(folder, 5)
        build(folder)
        remove_reports(["report3", "report4"], index)
        cache.write_bytes(data)  # of before, whose ids still exist
    assert ask() == expected
    with open_store(index, encoder) as store, store.snapshot() as view:
        stamp = view.index_stamp()
        assert stamp.generation == view.generation and cache.is_file(), "the cache was not renewed"


# --- crashes, readers, full disks


def child(code):
    return subprocess.Popen(
        [sys.executable, "-c", CHILD + code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def start(process):
    assert process.stdout.readline() == "ready\n"
    process.stdin.write("go\n")
    process.stdin.flush()


def test_a_build_that_is_killed_at_any_moment_loses_nothing(folder, index, encoder):
    rounds, count = 10, 8
    chance = random.Random(11)
    write_reports(folder, count, version=1)
    build_index(folder, index, encoder=encoder)
    began = time.monotonic()
    write_reports(folder, count, version=2)
    build_index(folder, index, encoder=encoder)
    whole_s = time.monotonic() - began
    code = f"build_index({str(folder)!r}, {str(index)!r}, encoder=encoder)"
    allowed = {f"report{n}": {report_text(n, 1), report_text(n, 2)} for n in range(count)}
    killed = partial = 0
    version, ahead = 2, child(code)  # one child imports while the other builds
    while version < rounds + 2 or killed < rounds // 2 or partial < 2:
        version += 1
        assert version < 10 * rounds, f"of {version} builds {killed} were killed, {partial} of them half-way"
        process, ahead = ahead, child(code)
        write_reports(folder, count, version=version)
        for number in range(count):
            allowed[f"report{number}"].add(report_text(number, version))
        start(process)
        time.sleep(chance.uniform(0, 1.2) * whole_s)
        process.kill()
        process.communicate()
        killed += process.returncode == -signal.SIGKILL
        found = texts(index)
        assert set(found) == set(allowed), "a stored report is lost"
        assert all(text in allowed[name] for name, text in found.items()), "half of a report was stored"
        done = sum(text == report_text(n, version) for n, text in enumerate(found.values()))
        partial += 0 < done < count
    ahead.kill()
    ahead.communicate()
    build_index(folder, index, encoder=encoder)
    assert texts(index) == {f"report{n}": report_text(n, version) for n in range(count)}
    assert not build_index(folder, index, encoder=encoder).replaced


def test_two_processes_read_while_one_rebuilds(folder, index, build):
    build(folder)
    stop = index.with_name("stop")
    code = f"""
asked = 0
with Assistant({str(index)!r}, encoder=encoder, stages=Stages(cross_encoder=False)) as assistant:
    while not Path({str(stop)!r}).exists():
        for passage in assistant.search("How many families were given tents?", k=20):
            text = assistant.report_text(passage.report.id)
            assert passage.chunk.text
        assert assistant.search("children vaccinated in Piura", reports=["report1"])
        asked += 1
print(asked, flush=True)
"""
    readers = [child(code) for _ in range(2)]
    for reader in readers:
        start(reader)
    for version in range(2, 8):
        write_reports(folder, 3, version=version)
        assert len(build(folder).replaced) == 3
    stop.touch()
    for reader in readers:
        out, _ = reader.communicate(timeout=60)
        assert reader.returncode == 0 and int(out) > 3, out
    assert texts(index) == {f"report{n}": report_text(n, 7) for n in range(3)}


def test_on_a_full_disk_a_build_stops_and_goes_on_when_there_is_room(small_disk, tmp_path, encoder):
    folder, index = tmp_path / "many", small_disk / "index"
    write_reports(folder, 40, sentences=60)
    with pytest.raises(StoreFull, match="Free some space, then run the same command again"):
        build_index(folder, index, encoder=encoder)
    stored = texts(index)
    assert 0 < len(stored) < 40
    with Assistant(index, encoder=encoder) as assistant:
        found = assistant.search("How many families of Loja were given tents?")
        assert found[0].chunk.text in stored[found[0].report.id]
    with pytest.raises(StoreFull):
        build_index(folder, index, encoder=encoder)
    assert texts(index).items() >= stored.items()
    subprocess.run(["mount", "-o", "remount,size=30m", str(small_disk)], check=True)
    result = build_index(folder, index, encoder=encoder)
    assert len(result.added) + len(result.skipped) == 40 and len(result.skipped) >= len(stored)
    assert texts(index) == {f"report{n}": report_text(n, sentences=60) for n in range(40)}
