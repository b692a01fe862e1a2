"""Conversations are kept: each user's own, searchable, through restarts, faults and full disks."""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from chat_fakes import FakeAssistant

from rag.saved import answer_from
from ui.conversations import ConversationError, ConversationMissing, Conversations, Scope, records
from ui.conversations.store import CUT_OFF

QUESTION = "How many teachers attended the workshop?"
ANSWER = answer_from(FakeAssistant().query(QUESTION).to_dict())  # reports without their text


class Clock:
    """A second passes each time it is read."""

    def __init__(self):
        self.time = datetime(2024, 5, 1, tzinfo=UTC)

    def __call__(self):
        self.time += timedelta(seconds=1)
        return self.time


@pytest.fixture
def path(tmp_path):
    return tmp_path / "index" / "conversations.db"


@pytest.fixture
def kept(path):
    opened = Conversations(path, now=Clock())
    yield opened
    opened.close()


def asked(kept, user="ana", question=QUESTION, answer=ANSWER, scope=Scope()):  # noqa: B008
    id_ = kept.start(user)
    entry = kept.ask(user, id_, question, scope)
    if answer is not None:
        entry = kept.finish(user, entry.id, answer)
    return id_, entry


def test_an_answer_comes_back_whole_after_a_restart(path):
    scope = Scope(("peru", "colombia"), "Working group", date(2024, 1, 1), date(2024, 12, 31))
    first = Conversations(path)
    id_, entry = asked(first, scope=scope)
    first.judge("ana", entry.id, False, "wrong year", "600")
    before = first.open("ana", id_)
    first.close()
    second = Conversations(path)
    assert second.open("ana", id_) == before
    (entry,) = before.entries
    assert (entry.answer, entry.scope, entry.question) == (ANSWER, scope, QUESTION)
    assert (entry.feedback.good, entry.feedback.reason, entry.feedback.correction) == (False, "wrong year", "600")
    second.close()


def test_the_file_is_open_to_its_owner_alone(path, kept):
    asked(kept)
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in path.parent.iterdir()} == {0o600}


def test_a_file_that_others_could_read_is_closed_to_them(path):
    Conversations(path).close()
    path.chmod(0o644)
    Conversations(path).close()
    assert path.stat().st_mode & 0o777 == 0o600


def test_commits_reach_the_disk(kept):
    connection = kept._file._connection
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)


def test_ids_cannot_be_guessed(kept):
    ids = {kept.start("ana") for _ in range(50)}
    assert len(ids) == 50 and all(len(id_) >= 22 for id_ in ids)


class TestOtherUsers:
    """What is another's is told as if it were not there."""

    @pytest.fixture
    def told(self):
        return str(ConversationMissing())

    @pytest.mark.parametrize("user", ["bob", "ANA", "", "ana' OR '1'='1"])
    def test_nothing_is_seen_or_changed(self, kept, user, told):
        id_, entry = asked(kept)
        kept.judge("ana", entry.id, True)
        before = kept.open("ana", id_)
        calls = [
            lambda: kept.open(user, id_),
            lambda: kept.open(user, "nothing"),
            lambda: kept.ask(user, id_, "x?", Scope()),
            lambda: kept.finish(user, entry.id, error="x"),
            lambda: kept.drop_from(user, entry.id),
            lambda: kept.rename(user, id_, "Mine"),
            lambda: kept.delete(user, id_),
            lambda: kept.judge(user, entry.id, False),
            lambda: kept.unjudge(user, entry.id),
        ]
        for call in calls:
            with pytest.raises(ConversationMissing) as caught:
                call()
            assert str(caught.value) == told
        kept.delete_all(user)
        assert kept.summaries(user) == [] and kept.summaries(user, "teachers") == []
        assert kept.open("ana", id_) == before

    def test_all_of_one_user_goes_and_nothing_else(self, kept):
        asked(kept)
        id_, _ = asked(kept, "bob")
        kept.delete_all("ana")
        assert kept.summaries("ana") == [] and [one.id for one in kept.summaries("bob")] == [id_]


class TestList:
    def test_what_was_asked_last_comes_first(self, kept):
        first, second = asked(kept)[0], asked(kept)[0]
        assert [one.id for one in kept.summaries("ana")] == [second, first]
        kept.ask("ana", first, "And in Lima?", Scope())
        assert [(one.id, one.questions) for one in kept.summaries("ana")] == [(first, 2), (second, 1)]

    def test_one_without_question_is_not_listed(self, kept):
        kept.start("ana")
        assert kept.summaries("ana") == []

    def test_the_first_question_gives_the_title_and_a_name_stays(self, kept):
        id_, entry = asked(kept, question="  How\nmany   teachers?")
        assert kept.open("ana", id_).title == "How many teachers?"
        kept.drop_from("ana", entry.id)
        kept.ask("ana", id_, "How many doctors?", Scope())
        assert kept.open("ana", id_).title == "How many doctors?"
        kept.rename("ana", id_, " Staff \n numbers ")
        kept.drop_from("ana", kept.open("ana", id_).entries[0].id)
        kept.ask("ana", id_, "How many nurses?", Scope())
        assert kept.open("ana", id_).title == "Staff numbers"

    def test_a_long_question_gives_a_title_cut_at_a_word(self, kept):
        id_, _ = asked(kept, question="words " * 100 + "?")
        title = kept.open("ana", id_).title
        assert len(title) <= records.MAX_TITLE and title.endswith("words …")


class TestSearch:
    @pytest.fixture
    def ids(self, kept):
        spanish, _ = asked(kept, question="¿Cuántos niños recibieron atención en Nariño?", answer=None)
        english, _ = asked(kept)
        kept.rename("ana", spanish, "Protección 100% segura_")
        return {spanish: "es", english: "en"}

    @pytest.mark.parametrize(
        ("search", "found"),
        [
            ("", "en es"),
            ("NINOS narino", "es"),
            ("niños", "es"),
            ("proteccion", "es"),
            ("Lurigancho", "en"),  # in the answer
            ("workshop vecindario", "en"),  # question and answer
            ("teachers niños", ""),  # of two conversations
            ("%", "es"),
            ("_", "es"),
            ("teach%", ""),
            ("t_achers", ""),
            ('" OR *', ""),
            ("' OR 1=1 --", ""),
            ("\0", ""),
            ("\ud800 nothing", ""),
        ],
    )
    def test_words_are_found_without_case_and_accents_and_wildcards_are_characters(self, kept, ids, search, found):
        assert {ids[one.id] for one in kept.summaries("ana", search)} == set(found.split())

    def test_many_words_are_no_trouble(self, kept, ids):
        assert len(kept.summaries("ana", "the " * 5_000)) == 1

    def test_what_was_dropped_is_not_found(self, kept, ids):
        english = next(id_ for id_, language in ids.items() if language == "en")
        entry = kept.ask("ana", english, "Where is Zarumilla?", Scope())
        assert len(kept.summaries("ana", "zarumilla")) == 1
        kept.drop_from("ana", entry.id)
        assert kept.summaries("ana", "zarumilla") == []


class TestEntries:
    def test_asking_again_drops_what_follows_with_what_was_said_of_it(self, kept):
        id_, first = asked(kept)
        second = kept.ask("ana", id_, "And in Lima?", Scope())
        kept.finish("ana", second.id, ANSWER)
        kept.judge("ana", second.id, True)
        kept.drop_from("ana", second.id)
        assert [entry.id for entry in kept.open("ana", id_).entries] == [first.id]
        assert list(kept.judged()) == []
        assert kept.ask("ana", id_, "And in Cusco?", Scope()).id > second.id

    def test_an_answer_that_comes_after_its_entry_went_is_refused(self, kept):
        id_, entry = asked(kept, answer=None)
        kept.drop_from("ana", entry.id)
        again = kept.ask("ana", id_, QUESTION, Scope())
        with pytest.raises(ConversationMissing):
            kept.finish("ana", entry.id, ANSWER)
        assert kept.open("ana", id_).entries == (again,)

    def test_an_error_and_a_stop_are_kept(self, kept):
        id_, first = asked(kept, answer=None)
        kept.finish("ana", first.id, error="The model did not answer.")
        second = kept.ask("ana", id_, QUESTION, Scope())
        kept.finish("ana", second.id, stopped=True)
        first, second = kept.open("ana", id_).entries
        assert (first.error, first.stopped, first.answer) == ("The model did not answer.", False, None)
        assert (second.error, second.stopped, second.answer) == ("", True, None)

    def test_those_under_way_at_a_restart_are_cut_off_in_the_language_of_the_question(self, path):
        first = Conversations(path)
        ids = [asked(first, question=q, answer=None)[0] for q in ("How many?", "¿Cuántos niños hay en Lima?")]
        done, _ = asked(first)
        stopped, entry = asked(first, answer=None)
        first.finish("ana", entry.id, stopped=True)
        first.close()
        second = Conversations(path)
        assert second.cut_off() == 2 and second.cut_off() == 0
        errors = [second.open("ana", id_).entries[0].error for id_ in [*ids, done, stopped]]
        assert errors == [CUT_OFF["en"], CUT_OFF["es"], "", ""]
        second.close()

    def test_a_damaged_answer_spoils_its_entry_alone(self, path, kept):
        id_, entry = asked(kept, question="¿Cuántos maestros asistieron al taller?")
        kept.finish("ana", kept.ask("ana", id_, QUESTION, Scope()).id, ANSWER)
        with sqlite3.connect(path) as other:
            other.execute("UPDATE entries SET answer = '{\"status\": 1}' WHERE id = ?", (entry.id,))
        other.close()
        first, second = kept.open("ana", id_).entries
        assert first.answer is None and first.error.startswith("La respuesta guardada no se puede leer")
        assert second.answer == ANSWER

    def test_text_that_has_no_utf8_is_kept_without_the_part(self, kept):
        id_, entry = asked(kept, question="How \ud800many?", answer=replace(ANSWER, text="\udfffyes"))
        kept.judge("ana", entry.id, True, "\ud800")
        kept.rename("ana", id_, "\ud800 mine")
        assert kept.open("ana", id_).entries[0].question == "How ?many?"


class TestFeedback:
    def test_it_is_replaced_and_taken_back(self, kept):
        id_, entry = asked(kept)
        kept.judge("ana", entry.id, True)
        kept.judge("ana", entry.id, False, " wrong ", " 600 ")
        (one,) = kept.judged()
        assert one[:2] == ("ana", id_) and one[2].answer == ANSWER
        assert (one[2].feedback.good, one[2].feedback.reason, one[2].feedback.correction) == (False, "wrong", "600")
        kept.unjudge("ana", entry.id)
        kept.unjudge("ana", entry.id)
        assert list(kept.judged()) == [] and kept.open("ana", id_).entries[0].feedback is None

    def test_of_all_users(self, kept):
        for user in ("ana", "bob"):
            _, entry = asked(kept, user)
            kept.judge(user, entry.id, True)
        assert [user for user, _, _ in kept.judged()] == ["ana", "bob"]

    def test_what_is_under_way_cannot_be_judged(self, kept):
        _, entry = asked(kept, answer=None)
        with pytest.raises(ConversationError, match="no answer yet"):
            kept.judge("ana", entry.id, True)

    def test_answered_anew_it_loses_what_was_said(self, kept):
        _, entry = asked(kept)
        kept.judge("ana", entry.id, True)
        kept.finish("ana", entry.id, ANSWER)
        assert list(kept.judged()) == []


class TestLimits:
    @pytest.mark.parametrize(
        ("change", "told"),
        [
            (lambda kept, id_, entry: kept.rename("ana", id_, "x" * 201), "The title has 201 characters"),
            (lambda kept, id_, entry: kept.rename("ana", id_, " \n "), "The title is empty"),
            (lambda kept, id_, entry: kept.judge("ana", entry, True, "x" * 2_001), "The reason has 2,001 characters"),
            (lambda kept, id_, entry: kept.judge("ana", entry, True, "", "x" * 4_001), "The correction has 4,001"),
            (lambda kept, id_, entry: kept.ask("ana", id_, "x" * 10_001, Scope()), "The question has 10,001"),
            (lambda kept, id_, entry: kept.ask("ana", id_, " ", Scope()), "The question is empty"),
        ],
    )
    def test_what_is_too_long_or_empty_is_refused_and_changes_nothing(self, kept, change, told):
        id_, entry = asked(kept)
        before = kept.open("ana", id_)
        with pytest.raises(ConversationError, match=told):
            change(kept, id_, entry.id)
        assert kept.open("ana", id_) == before

    def test_a_conversation_does_not_grow_without_end(self, kept, monkeypatch):
        monkeypatch.setattr(records, "MAX_ENTRIES", 2)
        id_, _ = asked(kept)
        kept.ask("ana", id_, QUESTION, Scope())
        with pytest.raises(ConversationError, match="holds 2 questions, the most"):
            kept.ask("ana", id_, QUESTION, Scope())


class TestFaults:
    def test_a_foreign_file_is_left_as_it_is(self, tmp_path):
        path = tmp_path / "other.db"
        with sqlite3.connect(path) as other:
            other.execute("CREATE TABLE mine (x)")
        other.close()
        before = path.read_bytes()
        with pytest.raises(ConversationError, match="belongs to another program"):
            Conversations(path)
        assert path.read_bytes() == before

    def test_text_is_no_database(self, tmp_path):
        path = tmp_path / "notes.db"
        path.write_text("no database " * 100)
        with pytest.raises(ConversationError, match="damaged or holds no conversations"):
            Conversations(path)

    def test_a_newer_file_is_told(self, path):
        Conversations(path).close()
        with sqlite3.connect(path) as other:
            other.execute("PRAGMA user_version = 99")
        other.close()
        with pytest.raises(ConversationError, match="another version .*conversations 99.* a newer reportqa"):
            Conversations(path)

    def test_a_damaged_file_is_told(self, path):
        first = Conversations(path)
        for _ in range(20):
            asked(first)
        first.close()
        data = bytearray(path.read_bytes())
        data[8192:20000] = b"\xff" * (20000 - 8192)
        path.write_bytes(data)
        with pytest.raises(ConversationError, match="is damaged"):
            Conversations(path)

    def test_a_folder_in_its_place_is_told(self, tmp_path):
        with pytest.raises(ConversationError, match="is not a file"):
            Conversations(tmp_path)

    def test_a_file_in_the_folders_place_is_told(self, tmp_path):
        (tmp_path / "index").write_text("")
        with pytest.raises(ConversationError, match="cannot be used"):
            Conversations(tmp_path / "index" / "conversations.db")

    def test_on_a_full_disk_nothing_is_lost(self, small_disk):
        kept = Conversations(small_disk / "conversations.db")
        id_, entry = asked(kept)
        before = kept.open("ana", id_)
        filler = small_disk / "filler"
        with pytest.raises(ConversationError, match="disk .* is full.*Nothing that was saved is lost"):
            filler.write_bytes(b"x" * 600_000)
            for _ in range(200):
                kept.finish("ana", entry.id, replace(ANSWER, text="x" * 20_000))
                before = kept.open("ana", id_)
        assert kept.open("ana", id_) == before
        filler.unlink()
        kept.rename("ana", id_, "There is space again")
        kept.close()
        again = Conversations(small_disk / "conversations.db")
        assert again.open("ana", id_).entries == before.entries
        again.close()


def test_threads_and_processes_take_turns(path, kept):
    other = Conversations(path)  # as another process would
    ids = [kept.start(f"user{number}") for number in range(4)]
    faults = []

    def work(number):
        try:
            for count in range(10):
                store = (kept, other)[count % 2]
                entry = store.ask(f"user{number}", ids[number], f"Question {count}?", Scope())
                store.finish(f"user{number}", entry.id, ANSWER)
        except Exception as fault:
            faults.append(fault)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    for number, id_ in enumerate(ids):
        entries = kept.open(f"user{number}", id_).entries
        assert [entry.question for entry in entries] == [f"Question {count}?" for count in range(10)]
        assert all(entry.answer == ANSWER for entry in entries)
    other.close()
