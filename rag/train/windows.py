"""Passages cut to what the reader sees at once: whole sentences around an answer, or around a question's words."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from rag.text import sentence_spans

_LINE = re.compile(r"[^\n]+")
_LONG_WORD = re.compile(r"\w{4,}")


@dataclass(frozen=True, slots=True)
class Window:
    """A piece of a passage; ``text`` begins at character ``start`` of it."""

    text: str
    start: int


def long_words(text: str) -> frozenset[str]:
    """The words of four or more characters, in lower case: roughly, what a text is about."""
    return frozenset(_LONG_WORD.findall(text.lower()))


class Windows:
    """Cuts passages at sentences, growing each window to a random side.

    A fixed place of the answer would be learnt in place of reading, so what stands before and
    after it is random.

    :param rng: drawn from once or more for every passage longer than ``words``.
    :param words: a window ends with the sentence that reaches this many ...
    :param slack: ... or, after it was begun shorter, as soon as it holds this many more.
    :param most: a sentence this many words beyond ``words`` gives no window.
    """

    def __init__(self, rng: random.Random, words: int = 115, slack: int = 25, most: int = 40) -> None:
        self._rng, self._words, self._slack, self._most = rng, words, slack, most
        self._sentences: dict[str, list[tuple[int, int]]] = {}

    def around(self, passage: str, start: int, end: int) -> Window | None:
        """A window that holds ``passage[start:end]`` whole; None when sentences do not allow one."""
        window = Window(passage, 0)
        if len(passage.split()) > self._words:
            sentences = self._of(passage)
            hit = [i for i, (first, last) in enumerate(sentences) if first < end and last > start]
            if not hit:
                return None
            grown = self._grown(passage, sentences, hit[0], hit[-1])
            if grown is None:
                return None
            window = grown
        inside = window.start <= start and end <= window.start + len(window.text)
        return window if inside else None

    def about(self, passage: str, question: str) -> Window | None:
        """A window about the sentence that shares most long words with the question; ties at random."""
        if len(passage.split()) <= self._words:
            return Window(passage, 0)
        sentences = self._of(passage)
        asked = long_words(question)

        def likeness(i: int) -> float:
            first, last = sentences[i]
            return len(asked & long_words(passage[first:last])) + self._rng.random() * 0.5

        best = max(range(len(sentences)), key=likeness)
        return self._grown(passage, sentences, best, best)

    def _of(self, passage: str) -> list[tuple[int, int]]:
        if passage not in self._sentences:
            found = [
                span for line in _LINE.finditer(passage) for span in sentence_spans(passage, line.start(), line.end())
            ]
            self._sentences[passage] = found or [(0, len(passage))]
        return self._sentences[passage]

    def _grown(self, passage: str, sentences: list[tuple[int, int]], low: int, high: int) -> Window | None:
        def count() -> int:
            return len(passage[sentences[low][0] : sentences[high][1]].split())

        if count() > self._words + self._most:
            return None
        while count() < self._words:
            before = self._rng.random() < 0.5
            if before and low > 0:
                low -= 1
            elif high < len(sentences) - 1:
                high += 1
            elif low > 0:
                low -= 1
            else:
                break
            if count() > self._words + self._slack:
                break
        start, end = sentences[low][0], sentences[high][1]
        return Window(passage[start:end], start)
