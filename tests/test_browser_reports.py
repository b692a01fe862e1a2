"""The Reports tab in a real browser: uploading, asking about what was uploaded, correcting, deleting."""

from __future__ import annotations

import shutil
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from build_samples import report_text
from chat_fakes import serving
from conftest import HashEncoder

from rag.pipeline import Assistant
from rag.pipeline.shelf import open_or_create
from ui.shelf import Desk
from ui.users.access import OpenAccess
from ui.web import Site

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
if not CHROMIUM:
    pytest.skip("no Chromium on the path", allow_module_level=True)

ARTIFACTS = Path(__file__).parents[1] / "artifacts"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
HOSTILE = "<img src=x onerror=window.pwned=1> {{7*7}} ${window.pwned=2} [x](javascript:window.pwned=3)"
LOOKS = [(width, height, scheme) for width, height in ((1440, 900), (390, 844)) for scheme in ("light", "dark")]


class Slow(HashEncoder):
    """Takes its time, so that progress can be seen."""

    def encode(self, texts):
        if len(texts) > 1:
            time.sleep(0.4)
        return super().encode(texts)


@pytest.fixture
def shelf(tmp_path):
    with open_or_create(tmp_path / "index", Slow()) as shelf:
        yield shelf


@pytest.fixture(scope="module")
def browser():
    ARTIFACTS.mkdir(exist_ok=True)
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def visiting(shelf, browser):
    """Opens the Reports tab of the real page; what it asked for and complained about is checked in the end."""

    @contextmanager
    def visit(*, is_admin=True, look=(1440, 900, "light")):
        with Assistant(shelf.index_dir, encoder=Slow()) as assistant:
            site = Site(access=OpenAccess(allow_changes=is_admin))
            with serving(assistant, site=site, desk=Desk(shelf)) as address:
                width, height, scheme = look
                context = browser.new_context(
                    viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
                )
                context.set_default_timeout(20_000)
                page = context.new_page()
                requests, troubles = [], []
                page.on("request", lambda request: requests.append(request.url))
                page.on(
                    "console", lambda said: said.type == "error" and troubles.append(f"{said.text} {said.location}")
                )
                page.on("pageerror", lambda error: troubles.append(str(error)))
                page.goto(address)
                page.locator("#rq-tabs").get_by_role("tab", name="Reports").click()
                page.wait_for_selector("#rq-shelf .rq-shelf, #rq-shelf .rq-shelf-none")
                yield page
                context.close()
                assert {urlsplit(url).hostname for url in requests if not url.startswith("data:")} == {"127.0.0.1"}
                assert troubles == []

    return visit


def write(folder, **texts):
    folder.mkdir(exist_ok=True)
    paths = []
    for name, text in texts.items():
        path = folder / f"{name.replace('_', ' ')}.txt"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        paths.append(str(path))
    return paths


def upload(page, paths):
    page.set_input_files("#rq-drop input[type=file]", paths)


def titles(page):
    return page.locator(".rq-shelf-title button").all_inner_texts()


def open_report(page, name):
    page.locator(".rq-shelf-title button", has_text=name).click()
    page.locator(".rq-reading header h2").wait_for()


def test_from_an_empty_index_to_an_answer_and_back(visiting, shelf, tmp_path):
    with visiting() as page:
        assert page.locator("[data-do=samples]").is_visible()
        upload(page, write(tmp_path / "up", Informe_Loja=report_text(0, sentences=4000), bad=b"%PDF-1.7 no text" * 9))
        page.locator("progress").first.wait_for()
        page.locator(".rq-job", has_text="Indexing").wait_for()
        refused = page.locator(".rq-job", has_text="Refused")
        refused.wait_for()
        assert "bad.txt seems to be a PDF" in refused.inner_text() and str(tmp_path) not in refused.inner_text()
        page.wait_for_function("document.querySelectorAll('#rq-shelf tbody tr').length === 1")
        assert titles(page) == ["Situation report on Loja"]
        page.screenshot(path=ARTIFACTS / "reports-uploaded.png")

        page.locator("#rq-tabs").get_by_role("tab", name="Ask").click()
        page.fill("#rq-question textarea", "How many families of Loja were given tents?")
        page.press("#rq-question textarea", "Enter")
        page.locator(".rq-turn", has_text="77").wait_for()

        page.locator("#rq-tabs").get_by_role("tab", name="Reports").click()
        open_report(page, "Loja")
        assert page.evaluate("document.activeElement.tagName") == "H2"
        page.locator(".rq-edit summary").click()
        page.fill("[name=title]", HOSTILE)
        page.fill("[name=period_start]", "2024-01-01")
        page.fill("[name=period_end]", "")
        page.keyboard.press("Enter")
        assert "add period_end" in page.locator("[role=alert]").inner_text()
        assert page.input_value("[name=title]") == HOSTILE
        page.fill("[name=period_end]", "2024-01-31")
        page.click(".rq-edit-form [type=submit]")
        page.locator(".rq-reading header h2", has_text=HOSTILE).wait_for()  # seconds later, for so long a report
        assert page.locator(".rq-reading header h2").inner_text() == HOSTILE
        facts = page.locator(".rq-reading-facts").first.inner_text()
        assert "2024-01" in facts and "corrected by hand" in facts
        assert shelf.entry("Informe Loja").info.title == HOSTILE

        page.click("[data-do=ask_delete]")
        page.keyboard.press("Escape")
        assert page.evaluate("document.activeElement.dataset.do") == "ask_delete", "the focus is back"
        page.keyboard.press("Enter")
        page.locator(".rq-reading dialog[open]").wait_for()
        page.screenshot(path=ARTIFACTS / "reports-delete.png")
        page.locator(".rq-reading dialog .rq-danger").focus()
        page.keyboard.press("Enter")
        page.locator(".rq-shelf-none").wait_for()
        assert shelf.entries() == [] and not list((shelf.index_dir / "files").glob("*.txt"))
        assert page.evaluate("window.pwned") is None


def test_replace_read_anew_and_a_name_that_is_taken(visiting, shelf, tmp_path):
    with visiting() as page:
        upload(page, write(tmp_path / "a", loja=report_text(0)))
        page.wait_for_function("document.querySelectorAll('#rq-shelf tbody tr').length === 1")
        upload(page, write(tmp_path / "b", loja=report_text(0, version=2)))
        page.locator("[data-answer='keep both']").click()
        page.wait_for_function("document.querySelectorAll('#rq-shelf tbody tr').length === 2")
        page.locator("#rq-shelf tbody tr").first.click(position={"x": 5, "y": 5})
        page.locator(".rq-reading header h2").wait_for()
        with page.expect_file_chooser() as chooser:
            page.click("[data-do=swap]")
        chooser.value.set_files(write(tmp_path / "c", new=report_text(3)))
        page.locator(".rq-job", has_text="Replaced").wait_for()
        page.locator(".rq-reading-text", has_text="Tacna").wait_for()
        page.click("[data-do=reindex]")
        page.locator(".rq-job", has_text="Read anew").wait_for()
        page.click("[data-do=back]")
        page.locator(".rq-shelf-table").wait_for()
        assert page.evaluate("document.activeElement.dataset.id") == "loja"
        assert shelf.report("loja").text == report_text(3)
        page.click("[data-do=clear]")
        page.locator(".rq-jobs").wait_for(state="detached")


def test_the_table_is_searched_and_sorted_by_keyboard(visiting, shelf, tmp_path):
    for number in range(3):
        (path,) = write(tmp_path / "up", **{f"r{number}": report_text(number, sentences=9 * (3 - number))})
        shelf.add(f"r{number}.txt", Path(path))
    with visiting(is_admin=False) as page:
        assert titles(page) == [f"Situation report on {town}" for town in ("Loja", "Piura", "Cusco")]
        page.locator("[data-sort=title]").focus()
        page.keyboard.press("Enter")
        assert [title.split()[-1] for title in titles(page)] == ["Cusco", "Loja", "Piura"]
        page.keyboard.press("Enter")
        assert [title.split()[-1] for title in titles(page)] == ["Piura", "Loja", "Cusco"]
        assert page.locator("th", has_text="Title").get_attribute("aria-sort") == "descending"
        page.fill("#rq-shelf input[type=search]", "PIÚRA")
        assert page.locator("#rq-shelf tbody tr:visible").count() == 1
        assert "1 of 3" in page.locator(".rq-shelf-count").inner_text()


def test_visitors_read_and_change_nothing(visiting, shelf, tmp_path):
    (path,) = write(tmp_path / "up", loja=report_text(0))
    shelf.add("loja.txt", Path(path))
    with visiting(is_admin=False) as page:
        assert page.locator("#rq-drop, #rq-replace, [data-do=reindex_all]").count() == 0
        open_report(page, "Loja")
        assert (
            page.locator("#rq-shelf-tab").locator("[data-do=ask_delete], [data-do=swap], .rq-edit, dialog").count() == 0
        )
        page.locator(".rq-outline-link", has_text="Shelter").click()
        page.wait_for_function("document.activeElement.textContent.includes('given tents')")
        # A button that a visitor makes for himself is refused by the server.
        page.evaluate(
            """document.querySelector('.rq-reading').insertAdjacentHTML('beforeend',
            '<button id="own" data-do="reindex">x</button><button id="own2" data-do="clear">x</button>')"""
        )
        page.click("#own")
        page.locator(".rq-shelf-notice", has_text="Only an administrator").wait_for()
    assert [entry.info.id for entry in shelf.entries()] == ["loja"]


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look[0]}-{look[2]}")
def test_nothing_overflows_and_screenshots_are_kept(visiting, shelf, tmp_path, look):
    (long,) = write(tmp_path / "up", long="W" * 300 + "\n\n## " + "Very" * 80 + "\n\n" + report_text(1))
    shelf.add("long.txt", Path(long))
    shelf.add_samples()
    with visiting(look=look) as page:
        name = f"{look[0]}-{look[2]}"
        page.screenshot(path=ARTIFACTS / f"{name}-reports-list.png")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.locator(".rq-shelf-title button").last.click()
        page.locator(".rq-reading header h2").wait_for()
        page.screenshot(path=ARTIFACTS / f"{name}-reports-one.png")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_axe_finds_no_serious_violation(visiting, shelf):
    axe_module = pytest.importorskip("axe_playwright_python.sync_playwright")
    shelf.add_samples()
    with visiting() as page:
        for where in ("list", "report"):
            if where == "report":
                page.locator(".rq-shelf-title button").first.click()
                page.locator(".rq-reading header h2").wait_for()
                page.locator(".rq-edit summary").click()
            found = axe_module.Axe().run(page, context="#rq-shelf-tab").response["violations"]
            serious = [
                (one["id"], one["nodes"][0]["html"][:200]) for one in found if one["impact"] in ("serious", "critical")
            ]
            assert serious == [], where


def test_the_drop_zone_speaks_the_pages_language(visiting, tmp_path):
    with visiting() as page:
        page.locator("#rq-drop [data-testid=upload-text]").wait_for()
        shown = "getComputedStyle(document.querySelector('#rq-drop [data-testid=upload-text]'), '::after').content"
        page.wait_for_function(f"{shown} === '\"Drop files here, or click to choose them\"'")
        page.click("[data-language=es]")
        page.wait_for_function(f"{shown} === '\"Suelte archivos aquí, o haga clic para elegirlos\"'")
        upload(page, write(tmp_path / "up", Loja=report_text(0)))
        page.wait_for_function("document.querySelectorAll('#rq-shelf tbody tr').length === 1")
        page.wait_for_function("document.querySelector('#rq-drop button').ariaLabel.startsWith('Suelte')")


TABLE = """# Loja

## Health

Partners reached people.

| Sector | Reached |
|---|---|
| Health | 1,250 |
| WASH | 300 |
"""


def test_headings_and_tables_are_shown_as_such_in_the_reader_and_the_panel(visiting, tmp_path):
    with visiting() as page:
        (tmp_path / "Loja.md").write_text(TABLE, "utf-8")
        upload(page, [str(tmp_path / "Loja.md")])
        page.wait_for_function("document.querySelectorAll('#rq-shelf tbody tr').length === 1")
        open_report(page, "Loja")
        text = page.locator(".rq-reading-text")
        assert text.get_by_role("heading").all_inner_texts() == ["Loja", "Health"]
        assert text.get_by_role("columnheader").all_inner_texts() == ["Sector", "Reached"]
        assert "|" not in text.inner_text() and "#" not in text.inner_text()

        page.locator("#rq-tabs").get_by_role("tab", name="Ask").click()
        page.fill("#rq-question textarea", "How many people were reached in Health?")
        page.press("#rq-question textarea", "Enter")
        page.locator(".rq-chip").first.click()
        mark = page.locator(".rq-panel .rq-table mark")
        mark.first.wait_for()
        assert mark.all_inner_texts() == ["Health", "1,250"]
