"""Comparing questions in Spanish as plain ones."""

from __future__ import annotations

import re

from rag.question.parts.records import SLOT
from rag.question.parts.vocabulary import CAMBIO, MAS, MAYOR, NP_END
from rag.question.parts.words import flat, group, lowered

_NP = rf"(?P<np>(?:(?!(?!de [a-z]){NP_END})[^\s,\x00]+\s*){{0,5}})"
_MUCH = {
    "dinero": "Cuánto",
    "financiamiento": "Cuánto",
    "apoyo": "Cuánto",
    "ayuda": "Cuánta",
    "comida": "Cuánta",
    "agua": "Cuánta",
}


def _cambio(body: str, asked: str) -> str | None:
    match = (
        re.match(rf"^(?:como|(?:en )?cuanto|cuan)\s+(?:se\s+)?(?:ha|han|habia)?\s*(?:{CAMBIO})\s+(?P<x>.+)$", asked)
        or re.match(
            r"^(?:cual (?:es|fue|era)|hay|que) (?:la diferencia|el cambio|el aumento|la variacion|la evolucion"
            r"|la disminucion)"
            r" (?:de|del|en|entre) (?P<x>.+)$|^(?P<y>(?:ha|han)\s+\w+)\s*$",
            asked,
        )
        or re.match(r"^(?:compar(?:a|e|ar|ame|acion de|emos))\s+(?P<x>.+)$", asked)
    )
    apart = re.match(r"^(?:cual (?:es|fue|era) |que |hay )?(?:la )?diferencias? \x00 (?:en|de|del) (?P<x>.+)$", asked)
    if apart:
        return f"cuál fue {group(body, apart, 'x')} {SLOT}"
    return f"cuál fue {group(body, match, 'x')}" if match and match["x"] else None


def _mayor(body: str, asked: str) -> str | None:
    part = re.match(
        r"^(?P<pre>.*?)(?:estuv\w+|fue\w*|esta\w*|era\w*)\s*(?P<y>.*?)\b(?:mejor|peor|mas"
        r"|menos)\s+(?P<part>\w+[ai]d[oa]s?)\b(?P<rest>.*)$",
        asked,
    )
    if part:
        subject = f"{group(body, part, 'pre')} {group(body, part, 'y')}"
        return f"cuánto fue {group(body, part, 'part')} {subject} {body[part.start('rest') :]}"
    match = re.match(
        rf"^(?P<x>{SLOT})?\s*(?:fue\w*|era\w*|es|son|estuv\w+|hubo|tuv\w+)\s*(?P<y>.*?)\b(?:{MAYOR}"
        rf"|{MAS}\s+(?:alt|baj|grand|pequen|larg|car|numeros)\w*)"
        r"(?P<rest>.*)$",
        asked,
    )
    if match is None:
        return None
    subject = f"{SLOT} " if match["x"] else ""
    return f"cuál fue {subject}{group(body, match, 'y')} {body[match.start('rest') :]}"


def _mas(body: str, asked: str) -> str | None:
    counted = re.match(rf"^(?P<pre>.*?)\b(?:a\s+)?{MAS}\s+\x00(?P<rest>.*)$", asked)
    if counted:
        return f"cuántos {SLOT} {lowered(group(body, counted, 'pre'))} {body[counted.start('rest') :]}"
    match = re.match(rf"^(?P<pre>.*?)\b(?:a\s+)?{MAS}\s+(?!que\b|de\b){_NP}(?P<rest>.*)$", asked) or re.match(
        rf"^(?P<pre>.*?)\b{MAS}\b(?P<np>)(?P<rest>.*)$", asked
    )
    if match is None:
        return None
    thing, before = group(body, match, "np"), group(body, match, "pre")
    first = flat(thing).split()[:1] or [""]
    how = _MUCH.get(first[0]) or (
        "Cuánto" if not thing else "Cuántas" if re.search(r"(?:as|iones|dades|udes)$", first[0]) else "Cuántos"
    )
    before = re.sub(r"(?i)^cu[aá]nt[oa]s?$", "", before)
    if f"en {SLOT}" in body:
        before = re.sub(r"(?i)^(?:tuvo|tuvieron|tiene|tienen|registró|registro)$", "hubo", before)
    return f"{how} {thing} {lowered(before)} {body[match.start('rest') :]}"


RULES = (_cambio, _mayor, _mas)
