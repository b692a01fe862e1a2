"""How an answer says which parts of a question the reports do not hold."""

from __future__ import annotations

from collections.abc import Sequence

from rag.question.parts import Part

_WORDS = {
    "en": {True: "The reports do not say this for {said}.", False: "The reports do not say this: {said}."},
    "es": {True: "Los informes no lo dicen para {said}.", False: "Los informes no dicen esto: {said}."},
}


def missing(parts: Sequence[Part], *, compared: bool, language: str) -> tuple[str, ...]:
    """A sentence for each part; ``compared`` parts are periods, places or groups, others are questions."""
    return tuple(_WORDS[language][compared].format(said=part.label) for part in parts)
