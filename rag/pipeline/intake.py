"""What is noted of a report as it goes into an index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path

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
    return Intake(
        added=datetime.now(UTC),
        format=Path(report.path).suffix.lower().removeprefix("."),
        pages=len(layout.pages),
        without_text=tuple(page.number for page in layout.pages if page.empty),
        ocr=tuple(page.number for page in layout.pages if page.ocr is not None),
        sections=len(sections),
        tables=kinds.count(BlockKind.TABLE),
        figures=kinds.count(BlockKind.FIGURES),
        chunks=len(chunks),
        similar=tuple((likeness.id, likeness.why) for likeness in similar),
    )


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
