"""Answers as HTML."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest
from chat_fakes import HOSTILE

from rag.schema import (
    ABSTAIN,
    Answer,
    BlockKind,
    Chunk,
    Citation,
    CitedSentence,
    Passage,
    ReportInfo,
    Verdict,
)
from ui import render
from ui.words import WORDS, seconds

TEXT = "Educación\n\nEn Nariño, «1.250»\nniños & niñas recibieron\natención jurídica. Otra cosa."
QUOTE = "«1.250»\nniños & niñas recibieron\natención jurídica."
START = 5_000 + TEXT.index(QUOTE)
CITATION = Citation(
    marker=1,
    report_id="colombia",
    report_title="Informe 2022",
    published=date(2023, 2, 1),
    section=("Respuesta sectorial", "Educación"),
    page=None,
    quote=QUOTE,
    start=START,
    end=START + len(QUOTE),
    score=1.0,
    verdict=Verdict.SUPPORTED,
)


class Page(HTMLParser):
    """What a browser would see: elements with attributes, and the text inside each kind of element."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self.open: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self.open.append(tag)
        self.texts.setdefault(tag, []).append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        for tag in set(self.open):
            self.texts[tag][-1] += data

    def attributes(self, name):
        return [attrs[name] for _, attrs in self.elements if name in attrs]


def answer_of(*citations: Citation, text: str = "Niños atendidos.", kind: BlockKind | None = None) -> Answer:
    sentences = tuple(CitedSentence(text, (c.marker,), c.verdict) for c in citations)
    info = ReportInfo(id="colombia", title="Informe 2022")
    passages = tuple(
        Passage(Chunk(c.report_id, 0, 0, c.start - 5, c.end + 5, "", kind, ()), info, c.section, 1.0, 1, "test")
        for c in citations
        if kind
    )
    return Answer("answered", "unused", sentences, citations, passages, "extractive", {"total": 0.44})


def section(_: Citation) -> tuple[str, int]:
    return TEXT, 5_000


def test_each_marker_leads_to_its_source():
    answer = answer_of(CITATION, replace(CITATION, marker=2))
    page = Page(render.render_answer(answer, section, key="a7"))
    ids = page.attributes("id")
    assert page.attributes("href") == ["#a7-c1", "#a7-c2"]
    assert ids == ["a7-c1", "a7-c2"]
    assert [tag for tag, attrs in page.elements if "id" in attrs] == ["details", "details"]
    assert page.texts["a"] == ["[1]", "[2]"]


def test_source_names_report_date_section_and_page():
    html = render.render_answer(answer_of(replace(CITATION, page=3)), section)
    summary = Page(html).texts["summary"][0]
    assert "Informe 2022" in summary
    assert "published 2023-02-01 · Respuesta sectorial › Educación · page 3" in summary
    undated = Page(render.render_answer(answer_of(replace(CITATION, published=None)), section))
    assert "published" not in undated.texts["summary"][0]
    assert "page" not in undated.texts["summary"][0]


def test_highlight_is_the_quote_in_its_surroundings():
    page = Page(render.render_answer(answer_of(CITATION), section))
    assert page.texts["mark"] == [QUOTE]
    assert page.texts["blockquote"] == [TEXT]


def test_highlight_takes_the_cited_place_not_the_first_one_alike():
    text = "62 families. Others. 62 families."
    second = replace(CITATION, quote="62 families.", start=21, end=33)
    assert render.highlight(second, text, 0) == "62 families. Others. <mark>62 families.</mark>"


@pytest.mark.parametrize(("text", "offset"), [(TEXT, 4_999), (TEXT, 0), (TEXT, 9_000), ("", 5_000), (TEXT[:30], 5_000)])
def test_highlight_without_matching_text_shows_the_quote_alone(text, offset):
    page = Page(render.highlight(CITATION, text, offset))
    assert page.texts["mark"] == [QUOTE]
    assert render.highlight(CITATION, text, offset).startswith("<mark>")


def test_long_section_is_cut_around_the_quote_at_words():
    before, after = "antes palabra " * 500, " después palabra" * 500
    start = len(before)
    citation = replace(CITATION, start=start, end=start + len(QUOTE))
    page = Page(f"<blockquote>{render.highlight(citation, before + QUOTE + after, 0)}</blockquote>")
    shown = page.texts["blockquote"][0]
    assert page.texts["mark"] == [QUOTE]
    assert len(shown) < 2 * render.CONTEXT + len(QUOTE) + 10
    assert set(shown.replace(QUOTE, "").split()) == {"…", "antes", "después", "palabra"}


def test_empty_lines_are_collapsed_around_the_quote_but_not_inside():
    citation = replace(CITATION, quote="b\n\n\n\nc", start=5, end=11)
    assert render.highlight(citation, "a\n\n\n\nb\n\n\n\nc\n\n \n\nd", 0) == "a\n\n<mark>b\n\n\n\nc</mark>\n\nd"


@pytest.mark.parametrize(
    ("verdict", "english", "spanish"),
    [
        (Verdict.SUPPORTED, "supported", "respaldado"),
        (Verdict.PARTLY, "partly supported", "respaldado en parte"),
        (Verdict.UNSUPPORTED, "not found", "no encontrado"),
    ],
)
def test_verdict_in_words(verdict, english, spanish):
    answer = answer_of(replace(CITATION, verdict=verdict))
    for language, word in (("en", english), ("es", spanish)):
        page = Page(render.render_answer(answer, section, language=language))
        assert page.texts["summary"][0].endswith(word)
        # Beside the sentence only what a reader must be warned of.
        assert page.texts["p"][0].endswith(word) is (verdict is not Verdict.SUPPORTED)


def test_spanish_labels():
    page = Page(render.render_answer(answer_of(replace(CITATION, page=2)), section, language="es"))
    assert page.texts["h3"] == ["Fuentes"]
    assert "publicado 2023-02-01" in page.texts["summary"][0]
    assert "página 2" in page.texts["summary"][0]
    assert page.texts["p"][-1] == "Lector: extractive · 0,4 s"
    assert WORDS["en"].keys() == WORDS["es"].keys()


def test_status_line():
    assert Page(render.render_answer(answer_of(CITATION), section)).texts["p"][-1] == "Reader: extractive · 0.4 s"
    parts = replace(answer_of(CITATION), timings_s={"retrieve": 1.0, "read": 0.5})
    assert "1.5 s" in render.render_answer(parts, section)
    assert seconds(0.02, "en") == "< 0.1 s"


def test_several_rows_become_a_list_and_prose_does_not():
    two = (CITATION, replace(CITATION, marker=2))
    for kind in (BlockKind.TABLE, BlockKind.LIST, BlockKind.FIGURES):
        assert len(Page(render.render_answer(answer_of(*two, kind=kind), section)).texts["li"]) == 2
    assert "li" not in Page(render.render_answer(answer_of(*two, kind=BlockKind.PROSE), section)).texts
    assert "li" not in Page(render.render_answer(answer_of(CITATION, kind=BlockKind.TABLE), section)).texts


def test_marker_without_a_citation_is_shown_but_no_link():
    answer = answer_of(CITATION)
    answer = replace(answer, sentences=(CitedSentence("Text.", (1, 9), Verdict.PARTLY),))
    page = Page(render.render_answer(answer, section))
    assert page.attributes("href") == ["#a1-c1"]
    assert "[9]" in page.texts["p"][0]


def test_abstention_shows_its_text_and_the_nearest_passages():
    info = ReportInfo(id="r", title="Report", published=date(2024, 1, 2))
    chunk = Chunk("r", 0, 0, 0, 9, "word " * 400, BlockKind.PROSE, ())
    passages = tuple(Passage(chunk, info, ("Health", "Lima"), 1.0, rank, "test") for rank in range(1, 9))
    answer = Answer("abstained", ABSTAIN["en"], (), (), passages, "extractive", {"total": 1.0})
    page = Page(render.render_answer(answer, section, key="a2"))
    assert "rq-abstained" in page.attributes("class")[0]
    assert page.texts["p"][0] == ABSTAIN["en"]
    assert page.texts["h3"] == ["Nearest passages"]
    assert page.attributes("id") == [f"a2-p{number}" for number in range(1, render.NEAREST + 1)]
    assert "published 2024-01-02 · Health › Lima" in page.texts["summary"][0]
    assert len(page.texts["blockquote"][0]) <= render.EXCERPT + 2
    assert "mark" not in page.texts
    assert "a" not in page.texts
    bare = Page(render.render_answer(replace(answer, passages=()), section))
    assert "h3" not in bare.texts


OUR_TAGS = {"a", "article", "blockquote", "details", "div", "h1", "h2", "h3", "header", "li", "mark", "p"}
OUR_TAGS |= {"section", "span", "summary", "ul"}
OUR_ATTRIBUTES = {"class", "href", "id", "lang", "role", "title"}


def hostile_blocks() -> list[str]:
    citation = replace(
        CITATION,
        report_title=HOSTILE,
        section=(HOSTILE, HOSTILE),
        quote=HOSTILE,
        start=3,
        end=3 + len(HOSTILE),
    )
    around = f"<b>{HOSTILE}<img src=x onerror=alert(1)>"
    answer = replace(answer_of(citation, text=HOSTILE), reader=HOSTILE)
    info = ReportInfo(id="r", title=HOSTILE)
    chunk = Chunk("r", 0, 0, 0, 9, HOSTILE, BlockKind.PROSE, ())
    nearest = (Passage(chunk, info, (HOSTILE,), 1.0, 1, "test"),)
    abstained = Answer("abstained", HOSTILE, (), (), nearest, "x", {})
    return [
        render.render_answer(answer, lambda _: (around, 0)),
        render.render_answer(abstained, section),
        render.render_error(HOSTILE),
        render.render_notice(HOSTILE),
        render.render_header(HOSTILE),
        render.render_conversation([render.render_turn(HOSTILE, "", only_in=[HOSTILE])]),
    ]


@pytest.mark.parametrize("html", hostile_blocks())
def test_hostile_text_stays_text(html):
    page = Page(html)
    assert {tag for tag, _ in page.elements} <= OUR_TAGS
    assert {name for _, attrs in page.elements for name in attrs} <= OUR_ATTRIBUTES
    assert all(href.startswith("#a1-c") for href in page.attributes("href"))
    assert HOSTILE in "".join(text for texts in page.texts.values() for text in texts)


def test_error_is_one_line():
    assert Page(render.render_error("No index.\n  Build one.")).texts["p"] == ["No index. Build one."]


def test_what_the_reports_do_not_say_ends_the_answer():
    answer = replace(answer_of(CITATION), unanswered=("The reports do not say this for <2020>.",))
    html = render.render_answer(answer, section)
    assert "The reports do not say this for &lt;2020&gt;." in html
