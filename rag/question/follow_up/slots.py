"""Where a question says when, where and who; reading these places and emptying them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rag.facts.names import country
from rag.question.follow_up.read import Clause, read
from rag.question.follow_up.tokens import Span
from rag.question.follow_up.vocabulary import AREAS, ARTICLES, LOCATIVE


def date_slots(clause: Clause) -> list[Span]:
    """The question's dates, each with its preposition."""
    return [_with_preposition(clause, span) for span, _ in clause.dates]


def place_names(clause: Clause) -> list[Span]:
    """Names of places: countries, and names behind "in", "from" that are no organisation's."""
    return [span for span in clause.names if is_place(clause, span)]


def is_place(clause: Clause, name: Span) -> bool:
    """Whether a name is a country's or stands where a place's would."""
    if clause.body(name):
        return False
    if any(country(word) == word for word in clause.words(name)):
        return True
    before = clause.preposition_of(name)
    if name.first < len(clause.tokens) and before.last < name.first:
        return False
    return bool(set(clause.words(before)) & LOCATIVE) and not _owner(clause, name, before)


def _owner(clause: Clause, name: Span, before: Span) -> bool:
    """Whether "of", "por" or "entre" stands before a name that other names are the places for."""
    if set(clause.words(before)) & (LOCATIVE - {"of", "de", "del", "por", "entre"}):
        return False
    return "por" in clause.words(before)


def place_slots(clause: Clause) -> list[Span]:
    """The question's places, each with its preposition; areas ("in the north") are among them."""
    slots = [_with_preposition(clause, span) for span in place_names(clause)]
    for index, token in enumerate(clause.tokens):
        if token.word in AREAS and not clause.named(index):
            before = clause.preposition_of(Span(index, index + 1))
            within = set(clause.words(before)) & LOCATIVE and not any(before.first in slot for slot in slots)
            if within:
                slots.append(Span(before.first, index + 1))
    return sorted(slots, key=lambda slot: slot.first)


def place_phrase(clause: Clause) -> str:
    """The first place with a preposition that says where: "in Calama", also for "the shelter of Calama"."""
    slots, names = place_slots(clause), place_names(clause)
    if not slots:
        return ""
    within = set(clause.words(slots[0])) & {"in", "at", "near", "en", "across", "around", "throughout", "from", "desde"}
    inside = [name for name in names if name.first in slots[0]]
    if within or not inside:
        return clause.shown(slots[0])
    return f"{'en' if clause.language == 'es' else 'in'} {clause.shown(inside[0])}"


def date_phrase(clause: Clause) -> str:
    """The first date as a phrase: "in 2019", also for "the 2019 appeal"."""
    slots = date_slots(clause)
    if not slots:
        return ""
    shown = clause.shown(slots[0])
    bare = clause.shown(clause.dates[0][0])
    return shown if shown != bare else f"{'en' if clause.language == 'es' else 'in'} {bare}"


def body_names(clause: Clause) -> list[Span]:
    """Names that are no places: organisations, projects, persons."""
    places = place_names(clause)
    return [span for span in clause.names if span not in places]


def _with_preposition(clause: Clause, span: Span) -> Span:
    return Span(clause.preposition_of(span).first, span.last)


def without(text: str, language: str, *, dates: bool = False, places: bool = False) -> str:
    """``text`` without its dates, its places, or both; what they were attached to stays."""
    clause = read(text, language)
    slots = (date_slots(clause) if dates else []) + (place_slots(clause) if places else [])
    return cut(clause, slots)


def cut(clause: Clause, slots: Iterable[Span], put: str = "") -> str:
    """The question's text with ``put`` at the first of the slots and nothing at the others."""
    text, ordered = clause.text, sorted(slots, key=lambda slot: slot.first)
    for number, slot in reversed(list(enumerate(ordered))):
        start, end = clause.tokens[slot.first].start, clause.tokens[slot.last - 1].end
        text = text[:start] + (put if number == 0 else "") + text[end:]
    return tidy(text)


def tidy(text: str) -> str:
    """``text`` without the gaps that cutting left."""
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r"\(\s*\)|,\s*(?=[,?])", "", text)
    return re.sub(r"\s+(?=[,;:.?!)])", "", text).strip(" ,;")


def add(text: str, more: str) -> str:
    """``text`` with words put at its end, before the question mark."""
    if not more:
        return text
    bare = text.rstrip(" ?.!")
    return f"{bare} {more}{text[len(bare) :].strip() or '?'}"


def has_article(text: str) -> bool:
    """Whether a phrase begins with an article."""
    return text.split(" ", 1)[0].lower() in ARTICLES
