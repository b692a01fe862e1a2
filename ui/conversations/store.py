"""Conversations in a SQLite file. Every statement is bound to the user it is for."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rag.schema import Answer
from rag.text import language_of
from ui.conversations import records, rows
from ui.conversations.database import Database
from ui.conversations.faults import ConversationError, ConversationMissing
from ui.conversations.records import Conversation, Entry, Scope, Summary

FILE_NAME = "conversations.db"
CUT_OFF = {
    "en": "The answer was cut off when the program ended. Ask again.",
    "es": "La respuesta quedó interrumpida al cerrarse el programa. Pregunte de nuevo.",
}
"""Error of an entry that was under way when the program ended, by language of the question."""

_SEARCHED_WORDS = 20  # of a search; further ones are ignored
_MINE = "SELECT key FROM conversations WHERE user = ? AND id = ?"
_ENTRY_OF_USER = (
    "SELECT e.id, e.conversation FROM entries e JOIN conversations c ON c.key = e.conversation "
    "WHERE c.user = ? AND e.id = ?"
)


def conversations_path(index_dir: Path) -> Path:
    """Where the conversations about the reports of an index are kept."""
    return index_dir / FILE_NAME


def _now() -> datetime:
    return datetime.now(UTC)


class Conversations:
    """The conversations of all users in one file; safe to use from several threads and processes.

    What a call has changed is on the disk when it returns; one that raises has changed nothing. All but :meth:`judged`
    and :meth:`cut_off` take the ``user`` and reach that user's conversations alone: for what is another's they raise
    :class:`ConversationMissing`, just as for what is not there. All raise :class:`ConversationError` when the file
    cannot be used or the disk is full.
    """

    def __init__(self, path: Path, *, now: Callable[[], datetime] = _now) -> None:
        """Open the file, made if it is not there; ``now`` tells the time with its zone."""
        self._file = Database(path)
        self._now = now

    def close(self) -> None:
        """Close the file; no other method may be called after."""
        self._file.close()

    def start(self, user: str) -> str:
        """Begin a conversation; returns its id, which cannot be guessed."""
        id_, now = secrets.token_urlsafe(16), rows.moment(self._now())
        with self._file.changing() as connection:
            connection.execute(
                "INSERT INTO conversations (id, user, title, folded, named, created, updated) "
                "VALUES (?, ?, '', '', 0, ?, ?)",
                (id_, user, now, now),
            )
        return id_

    def summaries(self, user: str, search: str = "") -> list[Summary]:
        """The user's conversations, last asked or answered first; one that is still empty and has no title is left out.

        :param search: words, or parts of them, that all occur in titles, questions or answers; case and accents aside.
        """
        wanted = rows.searched(rows.storable(search)).split()[:_SEARCHED_WORDS]
        holds = (
            " AND (instr(c.folded, ?) OR EXISTS "
            "(SELECT 1 FROM entries e WHERE e.conversation = c.key AND instr(e.folded, ?)))"
        )
        with self._file.reading() as connection:
            found = connection.execute(
                "SELECT c.id, c.title, c.created, c.updated, "
                "(SELECT count(*) FROM entries e WHERE e.conversation = c.key) "
                f"FROM conversations c WHERE c.user = ? AND c.title <> ''{holds * len(wanted)} "
                "ORDER BY c.updated DESC, c.key DESC",
                (user, *(word for word in wanted for _ in range(2))),
            ).fetchall()
        return [rows.summary_of(row) for row in found]

    def open(self, user: str, id: str) -> Conversation:
        """A conversation with all its entries."""
        with self._file.reading() as connection:
            row = connection.execute(
                "SELECT key, id, title, created, updated FROM conversations WHERE user = ? AND id = ?", (user, id)
            ).fetchone()
            if row is None:
                raise ConversationMissing
            found = connection.execute(
                f"SELECT {rows.ENTRY} WHERE e.conversation = ? ORDER BY e.id", (row[0],)
            ).fetchall()
        one = rows.summary_of((*row[1:], len(found)))
        return Conversation(one.id, one.title, one.created, one.updated, tuple(map(rows.entry_of, found)))

    def ask(self, user: str, id: str, question: str, scope: Scope) -> Entry:
        """Add a question, which is then under way; the first one gives a conversation its title, unless it has a name.

        :raises ConversationError: the question is empty or longer than ``MAX_QUESTION``, or there are ``MAX_ENTRIES``.
        """
        question = _within("The question", rows.storable(question), records.MAX_QUESTION)
        if not question.strip():
            raise ConversationError("The question is empty. Write what you want to know.")
        now = rows.moment(self._now())
        with self._file.changing() as connection:
            key = _found(connection.execute(_MINE, (user, id)))[0]
            count = connection.execute("SELECT count(*) FROM entries WHERE conversation = ?", (key,)).fetchone()[0]
            if count >= records.MAX_ENTRIES:
                raise ConversationError(
                    f"This conversation holds {count:,} questions, the most it can. Start a new one."
                )
            if count == 0:
                title = rows.title_of(question)
                connection.execute(
                    "UPDATE conversations SET title = ?, folded = ? WHERE key = ? AND NOT named",
                    (title, rows.searched(title), key),
                )
            entry = connection.execute(
                "INSERT INTO entries (conversation, question, asked, scope, folded) VALUES (?, ?, ?, ?, ?)",
                (key, question, now, rows.scope_text(scope), rows.searched(question)),
            ).lastrowid
            _touch(connection, key, now)
            return _entry(connection, entry)

    def finish(
        self, user: str, entry_id: int, answer: Answer | None = None, *, error: str = "", stopped: bool = False
    ) -> Entry:
        """Keep what came of a question: an answer, an error, or that it was stopped.

        It replaces what was kept before, and what was said of that.
        """
        error = rows.storable(error)[: records.MAX_ERROR]
        now = rows.moment(self._now())
        with self._file.changing() as connection:
            entry, key = _found(connection.execute(_ENTRY_OF_USER, (user, entry_id)))
            question = connection.execute("SELECT question FROM entries WHERE id = ?", (entry,)).fetchone()[0]
            folded = rows.storable(rows.searched(f"{question}\n{answer.text if answer else ''}"))
            connection.execute(
                "UPDATE entries SET answer = ?, error = ?, stopped = ?, folded = ? WHERE id = ?",
                (rows.answer_text(answer) if answer else None, error, stopped, folded, entry),
            )
            connection.execute("DELETE FROM feedback WHERE entry = ?", (entry,))
            _touch(connection, key, now)
            return _entry(connection, entry)

    def drop_from(self, user: str, entry_id: int) -> None:
        """Remove an entry and those after it, with what was said of them: before it is asked again or otherwise."""
        with self._file.changing() as connection:
            entry, key = _found(connection.execute(_ENTRY_OF_USER, (user, entry_id)))
            connection.execute("DELETE FROM entries WHERE conversation = ? AND id >= ?", (key, entry))

    def rename(self, user: str, id: str, title: str) -> None:
        """Give a conversation a title. Raises ConversationError: it is empty or longer than ``MAX_TITLE``."""
        title = _within("The title", " ".join(rows.storable(title).split()), records.MAX_TITLE)
        if not title:
            raise ConversationError("The title is empty. Give it at least one character.")
        with self._file.changing() as connection:
            key = _found(connection.execute(_MINE, (user, id)))[0]
            connection.execute(
                "UPDATE conversations SET title = ?, folded = ?, named = 1 WHERE key = ?",
                (title, rows.searched(title), key),
            )

    def delete(self, user: str, id: str) -> None:
        """Remove a conversation with all that belongs to it."""
        with self._file.changing() as connection:
            key = _found(connection.execute(_MINE, (user, id)))[0]
            connection.execute("DELETE FROM conversations WHERE key = ?", (key,))

    def delete_all(self, user: str) -> None:
        """Remove all that is kept of a user; no error when there is nothing."""
        with self._file.changing() as connection:
            connection.execute("DELETE FROM conversations WHERE user = ?", (user,))

    def judge(self, user: str, entry_id: int, good: bool, reason: str = "", correction: str = "") -> None:
        """Keep what the user says of an answer; replaces what was said before.

        :raises ConversationError: there is no answer yet, or a text is longer than ``MAX_REASON`` or
            ``MAX_CORRECTION``.
        """
        reason = _within("The reason", rows.storable(reason).strip(), records.MAX_REASON)
        correction = _within("The correction", rows.storable(correction).strip(), records.MAX_CORRECTION)
        with self._file.changing() as connection:
            entry, _ = _found(connection.execute(_ENTRY_OF_USER, (user, entry_id)))
            if connection.execute("SELECT answer IS NULL FROM entries WHERE id = ?", (entry,)).fetchone()[0]:
                raise ConversationError("There is no answer yet to judge. Wait until it is ready.")
            connection.execute(
                "INSERT OR REPLACE INTO feedback (entry, good, reason, correction, at) VALUES (?, ?, ?, ?, ?)",
                (entry, good, reason, correction, rows.moment(self._now())),
            )

    def unjudge(self, user: str, entry_id: int) -> None:
        """Take back what the user said of an answer; no error when nothing was."""
        with self._file.changing() as connection:
            entry, _ = _found(connection.execute(_ENTRY_OF_USER, (user, entry_id)))
            connection.execute("DELETE FROM feedback WHERE entry = ?", (entry,))

    def judged(self) -> Iterator[tuple[str, str, Entry]]:
        """All entries that something was said of, as (user, id of the conversation, entry), oldest first."""
        with self._file.reading() as connection:
            keys = connection.execute(
                "SELECT c.user, c.id, f.entry FROM feedback f JOIN entries e ON e.id = f.entry "
                "JOIN conversations c ON c.key = e.conversation ORDER BY f.entry"
            ).fetchall()
        for user, conversation, id_ in keys:  # one answer in memory at a time
            with self._file.reading() as connection:
                row = connection.execute(f"SELECT {rows.ENTRY} WHERE e.id = ?", (id_,)).fetchone()
            if row is not None and (entry := rows.entry_of(row)).feedback is not None:
                yield user, conversation, entry

    def cut_off(self) -> int:
        """Mark the entries under way as cut off and return their number; for the start of the program.

        Conversations that were begun and never asked anything are removed.
        """
        with self._file.changing() as connection:
            left = connection.execute(
                "SELECT id, question FROM entries WHERE answer IS NULL AND error = '' AND NOT stopped"
            ).fetchall()
            connection.executemany(
                "UPDATE entries SET error = ? WHERE id = ?",
                [(CUT_OFF[language_of(question)], id_) for id_, question in left],
            )
            connection.execute("DELETE FROM conversations WHERE title = ''")
        return len(left)


def _within(what: str, text: str, most: int) -> str:
    if len(text) > most:
        raise ConversationError(f"{what} has {len(text):,} characters, more than the {most:,} allowed. Shorten it.")
    return text


def _found(cursor: sqlite3.Cursor) -> Any:
    row = cursor.fetchone()
    if row is None:
        raise ConversationMissing
    return row


def _entry(connection: sqlite3.Connection, id_: int | None) -> Entry:
    return rows.entry_of(connection.execute(f"SELECT {rows.ENTRY} WHERE e.id = ?", (id_,)).fetchone())


def _touch(connection: sqlite3.Connection, key: int, now: str) -> None:
    connection.execute("UPDATE conversations SET updated = ? WHERE key = ?", (now, key))
