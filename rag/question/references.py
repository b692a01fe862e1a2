"""Documents and paragraphs that a question names: "paragraph 23 of S/2025/211", "párr. 13", "situation report 36"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.text import fold, language_of

# Letters, then parts of which one holds a digit: S/2025/211, A/80/75-E/2025/55, JIU/NOTE/2022/1/Rev.1
_SYMBOL = (
    r"[A-Z]{1,6}(?:/[A-Za-z0-9]+(?:\.\d+)?(?:\([A-Za-z0-9]+\))?){1,6}(?:-[A-Z]{1,6}(?:/[A-Za-z0-9]+(?:\.\d+)?){1,6})?"
)
_IS_SYMBOL = re.compile(rf"(?<![\w/])(?=[^\s?]*/[^\s?]*\d){_SYMBOL}(?![\w/])")
_PARAGRAPHS = re.compile(
    r"\b(?:paragraphs?|paras?\b\.?|p[aá]rrafos?|p[aá]rrs?\b\.?)\s*"
    r"(?P<numbers>\d{1,3}(?!\d)(?:\s*(?:,|and|y|&|-|–|to|a)\s*\d{1,3}(?!\d))*)",
    re.IGNORECASE,
)
_RANGE = re.compile(r"(\d+)\s*(?:-|–|to|a)\s*(\d+)")
_MOST = 10  # paragraphs of a range
_OF = r"(?:\s*,?\s*(?:of|in|from|de|del|en)\s+(?:the\s+report\s+|report\s+|el\s+informe\s+|informe\s+)?)?"
_NAMED = r"(?i:(?:(?:the|el)\s+)?(?:(?:report|document|informe|documento)\s+)?)"
_BEFORE = rf"(?i:(?:according to|in|of|from|by|según|segun|en|de|del)\s+)?{_NAMED}"
# What is left of a question for the mere content.
_CONTENT = frozenset(
    "what does do did is are was were the a an it in on of about report reports reported say says said state states "
    "stated contain contains describe describes mention mentions read reads summarise summarize summary give me please "
    "que cual dice dicen dijo se informa informo resume resumen resuma resumir el la los las lo un una en de del sobre "
    "contiene menciona describe senala this document paragraph informe documento".split()
)


@dataclass(frozen=True, slots=True)
class References:
    """What a question refers to by name.

    ``symbols`` are marks of documents as written, ``paragraphs`` numbers of counted paragraphs. ``question`` is the
    question with a plain word in the place of them, so that their digits are taken for nothing else. ``content``:
    nothing more is asked for than what is written there.
    """

    symbols: tuple[str, ...]
    paragraphs: tuple[str, ...]
    question: str
    content: bool = False


def references(question: str) -> References | None:
    """What ``question`` refers to; None where it names neither a document nor a paragraph."""
    symbols = tuple(dict.fromkeys(match.group() for match in _IS_SYMBOL.finditer(question)))
    paragraphs = tuple(dict.fromkeys(number for match in _PARAGRAPHS.finditer(question) for number in _numbers(match)))
    if not symbols and not paragraphs:
        return None
    plain = _without(question)
    left = re.findall(r"[^\W\d_]+", fold(plain))
    return References(symbols, paragraphs, plain, bool(paragraphs) and all(word in _CONTENT for word in left))


def same_symbol(one: str, other: str) -> bool:
    """Whether a symbol is another, or one half of a joint one ("A/79/947-S/2025/372")."""
    first, second = _key(one), _key(other)
    return bool(first) and (first == second or first in second.split("-") or second in first.split("-"))


def _key(symbol: str) -> str:
    return re.sub(r"[\s*]+", "", symbol).casefold()


def _numbers(match: re.Match[str]) -> list[str]:
    listed = match["numbers"]
    found: list[int] = []
    for span in _RANGE.finditer(listed):
        first, last = int(span[1]), int(span[2])
        found += range(first, min(last, first + _MOST - 1) + 1)
    return list(map(str, sorted({*found, *map(int, re.findall(r"\d+", listed))})))


def _without(question: str) -> str:
    """The question with "the report" where it names a paragraph or a document."""
    word = "el informe" if language_of(question) == "es" else "the report"
    symbol = _IS_SYMBOL.pattern
    paragraph = rf"(?i:(?:\b(?:the|el|los)\s+)?{_PARAGRAPHS.pattern}{_OF})"
    text = re.sub(rf"{paragraph}(?:{symbol})?", word, question)
    text = re.sub(rf"\b((?i:does|did|do|dice|señala|informa)\s+){_NAMED}{symbol}", rf"\1{word}", text)
    text = re.sub(rf",?\s*(?<!\w){_BEFORE}{symbol}", "", text)
    return re.sub(r"^[\s,]+", "", " ".join(text.split()).replace(" ?", "?").replace("¿ ", "¿"))
