"""Humanitarian texts of HumSet, the first 4,000 characters of each report, with questions of our own.

The questions are in ``humset_dev.jsonl`` beside this module, over one shelf of reports on Latin America; all of
them are development data. The reader learns from other shelves (``rag.train.shelves``), not from this one.
"""

from __future__ import annotations

from pathlib import Path

from eval.check import load_questions
from eval.questions import SETS, Document, TestSet
from eval.sets.rows import DataError
from rag.train.common import DataFolder
from rag.train.shelves import TEXTS, texts_of

_FILE = SETS / "humset_dev.jsonl"


def load_humset_dev(data: Path) -> TestSet:
    """One document for each text of the shelf.

    :raises DataError: the file of texts is missing or lacks one of them.
    :raises SetError: a text is not the one that the questions were written from.
    """
    wanted = sorted({span.report for question in load_questions(_FILE) for span in question.evidence})
    texts = texts_of(DataFolder(data))
    missing = [id for id in wanted if id not in texts]
    if missing:
        raise DataError(f"{data / TEXTS} holds no text {missing[0]}: put the set's own file there.")
    documents = tuple(Document(id, texts[id]) for id in wanted)
    return TestSet("humset_dev", load_questions(_FILE, texts), documents=documents)
