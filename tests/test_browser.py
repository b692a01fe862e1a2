"""The page in a real browser: asking, opening a source, and that nothing leaves this machine."""

from __future__ import annotations

import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from chat_fakes import HOSTILE, PERU, FakeAssistant, serving

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
if not CHROMIUM:
    pytest.skip("no Chromium on the path", allow_module_level=True)

ARTIFACTS = Path(__file__).parents[1] / "artifacts"
TEACHERS = "How many teachers attended the workshop in San Juan de Lurigancho?"
QUOTE = PERU.text[PERU.text.index("Partners organized") : PERU.text.index("\nIn Arequipa")]
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


class Visit:
    """A page with all that it requested, logged or threw."""

    def __init__(self, page, address):
        self.page = page
        self.requests, self.troubles = [], []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda m: m.type in {"error", "warning"} and self.troubles.append(m.text))
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("dialog", lambda dialog: (self.troubles.append(dialog.message), dialog.dismiss()))
        page.goto(address)
        page.wait_for_selector(".rq-notice")

    def ask(self, question, *, by_button=False):
        """Asks and waits; gives the new turn."""
        turns = self.page.locator(".rq-turn")
        count = turns.count()
        self.page.fill("#rq-question textarea", question)
        if by_button:
            self.page.click("#rq-button")
        else:
            self.page.press("#rq-question textarea", "Enter")
        turn = turns.nth(count)
        turn.locator(".rq-answer, .rq-error").wait_for()
        return turn

    def shot(self, name):
        self.page.screenshot(path=ARTIFACTS / f"{name}.png")


@pytest.fixture(scope="module")
def address():
    ARTIFACTS.mkdir(exist_ok=True)
    with serving(FakeAssistant(delay_s=0.2)) as address:
        yield address


@pytest.fixture(scope="module")
def context():
    """A browser window, one for all so that the page's files are loaded only once."""
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        context = browser.new_context(reduced_motion="reduce")  # scrolls at once
        context.set_default_timeout(15_000)
        yield context
        browser.close()


@pytest.fixture
def visit(context, address, request):
    look = getattr(request, "param", {"width": 1440, "height": 900, "color_scheme": "light"})
    page = context.new_page()
    page.set_viewport_size({"width": look["width"], "height": look["height"]})
    page.emulate_media(color_scheme=look["color_scheme"])
    visit = Visit(page, address)
    yield visit
    page.close()
    assert {urlsplit(url).hostname for url in visit.requests if not url.startswith("data:")} == {"127.0.0.1"}
    assert visit.troubles == []


LOOKS = [
    {"width": width, "height": height, "color_scheme": scheme}
    for width, height in ((1440, 900), (390, 844))
    for scheme in ("light", "dark")
]


@pytest.mark.parametrize("visit", LOOKS, indirect=True, ids=lambda look: f"{look['width']}-{look['color_scheme']}")
def test_ask_and_open_the_citation(visit, request):
    name = request.node.callspec.id
    visit.shot(f"{name}-1-start")
    turn = visit.ask(TEACHERS)
    assert "500 teachers" in turn.locator(".rq-text").inner_text()
    mark = turn.locator("mark")
    assert not mark.is_visible()
    turn.locator("a.rq-cite").click()
    mark.wait_for(state="visible")
    assert mark.text_content() == QUOTE
    assert "Sectoral response › Education" in turn.locator("summary").inner_text()
    box, ask = mark.bounding_box(), visit.page.locator("#rq-ask").bounding_box()
    assert box["y"] >= 0 and box["y"] + box["height"] <= ask["y"]  # not behind the question box
    assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    visit.shot(f"{name}-2-source")
    visit.ask("What is the price of wheat in Lima?").locator("summary").first.click()
    visit.shot(f"{name}-3-abstained")


def test_conversation(visit):
    page = visit.page
    first = visit.ask(TEACHERS)
    first.locator("a.rq-cite").click()

    page.fill("#rq-question textarea", "What did partners organize for school children and families?")
    page.press("#rq-question textarea", "Enter")
    page.locator(".rq-pending").wait_for()
    assert page.locator("#rq-button").is_disabled()
    assert page.input_value("#rq-question textarea") == ""
    second = page.locator(".rq-turn").nth(1)
    second.locator(".rq-answer").wait_for()
    assert "partly supported" in second.locator(".rq-text").inner_text()
    assert first.locator("mark").is_visible()  # what was open stays open

    abstained = visit.ask("What is the price of wheat in Lima?")
    assert abstained.locator(".rq-abstained > .rq-text").inner_text() == "The reports do not say."
    abstained.locator("summary").first.click()
    assert "3,021 people" in abstained.locator("blockquote").first.inner_text()
    assert abstained.locator("a").count() == 0

    spanish = visit.ask("¿Cuántos niños y niñas recibieron atención jurídica?", by_button=True)
    assert spanish.locator("h3").inner_text() == "Fuentes"

    failed = visit.ask("???")
    assert failed.locator(".rq-error").inner_text() == (
        "The question holds no word to search for. Name what you want to know."
    )
    assert page.locator(".rq-turn").count() == 5
    visit.shot("conversation-error")

    page.fill("#rq-question textarea", "   ")
    page.press("#rq-question textarea", "Enter")
    page.wait_for_timeout(500)
    assert page.locator(".rq-turn").count() == 5


def test_question_box_and_report_filter(visit):
    assert visit.page.get_attribute("#rq-question textarea", "maxlength") == "2000"
    assert "2,000" in visit.page.locator("#rq-question").inner_text()
    visit.page.click("#rq-reports input")
    visit.page.get_by_role("option", name=PERU.title).click()
    visit.page.keyboard.press("Escape")
    turn = visit.ask("¿Cuántos niños y niñas recibieron atención jurídica?")
    assert PERU.title in turn.locator(".rq-scope").inner_text()
    assert turn.locator(".rq-abstained").count() == 1
    visit.shot("filter")


def test_hostile_text_is_inert(visit):
    turn = visit.ask(f"hostile sentence {HOSTILE}")
    turn.locator("a.rq-cite").click()
    turn.locator("mark").wait_for(state="visible")
    assert turn.locator("mark").text_content() == HOSTILE
    assert HOSTILE in turn.locator("h2").text_content()
    log = visit.page.locator(".rq-log")
    assert log.locator("script, img, iframe, object, a:not(.rq-cite)").count() == 0
    assert visit.page.evaluate("window.pwned") is None
    visit.shot("hostile")


def test_injected_markup_could_not_run_or_reach_out(visit):
    """The second wall: what the policy does if escaping ever failed."""
    visit.page.evaluate(
        """document.querySelector('.rq-notice').innerHTML =
        '<img src=x onerror="window.pwned=1"><img src="https://evil.example/p.png">'"""
    )
    visit.page.wait_for_timeout(500)
    assert visit.page.evaluate("window.pwned") is None
    refused = [text for text in visit.troubles if "Content Security Policy" in text]
    assert len(refused) >= 2
    visit.troubles.clear()
    visit.requests[:] = [url for url in visit.requests if "evil.example" not in url]


def test_sources_are_reached_by_keyboard(visit):
    turn = visit.ask(TEACHERS)
    turn.locator("a.rq-cite").focus()
    visit.page.keyboard.press("Enter")
    turn.locator("mark").wait_for(state="visible")
    assert visit.page.evaluate("document.activeElement.tagName") == "SUMMARY"
    visit.page.keyboard.press("Enter")
    turn.locator("mark").wait_for(state="hidden")
