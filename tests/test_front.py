"""The front of a file whose words have places: its own lines again, and what is written largest."""

from __future__ import annotations

import numpy as np
import pytest

from rag.layout import Layout, Page
from rag.load import Content
from rag.load.front import front_of, largest_line


def placed(text: str, *words: tuple[str, float, float, float]) -> Content:
    """Words in order, each (text, left, top, height), 6 points wide per character, on one page."""
    spans, boxes, at = [], [], 0
    for word, left, top, height in words:
        at = text.index(word, at)
        spans.append((at, at + len(word)))
        boxes.append((left, top, left + 6 * len(word), top + height))
        at += len(word)
    layout = Layout((Page(1, 595, 842),), ((0, len(text), 1),), np.array(spans, "<i4"), np.array(boxes, "<f4"))
    return Content(text, layout=layout)


def test_joined_lines_are_parted_as_on_the_page():
    content = placed(
        "Distr.: General 6 May 2025\n\nFloods in\nLoreto | North",
        ("Distr.:", 400, 100, 10),
        ("General", 450, 100, 10),
        ("6", 400, 112, 10),
        ("May", 412, 112, 10),
        ("2025", 436, 112, 10),
        ("Floods", 72, 200, 10),
        ("in", 112, 200, 10),
        ("Loreto", 72, 212, 10),
        ("North", 130, 212, 10),
    )
    assert front_of(content) == "Distr.: General\n6 May 2025\n\nFloods in\nLoreto | North"


def test_words_far_from_one_another_on_a_line_are_parted():
    content = placed("11 May Antioquia", ("11", 72, 100, 10), ("May", 90, 100, 10), ("Antioquia", 300, 100, 10))
    assert front_of(content) == "11 May\nAntioquia"


@pytest.mark.parametrize("layout", [None, Layout()])
def test_without_places_the_text_is_the_front(layout):
    content = Content("Floods in Loreto " * 1_000, layout=layout)
    assert front_of(content) == content.text[:6_000]
    assert largest_line(content) == ""


def test_the_largest_letters_are_a_line_of_words_in_a_row():
    words = [("Sucre", 72, 50, 8), ("FLOODS", 72, 70, 18), ("IN", 120, 70, 18), ("LORETO", 140, 70, 17.5)]
    assert largest_line(placed("Sucre\n\nFLOODS IN LORETO", *words)) == "FLOODS IN LORETO"
    assert largest_line(placed("Sucre\n\nFLOODS IN", *words[:3])) == "", "two words are no title"
    apart = [*words[:2], ("Meta", 72, 90, 8), *words[2:]]
    assert largest_line(placed("Sucre\n\nFLOODS Meta IN LORETO", *apart)) == ""
