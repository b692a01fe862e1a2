"""Hand-made passages and reports for tests of retrieval and reading."""

from __future__ import annotations

from datetime import date

from rag.chunk import chunk_report
from rag.schema import Passage, Period, Report
from rag.sections import detect_sections


def make_report(text: str, **info: object) -> Report:
    defaults: dict[str, object] = {"id": "r", "title": "Situation report", "text": text}
    return Report(**(defaults | info))  # type: ignore[arg-type]


def year(value: int) -> Period:
    return Period(date(value, 1, 1), date(value, 12, 31))


def passages_of(*reports: Report) -> list[Passage]:
    """Every chunk of the reports as a passage, in text order."""
    found: list[Passage] = []
    for report in reports:
        sections = detect_sections(report.text, report.id)
        for chunk in chunk_report(report, sections, lambda text: len(text.split())):
            path = sections[chunk.section].path
            found.append(Passage(chunk, report, path, 1.0 / (len(found) + 1), len(found) + 1, "test"))
    return found
