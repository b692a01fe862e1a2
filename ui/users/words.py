"""Words of the login page and of refusals, in English and Spanish."""

from __future__ import annotations

from collections.abc import Mapping

from ui.words import WORDS as PAGE_WORDS

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "app": PAGE_WORDS["en"]["title"],
        "title": "Log in",
        "user": "User name",
        "password": "Password",
        "log_in": "Log in",
        "log_out": "Log out",
        "leave": "Log out of this browser?",
        "back": "Back to the reports",
        "other": "Español",
        "wrong": "User name or password is wrong.",
        "locked": "Too many failed attempts. Try again in {seconds} seconds.",
        "log_in_again": "Log in first. If you had, your session has ended: reload the page.",
        "too_many": "Too many requests. Try again in {seconds} seconds.",
        "busy": "Too many questions are waiting. Try again in a moment.",
    },
    "es": {
        "app": PAGE_WORDS["es"]["title"],
        "title": "Iniciar sesión",
        "user": "Nombre de usuario",
        "password": "Contraseña",
        "log_in": "Entrar",
        "log_out": "Cerrar sesión",
        "leave": "¿Cerrar la sesión de este navegador?",
        "back": "Volver a los informes",
        "other": "English",
        "wrong": "El nombre de usuario o la contraseña no son correctos.",
        "locked": "Demasiados intentos fallidos. Vuelva a intentarlo en {seconds} segundos.",
        "log_in_again": "Inicie sesión primero. Si ya lo hizo, su sesión ha terminado: recargue la página.",
        "too_many": "Demasiadas peticiones. Vuelva a intentarlo en {seconds} segundos.",
        "busy": "Hay demasiadas preguntas en espera. Vuelva a intentarlo en un momento.",
    },
}


def language_for(accepted: str) -> str:
    """The first language of an Accept-Language header that there are words in, else English.

    Browsers list languages by preference; weights are not read.
    """
    for item in accepted.split(","):
        language = item.partition(";")[0].strip().lower().partition("-")[0]
        if language in WORDS:
            return language
    return "en"


def words_for(accepted: str) -> Mapping[str, str]:
    """The words in the language that an Accept-Language header asks for."""
    return WORDS[language_for(accepted)]
