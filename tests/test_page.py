"""What the Ask page does without a browser: asking, following up, what is shown of it."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date

import pytest
from chat_fakes import COLOMBIA, PERU, FakeAssistant
from memory_conversations import MemoryConversations

from rag.errors import StoreDamaged
from rag.schema import Filters, Turn
from ui.api.admission import Admission
from ui.page import MAX_HISTORY, MAX_QUESTION, AskPage, Visit

TEACHERS = "How many teachers attended the workshop?"
ME = Visit("me")


class Broken(FakeAssistant):
    """Fails as its index would."""

    def __init__(self, error):
        super().__init__()
        self._error = error

    def stream(self, question, **options):
        raise self._error


def page_of(assistant, admission=None, conversations=None):
    return AskPage(assistant, conversations or MemoryConversations(), admission or Admission())


def settled(page, visit):
    """What is shown once the last question has been answered."""
    done = threading.Event()
    for _ in range(500):
        if page.opened(visit)[1] is None:
            return page.shown(visit)
        done.wait(0.01)
    raise AssertionError("still busy")


def html_of(state):
    return [html for _, html in state["turns"]]


def test_turns_accumulate_in_one_conversation():
    page = page_of(FakeAssistant())
    visit = page.ask(ME, TEACHERS, Filters())
    first = settled(page, visit)
    again = page.ask(visit, "medical consultations", Filters())
    assert again == visit
    both = settled(page, visit)
    assert both["turns"][0] == first["turns"][0]
    assert "500 teachers" in html_of(both)[0] and "3,021 people" in html_of(both)[1]
    assert not both["busy"]


def test_a_question_under_way_is_busy_then_answered():
    admission = Admission(at_once=1)
    page = page_of(FakeAssistant(), admission)
    with admission.place("page"):
        visit = page.ask(ME, TEACHERS, Filters())
        state = page.shown(visit)
        assert state["busy"] and "Waiting for a free place" in html_of(state)[0]
    assert "500 teachers" in html_of(settled(page, visit))[0]


def test_what_a_model_has_written_is_shown_escaped_and_as_not_checked():
    wrote, go_on = threading.Event(), threading.Event()

    class Writing(FakeAssistant):
        def stream(self, question, **options):
            yield "<b>Nine"
            wrote.set()
            assert go_on.wait(5)
            yield self.query(question, **options)

    page = page_of(Writing())
    visit = page.ask(ME, TEACHERS, Filters())
    assert wrote.wait(5)
    state = page.shown(visit)
    while "Nine" not in html_of(state)[0]:  # the piece is on its way from the other thread
        state = page.writing(visit, state)
    assert "not checked yet" in html_of(state)[0] and "&lt;b&gt;Nine" in html_of(state)[0]
    go_on.set()
    assert "Nine" not in html_of(settled(page, visit))[0]


def test_a_follow_up_is_asked_with_its_history_and_shows_what_was_searched_for():
    assistant = FakeAssistant([COLOMBIA])
    page = page_of(assistant)
    visit = page.ask(ME, "¿Cuántos kits de higiene distribuyeron los socios en Cúcuta?", Filters())
    settled(page, visit)
    page.ask(visit, "¿y en Nariño?", Filters())
    shown = html_of(settled(page, visit))
    first = page.opened(visit)[0].entries[0]
    assert assistant.histories[-1] == (Turn(first.question, first.answer.text),)
    assert "Searched for:" in shown[1] and "en Nariño?</span></p>" in shown[1]
    assert "Searched for:" not in shown[0]


def test_a_question_without_an_answer_is_no_history_and_history_has_an_end():
    conversations, assistant = MemoryConversations(), FakeAssistant([PERU])
    page = page_of(Broken(StoreDamaged("The index is damaged.")), conversations=conversations)
    visit = page.ask(ME, TEACHERS, Filters())
    settled(page, visit)
    page = page_of(assistant, conversations=conversations)
    for _ in range(MAX_HISTORY + 2):
        page.ask(visit, "medical consultations in Lima", Filters())
        settled(page, visit)
    assert len(assistant.histories[0]) == 0 and len(assistant.histories[-1]) == MAX_HISTORY


def test_filters_restrict_are_named_and_come_back():
    page = page_of(FakeAssistant())
    filters = Filters(reports=("colombia",), since=date(2022, 1, 1), until=date(2022, 12, 31))
    visit = page.ask(ME, TEACHERS, filters)
    turn = html_of(settled(page, visit))[0]
    assert "Searched only in: Respuesta a refugiados" in turn and "from 2022 · to 2022" in turn
    assert "rq-abstained" in turn
    assert page.filters(visit) == filters


def test_answering_again_drops_what_follows_and_can_change_the_question_and_the_filters():
    page = page_of(FakeAssistant())
    visit = page.ask(ME, TEACHERS, Filters(reports=("colombia",)))
    settled(page, visit)
    page.ask(visit, "medical consultations", Filters())
    key = settled(page, visit)["turns"][0][0]
    page.again(visit, key, unfiltered=True)
    state = settled(page, visit)
    assert len(state["turns"]) == 1 and "500 teachers" in html_of(state)[0]
    page.again(visit, state["turns"][0][0], question="medical consultations in Lima")
    assert "3,021 people" in html_of(settled(page, visit))[0]
    assert page.again(visit, "no such entry") == visit


def test_an_error_is_one_line_and_can_be_tried_again():
    page = page_of(Broken(StoreDamaged("The index is damaged.\nRebuild it.")))
    turn = html_of(settled(page, page.ask(ME, "a question", Filters())))[0]
    assert "<p>The index is damaged. Rebuild it.</p>" in turn and "Try again" in turn


def test_an_unforeseen_error_is_logged_not_shown(caplog):
    page = page_of(Broken(ZeroDivisionError("secret detail")))
    turn = html_of(settled(page, page.ask(ME, "¿qué pasa?", Filters())))[0]
    assert "Algo falló al responder" in turn and "secret" not in turn
    assert "ZeroDivisionError: secret detail" in caplog.text


def test_too_many_questions_are_told_so_and_can_be_tried_again():
    admission = Admission(at_once=1, waiting=0)
    page = page_of(FakeAssistant(), admission)
    with admission.place("page"):
        visit = page.ask(ME, TEACHERS, Filters())
        assert "Many questions are being answered right now" in html_of(settled(page, visit))[0]
    page.again(visit, page.shown(visit)["turns"][0][0])
    assert "500 teachers" in html_of(settled(page, visit))[0]


def test_an_entry_of_a_program_that_ended_was_cut_off():
    conversations = MemoryConversations()
    id_ = conversations.start("me")
    conversations.ask("me", id_, TEACHERS, Filters())
    turn = html_of(page_of(FakeAssistant(), conversations=conversations).shown(Visit("me", id_)))[0]
    assert "The answer was cut off." in turn and "Try again" in turn


def test_a_long_question_is_cut_to_what_the_box_takes():
    page = page_of(FakeAssistant())
    visit = page.ask(ME, "word " * MAX_QUESTION, Filters())
    assert len(page.opened(visit)[0].entries[0].question) <= MAX_QUESTION


def test_another_user_sees_nothing_and_changes_nothing():
    page = page_of(FakeAssistant())
    visit = page.ask(ME, TEACHERS, Filters())
    settled(page, visit)
    other = replace(visit, user="other")
    state = page.shown(other)
    assert state["id"] == "" and state["turns"] == [] and "no longer there" in state["start"]
    assert TEACHERS not in page.listed(other)["list"]
    key = page.shown(visit)["turns"][0][0]
    page.again(other, key)
    page.stop(other)
    with pytest.raises(Exception, match="no longer there"):
        page.judge(other, key, True)
    assert "500 teachers" in html_of(page.shown(visit))[0]


def test_what_is_said_of_an_answer_is_shown_and_taken_back():
    page = page_of(FakeAssistant())
    visit = page.ask(ME, TEACHERS, Filters())
    key = settled(page, visit)["turns"][0][0]
    page.judge(visit, key, False, "too old", "600")
    assert "too old</textarea>" in html_of(page.shown(visit))[0]
    page.judge(visit, key, None)
    assert "too old" not in html_of(page.shown(visit))[0]


def test_deleting_a_conversation_stops_its_answer():
    closed, wrote = threading.Event(), threading.Event()

    class Endless(FakeAssistant):
        def stream(self, question, **options):
            try:
                while True:
                    wrote.set()
                    yield "more "
            finally:
                closed.set()

    page = page_of(Endless())
    visit = page.ask(ME, TEACHERS, Filters())
    assert wrote.wait(5)
    page.delete(ME, visit.conversation)
    assert closed.wait(5)
    assert page.shown(visit)["id"] == ""


def test_without_reports_the_start_offers_some_and_the_header_counts():
    page = page_of(FakeAssistant([]))
    assert "Use the five sample reports" in page.shown(ME)["start"]
    assert "Use the five sample reports" not in page.shown(replace(ME, is_admin=False))["start"]
    assert "3 reports" in page_of(FakeAssistant()).header(ME, "")
    assert "Log out" in page_of(FakeAssistant()).header(ME, "")
    assert "Log out" not in page_of(FakeAssistant()).header(Visit("local"), "")
    assert "1 informe<" in page_of(FakeAssistant([PERU])).header(Visit("local", language="es"), "")


def test_an_unreadable_index_has_no_reports(caplog):
    class Unreadable(FakeAssistant):
        def reports(self):
            raise StoreDamaged("The index is damaged.")

    assert page_of(Unreadable()).reports() == []
    assert "The index is damaged." in caplog.text
