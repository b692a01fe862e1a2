"""What is noted of a report as it goes into an index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path

from rag import load
from rag.layout import Layout
from rag.load import Metadata
from rag.load.report import BY_HAND, STATED
from rag.pipeline.similar import Likeness
from rag.schema import BlockKind, Chunk, Intake, Report, ReportInfo, Section


def intake_of(
    report: Report, sections: Sequence[Section], chunks: Sequence[Chunk], similar: Sequence[Likeness]
) -> Intake:
    """The intake of a report that goes in now."""
    layout = report.layout or Layout()
    kinds = [block.kind for section in sections for block in section.blocks]
    without_text = tuple(page.number for page in layout.pages if page.empty)
    return Intake(
        added=datetime.now(UTC),
        format=Path(report.path).suffix.lower().removeprefix("."),
        pages=len(layout.pages),
        without_text=without_text,
        ocr=tuple(page.number for page in layout.pages if page.ocr is not None),
        sections=len(sections),
        tables=kinds.count(BlockKind.TABLE),
        figures=kinds.count(BlockKind.FIGURES),
        chunks=len(chunks),
        similar=tuple((likeness.id, likeness.why) for likeness in similar),
        reader=load.VERSION,
        ocr_tried=bool(without_text and load.ocr_languages()),
    )


def read_better_now(intake: Intake | None) -> bool:
    """Whether a file is worth reading again although it is the same: older code read it, or there was no OCR then."""
    if intake is None or intake.reader != load.VERSION:
        return True
    return bool(intake.without_text and not intake.ocr_tried and load.ocr_languages())


def stated_as_known(known: ReportInfo, stated: Metadata | None) -> bool:
    """Whether people state of a report just what they did when the report was stored."""
    stated = stated or Metadata()
    for name in (entry.name for entry in fields(Metadata)):
        value = getattr(stated, name)
        if (known.origins.get(name) in (STATED, BY_HAND)) != (value is not None):
            return False
        if value is not None and value != getattr(known, name):
            return False
    return True
