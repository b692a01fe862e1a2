"""What was found in the files of reports, as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.schema import Intake, ReportInfo


def summary(intake: Intake) -> str:
    """What a report holds, in a line: "40 pages (1 without text, 2 by OCR), 12 sections, 3 tables"."""
    counts = (
        (intake.pages, "page", "pages"),
        (intake.sections, "section", "sections"),
        (intake.tables, "table", "tables"),
        (intake.figures, "block of key figures", "blocks of key figures"),
    )
    found = [f"{count:,} {one if count == 1 else more}" for count, one, more in counts if count]
    marks = ((intake.without_text, "without text"), (intake.ocr, "by OCR"))
    if marked := ", ".join(f"{len(pages)} {what}" for pages, what in marks if pages):
        found[0] += f" ({marked})"
    return ", ".join(found)


def report_lines(info: ReportInfo, intakes: Mapping[str, Intake]) -> Iterator[str]:
    """The intake report of one report: what it is, what was found, what is wrong, and what is like it."""
    intake = intakes.get(info.id)
    yield f"{info.id}\t{info.title}"
    if intake is None:
        yield "\tadded before intakes were noted"
        return
    yield f"\t{intake.format}, {summary(intake)}, {intake.chunks:,} chunks, added {intake.added:%Y-%m-%d %H:%M} UTC"
    yield from (f"\twarning: {line}" for line in info.warnings)
    like = {name: why for name, why in intake.similar if name in intakes}
    like |= {name: why for name, other in intakes.items() for one, why in other.similar if one == info.id}
    yield from (f"\tlike {name}: {why}" for name, why in sorted(like.items()))
