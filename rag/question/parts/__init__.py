"""A question that asks for several things, as so many questions of their own.

``split`` finds what is set side by side (periods, places, groups) and two wants in one question
("how many ..., and who paid for it?"). Pure: it knows the question's words and nothing else.
"""

from __future__ import annotations

import re

from rag.dates import find_dates
from rag.question.parts.groups import by_group
from rag.question.parts.recast import recast
from rag.question.parts.records import SLOT, Alternative, Frame, Part, Split
from rag.question.parts.times import by_period
from rag.question.parts.vocabulary import AGAINST, PREPOSITION, SIDE
from rag.question.parts.wanted import by_want
from rag.question.parts.words import flat, tidy
from rag.text import language_of

__all__ = ["Part", "Split", "split"]

MAX_PARTS = 4
_ASIDE = re.compile(
    r"(?<=[?.])\s+(?:please\s+)?(?:give|tell|show|answer|just|both|only|in|with|y|dame|da|indica|por favor)\b.*$"
)


_COMPARE = r"(?:please )?compar(?:e|a|ar|ing|ison of)?"
_AHEAD = re.compile(rf"^{_COMPARE}\s+(?P<sides>[^:?,]+)[:?]\s*(?P<main>.+)$")
_BEHIND = re.compile(rf"^(?P<main>[^?]+)\?\s*{_COMPARE}\s+(?P<sides>[^:?]+)$")
_AGAINST_FIRST = re.compile(rf"^(?P<with>{AGAINST}\s+[^,]+),\s*(?P<main>.+)$")
# "... in Tumbes and how many in Tacna": the same asked again.
_AGAIN = re.compile(
    r",?\s+(?:and|y)\s+(?:how (?:many|much)|cuant[oa]s?)\s+"
    r"(?=(?:in|en|from|by|for|to|de|por|para|during|durante)\s+\S+(?:\s+\S+){0,3}$)"
)
_EACH = re.compile(r"(?i),?\s*\b(?:respectively|each|cada un[oa]|respectivamente)\b")


def split(question: str) -> Split | None:
    """The parts of a question, at most four; None when it is to be answered as one."""
    text = " ".join(question.split())
    language = language_of(text)
    aside = _ASIDE.search(flat(text))
    text = tidy(text[: aside.start()] if aside else text).lstrip("¿¡ ")
    text = _in_order(text, language)
    frame = by_period(text, language)
    dated = frame is not None
    frame = frame or _undated(by_group(text))
    if frame is None or len(frame.alternatives) > MAX_PARTS:
        return by_want(text, language)
    return Split(tuple(_parts(frame, language)), compared=True, dated=dated)


def _undated(frame: Frame | None) -> Frame | None:
    """The frame unless dates are among what it compares: by_period knows better."""
    return None if frame and any(find_dates(other.label) for other in frame.alternatives) else frame


def _in_order(text: str, language: str) -> str:
    """``text`` with what it compares inside: "Compare A and B: how many ..." → "how many ... in A versus B"."""
    asked = flat(text)
    if first := _AGAINST_FIRST.match(asked):
        return f"{text[first.start('main') :]} {text[: first.end('with')]}"
    again = _AGAIN.search(asked)
    if again:
        return f"{text[: again.start()]} versus {text[again.end() :]}"
    match = _AHEAD.match(asked) or _BEHIND.match(asked)
    if match is None:
        return text
    main = text[match.start("main") : match.end("main")]
    main = re.sub(r"(?i)\s+(?:now |today |ahora )?(?:than|que)\b.*$", "", main)
    sides = re.sub(
        r"(?i)\s+(?:and|with|to|against|y|e|con)\s+", " versus ", text[match.start("sides") : match.end("sides")]
    )
    joint = "" if re.match(rf"{SIDE}\b", flat(sides)) else "en " if language == "es" else "in "
    return f"{main} {joint}{sides}"


def _parts(frame: Frame, language: str) -> list[Part]:
    plain = _EACH.sub("", recast(frame, language))
    before = re.search(rf"\b({PREPOSITION})\s+{SLOT}", flat(plain))
    preposition = before[1] if before else "para" if language == "es" else "for"
    return [Part(_filled(plain, other.said), other.label, _said(other, preposition)) for other in frame.alternatives]


def _filled(plain: str, said: str) -> str:
    text = " ".join(plain.replace(SLOT, f" {said} ").split())
    text = re.sub(r"\s+([,?])", r"\1", text)
    return re.sub(r"(\A¿?|, )\s*([a-záéíóú])", lambda m: m[1] + (m[2].upper() if m[1] != ", " else m[2]), text, count=1)


def _said(other: Alternative, preposition: str) -> str:
    if other.said != other.label or re.match(rf"{SIDE}\b", flat(other.said)):
        return other.said
    return f"{preposition} {other.said}"
