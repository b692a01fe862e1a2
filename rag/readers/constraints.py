"""What no likeness makes up for: the period, the names and the kind of thing that a question asks for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

import numpy as np

from rag.facts import Name, NameIndex
from rag.matching import PassageView, UnitView
from rag.periods import OTHER
from rag.question import Question, Want
from rag.readers.features import Features, counts_others
from rag.schema import UnitKind
from rag.text import fold, plain, words

# Money that was asked for is not money that came in; folded.
_ASKED_FOR = re.compile(
    r"\b(?:request\w*|requir\w*|ask(?:ed|ing|s)?|appeal\w*|sought|solicit\w*|requer\w*|pedi[do]\w*|llamamiento)\b"
)
_CAME_IN = re.compile(
    r"\b(?:funded|received|raised|mobili[sz]ed|disbursed|contributed|secured|came in|come in|financiad[oa]s?|recib\w*"
    r"|recaud\w*|movilizad[oa]s?|desembolsad[oa]s?)\b"
)
_MUCH = 2  # content words of the question, names not counted


class Constraint(StrEnum):
    """A constraint of the question that a unit fails."""

    PERIOD = "period"
    NAME = "name"
    KIND = "kind"
    RELATION = "relation"
    BOTH = "kind and relation"
    SIDE = "side"


SOFT = frozenset({Constraint.KIND, Constraint.RELATION})
"""Told by rules over words, which paraphrases break: they only count against a unit that was read closely."""


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
            if self._here[index].lacks(name)
            and (not self._acronym(name) or report.lacks(name))
            and not self._translated(name, self._views[index])
        ]

    def _translated(self, name: Name, view: PassageView) -> bool:
        """Whether every word of a name stands here as a translation or synonym: "sector Alojamiento"."""
        held = np.maximum.reduce([view.around, *(unit.held for unit in view.units)])
        present = {term.word for term, there in zip(self._question.terms, held, strict=True) if there}
        return set(name.words) <= present

    def _acronym(self, name: Name) -> bool:
        written = self._question.text[name.start : name.end]
        return len(written) > 1 and written.isupper()


def failed(question: Question, unit: UnitView, features: Features, missing: Sequence[Name]) -> Constraint | None:
    """The first constraint that a unit fails, None when it meets all.

    Who did something is answered only by a sentence that says that somebody did it.
    """
    if question.periods and features.period == OTHER:
        return Constraint.PERIOD
    if missing:
        return Constraint.NAME
    if unit.unit.kind is UnitKind.ROW and _negated(unit.text) != bool(question.excluded & _words(unit.text)):
        return Constraint.SIDE
    if unit.unit.kind is UnitKind.ROW and _other_money(question, unit):
        return Constraint.SIDE
    if counts_others(question, unit):
        return Constraint.SIDE
    lacks_kind = bool(question.wants - {Want.LIST, Want.REASON}) and features.kind == 0.0
    lacks_deed = not _says_deed(question, unit)
    if lacks_kind and lacks_deed:
        return Constraint.BOTH
    return Constraint.KIND if lacks_kind else Constraint.RELATION if lacks_deed else None


def _says_deed(question: Question, unit: UnitView) -> bool:
    """Whether a unit holds the verb of the question or, said otherwise, much of what goes with it."""
    terms = [term.word for term in question.terms]
    if question.deed not in terms:
        return True
    place = terms.index(question.deed)
    behind = zip(terms[place + 1 :], unit.held[place + 1 :], strict=True)
    objects = sum(held for word, held in behind if word not in question.name_words)
    return bool(unit.held[place]) or objects >= _MUCH


def _negated(row: str) -> bool:
    """Whether a row counts what is not its label: "NO RMRP", "Sin seguro"."""
    return re.match(r"\W*(?:no|non|not|without|sin)\b", fold(row)) is not None


def _other_money(question: Question, unit: UnitView) -> bool:
    """Whether a row gives money that came in where what was asked for is asked about, or the reverse."""
    # What stands in brackets behind a part of a question is what the whole is about.
    asked, row = fold(question.text.partition(" (")[0]), fold(" ".join((unit.unit.title, *unit.unit.heads, unit.text)))
    if not any(sign in row for sign in "$€£") and not re.search(r"\b(?:usd|pen|eur|fund|budget|presupuesto)", row):
        return False
    wanted, given = ((bool(_ASKED_FOR.search(text)), bool(_CAME_IN.search(text))) for text in (asked, row))
    return wanted in ((True, False), (False, True)) and given == wanted[::-1]


def _words(text: str) -> frozenset[str]:
    return frozenset(fold(match.group()) for match in words(text))


def _around(view: PassageView) -> str:
    passage = view.passage
    return f"{passage.report.title}\n{passage.report.publisher}\n{passage.chunk.context}\n{plain(passage.chunk.text)}"
