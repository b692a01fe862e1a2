"""What was found in the files of reports, as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.schema import Intake, ReportInfo


def summary(intake: Intake) -> str:
    """What a report holds, in a line: "40 pages, 12 sections, 3 tables"."""
    counts = (
        (intake.pages, "page", "pages"),
        (intake.sections, "section", "sections"),
        (intake.tables, "table", "tables"),
        (intake.figures, "block of key figures", "blocks of key figures"),
    )
    return ", ".join(f"{count:,} {one if count == 1 else more}" for count, one, more in counts if count)


def lacks(intake: Intake) -> Iterator[str]:
    """What is to be known of a report's pages, a sentence each."""
    if intake.without_text:
        yield f"no text could be read on {pages(intake.without_text)}: nothing is found or cited there"
    if intake.ocr:
        yield f"{pages(intake.ocr)} read by OCR: words may be wrong"


def pages(numbers: Sequence[int]) -> str:
    """Page numbers with neighbours run together: "page 4", "pages 4, 7-9"."""
    runs = groupby(enumerate(sorted(numbers)), key=lambda entry: entry[1] - entry[0])
    spans = [[number for _, number in run] for _, run in runs]
    shown = ", ".join(f"{span[0]}" if len(span) == 1 else f"{span[0]}-{span[-1]}" for span in spans)
    return f"{'page' if len(numbers) == 1 else 'pages'} {shown}"


def report_lines(info: ReportInfo, intakes: Mapping[str, Intake]) -> Iterator[str]:
    """The intake report of one report: what it is, what was found, what is wrong, and what is like it."""
    intake = intakes.get(info.id)
    yield f"{info.id}\t{info.title}"
    if intake is None:
        yield "\tadded before intakes were noted"
        return
    yield f"\t{intake.format}, {summary(intake)}, {intake.chunks:,} chunks, added {intake.added:%Y-%m-%d %H:%M} UTC"
    yield from (f"\twarning: {line}" for line in (*info.warnings, *lacks(intake)))
    like = {name: why for name, why in intake.similar if name in intakes}
    like |= {name: why for name, other in intakes.items() for one, why in other.similar if one == info.id}
    yield from (f"\tlike {name}: {why}" for name, why in sorted(like.items()))
