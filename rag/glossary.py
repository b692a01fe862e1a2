"""Words for the same thing: translations from ``glossary.tsv``, synonyms from ``synonyms.tsv``."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from rag.text import stem, stems

_GLOSSARY = Path(__file__).with_name("glossary.tsv")
_SYNONYMS = Path(__file__).with_name("synonyms.tsv")
_LONGEST = 6  # words of the longest phrase looked up


@lru_cache(maxsize=1)
def _phrases() -> dict[tuple[str, ...], frozenset[str]]:
    """Stems of a phrase, in its language, to the stems of its translations' words."""
    found: dict[tuple[str, ...], frozenset[str]] = {}
    for line in _GLOSSARY.read_text("utf-8").splitlines():
        if line.startswith("#") or "\t" not in line:
            continue
        # A gloss in brackets is no part of the term.
        english, spanish = (re.sub(r"\(.*?\)", "", part) for part in line.split("\t"))
        for own, other, languages in ((english, spanish, ("en", "es")), (spanish, english, ("es", "en"))):
            key = tuple(stems(own, languages[0]))
            if 0 < len(key) <= _LONGEST:
                found[key] = found.get(key, frozenset()) | frozenset(stems(other, languages[1]))
    return found


@lru_cache(maxsize=1)
def _groups() -> dict[str, frozenset[str]]:
    """Stem of a word, in its language, to the stems of all words of its groups, in both languages."""
    found: dict[str, frozenset[str]] = {}
    for line in _SYNONYMS.read_text("utf-8").splitlines():
        if line.startswith("#") or "\t" not in line:
            continue
        english, spanish = line.split("\t")
        group = frozenset(stems(english, "en")) | frozenset(stems(spanish, "es"))
        for word in group:
            found[word] = found.get(word, frozenset()) | group
    return found


def synonyms(folded: str, language: str) -> frozenset[str]:
    """Stems that mean about the same as a folded word, in both languages; empty when unknown."""
    return _groups().get(stem(folded, language), frozenset())


def translations(folded: list[str], language: str) -> list[frozenset[str]]:
    """For each content word of a text the stems of its translation into the other language.

    ``folded`` are the words without function words, in order. The longest phrase wins, and each
    of its words gets the stems of the whole translation; empty where nothing is known.
    """
    own = [stem(word, language) for word in folded]
    result = [frozenset[str]()] * len(own)
    known = _phrases()
    at = 0
    while at < len(own):
        lengths = range(min(_LONGEST, len(own) - at), 0, -1)
        length = next((n for n in lengths if tuple(own[at : at + n]) in known), 0)
        for place in range(at, at + length):
            result[place] = known[tuple(own[at : at + length])]
        at += max(length, 1)
    return result
