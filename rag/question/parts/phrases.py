"""A question with its names, and where noun phrases begin and end in it: no parser, only border words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from rag.facts import Name, names
from rag.question.parts.vocabulary import AUX, DETERMINER, MORE, PREPOSITION
from rag.question.parts.words import flat

LONGEST = 6  # words of an alternative
_WORD = re.compile(r"[^\W_][\w'’.+-]*[^\W_]|[^\W_]")
# Where a noun phrase ends: nothing of it goes on behind these.
_BORDER = re.compile(
    rf"(?:{AUX}|{PREPOSITION}|{MORE}|than|que|mas|menos|who|which|that|what|how|many|much|and|or|y|e|o|u|versus|vs"
    r"|compare\w*|differ\w*|get|got|receive\w*|reach\w*|need\w*|arriv\w*|report\w*|attend\w*"
    r"|hubo|recib\w+|tuv\w+|lleg\w+|hay|fue\w*|era\w*|cuant[oa]s?|se|better|worse|mejor|peor|mayor|menor)"
)
# These say when or how, not what.
_APART = re.compile(
    r"\w+(?:ed|ly)|last|this|next|since|when|while|after|before|during|because|now|today|each|together|altogether"
    r"|desde|cuando|ahora|hoy|antes|despues|segun|durante"
)
_OF = frozenset({"of", "de", "del"})


@dataclass(frozen=True, slots=True)
class Worded:
    """A question; ``flat`` is its text without capitals and accents, character for character."""

    text: str
    flat: str
    names: tuple[Name, ...]

    @classmethod
    def of(cls, text: str) -> Self:
        """Read ``text``."""
        return cls(text, flat(text), tuple(names(text)))

    def end_of(self, first: int) -> int:
        """End of the noun phrase that begins at ``first``: a name whole, else words up to a border."""
        position, count = first, 0
        determiner = re.match(rf"{DETERMINER}\s+", self.flat[first:])
        if determiner:
            position += determiner.end()
        named = next((name for name in self.names if name.start <= position < name.end), None)
        if named:
            return named.end
        end = position
        while count < LONGEST and (match := _WORD.match(self.text, position)):
            word = self.flat[match.start() : match.end()]
            participle = count and word.endswith("ed") and not self.flat[:position].rstrip().endswith("ly")
            if participle or (_BORDER.fullmatch(word) and not (word in _OF and count)):
                break
            end, count = match.end(), count + 1
            gap = re.match(r" +", self.text[end:])
            if gap is None:
                break
            position = end + gap.end()
        if self.flat[first:end].split()[-1:] and self.flat[first:end].split()[-1] in _OF:
            end = first + len(self.flat[first:end].rsplit(None, 1)[0])
        return end if count else first

    def beyond(self, last: int) -> int:
        """End of the noun phrase whose name ends at ``last``: up to two small words ("the Dori navy base")."""
        for _ in range(2):
            following = re.match(r" +(?P<word>[a-z]{3,})(?=\W|$)", self.text[last:])
            if following is None or _BORDER.fullmatch(following["word"]) or _APART.fullmatch(following["word"]):
                break
            last += following.end()
        return last

    def start_of(self, last: int, preposition: str = "") -> int:
        """Start of the noun phrase, or list of them, that ends at ``last``."""
        if preposition:
            before = list(re.finditer(rf"\b{re.escape(preposition.strip())}\s+", self.flat[:last]))
            if before:
                return before[-1].end()
        start = last
        named = [name for name in self.names if name.end == start]
        while named:
            start = named[-1].start
            determiner = re.search(rf"\b{DETERMINER}\s+$", self.flat[:start])
            start = determiner.start() if determiner else start
            comma = re.search(r",\s*$", self.flat[:start])
            named = [name for name in self.names if comma and name.end == comma.start()]
        if start < last:
            return start
        for count, match in enumerate(reversed(list(_WORD.finditer(self.text[:last])))):
            word = self.flat[match.start() : match.end()]
            if count == LONGEST or _BORDER.fullmatch(word) or re.search(r"[,;:?]", self.text[match.end() : start]):
                break
            start = match.start()
            if re.fullmatch(DETERMINER, word):
                break
        return start
