"""What is looked at in an Office file before anything of it is unpacked for use."""

from __future__ import annotations

import io
import warnings
import zipfile
from pathlib import Path

import pytest
from bad_files import DOCX, archive_with, docx, entities, flagged_as_encrypted, laughs

from rag.errors import ReportError
from rag.load import archive
from rag.load.archive import check_archive

XLSX = "openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def twice() -> bytes:
    target = io.BytesIO(docx())
    with warnings.catch_warnings(), zipfile.ZipFile(target, "a") as opened:
        warnings.simplefilter("ignore")
        opened.writestr("word/document.xml", "<other/>")
    return target.getvalue()


def spoilt() -> bytes:
    data = bytearray(docx())
    data[data.index(b"word/document.xml") + 60] ^= 0xFF
    return bytes(data)


BAD = {
    "no archive": (lambda: b"PK\x03\x04" + bytes(100), "is damaged: its archive cannot be unpacked"),
    "cut off": (lambda: docx()[:-30], "is damaged"),
    "one byte": (spoilt, "is damaged"),
    "encrypted": (lambda: flagged_as_encrypted(docx()), "is encrypted: open it, take off its password"),
    "bomb": (lambda: docx(more={"word/media/a.bin": bytes(2_000_000)}), "expands beyond the limit: 'word/media/a.bin'"),
    "up": (lambda: docx(more={"../../etc/passwd": b"x"}), "the name '../../etc/passwd' in it is unsafe"),
    "root": (lambda: docx(more={"/etc/passwd": b"x"}), "is unsafe or stands twice"),
    "drive": (lambda: docx(more={"C:\\x": b"x"}), "is unsafe or stands twice"),
    "twice": (twice, "is unsafe or stands twice"),
    "entities": (lambda: entities("/etc/passwd"), "declares XML entities in 'word/document.xml'"),
    "laughs": (laughs, "declares XML entities"),
    "UTF-16 entities": (
        lambda: docx(more={"word/a.xml": '<?xml version="1.0"?><!DOCTYPE a>'.encode("utf-16")}),
        "declares XML entities in 'word/a.xml'",
    ),
    "macros": (
        lambda: docx(kind="ms-word.document.macroEnabled.main+xml"),
        "a .docm file: open it and save it as .docx",
    ),
    "workbook": (lambda: docx(kind=XLSX), "seems to be a .xlsx file: rename it to a.xlsx"),
    "other": (lambda: archive_with(a=b"x"), "seems to be a ZIP archive, not a .docx file"),
    "odt": (lambda: archive_with(mimetype=b"application/vnd.oasis.opendocument.text"), "OpenDocument"),
    "no document": (lambda: docx(kind="ms-nothing"), "holds no document that can be read"),
}


@pytest.mark.parametrize("case", BAD)
def test_an_archive_that_is_refused(case):
    make, said = BAD[case]
    with pytest.raises(ReportError) as caught:
        check_archive(make(), Path("/r/a.docx"))
    assert str(caught.value).startswith("/r/a.docx ") and said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("limit", "value", "said"),
    [
        ("MAX_ENTRIES", 3, "holds 4 files; the limit is 3"),
        ("MAX_ENTRY_BYTES", 5_000, "to 0 MB, where 0 MB are read"),
        ("MAX_TOTAL_BYTES", 5_000, "expands beyond the limit"),
    ],
)
def test_limits(monkeypatch, limit, value, said):
    data = docx(more={"word/media/a.png": bytes(range(250)) * 24})
    assert check_archive(data, Path("a.docx")) == ()
    monkeypatch.setattr(archive, limit, value)
    with pytest.raises(ReportError, match=said):
        check_archive(data, Path("a.docx"))


def test_macros_in_a_plain_document_are_named_and_not_read():
    data = docx(more={"word/vbaProject.bin": b"x"})
    assert check_archive(data, Path("a.docx")) == ("it holds macros, which are not read",)
    assert check_archive(docx(kind=DOCX), Path("a.docx")) == ()
