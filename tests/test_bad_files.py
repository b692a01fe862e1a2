"""Damaged, hostile and oversized files among good ones: one reason each, and the others go in."""

from __future__ import annotations

import zlib

import pytest
from bad_files import (
    WORDS,
    archive_with,
    deflated_bomb,
    docx,
    entities,
    flagged_as_encrypted,
    huge_picture,
    laughs,
    no_pages,
    one_page,
    pages_in_a_circle,
    pdf,
    pdf_with_attachment,
    scripted_pdf,
)
from build_samples import texts, write_reports

from rag import build_index
from rag.load import LOADERS, load_report
from rag.load.apart import Apart

OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)

REFUSED = {
    "encrypted.pdf": (lambda _: pdf(encrypt="secret"), "password"),
    "damaged.pdf": (lambda _: b"%PDF-1.7\n" + bytes(range(256)) * 40, ""),
    "truncated.pdf": (lambda _: pdf(3)[:400], ""),
    "empty.pdf": (lambda _: b"", "is empty"),
    "no-pages.pdf": (lambda _: no_pages(), "page"),
    "circle.pdf": (lambda _: pages_in_a_circle(), ""),
    "picture.pdf": (lambda _: huge_picture(), ""),
    "text.pdf": (lambda _: WORDS.encode(), "is damaged or no .pdf file"),
    "letter.pdf": (lambda _: docx(), "seems to be a ZIP archive or an Office document"),
    "scan.txt": (lambda _: pdf(), "seems to be a PDF: rename it to scan.pdf"),
    "page.md": (lambda _: b"<html><p>Hello", "rename it to page.html"),
    "report.docx": (lambda _: pdf(), "seems to be a PDF: rename it to report.pdf"),
    "old.docx": (lambda _: OLD_OFFICE, "an old Office document (.doc, .xls) or one with a password"),
    "macros.docx": (lambda _: docx(kind="ms-word.document.macroEnabled.main+xml"), "a .docm file"),
    "sheet.pptx": (lambda _: docx(), "seems to be a .docx file: rename it to sheet.docx"),
    "entities.docx": (lambda secret: entities(secret), "declares XML entities"),
    "laughs.docx": (lambda _: laughs(), "declares XML entities"),
    "bomb.docx": (lambda _: docx(more={"word/a.bin": bytes(5_000_000)}), "expands beyond the limit"),
    "locked.docx": (lambda _: flagged_as_encrypted(docx()), "is encrypted"),
    "cut.docx": (lambda _: docx()[:-40], "is damaged"),
    "photos.xlsx": (lambda _: archive_with(a=b"x"), "seems to be a ZIP archive"),
    "mail.html": (lambda _: pdf(), "rename it to mail.pdf"),
    "packed.csv": (lambda _: b"\x1f\x8b\x08" + zlib.compress(b"a,b"), "a gzip archive"),
    "annex.eml": (lambda _: pdf(), "rename it to annex.pdf"),
}


@pytest.fixture
def folder(tmp_path):
    write_reports(tmp_path / "reports", 2)
    return tmp_path / "reports"


def test_bad_files_give_one_reason_each_and_the_others_go_in(folder, encoder, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("the secret of the other file")
    for name, (make, _) in REFUSED.items():
        (folder / name).write_bytes(make(str(secret)))
    names = {name.rpartition(".")[0] for name in REFUSED}
    assert len(names) == len(REFUSED), "two files of one id"
    result = build_index(folder, tmp_path / "index", encoder=encoder)
    reasons = {outcome.path: outcome.reason for outcome in result.refused}
    assert set(reasons) == {str(folder / name) for name in REFUSED}
    for name, (_, said) in REFUSED.items():
        reason = reasons[str(folder / name)]
        assert reason.startswith(str(folder / name)) and said in reason, reason
        assert "\n" not in reason and "Traceback" not in reason and len(reason) < 500
    assert set(texts(tmp_path / "index")) == {"report0", "report1"}


@pytest.mark.parametrize(
    ("make", "warning"),
    [
        (scripted_pdf, "it holds scripts (JavaScript), which are not run"),
        (pdf_with_attachment, "a file is attached to it"),
        (lambda: pdf(encrypt=""), ""),
        (lambda: b"junk before\n" + pdf(), ""),
        (lambda: pdf() + b"\n" * 3_000, ""),
        (one_page, ""),
    ],
    ids=["script", "attachment", "no password to open", "junk before", "junk behind", "plain"],
)
def test_a_pdf_with_oddities_is_read_and_they_are_named(make, warning, tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(make())
    report = load_report(path)
    assert WORDS in " ".join(report.text.split())
    assert warning in " ".join(report.warnings) if warning else not report.warnings


def test_contents_that_expand_without_end_take_neither_memory_nor_time(tmp_path):
    path = tmp_path / "bomb.pdf"
    path.write_bytes(deflated_bomb(size=1 << 28))
    with pytest.raises(Exception, match=r"bomb\.pdf") as caught:
        load_report(path)
    assert type(caught.value).__name__ == "ReportError"


def test_a_reader_that_hangs_or_dies_refuses_its_file_only(folder, encoder, tmp_path, monkeypatch):
    def failing(fake: str) -> Apart:
        loader = LOADERS[".pdf"]
        return Apart(f"tests.loader_fakes:{fake}", loader.limits)

    for suffix, fake in ((".pdf", "crash"), (".docx", "eat"), (".eml", "stumble")):
        monkeypatch.setitem(LOADERS, suffix, failing(fake))
    (folder / "a.pdf").write_bytes(pdf())
    (folder / "b.docx").write_bytes(docx())
    (folder / "c.eml").write_bytes(b"Subject: Floods\n\nText\n")
    result = build_index(folder, tmp_path / "index", encoder=encoder)
    assert len(result.refused) == 3 and len(result.added) == 2
    said = " ".join(outcome.reason for outcome in result.refused)
    assert "SIGSEGV" in said and "GB of memory" in said and "KeyError" in said
