"""Several places, bodies or groups in one question: "Tumbes versus Tacna", "men or women"."""

from __future__ import annotations

import re

from rag.question.parts.against import opposed, wholes_compared
from rag.question.parts.phrases import LONGEST, Worded
from rag.question.parts.records import SLOT, Alternative, Frame
from rag.question.parts.vocabulary import (
    AGAINST,
    COMPARATIVE,
    COMPARING,
    DETERMINER,
    ER,
    MAYOR,
    PREPOSITION,
    SIDE,
)
from rag.question.parts.words import flat, tidy

_TAIL = re.compile(r"[,:;]\s*(?P<left>[^,:;?]+?),?\s+(?:or|versus|vs\.?|o|u)\s+(?P<right>[^,:;?]+?)\s*\??\s*$")
_TAIL3 = re.compile(r"[,:;]\s*(?P<all>[^,:;?]+?(?:,\s*[^,:;?]+?)+),?\s+(?:or|o|u)\s+(?P<right>[^,:;?]+?)\s*\??\s*$")
# Behind a colon a side may have commas of its own.
_TAIL_LONG = re.compile(r":\s*(?P<left>[^:;?]+?),?\s+(?:or|o|u)\s+(?P<right>[^:;?]+?)\s*\??\s*$")
_LONGEST_TAIL = 14  # words of a side behind the question
_ASKS_WHICH = re.compile(
    r"(?:[^?]*?\b)?(?:which|who|where|what|que|quien(?:es)?|cual(?:es)?|donde|en que|a quien(?:es)?)\b"
)
_ASKS = re.compile(
    rf"(?:[^,]*, )?(?:(?:{PREPOSITION})\s+)?(?:who|wh[aeiy]|how|what|que|quien|cual|cuant|como|donde|por que)"
)
# Asks what two words mean, not for two figures.
_MEANING = re.compile(r"(?:what (?:is|are)|cual es) (?:the|la) diff?erenc\w+ (?:between|entre) (?:(?!\b(?:in|en)\b).)*")
_BETWEEN = re.compile(r"\b(?:between|entre)\s+")


def by_group(text: str) -> Frame | None:
    """The question with a slot for each of the places or groups that it compares; None when it compares none.

    "Lima and Callao" alone compares nothing: a word of comparison must be there.
    """
    q = Worded.of(text)
    comparative = COMPARATIVE.search(q.flat) is not None
    comparing = COMPARING.search(q.flat) is not None
    against = re.search(rf"(?<!\w){AGAINST}(?!\w)", q.flat) is not None
    if not (comparative or comparing or against):
        return None
    if comparative and (frame := _tail(q)):
        return frame
    if frame := wholes_compared(q):
        return frame
    if frame := opposed(q, comparative=comparative):
        return frame
    if comparative and not _ASKS.match(q.flat) and (frame := _joined(q, r"(?:or|o|u)")):
        return frame
    if _MEANING.fullmatch(q.flat):
        return None
    between = _BETWEEN.search(q.flat) if comparing else None
    if between and (frame := _joined(q, r"(?:and|y|e)", between.end())):
        return frame
    return _joined(q, r"(?:and|with|to|against|versus|vs|y|e|con)") if comparing or against else None


def _tail(q: Worded) -> Frame | None:
    """Alternatives behind the question: "Which agency reached more people, A or B?"."""
    match = _TAIL3.search(q.flat) or _TAIL.search(q.flat) or _TAIL_LONG.search(q.flat)
    if match is None or not _ASKS_WHICH.match(q.flat[: match.start()]):
        return None
    group = "all" if "all" in match.groupdict() else "left"
    first, last = match.span(group)
    parts = [part for part in re.split(r",\s*", q.text[first:last]) if part.strip()]
    parts = [q.text[first:last]] if group == "left" else parts
    parts.append(q.text[match.start("right") : match.end("right")])
    if any(len(part.split()) > _LONGEST_TAIL for part in parts):
        return None
    said = [_without_preposition(part.strip()) for part in parts]
    alternatives = tuple(Alternative(label, label) for label in said)
    return Frame(tidy(f"{q.text[: match.start()]} {SLOT}"), alternatives, preposed=True)


def _without_preposition(part: str) -> str:
    match = re.match(rf"(?:{PREPOSITION})\s+", flat(part))
    if match and not re.match(rf"{SIDE}\b", flat(part)):
        return part[match.end() :]
    return part


def _joined(q: Worded, joint: str, start: int = 0) -> Frame | None:
    """For "A or B" or "A and B" side by side, with or without prepositions of their own."""
    for match in re.finditer(rf"(?<=\w),?\s+{joint}\s+", q.flat[start:]):
        cut, first = start + match.start(), start + match.end()
        own = re.match(rf"(?:{PREPOSITION})\s+", q.flat[first:])
        if own and re.match(rf"{SIDE}\b", q.flat[first:]):
            if frame := _sides(q, cut, first):
                return frame
            continue
        opening = first + (own.end() if own else 0)
        last = q.end_of(opening)
        begin = start if start else q.start_of(cut, own.group() if own else "")
        if last == opening or begin >= cut:
            continue
        parts = [*re.split(r",\s*", q.text[begin:cut]), q.text[opening:last]]
        left = re.match(rf"(?:{PREPOSITION})\s+(?!{DETERMINER}?\s*$)", flat(parts[0]))
        if left and own:
            begin += left.end()
            parts[0] = parts[0][left.end() :]
        labels = [part.strip() for part in parts]
        if re.search(rf"\b(?:{ER}|{MAYOR})\s+$", q.flat[:begin]):  # "better food or water" compares neither
            continue
        if any(not label or len(label.split()) > LONGEST for label in labels) or len({*map(flat, labels)}) < 2:
            continue
        head = q.text[:begin]
        if start:  # "between A and B": what joins them goes, "in" or "for" comes
            head = q.text[: begin - len(_BETWEEN.search(q.flat[:begin]).group())]  # type: ignore[union-attr]
            preposition = _for(q, begin)
            alternatives = tuple(Alternative(f"{preposition} {label}", label) for label in labels)
        else:
            alternatives = tuple(Alternative(label, label) for label in labels)
        head = re.sub(r"(?i)\b(?:both|either|tanto)\s+$", "", head)
        return Frame(tidy(f"{head} {SLOT} {q.text[last:]}"), alternatives)
    return None


def _for(q: Worded, begin: int) -> str:
    """What joins a side of "between A and B" to a sentence."""
    spanish = re.search(r"\bentre\s+$", q.flat[:begin]) is not None
    named = any(name.start <= begin + 4 and name.end > begin for name in q.names)
    return ("en" if spanish else "in") if named else ("de" if spanish else "for")


def _sides(q: Worded, cut: int, first: int) -> Frame | None:
    """For "Inside or outside the plan": what follows the second preposition belongs to both."""
    left = re.search(rf"\b{SIDE}(?P<of>\s+(?:of|de|del))?(?P<rest>\s+[^,]*)?$", q.flat[:cut])
    right = re.match(rf"{SIDE}\s+(?:(?:of|de|del)\s+)?", q.flat[first:])
    if left is None or right is None:
        return None
    opening = first + right.end()
    last = q.end_of(opening)
    shared = q.text[opening:last].strip()
    own = q.text[left.start("rest") : left.end("rest")].strip() if left["rest"] else ""
    if re.match(r"(?:it|that|them|el|ella|eso)\b", flat(shared)) or not shared:
        shared, last = own, max(last, opening)
    if not shared:
        return None
    side = q.text[left.start() : left.start() + len(left.group()) - len(left["rest"] or "")]
    labels = (f"{side} {own or shared}", f"{q.text[first:opening].strip()} {shared}")
    frame = tidy(f"{q.text[: left.start()]} {SLOT} {q.text[last:]}")
    return Frame(frame, tuple(Alternative(label, label) for label in labels))
