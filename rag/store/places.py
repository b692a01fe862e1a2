"""Layouts and intakes to table rows and back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

import numpy as np

from rag.layout import BOX_TYPE, SPAN_TYPE, Layout, Page, Part, PartKind
from rag.schema import Intake
from rag.store.rows import Row, to_json, units_in, units_out

LAYOUT_COLUMNS = "pages, stretches, parts, words, boxes"


def layout_row(report_key: int, layout: Layout) -> tuple[object, ...]:
    """Values of a ``layouts`` row, in order of its columns."""
    pages = [[page.number, page.width, page.height, page.ocr, page.empty] for page in layout.pages]
    return (
        report_key,
        to_json(pages),
        to_json(layout.stretches),
        to_json([_part_out(part) for part in layout.parts]),
        np.ascontiguousarray(layout.words, dtype=SPAN_TYPE).tobytes(),
        np.ascontiguousarray(layout.boxes, dtype=BOX_TYPE).tobytes(),
    )


def layout(row: Row) -> Layout:
    """Record from the values of ``LAYOUT_COLUMNS``; ``ValueError`` when words and boxes are not as many."""
    pages, stretches, parts, words, boxes = row
    spans = np.frombuffer(words, dtype=SPAN_TYPE).reshape(-1, 2)
    places = np.frombuffer(boxes, dtype=BOX_TYPE).reshape(-1, 4)
    if len(spans) != len(places):
        raise ValueError(f"{len(spans)} words and {len(places)} boxes")
    return Layout(
        pages=tuple(Page(*values) for values in json.loads(pages)),
        stretches=tuple((start, end, page) for start, end, page in json.loads(stretches)),
        words=spans,
        boxes=places,
        parts=tuple(_part_in(values) for values in json.loads(parts)),
    )


def _part_out(part: Part) -> list[object]:
    return [part.start, part.end, part.kind, part.level, part.number, units_out(part.rows)]


def _part_in(values: Sequence[object]) -> Part:
    start, end, kind, level, number, rows = values
    return Part(start, end, PartKind(kind), level, number, units_in(rows))


def intake_json(intake: Intake) -> str:
    """JSON of an intake."""
    return to_json({**asdict(intake), "added": intake.added.isoformat()})


def intake(text: str) -> Intake:
    """Record from its JSON."""
    values = json.loads(text)
    values |= {name: tuple(values[name]) for name in ("without_text", "ocr")}
    similar = tuple((name, why) for name, why in values.pop("similar"))
    added = datetime.fromisoformat(values.pop("added"))
    return Intake(**values, added=added, similar=similar)
