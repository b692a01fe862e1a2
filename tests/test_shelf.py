"""Managing the reports of an index: add, replace, remove, read anew, correct, and what a fault leaves."""

import os
import signal
import subprocess
import sys
import threading
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from build_samples import report_text, statuses, texts, write_reports
from conftest import HashEncoder

from rag import Assistant, StoreFull, StoreMissing, build_index
from rag.errors import MetadataError, ReportError, StoreError, StoreLocked
from rag.load import MAX_FILE_BYTES
from rag.pipeline import shelf as shelf_module
from rag.pipeline.build import remove_reports
from rag.pipeline.shelf import NameTaken, Shelf, open_or_create
from rag.pipeline.uploads import numbered, safe_name
from rag.store import Store
from rag.store.lock import WriterLock

HERE = Path(__file__).parent


@pytest.fixture
def index(tmp_path):
    return tmp_path / "index"


@pytest.fixture
def shelf(index, encoder):
    with open_or_create(index, encoder) as shelf:
        yield shelf


@pytest.fixture
def upload(tmp_path):
    """Makes a file as it lies in a temporary folder after an upload."""

    def make(text, name="upload.txt"):
        path = tmp_path / "temp" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return make


def kept(index):
    """Names of all files below ``files/`` but the lock."""
    found = (path for path in (index / "files").rglob("*") if path.is_file() and path.name != "write.lock")
    return sorted(path.name for path in found)


# --- the first start


def test_an_empty_index_is_made_and_answers_that_it_holds_nothing(index, shelf, encoder):
    assert shelf.entries() == [] and (index / "store.db").is_file()
    with Assistant(index, encoder=encoder) as assistant:
        assert assistant.query("How many families of Loja were given tents?").status == "abstained"


def test_an_existing_index_is_opened_as_it_is(index, tmp_path, encoder):
    build_index(write_reports(tmp_path / "reports", 2), index, encoder=encoder)
    with open_or_create(index, encoder) as shelf:
        assert [entry.info.id for entry in shelf.entries()] == ["report0", "report1"]


def test_a_shelf_of_no_index_is_an_error(index, encoder):
    with pytest.raises(StoreMissing):
        Shelf(index, encoder)


def test_the_sample_reports_are_offered_and_go_in(shelf, index):
    assert len(shelf.samples()) == 5
    assert len(shelf.add_samples().added) == 5
    assert len(shelf.entries()) == 5 and kept(index) == []


def test_without_sample_reports_there_are_none_to_add(shelf, monkeypatch, tmp_path):
    monkeypatch.setattr(shelf_module, "SEEDS", tmp_path / "nowhere")
    assert shelf.samples() == []
    with pytest.raises(StoreMissing, match="upload reports"):
        shelf.add_samples()


# --- adding


def test_an_uploaded_file_is_kept_for_this_user_only_and_indexed(shelf, index, upload):
    result = shelf.add("Loja 2024.txt", upload(report_text(0)))
    assert statuses(result) == {"Loja 2024": "added"}
    assert texts(index) == {"Loja 2024": report_text(0)}
    path = index / "files" / "Loja 2024.txt"
    assert path.stat().st_mode & 0o777 == 0o600 and path.parent.stat().st_mode & 0o777 == 0o700
    (entry,) = shelf.entries()
    assert (entry.info.path, entry.file) == (str(path), "there") and shelf.is_kept(entry.info)
    with Store.open(index) as store:
        assert entry.chunks == store.chunk_count and entry.sections == len(store.sections("Loja 2024"))


def test_a_running_assistant_answers_from_a_new_report(shelf, index, upload, encoder):
    with Assistant(index, encoder=encoder) as assistant:
        assert assistant.search("families of Loja given tents") == []
        shelf.add("loja.txt", upload(report_text(0)))
        assert assistant.search("families of Loja given tents")[0].report.id == "loja"
        shelf.remove("loja")
        assert assistant.search("families of Loja given tents") == []


def test_progress_is_told(shelf, upload):
    calls = []
    shelf.add("loja.txt", upload(report_text(0)), lambda *call: calls.append(call))
    assert calls[0] == ("reports", 0, 1) and calls[-1] == ("reports", 1, 1)
    assert [stage for stage, *_ in calls if stage == "chunks"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"", "empty"), (b"%PDF-1.7 not text", "PDF"), (bytes(range(256)) * 40, "loja.txt")],
)
def test_a_refused_file_leaves_no_copy(shelf, index, upload, data, reason):
    result = shelf.add("loja.txt", upload(data))
    assert statuses(result) == {"loja": "refused"} and reason in result.refused[0].reason
    assert kept(index) == [] and shelf.entries() == []


def test_the_same_text_again_is_skipped_and_leaves_no_copy(shelf, index, upload):
    shelf.add("loja.txt", upload(report_text(0)))
    result = shelf.add("other.txt", upload(report_text(0)))
    assert statuses(result) == {"other": "skipped"} and "loja" in result.skipped[0].reason
    assert kept(index) == ["loja.txt"]


def test_a_name_that_is_taken_is_asked_about(shelf, index, upload):
    shelf.add("loja.txt", upload(report_text(0)))
    new = upload(report_text(0, version=2))
    with pytest.raises(NameTaken, match="Replace it, or keep both") as caught:
        shelf.add("loja.md", new)
    assert caught.value.report_id == "loja" and texts(index) == {"loja": report_text(0)}
    shelf.add("loja.txt", new, clash="keep both")
    assert texts(index) == {"loja": report_text(0), "loja (2)": report_text(0, version=2)}
    assert kept(index) == ["loja (2).txt", "loja.txt"]
    shelf.add("loja.md", upload(report_text(0, version=3)), clash="replace")
    assert texts(index)["loja"] == report_text(0, version=3)
    assert kept(index) == ["loja (2).txt", "loja.md"]


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Reports\\loja.TXT", "loja.TXT"),
        ("...hidden.md", "hidden.md"),
        (".txt", "report.txt"),
        ("a\x00b\n\u202ec.txt", "a b c.txt"),
        ("<img src=x onerror=alert(1)>.md", "_img src=x onerror=alert(1)_.md"),
        (unicodedata.normalize("NFD", "situación.txt"), "situación.txt"),
        ("é" * 300 + ".txt", "é" * 90 + ".txt"),
        ("\udcff.txt", "report.txt"),
        ("informe: 3/4.txt", "4.txt"),
        ("a.b. .txt", "a.b.txt"),
    ],
)
def test_names_are_made_safe(given, safe):
    assert safe_name(given) == safe


@pytest.mark.parametrize("name", ["", "reports.toml", "run.exe", "loja", "loja.txt.zip", ".."])
def test_a_format_that_is_not_read_is_refused_before_it_is_kept(shelf, index, upload, name):
    with pytest.raises(ReportError, match="is not read"):
        shelf.add(name, upload("x"))
    assert kept(index) == []


def test_both_are_kept_under_the_first_free_number():
    assert numbered("a.b.txt", {"a.b", "a.b (2)"}) == "a.b (3).txt"


def test_what_is_no_file_or_too_large_is_refused(shelf, index, upload, tmp_path):
    large = upload("x")
    os.truncate(large, MAX_FILE_BYTES + 1)
    with pytest.raises(ReportError, match="at most 50 MB"):
        shelf.add("large.txt", large)
    with pytest.raises(StoreError, match="upload it again"):
        shelf.add("gone.txt", tmp_path / "gone.txt")
    assert kept(index) == []


# --- replacing and removing


def test_a_report_is_replaced_under_its_id(shelf, index, upload):
    shelf.add("loja.txt", upload(report_text(0)))
    shelf.correct("loja", {"title": "Loja, revised"})
    result = shelf.replace("loja", upload(report_text(0, version=2), "anything.md"))
    assert statuses(result) == {"loja": "replaced"}
    assert texts(index) == {"loja": report_text(0, version=2)} and kept(index) == ["loja.md"]
    assert shelf.entry("loja").info.title == "Loja, revised"


def test_a_report_from_elsewhere_is_replaced_and_its_file_left_alone(index, encoder, tmp_path, upload):
    (path,) = write_reports(tmp_path / "reports", 1)
    build_index(path, index, encoder=encoder)
    with Shelf(index, encoder) as shelf:
        shelf.replace("report0", upload(report_text(0, version=2)))
        assert texts(index) == {"report0": report_text(0, version=2)} and path.read_text() == report_text(0)
        shelf.remove("report0")
        assert texts(index) == {} and path.exists() and kept(index) == []


def test_a_bad_replacement_changes_nothing(shelf, index, upload):
    shelf.add("loja.txt", upload(report_text(0)))
    for name in ("bad.txt", "bad.md"):
        assert statuses(shelf.replace("loja", upload(b"\x00" * 500, name))) == {"loja": "refused"}
        assert kept(index) == ["loja.txt"] and texts(index) == {"loja": report_text(0)}
        assert (index / "files" / "loja.txt").read_text() == report_text(0)


def test_replacing_what_is_not_there_is_an_error(shelf, index, upload):
    with pytest.raises(StoreError, match="no report 'loja'"):
        shelf.replace("loja", upload("x"))
    assert kept(index) == []


def test_a_removed_report_takes_its_kept_file_and_corrections_with_it(shelf, index, upload):
    shelf.add("loja.txt", upload(report_text(0)))
    shelf.correct("loja", {"publisher": "OCHA"})
    assert shelf.remove("loja").id == "loja"
    assert kept(index) == [] and texts(index) == {} and not (index / "reports.toml").exists()
    shelf.add("loja.txt", upload(report_text(1)))
    assert shelf.entry("loja").info.publisher == ""


def test_the_command_line_and_the_shelf_see_one_index(shelf, index, upload, encoder):
    shelf.add("loja.txt", upload(report_text(0)))
    result = build_index(index / "files" / "loja.txt", index, encoder=encoder)
    assert result.skipped[0].reason == "unchanged"
    remove_reports(["loja"], index)
    assert shelf.entries() == []
    assert statuses(shelf.reindex()) == {"loja": "added"}, "the file was kept"


# --- reading anew


def test_reading_anew_stores_what_has_not_changed_too(shelf, upload):
    shelf.add("loja.txt", upload(report_text(0)))
    shelf.add("piura.txt", upload(report_text(1)))
    before = shelf.generation
    assert statuses(shelf.reindex("loja")) == {"loja": "replaced"} and shelf.generation == before + 1
    assert statuses(shelf.reindex()) == {"loja": "replaced", "piura": "replaced"}


def test_a_report_whose_file_is_missing_stays(index, encoder, tmp_path):
    paths = write_reports(tmp_path / "reports", 2)
    build_index(paths, index, encoder=encoder)
    paths[0].unlink()
    with Shelf(index, encoder) as shelf:
        assert [entry.file for entry in shelf.entries()] == ["missing", "there"]
        result = shelf.reindex()
        assert statuses(result) == {"report0": "refused", "report1": "replaced"}
        assert "does not exist" in result.refused[0].reason and "stays" in result.refused[0].reason
        assert sorted(texts(index)) == ["report0", "report1"]
        with pytest.raises(ReportError, match="correction was not made"):
            shelf.correct("report0", {"title": "x"})
        assert not (index / "reports.toml").exists()


def test_what_a_table_further_up_says_of_a_report_is_not_lost(index, encoder, tmp_path):
    write_reports(tmp_path / "reports" / "2024", 1)
    (tmp_path / "reports" / "reports.toml").write_text('[report0]\npublisher = "Red Cross"\n')
    build_index(tmp_path / "reports", index, encoder=encoder)
    with Shelf(index, encoder) as shelf:
        shelf.reindex("report0")
        shelf.correct("report0", {"title": "By hand"})
        info = shelf.entry("report0").info
    assert (info.title, info.publisher) == ("By hand", "Red Cross")
    assert (info.origins["title"], info.origins["publisher"]) == ("corrected by hand", "reports.toml")


# --- correcting


def test_a_correction_overrules_text_and_table_until_it_is_taken_back(index, encoder, tmp_path):
    (path,) = write_reports(tmp_path / "reports", 1)
    path.with_name("reports.toml").write_text('[report0]\ntitle = "Stated"\npublisher = "OCHA"\n')
    build_index(path.parent, index, encoder=encoder)
    with Shelf(index, encoder) as shelf:
        changes = {"title": "  Tents  in Loja ", "period_start": "2024-01-01", "period_end": "2024-02-29"}
        assert shelf.correct("report0", changes).replaced[0].reason == "its metadata changed"
        info = shelf.entry("report0").info
        assert (info.title, info.publisher, info.period.label) == ("Tents in Loja", "OCHA", "2024-01 to 2024-02")
        assert info.origins["title"] == info.origins["period"] == "corrected by hand"
        assert {p.report.title for p in _search(index, encoder)} == {"Tents in Loja"}
        assert build_index(path.parent, index, encoder=encoder).skipped[0].reason == "unchanged"
        shelf.correct("report0", {"published": "2024-03-01"})
        shelf.correct("report0", {"title": "", "period_start": "", "period_end": ""})
        info = shelf.entry("report0").info
        assert (info.title, info.period, info.published) == ("Stated", None, date(2024, 3, 1))
        assert info.origins["title"] == "reports.toml"
    assert (index / "reports.toml").stat().st_mode & 0o777 == 0o600


def _search(index, encoder):
    with Assistant(index, encoder=encoder) as assistant:
        return assistant.search("families of Loja given tents")


def test_comments_in_the_file_of_corrections_stay(shelf, index, upload):
    shelf.add("loja.txt", upload(report_text(0)))
    (index / "reports.toml").write_text('# by Ana\n[loja]\npublisher = "OCHA" # sure\n')
    shelf.correct("loja", {"title": "x"})
    assert (index / "reports.toml").read_text() == '# by Ana\n[loja]\npublisher = "OCHA" # sure\ntitle = "x"\n'


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"published": "31.12.2024"}, "such as 2024-01-31"),
        ({"period_start": "2024-01-01"}, "add period_end"),
        ({"period_start": "2024-03-01", "period_end": "2024-02-01"}, "is before"),
        ({"language": "xx"}, "must be one of"),
        ({"pages": "3"}, "cannot be corrected"),
        ({"title": "x" * 501}, "at most 500"),
        ({"title": "a\u202eb"}, "cannot be shown"),
        ({"title": "a\ud800b"}, "cannot be shown"),
    ],
)
def test_a_wrong_correction_is_refused_with_what_is_allowed(shelf, index, upload, changes, said):
    shelf.add("loja.txt", upload(report_text(0)))
    shelf.correct("loja", {"publisher": "OCHA"})
    before = (index / "reports.toml").read_bytes(), shelf.generation
    with pytest.raises(MetadataError, match=said):
        shelf.correct("loja", changes)
    assert ((index / "reports.toml").read_bytes(), shelf.generation) == before


def test_a_broken_file_of_corrections_is_named(shelf, index, upload):
    shelf.add("loja.txt", upload(report_text(0)))
    (index / "reports.toml").write_text("[loja\n")
    for change in (
        lambda: shelf.correct("loja", {"title": "x"}),
        lambda: shelf.remove("loja"),
        lambda: shelf.add("piura.txt", upload(report_text(1))),
    ):
        with pytest.raises(MetadataError, match=r"reports\.toml is not valid TOML"):
            change()
    assert texts(index) == {"loja": report_text(0)} and kept(index) == ["loja.txt"]


# --- faults and other writers


class Failing(HashEncoder):
    """Fails as if the machine ran out of memory in the middle of a report."""

    def encode(self, texts):
        if texts:
            raise MemoryError
        return super().encode(texts)


def test_an_error_in_the_middle_leaves_everything_as_it_was(shelf, index, upload):
    shelf.add("loja.txt", upload(report_text(0)))
    with Shelf(index, Failing()) as failing:
        for change in (
            lambda: failing.add("piura.txt", upload(report_text(1))),
            lambda: failing.replace("loja", upload(report_text(0, version=2))),
            lambda: failing.correct("loja", {"title": "x"}),
        ):
            with pytest.raises(MemoryError):
                change()
    assert texts(index) == {"loja": report_text(0)} and kept(index) == ["loja.txt"]
    assert (index / "files" / "loja.txt").read_text() == report_text(0)
    assert not (index / "reports.toml").exists()


KILLED = f"""
import sys, os, signal; sys.path[:0] = [{str(HERE.parent)!r}, {str(HERE)!r}]
from pathlib import Path
from conftest import HashEncoder
from rag.pipeline.shelf import Shelf
index, data, when = map(Path, sys.argv[1:4])
class Dying(HashEncoder):
    def encode(self, texts):
        if texts: os.kill(os.getpid(), signal.SIGKILL)
        return super().encode(texts)
if str(when) == "after":
    import rag.pipeline.uploads
    rag.pipeline.uploads.Uploads.settle = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
with Shelf(index, Dying() if str(when) == "before" else HashEncoder()) as shelf:
    shelf.replace("loja", data)
"""


@pytest.mark.parametrize(("when", "version"), [("before", 1), ("after", 2)])
def test_a_crash_while_replacing_leaves_file_and_index_in_agreement(shelf, index, upload, encoder, when, version):
    shelf.add("loja.txt", upload(report_text(0)))
    new = upload(report_text(0, version=2), "new.txt")
    command = [sys.executable, "-c", KILLED, str(index), str(new), when]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    (index / "files" / ".new-left").write_text("half")
    with Shelf(index, encoder):
        assert kept(index) == ["loja.txt"]
    assert (index / "files" / "loja.txt").read_text() == texts(index)["loja"] == report_text(0, version=version)


def test_on_a_full_disk_nothing_that_was_stored_is_lost(small_disk, encoder, upload):
    index = small_disk / "index"
    with open_or_create(index, encoder) as shelf:
        shelf.add("loja.txt", upload(report_text(0)))
        (small_disk / "filler").write_bytes(b"x" * (_free(small_disk) - 60_000))
        for change in (
            lambda: shelf.add("piura.txt", upload(report_text(1, sentences=3000))),
            lambda: shelf.replace("loja", upload(report_text(0, version=2, sentences=3000))),
            lambda: shelf.add("cusco.txt", upload(report_text(2, sentences=300))),
        ):
            with pytest.raises(StoreFull):
                change()
            assert texts(index) == {"loja": report_text(0)} and kept(index) == ["loja.txt"]
            assert (index / "files" / "loja.txt").read_text() == report_text(0)
        (small_disk / "filler").unlink()
        shelf.replace("loja", upload(report_text(0, version=2)))
        assert texts(index) == {"loja": report_text(0, version=2)}


def _free(folder):
    status = os.statvfs(folder)
    return status.f_bavail * status.f_frsize


def test_another_writer_is_waited_for_and_then_named(shelf, index, upload, monkeypatch):
    monkeypatch.setattr(shelf_module, "BUSY_S", 0.2)
    other = Shelf(index, HashEncoder())
    with other, WriterLock(index / "files").held(), pytest.raises(StoreLocked, match=f"Process {os.getpid()}"):
        other.add("loja.txt", upload(report_text(0)))
    with WriterLock(index).held(), pytest.raises(StoreLocked):  # as `reportqa ingest` holds it
        shelf.add("loja.txt", upload(report_text(0)))
    assert kept(index) == [] and shelf.entries() == []
    assert statuses(shelf.add("loja.txt", upload(report_text(0)))) == {"loja": "added"}


def test_two_threads_add_one_name_and_one_is_asked(shelf, index, upload):
    asked, files = [], [upload(report_text(n), f"u{n}.txt") for n in range(4)]

    def add(data):
        try:
            shelf.add("loja.txt", data)
        except NameTaken as error:
            asked.append(error)

    threads = [threading.Thread(target=add, args=(data,)) for data in files]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(asked) == 3 and list(texts(index)) == ["loja"] and kept(index) == ["loja.txt"]
    assert (index / "files" / "loja.txt").read_text() == texts(index)["loja"]
