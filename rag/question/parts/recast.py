"""A comparing question as a plain one: "How did X change …" → "What was X …".

A frame goes in and comes out with its slot. What no rule knows stays as it was: the words of
the question are all there, only less like a question that one would ask.
"""

from __future__ import annotations

import re

from rag.question.parts import english, spanish
from rag.question.parts.records import SLOT, Frame
from rag.question.parts.vocabulary import AUX, PLACES, PREPOSITION, TIMES
from rag.question.parts.words import flat, lowered, tidy

_LEAD = re.compile(rf"^(?P<lead>(?:{PREPOSITION})\s(?![^,]*\b(?:which|what|que|cual|quien)\b)[^,\x00]*,\s*)")
_STOP = rf"(?:(?:{AUX}|{PREPOSITION}|than|que|who|which|y|and|los|las|el|la|se|to)\b|\w+ed\b|\x00|$)"
_NP = rf"(?P<np>(?:(?!{_STOP})[^\s,\x00]+\s*){{0,5}})"
_NP_ES = rf"(?P<np>(?:(?!(?!de [a-z]){_STOP})[^\s,\x00]+\s*){{0,5}})"
_MASS = re.compile(
    r"(?:money|funding|cash|aid|support|food|water|assistance|help|dinero|ayuda|comida|agua|fondos"
    r"|financiamiento|apoyo)$"
)
_WHICH = re.compile(
    rf"^(?:(?P<prep>in|from|at|for|to|by|during|of)\s+)?(?:which"
    rf"|what)\s+(?:of the \w+ )?(?P<what>(?:[^\s]+\s+){{0,3}}?[^\s]+)\s+"
    rf"(?P<tail>(?:{AUX}|\w+ed|saw|got|gave|took|cost|needs?|spent|sent|housed|met)\b.*)$"
)
_WHO = re.compile(
    r"^(?P<what>who|where|when|which(?= (?:\w+ed|had|has|lost|left|got|gave|took|saw|hit|hurt|made)\s))\s+(?P<tail>.*)$"
)
_CUAL = re.compile(
    r"^(?:(?P<prep>en|de|desde|para|a|por)\s+)?(?:que"
    r"|cual(?:es)?)\s+(?:de l[oa]s \w+\s+)?(?P<what>[^\s]+)\s+(?P<tail>.*)$"
)
_QUIEN = re.compile(r"^(?P<prep>en|a|de)?\s*(?P<what>quien(?:es)?|donde|cuando)\s+(?P<tail>.*)$")
_PLACE_OR_TIME = re.compile(rf"(?:.*\b)?(?:{PLACES}|{TIMES}|where|when|donde|cuando)$")


def recast(frame: Frame, language: str) -> str:
    """The plain question, with its slot, ending in a question mark."""
    text = frame.text.lstrip("¿¡ ")
    lead = _LEAD.match(flat(text))
    before = text[: lead.end()] if lead else ""
    body = text[len(before) :]
    if frame.preposed:
        body = body.replace(f" {SLOT}", "").replace(SLOT, "")
        body = _preposed(body, language, dated=frame.alternatives[0].said != frame.alternatives[0].label)
    else:
        body = _plain(body, language)
    body = tidy(body)
    opening = "¿" if language == "es" else ""
    return f"{opening}{before}{lowered(body) if before else _raised(body)}?"


def _raised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _preposed(body: str, language: str, *, dated: bool) -> str:
    """For "Which year was X better funded" → "How much was X funded SLOT"."""
    asked = flat(body)
    match = (
        (_CUAL.match(asked) or _QUIEN.match(asked)) if language == "es" else (_WHO.match(asked) or _WHICH.match(asked))
    )
    if match is None:
        return _plain(f"{body} {SLOT}", language)
    preposition = (match["prep"] if "prep" in match.groupdict() else "") or ""
    tail = body[match.start("tail") :]
    place = _PLACE_OR_TIME.fullmatch(match["what"].strip()) is not None
    if place and not dated and not preposition and language == "en":
        # A place that does something is who does it; one that has something is where there is some.
        place = re.match(rf"(?:{AUX}|saw|got|received|needed|needs?)\b", flat(tail)) is not None
    if dated or place or preposition:
        spot = SLOT if dated else f"{preposition or ('en' if language == 'es' else 'in')} {SLOT}"
        clause = _plain(f"{tail} {spot}", language)
        impersonal = re.match(r"(?i)how (?:many|much) [^\x00]*?(?= (?:had|has|have|saw|got|received|needed)\b)", clause)
        if impersonal and language == "en" and not re.match(rf"(?:{AUX})\s+(?!more|fewer|less)\w", flat(tail)):
            rest = re.sub(r"^ \w+", " were there", clause[impersonal.end() :])
            return impersonal.group() + rest
        return clause
    return _plain(f"{SLOT} {tail}", language)


def _plain(body: str, language: str) -> str:
    asked = flat(body)
    for rule in (spanish if language == "es" else english).RULES:
        made = rule(body, asked)
        if made is not None:
            return made
    return body
