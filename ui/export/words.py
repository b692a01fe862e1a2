"""Labels that only exports have, in English and Spanish; the others are in ``ui.words``."""

from __future__ import annotations

from ui.words import LANGUAGES

_LABELS: dict[str, tuple[str, str]] = {
    "asked": ("Asked", "Preguntado"),
    "all_reports": ("all reports", "todos los informes"),
    "searched_in": ("Searched in", "Se buscó en"),
    "note": ("Note", "Nota"),
    "no_period": ("the reports state no period", "los informes no la indican"),
    "untitled": ("Conversation", "Conversación"),
    "under_way": ("The answer was not finished.", "La respuesta no se terminó."),
    "stopped": ("The answer was stopped.", "La respuesta se detuvo."),
    "error": ("No answer", "Sin respuesta"),
    "one_question": ("1 question", "1 pregunta"),
    "n_questions": ("{0} questions", "{0} preguntas"),
    "made_by": (
        "From reportqa: each numbered note gives a report's own words and how far they bear the sentence out.",
        "De reportqa: cada nota numerada da las palabras de un informe y hasta qué punto respaldan la frase.",
    ),
}
LABELS: dict[str, dict[str, str]] = {
    language: {key: both[column] for key, both in _LABELS.items()} for column, language in enumerate(LANGUAGES)
}
"""Label by language and key."""
