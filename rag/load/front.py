"""The front of a report as it stands on its first pages: line by line, and the line in the largest letters."""

from __future__ import annotations

import re

import numpy as np

from rag.layout import Layout
from rag.load.decode import Content
from rag.load.head import HEAD_CHARS

_LETTERS = re.compile(r"[^\W\d_]{2,}")
_SAME_SIZE = 0.9  # of the largest letters: a title's further lines
_MAX_WORDS = 30
_FAR = 6.0  # heights of a line between two words that have nothing to do with one another


def front_of(content: Content) -> str:
    """The first ``HEAD_CHARS`` characters of the text, with the line ends of the page where places are known.

    A loader joins the lines of a paragraph; mastheads are told by their lines.
    """
    text, layout = content.text[:HEAD_CHARS], content.layout
    if layout is None or not len(layout.words):
        return text
    kept, done = [], 0
    for (_, end), (start, _), same in zip(layout.words, layout.words[1:], _same_line(layout), strict=False):
        if start >= len(text):
            break
        if not same and "\n" not in text[end:start]:
            kept += [text[done:end], "\n"]
            done = int(start)
    return "".join([*kept, text[done:]])


def _same_line(layout: Layout) -> np.ndarray:
    """Whether each word stands at the height of the next one and not far from it, shape (words - 1,)."""
    left, top, right, bottom = layout.boxes.T
    overlap = np.minimum(bottom[:-1], bottom[1:]) - np.maximum(top[:-1], top[1:])
    lower = np.minimum((bottom - top)[:-1], (bottom - top)[1:])
    return (overlap >= 0.5 * lower) & (left[1:] - right[:-1] <= _FAR * lower)


def largest_line(content: Content) -> str:
    """The words in the largest letters of the first page, ``""`` unless they are a few words in a row."""
    layout, text = content.layout, content.text
    if layout is None or not len(layout.words):
        return ""
    numbers = [layout.page_at(int(start)) for start, _ in layout.words[:2_000]]
    first = [index for index, number in enumerate(numbers) if number == numbers[0]]
    words = {index: text[slice(*layout.words[index])] for index in first}
    heights = {index: float(layout.boxes[index, 3] - layout.boxes[index, 1]) for index in first}
    lettered = [index for index in first if _LETTERS.search(words[index])]
    if not lettered:
        return ""
    largest = max(heights[index] for index in lettered)
    chosen = [index for index in first if heights[index] >= _SAME_SIZE * largest]
    in_a_row = chosen == list(range(chosen[0], chosen[0] + len(chosen)))
    enough = 3 <= len(chosen) <= _MAX_WORDS and sum(index in lettered for index in chosen) > len(chosen) / 2
    return " ".join(words[index] for index in chosen) if in_a_row and enough else ""
