"""What an answer tells its reader of how it came about, in English and Spanish."""

from __future__ import annotations

from collections.abc import Sequence

from rag.errors import ModelError

_WORDS = {
    "en": {
        "dropped": "{count} left out, as the reports do not bear {it} out.",
        "one": "One sentence that the model wrote was",
        "some": "{n} sentences that the model wrote were",
        "marked": "Not borne out by the reports: “{sentence}”",
        "failed": "The model did not answer, so the built-in reader did. {reason}",
        "nothing": "The reports bear out nothing of what the model wrote, so the built-in reader answered.",
    },
    "es": {
        "dropped": "{count}, pues los informes no {it} respaldan.",
        "one": "Se omitió una frase del modelo",
        "some": "Se omitieron {n} frases del modelo",
        "marked": "Los informes no respaldan: «{sentence}»",
        "failed": "El modelo no respondió, y lo hizo el lector incorporado. {reason}",
        "nothing": "Los informes no respaldan nada de lo que escribió el modelo, y respondió el lector incorporado.",
    },
}


def dropped(count: int, language: str) -> str:
    """So many sentences were left out."""
    words = _WORDS[language]
    said = words["one"] if count == 1 else words["some"].format(n=count)
    it = {"en": ("it", "them"), "es": ("la", "las")}[language][count > 1]
    return words["dropped"].format(count=said, it=it)


def marked(sentences: Sequence[str], language: str) -> list[str]:
    """These sentences were kept though nothing bears them out."""
    return [_WORDS[language]["marked"].format(sentence=sentence) for sentence in sentences]


def failed(error: ModelError, language: str) -> str:
    """The built-in reader stands in for a model that failed, and why it did."""
    return _WORDS[language]["failed"].format(reason=" ".join(str(error).split()))


def nothing(language: str) -> str:
    """The built-in reader stands in for a model of which nothing was left."""
    return _WORDS[language]["nothing"]
