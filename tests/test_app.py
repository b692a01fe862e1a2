"""What the chat page does, whatever serves it."""

from __future__ import annotations

import re
import time

from chat_fakes import COLOMBIA, PERU, FakeAssistant

from rag.errors import StoreDamaged, StoreMissing
from ui.page import ChatPage


class Broken(FakeAssistant):
    """Fails as its index would."""

    def __init__(self, error):
        super().__init__()
        self._error = error

    def reports(self):
        raise self._error

    def query(self, question, **filters):
        raise self._error


def test_opening_counts_the_reports():
    notice, choices = ChatPage(FakeAssistant()).opening()
    assert "3 reports" in notice
    assert (PERU.title, PERU.id) in choices


def test_opening_tells_equal_titles_apart():
    class Twins(FakeAssistant):
        def reports(self):
            return [COLOMBIA, COLOMBIA]

    assert ChatPage(Twins()).opening()[1][0] == (f"{COLOMBIA.title} (colombia)", "colombia")


def test_opening_of_an_empty_or_missing_index():
    assert "holds no reports" in ChatPage(FakeAssistant([])).opening()[0]
    notice, choices = ChatPage(Broken(StoreMissing("No index in x. Build one."))).opening()
    assert "No index in x. Build one." in notice
    assert choices == []


def test_turns_accumulate_and_pending_gives_way():
    chat = ChatPage(FakeAssistant())
    first = chat.answered("teachers workshop", [], [])
    pending = chat.pending("medical consultations", [], first)
    both = chat.answered("medical consultations", [], first)
    assert pending[0] == both[0] == first[0]
    assert "rq-pending" in pending[1].html
    assert "3,021 people" in both[1].html
    assert 'id="a2-c1"' in both[1].html


def test_a_follow_up_is_asked_with_its_history_and_shows_what_was_searched_for():
    assistant = FakeAssistant()
    chat = ChatPage(assistant)
    shown = chat.answered("¿Cuántos kits de higiene distribuyeron los socios en Cúcuta?", [], [])
    shown = chat.answered("¿y en Nariño?", [], shown)
    assert assistant.histories == [(), (shown[0].turn,)]
    assert "Se buscó: ¿Cuántos kits de higiene distribuyeron los socios en Nariño?</p>" in shown[1].html
    assert "Se buscó" not in shown[0].html


def test_a_question_without_an_answer_is_no_history():
    assistant = FakeAssistant()
    shown = ChatPage(Broken(StoreDamaged("The index is damaged."))).answered("teachers workshop", [], [])
    assert shown[0].turn is None
    ChatPage(assistant).answered("medical consultations", [], shown)
    assert assistant.histories == [()]


def test_a_word_that_tells_no_language_goes_on_in_that_of_the_question_before():
    shown = ChatPage(FakeAssistant()).answered("¿Cuántos kits hubo en Cúcuta?", [], [])
    assert 'lang="es"' in ChatPage(FakeAssistant()).answered("Nariño?", [], shown)[1].html


def test_chosen_reports_restrict_the_search_and_are_named():
    turn = ChatPage(FakeAssistant()).answered("teachers workshop", ["colombia"], [])[0].html
    assert "Only in: Respuesta a refugiados" in turn
    assert "rq-abstained" in turn


def test_error_is_one_line():
    turn = ChatPage(Broken(StoreDamaged("The index is damaged.\nRebuild it."))).answered("a question", [], [])[0].html
    assert 'role="alert">The index is damaged. Rebuild it.</p>' in turn


def test_unforeseen_error_is_logged_not_shown(caplog):
    turn = ChatPage(Broken(ZeroDivisionError("secret detail"))).answered("¿qué pasa?", [], [])[0].html
    assert "Algo falló al responder" in turn
    assert "secret" not in turn
    assert "ZeroDivisionError: secret detail" in caplog.text


def test_quote_stands_alone_when_its_report_is_gone():
    class Forgetful(FakeAssistant):
        def section_at(self, report_id, offset):
            raise StoreMissing("gone")

    assert "<blockquote" in (turn := ChatPage(Forgetful()).answered("teachers workshop", [], [])[0].html)
    assert re.search(r'lang="">\s*<mark>Partners', turn)


def test_what_a_model_writes_is_shown_as_not_checked_and_then_replaced():
    class Writing(FakeAssistant):
        def stream(self, question, **filters):
            for word in ("<b>Nine", " hundred", " teachers."):
                yield word
                time.sleep(0.2)
            yield self.query(question, **filters)

    states = [state[0].html for state in ChatPage(Writing()).writing("teachers workshop", [], [])]
    assert len(states) >= 2 and all("not checked yet" in html and "&lt;b&gt;Nine" in html for html in states[:-1])
    assert "Nine" not in states[-1] and "500 teachers" in states[-1]
