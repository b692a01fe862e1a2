"""Big numbers of infographic pages paired with their labels by position, and what is no figure."""

from __future__ import annotations

import pytest
from pdf_samples import lines, page, text

from rag.load.pdf.figures import find_figures
from rag.load.pdf.records import FigureBlock, RawPage
from rag.load.pdf.tables.lines import text_of

BODY = ["The rains of March cut the roads to the camps and the clinics are short of staff"] * 6


def shown(raw: RawPage, block: FigureBlock) -> list[tuple[str, str]]:
    return [(text_of(raw.words, row.value), text_of(raw.words, row.label)) for row in block.rows]


def below(size: float = 24.0) -> RawPage:
    """Three numbers in a row, each above a label of two lines, with a title above and prose below."""
    words = text(60, 80, "KEY FIGURES", 12, bold=True)
    for at, value, label in (
        (60, "343.939", ["Personas con", "restricciones"]),
        (230, "US$ 98,4 millones", ["fondos", "requeridos"]),
        (470, "45%", ["de la meta", "alcanzada"]),
    ):
        words += text(at, 115, value, size) + lines(at, 132, label)
    return page([*words, *lines(60, 300, BODY)])


def test_labels_below_their_numbers():
    raw = below()
    [block] = find_figures(raw, frozenset())
    assert shown(raw, block) == [
        ("343.939", "Personas con restricciones"),
        ("US$ 98,4 millones", "fondos requeridos"),
        ("45%", "de la meta alcanzada"),
    ]
    assert text_of(raw.words, block.title) == "KEY FIGURES"
    assert block.top < 80 < 144 < block.bottom < 200


def test_labels_at_the_right_of_their_numbers():
    words = []
    for row, (value, label) in enumerate(
        (("1.2 million", ["people in need of", "food aid"]), ("640K", ["children", "vaccinated"]))
    ):
        words += text(60, 110 + 50 * row, value, 22, color=0x1E7FB8) + lines(200, 100 + 50 * row, label)
    raw = page([*words, *lines(60, 400, BODY)])
    [block] = find_figures(raw, frozenset())
    assert shown(raw, block) == [("1.2 million", "people in need of food aid"), ("640K", "children vaccinated")]


def test_labels_above_their_numbers_in_rows_and_columns():
    words = []
    for row in range(2):
        for column, name in enumerate(("Growth", "Belonging", "Inclusion")):
            words += text(60 + 150 * column, 100 + 60 * row, f"{name} {row + 1}")
            words += text(60 + 150 * column, 124 + 60 * row, f"{80 + 3 * row + 5 * column},{row}", 20)
    raw = page([*words, *lines(60, 400, BODY)])
    [block] = find_figures(raw, frozenset())
    assert shown(raw, block) == [
        ("80,0", "Growth 1"),
        ("85,0", "Belonging 1"),
        ("90,0", "Inclusion 1"),
        ("83,1", "Growth 2"),
        ("88,1", "Belonging 2"),
        ("93,1", "Inclusion 2"),
    ]


def test_numbers_over_one_another_keep_the_labels_below_them():
    words = []
    for row, (value, label) in enumerate(
        (("8.4Mt", "CO2e in 2023"), ("5.8Mt", "from refining"), ("$50m", "spent in 2023"))
    ):
        words += text(60, 100 + 44 * row, value, 18, bold=True) + text(60, 116 + 44 * row, label)
    raw = page([*words, *lines(60, 400, BODY)])
    [block] = find_figures(raw, frozenset())
    assert shown(raw, block) == [("8.4Mt", "CO2e in 2023"), ("5.8Mt", "from refining"), ("$50m", "spent in 2023")]


def test_a_unit_on_the_line_below_belongs_to_the_number():
    words = [
        *text(60, 100, "US$1.7", 14, bold=True),
        *text(60, 116, "BILLION", 12, bold=True),
        *text(60, 132, "needed"),
    ]
    words += [
        *text(200, 100, "US$331", 14, bold=True),
        *text(200, 116, "MILLION", 12, bold=True),
        *text(200, 132, "received"),
    ]
    raw = page([*words, *lines(60, 400, BODY)])
    [block] = find_figures(raw, frozenset())
    assert shown(raw, block) == [("US$1.7 BILLION", "needed"), ("US$331 MILLION", "received")]


def test_a_currency_on_the_line_above_belongs_to_the_number():
    words = [*text(60, 100, "USD", 22, bold=True), *text(60, 132, "9,8 M", 22, bold=True), *text(60, 150, "requeridos")]
    words += [*text(300, 132, "67 %", 22, bold=True), *text(300, 150, "mujeres")]
    raw = page([*words, *lines(60, 400, BODY)])
    [block] = find_figures(raw, frozenset())
    assert shown(raw, block) == [("USD 9,8 M", "requeridos"), ("67 %", "mujeres")]


def test_a_lone_number_of_two_digits_has_a_label_that_goes_on_with_it():
    words = [*text(60, 100, "46", 24), *text(60, 120, "cholera deaths"), *lines(60, 400, BODY)]
    [block] = find_figures(page(words), frozenset())
    assert shown(page(words), block) == [("46", "cholera deaths")]
    chapter = [*text(60, 100, "12", 24), *text(60, 120, "Protection"), *lines(60, 400, BODY)]
    assert find_figures(page(chapter), frozenset()) == []


def test_two_numbers_that_happen_to_follow_one_another_are_figures():
    words = []
    for at, value, label in ((60, "11", "provinces"), (230, "12", "departments")):
        words += text(at, 100, value, 24) + text(at, 120, label)
    raw = page([*words, *lines(60, 400, BODY)])
    [block] = find_figures(raw, frozenset())
    assert shown(raw, block) == [("11", "provinces"), ("12", "departments")]


def test_words_of_tables_are_left_alone():
    raw = below()
    assert find_figures(raw, frozenset(range(len(raw.words)))) == []


def test_one_large_number_may_stand_alone_but_not_a_single_digit():
    one = page([*text(60, 100, "4 320 642", 30), *text(60, 120, "course enrolments"), *lines(60, 300, BODY)])
    assert [shown(one, block) for block in find_figures(one, frozenset())] == [[("4 320 642", "course enrolments")]]
    digit = page([*text(60, 100, "7", 30), *text(60, 120, "course enrolments"), *lines(60, 300, BODY)])
    assert find_figures(digit, frozenset()) == []


@pytest.mark.parametrize(
    "big",
    [
        "2. Security situation",
        "2023 highlights of the response in the north",
        "9 September 2020",
        "2024",
        "11 de agosto 2025",
        "Situation Report 205",
        "1-10299",
    ],
)
def test_headings_dates_and_years_are_no_figures(big):
    raw = page([*text(60, 100, big, 20, bold=True), *text(60, 118, "in all districts"), *lines(60, 300, BODY)])
    assert find_figures(raw, frozenset()) == []


def test_numbers_that_count_off_are_no_figures():
    words = [
        w
        for row in range(4)
        for w in (*text(60, 100 + 40 * row, str(row + 1), 24), *text(90, 98 + 40 * row, "We treat others well"))
    ]
    assert find_figures(page([*words, *lines(60, 400, BODY)]), frozenset()) == []


def test_page_numbers_and_scales_are_no_figures():
    words = [*text(540, 825, "17", 16), *text(480, 825, "Annual report")]
    for row in range(3):
        words += [*text(60, 100 + 60 * row, "195", 14, bold=True), *text(60, 114 + 60 * row, f"Current {row}")]
    assert find_figures(page([*words, *lines(60, 400, BODY)]), frozenset()) == []


def test_numbers_of_the_size_of_the_text_are_no_figures():
    assert find_figures(below(size=10.0), frozenset()) == []
