"""Humanitarian texts of HumSet, the first 4,000 characters of each report, with questions of our own.

The questions are in files beside this module: ``humset_dev.jsonl``, over one shelf of reports on Latin America, and
``humset_parts.jsonl``, over reports on Libya, Syria, Sudan and Yemen, where comparisons, lists and follow-ups are many.
These are development data; on ``humset_held.jsonl``, over reports from many countries, nothing was tuned. The reader
learns from other shelves (``rag.train.shelves``), not from these.
"""

from __future__ import annotations

from pathlib import Path

from eval.check import load_questions
from eval.questions import SETS, Document, TestSet
from eval.sets.rows import DataError
from rag.train.common import DataFolder
from rag.train.shelves import TEXTS, texts_of


def load_humset_dev(data: Path) -> TestSet:
    """Questions over reports on Latin America. Errors as :func:`load_humset_parts`."""
    return _load("humset_dev", data)


def load_humset_parts(data: Path) -> TestSet:
    """Comparisons, lists, follow-ups and others; one document for each text of the shelf.

    :raises DataError: the file of texts is missing or lacks one of them.
    :raises SetError: a text is not the one that the questions were written from.
    """
    return _load("humset_parts", data)


def load_humset_held(data: Path) -> TestSet:
    """Questions that nothing was tuned on. Errors as :func:`load_humset_parts`."""
    return _load("humset_held", data)


def _load(name: str, data: Path) -> TestSet:
    path = SETS / f"{name}.jsonl"
    wanted = sorted({span.report for question in load_questions(path) for span in question.evidence})
    texts = texts_of(DataFolder(data))
    missing = [id for id in wanted if id not in texts]
    if missing:
        raise DataError(f"{data / TEXTS} holds no text {missing[0]}: put the set's own file there.")
    documents = tuple(Document(id, texts[id]) for id in wanted)
    return TestSet(name, load_questions(path, texts), documents=documents)
