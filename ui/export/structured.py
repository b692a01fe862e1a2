"""A conversation as JSON, for programs."""

from __future__ import annotations

import json
from typing import Any

from ui.conversations.records import Conversation, Entry, Feedback
from ui.conversations.rows import scope_values

FORMAT = "reportqa conversation 1"
"""Value of ``format``; the number rises when a key changes its meaning or goes."""


def conversation_json(conversation: Conversation) -> str:
    """The conversation with all that is known of its answers, as ``Answer.to_dict`` gives them; times are in UTC."""
    data = {
        "format": FORMAT,
        "title": conversation.title,
        "created": conversation.created.isoformat(),
        "updated": conversation.updated.isoformat(),
        "entries": [_entry(entry) for entry in conversation.entries],
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "question": entry.question,
        "asked": entry.asked.isoformat(),
        "scope": scope_values(entry.scope),
        "answer": entry.answer.to_dict() if entry.answer else None,
        "error": entry.error,
        "stopped": entry.stopped,
        "feedback": _feedback(entry.feedback) if entry.feedback else None,
    }


def _feedback(feedback: Feedback) -> dict[str, Any]:
    return {
        "good": feedback.good,
        "reason": feedback.reason,
        "correction": feedback.correction,
        "at": feedback.at.isoformat(),
    }
