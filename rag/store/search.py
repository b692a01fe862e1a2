"""Search terms and filters as SQL."""

from __future__ import annotations

import json
from collections.abc import Iterable

from rag.schema import Filters
from rag.store.rows import publisher_key

FIRST_DAY = "coalesce(reports.period_start, reports.published)"
LAST_DAY = "coalesce(reports.period_end, reports.published)"


def quoted(term: str) -> str:
    """``term`` as an FTS5 string, in which nothing is syntax; empty when nothing of it is left.

    A NUL ends the expression early for FTS5, and half of a surrogate pair cannot be handed to SQLite.
    """
    text = term.replace("\0", " ").encode("utf-8", "ignore").decode("utf-8").strip()
    return '"' + text.replace('"', '""') + '"' if text else ""


def any_of(terms: Iterable[str]) -> str:
    """FTS5 expression for rows with at least one of ``terms``; each counts once. Empty for no terms."""
    return " OR ".join(dict.fromkeys(filter(None, map(quoted, terms))))


def admitted(filters: Filters) -> tuple[str, dict[str, object]]:
    """Condition on a ``reports`` row that ``filters`` state, with its parameters.

    ISO dates compare as text. A report with neither period nor published date passes no date filter.
    """
    conditions: list[str] = ["1"]
    values: dict[str, object] = {}
    if filters.reports:
        conditions.append("reports.id IN (SELECT value FROM json_each(:reports))")
        values["reports"] = json.dumps(filters.reports)
    if filters.publisher:
        conditions.append("reports.publisher_key = :publisher")
        values["publisher"] = publisher_key(filters.publisher)
    if filters.since:
        conditions.append(f"{LAST_DAY} >= :since")
        values["since"] = filters.since.isoformat()
    if filters.until:
        conditions.append(f"{FIRST_DAY} <= :until")
        values["until"] = filters.until.isoformat()
    return " AND ".join(conditions), values
