"""ClimRetrieve: the same questions asked of companies' climate reports, in PDF, with evidence by page.

Only rows whose PDF is there. A question names its report first, as the same one is asked of many. What
analysts marked for a question in a report stands for one another. Evidence that cannot be found in
the PDF's text (tables and figures, mostly) is left out, and a question without any is dropped. All
of it is development data; the split only keeps what is tuned on apart from what is reported.
"""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.questions import TestQuestion, TestSet
from eval.sets.documents import Shelf, finish, one_line, split_of
from eval.sets.pdf import Pages
from eval.sets.rows import REMEDY, DataError

_COLUMNS = ("Document", "Question", "Context", "Relevant", "Page", "Answer")


@dataclass(frozen=True, slots=True)
class Mark:
    """A row of the sheet: the sentence marked, the paragraph around it, and the page counting from 1."""

    report: str
    question: str
    context: str
    relevant: str
    page: int
    answer: str


def load_climretrieve(data: Path) -> TestSet:
    """One document per PDF.

    :raises DataError: a file is missing or not in ClimRetrieve's form, or openpyxl or pypdfium2 is.
    """
    path = data / "climretrieve/ClimRetrieve_base.xlsx"
    pdfs = {file_key(pdf.stem): pdf for pdf in sorted((data / "climretrieve/pdf").glob("*.pdf"))}
    shelf, dropped = Shelf(), Counter[str]()
    asked: dict[tuple[str, str], list[Mark]] = {}
    for mark in marked_rows(path):
        if file_key(mark.report) in pdfs:
            asked.setdefault((mark.report, mark.question), []).append(mark)
        else:
            dropped["rows whose PDF is not there"] += 1
    opened: dict[str, Pages] = {}
    questions = []
    for number, ((report, _), marks) in enumerate(asked.items(), start=1):
        if report not in opened:
            opened[report] = Pages(pdfs[file_key(report)], shelf.begin(report, report, heading=False))
        question = _question(f"climretrieve-{number}", marks, opened[report], dropped)
        if question.evidence:
            questions.append(question)
        else:
            dropped["no evidence found"] += 1
    return finish("climretrieve", path, questions, shelf.documents, dropped=dropped)


def _question(id: str, marks: Sequence[Mark], pages: Pages, dropped: Counter[str]) -> TestQuestion:
    evidence, at = {}, {}
    for mark in marks:
        found = pages.find(mark.relevant, mark.page) or pages.find(mark.context, mark.page)
        if found is None:
            dropped["evidence not found"] += 1
            continue
        evidence[found[0]] = None
        at[str(found[1])] = None
    group = marks[0].report
    return TestQuestion(
        id=id,
        language="en",
        question=f"{group}: {marks[0].question}",
        type="fact",
        answerable=True,
        evidence=tuple(evidence),
        answers=tuple(filter(None, dict.fromkeys(mark.answer for mark in marks))),
        group=group,
        split=split_of(group),
        note=f"page {', '.join(at)}",
    )


def file_key(name: str) -> str:
    """Names of the sheet and of the files differ in spaces and underscores."""
    return re.sub(r"[\W_]", "", name.removesuffix(".pdf")).casefold()


def marked_rows(path: Path) -> list[Mark]:
    """The rows of the sheet that mark something. Raises ``DataError`` as :func:`load_climretrieve`."""
    head, *rows = _sheet(path)
    missing = [column for column in _COLUMNS if column not in head]
    if missing:
        raise DataError(f"{path}: the first row has no column {missing[0]!r}. {REMEDY}")
    places = [head.index(column) for column in _COLUMNS]
    found = []
    for row in rows:
        report, question, context, relevant, page, answer = (row[place] for place in places)
        if report and question:  # hundreds of empty rows follow the last one
            texts = [one_line(str(value or "")) for value in (context, relevant, answer)]
            name = one_line(str(report)).removesuffix(".pdf").strip()
            number = page if isinstance(page, int) else 0
            found.append(Mark(name, one_line(str(question)), texts[0], texts[1], number, texts[2]))
    return found


def _sheet(path: Path) -> list[tuple[Any, ...]]:
    try:
        from openpyxl import load_workbook
        from openpyxl.utils.exceptions import InvalidFileException
    except ImportError:
        raise DataError(f"{path}: reading workbooks needs openpyxl: pip install 'reportqa[eval]'.") from None
    if not path.is_file():
        raise DataError(f"{path} does not exist: put the set's file there.")
    try:
        with closing(load_workbook(path, read_only=True, data_only=True)) as book:
            rows = [tuple(row) for row in book.worksheets[0].values]
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise DataError(f"{path} cannot be read as a workbook ({error}). {REMEDY}") from None
    return rows or [()]
