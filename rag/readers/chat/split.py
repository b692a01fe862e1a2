"""A reply's sentences, list items and table rows, each with the keys that stand in it or behind it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from rag.prompts import SENTINEL
from rag.readers.chat.clean import shown, without_addresses
from rag.readers.chat.markers import Reply
from rag.text import BULLET, fold, sentence_spans, terms

_MOST_CHARS = 1_200  # of a sentence; what is longer is none
_ITEM = re.compile(rf"[ \t]*(?:{BULLET}|\(?(?:\d{{1,2}}|[a-zA-Z])[.)])[ \t]+")
_PREFIX = re.compile(r"[\s>#*_]*(?:(?:final )?(?:answer|response)|respuesta(?: final)?)\s*:[\s*_]*", re.IGNORECASE)
_RULE = re.compile(r"[\s|:+=_*-]*")
_LABEL = re.compile(r"[\W_]*(?:sources?|references?|citations?|fuentes?|referencias?|citas?)?[\W_]*", re.IGNORECASE)
_SAYS_NOTHING = fold(SENTINEL)


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of the reply as it is shown, and the known keys it cites, in order."""

    text: str
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Statements:
    """What a reply says. ``abstains``: that the passages do not answer."""

    said: tuple[Said, ...]
    abstains: bool


@dataclass(slots=True)
class _Span:
    start: int
    end: int
    text: str
    keys: list[str]


def statements(reply: Reply, passages: str) -> Statements:
    """The sentences of ``reply`` in order, each said once.

    A mark belongs to the sentence it stands in or behind; at the start of a line to the one that
    follows. Lines that lead in ("The needs are:") or name sources are no sentences. A reply abstains
    if the sentinel comes in it before any cited sentence; behind one, it ends the reply.
    ``passages``: all their text, see :func:`without_addresses`.
    """
    text = without_addresses(reply.text, passages)
    spans = list(_spans(text))
    for mark in reply.marks:
        owner = _owner(text, spans, mark.at)
        if owner is not None:
            owner.keys += mark.keys
    said: dict[str, Said] = {}
    abstains = False
    for span in spans:
        one = Said(shown(span.text), tuple(dict.fromkeys(span.keys)))
        if _is_sentinel(one.text):
            abstains = not any(earlier.keys for earlier in said.values())
            break
        if _is_sentence(one):
            same = said.setdefault(fold(one.text).rstrip(". "), one)
            said[fold(one.text).rstrip(". ")] = Said(same.text, tuple(dict.fromkeys(same.keys + one.keys)))
    return Statements(() if abstains else tuple(said.values()), abstains)


def _is_sentinel(text: str) -> bool:
    return SENTINEL in text or fold(text).strip(" .!*_\"'") == _SAYS_NOTHING


def _is_sentence(one: Said) -> bool:
    if not terms(one.text, "en") or len(one.text) > _MOST_CHARS or _LABEL.fullmatch(one.text):
        return False
    return bool(one.keys) or not one.text.endswith(":")


def _owner(text: str, spans: list[_Span], at: int) -> _Span | None:
    line = text[text.rfind("\n", 0, at) + 1 : at]
    opens = not re.search(r"\w", _ITEM.sub("", line, count=1))
    place = bisect_right(spans, at, key=lambda span: span.end)
    after = spans[place] if place < len(spans) else None
    if opens and after is not None and "\n" not in text[at : max(at, after.start)]:
        return after
    place = bisect_left(spans, at, key=lambda span: span.start)
    return spans[place - 1] if place else after


def _spans(text: str) -> Iterator[_Span]:
    """Sentences, items and rows in order; lines of a paragraph are read as one."""
    heads: list[str] = []
    begun: int | None = None  # where a paragraph began
    offset = 0
    for line in [*text.splitlines(keepends=True), "\n"]:
        start, offset = offset, offset + len(line)
        item = _ITEM.match(line)
        row = line.strip().startswith("|") and line.count("|") > 1
        breaks = not line.strip() or item or row or line.lstrip().startswith("#") or _RULE.fullmatch(line)
        if begun is not None and breaks:
            yield from _sentences(text, begun, start)
            begun = None
        if row:
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if _RULE.fullmatch(line):
                continue
            if not heads:
                heads = cells
                continue
            yield _Span(start, start + len(line.rstrip()), _row(heads, cells), [])
            continue
        if line.strip():
            heads = []
        if item and line[item.end() :].strip():
            yield from _sentences(text, start + item.end(), start + len(line))
        elif not breaks and begun is None:
            begun = start + (prefix.end() if (prefix := _PREFIX.match(line)) else 0)


def _sentences(text: str, start: int, end: int) -> Iterator[_Span]:
    for first, last in sentence_spans(text, start, min(end, len(text))):
        yield _Span(first, last, text[first:last], [])


def _row(heads: list[str], cells: list[str]) -> str:
    """A row in words: its label, then each value with the head of its column."""
    if len(heads) != len(cells):
        return ", ".join(filter(None, cells))
    values = [f"{head} {cell}".strip() for head, cell in zip(heads[1:], cells[1:], strict=True) if cell]
    return f"{cells[0]}: {'; '.join(values)}"
