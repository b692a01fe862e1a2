"""What a model writes, in a real browser: shown as it comes, stopped, reloaded, and cut off by a restart."""

from __future__ import annotations

import threading
from contextlib import ExitStack

import pytest
from ask_browser import TEACHERS, browsing, new_context, visiting
from chat_fakes import FakeAssistant, serving
from memory_conversations import MemoryConversations


class Writing(FakeAssistant):
    """Writes word by word; goes on behind the fourth word when it is let."""

    def __init__(self):
        super().__init__()
        self.go_on = threading.Event()
        self.closed = threading.Event()

    def stream(self, question, **filters):
        try:
            for number, word in enumerate(["Nine <b>hundred</b>", "teachers", "came,", "perhaps", "more."]):
                if number == 4:
                    while not self.go_on.wait(0.05):
                        yield ""
                yield f"{word} "
            yield self.query(question, **filters)
        finally:
            self.closed.set()


@pytest.fixture
def assistant():
    return Writing()


@pytest.fixture(scope="module")
def context():
    with browsing() as browser:
        yield new_context(browser)


@pytest.fixture
def visit(context, assistant):
    with serving(assistant) as address, visiting(context, address) as visit:
        yield visit
        assistant.go_on.set()


def test_text_is_marked_as_not_checked_and_becomes_the_answer_without_a_jump(visit, assistant):
    turn = visit.send(TEACHERS)
    turn.get_by_text("Nine <b>hundred</b> teachers came, perhaps").wait_for()
    assert "not checked yet" in turn.inner_text()
    assert turn.locator(".rq-text b").count() == 0
    before = turn.locator("h2").bounding_box()
    assistant.go_on.set()
    visit.answered(turn)
    assert "Nine" not in turn.inner_text() and "500 teachers" in turn.inner_text()
    assert turn.locator("h2").bounding_box() == before
    assert "500 teachers" in visit.page.locator(".rq-said").text_content()  # what a screen reader is told


def test_stop_ends_the_answer_and_the_model(visit, assistant):
    turn = visit.send(TEACHERS)
    turn.get_by_text("perhaps").wait_for()
    assert not visit.page.locator("#rq-button").is_visible()
    visit.page.click("#rq-stop")
    turn.get_by_text("Stopped.").wait_for()
    assert assistant.closed.wait(5)
    visit.page.locator("#rq-button").wait_for()
    assistant.go_on.set()
    turn.get_by_role("button", name="Try again").click()
    visit.page.locator(".rq-answered").wait_for()
    assert visit.turns.count() == 1


def test_a_reload_shows_the_question_and_goes_on_to_the_answer(visit, assistant):
    visit.send(TEACHERS).get_by_text("perhaps").wait_for()
    visit.page.reload()
    visit.turns.first.get_by_text("perhaps").wait_for()
    assert visit.turns.first.locator("h2").inner_text() == TEACHERS
    visit.page.locator("#rq-stop").wait_for()
    assistant.go_on.set()
    visit.answered(visit.turns.first)
    visit.page.locator("#rq-button").wait_for()


def test_leaving_a_conversation_does_not_end_its_answer(visit, assistant):
    visit.send(TEACHERS).get_by_text("perhaps").wait_for()
    visit.page.get_by_role("button", name="New conversation").click()
    visit.page.locator(".rq-welcome").wait_for()
    visit.page.locator("#rq-button").wait_for()
    assistant.go_on.set()
    visit.page.wait_for_timeout(300)
    assert visit.turns.count() == 0
    visit.page.get_by_role("link", name=TEACHERS).click()
    visit.page.locator(".rq-answered").wait_for()


def test_a_restart_keeps_everything_and_says_what_was_cut_off(context):
    conversations, first, second = MemoryConversations(), Writing(), Writing()
    second.go_on.set()
    with ExitStack() as stack:
        address = stack.enter_context(serving(first, conversations=conversations))
        visit = stack.enter_context(visiting(context, address))
        first.go_on.set()
        visit.ask("medical consultations in Lima")
        first.go_on.clear()
        visit.send(TEACHERS).get_by_text("perhaps").wait_for()
        query = visit.page.url.partition("?")[2]
    conversations.cut_off()  # as the program does when it starts
    with ExitStack() as stack:
        address = stack.enter_context(serving(second, conversations=conversations))
        visit = stack.enter_context(visiting(context, f"{address}/?{query}", ready=".rq-turn"))
        assert visit.turns.count() == 2
        assert visit.turns.first.locator(".rq-answered").count() == 1
        assert "cut off" in visit.turns.last.inner_text()
        visit.turns.last.get_by_role("button", name="Try again").click()
        visit.turns.last.locator(".rq-answered").wait_for()
    first.go_on.set()


def test_two_users_do_not_see_each_others_conversations(context):
    from ui.users.access import OpenAccess
    from ui.web import Site

    with serving(FakeAssistant(), site=Site(access=OpenAccess())) as address, visiting(context, address) as one:
        one.ask(TEACHERS)
        url = one.page.url
        stranger = new_context(context.browser)
        with visiting(stranger, address) as other:
            assert other.page.locator(".rq-open").count() == 0
            other.page.goto(url)
            other.page.get_by_text("This conversation is no longer there.").wait_for()
        stranger.close()
