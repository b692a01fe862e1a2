"""Interface words, in English and Spanish."""

from __future__ import annotations

from rag.schema import Verdict

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "sources": "Sources",
        "nearest": "Nearest passages",
        "published": "published",
        "page": "page",
        "source": "Source",
        "reader": "Reader",
        "as_of": "As of",
        "only_in": "Only in",
        "searched_for": "Searched for",
        "searching": "Searching the reports…",
        "provisional": "Being written, not checked yet…",
        "failed": "Something went wrong while answering. The log in the terminal says what.",
        Verdict.SUPPORTED: "supported",
        Verdict.PARTLY: "partly supported",
        Verdict.UNSUPPORTED: "not found",
    },
    "es": {
        "sources": "Fuentes",
        "nearest": "Pasajes más cercanos",
        "published": "publicado",
        "page": "página",
        "source": "Fuente",
        "reader": "Lector",
        "as_of": "Fecha de los datos",
        "only_in": "Solo en",
        "searched_for": "Se buscó",
        "searching": "Buscando en los informes…",
        "provisional": "En redacción, aún sin comprobar…",
        "failed": "Algo falló al responder. El registro en la terminal dice qué.",
        Verdict.SUPPORTED: "respaldado",
        Verdict.PARTLY: "respaldado en parte",
        Verdict.UNSUPPORTED: "no encontrado",
    },
}
"""Word by language and key; a :class:`Verdict` is a key too. Both languages have the same keys."""


def seconds(value: float, language: str) -> str:
    """``value`` as read aloud, one decimal: ``0.4 s``, in Spanish ``0,4 s``, below a tenth ``< 0.1 s``."""
    shown = f"{value:.1f} s" if value >= 0.1 else "< 0.1 s"
    return shown.replace(".", ",") if language == "es" else shown
