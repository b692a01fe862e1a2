"""Conversations and what their users say of the answers: kept in one SQLite file per index."""

from ui.conversations.faults import ConversationError, ConversationMissing
from ui.conversations.records import Conversation, Entry, Feedback, Scope, Summary
from ui.conversations.store import Conversations, conversations_path

__all__ = [
    "Conversation",
    "ConversationError",
    "ConversationMissing",
    "Conversations",
    "Entry",
    "Feedback",
    "Scope",
    "Summary",
    "conversations_path",
]
