"""The phrases of a fragment: "for women", "in Arica", "in the whole of 2019"."""

from __future__ import annotations

from dataclasses import dataclass

from rag.question.follow_up.read import Clause, is_group
from rag.question.follow_up.slots import date_slots, place_slots
from rag.question.follow_up.tokens import Span
from rag.question.follow_up.vocabulary import ARTICLES, AUX, CLOSERS, SCOPE
from rag.text import is_stop

_OUTER = frozenset("whole all todo ano year".split())


@dataclass(frozen=True, slots=True)
class Piece:
    """A phrase of a fragment: its preposition, if any, and the tokens behind it."""

    clause: Clause
    lead: Span
    core: Span

    @property
    def text(self) -> str:
        """Preposition and phrase."""
        shown = self.clause.shown(Span(self.lead.first, self.core.last))
        return shown[:1].lower() + shown[1:] if self.lead.first < self.lead.last else shown

    @property
    def bare(self) -> str:
        """The phrase without its preposition."""
        return self.clause.shown(self.core)

    @property
    def prepositions(self) -> frozenset[str]:
        """Words of the preposition that are no articles."""
        return frozenset(self.clause.words(self.lead)) - ARTICLES


def pieces_of(clause: Clause, *, verbless: bool) -> list[Piece]:
    """The phrases of a fragment in order; with ``verbless`` every word is part of one.

    Else verbs, auxiliaries and what only asks are left out.
    """
    pieces: list[Piece] = []
    index, last = clause.rest.first if clause.asking.first < clause.asking.last else clause.opened, len(clause.tokens)
    while index < last:
        word = clause.tokens[index].word
        if word in CLOSERS or (not verbless and not clause.dated(index) and _asks_only(clause, index)):
            index += 1
            continue
        lead = index
        while index < last - 1 and (clause.tokens[index].word in clause.prepositions() or _outer(clause, index)):
            index += 1
        core = index
        index = _end_of(clause, index, verbless)
        pieces.append(Piece(clause, Span(lead, core), Span(core, index)))
    return pieces


def _outer(clause: Clause, index: int) -> bool:
    """Whether a token stands between a preposition and its date: "in *the whole* of 2023"."""
    if clause.tokens[index].word in ARTICLES and clause.dated(index + 1):
        return True
    words = clause.words()[index : index + 4]
    dated = any(clause.dated(i) for i in range(index, index + len(words)))
    return dated and words[0] in {"the", "el", "whole", "all", "todo"} and bool(set(words[:3]) & _OUTER)


def _asks_only(clause: Clause, index: int) -> bool:
    word = clause.tokens[index].word
    if clause.named(index) or word in clause.prepositions():
        return False
    return word in AUX or clause.verb(index) or (is_stop(word) and word not in ARTICLES) or word in {"more", "less"}


def _end_of(clause: Clause, index: int, verbless: bool) -> int:
    """Where a phrase ends that begins at a token: at the next preposition, date or comma."""
    begin = index
    for span, _ in clause.dates:
        if begin in span:
            return span.last
    for span in clause.names:
        if begin in span and not verbless:
            return span.last
    while index < len(clause.tokens):
        token = clause.tokens[index]
        scope = token.word in SCOPE and index > begin
        inner = token.word in {"of", "de", "del", "with", "con", "under", "without", "sin", "outside", "fuera"}
        place = token.word in clause.prepositions() and not inner and not is_group(clause, Span(begin, index))
        setting = index > begin and any(index == slot.first for slot in [*date_slots(clause), *place_slots(clause)])
        if index > begin and (setting or clause.dated(index) or token.word in CLOSERS or (place and not scope)):
            break
        index += 1
        if token.ends:
            break
    return index
