"""What can be said about a question before it is searched for."""

from __future__ import annotations

from collections.abc import Sequence

from rag.errors import ConfigError, QuestionError
from rag.schema import Filters
from rag.store import Reads

MAX_QUESTION_CHARS = 2_000


def check_question(question: str) -> str:
    """The question without surrounding space. Raises ``QuestionError`` when empty or too long."""
    question = question.strip()
    try:
        question.encode("utf-8")
    except UnicodeEncodeError as error:
        raise QuestionError(f"The question holds a broken character at position {error.start}.") from None
    if not question:
        raise QuestionError('The question is empty: ask something, such as "How many people were assisted?"')
    if len(question) > MAX_QUESTION_CHARS:
        raise QuestionError(
            f"The question has {len(question):,} characters; at most {MAX_QUESTION_CHARS:,} are read. "
            "Ask one thing at a time."
        )
    return question


def check_filters(filters: Filters, k: int, view: Reads) -> None:
    """Raise ``ConfigError`` when the filters name what the index does not hold or exclude everything."""
    if k < 1:
        raise ConfigError(f"k is {k}: at least one passage must be retrieved.")
    if filters.since and filters.until and filters.since > filters.until:
        raise ConfigError(f"since ({filters.since}) is after until ({filters.until}): exchange the two.")
    if not (filters.reports or filters.publisher):
        return
    infos = view.reports()
    ids = {info.id for info in infos}
    unknown = [name for name in filters.reports if name not in ids]
    if unknown:
        raise ConfigError(f"There is no report {unknown[0]!r} in the index; there are: {_some(sorted(ids))}.")
    publishers = sorted({info.publisher for info in infos if info.publisher})
    if filters.publisher and filters.publisher.casefold() not in {name.casefold() for name in publishers}:
        raise ConfigError(
            f"No report in the index is published by {filters.publisher!r}; there are: {_some(publishers)}."
        )


def _some(names: Sequence[str], most: int = 10) -> str:
    shown = ", ".join(names[:most]) or "none"
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown
