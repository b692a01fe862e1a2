"""Comparing questions in English as plain ones."""

from __future__ import annotations

import re

from rag.question.parts.records import SLOT
from rag.question.parts.vocabulary import AUX, CHANGE, ER, LARGER, MEASURE, MORE, NP_END, PREPOSITION
from rag.question.parts.words import flat, group

# "more displaced families", "more wounded": a participle before a noun or of people is part of the phrase.
_LED = rf"(?:\w+ed\s+(?=\w+s\b)|(?:wounded|injured|displaced|detained)\s+(?={PREPOSITION}\b|\x00))?"
_NP = rf"(?P<np>{_LED}(?:(?!{NP_END})[^\s,\x00]+\s*){{0,5}})"
_MASS = re.compile(r"(?:money|funding|cash|aid|support|food|water|assistance|help)$")


def _number_of(thing: str) -> str | None:
    """Give "how many ..." for "the number of ...", "how much money was ..." for "the amount requested ..."."""
    amount = re.match(r"(?:the )?(?:amounts?|sums?|money|funds) (?P<done>\w+ed\b.*)$", flat(thing))
    if amount:
        return f"how much money was {thing[amount.start('done') :]}"
    match = re.match(r"(?:the )?numbers? of (?P<np>.+)$", flat(thing))
    return f"how many {thing[match.start('np') :]}" if match else None


def _change(body: str, asked: str) -> str | None:
    match = re.match(
        rf"^(?:(?:by )?how (?:much |far |strongly |greatly )?)?(?:did|do|does|has|have|had|is|are|was"
        rf"|were)\s+(?P<x>[^,]+)\s+(?:{CHANGE})\b"
        r"(?P<rest>.*)$",
        asked,
    )
    if match is None or flat(match["x"]).startswith(("there", "more", "fewer")):
        return None
    thing = group(body, match, "x")
    rest = body[match.start("rest") :]
    if thing == SLOT and (over := re.match(r"\s+(?:in terms of|in|on|by|regarding|with regard to)\s+", rest)):
        thing, rest = rest[over.end() :], f" for {SLOT}"
    made = _number_of(thing)
    return f"{made} {rest}" if made else f"what was {thing} {rest}"


def _difference(body: str, asked: str) -> str | None:
    match = re.match(
        r"^(?:what (?:is|was|were|are) the (?:difference|change|increase|decrease|growth|rise|drop"
        r"|fall)s? (?:in|of|between)"
        r"|(?:please |can you )?(?:compare|contrast)|comparison of) (?P<x>.+)$",
        asked,
    )
    if match is None:
        apart = re.match(r"^(?:what (?:is|was) )?(?:the )?differences? \x00 (?:in|of|on|regarding) (?P<x>.+)$", asked)
        return f"what was {group(body, apart, 'x')} {SLOT}" if apart else None
    thing = group(body, match, "x")
    made = _number_of(thing)
    return made if made else f"what was {thing}"


def _adjective(body: str, asked: str) -> str | None:
    match = re.match(
        rf"^(?P<x>{SLOT})?\s*(?P<be>was|were|is|are)\s+(?P<y>.*?)\s*\b(?:(?P<better>better|worse|more"
        rf"|less)\s+(?P<part>\w+ed)|(?P<er>{ER})"
        rf"|(?P<more>more|less)\s+(?P<adj>\w+)(?=\s*(?:\x00|{PREPOSITION}\b|$)))\b(?P<rest>.*)$",
        asked,
    )
    if match is None or match["y"].startswith("there"):
        return None
    if match["y"].strip() in ("", "more") and not match["x"]:
        return None
    subject = f"{SLOT} " if match["x"] else ""
    subject += re.sub(r"(?i)\s+an?$", "", group(body, match, "y"))
    rest, be = body[match.start("rest") :], match["be"]
    if match["part"]:
        return f"how much {be} {subject} {match['part']} {rest}"
    if re.search(rf"\b{MEASURE}\b", flat(subject)) and not match["adj"]:
        return f"what {be} {subject} {rest}" if be in ("is", "was") else f"what was {subject} {rest}"
    return f"how {match['adj'] or LARGER[match['er']]} {be} {subject} {rest}"


def _more(body: str, asked: str) -> str | None:
    asked_how = re.match(rf"^how (?P<how>many|much) (?:{MORE})\b(?P<rest>.*)$", asked)
    if asked_how:
        return f"how {asked_how['how']} {body[asked_how.start('rest') :]}"
    counted = re.match(rf"^(?P<be>{AUX})\s+{MORE}\s+\x00(?P<rest>.*)$", asked)
    if counted:
        return f"how many {SLOT} {counted['be']} {body[counted.start('rest') :]}"
    match = re.match(rf"^(?P<pre>.*?)\b{MORE}\s+(?!than\b){_NP}(?P<rest>.*)$", asked) or re.match(
        rf"^(?P<pre>.*?)\b{MORE}\b(?P<np>)(?P<rest>.*)$", asked
    )
    if match is None:
        return None
    thing, before = group(body, match, "np"), _auxiliary(group(body, match, "pre"))
    head = flat(thing).split()[-1:] or [""]
    how = "how much" if not thing or _MASS.search(head[0]) else "how many"
    if re.fullmatch(r"(?i)(?:did|do|does|have|has)", before):
        before = ""

    return f"{how} {thing} {before} {body[match.start('rest') :]}"


def _auxiliary(text: str) -> str:
    return re.sub(rf"(?i)^(?:{AUX})\b", lambda match: match.group().lower(), text)


RULES = (_change, _difference, _adjective, _more)
