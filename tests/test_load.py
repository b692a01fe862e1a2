"""Loading one file: how bytes become text, what is refused and why, what a report carries."""

from __future__ import annotations

import hashlib
import logging
import os
import stat
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from load_samples import PDF, write

from rag.errors import ReportError
from rag.load import Content, Metadata, find_files, load_report
from rag.load import decode as decoding
from rag.load.decode import load_text
from rag.schema import Period, Report

SEEDS = Path(__file__).resolve().parents[1] / "seeds"
SPANISH = "Situación en Perú\n\nLa población recibió atención. ¿Cuántos niños? Más de 1.200 – según la OIM.\n"


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t\f"), min_size=1)


@given(TEXTS)
def test_utf8_text_is_kept_character_for_character(text):
    if not text.strip() or text.startswith(("\ufeff", "GIF8", "{\\rtf")):
        return
    assert load_text(text.encode(), Path("x.txt")) == Content(text)


@given(st.lists(st.sampled_from(["a", "é", " ", "\r", "\n", "\r\n"])))
def test_only_line_ends_change(parts):
    text = "x" + "".join(parts)
    assert load_text(text.encode(), Path("x.txt")).text == text.replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_byte_order_marks_are_dropped(tmp_path, encoding):
    report = load_report(write(tmp_path, "a.txt", SPANISH.encode(encoding)))
    assert report.text == SPANISH
    assert report.warnings == ()


@pytest.mark.parametrize("mark, encoding", [(b"\xfe\xff", "utf-16-be"), (b"\xff\xfe", "utf-16-le")])
def test_utf16_of_either_byte_order(mark, encoding):
    assert load_text(mark + SPANISH.encode(encoding), Path("a.txt")).text == SPANISH


@pytest.mark.parametrize("encoding", ["cp1252", "cp850", "mac-roman"])
def test_old_encodings_are_read_with_a_warning(tmp_path, encoding):
    text = SPANISH.replace("–", "-")  # cp850 has no dash
    report = load_report(write(tmp_path, "viejo.txt", text.encode(encoding)))
    assert report.text == text
    assert report.warnings == (f"not UTF-8: read as {encoding}",)


def test_latin1_is_read_as_its_superset_cp1252():
    assert load_text("Año".encode("latin-1"), Path("a.txt")).text == "Año"


BAD_CONTENT = [
    (b"", "is empty"),
    (b" \n\t \r\n\x0c", "is empty"),
    (b"\xef\xbb\xbf", "is empty"),
    ("\u00a0\u2003\n".encode(), "is empty"),
    (PDF, "seems to be a PDF"),
    (b"PK\x03\x04\x14\x00", "seems to be a ZIP archive or an Office document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "seems to be an old Office document"),
    (b"\x89PNG\r\n\x1a\n\x00", "seems to be a PNG image"),
    (b"\xff\xd8\xff\xe0\x00\x10JFIF", "seems to be a JPEG image"),
    (b"{\\rtf1\\ansi Report}", "seems to be a rich text document"),
    (b"\x1f\x8b\x08\x00", "seems to be a gzip archive"),
    (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "seems to be a Git LFS pointer"),
    (b"\n<!DOCTYPE html>\n<html><body>Report</body></html>", "seems to be a web page"),
    (b"text with a NUL\x00 in it", "is a binary file"),
    ("UTF-16 without its mark".encode("utf-16-le"), "is a binary file"),
    (bytes(range(1, 32)) * 4, "is a binary file"),
    (b"\xff\xfeR\x00e\x00p\x00o\x00r\x00t\x00\x00\x00", "is a binary file"),
    ("línea uno\nlínea d".encode() + b"\xff" + "á".encode(), "byte at offset 19 (line 2) is not UTF-8"),
    ("población".encode() * 20 + b"\xc3", "is damaged: the byte at offset 200 (line 1)"),
    (b"\xff\xfe" + "Report".encode("utf-16-le") + b"\x00", "is damaged: the byte at offset 14"),
    ("Отчёт о положении беженцев".encode("koi8-r"), "cannot be decoded: the byte at offset 0"),
]


@pytest.mark.parametrize("content, said", BAD_CONTENT, ids=[said[:30] for _, said in BAD_CONTENT])
def test_what_is_no_text_is_refused_with_the_reason(tmp_path, content, said):
    path = write(tmp_path, "bad.txt", content)
    with pytest.raises(ReportError) as error:
        load_report(path)
    assert said in str(error.value)
    assert str(path) in str(error.value)


def test_a_form_feed_and_a_stray_control_character_are_no_binary():
    text = "Page one\x0cPage two with a stray \x02 in it. " * 9
    assert load_text(text.encode(), Path("a.txt")).text == text


def test_a_file_over_the_limit_is_refused_unread(tmp_path, monkeypatch):
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(decoding.MAX_FILE_BYTES + 1)  # sparse: takes no space
    monkeypatch.setattr(Path, "open", lambda *_: pytest.fail("it was opened"))
    with pytest.raises(ReportError, match=r"huge\.txt is 50\.0 MB; the limit is 50 MB"):
        load_report(path)


def test_a_file_that_grows_while_it_is_read_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(decoding, "MAX_FILE_BYTES", 10)
    path = write(tmp_path, "a.txt", b"x" * 11)
    real_stat = Path.stat

    def earlier(self: Path, **options: bool) -> os.stat_result:
        fields = list(real_stat(self, **options))
        fields[stat.ST_SIZE] = 1
        return os.stat_result(fields)

    monkeypatch.setattr(Path, "stat", earlier)
    with pytest.raises(ReportError, match="the limit is"):
        load_report(path)


def test_folders_pipes_and_devices_are_not_opened(tmp_path):
    (tmp_path / "folder.txt").mkdir()
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "zero.txt").symlink_to("/dev/zero")
    with pytest.raises(ReportError, match="is a folder"):
        load_report(tmp_path / "folder.txt")
    for name in ("pipe.txt", "zero.txt"):
        with pytest.raises(ReportError, match="is a pipe, socket or device"):
            load_report(tmp_path / name)
        with pytest.raises(ReportError, match="not a regular file"):
            find_files([tmp_path / name])


def test_a_missing_file_and_one_below_a_file(tmp_path):
    with pytest.raises(ReportError, match=r"gone\.txt does not exist"):
        load_report(tmp_path / "gone.txt")
    below = write(tmp_path, "a.txt") / "b.txt"
    with pytest.raises(ReportError, match="cannot be read \\(Not a directory\\)"):
        load_report(below)


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs /proc")
def test_a_read_that_fails_names_file_and_reason(tmp_path):
    link = tmp_path / "a.txt"
    link.symlink_to("/proc/self/mem")  # a regular file, but reading its start fails, for root too
    with pytest.raises(ReportError, match=r"a\.txt cannot be read \(Input/output error\)"):
        load_report(link)


# -- the report ------------------------------------------------------------------------------


def test_a_report_carries_path_hash_and_where_its_metadata_is_from(tmp_path):
    path = write(tmp_path, "sitrep.md", "# Situation report\n\nText.\n")
    stated = Metadata(publisher="OCHA", period=Period(date(2024, 1, 1), date(2024, 1, 31)))
    report = load_report(path, stated)
    assert isinstance(report, Report)
    assert report.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (report.title, report.publisher, report.type) == ("Situation report", "OCHA", "situation report")
    assert report.origins == {
        "title": "text",
        "publisher": "reports.toml",
        "type": "text",
        "symbol": "not found",
        "period": "reports.toml",
        "published": "not found",
        "language": "text",
    }


def test_the_seeds_load_with_their_catalogue():
    found = find_files([SEEDS])
    reports = [load_report(source.path, source.metadata) for source in found.sources]
    assert len(reports) == 5
    assert found.skipped == found.warnings == ()
    for source, report in zip(found.sources, reports, strict=True):
        assert report.text == source.path.read_bytes().decode().replace("\r\n", "\n")
        assert report.origins["title"] == report.origins["period"] == "reports.toml"
        assert report.warnings == ()


def test_nothing_is_logged_or_printed(tmp_path, caplog, capsys):
    with caplog.at_level(logging.DEBUG):
        load_report(write(tmp_path, "a.txt", SPANISH))
    assert not caplog.records
    assert capsys.readouterr() == ("", "")
