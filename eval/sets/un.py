"""Reports of the United Nations, WHO and others in PDF, with questions of our own.

The questions are in files beside this module, written from the reports' text: those of ``un_dev.jsonl`` are all
development data, on those of ``pdf_held.jsonl``, over other reports, nothing was tuned. Offsets count in the pages'
text, joined by blank lines.
"""

from __future__ import annotations

from pathlib import Path

from eval.check import load_questions
from eval.questions import SETS, TestSet
from eval.sets.documents import Shelf
from eval.sets.pdf import Pages
from eval.sets.rows import DataError


def load_un_dev(data: Path) -> TestSet:
    """Questions for development. Errors as :func:`load_pdf_held`."""
    return _load("un_dev", data)


def load_pdf_held(data: Path) -> TestSet:
    """Forty questions that nothing was tuned on; one document per PDF that a question has evidence in.

    :raises DataError: a PDF is missing or cannot be read, or pypdfium2 is not installed.
    :raises SetError: a PDF's text is not the one that the questions were written from.
    """
    return _load("pdf_held", data)


def _load(set_name: str, data: Path) -> TestSet:
    path, shelf = SETS / f"{set_name}.jsonl", Shelf()
    for name in sorted({span.report for question in load_questions(path) for span in question.evidence}):
        found = sorted((data / "pdf").rglob(f"{name}.pdf"))
        if not found:
            raise DataError(f"{data / 'pdf'} holds no {name}.pdf: put the set's file there.")
        Pages(found[0], shelf.begin(name, heading=False))
    texts = {document.id: document.text for document in shelf.documents}
    return TestSet(set_name, load_questions(path, texts), documents=shelf.documents)
