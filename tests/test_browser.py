"""The Ask page in a real browser: asking, citations and the source panel."""

from __future__ import annotations

import io
import re

import numpy as np
import pytest
from ask_browser import (
    CHILDREN,
    DESKTOP,
    FAMILIES,
    PHONE,
    TEACHERS,
    TEACHERS_QUOTE,
    WHEAT,
    browsing,
    new_context,
    visiting,
)
from chat_fakes import PERU, FakeAssistant, serving
from PIL import Image

from rag.layout import Layout, Page

LOOKS = [(size, scheme) for size in (DESKTOP, PHONE) for scheme in ("light", "dark")]


@pytest.fixture(scope="module")
def address():
    with serving(FakeAssistant()) as address:
        yield address


@pytest.fixture(scope="module")
def context():
    with browsing() as browser:
        yield new_context(browser, permissions=["clipboard-read", "clipboard-write"])


@pytest.fixture
def visit(context, address):
    with visiting(context, address) as visit:
        yield visit


@pytest.mark.parametrize(("size", "scheme"), LOOKS, ids=lambda part: str(part).replace(", ", "x"))
def test_looks(context, address, size, scheme):
    """Screenshots to look at; the page is never wider than the window and the quote is in view."""
    name = f"{size[0]}-{scheme}"
    with visiting(context, address, size=size, scheme=scheme) as visit:
        visit.shot(f"{name}-1-start")
        turn = visit.ask(FAMILIES)
        visit.shot(f"{name}-2-answer")
        turn.locator(".rq-chip").first.click()
        mark = visit.panel.locator("mark")
        mark.wait_for()
        box, frame = mark.bounding_box(), visit.page.locator(".rq-panel-body").bounding_box()
        assert frame["y"] <= box["y"] and box["y"] + box["height"] <= frame["y"] + frame["height"]
        visit.shot(f"{name}-3-source")
        visit.page.keyboard.press("Escape")
        visit.ask(WHEAT)
        visit.shot(f"{name}-4-abstained")
        assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert visit.page.evaluate("document.documentElement.scrollHeight <= innerHeight")
        if size == PHONE:
            visit.page.click(".rq-menu")
            visit.page.locator(".rq-new").wait_for()
            visit.shot(f"{name}-5-conversations")


def test_an_answer_has_chips_verdicts_sources_and_a_date(visit):
    turn = visit.ask(FAMILIES)
    assert turn.locator(".rq-text .rq-chip").all_inner_texts() == ["1", "2"]
    assert "partly supported" in turn.locator(".rq-text").inner_text()
    assert turn.locator(".rq-verdict.rq-partly svg").count() >= 1
    assert turn.locator(".rq-source").count() == 2
    assert "As of" in turn.locator(".rq-facts").inner_text()
    assert "1 of 2 sentences fully supported" in turn.locator(".rq-facts").inner_text()


def test_hovering_and_focusing_a_chip_show_its_card_and_escape_hides_it(visit):
    chip = visit.ask(TEACHERS).locator(".rq-chip")
    card = visit.page.locator(".rq-float")
    chip.hover()
    card.wait_for()
    text = card.inner_text()
    assert PERU.title in text and "2024-03-20" in text and "Sectoral response › Education" in text
    assert "supported" in text and "500 teachers" in text
    card.hover()  # what is in it can be reached and read
    visit.page.wait_for_timeout(250)
    assert card.is_visible()
    visit.page.keyboard.press("Escape")
    assert not card.is_visible()
    visit.page.focus("#rq-question textarea")
    for _ in range(30):
        visit.page.keyboard.press("Shift+Tab")
        if visit.page.evaluate("document.activeElement.matches('.rq-chip')"):
            break
    card.wait_for()
    described = visit.page.evaluate(
        "document.getElementById(document.activeElement.getAttribute('aria-describedby')).textContent"
    )
    assert "500 teachers" in described


def test_a_chip_opens_the_source_at_its_quote_and_next_goes_on(visit):
    turn = visit.ask(FAMILIES)
    turn.locator(".rq-chip").first.click()
    mark = visit.panel.locator("mark")
    mark.wait_for()
    first = mark.inner_text()
    assert " ".join(first.split()) == " ".join(TEACHERS_QUOTE.split())
    assert "During the reporting period" in visit.panel.locator(".rq-passage-text").inner_text()
    assert "Sectoral response › Education" in visit.panel.inner_text()
    assert visit.panel.locator("[data-act=previous]").is_disabled()
    assert turn.locator(".rq-chip.rq-current").inner_text() == "1"
    visit.panel.locator("[data-act=next]").click()
    visit.panel.locator("mark", has_text="62 families").wait_for()
    assert turn.locator(".rq-chip.rq-current").inner_text() == "2"
    assert visit.panel.locator("[data-act=next]").is_disabled()
    visit.panel.locator("[data-act=previous]").click()
    visit.panel.locator("mark", has_text="500 teachers").wait_for()


def test_the_whole_report_opens_with_its_outline(visit):
    visit.ask(TEACHERS).locator(".rq-chip").click()
    visit.panel.get_by_role("button", name="Whole report").click()
    visit.panel.locator("summary").click()
    outline = visit.panel.locator(".rq-outline a")
    assert outline.all_inner_texts() == ["National context", "Education", "Health"]
    assert visit.panel.locator("mark").inner_text().startswith("Partners organized")
    outline.last.click()
    top = visit.page.locator(".rq-panel-body").bounding_box()
    health = visit.panel.locator("#section-2").bounding_box()
    assert health["y"] < top["y"] + top["height"]
    visit.panel.get_by_role("button", name="Back to the quote").click()
    visit.panel.locator(".rq-passage-text").wait_for()


class Paged(FakeAssistant):
    """Peru's report as a PDF would have it: two pages, with boxes around its words."""

    def layout(self, report_id):
        if report_id != "peru":
            return None
        half = PERU.text.index("# Sectoral response › Health")
        words = [match.span() for match in re.finditer(r"\S+", PERU.text)]
        lines = [(40 * (n % 9 + 1), 700 * n / len(words) + 40) for n in range(len(words))]
        boxes = [(left, top, left + 40, top + 12) for left, top in lines]
        return Layout(
            (Page(1, 612, 792), Page(2, 612, 792, 0.84)),
            ((0, half, 1), (half, len(PERU.text), 2)),
            np.array(words, dtype=np.int32),
            np.array(boxes, dtype=np.float32),
        )

    def page_picture(self, report_id, number, width):
        file = io.BytesIO()
        Image.new("RGB", (width, width * 792 // 612), "white").save(file, "PNG")
        return file.getvalue()


def test_a_page_is_shown_with_the_quote_marked_and_can_be_turned(context):
    with serving(Paged()) as address, visiting(context, address) as visit:
        visit.ask("How many people received medical consultations in Lima?").locator(".rq-chip").first.click()
        visit.panel.locator("mark").wait_for()
        assert "p. 2 · OCR 84 %" in visit.panel.inner_text()
        visit.panel.get_by_role("button", name="Page", exact=True).click()
        picture = visit.panel.get_by_role("img", name="Picture of page 2 with the quote marked")
        picture.wait_for()
        visit.page.wait_for_function("document.querySelector('.rq-sheet img').naturalWidth > 0")
        sheet, box = (visit.panel.locator(name).first.bounding_box() for name in (".rq-sheet", ".rq-box"))
        assert sheet["x"] <= box["x"] < box["x"] + box["width"] <= sheet["x"] + sheet["width"] + 1
        assert sheet["y"] <= box["y"] < box["y"] + box["height"] <= sheet["y"] + sheet["height"] + 1
        visit.shot("page")
        visit.panel.get_by_role("button", name="Previous page").click()
        visit.panel.get_by_text("Page 1 of 2").wait_for()
        assert visit.panel.locator(".rq-box").count() == 0
        visit.panel.get_by_role("button", name="Text", exact=True).click()
        visit.panel.locator("mark").wait_for()


def test_the_panel_is_reached_and_left_by_keyboard(visit):
    chip = visit.ask(TEACHERS).locator(".rq-chip")
    chip.focus()
    visit.page.keyboard.press("Enter")
    visit.panel.locator("mark").wait_for()
    assert visit.page.evaluate("document.activeElement.className") == "rq-panel-body"
    visit.page.keyboard.press("Escape")
    assert not visit.panel.is_visible()
    assert visit.page.evaluate("document.activeElement.className").startswith("rq-chip")


def test_an_abstention_says_what_was_searched_what_is_near_and_what_to_try(visit):
    turn = visit.ask(WHEAT)
    assert turn.locator(".rq-none .rq-text").inner_text() == "The reports do not say."
    assert "What was searched: 3 reports" in turn.locator(".rq-none").inner_text()
    assert turn.locator(".rq-tips li").count() >= 2
    assert turn.locator(".rq-chip").count() == 0
    turn.locator(".rq-passage").first.click()
    visit.panel.locator("mark", has_text="3,021 people").wait_for()


def test_a_follow_up_shows_what_was_searched_for(visit):
    visit.ask("¿Cuántos kits de higiene distribuyeron los socios en Cúcuta?")
    second = visit.ask("¿y en Nariño?")
    assert "Searched for: ¿Cuántos kits de higiene distribuyeron los socios en Nariño?" in second.inner_text()


def test_filters_stay_visible_restrict_and_can_be_removed(visit):
    page = visit.page
    page.click("[data-act=filters]")
    page.locator("#rq-filters input").first.click()
    page.get_by_role("option", name=PERU.title).click()
    chip = page.locator(".rq-filter-chips li")
    chip.wait_for()
    assert PERU.title in chip.inner_text()
    page.keyboard.press("Escape")
    turn = visit.ask(CHILDREN)
    assert PERU.title in turn.locator(".rq-scope").inner_text()
    assert turn.locator(".rq-abstained").count() == 1
    visit.shot("filter")
    page.reload()
    chip.wait_for()  # they belong to the conversation
    visit.turns.first.get_by_role("button", name="Ask again without filters").click()
    visit.turns.locator(".rq-answered").wait_for()
    assert chip.count() == 0


def test_an_example_is_asked_and_answered(visit):
    example = visit.page.locator(".rq-example").first
    example.wait_for()
    question = example.inner_text()
    example.click()
    visit.answered(visit.turns.first)
    assert visit.turns.first.locator("h2").inner_text() == question
    assert visit.turns.first.locator(".rq-answered").count() == 1


def test_copying_gives_the_answer_with_its_sources(visit):
    turn = visit.ask(TEACHERS)
    turn.locator("[data-act=copy]").click()
    turn.get_by_text("Copied").wait_for()
    copied = visit.page.evaluate("navigator.clipboard.readText()")
    assert "500 teachers" in copied and PERU.title in copied and "[1]" in copied


def test_the_language_changes_without_losing_anything(visit):
    page = visit.page
    turn = visit.ask(TEACHERS)
    page.fill("#rq-question textarea", "half a question")
    page.click("[data-language=es]")
    page.get_by_role("button", name="Conversación nueva").wait_for()
    page.get_by_role("tab", name="Preguntar").wait_for()
    assert turn.locator("h3").first.inner_text() == "Fuentes"
    assert "respaldado" in turn.locator(".rq-source").inner_text()
    assert page.input_value("#rq-question textarea") == "half a question"
    assert page.evaluate("document.documentElement.lang") == "es"
    turn.locator(".rq-chip").click()
    visit.panel.get_by_role("button", name="Informe completo").wait_for()
    page.reload()
    page.get_by_role("button", name="Conversación nueva").wait_for()
    page.click("[data-language=en]")
    page.get_by_role("button", name="New conversation").wait_for()


def test_colours_can_be_chosen_and_are_remembered(visit):
    page = visit.page
    is_dark = "document.body.classList.contains('dark')"
    assert not page.evaluate(is_dark)
    page.click("[data-theme=dark]")
    assert page.evaluate(is_dark)
    page.reload()
    page.locator(".rq-welcome").wait_for()
    assert page.evaluate(is_dark)
    assert page.get_attribute("[data-theme=dark]", "aria-pressed") == "true"
    page.click("[data-theme=auto]")
    assert not page.evaluate(is_dark)


def test_spanish_browsers_get_spanish(context, address):
    other = new_context(context.browser, locale="es-PE")
    with visiting(other, address) as visit:
        visit.page.get_by_role("button", name="Conversación nueva").wait_for()
    other.close()


def test_no_line_of_facts_ends_or_begins_with_a_dot(context, address):
    with visiting(context, address, size=PHONE) as visit:
        turn = visit.ask(TEACHERS)
        facts = turn.locator(".rq-facts")
        assert "·" not in facts.inner_text()  # the dots are drawn, and cut off where a line begins
        left = facts.evaluate("facts => facts.getBoundingClientRect().left + 16")
        starts = facts.locator("> span").evaluate_all(
            "spans => spans.map(span => [span.getBoundingClientRect().left, span.getBoundingClientRect().top])"
        )
        firsts = {top: min(at for at, other in starts if other == top) for _, top in starts}
        assert len(firsts) > 1 and all(abs(at + 16 - left) < 1 for at in firsts.values())
        assert "inset(0px 0px 0px 16px)" in facts.evaluate("facts => getComputedStyle(facts).clipPath")


def test_the_parts_of_a_phones_header_lie_side_by_side_in_both_languages(context, address):
    with visiting(context, address, size=PHONE) as visit:
        for language in ("es", "en"):
            visit.page.click(f"[data-language={language}]")
            visit.page.wait_for_function(f"document.documentElement.lang === '{language}'")
            tabs = visit.page.get_by_role("tab").all()
            end = max(tab.bounding_box()["x"] + tab.bounding_box()["width"] for tab in tabs)
            assert end <= visit.page.locator(".rq-status").bounding_box()["x"]


def test_fields_of_filters_speak_the_pages_language(visit):
    visit.page.click("[data-act=filters]")
    visit.page.get_by_label("Only in these reports").click()
    visit.page.get_by_role("option").first.click()
    visit.page.keyboard.press("Escape")
    remove = visit.page.locator("#rq-filters .token-remove")
    remove.first.wait_for()
    visit.page.wait_for_function("!document.querySelector('#rq-filters [title=\"Remove 0\"]')")
    assert remove.first.get_attribute("title").startswith("Remove the filter: ")
    visit.page.click("[data-language=es]")
    visit.page.wait_for_function("document.querySelector('#rq-filters .token-remove').title.startsWith('Quitar el f')")
    assert remove.last.get_attribute("title") == "Quitar"


def test_a_late_start_does_not_take_the_place_of_a_question(visit):
    state = {"id": "", "turns": [], "start": "<p>late</p>", "top": "", "busy": False, "pending": False}
    late = "(state) => document.dispatchEvent(new CustomEvent('rq:start', { detail: state }))"
    visit.page.evaluate(late, state)
    visit.page.locator(".rq-start", has_text="late").wait_for()
    visit.ask(TEACHERS)
    visit.page.evaluate(late, state)
    assert visit.turns.count() == 1 and not visit.page.locator(".rq-start", has_text="late").count()


def test_looking_for_examples_cannot_change_a_conversation():
    from memory_conversations import MemoryConversations

    from ui.app import make_app

    config = make_app(FakeAssistant(), conversations=MemoryConversations()).get_config_file()
    ids = {part["props"].get("elem_id"): part["id"] for part in config["components"]}
    (look,) = [
        event for event in config["dependencies"] if (ids["rq-conversation"], "look") in map(tuple, event["targets"])
    ]
    assert ids["rq-conversation"] not in look["outputs"]
