"""A model's reply as it comes, character by character: its text, and the passages that it cites.

The result does not depend on how the stream was cut into pieces, and each character is looked at no
more than a fixed number of times, whatever it is.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum

from rag.readers.chat.loops import LoopWatch

_OPEN, _CLOSE = frozenset("[【［("), frozenset("]】］)")
_IN_MARKER = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZáéíóúÁÉÍÓÚ0123456789 ,;:.&#^-–_*\t")
MOST_CHARS = 20_000  # of a reply, thoughts and all; a limit in tokens is a wish that not every endpoint grants
_LONGEST = 64  # characters of a marker: eight keys with a word before them
_DEEPEST = 3  # "[[[k12]]]"
_WORD = re.compile(r"[^\W_]+")
# Words that stand beside keys: "[source: k12 and k40]".
_BESIDE = frozenset("and y see vease véase key keys clave claves source sources fuente fuentes pasaje passage".split())
_KEY_LIKE = re.compile(r"k\d{1,6}[a-z]?", re.ASCII)
_NUMBER = re.compile(r"\d{1,3}", re.ASCII)
_HALF = re.compile(r"k\d{0,6}|\d{1,3}", re.ASCII)  # a key that may be cut off
_TAGS = [f"<{slash}{name}>" for slash in ("", "/") for name in ("think", "thinking", "thought", "reasoning")]
_TAG_STARTS = frozenset(tag[:length] for tag in _TAGS for length in range(1, len(tag)))
_INFO = 20  # characters of a fence's language


@dataclass(frozen=True, slots=True)
class Mark:
    """Keys cited after ``at`` characters of the reply's text."""

    at: int
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply without its thoughts, code marks and markers.

    ``marks`` are in text order and hold keys that were given only; ``unknown`` are the others, as
    written, each once. ``looped``: it was cut where it began to repeat itself; ``endless``: where it
    got longer than any answer.
    """

    text: str
    marks: tuple[Mark, ...]
    unknown: tuple[str, ...]
    looped: bool = False
    endless: bool = False


class _Held(Enum):
    """What the characters held back may become."""

    NOTHING = 0
    MARKER = 1
    TAG = 2
    TICKS = 3
    INFO = 4  # the word after an opening code fence


class ReplyParser:
    """Reads a reply piece by piece.

    ``[k12]``, ``[k12, k40]``, ``[[k12]]``, ``【k12】`` and ``(k12)`` are markers if ``keys`` holds
    one of theirs, and so are such with other keys or numbers in square brackets, whose keys are
    reported; in code they are text. What is thought (``<think>``) is dropped.
    """

    def __init__(self, keys: Collection[str]) -> None:
        self._keys = frozenset(keys)
        self._new: list[str] = []  # text since the last piece was given out
        self._hold, self._held = _Held.NOTHING, ""
        self._ticks = 0
        self._code = 0  # backticks that opened the code, 0 outside
        self._thinking = False
        self._extra = 0  # closing brackets still to be swallowed
        self._taken = 0
        self._clear()

    def _clear(self) -> None:
        self._text: list[str] = []
        self._marks: list[Mark] = []
        self._unknown: dict[str, None] = {}
        self._watch = LoopWatch()

    @property
    def stopped(self) -> bool:
        """Whether the reply repeats itself or has no end: what is fed from here on is not looked at."""
        return self._watch.found or self._taken >= MOST_CHARS

    def feed(self, piece: str) -> str:
        """Take the next piece; give the text that is certain by now and was not given before."""
        for character in piece:
            if self.stopped:
                break
            self._taken += 1
            self._take(character)
        new, self._new = "".join(self._new), []
        return new

    def close(self) -> str:
        """Take the end; give the rest of the text. Half a marker at the end is dropped."""
        if self._hold is _Held.MARKER and self._is_half():
            self._hold, self._held = _Held.NOTHING, ""
        self._flush()
        return self.feed("")

    @property
    def reply(self) -> Reply:
        """The reply as far as it was taken."""
        text = "".join(self._text)
        looped = self._watch.found
        end = self._watch.start if looped else len(text)
        marks = tuple(mark for mark in self._marks if mark.at <= end)
        return Reply(text[:end], marks, tuple(self._unknown), looped, self._taken >= MOST_CHARS)

    def _take(self, character: str) -> None:
        if self._hold is not _Held.NOTHING and self._goes_on(character):
            return
        if character == "<":
            self._hold, self._held = _Held.TAG, character
        elif self._thinking:
            return
        elif character == "`":
            self._hold, self._ticks = _Held.TICKS, 1
        elif character in _OPEN and not self._code:
            self._hold, self._held = _Held.MARKER, character
        elif character in _CLOSE and self._extra:
            self._extra -= 1
        else:
            if character == "\n" and self._code < 3:
                self._code = 0  # inline code ends with its line
            self._put(character)

    def _goes_on(self, character: str) -> bool:
        """Take a character into what is held back; False if it does not belong there."""
        if self._hold is _Held.TICKS:
            if character != "`":
                self._fence()
                return self._hold is _Held.INFO and self._goes_on(character)
            self._ticks += 1
            return True
        held = self._held + character
        if self._hold is _Held.TAG:
            if held.lower() in _TAGS:
                self._hold, self._held = _Held.NOTHING, ""
                self._turn(opens=held[1] != "/")
                return True
            goes_on = held.lower() in _TAG_STARTS
        elif self._hold is _Held.INFO:
            if character == "\n":
                self._hold, self._held = _Held.NOTHING, ""
                return True
            goes_on = (character.isalnum() or character in " +-") and len(held) <= _INFO
        else:
            if character in _CLOSE:
                self._marker(held)
                return True
            deeper = character in _OPEN and all(c in _OPEN for c in held) and len(held) <= _DEEPEST
            goes_on = deeper or character in _IN_MARKER and len(held) <= _LONGEST
        if goes_on:
            self._held = held
            return True
        self._flush()
        return False

    def _fence(self) -> None:
        """Backticks open code, or close it if there are as many as opened it."""
        self._hold = _Held.NOTHING
        if not self._code:
            self._code = self._ticks
            opens_line = not self._text or self._text[-1] == "\n"
            if self._ticks >= 3 and opens_line:
                self._hold, self._held = _Held.INFO, ""
        elif self._ticks >= self._code:
            self._code = 0

    def _turn(self, *, opens: bool) -> None:
        """Thoughts begin, or end; where they only end, all before them was thought."""
        if not opens and not self._thinking:
            self._clear()
            self._code = 0
        self._thinking = opens

    def _marker(self, held: str) -> None:
        """Characters from an opening bracket to a closing one."""
        depth = next(n for n, c in enumerate(held) if c not in _OPEN)
        written = [word for word in _WORD.findall(held.lower()) if word not in _BESIDE]
        known = [word for word in written if word in self._keys]
        number = held[0] != "("
        other = [word for word in written if word not in self._keys]
        is_marker = bool(written) and all(_KEY_LIKE.fullmatch(w) or number and _NUMBER.fullmatch(w) for w in other)
        if not is_marker:
            self._held = held
            self._flush()
            return
        self._hold, self._held, self._extra = _Held.NOTHING, "", depth - 1
        self._unknown |= dict.fromkeys(other)
        if self._text and not self._text[-1].isspace():
            self._put(" ")  # "in 2024.[k12]500 people" is not the number 2024.500
        if known:
            self._marks.append(Mark(len(self._text), tuple(dict.fromkeys(known))))

    def _is_half(self) -> bool:
        written = _WORD.findall(self._held.lower())
        keys = all(_HALF.fullmatch(word) or word in _BESIDE for word in written)
        return keys and (self._held[0] != "(" or any(word in self._keys for word in written))

    def _flush(self) -> None:
        """What was held back is text after all."""
        hold, held = self._hold, self._held
        self._hold, self._held = _Held.NOTHING, ""
        if hold is _Held.TICKS:
            self._fence()
        elif not (hold is _Held.TAG and self._thinking):
            for character in held:
                self._put(character)

    def _put(self, character: str) -> None:
        self._extra = 0
        if not self._watch.found:
            self._text.append(character)
            self._new.append(character)
            self._watch.add(character)
