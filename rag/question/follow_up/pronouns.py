"""Words of a question that stand for something said before it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rag.question.follow_up.read import Clause, shares
from rag.question.follow_up.tokens import Span
from rag.question.follow_up.vocabulary import (
    ARTICLES,
    AUX,
    BE,
    CLITICS,
    DEMONSTRATIVE,
    DO,
    GENERIC,
    GROUPS,
    LIGHT,
    LOCATIVE,
    MANY,
    META,
    PERSON,
    PLACES,
    POINTING,
    POSSESSIVE,
    SUBORDINATE,
    THERE,
    THING,
    TIMES,
    WH,
)
from rag.text import is_stop


class Stands(StrEnum):
    """What a pronoun stands for."""

    THING = "thing"
    MANY = "many"
    PERSON = "person"
    PLACE = "place"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Pronoun:
    """A pronoun, or a demonstrative with its noun ("that programme"), at a span of tokens."""

    span: Span
    stands: Stands
    possessive: bool = False
    clitic: bool = False


def pronoun_of(clause: Clause, earlier: frozenset[str] = frozenset()) -> Pronoun | None:
    """The first pronoun whose meaning lies outside of the question.

    :param earlier: stems of the question before; "those kits" points back only when it spoke of kits.
    """
    for index in range(clause.opened, len(clause.tokens)):
        found = _at(clause, index, earlier)
        if found is not None and not _meant_inside(clause, found):
            return found
    return None


def _at(clause: Clause, index: int, earlier: frozenset[str]) -> Pronoun | None:
    token = clause.tokens[index]
    word, span = token.word, Span(index, index + 1)
    if clause.dated(index) or clause.named(index):
        return None
    if word in THERE:
        return Pronoun(span, Stands.PLACE) if _there(clause, index) else None
    if word == "then" and index and clause.words()[index - 1] in {"since", "by", "until", "before"}:
        return Pronoun(span, Stands.TIME)
    if word == "entonces" and index and clause.words()[index - 1] in {"desde", "hasta", "para"}:
        return Pronoun(span, Stands.TIME)
    if word in POSSESSIVE and (clause.language == "es" or word not in {"su", "sus"}):
        if word == "her" and not (index + 1 < len(clause.tokens) and clause.content(index + 1)):
            return Pronoun(span, Stands.PERSON)
        stands = {"its": Stands.THING, "their": Stands.MANY}.get(word, Stands.THING)
        return Pronoun(span, Stands.PERSON if word in {"his", "her"} else stands, possessive=True)
    if word in DEMONSTRATIVE and (noun := _pointed(clause, index, earlier)):
        return noun
    if clause.language == "es" and word in CLITICS and _clitic(clause, index):
        return Pronoun(span, Stands.MANY if word.endswith("s") else Stands.THING, clitic=True)
    return _alone(clause, index)


def _alone(clause: Clause, index: int) -> Pronoun | None:
    token, span = clause.tokens[index], Span(index, index + 1)
    word = token.word
    following = clause.tokens[index + 1].word if index + 1 < len(clause.tokens) and not token.ends else ""
    if word in {"that", "this"} and not _stands_alone(clause, index, following):
        return None
    if word in {"those", "these"} and following and not (following in AUX or following in clause.prepositions()):
        return None
    if word in {"those", "that"} and following in {"who", "with", "without", "in", "from", "of"}:
        return None
    if word == "it" and _expletive(clause, index):
        return None
    if clause.language == "es" and word in POINTING:
        last = not following or following in AUX | clause.prepositions()
        return Pronoun(span, Stands.MANY) if last and "tá" not in token.text else None
    if word in PERSON or token.text.lower() == "él":
        return Pronoun(span, Stands.PERSON)
    if word in MANY:
        return Pronoun(span, Stands.MANY)
    return Pronoun(span, Stands.THING) if word in THING and word != "its" else None


def _stands_alone(clause: Clause, index: int, following: str) -> bool:
    """Whether "that" is no conjunction, no relative, and determines no noun."""
    if not following:
        return True
    if index and clause.words()[index - 1] in DO:
        return True
    verb = following in AUX or is_stop(following) or clause.verb(index + 1)
    return verb and _no_relative(clause, index)


def _no_relative(clause: Clause, index: int) -> bool:
    """Whether what stands before "that" leaves it no conjunction and no relative pronoun."""
    before = clause.words()[index - 1] if index > clause.opened else ""
    return index in (clause.opened, clause.asking.last) or before in AUX | clause.prepositions() | {"than", "and", "or"}


def _pointed(clause: Clause, index: int, earlier: frozenset[str]) -> Pronoun | None:
    """A demonstrative with its noun: "that programme", "those women", "ese año"."""
    words, last = clause.words(), index + 1
    while last < len(words) and words[last] in DEMONSTRATIVE and not clause.tokens[last - 1].ends:
        last += 1
    if last >= len(words) or clause.tokens[last - 1].ends or (index and words[index - 1] in {"all", "todos", "todas"}):
        return None
    noun = words[last]
    bare = words[index] in {"same", "mismo", "misma"} and index and words[index - 1] not in ARTICLES
    if bare or (words[index] in {"such", "said"} and noun not in GENERIC):
        return None
    if words[index] == "that" and not (_no_relative(clause, index) or noun in GENERIC | TIMES | PLACES):
        return None
    first = index - 1 if index and words[index - 1] in ARTICLES else index
    span = Span(first, last + 1)
    if noun in TIMES:
        return Pronoun(span, Stands.TIME)
    if noun in PLACES:
        return Pronoun(span, Stands.PLACE)
    if noun in GENERIC or shares(noun, earlier):
        return Pronoun(span, Stands.MANY if noun in GROUPS else Stands.THING)
    return Pronoun(span, Stands.MANY) if noun in GROUPS else None


def _clitic(clause: Clause, index: int) -> bool:
    """Whether "los" stands before a verb of its own: "¿quién los financió?"."""
    if index + 1 >= len(clause.tokens):
        return False
    if clause.wh.startswith("quien") and index == clause.asking.last:
        return True  # no article stands there, whatever follows
    if not clause.verb(index + 1):
        return False
    if clause.words()[index] in {"le", "les"} and "a" in clause.words(clause.asking):
        return False  # "¿a quién se le dio ...?" asks for the one that "le" stands for
    before = clause.words()[index - 1] if index > clause.opened else ""
    return index == clause.asking.last or index == clause.noun.last or before in {"no", "se"}


def _there(clause: Clause, index: int) -> bool:
    """Whether "there" is a place: not "there were", "were there"."""
    if clause.tokens[index].word != "there":
        return True
    words = clause.words()
    before, after = words[index - 1] if index else "", words[index + 1] if index + 1 < len(words) else ""
    if after in BE | {"has", "have", "had", "will", "would", "any"}:
        return False
    return before not in BE | {"been", "be"} or not after


def _expletive(clause: Clause, index: int) -> bool:
    """Whether "it" means nothing: "is it hard for", "does it take to"."""
    words = clause.words()
    later = words[index + 1 : index + 3]
    adjective = bool(index) and words[index - 1] in BE and later[1:] and later[1] in {"to", "for", "that"}
    return bool(adjective) or (later[:1] in (["take"], ["takes"], ["took"]) and "to" in later[1:])


def _meant_inside(clause: Clause, found: Pronoun) -> bool:
    """Whether the question itself says what is meant.

    A pronoun takes its meaning from an earlier clause of the question, a possessive from an
    earlier noun of its own clause too ("how many people had *their* papers renewed").
    """
    if found.stands in (Stands.PLACE, Stands.TIME):
        before = range(clause.opened, found.span.first)
        if found.stands is Stands.TIME:
            return any(clause.dated(i) for i in before)
        return any(clause.named(i) and _located(clause, i) for i in before)
    if found.possessive:
        return _owned_inside(clause, found)
    seen = False
    for index in range(clause.opened, found.span.first):
        token = clause.tokens[index]
        noun = clause.content(index) and token.word not in META and not clause.verb(index)
        seen = seen or noun or clause.named(index)
        if seen and (token.ends or _begins_clause(clause, index)):
            return True
    return False


def _begins_clause(clause: Clause, index: int) -> bool:
    word = clause.tokens[index].word
    if word in {"and", "y"}:
        following = clause.words(Span(index + 1, index + 3))
        return any(word in AUX or WH.fullmatch(word) for word in following)
    return word in SUBORDINATE and index not in clause.asking


def _located(clause: Clause, index: int) -> bool:
    span = clause.preposition_of(Span(index, index + 1))
    return bool(set(clause.words(span)) & LOCATIVE)


def _owned_inside(clause: Clause, found: Pronoun) -> bool:
    words, first = clause.words(), found.span.first
    if first and words[first - 1] in {"did", "do", "does"}:
        return False
    if words[first] in {"su", "sus"}:
        return _owned_behind(clause, first)
    for index in range(clause.opened, first):
        word = words[index]
        empty = (word in META or word in LIGHT) and not (words[first] == "their" and word.endswith("s"))
        if clause.named(index) or (clause.content(index) and not empty):
            return True
    return False


def _owned_behind(clause: Clause, first: int) -> bool:
    """Whether "su" has an owner anywhere in the question: a Spanish subject often follows its verb."""
    words = clause.words()
    for index in range(clause.opened, len(words)):
        if index in (first, first + 1) or clause.dated(index):
            continue
        if clause.named(index) and not _located(clause, index):
            return True
        if clause.content(index) and not clause.named(index) and words[index] not in META and not clause.verb(index):
            return True
    return False
