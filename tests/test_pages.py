"""Pictures of pages, and the reasons why there is none."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest

from rag.errors import ConfigError, ReportError
from rag.pages import page_picture

PIL = pytest.importorskip("PIL.Image")
pypdfium2 = pytest.importorskip("pypdfium2")


@pytest.fixture(scope="module")
def pdf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three pages, 400 by 200 points; the second turned by 90 degrees, the third black below its middle."""
    path = tmp_path_factory.mktemp("pdf") / "árbol report.pdf"
    document = pypdfium2.PdfDocument.new()
    for number in range(3):
        page = document.new_page(400, 200)
        if number == 2:
            raw = pypdfium2.raw
            bar = raw.FPDFPageObj_CreateNewRect(0, 0, 400, 100)
            raw.FPDFPageObj_SetFillColor(bar, 0, 0, 0, 255)
            raw.FPDFPath_SetDrawMode(bar, raw.FPDF_FILLMODE_WINDING, False)
            raw.FPDFPage_InsertObject(page, bar)
            raw.FPDFPage_GenerateContent(page)
    document[1].set_rotation(90)
    document.save(path)
    return path


def picture(data: bytes):
    return PIL.open(io.BytesIO(data))


def test_a_page_is_drawn_as_wide_as_asked_and_as_it_is_shown(pdf: Path) -> None:
    assert picture(page_picture(pdf, 1, width=300)).size == (300, 150)
    assert picture(page_picture(pdf, 2, width=300)).size == (300, 600)
    drawn = picture(page_picture(pdf, 3, width=400)).convert("L")
    assert drawn.getpixel((200, 50)) == 255 and drawn.getpixel((200, 150)) == 0


def test_the_file_must_be_the_one_that_was_read(pdf: Path) -> None:
    digest = hashlib.sha256(pdf.read_bytes()).hexdigest()
    assert page_picture(pdf, 1, width=50, sha256=digest).startswith(b"\x89PNG")
    with pytest.raises(ReportError, match="has changed since it was read"):
        page_picture(pdf, 1, width=50, sha256="0" * 64)


@pytest.mark.parametrize("number", [0, -1, 4])
def test_there_is_no_such_page(pdf: Path, number: int) -> None:
    with pytest.raises(ReportError, match=f"has no page {number}: it has 3"):
        page_picture(pdf, number)


def test_files_that_cannot_be_drawn_say_why(tmp_path: Path) -> None:
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.7 nothing")
    for name, says in (("gone.pdf", "is gone"), ("bad.pdf", "is damaged"), ("text.txt", "is no PDF")):
        with pytest.raises(ReportError, match=says) as error:
            page_picture(tmp_path / name, 1)
        assert str(tmp_path / name) in str(error.value)


@pytest.mark.parametrize("width", [0, 4_001])
def test_widths_have_limits(pdf: Path, width: int) -> None:
    with pytest.raises(ConfigError, match=f"{width:,}".replace(",", ",?")):
        page_picture(pdf, 1, width=width)


def test_a_page_as_tall_as_a_street_is_drawn_narrower(tmp_path: Path) -> None:
    document = pypdfium2.PdfDocument.new()
    document.new_page(10, 14_000)
    document.save(tmp_path / "tall.pdf")
    wide, tall = picture(page_picture(tmp_path / "tall.pdf", 1, width=1_000)).size
    assert wide < 1_000 and wide * tall <= 24_100_000
