"""An earlier question with the pieces of a fragment ("and women in 2019?") in the place of its own."""

from __future__ import annotations

import re

from rag.facts.names import country
from rag.question.follow_up.pieces import Piece
from rag.question.follow_up.read import Clause, is_group, read, shares, stems_of
from rag.question.follow_up.slots import add, body_names, cut, date_slots, place_names, place_slots
from rag.question.follow_up.tokens import Span, looks_like_verb
from rag.question.follow_up.vocabulary import (
    AREAS,
    ARTICLES,
    AUX,
    GENERIC,
    GROUPS,
    META,
    SCOPE,
)
from rag.text import is_stop


def substitute(earlier: Clause, pieces: list[Piece]) -> str:
    """``earlier`` with every piece in the place of what it replaces, or at its end where it replaces nothing."""
    clause = earlier
    for piece in pieces:
        clause = read(_put(clause, piece), earlier.language)
    return clause.text


def _put(clause: Clause, piece: Piece) -> str:
    own = piece.clause
    if own.dated(piece.core.first):
        return put_date(clause, piece)
    words = [word for word in own.words(piece.core) if not is_stop(word)]
    named = [span for span in own.names if span.first in piece.core]
    if SCOPE & set(own.words(Span(piece.lead.first, piece.core.last))):
        return _put_scope(clause, piece)
    if is_group(own, piece.core) or (words and words[0] in GROUPS):
        return put_group(clause, piece)
    if named and len(words) <= sum(span.last - span.first for span in named):
        return _put_name(clause, piece, named[0])
    if words and words[-1] in AREAS and piece.prepositions:
        return _put_place(clause, piece)
    return _put_other(clause, piece, words)


def put_date(clause: Clause, piece: Piece) -> str:
    """With the date of ``piece`` for all of its own."""
    slots = date_slots(clause)
    if not slots:
        return add(clause.text, piece.text if piece.lead.first < piece.lead.last else f"{_within(clause)} {piece.bare}")
    first, mention = slots[0], clause.dates[0][0]
    bound = first.first == mention.first  # "the 2019 appeal": nothing to put a preposition in place of
    before = clause.tokens[mention.first - 1].word if mention.first else ""
    adjective = bound and bool(before) and (before in ARTICLES or not clause.tokens[mention.first - 1].ends)
    within = clause.words(Span(first.first, mention.first))
    attached = any(word in ARTICLES for word in within) and mention.last < len(clause.tokens)
    if adjective or attached:
        put, spans = piece.bare, [mention]
    elif piece.lead.first < piece.lead.last:
        put, spans = piece.text, [first]
    elif set(within) & {"between", "from", "entre", "since", "desde"}:
        put, spans = f"{_within(clause)} {piece.bare}", [first]
    else:
        put, spans = piece.bare, [mention]
    return cut(clause, [*spans, *slots[1:]], put)


def _within(clause: Clause) -> str:
    return "en" if clause.language == "es" else "in"


def put_group(clause: Clause, piece: Piece) -> str:
    """With other people: for those counted, else for the first that are spoken of."""
    put = re.sub(r"^(?:the|los|las|el|la)\s+", "", piece.bare, flags=re.IGNORECASE)
    counted = clause.noun
    if is_group(clause, counted):
        return agreeing(cut(clause, [counted], put), put, clause)
    for index in range(clause.opened, len(clause.tokens)):
        if clause.tokens[index].word in GROUPS:
            last = index + 1
            while last < len(clause.tokens) - 1 and clause.tokens[last].word in {"and", "y"}:
                last += 2
            return cut(clause, [Span(index, last)], put)
    if piece.prepositions:
        return add(clause.text, piece.text)
    return add(clause.text, f"{'para' if clause.language == 'es' else 'for'} {put}")


def agreeing(text: str, noun: str, clause: Clause) -> str:
    """With the gender of ``noun`` in the Spanish interrogative."""
    if clause.language != "es":
        return text
    feminine = re.match(r"\w*(?:as|ciones|dades|mujeres|madres)\b", noun.lower()) is not None
    return re.sub(r"(?i)\b(cu[aá]nt)[oa]s\b", rf"\1{'as' if feminine else 'os'}", text, count=1)


def _put_name(clause: Clause, piece: Piece, name: Span) -> str:
    own = piece.clause
    bodies, places = body_names(clause), place_names(clause)
    land = any(country(word) == word for word in own.words(name))
    told = bool(piece.prepositions & {"in", "at", "near", "en", "from", "desde", "across", "around", "a"})
    if own.body(name) or (piece.prepositions & {"by", "por"} and not land):
        organisations = [span for span in bodies if clause.body(span)] or bodies
        if organisations:
            return _swap_name(clause, organisations, piece)
        by = "por" if clause.language == "es" else "by"
        return add(clause.text, piece.text if piece.prepositions else f"{by} {piece.bare}")
    if land or told or places or not bodies:
        return _put_place(clause, piece)
    return _swap_name(clause, bodies, piece)


def _swap_name(clause: Clause, spans: list[Span], piece: Piece) -> str:
    """With the piece's name for the one behind the same preposition, else for the first."""
    same = [s for s in spans if set(clause.words(clause.preposition_of(s))) & piece.prepositions]
    chosen = (same or spans)[0]
    owner = "'s" if clause.tokens[chosen.last - 1].text.endswith(("'s", "’s")) else ""
    return cut(clause, [chosen], piece.bare + owner)


def _put_place(clause: Clause, piece: Piece) -> str:
    slots, names = place_slots(clause), place_names(clause)
    if not slots:
        return add(clause.text, piece.text if piece.prepositions else f"{_within(clause)} {piece.bare}")
    same = [slot for slot in slots if set(clause.words(slot)) & piece.prepositions]
    chosen = (same or slots)[0]
    if piece.prepositions:
        # A place that only says where the other lies ("in Arica in Chile") goes with it.
        beside = [slot for slot in slots if slot.first == chosen.last]
        return cut(clause, [chosen, *beside], piece.text)
    inside = [span for span in names if span.first in chosen]
    return cut(clause, inside[:1] or [chosen], piece.bare)


def _put_scope(clause: Clause, piece: Piece) -> str:
    """With "outside the plan" for "under the plan"; the earlier name of the plan stays."""
    text, own = clause.text, piece.text
    for index, token in enumerate(clause.tokens):
        if token.word in SCOPE:
            last = index + 1
            while last < len(clause.tokens) and clause.tokens[last].word not in clause.prepositions() | AUX:
                if clause.dated(last) or clause.verb(last):
                    break
                last += 1
            behind = clause.shown(Span(index + 1, last))
            tail = piece.clause.tokens[piece.core.last - 1]
            if tail.word in GENERIC and behind:
                own = re.sub(rf"(?:\b(?:the|el|la)\s+)?{re.escape(tail.text)}$", behind, own)
            text = cut(clause, [Span(index, last)])
            break
    return add(text, own)


def _put_other(clause: Clause, piece: Piece, words: list[str]) -> str:
    """With a thing for the one that shares a word with it, that has its preposition, or that was counted."""
    if not words or (piece.prepositions and set(words) <= META):
        return add(clause.text, piece.text)  # "in total"
    phrases = _phrases(clause)
    stems = frozenset(stem for word in words[-1:] for stem in stems_of(read(word, clause.language)))
    bare = re.sub(r"^(?:the|los|las|el|la)\s+", "", piece.bare, flags=re.IGNORECASE)
    for _, core in phrases:
        for index in range(core.first, core.last):
            if shares(clause.tokens[index].word, stems):
                return cut(clause, [Span(core.first, index + 1)], bare)
    same = [core for lead, core in phrases if set(clause.words(lead)) & piece.prepositions]
    if same:
        return cut(clause, [same[-1]], bare)
    if piece.prepositions:
        return add(clause.text, piece.text)
    counted = clause.noun
    things = [core for lead, core in phrases if not _people_or_place(clause, core)]
    kinds = clause.words(clause.rest)[:1] in (["of"], ["de"]) and not words[-1].endswith("s")
    if kinds and things:
        behind = [core for core in things if core.first >= clause.rest.first]  # the cholera of "cases of cholera"
        return cut(clause, [(behind or things[-1:])[0]], bare)
    if counted.first < counted.last and not is_group(clause, counted) and clause.words(counted)[-1] not in META:
        return agreeing(cut(clause, [counted], bare), bare, clause)
    if things:
        return cut(clause, [things[-1]], bare)
    return add(clause.text, f"({piece.bare})")


def _people_or_place(clause: Clause, core: Span) -> bool:
    return any(clause.named(i) or clause.tokens[i].word in GROUPS | AREAS for i in range(core.first, core.last))


def _phrases(clause: Clause) -> list[tuple[Span, Span]]:
    """Runs of content words, each with the prepositions and articles before it; no verbs, dates or counted noun."""
    found, index = [], clause.noun.first
    while index < len(clause.tokens):
        first = index
        while index < len(clause.tokens) and _inside(clause, index):
            index += 1
            if clause.tokens[index - 1].ends:
                break
        if first < index:
            found.append((clause.preposition_of(Span(first, index)), Span(first, index)))
        else:
            index += 1
    return [(lead, core) for lead, core in found if core.first >= clause.noun.last or not is_group(clause, core)]


def _inside(clause: Clause, index: int) -> bool:
    token = clause.tokens[index]
    if clause.dated(index) or not clause.content(index) or token.word in AUX:
        return False
    return clause.named(index) or not looks_like_verb(token.text) or token.word in GROUPS
