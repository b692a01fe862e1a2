"""A pronoun replaced by what it stands for."""

from __future__ import annotations

from rag.question.follow_up.pronouns import Pronoun, Stands
from rag.question.follow_up.read import Clause
from rag.question.follow_up.slots import (
    cut,
    place_names,
    place_phrase,
    place_slots,
    without,
)
from rag.question.follow_up.times import last_time
from rag.question.follow_up.tokens import Span
from rag.question.follow_up.topic import answered_names, definite, thing_counted, topic_of
from rag.question.follow_up.vocabulary import CHANGES, COMPARES, PLACES, THINGS


def fitting(text: str, clause: Clause) -> str:
    """A phrase of the earlier question without the time and the place that the new one gives anew."""
    dates = any(mention.last.year for _, mention in clause.dates)
    places = bool(place_slots(clause))
    return without(text, clause.language, dates=dates, places=places) if dates or places else text


def resolved(clause: Clause, found: Pronoun, before: Clause, answer: str) -> str:
    """The question with a pronoun's meaning in its place; unchanged when nothing is known for it."""
    span = found.span
    if found.stands is Stands.TIME:
        base = last_time(before, answer)
        said = base and (before.text if base in [m for _, m in before.dates] else answer)[base.start : base.end]
        if said and clause.preposition_of(span).first == span.first:
            said = f"{'en' if clause.language == 'es' else 'in'} {said}"
        return cut(clause, [span], said) if said else clause.text
    if found.stands is Stands.PLACE:
        return _placed(clause, span, before, answer)
    stands = found.stands
    words = {token.word for token in clause.tokens}
    if stands is Stands.THING and before.counts and words & CHANGES:
        number = definite("número de" if clause.language == "es" else "number of", clause.language)
        # What is compared with another time keeps its own.
        counted = thing_counted(before) if words & COMPARES else fitting(thing_counted(before), clause)
        return cut(clause, [span], f"{number} {counted}")
    if stands is Stands.MANY and any(token.word in THINGS for token in clause.tokens):
        stands = Stands.THING
    meant = fitting(topic_of(before, stands, answer), clause)
    if found.possessive:
        return _owned(clause, span, definite(meant, clause.language))
    if found.clitic:
        verb = clause.tokens[span.last].text
        return cut(clause, [Span(span.first, span.last + 1)], f"{verb} {definite(meant, clause.language)}")
    return cut(clause, [span], definite(meant, clause.language))


def _placed(clause: Clause, span: Span, before: Clause, answer: str) -> str:
    slots, names = place_slots(before), place_names(before)
    asked = before.wh in {"where", "donde"} or set(before.words(before.noun)) & PLACES
    named = answered_names(before, answer) if asked else ""
    told = clause.tokens[span.last - 1].word in PLACES
    if told and (named or names):
        return cut(clause, [span], named or before.shown(names[0]))
    if named:
        return cut(clause, [span], f"{'en' if clause.language == 'es' else 'in'} {named}")
    return cut(clause, [span], place_phrase(before)) if slots else clause.text


def _owned(clause: Clause, span: Span, owner: str) -> str:
    """Give what is had its owner: "its budget came in" → "the budget of the plan came in"."""
    last = span.last
    while last < len(clause.tokens) and clause.content(last) and not (last > span.last and clause.verb(last)):
        last += 1
    noun = clause.shown(Span(span.last, last))
    of = "de" if clause.language == "es" else "of"
    owned = f"{definite(noun, clause.language)} {of} {owner}"
    return cut(clause, [Span(span.first, last)], owned)
