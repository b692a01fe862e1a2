"""Small tools for cutting questions."""

from __future__ import annotations

import re
import unicodedata


def flat(text: str) -> str:
    """``text`` in lower case and without accents, character for character: offsets stay what they were."""
    return "".join(_plain(character) for character in text)


def _plain(character: str) -> str:
    base = unicodedata.normalize("NFD", character)[0].lower()
    return base if len(base) == 1 else character


def tidy(text: str) -> str:
    """``text`` with single spaces, none before punctuation, and no punctuation at its end."""
    text = re.sub(r"\s+([,.;:?])", r"\1", " ".join(text.split()))
    return re.sub(r"[\s,;:?!.]+$", "", re.sub(r",+", ",", text)).strip()


def group(text: str, match: re.Match[str], name: str) -> str:
    """What a group of a match on ``flat(text)`` holds, as ``text`` writes it, trimmed."""
    return text[match.start(name) : match.end(name)].strip()


def lowered(text: str) -> str:
    """``text`` with a small first letter."""
    return text[:1].lower() + text[1:]
