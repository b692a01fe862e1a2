"""Example questions made from the reports at hand, each one that the assistant answers from where it was made."""

from __future__ import annotations

import logging
import re
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest
from typing import Protocol

from rag.errors import RagError
from rag.schema import Answer, BlockKind, ReportInfo, Section, Verdict
from rag.text import language_of, sentence_spans
from ui.api.admission import Admission
from ui.example_rules import questions

SHOWN = 4
TRIED = 40  # questions that are tried before fewer examples are shown
PER_REPORT = 12

log = logging.getLogger(__name__)


class Assistant(Protocol):
    """What examples are made with."""

    def query(self, question: str) -> Answer:
        """Answer. Raises RagError."""
        ...

    def reports(self) -> Sequence[ReportInfo]:
        """List the reports in the index. Raises RagError."""
        ...

    def report_text(self, report_id: str) -> str:
        """Give the full text of a report. Raises RagError."""
        ...

    def sections(self, report_id: str) -> Sequence[Section]:
        """Give the sections of a report in text order. Raises RagError."""
        ...


@dataclass(frozen=True, slots=True)
class Example:
    """A question with the span of the report that it was made from."""

    question: str
    language: str
    report_id: str
    start: int
    end: int


class Examples:
    """Examples for the reports now in the index, found in the background once for each state of the index.

    Finding them takes places of ``admission``, as the questions of programs do.
    """

    def __init__(self, assistant: Assistant, admission: Admission) -> None:
        self._assistant = assistant
        self._admission = admission
        self._lock = threading.Lock()
        self._state: object = None
        self._found: tuple[Example, ...] = ()
        self._finding = False

    def shown(self, language: str) -> tuple[tuple[str, ...], bool]:
        """At most four questions, those in ``language`` first, and whether more are being looked for."""
        try:
            state = tuple((report.id, report.sha256) for report in self._assistant.reports())
        except RagError:
            return (), False
        with self._lock:
            if state != self._state:
                self._state, self._found, self._finding = state, (), bool(state)
                if state:
                    threading.Thread(target=self._find, args=(state,), name="examples", daemon=True).start()
            ordered = sorted(self._found, key=lambda one: one.language != language)
            return tuple(one.question for one in ordered[:SHOWN]), self._finding

    def _find(self, state: object) -> None:
        try:
            for example in islice(candidates(self._assistant), TRIED):
                if self._is_enough(state):
                    return
                with self._admission.place("program"):  # whoever asks goes before or beside
                    answer = self._assistant.query(example.question)
                if is_answered(answer, example):
                    with self._lock:
                        if self._state == state:
                            self._found = (*self._found, example)
        except RagError as error:
            log.warning("No example questions could be made: %s", error)
        finally:
            with self._lock:
                if self._state == state:
                    self._finding = False

    def _is_enough(self, state: object) -> bool:
        with self._lock:
            per_language = [sum(one.language == language for one in self._found) for language in ("en", "es")]
            return self._state != state or max(per_language) >= SHOWN


def is_answered(answer: Answer, example: Example) -> bool:
    """Whether all of the answer is supported, and its first sentence cites the one that the question was made of.

    Not by OCR: what it misread would stand in the question.
    """
    if answer.status != "answered" or any(one.verdict is not Verdict.SUPPORTED for one in answer.sentences):
        return False
    if any(citation.ocr is not None for citation in answer.citations):
        return False
    first = answer.sentences[0].markers if answer.sentences else ()
    return any(
        citation.marker in first
        and citation.report_id == example.report_id
        and citation.start < example.end
        and example.start < citation.end
        for citation in answer.citations
    )


def candidates(assistant: Assistant) -> Iterator[Example]:
    """Questions made by rule, from all reports in turn; none that two sentences make. Raises RagError."""
    made = [list(islice(_of_report(assistant, report), PER_REPORT)) for report in assistant.reports()]
    count = Counter(example.question for row in made for example in row)
    for row in zip_longest(*made):
        yield from (example for example in row if example is not None and count[example.question] == 1)


def _of_report(assistant: Assistant, report: ReportInfo) -> Iterator[Example]:
    text = assistant.report_text(report.id)
    for start, end in _sentences(assistant.sections(report.id), text):
        sentence = _plain(text[start:end])
        language = language_of(sentence)
        for question in questions(sentence, language):
            yield Example(question, language, report.id, start, end)


def _plain(sentence: str) -> str:
    """On one line, without list marks, emphasis and the number of a counted paragraph."""
    line = " ".join(sentence.replace("*", "").split())
    return re.sub(r"^[-•●–\s]+|^\d+\) |^\d{1,3}\. +(?=[“\"¿]?[A-ZÁÉÍÓÚÑ])", "", line)


def _sentences(sections: Iterable[Section], text: str) -> Iterator[tuple[int, int]]:
    for section in sections:
        for block in section.blocks:
            if block.kind in (BlockKind.PROSE, BlockKind.LIST):
                yield from sentence_spans(text, block.start, block.end)
