"""Logging in and out in a real browser."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from chat_fakes import FakeAssistant, serving
from site_fakes import PASSWORD, write_users

from ui.users.access import LoginAccess
from ui.users.file import Users
from ui.web import Site

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
if not CHROMIUM:
    pytest.skip("no Chromium on the path", allow_module_level=True)

ARTIFACTS = Path(__file__).parents[1] / "artifacts"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
LOOKS = [(width, height, scheme) for width, height in ((1440, 900), (390, 844)) for scheme in ("light", "dark")]


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    users = tmp_path_factory.mktemp("users") / "users.toml"
    write_users(users, ana=True, ben=False)
    with serving(FakeAssistant(), site=Site(access=LoginAccess(Users(users)))) as address:
        yield address


@pytest.fixture(scope="module")
def chromium():
    ARTIFACTS.mkdir(exist_ok=True)
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium):
    """A page of a browser of its own, English; what it complained about is on ``page.troubles``."""
    context = chromium.new_context(locale="en-GB", viewport={"width": 1440, "height": 900})
    context.set_default_timeout(20_000)
    page = context.new_page()
    page.troubles = []

    def note(text):
        if "(Unauthorized)" not in text:  # so a browser speaks of a wrong password
            page.troubles.append(text)

    page.on("console", lambda said: said.type == "error" and note(said.text))
    yield page
    context.close()


def log_in(page, user: str, password: str) -> None:
    page.get_by_label("User name").fill(user)
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")


def test_a_wrong_password_a_right_one_and_out_again(page, address):
    page.goto(address)
    assert page.url == f"{address}/login?next=/"
    log_in(page, "ana", "a wrong password")
    page.get_by_role("alert").get_by_text("User name or password is wrong.").wait_for()
    log_in(page, "ana", PASSWORD)
    page.locator("#rq-question textarea").wait_for()
    assert page.url == f"{address}/"
    assert page.troubles == []
    page.locator("#rq-header form[action='/logout'] button").click()
    page.get_by_label("Password").wait_for()
    page.goto(address)
    assert page.url == f"{address}/login?next=/"


def test_logging_out_without_the_page(page, address):
    page.goto(address)
    log_in(page, "ben", PASSWORD)
    page.locator("#rq-question textarea").wait_for()
    page.goto(f"{address}/logout")
    page.get_by_role("button", name="Log out").click()
    page.get_by_label("Password").wait_for()


def test_two_users_in_two_browsers(chromium, address):
    pages = [chromium.new_context(locale="en-GB").new_page() for _ in range(2)]
    for page, user in zip(pages, ("ana", "ben"), strict=True):
        page.goto(address)
        log_in(page, user, PASSWORD)
        page.locator("#rq-header").get_by_text(user, exact=True).first.wait_for()
    for page in pages:
        page.context.close()


@pytest.mark.parametrize(("width", "height", "scheme"), LOOKS)
def test_the_form_is_accessible_and_fits(chromium, address, width, height, scheme):
    context = chromium.new_context(locale="es-PE", viewport={"width": width, "height": height}, color_scheme=scheme)
    page, requests = context.new_page(), []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(f"{address}/login")
    assert page.locator("html").get_attribute("lang") == "es"
    assert page.get_by_label("Nombre de usuario").evaluate("box => box === document.activeElement")
    log = page.get_by_label("Contraseña")
    page.keyboard.press("Tab")
    assert log.evaluate("box => box === document.activeElement")
    page.get_by_label("Nombre de usuario").fill("ana")
    log.fill("not the password")
    page.get_by_role("button", name="Entrar").click()
    page.get_by_role("alert").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.screenshot(path=ARTIFACTS / f"login-{width}-{scheme}.png")
    found = axe.Axe().run(page)
    serious = [one["id"] for one in found.response["violations"] if one["impact"] in {"serious", "critical"}]
    assert serious == []
    page.get_by_role("link", name="English").click()
    page.get_by_label("Password").wait_for()
    assert {url.split("/")[2] for url in requests} == {address.split("/")[2]}
    context.close()
