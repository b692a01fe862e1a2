"""A question that asks for several things, as so many questions of their own.

``split`` finds what is set side by side (periods, places, groups) and two wants in one question
("how many ..., and who paid for it?"). Pure: it knows the question's words and nothing else.
"""

from __future__ import annotations

import re
from dataclasses import replace

from rag.dates import find_dates
from rag.facts import names
from rag.question.parts.groups import by_group
from rag.question.parts.order import in_order, topic_of
from rag.question.parts.recast import recast
from rag.question.parts.records import SLOT, Alternative, Frame, Part, Split
from rag.question.parts.relative import dated
from rag.question.parts.times import by_period
from rag.question.parts.vocabulary import COMPARATIVE, PREPOSITION, SIDE
from rag.question.parts.wanted import by_want
from rag.question.parts.words import flat, lowered, tidy
from rag.text import language_of

__all__ = ["Part", "Split", "split"]

MAX_PARTS = 4
_SAYS_MORE = 3  # words beside a date, with which a label names something at that date
# What is asked for beside the answer: the form that it should take, and how far the sides are apart.
_ASIDE = re.compile(
    r"(?<=[?.])\s+(?:please\s+)?(?:give|tell|show|answer|just|both|only|in|with|y|dame|da|indica|por favor)\b.*$"
    r"|(?<=\?)\s+(?!(?:please )?compar)(?!.*\b(?:how|what|who|when|where|why|cuant\w+|que|quien|cuando|donde)\b)"
    r"[^?]{1,80}$"
)
_BY_HOW_MUCH = re.compile(r",?\s+(?:and|y)\s+(?:by|por|en)\s+(?:how (?:much|many|far)|cuant[oa]s?)\s*\??$")
_EACH = re.compile(r"(?i),?\s*\b(?:respectively|each|cada un[oa]|respectivamente)\b")


def split(question: str) -> Split | None:
    """The parts of a question, at most four; None when it is to be answered as one.

    What stands before the question proper ("In the last week of June, ...") stands before each part.
    """
    text = " ".join(question.split())
    language = language_of(text)
    aside = _ASIDE.search(flat(text))
    text = tidy(text[: aside.start()] if aside else text).lstrip("¿¡ ")
    if COMPARATIVE.search(flat(text)) and (far := _BY_HOW_MUCH.search(flat(text))):
        text = tidy(text[: far.start()])
    text = dated(text, language)
    topic, asked = topic_of(text)
    if topic and (found := _compared(asked, language)):
        return replace(found, parts=tuple(_under(topic, part) for part in found.parts))
    text = text.replace("¿", "")
    return _compared(text, language) or by_want(in_order(text, language), language)


def _compared(text: str, language: str) -> Split | None:
    text = in_order(text, language)
    frame = by_period(text, language)
    of_time = frame is not None
    frame = frame or _undated(by_group(text))
    if frame is None or len(frame.alternatives) > MAX_PARTS:
        return None
    return Split(tuple(_parts(frame, language)), compared=True, dated=of_time)


def _under(topic: str, part: Part) -> Part:
    opening = re.match("¿?", part.text).end()  # type: ignore[union-attr]
    asked = part.text[opening:]
    keeps = any(name.start == 0 for name in names(asked))
    return replace(part, text=f"{topic} {part.text[:opening]}{asked if keeps else lowered(asked)}")


def _undated(frame: Frame | None) -> Frame | None:
    """The frame unless what it compares are mere dates: by_period knows better."""
    return None if frame and any(_mere_date(other.label) for other in frame.alternatives) else frame


def _mere_date(label: str) -> bool:
    dates = find_dates(label)
    return bool(dates) and len(label[: dates[0].start].split()) + len(label[dates[-1].end :].split()) < _SAYS_MORE


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
