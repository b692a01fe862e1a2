"""Questions put into the order in which what they compare can be found."""

from __future__ import annotations

import re

from rag.question.parts.vocabulary import AGAINST, AUX, COMPARATIVE, PREPOSITION, SIDE
from rag.question.parts.words import flat

_COMPARE = r"(?:please )?compar(?:e|a|ar|ing|ison of)?"
_AHEAD = re.compile(rf"^{_COMPARE}\s+(?P<sides>[^:?,]+)[:?]\s*(?P<main>.+)$")
_OPPOSED_AHEAD = re.compile(rf"^(?P<sides>[^:?,]{{2,60}}\s{AGAINST}\s[^:?,]{{2,60}}):\s*(?P<main>.+)$")
_BEHIND = re.compile(rf"^(?P<main>[^?]+)\?\s*{_COMPARE}\s+(?P<sides>[^:?]+)$")
_AGAINST_FIRST = re.compile(rf"^(?P<with>{AGAINST}\s+[^,]+),\s*(?P<main>.+)$")
# "... in Tumbes and how many in Tacna": the same asked again, of a side without a verb of its own.
_AGAIN = re.compile(
    rf",?\s+(?:and|y)\s+(?:(?:{PREPOSITION})\s+)?(?:how (?:many|much)|cuant[oa]s?)\s+"
    rf"(?=(?:(?:{PREPOSITION})\s+\S+|\d{{4}}\b)(?:(?!\s(?:{AUX}|\w+ed|got|hubo|fue\w*|recib\w+|lleg\w+)\b)\s+\S+){{0,12}}$)"
)
_WHICH_OF = re.compile(
    r"^(?P<prep>(?:in|en|de)\s+)?(?:which(?: one)?|cual|quien) (?:of|de)\s+(?P<one>[^,:;?]+?)\s+(?:and|or|y|o)\s+"
    rf"(?P<other>[^,:;?]+?)\s+(?P<main>(?:{AUX}|\w+ed|lost|left|got|saw|took|gave|made|spent|sent|hubo|tuvo|recibio"
    r"|perdio)\b.+)$"
)
_ASKING = (
    rf"(?:(?:{PREPOSITION})\s+)?(?:{AUX}|how|what|who|where|when|which|cuant[oa]s?|que|quien(?:es)?|donde|cuando"
    r"|cual(?:es)?|como|hubo|son|fue(?:ron)?|se)\b"
)
_TOPIC = re.compile(rf"^(?!{_ASKING}|{_COMPARE}\s|{AGAINST}\s)(?P<topic>[^?:]+?(?:,|:|\s[-–—]))\s+(?={_ASKING})")


def topic_of(text: str) -> tuple[str, str]:
    """What stands before the question proper, with its comma or colon, and the question; "" when nothing does."""
    inner = text.find("¿", 1)
    cut = inner if inner > 0 else (match.end() if (match := _TOPIC.match(flat(text))) else 0)
    before = text[:cut].strip()
    return re.sub(r"\s*[-–—]$", ":", before), text[cut:].lstrip(" ¿")


def in_order(text: str, language: str) -> str:
    """``text`` with what it compares inside: "Compare A and B: how many ..." → "how many ... in A versus B"."""
    asked = flat(text)
    if first := _AGAINST_FIRST.match(asked):
        return f"{text[first.start('main') :]} {text[: first.end('with')]}"
    again = _AGAIN.search(asked)
    if again:
        return f"{text[: again.start()]} versus {text[again.end() :]}"
    which = _WHICH_OF.match(asked)
    if which and COMPARATIVE.search(asked):
        one, other, main = (text[which.start(name) : which.end(name)] for name in ("one", "other", "main"))
        return f"Quién {main}, {one} o {other}" if language == "es" else f"Who {main}, {one} or {other}"
    match = _AHEAD.match(asked) or _BEHIND.match(asked) or _OPPOSED_AHEAD.match(asked)
    if match is None:
        return text
    main = text[match.start("main") : match.end("main")]
    main = re.sub(r"(?i)\s+(?:now |today |ahora )?(?:than|que)\b.*$", "", main)
    sides = re.sub(
        rf"(?i)\s+(?:and|with|to|against|y|e|con|{AGAINST})\s+",
        " versus ",
        text[match.start("sides") : match.end("sides")],
    )
    return f"{main} {_joint(sides, language)}{sides}"


def _joint(sides: str, language: str) -> str:
    """What joins two sides to a question: places by "in", groups and bodies by "for"."""
    if re.match(rf"{SIDE}\b", flat(sides)):
        return ""
    place = re.match(r"[A-ZÁÉÍÓÚÑ][a-záéíóúñ]|\d|(?:the|early|late|mid|el|la)\b", sides)
    return ("en " if place else "para ") if language == "es" else "in " if place else "for "
