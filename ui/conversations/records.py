"""What is kept of a conversation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rag.schema import Answer, Filters

Scope = Filters
"""What a question was searched in: the filters set when it was asked."""

MAX_TITLE = 200  # characters, as the next four
MAX_QUESTION = 10_000
MAX_REASON = 2_000
MAX_CORRECTION = 4_000
MAX_ERROR = 2_000
MAX_ENTRIES = 2_000  # questions in one conversation


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a user says of an answer: thumbs up or down, why, and what would have been right; ``at`` is in UTC."""

    good: bool
    reason: str
    correction: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """A question and what came of it.

    One without ``answer`` and ``error`` that is not ``stopped`` is still under way, or was cut off by the end of the
    program. ``id`` grows within a conversation and is never used again. ``asked`` is in UTC.
    """

    id: int
    question: str
    asked: datetime
    scope: Scope
    answer: Answer | None = None
    error: str = ""
    stopped: bool = False
    feedback: Feedback | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """A conversation as a list shows it; ``questions`` counts them. Times are in UTC."""

    id: str
    title: str
    created: datetime
    updated: datetime
    questions: int


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation with its entries, oldest first; ``updated`` is when it was last asked or answered, in UTC."""

    id: str
    title: str
    created: datetime
    updated: datetime
    entries: tuple[Entry, ...] = ()
