"""A question taken apart, as far as completing another one from it needs: no parser, only its function words."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property

from rag.dates import DateMention, find_dates
from rag.facts import names
from rag.facts.aliases import EQUIVALENT
from rag.facts.names import country
from rag.question.follow_up.tokens import EDGE, Span, Token, looks_like_verb, tokens_of
from rag.question.follow_up.vocabulary import (
    ARTICLES,
    AUX,
    CONJUNCTIONS,
    COUNTS,
    DETERMINERS,
    GROUPS,
    OPENERS,
    PREPOSITIONS,
    QUALIFIERS,
    WH,
)
from rag.question.patterns import ASKING
from rag.text import fold, is_stop, language_of, stem

_INNER = frozenset("of de del to".split())  # second words of prepositions: "out of", "dentro de"
_BODIES = frozenset(
    """agency committee commission council fund ministry organisation organization office department union bank
    agencia comite comision consejo fondo ministerio organizacion oficina departamento banco direccion""".split()
)


@dataclass(frozen=True)
class Clause:
    """A question in parts, each a span of ``tokens``.

    It begins behind ``opened`` tokens of "and", "what about". ``asking`` is its interrogative with
    a preposition before it ("as of what"), ``noun`` what a determining one is about ("how many
    *people*"), ``rest`` what follows; without an interrogative the first two are empty.
    """

    text: str
    language: str
    tokens: tuple[Token, ...]
    opened: int
    asking: Span
    noun: Span
    rest: Span

    def words(self, span: Span | None = None) -> list[str]:
        """Folded words of a span, or of all."""
        span = span or Span(0, len(self.tokens))
        return [token.word for token in self.tokens[span.first : span.last]]

    def shown(self, span: Span) -> str:
        """The text of a span, without punctuation at its ends."""
        if span.first >= span.last:
            return ""
        return self.text[self.tokens[span.first].start : self.tokens[span.last - 1].end]

    @property
    def wh(self) -> str:
        """The folded interrogative without its preposition; empty if there is none."""
        match = WH.search(" ".join(self.words(self.asking)))
        return re.sub(r"'s$|(?<=what)s$", "", match.group()) if match else ""

    @property
    def counts(self) -> bool:
        """Whether a number or an amount is asked for."""
        return COUNTS.match(self.wh) is not None

    @cached_property
    def dates(self) -> tuple[tuple[Span, DateMention], ...]:
        """Dates with the tokens that they touch."""
        # Read without "what about", which would make an amount of the year behind it.
        begin = self.tokens[self.opened].start if self.opened < len(self.tokens) else 0
        found = [replace(d, start=d.start + begin, end=d.end + begin) for d in find_dates(self.text[begin:])]
        return tuple((self.cover(date.start, date.end), date) for date in found)

    @cached_property
    def names(self) -> tuple[Span, ...]:
        """Proper names, each with those listed beside it ("Arica, Iquique and Calama"); dates are none."""
        spans: list[Span] = []
        for found in names(self.text):
            span = self.cover(found.start, found.end)
            if span.first < span.last and not any(self.dated(i) for i in range(span.first, span.last)):
                spans.append(span)
        last = len(self.tokens) - 1
        alone = not spans and last == self.opened and self.content(last)
        if alone and self.tokens[last].text[:1].isupper() and self.tokens[last].word not in GROUPS:
            spans.append(Span(last, last + 1))  # the capital need not be that of a sentence: "Tacna?"
        return tuple(self._listed(spans))

    def _listed(self, spans: list[Span]) -> list[Span]:
        joined: list[Span] = []
        for span in spans:
            between = self.tokens[joined[-1].last : span.first] if joined else ()
            beside = bool(joined) and all(token.word in CONJUNCTIONS | {"el", "la"} for token in between)
            if beside and (between or self.tokens[joined[-1].last - 1].ends):
                joined[-1] = Span(joined[-1].first, span.last)
            else:
                joined.append(span)
        return joined

    def cover(self, start: int, end: int) -> Span:
        """The tokens that overlap a span of characters."""
        touched = [i for i, token in enumerate(self.tokens) if token.start < end and start < token.end]
        return Span(touched[0], touched[-1] + 1) if touched else Span(0, 0)

    def dated(self, index: int) -> bool:
        """Whether a token is part of a date."""
        return any(index in span for span, _ in self.dates)

    def named(self, index: int) -> bool:
        """Whether a token is part of a proper name."""
        return any(index in span for span in self.names)

    def prepositions(self) -> frozenset[str]:
        """Prepositions of the question's language."""
        return PREPOSITIONS[self.language]

    def verb(self, index: int) -> bool:
        """Whether a token looks like a verb in the past, or is a common one."""
        token = self.tokens[index]
        return not self.named(index) and not token.acronym and looks_like_verb(token.text)

    def content(self, index: int) -> bool:
        """Whether a token carries a topic: no function word, interrogative or date."""
        token = self.tokens[index]
        word = token.word.removesuffix("'s")
        silent = is_stop(word) or word in ASKING or word in AUX or WH.fullmatch(word) is not None
        return not silent and not self.dated(index) and any(map(str.isalnum, word))

    def body(self, name: Span) -> bool:
        """Whether a name looks like that of an organisation, by its letters or words."""
        tokens = self.tokens[name.first : name.last]
        return all(country(token.word) == "" for token in tokens) and any(
            token.acronym or _BODIES & ({token.word} | EQUIVALENT.get(token.word, frozenset())) for token in tokens
        )

    def preposition_of(self, span: Span) -> Span:
        """The preposition before a span, with articles and words like "the whole of"; empty if none."""
        first, closest = span.first, ""
        while first > 0 and not self.tokens[first - 1].ends:
            word = self.tokens[first - 1].word
            outer = word in ARTICLES | {"whole", "all", "todo", "year", "ano"}
            if not outer and (word not in self.prepositions() or closest not in _INNER | {""}):
                break  # in "ask for in 2019", "for" belongs to the verb
            closest = closest if outer else word
            first -= 1
        while first < span.first and self.tokens[first].word not in self.prepositions():
            first += 1
        return Span(first, span.first)


def read(text: str, language: str = "en") -> Clause:
    """Take a question apart; ``language`` holds where its words do not tell."""
    text = " ".join(text.split())
    language = language_of(text, default=language)
    tokens = tokens_of(text)
    opened = _opened(text, tokens)
    asking = _asking(tokens, opened, language)
    behind = Span(asking.last, len(tokens))
    noun = _noun(Clause(text, language, tokens, opened, asking, Span(asking.last, asking.last), behind))
    return Clause(text, language, tokens, opened, asking, noun, Span(noun.last, len(tokens)))


def _opened(text: str, tokens: tuple[Token, ...]) -> int:
    lead = len(text) - len(text.lstrip(EDGE))
    # Folding keeps the length of composed letters, and openers hold no others.
    match = OPENERS.match(fold(text[lead:]))
    end = lead + match.end() if match else 0
    return sum(token.start < end for token in tokens)


def _asking(tokens: tuple[Token, ...], opened: int, language: str) -> Span:
    """The first interrogative at the start of the question or behind punctuation."""
    begins = [opened] + [i + 1 for i in range(opened, len(tokens) - 1) if tokens[i].ends]
    for begin in begins:
        for first in (begin, begin + 1, begin + 2):
            between = {token.word for token in tokens[begin:first]}
            if not between <= PREPOSITIONS[language]:
                break
            match = WH.match(" ".join(token.word for token in tokens[first : first + 2]))
            # "que" and "como" behind a preposition alone are too common to be an interrogative otherwise.
            if match:
                return Span(begin, first + len(match.group().split()))
    return Span(opened, opened)


def _noun(clause: Clause) -> Span:
    begin, end = clause.asking.last, clause.asking.last
    tokens = clause.tokens
    contracted = begin > 0 and not clause.counts and tokens[begin - 1].word.endswith("s")  # "what's"
    if not DETERMINERS.fullmatch(clause.wh) or contracted:
        return Span(begin, begin)
    while end < len(tokens):
        word = tokens[end].word
        joins = end > begin and word in {"and", "y", "e", "or", "o"} and end + 1 < len(tokens)
        if not joins and (is_stop(word) or word in AUX or word in clause.prepositions() or clause.dated(end)):
            break
        if not joins and clause.verb(end):
            break
        if joins and (is_stop(tokens[end + 1].word) or clause.verb(end + 1)):
            break
        end += 1
        if tokens[end - 1].ends:
            break
        following = tokens[end].word if end < len(tokens) else ""
        if tokens[end - 1].word in GROUPS and following not in GROUPS | {"and", "y", "e", "or", "o"}:
            break
    while end > begin and tokens[end - 1].word in {"and", "y", "e", "or", "o"}:
        end -= 1
    return Span(begin, end)


def shares(word: str, others: frozenset[str]) -> bool:
    """Whether a folded word has one of the stems ``others``, in either language."""
    return bool({stem(word, "en"), stem(word, "es")} & others)


def stems_of(clause: Clause) -> frozenset[str]:
    """Stems of the content words, in both languages."""
    found = [token.word for index, token in enumerate(clause.tokens) if clause.content(index)]
    return frozenset(stem(word, language) for word in found for language in ("en", "es"))


def is_group(clause: Clause, span: Span) -> bool:
    """Whether a span names people: "women", "children under five", "young men"."""
    words = [word for word in clause.words(span) if not is_stop(word)]
    return bool(words) and any(word in GROUPS for word in words[:2] + words[-1:]) and words[0] in GROUPS | QUALIFIERS
