"""Headings, tables, key figures and scanned pages of PDFs, and facts of real ones."""

from __future__ import annotations

import io
from functools import lru_cache

import pytest
from conftest import SHARED
from drawn_pdfs import BODY, HEIGHT, WIDTH, boxes, lines, made, parts, read
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from rag.layout import PartKind
from rag.load.decode import Content
from rag.load.pdf import document
from rag.load.pdf.records import Word

BOLD, ITALIC = "Helvetica-Bold", "Helvetica-Oblique"


def outline(content: Content) -> list[tuple[int, str]]:
    assert content.layout is not None
    return [(p.level, content.text[p.start : p.end]) for p in content.layout.parts if p.kind is PartKind.HEADING]


def report(canvas: Canvas) -> None:
    lines(canvas, ("Security Council",), 72, 60, 20, BOLD)
    lines(canvas, ("Situation in the north",), 72, 100, 12, BOLD)
    lines(canvas, ("I.   Introduction",), 60, 140, 14, BOLD)
    lines(canvas, BODY, 72, 160)
    lines(canvas, ("II.   Security situation and the", "protection of civilians"), 60, 220, 14, BOLD)
    lines(canvas, ("A.   Northern region",), 60, 260, 12, BOLD)
    lines(canvas, BODY, 72, 280)
    lines(canvas, ("Arms embargo",), 72, 340, 10, ITALIC)
    lines(canvas, BODY, 72, 360)
    lines(canvas, ("Border area",), 72, 420, 10, BOLD)
    lines(canvas, BODY, 72, 440)
    lines(canvas, ("III.   Observations",), 60, 500, 14, BOLD)
    lines(canvas, BODY, 72, 520)


def test_headings_have_the_level_that_their_look_gives_them_and_the_cover_has_none():
    found = outline(read(made(report)))
    assert [text for _, text in found] == [
        "I. Introduction",
        "II. Security situation and the protection of civilians",
        "A. Northern region",
        "Arms embargo",
        "Border area",
        "III. Observations",
    ]
    levels = dict((text, level) for level, text in found)
    assert levels["I. Introduction"] == levels["III. Observations"] < levels["A. Northern region"]
    assert levels["A. Northern region"] < levels["Border area"] == levels["Arms embargo"]


def test_figures_captions_and_bold_sentences_are_no_headings():
    def draw(canvas: Canvas) -> None:
        lines(canvas, ("Highlights",), 72, 60, 14, BOLD)
        lines(canvas, BODY, 72, 80)
        lines(canvas, ("Figure II",), 72, 140, 10, BOLD)
        lines(canvas, ("People reached by month",), 72, 152, 10, BOLD)
        lines(canvas, ("US$ 234 million",), 72, 200, 16, BOLD)
        lines(canvas, ("This whole sentence is bold, but it is one.",), 72, 240, 10, BOLD)

    assert outline(read(made(draw))) == [(1, "Highlights")]


def ruled(canvas: Canvas, rows: list[list[str]], top: float) -> None:
    """A table with rules around all cells, columns 120 points wide."""
    canvas.setLineWidth(0.5)
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            lines(canvas, (cell,), 76 + 120 * column, top + 14 + 20 * number)
    for number in range(len(rows) + 1):
        y = HEIGHT - top - 20 * number
        canvas.line(72, y, 72 + 120 * len(rows[0]), y)
    for column in range(len(rows[0]) + 1):
        x = 72 + 120 * column
        canvas.line(x, HEIGHT - top, x, HEIGHT - top - 20 * len(rows))


HEADS = ["Region", "Targeted", "Reached"]


def tabled(canvas: Canvas) -> None:
    lines(canvas, BODY, 72, 60)
    lines(canvas, ("Table 2. People reached with food",), 72, 120, 10, BOLD)
    ruled(canvas, [HEADS, ["North", "1,200", "900"], ["South", "800", "750"]], 130)
    lines(canvas, BODY, 72, 230)


def test_a_table_stands_in_its_place_with_its_caption_and_rows_of_named_cells():
    content = read(made(tabled))
    [table] = [part for part in content.layout.parts if part.kind is PartKind.TABLE]
    assert content.text[table.start : table.end] == (
        "Table 2. People reached with food\nRegion | Targeted | Reached\nNorth | 1,200 | 900\nSouth | 800 | 750"
    )
    assert [(row.title, row.label, row.heads) for row in table.rows] == [
        ("Table 2. People reached with food", label, ("Targeted", "Reached")) for label in ("North", "South")
    ]
    assert [content.text[slice(*cell)] for cell in table.rows[1].cells] == ["800", "750"]
    assert parts(content, PartKind.PROSE) == [" ".join(BODY), " ".join(BODY)]


def test_a_table_that_goes_on_keeps_its_heads_and_title():
    def second(canvas: Canvas) -> None:
        ruled(canvas, [["East", "300", "210"], ["West", "400", "380"]], 120)

    def first(canvas: Canvas) -> None:
        lines(canvas, BODY, 72, 60)
        lines(canvas, ("Table 2. People reached with food",), 72, 120, 10, BOLD)
        ruled(canvas, [HEADS, ["North", "1,200", "900"], ["South", "800", "750"]], 130)

    content = read(made(first, second))
    rows = [row for part in content.layout.parts for row in part.rows]
    assert [row.label for row in rows] == ["North", "South", "East", "West"]
    assert {row.heads for row in rows} == {("Targeted", "Reached")}
    assert {row.title for row in rows} == {"Table 2. People reached with food"}
    assert content.layout.page_at(rows[2].start) == 2


def scanned(canvas: Canvas) -> None:
    file = io.BytesIO()
    Image.new("RGB", (200, 280), "white").save(file, "PNG")
    file.seek(0)
    canvas.drawImage(ImageReader(file), 0, 0, WIDTH, HEIGHT)


def sentence(top: float) -> list[Word]:
    words, left = [], 72.0
    for text in "Scanned pages are read by another program".split():
        words.append(Word(text, left, top, left + 6 * len(text), top + 10, 10.0))
        left += 6 * len(text) + 4
    return words


def test_a_scanned_page_is_read_by_ocr_and_marked(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(document, "read_picture", lambda image, dpi, languages: (sentence(100), 0.91))
    content = read(made(lambda canvas: lines(canvas, BODY, 72, 100), scanned))
    assert "Scanned pages are read by another program" in content.text
    assert [page.ocr for page in content.layout.pages] == [None, 0.91]
    assert boxes(content, "Scanned")[0][:3] == (2, 72, 100)
    assert content.warnings == ("1 of 2 pages was read by OCR, which makes mistakes: 2",)


def test_without_ocr_a_scanned_page_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(document, "read_picture", lambda image, dpi, languages: None)
    content = read(made(lambda canvas: lines(canvas, BODY, 72, 100), scanned))
    assert content.warnings == ("1 of 2 pages holds no text: 2",)


def test_names_on_a_map_are_not_taken_for_text(monkeypatch: pytest.MonkeyPatch):
    names = [Word("Juba", 50.0 + 90 * n, 80.0 + 60 * n, 80.0 + 90 * n, 90.0 + 60 * n, 10.0) for n in range(6)]
    monkeypatch.setattr(document, "read_picture", lambda image, dpi, languages: (names, 0.8))
    assert read(made(scanned)).text == ""


@lru_cache(maxsize=4)
def real(name: str) -> Content:
    path = SHARED / "pdf" / name
    if not path.is_file():
        pytest.skip(f"{path} is not here")
    return read(path.read_bytes())


def test_a_real_report_in_two_columns():
    text = real("layout_tests/JIU_NOTE_2022_1_Rev.1_review_.pdf").text
    places = [text.index(f"{number}. {word}") for number, word in ((3, "Inadequate"), (4, "Unaccep"), (6, "Nine"))]
    assert places == sorted(places)


def test_a_real_report_with_numbered_paragraphs():
    content = real("un_en/S_2025_211.pdf")
    layout = content.layout
    numbered = [part for part in layout.parts if part.number.isdigit() and part.kind is PartKind.PROSE]
    assert [part.number for part in numbered] == [str(number) for number in range(1, 106)]
    [security] = [part for part in layout.parts if content.text[part.start : part.end] == "III. Security situation"]
    [region] = [part for part in layout.parts if content.text[part.start : part.end] == "Greater Upper Nile region"]
    assert security.level < region.level and layout.page_at(security.start) == layout.page_at(region.start) == 4
    assert "25-04828" not in content.text and "/17" not in content.text


def test_a_real_report_with_clipped_maps():
    text = real("es/Acceso_Humanitario_Cauca_Guaviare_2025-08.pdf").text
    assert "V E N E Z U E L A" not in text  # cut off by the round window of a small map
    assert "generaron restricciones en zonas rurales, afectando a más de 45.000 personas" in text
