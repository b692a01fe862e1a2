"""How a picked unit is put into the answer."""

from __future__ import annotations

import re

from rag.question import Question
from rag.readers.cells import row_wording
from rag.readers.features import defines
from rag.schema import Passage, Unit, UnitKind
from rag.text import fold, plain, stem, words

_CLAUSE = re.compile(r"[;:]\s+|,\s+(?=and\b|which\b|while\b|y\b|mientras\b)|\s+[–—]\s+")


def wording(asked: Question, passage: Passage, unit: Unit, max_words: int) -> tuple[int, int, str]:
    """Offsets of the quote in the report, and the sentence to show for it.

    A row of a table or of key figures is given as ``rag.readers.cells`` says; everything else
    verbatim. A sentence over ``max_words`` is cut to the clauses that bear on the question, with
    "…" where it was cut.
    """
    raw = _raw(passage, unit.start, unit.end)
    if unit.kind is UnitKind.ROW:
        row = row_wording(asked, passage, unit)
        if row:
            return unit.start, unit.end, row
    if len(plain(raw).split()) <= max_words:
        return unit.start, unit.end, plain(raw)
    return _clauses(asked, passage, unit, max_words)


def _raw(passage: Passage, start: int, end: int) -> str:
    return passage.chunk.text[start - passage.chunk.start : end - passage.chunk.start]


def _clauses(asked: Question, passage: Passage, unit: Unit, max_words: int) -> tuple[int, int, str]:
    raw = _raw(passage, unit.start, unit.end)
    cuts = [0, *(match.end() for match in _CLAUSE.finditer(raw)), len(raw)]
    wanted = asked.stems

    def value(first: int, last: int) -> float:
        span = raw[cuts[first] : cuts[last]]
        stems = {stem(fold(word.group()), passage.report.language) for word in words(span)}
        length = len(span.split())
        if length > max_words:
            return -1.0
        spelled_out = bool(asked.defined) and defines(asked.defined, span)
        return len(stems & wanted) + (len(wanted) if spelled_out else 0) - length / 1000

    spans = [(first, last) for first in range(len(cuts) - 1) for last in range(first + 1, len(cuts))]
    first, last = max(spans, key=lambda span: value(*span))
    if value(first, last) < 0:
        return unit.start, unit.end, plain(raw)
    span = raw[cuts[first] : cuts[last]].rstrip(" ;:,\n–—")
    text = ("… " if first else "") + plain(span) + (" …" if last < len(cuts) - 1 else "")
    return unit.start + cuts[first], unit.start + cuts[first] + len(span), text
