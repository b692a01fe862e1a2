"""Which files are found as reports, and why others are not."""

from __future__ import annotations

import os
import re
import sys
import unicodedata
from pathlib import Path

import pytest
from load_samples import write

from rag.errors import ReportError
from rag.load import LOADERS, Content, Source, find_files, load_report

FORMATS = ".txt, .md, .pdf, .docx, .pptx, .xlsx, .csv, .html, .htm and .eml"


def names(found) -> list[str]:
    return [source.path.name for source in found.sources]


def test_folders_are_walked_in_order_and_the_rest_is_skipped_with_a_reason(tmp_path):
    for name in (
        "b.md",
        "a.txt",
        "C.TXT",
        "sub/d.txt",
        "sub/deep/e.md",
        "f.doc",
        "g.pages",
        "h.zip",
        "noext",
        ".h.txt",
        ".git/g.txt",
    ):
        write(tmp_path, name)
    write(tmp_path, "reports.toml", "")
    found = find_files([tmp_path])
    assert names(found) == ["C.TXT", "a.txt", "b.md", "d.txt", "e.md"]
    assert [(item.path.name, item.reason) for item in found.skipped] == [
        ("f.doc", ".doc is not read: save it as .docx"),
        ("g.pages", ".pages is not read: save it as .docx"),
        ("h.zip", f".zip is not read: {FORMATS} are"),
        ("noext", f"a file without suffix is not read: {FORMATS} are"),
    ]


def test_a_path_may_be_a_string_and_is_made_absolute(tmp_path, monkeypatch):
    write(tmp_path, "sub/a.txt")
    monkeypatch.chdir(tmp_path / "sub")
    assert find_files("../sub/a.txt").sources == (Source(tmp_path / "sub/a.txt"),)
    assert load_report("a.txt").path == str(tmp_path / "sub/a.txt")


def test_a_file_reached_twice_is_found_once(tmp_path):
    path = write(tmp_path, "a.txt")
    assert names(find_files([tmp_path, path, str(tmp_path)])) == ["a.txt"]


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("a.zip", FORMATS),
        ("a", FORMATS),
        ("a.DOCM", "save it as .docx"),
        ("a.rtf", "save it as .docx"),
        ("a.xlsm", "save it as .xlsx"),
        ("a.ods", "save it as .xlsx"),
        ("a.ppt", "save it as .pptx"),
        ("a.msg", "save it as .eml"),
        ("a.jpeg", "save it as .pdf"),
    ],
)
def test_naming_a_file_in_a_format_that_is_not_read_is_an_error(tmp_path, name, advice):
    path = write(tmp_path, name)
    for action in (lambda: find_files([path]), lambda: load_report(path)):
        with pytest.raises(ReportError, match=f"is not read: {re.escape(advice)}"):
            action()


def test_a_folder_without_reports_is_an_error_that_says_what_it_wants(tmp_path):
    with pytest.raises(ReportError, match=f"holds no reports: put {re.escape(FORMATS)} files into it\\.$"):
        find_files([tmp_path])
    write(tmp_path, "a.doc")
    with pytest.raises(ReportError, match=r"Skipped: a\.doc \(\.doc is not read: save it as \.docx\)\.$"):
        find_files([tmp_path])


def test_a_path_that_does_not_exist_is_an_error(tmp_path):
    with pytest.raises(ReportError, match="nowhere does not exist"):
        find_files([tmp_path / "nowhere"])
    (tmp_path / "dangling.txt").symlink_to(tmp_path / "nowhere.txt")
    with pytest.raises(ReportError, match="link to nothing"):
        find_files([tmp_path / "dangling.txt"])


def test_links_that_leave_the_folder_are_not_followed(tmp_path):
    outside = write(tmp_path, "outside/secret.txt")
    inside = write(tmp_path, "reports/a.txt")
    folder = inside.parent
    (folder / "out.txt").symlink_to(outside)
    (folder / "out-folder").symlink_to(outside.parent)
    (folder / "a-latest.txt").symlink_to(inside)
    (folder / "loop").symlink_to(folder)
    (folder / "broken.txt").symlink_to("nowhere")
    found = find_files([folder])
    assert names(found) == ["a.txt"]
    assert {item.path.name: item.reason for item in found.skipped} == {
        "out.txt": "it is a link that leaves the folder",
        "out-folder": "it is a link that leaves the folder",
        "a-latest.txt": "it is a link to a.txt, which is read itself",
        "loop": "it is a link to ., which is read itself",
        "broken.txt": "it is a link to nothing",
    }
    assert names(find_files([folder / "out.txt"])) == ["out.txt"], "a link named outright is followed"


def test_a_second_report_with_the_same_id_is_skipped_or_refused(tmp_path):
    first, second = write(tmp_path, "a.txt", "one"), write(tmp_path, "sub/a.md", "two")
    (skipped,) = find_files([tmp_path]).skipped
    assert skipped.path == second
    assert skipped.reason == f"it would get the id 'a' like {first}: rename one of them"
    with pytest.raises(ReportError, match="rename one of them"):
        find_files([first, second])


def test_the_id_is_the_stem_with_composed_accents(tmp_path):
    path = write(tmp_path, unicodedata.normalize("NFD", "Informe de situación v1.2.txt"))
    assert load_report(path).id == unicodedata.normalize("NFC", "Informe de situación v1.2")


def test_a_name_that_is_no_unicode_is_skipped(tmp_path):
    write(tmp_path, "good.txt")
    bad = os.fsdecode(os.fsencode(tmp_path) + b"/informaci\xf3n.txt")
    try:
        Path(bad).write_text("text")
    except OSError:
        pytest.skip("the file system takes UTF-8 names only")
    (skipped,) = find_files([tmp_path]).skipped
    assert skipped.reason == "its path is not valid UTF-8: rename it"
    with pytest.raises(ReportError, match=r"informaci\\xf3n"):
        find_files([Path(bad)])


def test_another_format_needs_only_an_entry_in_the_registry(tmp_path, monkeypatch):
    def load_csv(data, path):
        return Content(data.decode().replace(",", "\t"), ("from CSV",))

    monkeypatch.setitem(LOADERS, ".csv", load_csv)
    path = write(tmp_path, "table.csv", "a,b")
    (source,) = find_files([tmp_path]).sources
    report = load_report(source.path)
    assert (report.id, report.text, report.warnings) == ("table", "a\tb", ("from CSV",))
    assert path == source.path


def run_unprivileged(action) -> str:
    """Run ``action`` in a child that is not root; what it raised or returned, as text."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if os.geteuid() == 0:
                os.setgroups([])
                os.setuid(65534)
            said = f"returned {action()}"
        except BaseException as error:
            said = f"{type(error).__name__}: {error}"
        os.write(writing, said.encode())
        os._exit(0)
    os.close(writing)
    with open(reading, encoding="utf-8") as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    return said


@pytest.fixture
def open_path(tmp_path):
    """``tmp_path``, reachable by every user."""
    for folder in (tmp_path, *list(tmp_path.parents)[:3]):
        if folder.stat().st_uid == os.geteuid():
            folder.chmod(folder.stat().st_mode | 0o055)
    return tmp_path


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
def test_permissions(open_path):
    locked = write(open_path, "reports/locked.txt")
    write(open_path, "reports/open.txt")
    write(open_path, "reports/closed/inside.txt").parent.chmod(0)
    locked.chmod(0)
    said = run_unprivileged(lambda: load_report(locked))
    assert said.startswith(f"ReportError: {locked} cannot be read (Permission denied)")
    said = run_unprivileged(lambda: [s.reason for s in find_files([open_path / "reports"]).skipped])
    assert said == "returned ['the folder cannot be read (Permission denied)']"
    said = run_unprivileged(lambda: find_files([open_path / "reports/closed"]))
    assert said.startswith("ReportError:") and "cannot be read (Permission denied)" in said
    (open_path / "reports/closed").chmod(0o755)
