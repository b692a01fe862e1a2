"""Pages read by Tesseract: words, places and confidence; and what happens without it."""

from __future__ import annotations

import io
import stat
from pathlib import Path

import pypdfium2
import pytest
from conftest import SHARED
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from rag.load.pdf import ocr

SCAN = SHARED / "pdf/layout_tests/A_45_696_Add.1.pdf"
needs_tesseract = pytest.mark.skipif(not ocr.installed_languages(), reason="Tesseract is not installed")


@pytest.fixture
def anew():
    """What is installed is looked for again, before and after."""
    ocr.installed_languages.cache_clear()
    yield
    ocr.installed_languages.cache_clear()


def picture(*lines: str, dpi: int = 200) -> Image.Image:
    """A page with lines of text in 12 points from 1 inch left, their baselines 84, 108, … points from the top."""
    page = io.BytesIO()
    canvas = Canvas(page, pagesize=(595, 300))
    canvas.setFont("Times-Roman", 12)
    for number, line in enumerate(lines):
        canvas.drawString(72, 300 - 84 - 24 * number, line)
    canvas.save()
    return pypdfium2.PdfDocument(page)[0].render(scale=dpi / 72).to_pil()


@needs_tesseract
@pytest.mark.parametrize("dpi", [150, 300])
def test_words_come_in_reading_order_with_their_places_in_points(dpi):
    words, confidence = ocr.read_page(picture("Floods reached Maridi", "on 7 April 2025", dpi=dpi), dpi, ("eng",))
    assert [word.text for word in words] == "Floods reached Maridi on 7 April 2025".split()
    assert 0.8 < confidence <= 1
    first, below = words[0], words[3]
    assert first.left == pytest.approx(72, abs=4) and 70 < first.top < first.bottom < 92
    assert below.left == pytest.approx(72, abs=4) and below.top - first.top == pytest.approx(24, abs=3)
    assert all(one.right < other.left for one, other in zip(words[:2], words[1:3], strict=True))
    assert {word.size for word in words[:3]} == {first.size} and first.size == pytest.approx(12, abs=2)


@needs_tesseract
def test_accents_need_their_language():
    if "spa" not in ocr.installed_languages():
        pytest.skip("Spanish is not installed")
    words, _ = ocr.read_page(picture("Según la población, los niños recibieron atención"), 200, ("spa", "eng"))
    assert " ".join(word.text for word in words) == "Según la población, los niños recibieron atención"


@needs_tesseract
def test_a_blank_page_has_no_words():
    assert ocr.read_page(picture(), 200, ("eng",)) == ([], 0.0)


@needs_tesseract
def test_an_unknown_language_is_read_with_one_that_is_there():
    words, _ = ocr.read_page(picture("Floods in April"), 200, ("xyz",))
    assert [word.text for word in words] == ["Floods", "in", "April"]


@needs_tesseract
@pytest.mark.skipif(not SCAN.exists(), reason="no shared data")
def test_a_real_scan_is_read_and_its_specks_are_not():
    page = pypdfium2.PdfDocument(SCAN)[2]
    words, confidence = ocr.read_page(page.render(scale=200 / 72).to_pil(), 200, ("eng",))
    text = " ".join(word.text for word in words)
    assert "1. Climate issues reach far beyond atmospheric and oceanic sciences, affecting every aspect" in text
    assert confidence > 0.9 and 255 <= len(words) <= 275
    assert {word.block for word in words} == set(range(words[-1].block + 1)) and words[-1].block >= 4


def fake_tesseract(folder: Path, script: str, monkeypatch) -> None:
    path = folder / "tesseract"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def test_without_tesseract_nothing_is_read(anew, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert ocr.installed_languages() == ()
    assert ocr.read_page(picture("Floods"), 200, ("eng",)) is None


LIST = 'if [ "$1" = --list-langs ]; then echo "List of (2):"; echo eng; echo osd; exit; fi; cat >/dev/null; '


@pytest.mark.parametrize("script", ["exit 1", "sleep 30"])
def test_a_page_that_it_does_not_get_through_is_not_read(script, anew, monkeypatch, tmp_path):
    fake_tesseract(tmp_path, LIST + script, monkeypatch)
    monkeypatch.setattr(ocr, "_PAGE_S", 0.3)
    assert ocr.installed_languages() == ("eng",)
    assert ocr.read_page(picture("Floods"), 200, ("eng",)) is None


HEAD = "level page_num block_num par_num line_num word_num left top width height conf text"


def test_specks_and_pieces_of_pictures_are_dropped(anew, monkeypatch, tmp_path):
    rows = [
        HEAD,
        "5 1 1 1 1 1 100 100 60 20 96.0 Floods",
        "5 1 1 1 1 2 170 100 60 20 29.9 Joee",
        "5 1 1 1 1 3 240 118 5 5 60.0 .",
        '5 1 1 1 1 4 250 100 40 20 90.0 "in',
        "5 1 1 1 1 5 300 100 60 20 92.0 Maridi",
        "5 1 2 1 1 1 300 300 900 500 90.0 KE",
        "5 1 3 1 1 1 100 300 60 20 48.0 1.3",
        "4 1 3 1 1 0 100 300 60 20 -1 ",
    ]
    table = tmp_path / "table"
    table.write_text("\n".join(row.replace(" ", "\t") for row in rows) + "\n")
    fake_tesseract(tmp_path, LIST + f"cat {table}", monkeypatch)
    words, confidence = ocr.read_page(picture(), 144, ("eng",))
    assert [(word.text, word.block) for word in words] == [("Floods", 0), ('"in', 0), ("Maridi", 0), ("1.3", 1)]
    assert (words[0].left, words[0].right) == (50, 80)
    assert confidence == pytest.approx((6 * 96 + 3 * 90 + 6 * 92 + 3 * 48) / 18 / 100)
