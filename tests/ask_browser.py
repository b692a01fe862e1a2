"""A page in a real browser, with all that it requested, logged or threw."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from chat_fakes import PERU

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
if not CHROMIUM:
    pytest.skip("no Chromium on the path", allow_module_level=True)

ARTIFACTS = Path(__file__).parents[1] / "artifacts"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
TEACHERS = "How many teachers attended the workshop in San Juan de Lurigancho?"
TEACHERS_QUOTE = PERU.text[PERU.text.index("Partners organized") : PERU.text.index("\nIn Arequipa")]
FAMILIES = "What did partners organize for school children and families?"
WHEAT = "What is the price of wheat in Lima?"
CHILDREN = "¿Cuántos niños y niñas recibieron atención jurídica?"
DESKTOP, PHONE = (1440, 900), (390, 844)


class Visit:
    """One page of the application."""

    def __init__(self, page, address, *, ready=".rq-welcome"):
        self.page = page
        self.address = address
        self.requests, self.troubles = [], []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda m: m.type in {"error", "warning"} and self._note(m.text))
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("dialog", lambda dialog: (self.troubles.append(dialog.message), dialog.dismiss()))
        page.goto(address)
        page.locator(ready).first.wait_for()

    def _note(self, text):
        # Gradio says so of its own stream when a page is left while it is open.
        if not text.startswith(("AbortError: signal is aborted", "Unexpected error Connection errored out")):
            self.troubles.append(text)

    @property
    def turns(self):
        return self.page.locator(".rq-turn")

    @property
    def panel(self):
        return self.page.locator(".rq-panel")

    def send(self, question):
        """Asks; gives the new turn without waiting for the answer."""
        count = self.turns.count()
        self.page.fill("#rq-question textarea", question)
        self.page.press("#rq-question textarea", "Enter")
        turn = self.turns.nth(count)
        turn.wait_for()
        return turn

    def ask(self, question):
        """Asks and waits; gives the new turn."""
        return self.answered(self.send(question))

    def answered(self, turn):
        turn.locator(".rq-answer, .rq-error").wait_for()
        return turn

    def shot(self, name):
        self.page.screenshot(path=ARTIFACTS / f"{name}.png")

    def check(self):
        """Nothing was asked of another machine, and nothing went wrong."""
        hosts = {urlsplit(url).hostname for url in self.requests if not url.startswith(("data:", "blob:"))}
        assert hosts == {"127.0.0.1"}
        if self.troubles:
            raise AssertionError(self.troubles)


@contextmanager
def browsing():
    """A browser; each of its contexts has its own files and storage."""
    ARTIFACTS.mkdir(exist_ok=True)
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@contextmanager
def visiting(context, address, *, size=DESKTOP, scheme="light", ready=".rq-welcome"):
    """A page of ``context``, checked and closed in the end."""
    page = context.new_page()
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=scheme)
    visit = Visit(page, address, ready=ready)
    yield visit
    page.close()
    visit.check()


def new_context(browser, **options):
    """A window that scrolls at once."""
    context = browser.new_context(reduced_motion="reduce", locale=options.pop("locale", "en-US"), **options)
    context.set_default_timeout(15_000)
    return context
