"""What a loader found, as bytes between two processes: a line of JSON, then the places of words as raw arrays.

Nothing that comes back is trusted: offsets are checked against the text, and what no database takes is replaced.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np

from rag.layout import BOX_TYPE, SPAN_TYPE, Layout, Page, Part, PartKind
from rag.load.decode import Content
from rag.schema import Relation, RelationKind, Unit, UnitKind

_MAX_WARNINGS, _MAX_WARNING_CHARS, _MAX_TITLE_CHARS = 20, 500, 1_000
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")  # stored nowhere as UTF-8; each gives one other character


def pack(content: Content, warnings: Sequence[str] = ()) -> bytes:
    """``content`` as bytes, with further ``warnings`` before its own."""
    layout = content.layout
    said = [*warnings, *content.warnings][:_MAX_WARNINGS]
    told: dict[str, Any] = {
        "text": _NO_TEXT.sub("\N{REPLACEMENT CHARACTER}", content.text),
        "warnings": [_NO_TEXT.sub("", warning)[:_MAX_WARNING_CHARS] for warning in said],
        "title": _NO_TEXT.sub("", content.title)[:_MAX_TITLE_CHARS],
        "published": content.published.isoformat() if content.published else None,
    }
    arrays = b""
    if layout is not None:
        told["pages"] = [[page.number, page.width, page.height, page.ocr, page.empty] for page in layout.pages]
        told["stretches"] = layout.stretches
        told["parts"] = [_part_out(part) for part in layout.parts]
        told["words"] = len(layout.words)
        arrays = layout.words.astype(SPAN_TYPE).tobytes() + layout.boxes.astype(BOX_TYPE).tobytes()
    return json.dumps(told).encode("ascii") + b"\n" + arrays


def unpack(data: bytes) -> Content:
    """The content that ``pack`` made bytes of.

    :raises ValueError: they are not such bytes, or what they say does not fit together.
    """
    line, _, arrays = data.partition(b"\n")
    try:
        told = json.loads(line)
        published = told["published"]
        content = Content(
            str(told["text"]),
            tuple(map(str, told["warnings"])),
            _layout(told, arrays) if "pages" in told else None,
            str(told["title"]),
            date.fromisoformat(published) if published else None,
        )
    except (KeyError, TypeError, RecursionError, OverflowError) as error:
        raise ValueError(f"no result of a reader ({error!r})") from error
    if _NO_TEXT.search(content.text):
        raise ValueError("characters that cannot be stored")
    if content.layout is not None:
        _check(content.layout, len(content.text))
    return content


def _layout(told: dict[str, Any], arrays: bytes) -> Layout:
    count = int(told["words"])
    if len(arrays) != count * (2 * SPAN_TYPE.itemsize + 4 * BOX_TYPE.itemsize):
        raise ValueError(f"{count} words and {len(arrays)} bytes")
    spans = np.frombuffer(arrays, dtype=SPAN_TYPE, count=2 * count).reshape(-1, 2)
    boxes = np.frombuffer(arrays, dtype=BOX_TYPE, offset=spans.nbytes).reshape(-1, 4)
    return Layout(
        pages=tuple(
            Page(int(number), float(width), float(height), None if ocr is None else float(ocr), bool(empty))
            for number, width, height, ocr, empty in told["pages"]
        ),
        stretches=tuple((int(start), int(end), int(page)) for start, end, page in told["stretches"]),
        words=spans,
        boxes=boxes,
        parts=tuple(_part_in(values) for values in told["parts"]),
    )


def _part_out(part: Part) -> list[object]:
    return [part.start, part.end, part.kind, part.level, part.number, [_unit_out(row) for row in part.rows]]


def _part_in(values: Sequence[Any]) -> Part:
    start, end, kind, level, number, rows = values
    return Part(int(start), int(end), PartKind(kind), int(level), str(number), tuple(map(_unit_in, rows)))


def _unit_out(unit: Unit) -> list[object]:
    relations = [[relation.kind, relation.whole, relation.parts] for relation in unit.relations]
    return [unit.start, unit.end, unit.kind, unit.title, unit.heads, unit.label, unit.cells, relations]


def _unit_in(values: Sequence[Any]) -> Unit:
    start, end, kind, title, heads, label, cells, relations = values
    return Unit(
        int(start),
        int(end),
        UnitKind(kind),
        str(title),
        tuple(map(str, heads)),
        str(label),
        tuple((int(first), int(last)) for first, last in cells),
        tuple(Relation(RelationKind(name), int(whole), tuple(map(int, parts))) for name, whole, parts in relations),
    )


def _check(layout: Layout, length: int) -> None:
    """Stretches, parts, rows, cells and words must be ascending spans of the text."""
    _check_spans([(start, end) for start, end, _ in layout.stretches], 0, length)
    _check_spans([(part.start, part.end) for part in layout.parts], 0, length)
    for part in layout.parts:
        _check_spans([(row.start, row.end) for row in part.rows], part.start, part.end)
        for row in part.rows:
            if not all(row.start <= start <= end <= row.end for start, end in row.cells):
                raise ValueError(f"a cell outside of its row at {row.start}")
    numbers = {page.number for page in layout.pages}
    if not all(page in numbers for _, _, page in layout.stretches):
        raise ValueError("a stretch on a page that is not there")
    flat = layout.words.ravel().astype(np.int64)
    if len(flat) and (flat[0] < 0 or flat[-1] > length or np.any(np.diff(flat) < 0)):
        raise ValueError("words out of order")
    if not np.all(np.isfinite(layout.boxes)):
        raise ValueError("a box that is nowhere")


def _check_spans(spans: Sequence[tuple[int, int]], first: int, last: int) -> None:
    if any(start > end for start, end in spans) or any(one[1] > other[0] for one, other in pairwise(spans)):
        raise ValueError("spans out of order")
    if spans and not first <= spans[0][0] <= spans[-1][1] <= last:
        raise ValueError("a span outside of the text")
