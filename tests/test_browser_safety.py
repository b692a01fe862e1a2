"""The Ask page in a real browser: hostile text is inert, nothing leaves the machine, axe-core finds no barrier."""

from __future__ import annotations

import pytest
from ask_browser import FAMILIES, TEACHERS, WHEAT, browsing, new_context, visiting
from chat_fakes import HOSTILE, FakeAssistant, serving

from rag.schema import Report

LONG = Report(id="long", title="T" * 300, text=f"# {'H' * 300}\n\nThe longest word is {'w' * 3000} of all words.\n")


@pytest.fixture(scope="module")
def address():
    from chat_fakes import COLOMBIA, PERU, STRANGE

    with serving(FakeAssistant([PERU, COLOMBIA, STRANGE, LONG])) as address:
        yield address


@pytest.fixture(scope="module")
def context():
    with browsing() as browser:
        yield new_context(browser)


@pytest.fixture
def visit(context, address):
    with visiting(context, address) as visit:
        yield visit


def test_hostile_text_is_inert(visit):
    turn = visit.ask(f"hostile sentence {HOSTILE}")
    turn.locator(".rq-chip").first.hover()
    visit.page.locator(".rq-float").wait_for()
    turn.locator(".rq-chip").first.click()
    mark = visit.panel.locator("mark")
    mark.wait_for()
    assert mark.text_content() == HOSTILE
    assert HOSTILE in turn.locator("h2").text_content()
    visit.panel.get_by_role("button", name="Whole report").click()
    visit.panel.locator(".rq-whole").wait_for()
    foreign = "#rq-frame :is(script, img, iframe, object, [onerror], [onclick], a[href^=javascript], a[href^=http])"
    assert visit.page.locator(foreign).count() == 0
    assert visit.page.evaluate("window.pwned") is None
    visit.shot("hostile")


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)])
def test_very_long_words_wrap(context, address, size):
    with visiting(context, address, size=size) as visit:
        turn = visit.ask("What is the longest word of all words?")
        turn.locator(".rq-chip").first.click()
        visit.panel.locator("mark").wait_for()
        too_wide = """[...document.querySelectorAll('.rq-log *, .rq-panel *')]
            .filter(node => node.getBoundingClientRect().right > innerWidth + 1).length"""
        assert visit.page.evaluate(too_wide) == 0
        visit.shot(f"long-words-{size[0]}")


def test_injected_markup_could_not_run_or_reach_out(visit):
    """The second wall: what the policy does if escaping ever failed."""
    visit.page.evaluate(
        """document.querySelector('.rq-start').innerHTML =
        '<img src=x onerror="window.pwned=1"><img src="https://evil.example/p.png">'"""
    )
    visit.page.wait_for_timeout(500)
    assert visit.page.evaluate("window.pwned") is None
    refused = [text for text in visit.troubles if "Content Security Policy" in text]
    assert len(refused) >= 2
    visit.troubles.clear()
    visit.requests[:] = [url for url in visit.requests if "evil.example" not in url]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_barrier(context, address, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    with visiting(context, address, scheme=scheme) as visit:
        found = {}

        def look(state):
            violations = axe.run(visit.page).response["violations"]
            found[state] = [
                (one["id"], [node["html"][:200] for node in one["nodes"]][:3])
                for one in violations
                if one["impact"] in {"serious", "critical"}
            ]

        look("start")
        visit.page.click("[data-act=filters]")
        look("filters")
        visit.page.click("[data-act=filters]")
        visit.ask(FAMILIES).locator(".rq-chip").first.click()
        visit.panel.locator("mark").wait_for()
        look("answer and panel")
        visit.panel.get_by_role("button", name="Whole report").click()
        visit.panel.locator(".rq-whole").wait_for()
        look("report")
        visit.page.keyboard.press("Escape")
        visit.ask(WHEAT)
        look("abstention")
        assert found == dict.fromkeys(found, [])


def test_everything_is_reached_by_keyboard_with_visible_focus(visit):
    visit.ask(TEACHERS)
    visit.page.evaluate("document.activeElement.blur()")
    seen, unseen = set(), []
    for _ in range(60):
        visit.page.keyboard.press("Tab")
        name, outline = visit.page.evaluate(
            """() => {
              const at = document.activeElement, { act, theme, language } = at.dataset;
              const ring = ['outlineStyle', 'boxShadow'];
              const ringed = (node) => ring.some((key) => getComputedStyle(node)[key] !== 'none');
              return [act || theme || language || at.className.split(' ')[0] || at.tagName,
                ringed(at) || ringed(at.parentElement)];
            }"""
        )
        seen.add(name)
        if not outline and name not in {"BODY"}:
            unseen.append(name)
    wanted = {
        "rq-skip",
        "menu",
        "en",
        "es",
        "auto",
        "new",
        "rq-open",
        "edit",
        "rq-chip",
        "rq-source",
        "copy",
        "judge",
        "filters",
    }
    assert wanted <= seen, wanted - seen
    assert unseen == []
