"""Interface words, in English and Spanish."""

from __future__ import annotations

from rag.schema import Verdict

LANGUAGES = {"en": "English", "es": "Español"}

_WORDS: dict[str, tuple[str, str]] = {
    # frame
    "title": ("Ask the reports", "Pregunte a los informes"),
    "tab_ask": ("Ask", "Preguntar"),
    "tab_reports": ("Reports", "Informes"),
    "language": ("Language", "Idioma"),
    "theme": ("Colours", "Colores"),
    "theme_auto": ("As the system", "Como el sistema"),
    "theme_light": ("Light", "Claro"),
    "theme_dark": ("Dark", "Oscuro"),
    "status_reader": ("Built-in reader", "Lector incorporado"),
    "status_offline": ("Offline: nothing leaves this machine", "Sin conexión: nada sale de este equipo"),
    "status_offline_short": ("Offline", "Sin conexión"),
    "log_out": ("Log out", "Salir"),
    "skip": ("Skip to the question", "Ir a la pregunta"),
    "close": ("Close", "Cerrar"),
    "cancel": ("Cancel", "Cancelar"),
    "save": ("Save", "Guardar"),
    # conversations
    "conversations": ("Conversations", "Conversaciones"),
    "show_conversations": ("Show or hide conversations", "Mostrar u ocultar conversaciones"),
    "new": ("New conversation", "Conversación nueva"),
    "search_conversations": ("Search conversations", "Buscar conversaciones"),
    "none_found": ("No conversation has these words.", "Ninguna conversación tiene estas palabras."),
    "none_yet": ("Your conversations are kept here.", "Aquí se guardan sus conversaciones."),
    "rename": ("Rename", "Cambiar nombre"),
    "delete": ("Delete", "Eliminar"),
    "delete_question": ("Delete this conversation?", "¿Eliminar esta conversación?"),
    "delete_for_good": ("It cannot be brought back.", "No se puede recuperar."),
    "gone": ("This conversation is no longer there.", "Esta conversación ya no existe."),
    "export": ("Export", "Exportar"),
    # before the first question
    "welcome": ("What do you want to know?", "¿Qué quiere saber?"),
    "welcome_how": (
        "Ask in English or Spanish. Answers come only from the reports, each sentence with its source.",
        "Pregunte en español o inglés. Las respuestas salen solo de los informes, cada frase con su fuente.",
    ),
    "examples": ("Questions these reports answer", "Preguntas que estos informes responden"),
    "empty_index": ("There are no reports yet", "Aún no hay informes"),
    "empty_index_how": (
        "Start with the five sample reports, or add your own files.",
        "Empiece con los cinco informes de muestra o añada sus propios archivos.",
    ),
    "use_samples": ("Use the five sample reports", "Usar los cinco informes de muestra"),
    "add_reports": ("Add reports", "Añadir informes"),
    "samples_wait": ("Adding the sample reports…", "Añadiendo los informes de muestra…"),
    # asking
    "question": ("Question", "Pregunta"),
    "ask": ("Ask", "Preguntar"),
    "question_hint": ("Ask about the reports…", "Pregunte sobre los informes…"),
    "stop": ("Stop", "Parar"),
    "filters": ("Filters", "Filtros"),
    "filter_reports": ("Only in these reports", "Solo en estos informes"),
    "filter_publisher": ("Only from this publisher", "Solo de este editor"),
    "filter_since": ("From year", "Desde el año"),
    "filter_until": ("To year", "Hasta el año"),
    "any": ("Any", "Cualquiera"),
    "clear_filters": ("Clear", "Quitar"),
    "remove_filter": ("Remove the filter", "Quitar el filtro"),
    "since": ("from", "desde"),
    "until": ("to", "hasta"),
    "searched_in": ("Searched only in", "Se buscó solo en"),
    "searched_for": ("Searched for", "Se buscó"),
    "searching": ("Searching the reports…", "Buscando en los informes…"),
    "waiting": ("Waiting for a free place…", "Esperando turno…"),
    "provisional": ("Being written, not checked yet…", "En redacción, aún sin comprobar…"),
    "ready": ("The answer is ready.", "La respuesta está lista."),
    "busy": (
        "Many questions are being answered right now. Try again in a minute.",
        "Se están respondiendo muchas preguntas. Vuelva a intentarlo en un minuto.",
    ),
    "failed": (
        "Something went wrong while answering. The log in the terminal says what.",
        "Algo falló al responder. El registro en la terminal dice qué.",
    ),
    "cut_off": ("The answer was cut off.", "La respuesta quedó interrumpida."),
    "stopped": ("Stopped.", "Detenida."),
    "try_again": ("Try again", "Intentar de nuevo"),
    "edit": ("Edit", "Editar"),
    "edit_question": ("Edit the question", "Editar la pregunta"),
    "edit_drops": (
        "What follows this question in the conversation is dropped.",
        "Se descarta lo que sigue a esta pregunta en la conversación.",
    ),
    "send": ("Send", "Enviar"),
    # answers
    "answer": ("Answer", "Respuesta"),
    "sources": ("Sources", "Fuentes"),
    "source": ("Source", "Fuente"),
    "published": ("published", "publicado"),
    "page": ("p.", "p."),
    "paragraph": ("para.", "párr."),
    "ocr": ("OCR", "OCR"),
    "reader": ("Reader", "Lector"),
    "as_of": ("As of", "Datos a fecha de"),
    "as_of_unknown": ("As of: the reports state no period", "Fecha de los datos: los informes no la indican"),
    "all_supported": ("Every sentence is supported by its quote", "Su cita respalda cada frase"),
    "some_supported": ("{0} of {1} sentences fully supported", "{0} de {1} frases plenamente respaldadas"),
    "no_citation": ("no such source", "sin esa fuente"),
    Verdict.SUPPORTED: ("supported", "respaldado"),
    Verdict.PARTLY: ("partly supported", "respaldado en parte"),
    Verdict.UNSUPPORTED: ("not found", "no encontrado"),
    # abstentions
    "abstained": ("No answer in the reports", "Los informes no lo responden"),
    "what_was_searched": ("What was searched", "Qué se buscó"),
    "one_report": ("1 report", "1 informe"),
    "n_reports": ("{0} reports", "{0} informes"),
    "covering": ("covering {0}", "que cubren {0}"),
    "period_to": ("{0} to {1}", "{0} a {1}"),
    "nearest": ("Nearest passages", "Pasajes más cercanos"),
    "what_to_try": ("What to try", "Qué probar"),
    "try_without_filters": ("Ask again without filters", "Preguntar de nuevo sin filtros"),
    "try_period": (
        "The question asks about {0}; the reports searched cover {1}. Ask about a time they cover.",
        "La pregunta trata de {0}; los informes consultados cubren {1}. Pregunte por una época que cubran.",
    ),
    "try_section": (
        "If you mean what “{0}” says, open the passage above, or use the words it uses.",
        "Si busca lo que dice «{0}», abra el pasaje de arriba o use sus palabras.",
    ),
    "try_whole": (
        "Ask it as a full question: it was understood from the questions before.",
        "Formúlela completa: se entendió a partir de las preguntas anteriores.",
    ),
    "try_rephrase": (
        "Say it in other words, with the place, the group or the figure that you mean.",
        "Dígalo con otras palabras: con el lugar, el grupo o la cifra a que se refiere.",
    ),
    # after an answer
    "copy": ("Copy", "Copiar"),
    "copy_label": ("Copy the answer with its sources", "Copiar la respuesta con sus fuentes"),
    "copied": ("Copied", "Copiado"),
    "regenerate": ("Answer again", "Responder de nuevo"),
    "good": ("Good answer", "Buena respuesta"),
    "bad": ("Bad answer", "Mala respuesta"),
    "reason": ("What was good or wrong?", "¿Qué estuvo bien o mal?"),
    "correction": ("What would be the right answer?", "¿Cuál sería la respuesta correcta?"),
    "thanks": ("Saved. Thank you.", "Guardado. Gracias."),
    # source panel
    "panel": ("Source", "Fuente"),
    "previous": ("Previous source", "Fuente anterior"),
    "next": ("Next source", "Fuente siguiente"),
    "view_text": ("Text", "Texto"),
    "view_page": ("Page", "Página"),
    "whole_report": ("Whole report", "Informe completo"),
    "back_to_quote": ("Back to the quote", "Volver a la cita"),
    "outline": ("Outline", "Índice"),
    "page_of": ("Page {0} of {1}", "Página {0} de {1}"),
    "previous_page": ("Previous page", "Página anterior"),
    "next_page": ("Next page", "Página siguiente"),
    "picture_of": ("Picture of page {0} with the quote marked", "Imagen de la página {0} con la cita marcada"),
    "enlarge": ("Enlarge", "Ampliar"),
    "no_picture": ("There is no picture of this page.", "No hay imagen de esta página."),
    "quote_gone": (
        "The report has changed since this answer. The quote is as it was then.",
        "El informe ha cambiado desde esta respuesta. La cita es la de entonces.",
    ),
    "report_gone": ("This report is no longer in the index.", "Este informe ya no está en el índice."),
    "not_loaded": ("The source could not be loaded. Try again.", "No se pudo cargar la fuente. Inténtelo de nuevo."),
}

WORDS: dict[str, dict[str, str]] = {
    language: {key: both[column] for key, both in _WORDS.items()} for column, language in enumerate(LANGUAGES)
}
"""Word by language and key; a :class:`Verdict` is a key too. Both languages have the same keys."""


def seconds(value: float, language: str) -> str:
    """``value`` as read aloud, one decimal: ``0.4 s``, in Spanish ``0,4 s``, below a tenth ``< 0.1 s``."""
    shown = f"{value:.1f} s" if value >= 0.1 else "< 0.1 s"
    return shown.replace(".", ",") if language == "es" else shown


def known_language(wanted: str, default: str = "en") -> str:
    """The interface language for a tag such as ``es-PE``; ``default`` for one without words here."""
    language = wanted.split("-")[0].lower()
    return language if language in WORDS else default
