"""What the source panel shows, and the routes that give it."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest
from chat_fakes import PERU, FakeAssistant, serving
from render_samples import PAGED, PAGES, QUOTE, REPORT, TEXT, Parsed, golden

from rag.errors import StoreMissing
from rag.layout import Layout, Page
from rag.schema import Section
from ui import render
from ui.panel import Wanted, source
from ui.render.panel import CONTEXT
from ui.render.parts import digest

START = TEXT.index(QUOTE)
PLACE = render.Place(REPORT, START, START + len(QUOTE), ("Respuesta", "Educación"), 7, "23", 0.841, PAGED.boxes)
SECTIONS = [
    Section("colombia", number, path, start, end)
    for number, (path, start, end) in enumerate([(("Educación",), 0, 11), (("Educación", "Niños"), 11, len(TEXT))])
]
BODY = render.Body.of(TEXT, SECTIONS)


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_quote_in_its_section(language):
    golden(f"source-{language}", render.render_source(PLACE, BODY, (0, len(TEXT)), paged=True, language=language))


def test_a_page_with_its_boxes():
    html = render.render_page(PLACE, PAGES.pages[0], 8)
    golden("page", html)
    (box,) = Parsed(html).of_class("rq-box")  # the other one is on page 8
    assert box[1]["style"] == "left:16.34%;top:25.25%;width:32.68%;height:1.77%"
    assert "There is no picture" in render.render_page(PLACE, PAGES.pages[1], 8)


def test_a_whole_report():
    span = (TEXT.index(QUOTE), TEXT.index(QUOTE) + len(QUOTE))
    golden("report", render.render_report(REPORT, TEXT, SECTIONS, marked=span))


def test_a_mark_may_run_over_sections():
    page = Parsed(render.render_report(REPORT, TEXT, SECTIONS, marked=(5, 20)))
    assert page.texts["mark"] == ["ción", "En Nariño"]
    assert page.attributes("href") == ["#section-0", "#section-1"]


def test_long_surroundings_are_cut():
    text = "x " * CONTEXT + QUOTE + " y" * CONTEXT
    place = replace(PLACE, start=2 * CONTEXT, end=2 * CONTEXT + len(QUOTE))
    shown = Parsed(render.render_source(place, render.Body.of(text), (0, len(text)))).texts["div"][-1]
    assert len(shown) <= 2 * CONTEXT + len(QUOTE) + 4
    assert shown.startswith("… ") and shown.endswith(" …")


def test_a_lost_quote_leaves_a_place_for_it():
    golden("lost", render.render_lost("Report <b>") + render.render_lost(gone=True, language="es"))


class Paged(FakeAssistant):
    """Peru's report on two pages, of which the second has a picture."""

    def layout(self, report_id):
        if report_id != "peru":
            return None
        half = PERU.text.index("# Sectoral response › Health")
        pages = (Page(1, 100, 200), Page(2, 612, 792, 0.5))
        return Layout(pages, ((0, half, 1), (half, len(PERU.text), 2)))

    def page_picture(self, report_id, number, width):
        if (report_id, number) == ("peru", 2):
            return b"\x89PNG %d" % width
        raise StoreMissing(f"{report_id} has no picture of page {number}.")


def wanted(text: str, **changes: object) -> Wanted:
    start = PERU.text.index(text)
    return Wanted(**{"report": "peru", "start": start, "end": start + len(text), "check": digest(text), **changes})


def test_a_source_is_shown_with_its_section_page_and_views():
    page = Parsed(source(Paged(), wanted("3,021 people")))
    assert page.texts["mark"] == ["3,021 people"]
    assert "Sectoral response › Health · p. 2 · OCR 50 %" in page.texts["p"][1]
    assert [attrs["data-view"] for tag, attrs in page.elements if "data-view" in attrs] == ["text", "page", "report"]
    assert "Dengue cases" in page.texts["div"][-1] and "500 teachers" not in page.texts["div"][-1]
    plain = Parsed(source(FakeAssistant(), wanted("3,021 people")))
    assert [attrs["data-view"] for tag, attrs in plain.elements if "data-view" in attrs] == ["report"]


def test_the_page_view_shows_the_page_of_the_quote_or_the_one_asked_for():
    assert "/page/peru/2.png" in source(Paged(), wanted("3,021 people", view="page"))
    assert "/page/peru/1.png" in source(Paged(), wanted("3,021 people", view="page", page=1))
    assert "rq-sheet" not in source(Paged(), wanted("3,021 people", view="page", page=9))


@pytest.mark.parametrize(
    ("ask", "text"),
    [
        (wanted("3,021 people", check=digest("another quote")), "has changed"),
        (wanted("3,021 people", start=10**9, end=10**9 + 5), "has changed"),
        (wanted("3,021 people", report="gone"), "no longer in the index"),
        (wanted("3,021 people", report="gone", language="es"), "ya no está"),
    ],
)
def test_what_is_gone_is_told(ask, text):
    html = source(Paged(), ask)
    assert text in html and "data-lost" in html


def test_the_routes_answer_and_check_their_arguments():
    ask = wanted("3,021 people")
    query = {"report": "peru", "start": ask.start, "end": ask.end, "check": ask.check}
    with serving(Paged()) as address, httpx.Client(base_url=address, trust_env=False) as client:
        shown = client.get("/source", params=query)
        assert shown.status_code == 200 and "<mark>3,021 people</mark>" in shown.text
        assert shown.headers["cache-control"] == "no-store"
        assert client.get("/source", params={**query, "start": -1}).status_code == 422
        assert client.get("/source", params={**query, "view": "<b>"}).status_code == 422
        picture = client.get("/page/peru/2.png", params={"width": 300})
        assert (picture.content, picture.headers["content-type"]) == (b"\x89PNG 300", "image/png")
        assert client.get("/page/peru/1.png").status_code == 404
        assert client.get("/page/peru/2.png", params={"width": 10**6}).status_code == 422
        assert client.get("/download/nowhere.md").status_code == 404
        assert client.get("/download/nowhere.exe").status_code == 404
