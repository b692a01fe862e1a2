"""Looks of reports by other producers: bookmarks, tags, drawn bullets, spaced letters, sideways pages, Arabic."""

from __future__ import annotations

import pytest
from drawn_pdfs import BODY, HEIGHT, WIDTH, boxes, lines, made, parts, read
from pdf_samples import page as raw_page
from pdf_samples import text
from reportlab.pdfgen.canvas import Canvas

from rag.layout import PartKind
from rag.load.decode import Content
from rag.load.pdf.bullets import with_bullets
from rag.load.pdf.figures import find_figures
from rag.load.pdf.leftward import in_reading_order, leftward_text
from rag.load.pdf.lines import lines_of
from rag.load.pdf.looks import levels_of
from rag.load.pdf.order import columns_of
from rag.load.pdf.paragraphs import Block, blocks_of
from rag.load.pdf.records import Shape, Word
from rag.load.pdf.spaced import unspaced
from rag.load.pdf.told import told_levels

BOLD = "Helvetica-Bold"


def outline(content: Content) -> list[tuple[int, str]]:
    assert content.layout is not None
    return [(p.level, content.text[p.start : p.end]) for p in content.layout.parts if p.kind is PartKind.HEADING]


def marked(canvas: Canvas, title: str, level: int, y: float, *, bookmark: bool) -> None:
    """A heading that looks like running text, and a paragraph below it."""
    lines(canvas, (title,), 72, y)
    lines(canvas, BODY, 72, y + 24)
    if bookmark:
        canvas.bookmarkPage(title)
        canvas.addOutlineEntry(title, title, level)


def chapters(canvas: Canvas, *, bookmarks: bool) -> None:
    lines(canvas, BODY, 72, 60)
    titles = (("1 Access", 0), ("Roads", 1), ("Airfields", 1), ("2 Protection", 0))
    for number, (title, level) in enumerate(titles):
        marked(canvas, title, level, 140 + 90 * number, bookmark=bookmarks)


def test_bookmarks_tell_headings_and_their_levels_whatever_they_look_like():
    assert outline(read(made(lambda canvas: chapters(canvas, bookmarks=False)))) == []
    assert outline(read(made(lambda canvas: chapters(canvas, bookmarks=True)))) == [
        (1, "1 Access"),
        (2, "Roads"),
        (2, "Airfields"),
        (1, "2 Protection"),
    ]


def test_bookmarks_that_do_not_bear_on_the_text_are_left_alone():
    def draw(canvas: Canvas) -> None:
        chapters(canvas, bookmarks=False)
        for number in range(8):
            canvas.bookmarkPage(f"Slide {number}")
            canvas.addOutlineEntry(f"Slide {number}", f"Slide {number}", 0)

    assert outline(read(made(draw))) == []


def paragraphs(*texts: tuple[str, int]) -> list[Block]:
    """Paragraphs of a line each, with the level that they are tagged with."""
    words = [text(72, 60 + 40 * number, said, tag=tag) for number, (said, tag) in enumerate(texts)]
    page = raw_page(word for line in words for word in line)
    return blocks_of(columns_of(lines_of(page.words, 1), [], [], page.width, page.height), page)


def test_tags_count_where_they_agree_with_what_looks_like_headings():
    titles = [("Access", 1), ("Roads", 2), ("Needs", 1)]
    prose = [(line, 0) for line in BODY * 2]
    blocks = paragraphs(*titles, *prose)
    assert told_levels(blocks, (), {0, 1, 2}) == {0: 1, 1: 2, 2: 1}
    assert told_levels(blocks, (), {3, 4, 5, 6, 7}) == {}
    assert told_levels(paragraphs(*[(line, 1) for line in BODY]), (), {0, 1, 2}) == {}


def test_levels_have_no_gaps_and_headings_keep_what_they_stand_under():
    assert levels_of([4, 1, 9, 14, 9, 3, 14]) == [1, 1, 2, 3, 2, 2, 3]
    assert max(levels_of(list(range(1, 15)))) == 6


def test_letters_set_apart_are_words_again():
    def draw(canvas: Canvas) -> None:
        canvas.setFont(BOLD, 12)
        canvas.drawString(72, HEIGHT - 60, "SITUATION REPORT", charSpace=6)
        lines(canvas, BODY, 72, 100)

    assert read(made(draw)).text.startswith("SITUATION REPORT")
    marks = [word for at in range(5) for word in text(72 + 9 * at, 60, "x")]
    assert [word.text for word in unspaced(marks)] == ["x"] * 5


def test_bullets_that_are_drawn_begin_items():
    def draw(canvas: Canvas) -> None:
        lines(canvas, BODY, 72, 60)
        lines(canvas, ("Food for 640,000 people", "Water for 9 districts", "Shelter"), 90, 120)
        for number in range(3):
            canvas.circle(80, HEIGHT - 117 - 12 * number, 1.5, stroke=0, fill=1)

    items = parts(read(made(draw)), PartKind.ITEM)
    assert items == ["• Food for 640,000 people", "• Water for 9 districts", "• Shelter"]


def test_coloured_squares_beside_text_are_the_key_of_a_chart_not_bullets():
    def draw(canvas: Canvas) -> None:
        lines(canvas, ("Cases", "Deaths", "Recovered"), 90, 120)
        for number, color in enumerate(("red", "green", "blue")):
            canvas.setFillColor(color)
            canvas.rect(80, HEIGHT - 120 - 12 * number, 4, 4, stroke=0, fill=1)

    assert parts(read(made(draw)), PartKind.ITEM) == []


def test_labels_of_two_lines_right_of_numbers_in_tight_rows_stay_apart():
    words: list[Word] = []
    for row, (number, one, two) in enumerate(
        (("46", "centres open in", "four regions"), ("2.1M", "people have had", "one dose"))
    ):
        words += text(60, 105 + 25 * row, number, 18, color=0xB00020, bold=True)
        words += text(120, 98 + 25 * row, one, 9) + text(120, 108 + 25 * row, two, 9)
    words += text(60, 300, " ".join(BODY[0].split()[:9]), 9)
    page = raw_page(words)
    (block,) = find_figures(page, frozenset())
    said = [" ".join(page.words[i].text for i in row.label) for row in block.rows]
    assert said == ["centres open in four regions", "people have had one dose"]


def test_the_word_beside_a_large_number_is_no_part_of_it():
    def draw(canvas: Canvas) -> None:
        lines(canvas, ("73%",), 72, 100, 20, BOLD)
        lines(canvas, ("of suspected cases", "were investigated"), 72 + 48, 94, 9)
        lines(canvas, BODY, 72, 300)

    assert "of suspected cases were investigated: 73%" in read(made(draw)).text


def test_a_page_printed_sideways_is_read_across_and_its_boxes_are_those_shown():
    def draw(canvas: Canvas) -> None:
        canvas.translate(WIDTH, 0)
        canvas.rotate(90)
        canvas.setFont("Helvetica", 10)
        for number, line in enumerate(BODY):
            canvas.drawString(60, 500 - 12 * number, line)
        for number, row in enumerate((("District", "Incidents"), ("Karsa", "14"), ("Mirwa", "9"), ("Dolo", "2"))):
            canvas.drawString(60, 400 - 16 * number, row[0])
            canvas.drawString(210, 400 - 16 * number, row[1])

    content = read(made(draw))
    assert parts(content) == [" ".join(BODY), "District | Incidents\nKarsa | 14\nMirwa | 9\nDolo | 2"]
    ((_, left, top, right, bottom),) = boxes(content, "Karsa")
    assert left < WIDTH - 384 < right and bottom - top > right - left and abs(bottom - (HEIGHT - 60)) < 2


def test_text_that_runs_to_the_left_is_read_so():
    assert leftward_text([(10, "\u062d"), (30, "\u0635"), (20, "\u0644")]) == "\u0635\u0644\u062d"
    words = [Word(said, at, 0, at + 8, 10, 10) for at, said in ((0, "\u062b"), (10, "85,000"), (20, "\u0623"))]
    assert [word.text for word in in_reading_order(words)] == ["\u0623", "85,000", "\u062b"]
    assert [word.text for word in in_reading_order(words[1:2])] == ["85,000"]


def test_an_underlined_line_above_a_paragraph_is_a_heading():
    def draw(canvas: Canvas) -> None:
        lines(canvas, BODY, 72, 60)
        lines(canvas, ("Movement of people",), 72, 120)
        width = canvas.stringWidth("Movement of people", "Helvetica", 10)
        canvas.line(72, HEIGHT - 121.5, 72 + width, HEIGHT - 121.5)
        lines(canvas, BODY, 72, 145)

    assert outline(read(made(draw))) == [(1, "Movement of people")]


def test_entries_of_contents_without_dots_stay_apart():
    def draw(canvas: Canvas) -> None:
        for number, title in enumerate(("Foreword", "Response to refugees", "Finances")):
            lines(canvas, (title,), 72, 60 + 12 * number)
            lines(canvas, (str(number + 2),), 500, 60 + 12 * number)

    assert parts(read(made(draw))) == ["Foreword 2", "Response to refugees 3", "Finances 4"]


def test_columns_whose_heads_stand_at_different_heights_keep_their_heads():
    def draw(canvas: Canvas) -> None:
        for column, title in enumerate(("Education", "Health", "Shelter")):
            lines(canvas, (title,), 60 + 165 * column, 100 if column else 113, 10, BOLD)
            words = BODY[column].split()
            texts = tuple(" ".join(words[at : at + 4]) for at in range(0, len(words), 4))
            lines(canvas, texts, 60 + 165 * column, 130)

    said = parts(read(made(draw)))
    assert [part for part in said if len(part) < 12] == ["Education", "Health", "Shelter"]
    assert [said.index(title) + 1 for title in ("Education", "Health", "Shelter")] == [
        said.index(line) for line in BODY
    ]


def test_a_link_in_another_colour_does_not_end_a_paragraph():
    def draw(canvas: Canvas) -> None:
        lines(canvas, ("All partners of the cluster who work in the districts under water have signed the",), 72, 60)
        canvas.setFillColor("red")
        lines(canvas, ("Code of Conduct",), 72, 72)

    assert "have signed the Code of Conduct" in read(made(draw)).text


def test_a_heading_below_shaded_rows_is_no_row_of_the_table():
    def draw(canvas: Canvas) -> None:
        rows = (
            ("Donor", "2023", "2024"),
            ("Sweden", "41,2", "63,8"),
            ("Japan", "18,0", "22,5"),
            ("Norway", "4,4", "5,1"),
            ("Total", "63,6", "91,4"),
        )
        canvas.setFillGray(0.9)
        for number in (1, 3):
            for left in (60, 210, 360):
                canvas.rect(left, HEIGHT - 105 - 16 * number, 150, 16, stroke=0, fill=1)
        canvas.setFillGray(0)
        for number, row in enumerate(rows):
            for column, said in enumerate(row):
                lines(canvas, (said,), 66 + 150 * column, 100 + 16 * number, 9)
        lines(canvas, ("Glossary",), 60, 192, 13, BOLD)
        lines(canvas, BODY, 60, 230)

    (table,) = parts(read(made(draw)), PartKind.TABLE)
    assert "Glossary" not in table and table.endswith("Total | 63,6 | 91,4")


def test_heads_over_several_columns_are_told_by_the_pieces_of_the_rule_below_them():
    def draw(canvas: Canvas) -> None:
        edges = (60, 220, 300, 380, 460, 540)
        canvas.setFillColor("#026cb6")
        canvas.rect(60, HEIGHT - 130, 160, 30, stroke=0, fill=1)
        for left, right in ((220, 380), (380, 540)):
            canvas.rect(left, HEIGHT - 115, right - left, 15, stroke=0, fill=1)
        for left, right in zip(edges[1:], edges[2:], strict=False):
            canvas.rect(left, HEIGHT - 130, right - left, 15, stroke=0, fill=1)
        canvas.setFillColor("white")
        lines(canvas, ("Cluster",), 122, 118, 8, BOLD)
        for x, said in ((300, "People"), (460, "Funding")):
            canvas.drawCentredString(x, HEIGHT - 110, said)
        for right, said in zip(edges[2:], ("Targeted", "Reached", "Required", "Received"), strict=True):
            canvas.drawCentredString(right - 40, HEIGHT - 125, said)
        canvas.setFillColor("black")
        canvas.setFont("Helvetica", 8)
        for number, row in enumerate((("Food", "640", "96", "21", "6"), ("Water", "520", "158", "9", "2"))):
            canvas.drawString(66, HEIGHT - 142 - 14 * number, row[0])
            for right, said in zip(edges[2:], row[1:], strict=True):
                canvas.drawRightString(right - 4, HEIGHT - 142 - 14 * number, said)
            for left, right in zip(edges, edges[1:], strict=False):
                canvas.line(left, HEIGHT - 146 - 14 * number, right, HEIGHT - 146 - 14 * number)

    (table,) = parts(read(made(draw)), PartKind.TABLE)
    assert table.splitlines()[:2] == ["Cluster | People |  | Funding | ", " | Targeted | Reached | Required | Received"]


def test_numbers_in_words_keep_their_hyphen():
    def draw(canvas: Canvas) -> None:
        lines(
            canvas,
            (
                "By the end of the month the partners of the cluster had visited all of the twenty-",
                "one health centres.",
            ),
            72,
            60,
        )

    assert "twenty-one health" in read(made(draw)).text


def test_a_number_beside_lines_comes_before_them():
    def draw(canvas: Canvas) -> None:
        lines(canvas, BODY, 72, 60)
        lines(canvas, ("3",), 72, 160, 14)
        lines(canvas, ("We conduct our business honestly", "and with integrity."), 100, 154)

    said = read(made(draw)).text
    assert said.index("3\n") < said.index("We conduct") and "honestly and with integrity." in said


def test_drawn_marks_need_the_colour_of_the_print():
    words = [*text(90, 100, "Access"), *text(90, 112, "Needs")]
    black = [Shape(80, 95, 83, 98, 0), Shape(80, 107, 83, 110, 0)]
    red = [Shape(80, 95, 83, 98, 0xFF0000), Shape(80, 107, 83, 110, 0xFF0000)]
    assert [word.text for word in with_bullets(words, black)] == ["•", "Access", "•", "Needs"]
    assert with_bullets(words, red) == words


def sheet(canvas: Canvas, rows: tuple[tuple[str, ...], ...], heads: int = 1) -> None:
    """Rows of figures that end at the same places, as a spreadsheet prints them."""
    lines(canvas, ("Cholera by week of report",), 72, 60)
    for number, row in enumerate(rows):
        canvas.setFont(BOLD if number < heads else "Helvetica", 10)
        for right, said in zip((110, 220, 310, 400), row, strict=True):
            canvas.drawRightString(right, HEIGHT - 100 - 15 * number, said)


def test_a_sheet_without_rules_whose_rows_begin_with_a_number_is_a_table():
    rows = (
        ("Week", "Cases", "Deaths", "Tested"),
        ("21", "1,204", "12", "900"),
        ("22", "98", "3", "310"),
        ("23", "310", "4", "450"),
    )
    (table,) = parts(read(made(lambda canvas: sheet(canvas, rows))), PartKind.TABLE)
    assert table == "\n".join(" | ".join(row) for row in rows)
    assert parts(read(made(lambda canvas: sheet(canvas, rows[1:], 0))), PartKind.TABLE) == []


@pytest.mark.parametrize("width", [120, 450])
@pytest.mark.parametrize(("size", "noted"), [(7, True), (10, False)])
def test_numbered_small_print_below_a_rule_at_the_foot_is_notes(width: int, size: float, *, noted: bool):
    def draw(canvas: Canvas) -> None:
        lines(canvas, BODY, 72, 60)
        canvas.line(72, HEIGHT - 740, 72 + width, HEIGHT - 740)
        lines(canvas, ("1. National Disaster Authority, 13 August.", "2. Figures are provisional."), 72, 752, size)

    content = read(made(draw))
    assert content.layout is not None
    assert [part.number for part in content.layout.parts if part.kind is PartKind.PROSE and part.number] == (
        [] if noted else ["1", "2"]
    )
    assert ("[note 1] National Disaster Authority, 13 August." in content.text) is noted


def test_heads_side_by_side_are_two_though_no_columns_stand_below_them():
    def draw(canvas: Canvas) -> None:
        lines(canvas, BODY, 60, 40)
        lines(canvas, ("Progress in 2023",), 60, 100, 12, BOLD)
        lines(canvas, ("Action in 2024",), 310, 100, 12, BOLD)
        lines(canvas, BODY, 60, 124)

    said = parts(read(made(draw)))
    assert "Progress in 2023" in said and "Action in 2024" in said


def test_a_gap_narrower_than_a_space_does_not_part_letters_set_apart():
    def said(gap: float) -> list[str]:
        places = (60, 66.5 + gap, 73 + gap, 79.5 + gap, 86 + gap, 92.5 + gap)
        return [word.text for word in unspaced([text(x, 60, c)[0] for x, c in zip(places, "OCÉANO", strict=True)])]

    assert said(1.5) == ["OCÉANO"]
    assert said(3.0) == ["O", "CÉANO"]
