"""Whether a stream of characters has begun to repeat itself."""

from __future__ import annotations

from collections import Counter

_SHORTEST = 12  # characters of a sentence that is not said three times on purpose
_TIMES = 3
_TAIL = 240  # characters that must repeat a shorter piece throughout
_PERIOD = 60  # characters of the longest such piece
_EVERY = 32  # characters between two looks at the tail


class LoopWatch:
    """Watches a text grow. ``found``: a sentence or line came for the third time, or a short piece without end.

    ``start`` is then how much of the text is worth keeping: what stands before the repetitions, to the
    end of a sentence. The cost of a character has a fixed bound.
    """

    def __init__(self) -> None:
        self.found = False
        self.start = 0
        self._length = 0
        self._tail = ""
        self._segment: list[str] = []
        self._seen: Counter[str] = Counter()
        self._ends: list[int] = [0]  # offsets after the ends of sentences and lines

    def add(self, character: str) -> None:
        """Take the next character."""
        self._length += 1
        if character in ".!?\n":
            self._ends.append(self._length)
            self._sentence()
        else:
            self._segment.append(character)
        self._tail += character
        if self._length % _EVERY == 0:
            self._tail = self._tail[-_TAIL:]
            if len(self._tail) == _TAIL and not self._tail.isspace() and self._is_periodic():
                self._found_at(self._length - _TAIL)

    def _sentence(self) -> None:
        said = " ".join("".join(self._segment).lower().split())
        self._segment = []
        if len(said) >= _SHORTEST:
            self._seen[said] += 1
            if self._seen[said] >= _TIMES:
                self._found_at(self._length)

    def _is_periodic(self) -> bool:
        tail = self._tail
        return any(tail[period:] == tail[:-period] for period in range(1, _PERIOD + 1))

    def _found_at(self, offset: int) -> None:
        self.found = True
        self.start = max(end for end in self._ends if end <= offset)
