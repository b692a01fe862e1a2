"""Proper names, acronyms and codes, and whether a text holds them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from rag.dates import blank_markup, find_dates
from rag.facts.aliases import COUNTRIES, DEMONYM, EQUIVALENT
from rag.facts.numbers import quantities_of
from rag.text import fold, is_stop, stem


@dataclass(frozen=True, slots=True)
class Name:
    """A proper name, acronym or code at ``text[start:end]``.

    ``words`` are its folded content words, those that evidence for the name must hold.
    """

    start: int
    end: int
    words: tuple[str, ...]


_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_CONNECTORS = frozenset("""of the for de del la las los el da do van von al""".split())
_CODE = re.compile(
    r"(?<![\w/.-])(?:[^\W\d_]+[-/]?[0-9][\w/-]*|[0-9]+[^\W\d_]+[0-9][\w-]*|[0-9]+(?:[.,][0-9]+){2,})(?!\w)"
)
_GROUPED = re.compile(r"[0-9]{1,3}(?:([.,])[0-9]{3})(?:\1[0-9]{3})*(?:[.,][0-9]+)?")
# Before a capital that need not mean a name: start of a text, sentence, list item or line of its own.
_OPENING = re.compile(r"(?:^|[.!?:;•|…–—]|\n\s*\n|\n\s*[-+•]|\n\s*\d{1,2}[.)])[\s\"'“”‘’«(¿¡\[#-]*$")


def names(text: str) -> list[Name]:
    """Proper names, acronyms and codes ("COVID-19") of ``text``, in order.

    A name is a run of capitalised words with connectors inside ("San Juan de Lurigancho"). The
    first word of a sentence counts only when it is an acronym, a country or capitalised elsewhere
    too; lines in capitals and words of dates give none.
    """
    shown = blank_markup(text)
    spans = [(mention.start, mention.end) for mention in find_dates(shown)]
    return names_of(shown, spans + [(found.start, found.end) for found in quantities_of(shown, spans)])


def names_of(shown: str, figures: Iterable[tuple[int, int]]) -> list[Name]:
    """As ``names`` for a text whose markup is blanked, with its dates and quantities at ``figures``."""
    codes = [
        Name(match.start(), match.end(), (_code(match.group()),))
        for match in _CODE.finditer(shown)
        if not _GROUPED.fullmatch(match.group())
    ]
    taken = set()
    for start, end in [*figures, *((code.start, code.end) for code in codes)]:
        taken.update(range(start, end))
    found = [*codes, *_runs(shown, taken)]
    return sorted(found, key=lambda name: name.start)


def _code(written: str) -> str:
    return re.sub(r"[-/.,]", "", fold(written))


@dataclass(slots=True)
class _Token:
    start: int
    end: int
    written: str
    opens: bool
    shouted: bool

    @property
    def acronym(self) -> bool:
        return len(self.written) > 1 and self.written.isupper() and not self.shouted

    @property
    def capital(self) -> bool:
        return self.written[0].isupper() and not self.shouted


def _tokens(text: str, taken: set[int]) -> Iterator[_Token]:
    shouted: set[int] = set()
    for line in re.finditer(r"[^\n]+", text):
        long = [word for word in _WORD.findall(line.group()) if len(word) > 3]
        if len(long) > 1 and sum(map(str.isupper, long)) > 0.6 * len(long):
            shouted.update(range(line.start(), line.end()))
    for match in _WORD.finditer(text):
        if match.start() in taken:
            continue
        written = re.sub(r"['’]s$|['’]$", "", match.group())
        before = text[max(0, match.start() - 12) : match.start()]
        opens = bool(_OPENING.search(before)) and (match.start() <= 12 or before.strip() != "")
        yield _Token(match.start(), match.start() + len(written), written, opens, match.start() in shouted)


def _runs(text: str, taken: set[int]) -> Iterator[Name]:
    tokens = list(_tokens(text, taken))
    elsewhere = {fold(token.written) for token in tokens if token.capital and not token.opens}
    run: list[_Token] = []
    for index, token in enumerate(tokens):
        joined = bool(run) and _joins(text[run[-1].end : token.start])
        if run and not joined:
            yield from _name(run, elsewhere)
            run = []
        following = tokens[index + 1] if index + 1 < len(tokens) else None
        if token.capital and not (token.opens and is_stop(fold(token.written)) and not token.acronym):
            run.append(token)
        elif run and not (fold(token.written) in _CONNECTORS and following and (following.capital or run[-1] is token)):
            yield from _name(run, elsewhere)
            run = []
        elif run:
            run.append(token)
    if run:
        yield from _name(run, elsewhere)


def _joins(gap: str) -> bool:
    return len(gap) <= 6 and not gap.strip(" \n\t-–'’.&") and not re.search(r"\n\s*\n|\.\s", gap)


def _name(run: list[_Token], elsewhere: set[str]) -> Iterator[Name]:
    words = []
    for token in run:
        folded = fold(token.written)
        plain = token.opens and not (token.acronym or folded in elsewhere or country(folded))
        if not plain and token.capital and len(folded) > 1 and (token.acronym or not is_stop(folded)):
            words.append(folded)
    while run and not run[-1].capital:
        run = run[:-1]
    if words:
        yield Name(run[0].start, run[-1].end, tuple(words))


def country(folded: str) -> str:
    """Find the country that a folded word names or takes its people from; "" if none."""
    for length in range(len(folded), 2, -1):
        if folded[:length] in COUNTRIES and (length == len(folded) or folded[length:] in DEMONYM):
            return folded[:length]
    return ""


_LONG_PEOPLE = 6  # letters from which a word in small letters is taken for a people: "peruanos"


@lru_cache(maxsize=16_384)
def countries(text: str) -> frozenset[str]:
    """The countries that a text names or whose people it does, each as one word whatever the language."""
    found = set()
    for match in _WORD.finditer(text):
        word = re.sub(r"['’]s$", "", match.group())
        folded = fold(word)
        known = country(folded)
        if known and (word[0].isupper() or (known != folded and len(folded) >= _LONG_PEOPLE)):
            found.add(min(EQUIVALENT[known]))
    return frozenset(found)


def _of_place(people: str, place: str) -> bool:
    """Whether a word names the people of a place: "limenos" of "lima", "palestinian" of "palestine"."""
    roots = {place, place.rstrip("aeio")}
    return any(len(root) > 3 and people.startswith(root) and people[len(root) :] in DEMONYM for root in roots)


class NameIndex:
    """The words of a text, to look names up in."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = [blank_markup(text) for text in texts]
        self._words: set[str] = set()
        self._known: dict[str, bool] = {}
        for text in self._texts:
            for match in _WORD.finditer(text):
                written = match.group()
                folded = fold(re.sub(r"['’]s$|['’]$", "", written))
                if written[0].isupper() or not is_stop(folded):
                    self._words.add(folded)

    @cached_property
    def _stems(self) -> set[str]:
        return {stem(word, language) for word in self._words for language in ("en", "es")}

    @cached_property
    def _countries(self) -> set[str]:
        return {found for word in self._words if (found := country(word))}

    @cached_property
    def _codes(self) -> set[str]:
        return {_code(match.group()) for text in self._texts for match in _CODE.finditer(text)}

    @cached_property
    def _initials(self) -> set[str]:
        """Initials of the capitalised runs, as acronyms take them."""
        found = set()
        for text in self._texts:
            for match in re.finditer(r"[^\W\d_]+(?:[\s-]{1,3}[^\W\d_]+){1,9}", text):
                capitals = "".join(
                    fold(word[0]) if word[0].isupper() else "" if fold(word) in _CONNECTORS | {"and", "y"} else " "
                    for word in re.split(r"[\s-]+", match.group())
                )
                found.update(part for part in capitals.split() if len(part) > 1)
        return found

    def holds(self, word: str) -> bool:
        """Whether a folded word of a name occurs, in either language, as singular, plural or people."""
        if word not in self._known:
            self._known[word] = self._holds(word)
        return self._known[word]

    def _holds(self, word: str) -> bool:
        if word in self._words or word in self._codes or word.removesuffix("s") in self._words:
            return True
        if word[-1].isdigit() or word[0].isdigit():
            return False
        if any(other in self._words for other in EQUIVALENT.get(word, ())):
            return True
        found = country(word)
        if found:
            return any(other in self._countries for other in EQUIVALENT.get(found, (found,)))
        if word in self._initials or any(stem(word, language) in self._stems for language in ("en", "es")):
            return True
        return self._places(word)

    def _places(self, word: str) -> bool:
        """Whether a place stands for its people or the reverse: a shared start and a usual ending."""
        return len(word) > 4 and any(
            _of_place(other, word) or _of_place(word, other)
            for other in self._words
            if len(other) > 4 and other[:4] == word[:4]
        )

    def lacks(self, name: Name) -> list[str]:
        """List the words of ``name`` that do not occur; none when the text has its acronym instead."""
        missing = [word for word in name.words if not self.holds(word)]
        initials = "".join(word[0] for word in name.words)
        if missing and len(name.words) > 1 and initials in self._words:
            return []
        return missing
