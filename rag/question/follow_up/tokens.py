"""Words of a question with their places in it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.question.follow_up.vocabulary import LIGHT, NOT_VERBS, VERBS
from rag.text import fold

EDGE = " \t\n\"'“”‘’«»()[]¿¡?!.,;:…"


@dataclass(frozen=True, slots=True)
class Token:
    """A word between spaces, without its punctuation, at ``text[start:end]``.

    ``word`` is folded. ``ends`` says that punctuation parts it from the next.
    """

    start: int
    end: int
    text: str
    word: str
    ends: bool

    @property
    def acronym(self) -> bool:
        """Whether it is written in capitals."""
        letters = re.sub(r"[^\w]|s$", "", self.text)
        return len(letters) > 1 and letters.isupper()


@dataclass(frozen=True, slots=True)
class Span:
    """Tokens from ``first`` up to, not including, ``last``."""

    first: int
    last: int

    def __contains__(self, index: int) -> bool:
        return self.first <= index < self.last


def tokens_of(text: str) -> tuple[Token, ...]:
    """The words of a text; marks that stand alone are none."""
    found = []
    for match in re.finditer(r"\S+", text):
        written = match.group()
        start = match.start() + len(written) - len(written.lstrip(EDGE))
        core = written.strip(EDGE)
        if any(map(str.isalnum, core)) or core == "&":
            ends = re.search(r"[,;:.?!)]$", written) or re.match(r"\s+[-–—]\s", text[match.end() :])
            found.append(Token(start, start + len(core), core, fold(core), ends is not None))
    return tuple(found)


def looks_like_verb(text: str) -> bool:
    """Whether a word has a past tense's ending, or is one of the common irregular verbs."""
    word = fold(text)
    if word in VERBS or word in LIGHT:
        return True
    past = len(word) > 4 and word.endswith(("ed", "aron", "ieron", "eron", "aban")) and word not in NOT_VERBS
    return past or (len(word) > 3 and text.lower().endswith(("ó", "ían")))
