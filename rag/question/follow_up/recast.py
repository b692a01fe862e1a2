"""A question in the function words of the other language, its content as it was."""

from __future__ import annotations

import re

from rag.question.follow_up.read import read
from rag.question.follow_up.vocabulary import DO, INTO_ENGLISH, INTO_SPANISH
from rag.text import is_stop

_KEPT = frozenset("no not una un a an the el la los las".split())


def recast(text: str, language: str) -> str:
    """``text`` with its function words in ``language``; unchanged when it is in that language.

    Search and reading know the content words of both languages, so that only the words that tell
    the languages apart, and the interrogative, have to change. Names and dates are left alone.
    """
    clause = read(text, language)
    if clause.language == language:
        return clause.text
    table = INTO_SPANISH if language == "es" else INTO_ENGLISH
    longest = max(len(phrase.split()) for phrase in table)
    said, index = [], 0
    while index < len(clause.tokens):
        size, word = 1, None
        if not clause.named(index):
            for length in range(min(longest, len(clause.tokens) - index), 0, -1):
                phrase = " ".join(token.text.lower() for token in clause.tokens[index : index + length])
                if phrase in table:
                    size, word = length, table[phrase]
                    break
            else:
                word = _dropped(clause.tokens[index].word, language)
        last = clause.tokens[index + size - 1]
        end = clause.tokens[index + size].start if index + size < len(clause.tokens) else last.end
        tail = "".join(re.findall(r"[,;:]", clause.text[last.end : end]))
        shown = clause.text[clause.tokens[index].start : last.end] if word is None else word
        said.append(f"{shown}{tail}" if shown else "")
        index += size
    asked = " ".join(part for part in said if part)
    return f"¿{asked}?" if language == "es" else f"{asked}?"


def _dropped(word: str, language: str) -> str | None:
    """Give "" for a function word without a counterpart, None for one that stays."""
    if word in DO or (is_stop(word) and word not in _KEPT):
        return ""
    articles = {"the", "a", "an"} if language == "es" else {"el", "la", "los", "las", "un", "una"}
    return "" if word in articles else None
