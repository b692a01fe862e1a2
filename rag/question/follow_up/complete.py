"""A question made to stand by itself, from the one before it and that one's answer."""

from __future__ import annotations

import re

from rag.question.follow_up.depends import Lack, lack_of
from rag.question.follow_up.pieces import Piece, pieces_of
from rag.question.follow_up.pronouns import Stands, pronoun_of
from rag.question.follow_up.read import Clause, is_group, read, shares, stems_of
from rag.question.follow_up.recast import recast
from rag.question.follow_up.resolve import fitting, resolved
from rag.question.follow_up.slots import (
    add,
    cut,
    date_phrase,
    has_article,
    place_names,
    place_phrase,
    place_slots,
    tidy,
)
from rag.question.follow_up.substitute import agreeing, put_group, substitute
from rag.question.follow_up.times import last_time, made_absolute
from rag.question.follow_up.tokens import Span
from rag.question.follow_up.topic import answered_names, definite, end_of_verb, thing_counted, topic_of
from rag.question.follow_up.vocabulary import AUX, BE, DO, LIGHT, META, PLACES, TIMES
from rag.text import language_of

_PRONOUNS = 3  # resolved in one question


def complete(question: str, earlier: str, answer: str = "") -> str:
    """``question`` with what it leaves to ``earlier``; unchanged when it stands by itself.

    :param earlier: the question before, itself complete.
    :param answer: what was answered to it, with its markers.
    """
    clause = read(question, language_of(earlier))
    before = read(recast(earlier, clause.language), clause.language)
    lack, pronoun = lack_of(clause, before)
    if lack is Lack.NOTHING or not before.tokens:
        return question
    base = last_time(before, answer)
    clause = read(made_absolute(clause.text, base, clause.language), clause.language)
    lack, pronoun = lack_of(clause, before)
    if lack is Lack.FRAME:
        made = _frame(clause, before)
    elif lack is Lack.EVENT:
        made = _event(clause, before)
    elif lack is Lack.WHOLE:
        made = _whole(clause, before, answer)
    elif lack is Lack.MEANING and pronoun is not None:
        made = _meaning(clause, before, answer)
    elif lack is Lack.TOPIC:
        made = _topic(clause, before, answer)
    else:
        made = _setting(clause, before, answer)
    return as_question(made, clause)


def as_question(text: str, clause: Clause) -> str:
    """``text`` with a capital and its question marks."""
    bare = tidy(text).strip("¿?¡! .,")
    bare = bare[:1].upper() + bare[1:]
    if clause.language == "es":
        bare = re.sub(r"\b(de|a) el\b", lambda match: match[1] + "l", bare)
    return f"¿{bare}?" if clause.language == "es" else f"{bare}?"


def _own(clause: Clause) -> str:
    """The question without "and"."""
    return clause.shown(Span(clause.opened, len(clause.tokens)))


def _frame(clause: Clause, before: Clause) -> str:
    """The earlier question, with its pieces replaced; with its interrogative too, where that differs."""
    known = stems_of(before)
    pointing = pronoun_of(clause, known)
    if pointing is not None and pointing.stands is Stands.TIME and clause.rest.first < pointing.span.first:
        kept = Span(clause.preposition_of(pointing.span).first, pointing.span.last)
        clause = read(cut(clause, [kept]), clause.language)  # "in Calama that year": the earlier time stays
    verbless = clause.asking.first == clause.asking.last and not any(word in AUX for word in clause.words())
    pieces = pieces_of(clause, verbless=verbless)
    if not verbless:
        pieces = [piece for piece in pieces if _new(piece, known)]
    if "than" in clause.words() and clause.dates and before.dates:
        compared = before.dates[0][0], clause.dates[0][0]
        both = " and ".join([before.shown(compared[0]), clause.shown(compared[1])])
        return cut(before, [compared[0]], both)
    start = before
    if clause.asking.first < clause.asking.last:
        start = read(_asked_anew(clause, before), before.language)
    return substitute(start, pieces)


def _new(piece: Piece, known: frozenset[str]) -> bool:
    clause = piece.clause
    inside = range(piece.core.first, piece.core.last)
    return any(clause.named(i) or clause.dated(i) for i in inside) or any(
        clause.content(i) and not shares(clause.tokens[i].word, known) for i in inside
    )


def _asked_anew(clause: Clause, before: Clause) -> str:
    """The earlier question with the interrogative of a brief one: "how many women?", "which districts?"."""
    noun = clause.noun
    if clause.counts and before.counts:
        if noun.first == noun.last:
            return before.text
        return put_group(before, Piece(clause, Span(noun.first, noun.first), noun))
    if noun.first == noun.last and before.noun.first < before.noun.last:
        return cut(before, [before.asking], clause.shown(clause.asking))
    asked = clause.shown(Span(clause.asking.first, noun.last))
    return f"{asked} {_body(before)}"


def _body(before: Clause) -> str:
    """The earlier question without its interrogative."""
    if before.asking.first == before.asking.last:
        return _own(before)
    first = before.asking.last
    share = before.noun.last if set(before.words(before.noun)) <= META else first  # "what share of the appeal"
    if share < len(before.tokens) and before.tokens[share].word in {"of", "de", "del"}:
        first = share + 1
    last = len(before.tokens)
    while last > first and before.tokens[last - 1].word in {"about", "called", "for", "like"}:
        last -= 1
    rest = before.rest.first
    if first < rest < last and before.tokens[rest].word in DO and before.language == "en":
        return _with_object(before, rest, last)
    body = before.shown(Span(first, last))
    return definite(body, "es") if before.language == "es" and before.noun.first < before.noun.last else body


def _with_object(before: Clause, first: int, last: int) -> str:
    """The object behind its verb: "did partners assist people in Arica"."""
    index = min(end_of_verb(before, first), last)
    noun = before.shown(before.noun)
    return tidy(f"{before.shown(Span(first, index))} {noun} {before.shown(Span(index, last))}")


def _event(clause: Clause, before: Clause) -> str:
    """The new circumstance of what was asked about before: "why", and the earlier question's body."""
    asked = clause.shown(Span(clause.asking.first, clause.noun.last))
    extra = [piece for piece in pieces_of(clause, verbless=False) if clause.dated(piece.core.first)]
    start = substitute(before, extra) if extra else before.text
    before = read(start, before.language)
    verb = before.rest.first
    by_subject = before.wh in {"who", "what"} and before.noun.first == before.noun.last
    if by_subject and before.language == "en" and verb < len(before.tokens) - 1:
        word = before.tokens[verb].word
        if word.endswith("ed") and before.verb(verb):
            return f"{asked} was {before.shown(Span(verb + 1, len(before.tokens)))} {word}"
    return f"{asked} {_inverted(_body(before), before)}"


def _inverted(body: str, before: Clause) -> str:
    """With its helping verb first, if it has one: "were people assisted in Arica"."""
    said = read(body, before.language)
    if before.language == "es" or any(word in DO for word in said.words()):
        return body
    helping = [i for i, token in enumerate(said.tokens) if token.word in BE | {"had", "has", "have"}]
    if not helping or helping[0] == 0:
        return body
    return f"{said.tokens[helping[0]].text} {cut(said, [Span(helping[0], helping[0] + 1)])}"


def _whole(clause: Clause, before: Clause, answer: str) -> str:
    counted = fitting(thing_counted(before) or topic_of(before, Stands.MANY, answer), clause)
    of = "de" if clause.language == "es" else "of"
    asked = agreeing(clause.shown(clause.asking), counted.split(" ", 1)[0], clause)
    rest = clause.shown(clause.rest)
    return f"{asked} {of} {definite(counted, clause.language)} {rest}"


def _meaning(clause: Clause, before: Clause, answer: str) -> str:
    known = stems_of(before)
    text = _own(clause)
    current = read(text, clause.language)
    for _ in range(_PRONOUNS):
        found = pronoun_of(current, known)
        if found is None:
            break
        meant = resolved(current, found, before, answer)
        if meant == current.text:
            break
        current = read(meant, clause.language)
        named = answered_names(before, answer)
        if found.stands not in (Stands.TIME, Stands.PLACE) and not (named and meant.find(named) >= 0):
            break  # a further pronoun now has its meaning inside the question
    if current.text == text:
        return _setting(clause, before, answer)
    return _set(current, clause, before)


def _topic(clause: Clause, before: Clause, answer: str) -> str:
    meant = definite(fitting(topic_of(before, Stands.THING, answer), clause), clause.language)
    words = [token.word for token in clause.tokens if token.word in LIGHT or token.word in META]
    last = words[-1] if words else ""
    by_subject = not any(word in AUX for word in clause.words(clause.rest))
    if last in LIGHT and LIGHT[last]:
        link = "" if clause.tokens[-1].word in clause.prepositions() else LIGHT[last]
        made = add(_own(clause), f"{link} {meant}")
    elif last in META and clause.tokens[-1].word == last:
        made = add(_own(clause), f"{'de' if clause.language == 'es' else 'of'} {meant}")
    elif (
        (by_subject and clause.tokens[-1].word == last)
        or clause.language == "es"
        or clause.tokens[-1].word in clause.prepositions()
    ):
        made = add(_own(clause), meant)
    else:
        made = add(_own(clause), f"({meant})")
    return _set(read(made, clause.language), clause, before)


def _setting(clause: Clause, before: Clause, answer: str) -> str:
    """A complete question with the time, the place and the topic that it shares with the one before."""
    known = stems_of(before)
    plain = [t.word for i, t in enumerate(clause.tokens) if i >= clause.opened and clause.content(i)]
    apart = not any(shares(word, known) for word in plain)
    text = _own(clause)
    named = [span for span in clause.names if span not in place_names(clause)]
    if apart and named:
        return clause.text  # a new topic, whatever the "and"
    if apart:
        meant = fitting(topic_of(before, Stands.THING, answer), clause)
        told = has_article(meant) or meant[:1].isupper()
        if told or not (before.counts and is_group(before, before.noun)):
            text = add(text, f"({meant})")
    return _set(read(text, clause.language), clause, before)


def _set(made: Clause, clause: Clause, before: Clause) -> str:
    """``made`` with the earlier time and place, where it has none and does not ask for them."""
    text = made.text
    asks_time = clause.wh in {"when", "cuando"} or set(clause.words(clause.noun)) & TIMES
    asks_place = clause.wh in {"where", "donde"} or set(clause.words(clause.noun)) & PLACES
    if not asks_place and not place_slots(made):
        text = add(text, place_phrase(before))
    if not asks_time and not made.dates:
        text = add(text, date_phrase(before))
    return text
