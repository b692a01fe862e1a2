"""What no likeness makes up for: the period, the names and the kind of thing that a question asks for."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from rag.facts import Name, NameIndex
from rag.matching import PassageView, UnitView
from rag.periods import OTHER
from rag.question import Question, Want
from rag.readers.features import Features
from rag.text import plain


_MUCH = 2  # content words of the question, names not counted


class Constraint(StrEnum):
    """A constraint of the question that a unit fails."""

    PERIOD = "period"
    NAME = "name"
    KIND = "kind"
    RELATION = "relation"


class NameCheck:
    """Whether the names of a question stand in a passage, its headings or its report's title.

    An acronym may also stand in another passage of the same report: what the report is about is
    not repeated in each of its parts. A place or a group of people must stand here.
    """

    def __init__(self, question: Question, views: Sequence[PassageView]) -> None:
        self._question = question
        self._here = [NameIndex([_around(view)]) for view in views]
        texts: dict[str, list[str]] = {}
        for view in views:
            texts.setdefault(view.passage.report.id, []).append(_around(view))
        self._reports = {report: NameIndex(parts) for report, parts in texts.items()}
        self._views = views

    def missing(self, index: int) -> list[Name]:
        """Names that passage ``index`` lacks."""
        report = self._reports[self._views[index].passage.report.id]
        return [
            name
            for name in self._question.names
            if self._here[index].lacks(name) and (not self._acronym(name) or report.lacks(name))
        ]

    def _acronym(self, name: Name) -> bool:
        written = self._question.text[name.start : name.end]
        return len(written) > 1 and written.isupper()


def failed(
    question: Question, unit: UnitView, features: Features, missing: Sequence[Name]
) -> Constraint | None:
    """The first constraint that a unit fails, None when it meets all.

    Who did something is answered only by a sentence that says that somebody did it.
    """
    if question.periods and features.period == OTHER:
        return Constraint.PERIOD
    if missing:
        return Constraint.NAME
    if question.wants - {Want.LIST, Want.REASON} and features.kind == 0.0:
        return Constraint.KIND
    if not _says_deed(question, unit):
        return Constraint.RELATION
    return None


def _says_deed(question: Question, unit: UnitView) -> bool:
    """Whether a unit holds the verb of the question or, said otherwise, much of what goes with it."""
    names = question.name_words
    held = {
        term.word
        for term, present in zip(question.terms, unit.held, strict=True)
        if present and term.word not in names
    }
    asked = {term.word for term in question.terms}
    return question.deed not in asked or question.deed in held or len(held) >= _MUCH


def _around(view: PassageView) -> str:
    passage = view.passage
    return f"{passage.report.title}\n{passage.report.publisher}\n{passage.chunk.context}\n{plain(passage.chunk.text)}"
