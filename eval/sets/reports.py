"""Reports in PDF as the product reads them, with questions of our own whose evidence is given by page.

The questions of ``pdf.jsonl`` were written from the pages, not from what a loader makes of them; their split goes by
report. Where a quote stands in the text that was read shows only here: the same words on the same page, else on
another. A quote that is nowhere, as its page was read wrongly, is kept at the text's start, so that nothing hits it.
"""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from eval.check import load_questions
from eval.questions import SETS, Evidence, TestQuestion, TestSet
from eval.sets.locate import Letters
from eval.sets.rows import DataError
from rag.load import load_report
from rag.schema import Report

_LOG = logging.getLogger(__name__)


def load_pdf(data: Path) -> TestSet:
    """Questions over a dozen reports, read anew each time.

    :raises DataError: a PDF is missing.
    :raises ReportError: one cannot be read.
    """
    questions = load_questions(SETS / "pdf.jsonl")
    names = sorted({span.report for question in questions for span in question.evidence})
    files = [_file(data / "pdf", name) for name in names]
    reports = {report.id: report for report in map(load_report, files)}
    letters = {name: Letters(report.text) for name, report in reports.items()}
    found = tuple(_located(question, reports, letters) for question in questions)
    state = sha256(json.dumps([_state(reports[name]) for name in names]).encode()).hexdigest()
    return TestSet("pdf", found, files=tuple(files), files_state=state)


def _file(folder: Path, name: str) -> Path:
    found = sorted(folder.rglob(f"{name}.pdf"))
    if not found:
        raise DataError(f"{folder} holds no {name}.pdf: put the set's file there.")
    return found[0]


def _located(question: TestQuestion, reports: dict[str, Report], letters: dict[str, Letters]) -> TestQuestion:
    spans = [_place(span, reports[span.report], letters[span.report], question.id) for span in question.evidence]
    return replace(question, evidence=tuple(spans))


def _place(span: Evidence, report: Report, letters: Letters, question: str) -> Evidence:
    found = list(letters.find_all(span.quote))
    if not found:
        _LOG.warning("%s: %s, page %s, was not read as %r", question, report.id, span.page, span.quote)
        return replace(span, start=0, end=0)
    layout = report.layout
    same = [place for place in found if layout is not None and layout.page_at(place[0]) == span.page]
    start, end = (same or found)[0]
    return replace(span, start=start, end=end, quote=report.text[start:end])


def _state(report: Report) -> list[object]:
    parts = [[part.start, part.end, part.kind, part.level] for part in report.layout.parts] if report.layout else []
    return [report.id, report.text, parts]
