"""Conversations in a real browser: kept, listed, searched, renamed, deleted, changed, judged, saved, first start."""

from __future__ import annotations

import json
import time
from urllib.parse import urlsplit

import pytest
from ask_browser import CHILDREN, TEACHERS, WHEAT, browsing, new_context, visiting
from chat_fakes import FakeAssistant, serving
from memory_conversations import MemoryConversations


@pytest.fixture(scope="module")
def conversations():
    return MemoryConversations()


@pytest.fixture(scope="module")
def address(conversations):
    with serving(FakeAssistant(), conversations=conversations) as address:
        yield address


@pytest.fixture(scope="module")
def context():
    with browsing() as browser:
        yield new_context(browser)


@pytest.fixture
def visit(context, address, conversations):
    conversations.delete_all("local")
    with visiting(context, address) as visit:
        yield visit


def titles(visit):
    return visit.page.locator(".rq-open").all_inner_texts()


def test_conversations_are_listed_opened_and_survive_a_reload(visit):
    visit.ask(TEACHERS)
    first = visit.page.url
    visit.page.get_by_role("button", name="New conversation").click()
    visit.page.locator(".rq-welcome").wait_for()
    assert urlsplit(visit.page.url).query == ""
    visit.ask(WHEAT)
    assert titles(visit) == [WHEAT, TEACHERS]
    assert visit.page.locator("[aria-current=page]").inner_text() == WHEAT
    visit.page.get_by_role("link", name=TEACHERS).click()
    visit.page.locator("h2", has_text=TEACHERS).wait_for()
    assert visit.page.url == first
    visit.page.go_back()
    visit.page.locator("h2", has_text=WHEAT).wait_for()
    visit.page.reload()
    visit.page.locator("h2", has_text=WHEAT).wait_for()
    assert visit.turns.count() == 1 and visit.page.locator(".rq-abstained").count() == 1
    assert titles(visit) == [WHEAT, TEACHERS]


def test_conversations_are_searched_by_what_was_answered(visit):
    visit.ask(TEACHERS)
    visit.page.get_by_role("button", name="New conversation").click()
    visit.page.locator(".rq-welcome").wait_for()
    visit.ask(CHILDREN)
    search = visit.page.get_by_label("Search conversations")
    search.fill("juridica 1.250")
    visit.page.locator(".rq-item").nth(1).wait_for(state="detached")
    assert titles(visit) == [CHILDREN]
    search.fill("nowhere")
    visit.page.get_by_text("No conversation has these words.").wait_for()
    search.fill("")
    visit.page.locator(".rq-item").nth(1).wait_for()


def test_a_conversation_is_renamed(visit):
    visit.ask(TEACHERS)
    item = visit.page.locator(".rq-item")
    item.hover()
    item.get_by_role("button", name="Rename").click()
    visit.page.keyboard.type("Workshop <b>2024</b>")
    visit.page.keyboard.press("Enter")
    visit.page.get_by_role("link", name="Workshop <b>2024</b>").wait_for()
    visit.page.reload()
    visit.page.get_by_role("link", name="Workshop <b>2024</b>").wait_for()


def test_a_conversation_is_deleted_after_a_question(visit):
    visit.ask(TEACHERS)
    item = visit.page.locator(".rq-item")
    item.hover()
    item.get_by_role("button", name="Delete").click()
    dialog = visit.page.get_by_role("dialog")
    assert TEACHERS in dialog.inner_text()
    dialog.get_by_role("button", name="Cancel").click()
    assert item.count() == 1
    item.hover()
    item.get_by_role("button", name="Delete").click()
    dialog.get_by_role("button", name="Delete").click()
    visit.page.locator(".rq-welcome").wait_for()
    assert item.count() == 0 and visit.turns.count() == 0
    assert urlsplit(visit.page.url).query == ""


def test_a_question_is_edited_and_sent_again(visit):
    visit.ask(TEACHERS)
    visit.ask("medical consultations in Lima")
    first = visit.turns.first
    first.locator("[data-act=edit]").click()
    area = first.locator(".rq-edit textarea")
    assert area.input_value() == TEACHERS
    area.fill(WHEAT)
    area.press("Enter")
    visit.page.locator(".rq-abstained").wait_for()
    assert visit.turns.count() == 1
    assert visit.turns.first.locator("h2").inner_text() == WHEAT


def test_an_answer_is_made_again(visit):
    turn = visit.ask(TEACHERS)
    key = turn.get_attribute("data-key")
    turn.get_by_role("button", name="Answer again").click()
    visit.page.locator(f'.rq-turn:not([data-key="{key}"]) .rq-answered').wait_for()
    assert visit.turns.count() == 1


@pytest.mark.parametrize("takes_s", [0, 0.5])
def test_thumbs_keep_a_reason_and_a_correction(visit, conversations, monkeypatch, takes_s):
    judge = conversations.judge
    # What is sent while the thumb itself is still being kept must not be lost.
    monkeypatch.setattr(conversations, "judge", lambda *said: time.sleep(takes_s) or judge(*said))
    turn = visit.ask(TEACHERS)
    turn.get_by_role("button", name="Bad answer").click()
    turn.get_by_label("What was good or wrong?").fill("wrong year")
    turn.get_by_label("What would be the right answer?").fill("600 teachers")
    turn.get_by_role("button", name="Save").click()
    turn.get_by_text("Saved. Thank you.").wait_for()
    visit.page.wait_for_timeout(2_500 * takes_s)
    visit.page.reload()
    turn.locator(".rq-answer").wait_for()
    assert turn.get_by_role("button", name="Bad answer").get_attribute("aria-pressed") == "true"
    ((user, _, entry),) = conversations.judged()
    said = entry.feedback
    assert (user, said.good, said.reason, said.correction) == ("local", False, "wrong year", "600 teachers")
    turn.get_by_role("button", name="Bad answer").click()
    visit.page.wait_for_function("document.querySelector('[data-good=bad]').ariaPressed === 'false'")
    visit.page.reload()
    turn.locator(".rq-answer").wait_for()
    assert list(conversations.judged()) == []


def test_a_conversation_is_saved_as_files(visit):
    visit.ask(TEACHERS)
    saved = {}
    for suffix in ("md", "docx", "json"):
        with visit.page.expect_download() as download:
            visit.page.get_by_role("link", name=suffix.upper(), exact=True).click()
        assert download.value.suggested_filename.endswith(f".{suffix}")
        saved[suffix] = download.value.path().read_bytes()
    assert "500 teachers" in saved["md"].decode() and "Refugee and Migrant Response" in saved["md"].decode()
    assert saved["docx"].startswith(b"PK")
    assert json.loads(saved["json"])
    assert visit.page.url.startswith(visit.address)


def test_an_address_of_nobody_or_somebody_else_shows_a_new_conversation(visit, conversations):
    other = conversations.start("somebody else")
    conversations.ask("somebody else", other, "a secret question", scope())
    for id_ in (other, "nowhere"):
        visit.page.goto(f"{visit.address}/?c={id_}")
        visit.page.get_by_text("This conversation is no longer there.").wait_for()
        assert "secret" not in visit.page.content()
    response = visit.page.request.get(f"{visit.address}/download/{other}.md")
    assert response.status == 404 and "secret" not in response.text()


def scope():
    from ui.conversations import Scope

    return Scope()


def test_without_reports_the_page_offers_samples_and_an_upload(context, tmp_path):
    from conftest import HashEncoder

    from rag.pipeline import Assistant
    from rag.pipeline.shelf import open_or_create
    from ui.shelf import Desk

    with (
        open_or_create(tmp_path / "index", HashEncoder()) as shelf,
        Assistant(shelf.index_dir, encoder=HashEncoder()) as assistant,
        serving(assistant, desk=Desk(shelf)) as address,
        visiting(context, address) as visit,
    ):
        visit.page.get_by_role("button", name="Add reports").click()
        visit.page.locator("#rq-shelf-tab").wait_for()
        visit.page.get_by_role("tab", name="Ask").click()
        visit.shot("first-start")
        visit.page.get_by_role("button", name="Use the five sample reports").click()
        visit.page.get_by_text("What do you want to know?").wait_for(timeout=60_000)
        assert "5 reports" in visit.page.locator(".rq-status").inner_text()
