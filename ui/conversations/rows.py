"""Records to values of a row, and back."""

from __future__ import annotations

import json
import logging
from datetime import UTC, date, datetime
from typing import Any

from rag.errors import RagError
from rag.saved import answer_from
from rag.schema import Answer
from rag.text import fold, language_of
from ui.conversations.records import MAX_TITLE, Entry, Feedback, Scope, Summary

_UNREADABLE = {
    "en": "The stored answer cannot be read. Ask the question again.",
    "es": "La respuesta guardada no se puede leer. Vuelva a hacer la pregunta.",
}

ENTRY = """e.id, e.question, e.asked, e.scope, e.answer, e.error, e.stopped,
    f.good, f.reason, f.correction, f.at FROM entries e LEFT JOIN feedback f ON f.entry = e.id"""
"""Columns of :func:`entry_of`, and where they are from."""

log = logging.getLogger(__name__)


def storable(text: str) -> str:
    """``text`` without halves of surrogate pairs, which UTF-8 has no form for."""
    return text.encode("utf-8", "replace").decode("utf-8")


def moment(time: datetime) -> str:
    """A time as text whose order is the order in time."""
    return time.astimezone(UTC).isoformat(timespec="microseconds")


def title_of(question: str) -> str:
    """What a conversation is called after its first question: on one line, cut at a word if long."""
    line = " ".join(question.split())
    if len(line) <= MAX_TITLE:
        return line
    return line[: MAX_TITLE - 2].rsplit(" ", 1)[0] + " …"


def searched(text: str) -> str:
    """``text`` as searches compare it: without case and accents, on one line."""
    return " ".join(fold(text).split())


def scope_values(scope: Scope) -> dict[str, Any]:
    """A scope, ready for JSON: dates as ISO strings."""
    return {
        "reports": list(scope.reports),
        "publisher": scope.publisher,
        "since": scope.since.isoformat() if scope.since else None,
        "until": scope.until.isoformat() if scope.until else None,
    }


def scope_text(scope: Scope) -> str:
    """A scope as JSON."""
    return storable(json.dumps(scope_values(scope), ensure_ascii=False))


def answer_text(answer: Answer) -> str:
    """An answer as JSON."""
    return storable(json.dumps(answer.to_dict(), ensure_ascii=False))


def entry_of(row: tuple[Any, ...]) -> Entry:
    """The entry of a row of ``ENTRY``; an answer that cannot be read becomes an error of that entry alone."""
    id_, question, asked, scope, answer, error, stopped, good, reason, correction, at = row
    found = None
    if answer is not None:
        try:
            found = answer_from(json.loads(answer))
        except (RagError, ValueError) as fault:
            log.warning("The stored answer to entry %d cannot be read: %s", id_, fault)
            error = _UNREADABLE[language_of(question)]
    return Entry(
        id=id_,
        question=question,
        asked=datetime.fromisoformat(asked),
        scope=_scope(json.loads(scope)),
        answer=found,
        error=error,
        stopped=bool(stopped),
        feedback=Feedback(bool(good), reason, correction, datetime.fromisoformat(at)) if at else None,
    )


def summary_of(row: tuple[Any, ...]) -> Summary:
    """The summary of a row: id, title, created, updated, questions."""
    id_, title, created, updated, questions = row
    return Summary(id_, title, datetime.fromisoformat(created), datetime.fromisoformat(updated), questions)


def _scope(values: dict[str, Any]) -> Scope:
    since, until = (date.fromisoformat(values[name]) if values[name] else None for name in ("since", "until"))
    return Scope(tuple(values["reports"]), values["publisher"], since, until)
