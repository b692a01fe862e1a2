"""Conversations kept in memory, for pages in tests."""

from __future__ import annotations

import itertools
import threading
from dataclasses import dataclass, field, replace

from rag.schema import Answer, Filters


@dataclass(frozen=True)
class Entry:
    id: int
    question: str
    filters: Filters
    answer: Answer | None = None
    error: str = ""
    good: bool | None = None
    reason: str = ""
    correction: str = ""


@dataclass
class Conversation:
    id: str
    user: str
    title: str = ""
    entries: list[Entry] = field(default_factory=list)


class MemoryConversations:
    def __init__(self):
        self._all = {}
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    def start(self, user):
        one = Conversation(f"c{next(self._numbers)}", user)
        self._all[one.id] = one
        return one

    def summaries(self, user, search=""):
        words = search.lower().split()
        mine = [one for one in self._all.values() if one.user == user]
        texts = {one.id: " ".join([one.title, *(e.question + (e.answer.text if e.answer else "") for e in one.entries)]).lower() for one in mine}
        return [one for one in reversed(mine) if all(word in texts[one.id] for word in words)]

    def open(self, user, conversation):
        one = self._all.get(conversation)
        return one if one and one.user == user else None

    def ask(self, user, conversation, question, filters):
        one = self.open(user, conversation)
        one.title = one.title or question
        entry = Entry(next(self._numbers), question, filters)
        one.entries.append(entry)
        return entry

    def _change(self, entry, **changes):
        for one in self._all.values():
            one.entries[:] = [replace(e, **changes) if e.id == entry else e for e in one.entries]

    def finish(self, user, entry, answer, error):
        self._change(entry, answer=answer, error=error)

    def drop_from(self, user, entry):
        for one in self._all.values():
            if any(e.id == entry for e in one.entries):
                one.entries[:] = [e for e in one.entries if e.id < entry]

    def judge(self, user, entry, good, reason, correction):
        self._change(entry, good=good, reason=reason, correction=correction)

    def rename(self, user, conversation, title):
        self.open(user, conversation).title = title

    def delete(self, user, conversation):
        self._all.pop(conversation, None)
