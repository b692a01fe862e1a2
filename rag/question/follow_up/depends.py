"""Whether a question stands by itself, and if not, what it lacks."""

from __future__ import annotations

import re
from enum import StrEnum

from rag.question.follow_up.pronouns import Pronoun, Stands, pronoun_of
from rag.question.follow_up.read import Clause, is_group, shares, stems_of
from rag.question.follow_up.tokens import Span
from rag.question.follow_up.vocabulary import ADVERBIAL, ARTICLES, AUX, BE, CHATTER, GROUPS, LIGHT, META
from rag.question.patterns import ACRONYM_IS, DEFINITION
from rag.text import fold, is_stop

_SHORT = 8  # words of a question without verb or interrogative that may be a piece of one
_COMPARED = frozenset("more less fewer higher lower better worse mas menos mayor menor mejor peor than que".split())


class Lack(StrEnum):
    """What a question leaves to the one before."""

    NOTHING = "nothing"
    FRAME = "frame"  # "and in 2019?", "how many women?": all but what it replaces
    WHOLE = "whole"  # "how many were women?": that of which it asks for a part
    EVENT = "event"  # "why?", "when was that?": all but the circumstance it asks for
    MEANING = "meaning"  # "who paid for it?": what the pronoun stands for
    TOPIC = "topic"  # "who paid?", "what was the budget?": what it is about
    SETTING = "setting"  # "and how many nurses came?": complete, but said in the same frame


def lack_of(clause: Clause, earlier: Clause) -> tuple[Lack, Pronoun | None]:
    """What ``clause`` leaves to ``earlier``, with the pronoun that says so, if one does."""
    if _defines(clause) or all(token.word in CHATTER for token in clause.tokens):
        return Lack.NOTHING, None
    before = stems_of(earlier)
    found = pronoun_of(clause, before)
    if _circumstance(clause, found):
        return Lack.EVENT, None
    if _fragment(clause, found, before):
        return Lack.FRAME, None
    if found is not None:
        return Lack.MEANING, found
    if any(clause.content(i) for i in range(clause.opened, clause.asking.first)):
        return Lack.NOTHING, None  # "nurses trained in Calama, how many?"
    if clause.counts and clause.noun.first == clause.noun.last and _counts_nothing(clause):
        return (Lack.FRAME if _repeats(clause, before) else Lack.WHOLE), None
    if _empty(clause):
        return Lack.TOPIC, None
    if clause.opened and not _anchored(clause):
        return Lack.SETTING, None
    return Lack.NOTHING, None


def _defines(clause: Clause) -> bool:
    """Whether the meaning of a named thing is asked for: "what does WASH stand for?"."""
    asked = fold(clause.shown(Span(clause.opened, len(clause.tokens))))
    match = next((m for pattern in DEFINITION if (m := re.search(pattern, asked))), None) or ACRONYM_IS.match(asked)
    if match is None:
        return False
    meant = [word for word in re.split(r"[\s'\"“”]+", match[1]) if word]
    return any(not is_stop(word) and word not in META | GROUPS for word in meant)


def _circumstance(clause: Clause, found: Pronoun | None) -> bool:
    """Whether nothing but a circumstance is asked for: "why?", "since when is that?"."""
    left = [i for i in range(clause.rest.first, len(clause.tokens)) if clause.tokens[i].word not in AUX]
    if found is not None:
        left = [i for i in left if i not in found.span]
        if found.possessive or found.stands in (Stands.PLACE, Stands.PERSON) or clause.counts:
            return False
    asked = clause.asking.first < clause.asking.last
    dating = set(clause.words(clause.noun)[:1]) & {"date", "day", "year", "month", "fecha", "dia", "ano", "mes"}
    circumstance = ADVERBIAL.fullmatch(clause.wh) is not None or bool(dating)
    return asked and circumstance and clause.opened == clause.asking.first and all(_idle(clause, i) for i in left)


def _idle(clause: Clause, index: int) -> bool:
    return clause.tokens[index].word in _COMPARED | {"exactly", "exactamente", "not", "no", "so", "asi", "case"}


def _fragment(clause: Clause, found: Pronoun | None, before: frozenset[str]) -> bool:
    """Whether the question is only a piece: "and in 2019?", "for women?", "was it more in 2019?"."""
    tokens = clause.tokens
    own = range(clause.opened, len(tokens))
    if clause.asking.first < clause.asking.last:
        return _asks_briefly(clause, found, before)
    if found is not None and found.stands is not Stands.TIME:
        verbless = [i for i in own if i not in found.span and tokens[i].word not in AUX | _COMPARED]
        dated = bool(clause.dates) and all(clause.dated(i) or is_stop(tokens[i].word) for i in verbless)
        return dated and not found.possessive
    if any(tokens[i].word in AUX - {"do", "a"} for i in own):
        return False
    if clause.opened:
        return True
    return len(own) <= _SHORT and _piece(clause)


def _piece(clause: Clause) -> bool:
    """Whether words without interrogative, verb or "and" are no search words that stand by themselves."""
    content = [i for i in range(len(clause.tokens)) if clause.content(i)]
    plain = [i for i in content if not clause.named(i)]
    if any(clause.verb(i) for i in content if clause.tokens[i].word not in GROUPS):
        return False
    if not plain:
        return len(clause.names) <= 1
    led = clause.tokens[0].word in clause.prepositions() | ARTICLES | {"only", "just", "solo"}
    return (led and len(plain) <= 2) or is_group(clause, Span(0, len(clause.tokens)))


def _asks_briefly(clause: Clause, found: Pronoun | None, before: frozenset[str]) -> bool:
    """Whether an interrogative stands without a verb of its own: "how many women?", "which schools in Arica?"."""
    rest = range(clause.rest.first, len(clause.tokens))
    if found is not None or any(clause.content(i) for i in range(clause.opened, clause.asking.first)):
        return False
    if ADVERBIAL.fullmatch(clause.wh):
        return False
    if any(clause.tokens[i].word in AUX or clause.verb(i) for i in rest):
        return False
    if clause.noun.first == clause.noun.last:
        return clause.counts and not any(clause.content(i) and not clause.named(i) for i in rest)
    nouns = [word for word in clause.words(clause.noun) if not is_stop(word)]
    known = all(shares(word, before) or word in GROUPS | META for word in nouns)
    return not rest or known and all(clause.named(i) or clause.dated(i) or not clause.content(i) for i in rest)


def _counts_nothing(clause: Clause) -> bool:
    """Whether a verb follows "how many" at once: "how many were women?", not "how many of the nurses"."""
    first = clause.rest.first
    if first >= len(clause.tokens):
        return True
    word = clause.tokens[first].word
    if clause.wh in {"how much", "cuanto"} and word in AUX - {"hay", "hubo"} and not _empty(clause):
        return False
    return word in AUX or clause.verb(first)


def _repeats(clause: Clause, before: frozenset[str]) -> bool:
    """Whether the verb is the earlier question's: "how many did UNHCR reach?"."""
    plain = [
        clause.tokens[i].word
        for i in range(clause.rest.first, len(clause.tokens))
        if clause.content(i) and not clause.named(i)
    ]
    if not plain:
        return not any(clause.tokens[i].word in BE for i in range(clause.rest.first, len(clause.tokens)))
    return all(shares(word, before) for word in plain)


def _empty(clause: Clause) -> bool:
    """Whether the question names no topic: only "paid", "the budget", "the donors"."""
    if clause.asking.first == clause.asking.last and not any(word in AUX for word in clause.words()[:1]):
        return False
    if clause.names:
        return False
    words = [token.word for i, token in enumerate(clause.tokens) if i >= clause.opened and clause.content(i)]
    plain = [word for word in words if word not in LIGHT and word not in META]
    if plain and (clause.dates or not all(word in GROUPS for word in plain)):
        return False
    return not (clause.dates and clause.noun.first < clause.noun.last)


def _anchored(clause: Clause) -> bool:
    """Whether a question that begins with "and" still says all: whose, where or of what, and when."""
    return bool(clause.names) and bool(clause.dates)
