"""Two sides parted by "than", "versus" or "compared with"."""

from __future__ import annotations

import re

from rag.question.follow_up.vocabulary import GROUPS
from rag.question.parts.phrases import LONGEST, Worded
from rag.question.parts.records import SLOT, Alternative, Frame
from rag.question.parts.vocabulary import AGAINST, AUX, COMPARATIVE, ER, MAS, MAYOR, MORE, PREPOSITION, SIDE
from rag.question.parts.words import flat, tidy

# "More than planned" sets nothing beside anything.
_NO_SIDE = re.compile(
    r"(?:planned|expected|targeted|estimated|projected|requested|required|needed|before|ever|usual|previously"
    r"|last|it|they|what"
    r"|lo|antes|nunca|previst\w+|planead\w+|esperad\w+)\b"
)
_THAN = re.compile(r"\b(?:than|que)\s+")


_WHOLES = re.compile(
    r"^how (?:do|does|did|would) (?P<one>\S+(?: \S+){3,}?) (?:compare|stack up|measure up) (?:with|to|against)"
    r" (?P<other>\S+(?: \S+){2,})$"
)


def wholes_compared(q: Worded) -> Frame | None:
    """For "How does A compare with B" where each has words enough to be asked for by itself."""
    match = _WHOLES.match(q.flat.rstrip(" ?"))
    if match is None or re.match(rf"(?:(?:those|that) )?(?:{PREPOSITION}) |\S*\d{{4}}$", match["other"]):
        return None
    sides = [q.text[match.start(name) : match.end(name)] for name in ("one", "other")]
    said = [
        re.sub(r"(?i)^what ", "what ", side) if flat(side).startswith("what ") else f"what was {side}" for side in sides
    ]
    return Frame(SLOT, tuple(Alternative(text, side) for text, side in zip(said, sides, strict=True)))


def opposed(q: Worded, *, comparative: bool) -> Frame | None:
    """One side before "than", "versus" or "compared with", the other behind."""
    joint = re.search(rf",?\s*(?<!\w){AGAINST}\s+", q.flat)
    if joint is None and comparative:
        joint = next((m for m in _THAN.finditer(q.flat) if COMPARATIVE.search(q.flat[: m.start()])), None)
    if joint is None:
        return None
    if other := _other_side(q, joint):
        return other
    preposition = re.match(rf"(?:{PREPOSITION})\s+", q.flat[joint.end() :])
    first = joint.end() + (preposition.end() if preposition else 0)
    last = q.end_of(first)
    if preposition and last > first:
        last = q.beyond(last)
    if last == first or _NO_SIDE.match(q.flat[first:]):
        return None
    if whole := _wholes(q, joint):
        return whole
    side = preposition is not None and re.match(rf"{SIDE}\b", q.flat[joint.end() :]) is not None
    right = q.text[joint.end() if side else first : last].strip()
    left = _counterpart(q, joint.start(), q.flat[joint.end() : first].strip())
    if left is None:
        return None
    begin, end = left
    frame = tidy(f"{q.text[:begin]}{SLOT}{q.text[end : joint.start()]} {q.text[last:]}")
    one = q.text[begin:end].strip()
    return Frame(frame, (Alternative(one, one), Alternative(right, right))) if flat(one) != flat(right) else None


def _other_side(q: Worded, joint: re.Match[str]) -> Frame | None:
    """For "Partners outside the plan … than those inside it"."""
    right = re.match(
        rf"(?:(?:those|that|ones|los|las)\s+)?(?P<side>{SIDE})(?:\s+(?:of|de|del))?(?:\s+(?:it|them|el|ella"
        rf"|este))?\s*\??$",
        q.flat[joint.end() :],
    )
    left = re.search(rf"\b{SIDE}\s+(?:(?:of|de|del)\s+)?", q.flat[: joint.start()])
    if right is None or left is None:
        return None
    last = q.end_of(left.end())
    shared = q.text[left.end() : last]
    one, two = f"{q.text[left.start() : last]}", f"{right['side']} {shared}"
    frame = tidy(f"{q.text[: left.start()]}{SLOT} {q.text[last : joint.start()]}")
    return Frame(frame, (Alternative(one, one), Alternative(two, two)))


def _wholes(q: Worded, joint: re.Match[str]) -> Frame | None:
    """For "Was X larger than Y": all that stands before the adjective, and all behind "than"."""
    match = re.match(
        rf"(?P<be>was|were|is|are|fue|era)\s+(?P<one>.+?)\s+(?P<by>{ER}|{MAYOR}|more \w+|mas \w+)$",
        q.flat[: joint.start()].rstrip(),
    )
    rest = q.text[joint.end() :].strip(" ?")
    if match is None or re.match(rf"(?:{PREPOSITION})\s", flat(rest)) or match["one"].startswith("there "):
        return None
    if len(rest.split()) > 2 * LONGEST or not joint.group().strip().startswith(("than", "que")):
        return None
    one = q.text[match.start("one") : match.end("one")]
    frame = f"{q.text[: match.start('one')]}{SLOT} {q.text[match.start('by') : match.end('by')]}"
    return Frame(frame, (Alternative(one, one), Alternative(rest, rest)))


def _counterpart(q: Worded, limit: int, preposition: str) -> tuple[int, int] | None:
    """The span before ``limit`` that stands where the other side stands behind it."""
    if preposition:
        for match in reversed(list(re.finditer(rf"\b{re.escape(preposition)}\s+", q.flat[:limit]))):
            first = match.start() if re.fullmatch(SIDE, preposition) else match.end()
            last = q.end_of(match.end())
            if match.end() < last <= limit:
                return first, last
    adjacent = next(((name.start, name.end) for name in q.names if name.end == len(q.flat[:limit].rstrip(" ,"))), None)
    if adjacent:
        return adjacent
    if re.match(rf",?\s*{AGAINST}", q.flat[limit:]):  # "boys versus girls"
        begin = q.start_of(limit)
        return (begin, limit) if q.flat[begin:limit].strip() else None
    counted = re.search(rf"\b(?:{MORE}|{MAS})\s+(?P<what>[^,]{{2,40}}?)\s*$", q.flat[:limit])
    behind = re.match(r"\s*\S+\s+(?:the |los |las )?(\w+)", q.flat[limit:])
    if counted and behind and {counted["what"].split()[-1], behind[1]} <= GROUPS:
        return counted.span("what")
    subject = re.match(rf"(?:[^,]*,\s*)?(?:how (?:much|many)\b.*?\b)?(?:{AUX})\s+", q.flat)
    if subject is None:
        return None
    begin = subject.end()
    stop = re.search(
        rf"\b(?:{MORE}|\w+(?:er|ed)|better|worse|get|receive|reach|have|help|assist)\b", q.flat[begin:limit]
    )
    if re.match(r"there\b", q.flat[begin:]) or stop is None:
        return None
    words = q.flat[begin : begin + stop.start()]
    # Of "did UNICEF vaccinate more", the verb is no part of the name.
    named = next((name for name in q.names if name.start <= begin + 4 and name.end <= begin + stop.start()), None)
    end = named.end if named else begin + len(words.rstrip())
    return (begin, end) if end > begin else None
