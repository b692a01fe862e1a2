"""Pages, boxes and paragraph numbers of spans of a text."""

from __future__ import annotations

import pytest
from layout_samples import CHAR, LEFT, LINE, TOP, footnote, heading, item, laid_out, prose

from rag.layout import Layout, stretches_of
from rag.schema import Box

FIRST = "23. Rain fell in Piura."
TEXT, LAYOUT = laid_out(
    [heading("Health"), prose(FIRST, "23"), footnote("1 As reported.", "1")],
    [item("(a) Tents", "(a)"), prose("Food")],
)


def test_every_character_stands_on_the_page_it_was_set_on():
    for word, page in (("Health", 1), ("Piura", 1), ("reported", 1), ("Tents", 2), ("Food", 2)):
        assert LAYOUT.page_at(TEXT.index(word)) == page
    assert LAYOUT.page_at(TEXT.index("(a)") - 1) == 1  # the line end between the pages
    assert LAYOUT.page_at(len(TEXT)) == 2
    assert Layout().page_at(3) is None


def test_pages_are_found_by_number():
    assert LAYOUT.page(2).number == 2 and LAYOUT.page(3) is None and Layout().page(1) is None


def test_pages_without_text_take_no_stretch():
    assert stretches_of([(0, 1), (10, 2), (10, 3), (25, 0)]) == ((0, 10, 1), (10, 25, 3))


def test_a_span_on_one_line_has_one_box_around_its_words():
    start = TEXT.index("Rain")
    assert LAYOUT.boxes_of(start, start + len("Rain fell")) == (
        Box(1, LEFT + 4 * CHAR, TOP + LINE, LEFT + 13 * CHAR, TOP + 2 * LINE - 2),
    )


def test_words_that_are_cut_are_boxed_whole_and_none_beside():
    start = TEXT.index("fell")
    inside = LAYOUT.boxes_of(start + 1, start + 2)
    assert inside == LAYOUT.boxes_of(start, start + 4)
    assert LAYOUT.boxes_of(start - 1, start) == ()  # the space before it


def test_a_span_over_lines_and_pages_has_a_box_for_each():
    boxes = LAYOUT.boxes_of(TEXT.index("Piura"), TEXT.index("Food") + 4)
    assert [(box.page, box.top) for box in boxes] == [
        (1, TOP + LINE), (1, TOP + 2 * LINE), (2, TOP), (2, TOP + LINE),
    ]  # fmt: skip


def test_words_far_apart_on_a_line_have_a_box_each():
    text, layout = laid_out([prose("Name" + " " * 60 + "Value")])
    assert len(layout.boxes_of(0, len(text))) == 2


@pytest.mark.parametrize(
    ("word", "number"), [("Piura", "23"), ("Tents", "(a)"), ("Health", ""), ("reported", ""), ("Food", "")]
)
def test_numbers_are_those_of_paragraphs_and_items(word, number):
    assert LAYOUT.number_at(TEXT.index(word)) == number


def test_a_text_without_layout_has_no_places():
    assert Layout().boxes_of(0, 10) == () and Layout().number_at(0) == ""
