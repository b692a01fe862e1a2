"""Tables on pages: the cells of ruled and unruled ones, and what is none."""

from __future__ import annotations

import io

import pypdfium2
import pytest
from conftest import SHARED
from pdf_samples import across, cells, down, ending, lines, page, text
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.platypus import SimpleDocTemplate, Table, TableStyle

from rag.load.pdf.records import RawPage, Shape
from rag.load.pdf.tables import find_tables, head_words
from rag.load.pdf.tables.lines import is_value, is_year, text_of
from rag.load.pdf.words import read_page

PROSE = [
    "The humanitarian situation in the north has grown worse since the floods of",
    "March and partners report that access to the districts along the river is cut",
    "while 12,400 people wait for shelter and 3,100 for clean water in the camps",
    "where the clinics that were opened in April are short of staff and medicines",
    "and the roads that lead to the capital have not been mended since the rains",
]


def heads_of(raw: RawPage) -> list[str]:
    [grid] = find_tables(raw)
    return [text_of(raw.words, head_words(grid, column)) for column in range(len(grid.cells[0]))]


def ruled(rows: list[list[str]], spanned: bool = False) -> RawPage:
    """A table of rules around all cells, columns 120 points wide; the second row is one cell where ``spanned``."""
    words, shapes = [], []
    width = len(rows[0])
    bottom = 100 + 20 * len(rows)
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            words += text(65 + 120 * column, 114 + 20 * number, cell) if cell else []
    shapes += [across(100 + 20 * number, 60, 60 + 120 * width) for number in range(len(rows) + 1)]
    for column in range(width + 1):
        inner = spanned and 0 < column < width
        parts = [(100, 120), (140, bottom)] if inner else [(100, bottom)]
        shapes += [down(60 + 120 * column, top, end) for top, end in parts]
    return page(words, shapes)


def financial() -> RawPage:
    """Numbers in columns without rules, with heads over two columns each and a sub-heading."""
    words = [*text(303, 100, "Three months"), *text(438, 100, "Twelve months")]
    for right, year in ((320, "2022"), (380, "2023"), (460, "2022"), (520, "2023")):
        words += ending(right, 114, year)
    table = [
        ("Net sales", "3,909", "3,673", "14,544", "14,694"),
        ("Cost of sales", "(3,115)", "(2,951)", "(11,724)", "(11,969)"),
        ("Income per share:",),
        ("Basic", "0.074", "—", "0.532", "0.709"),
        ("Total", "794", "722", "2,820", "2,725"),
    ]
    for number, (label, *values) in enumerate(table):
        base = 130 + 15 * number
        words += text(60, base, label)
        for right, value in zip((320, 380, 460, 520), values, strict=False):
            words += ending(right, base, value)
    return page(words)


def test_cells_between_rules():
    raw = ruled([["Country", "Cases", "Deaths"], ["Chad", "1 204", "17"], ["Mali", "96", ""], ["Total", "1 300", "17"]])
    [grid] = find_tables(raw)
    assert cells(raw, grid) == [
        ["Country", "Cases", "Deaths"],
        ["Chad", "1 204", "17"],
        ["Mali", "96", ""],
        ["Total", "1 300", "17"],
    ]
    assert (grid.heads, grid.groups) == (1, ())
    assert (grid.left, grid.right) == (65.0, 335.0)


def test_a_cell_across_all_columns_is_a_sub_heading():
    raw = ruled(
        [["Country", "Cases", "Deaths"], ["African Region", "", ""], ["Chad", "12", "1"], ["Mali", "9", "0"]],
        spanned=True,
    )
    [grid] = find_tables(raw)
    assert (grid.heads, grid.groups) == (1, (1,))
    assert cells(raw, grid)[1] == ["African Region", "", ""]


def test_thin_boxes_rule_like_lines_and_a_cell_has_several_lines():
    drawn = ruled([["Item", "Remarks"], ["Tents", "Sent by"], ["Pumps", "None"]])
    more = text(185, 146, "air")  # a second line in the cell "Sent by", whose row is made higher
    shapes = [
        Shape(s.left, s.top + (20 if s.top > 135 else 0), s.right, s.bottom + (20 if s.bottom > 141 else 0), 0)
        for s in drawn.shapes
    ]
    words = [w for w in drawn.words if w.text not in ("Pumps", "None")]
    raw = page([*words, *more, *text(65, 174, "Pumps"), *text(185, 174, "None")], shapes)
    [grid] = find_tables(raw)
    assert cells(raw, grid)[1:] == [["Tents", "Sent by air"], ["Pumps", "None"]]


def test_heads_in_two_rows_reach_the_columns_below_them():
    raw = financial()
    [grid] = find_tables(raw)
    assert grid.heads == 2
    assert heads_of(raw) == ["", "Three months 2022", "Three months 2023", "Twelve months 2022", "Twelve months 2023"]
    body = cells(raw, grid)[2:]
    assert body[0] == ["Net sales", "3,909", "3,673", "14,544", "14,694"]
    assert body[3] == ["Basic", "0.074", "—", "0.532", "0.709"]
    assert [row[0] for row in body] == ["Net sales", "Cost of sales", "Income per share:", "Basic", "Total"]
    assert grid.groups == (4,)


def test_a_rule_below_a_head_tells_which_columns_it_spans():
    words = [*text(60, 114, "Country"), *text(250, 100, "Military")]
    for right, head in ((220, "Experts"), (290, "Troops"), (360, "Total"), (430, "Police")):
        words += ending(right, 114, head)
    for row, label in enumerate(("Benin", "Bhutan", "Brazil", "Burundi")):
        words += text(60, 132 + 14 * row, label)
        for right, value in zip((220, 290, 360, 430), ("4", "180", "–", str(row + 7)), strict=True):
            words += ending(right, 132 + 14 * row, value)
    raw = page(words, [across(103, 180, 362)])
    assert heads_of(raw) == ["Country", "Military Experts", "Military Troops", "Military Total", "Police"]


def test_rows_of_text_between_rules_across():
    words, shapes = [], [across(90, 60, 500), across(106, 60, 500)]
    words += (
        text(60, 100, "No.", bold=True) + text(100, 100, "Challenge", bold=True) + text(300, 100, "Action", bold=True)
    )
    table = [("1", ["Few tents in the", "north"], ["Send more"]), ("2", ["No fuel"], ["Buy fuel from", "the coast"])]
    base = 118.0
    for number, challenge, action in table:
        words += text(60, base, number) + lines(100, base, challenge) + lines(300, base, action)
        base += 24
        shapes.append(across(base - 8, 60, 500))
        base += 4
    raw = page(words, shapes)
    [grid] = find_tables(raw)
    assert grid.heads == 1
    assert cells(raw, grid) == [
        ["No.", "Challenge", "Action"],
        ["1", "Few tents in the north", "Send more"],
        ["2", "No fuel", "Buy fuel from the coast"],
    ]


def test_shaded_rows_part_a_table_without_lines():
    words, shapes = [], []
    for row, (label, value) in enumerate(
        (("For", "1,125,448"), ("Against", "65,112"), ("Abstain", "2,556"), ("None", "7"))
    ):
        words += text(60, 110 + 14 * row, label) + ending(500, 110 + 14 * row, value)
        shapes += [Shape(58, 99 + 14 * row, 502, 113 + 14 * row, 0xCCEEFF)] if row % 2 == 0 else []
    raw = page(words, shapes)
    [grid] = find_tables(raw)
    assert cells(raw, grid) == [["For", "1,125,448"], ["Against", "65,112"], ["Abstain", "2,556"], ["None", "7"]]
    assert grid.heads == 0


def test_a_label_of_two_lines_is_one_row_and_a_currency_sign_no_column():
    words = [*text(60, 100, "Amortization of acquired"), *text(60, 111, "intangible assets")]
    rows = [(111, "176"), (128, "20"), (145, "9"), (162, "1,205")]
    words += [w for base, label in ((128, "Other"), (145, "Tax"), (162, "Total")) for w in text(60, base, label)]
    for base, value in rows:
        words += ending(400, base, value) + (text(340, base, "$") if base in (111, 162) else [])
    raw = page(words)
    [grid] = find_tables(raw)
    assert cells(raw, grid) == [
        ["Amortization of acquired intangible assets", "$ 176"],
        ["Other", "20"],
        ["Tax", "9"],
        ["Total", "$ 1,205"],
    ]


def test_a_table_that_goes_on_from_the_page_before_has_no_heads():
    raw = ruled([["Chad", "1 204", "17"], ["Mali", "96", "0"], ["Total", "1 300", "17"]])
    assert [grid.heads for grid in find_tables(raw)] == [0]


def in_two_columns() -> RawPage:
    return page(
        [*lines(40, 100, [line[:48] for line in PROSE * 4]), *lines(310, 100, [line[20:66] for line in PROSE * 4])]
    )


def in_a_box() -> RawPage:
    frame = [across(80, 50, 540), across(170, 50, 540), down(50, 80, 170), down(540, 80, 170)]
    return page(lines(60, 100, PROSE), frame)


def contents(dots: bool) -> RawPage:
    words = []
    for row, (entry, number) in enumerate(
        (("Summary", "3"), ("Introduction", "5"), ("Findings", "9"), ("Annex", "24"))
    ):
        words += text(60, 100 + 14 * row, entry + (" " + "." * 50 if dots else "")) + ending(
            500, 100 + 14 * row, number
        )
    return page(words)


def chart() -> RawPage:
    words = [w for row in range(6) for w in ending(80, 300 - 30 * row, str(100 * row))]
    words += [w for year in range(5) for w in text(110 + 70 * year, 320, str(2019 + year))]
    shapes = [across(298 - 30 * row, 90, 450) for row in range(6)]
    shapes += [Shape(115 + 70 * bar, 200 + 12 * bar, 135 + 70 * bar, 298, 0x336699) for bar in range(5)]
    return page(words, shapes)


def bullets() -> RawPage:
    words = [
        w for row, line in enumerate(PROSE) for w in (*text(60, 100 + 14 * row, "•"), *text(85, 100 + 14 * row, line))
    ]
    return page(words, [across(80, 60, 520), across(124, 60, 520), across(180, 60, 520)])


def furniture() -> RawPage:
    words = [*text(60, 50, "S/2025/153"), *lines(60, 90, PROSE), *text(60, 800, "2/32"), *text(480, 800, "25-02447")]
    return page(words, [across(56, 60, 540), across(790, 60, 540)])


@pytest.mark.parametrize(
    "raw",
    [
        in_two_columns(),
        in_a_box(),
        contents(dots=True),
        contents(dots=False),
        chart(),
        bullets(),
        furniture(),
        page([]),
    ],
    ids=["two columns", "box", "contents with dots", "contents", "chart", "bullets", "furniture", "empty"],
)
def test_what_is_no_table(raw):
    assert find_tables(raw) == []


def test_prose_around_a_table_stays_out_of_it():
    below = financial()
    words = [*lines(40, 20, PROSE), *below.words, *lines(40, 240, PROSE)]
    [grid] = find_tables(page(words))
    first, last = len(PROSE[0].split()), len(words) - len(" ".join(PROSE).split())
    used = {index for row in grid.cells for cell in row for index in cell}
    assert min(used) >= first * 4 and max(used) < last
    assert len(used) == len(below.words)


def test_no_word_is_in_two_cells():
    for raw in (financial(), ruled([["A", "B"], ["1", "2"], ["3", "4"]])):
        found = [index for grid in find_tables(raw) for row in grid.cells for cell in row for index in cell]
        assert len(found) == len(set(found))


@pytest.mark.parametrize(
    "look", [[("GRID", (0, 0), (-1, -1), 0.5, colors.black)], [("LINEBELOW", (0, 0), (-1, -1), 0.5, colors.red)]]
)
def test_tables_of_a_pdf_file(look):
    rows = [
        ["Province", "Cas confirmés", "Décès", "Létalité"],
        ["Ituri", "874", "201", "23,0%"],
        ["Nord-Kivu", "79", "45", "57,0%"],
        ["Total", "953", "246", "25,8%"],
    ]
    table = Table(rows, colWidths=[120, 110, 90, 90])
    table.setStyle(
        TableStyle([*look, ("ALIGN", (1, 0), (-1, -1), "RIGHT"), ("FONT", (0, 0), (-1, 0), "Helvetica-Bold")])
    )
    file = io.BytesIO()
    SimpleDocTemplate(file, pagesize=A4).build([table])
    document = pypdfium2.PdfDocument(file.getvalue())
    opened = document[0]
    raw = read_page(opened.raw, 1).page
    [grid] = find_tables(raw)
    assert cells(raw, grid) == rows
    assert grid.heads == 1
    opened.close()
    document.close()


@pytest.mark.parametrize("value", ["1,234.5", "(3,115)", "45%", "US$ 98.4", "12 345", "–", "n/a", "8 (40%)", "3.2 M"])
def test_numbers_and_blanks_are_values(value):
    assert is_value(value)


@pytest.mark.parametrize("other", ["Net sales", "19 juin 2026", "Cumul S34-36", "Proposal 1", ""])
def test_words_and_dates_are_no_values(other):
    assert not is_value(other)


def test_years_may_be_heads():
    assert is_year("2023") and is_year("FY 2022/23") and not is_year("2,023")


@pytest.mark.skipif(not SHARED.exists(), reason="needs the real reports")
def test_cells_of_tables_labelled_by_hand():
    measured = pytest.importorskip("eval.pdf_tables", exc_type=ImportError)
    score = measured.measure("reportqa", measured.ours, SHARED, measured.LABELS)
    assert score.right >= 0.98 * score.labelled
    assert score.right >= 0.98 * score.found
    assert score.heads_right >= 0.9 * score.heads
