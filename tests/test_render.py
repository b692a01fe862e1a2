"""Answers, abstentions and what stands around them as HTML, against golden files.

``REPORTQA_GOLDEN=write pytest tests/test_render*.py`` writes the files anew; look at the difference before keeping it.
"""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from chat_fakes import HOSTILE
from render_samples import (
    ABSTENTION,
    CITATION,
    PAGED,
    QUOTE,
    REPORT,
    UNSUPPORTED,
    Parsed,
    answer_of,
    golden,
    passage,
)

from rag.schema import Answer, BlockKind, Verdict
from ui import render
from ui.render.abstention import EXCERPT, NEAREST
from ui.render.parts import section_path, shortened, squeezed
from ui.words import WORDS, known_language, seconds

SEARCHED = render.Searched([REPORT], ["Informe 2022"], "What happened in 2011?")


@pytest.mark.parametrize("language", ["en", "es"])
def test_an_answer(language):
    answer = replace(
        answer_of(CITATION, PAGED, UNSUPPORTED),
        searched_for="¿Cuántos <niños>?",
        unanswered=("Nothing for 2020.",),
        notes=("A sentence was left out.",),
    )
    golden(f"answer-{language}", render.render_answer(answer, key="t1", language=language, written="es"))


@pytest.mark.parametrize("language", ["en", "es"])
def test_an_abstention(language):
    golden(f"abstention-{language}", render.render_answer(ABSTENTION, key="t2", language=language, searched=SEARCHED))


def test_a_turn():
    tools = render.render_tools("text", key="t1", feedback=render.Feedback(False, "why", "right"))
    golden("turn", render.render_turn("How many?", "<p>body</p>", filters=["from 2019"], tools=tools))
    golden("error", render.render_error("No index.\n  Build <one>."))


def test_what_is_being_written():
    assert "Searching" in render.render_provisional("")
    assert "Waiting" in render.render_provisional("", waiting=True)
    golden("provisional", render.render_provisional("Nine <b>hundred"))


def test_what_stands_around():
    class Listed:
        id, title = "abc", 'A "title" <b>'

    golden("header", render.render_header("", render.Status("extractive", 5, "maria"), language="es"))
    golden("sidebar", render.render_sidebar() + render.render_list([Listed()], current="abc"))
    chips = [render.FilterChip("since", "from 2019")]
    golden("start", render.render_welcome() + render.render_examples(["How <many>?"]) + render.render_filter_bar(chips))
    golden("first-start", render.render_first_start(trouble="No <space>.") + render.render_first_start(waiting=True))
    assert "none_found" not in render.render_list([], search="x")


def test_each_chip_leads_to_its_card_and_names_its_verdict():
    page = Parsed(render.render_answer(answer_of(CITATION, PAGED), key="t7"))
    cards = [attrs["id"] for _, attrs in page.of_class("rq-card")]
    chips = [attrs for tag, attrs in page.of_class("rq-chip") if tag == "button"]
    assert cards == [chip["data-cite"] for chip in chips] == [chip["aria-describedby"] for chip in chips]
    assert [chip["aria-label"] for chip in chips] == ["Source 1, supported", "Source 2, partly supported"]
    assert len(cards) == len(set(cards))


def test_a_card_holds_quote_report_date_section_page_and_verdict():
    page = Parsed(render.render_card(PAGED, key="t1", language="en", quoted="es"))
    text = " ".join(page.texts["div"][0].split())
    assert " ".join(QUOTE.split()) in text
    assert "Informe <2022>" in text and "published 2023-02-01 · Respuesta sectorial › Educación" in text
    assert "p. 7, para. 23 · OCR 84 %" in text and "partly supported" in text
    assert [attrs["lang"] for _, attrs in page.of_class("rq-quote")] == ["es"]


def test_a_marker_without_a_citation_leads_nowhere():
    answer = answer_of(CITATION)
    answer = replace(answer, sentences=(replace(answer.sentences[0], markers=(1, 9)),))
    page = Parsed(render.render_answer(answer, key="t1"))
    assert [tag for tag, _ in page.of_class("rq-chip")] == ["button", "span"]


@pytest.mark.parametrize("verdict", list(Verdict))
def test_verdicts_differ_in_words_and_in_shape(verdict):
    html = render.render_card(replace(CITATION, verdict=verdict), key="t", language="en")
    assert f"{WORDS['en'][verdict]}</span>" in html
    shapes = {one: render.render_card(replace(CITATION, verdict=one), key="t", language="en") for one in Verdict}
    drawn = {one: re.search(r"<svg.*?</svg>", shape).group() for one, shape in shapes.items()}
    assert len(set(drawn.values())) == len(Verdict)


def test_sentences_on_list_items_or_rows_are_a_list():
    items = answer_of(CITATION, replace(CITATION, marker=2), kind=BlockKind.TABLE)
    assert len(Parsed(render.render_answer(items, key="t")).texts["li"]) == 4  # two sentences, two sources
    prose = answer_of(CITATION, replace(CITATION, marker=2), kind=BlockKind.PROSE)
    assert "ul" not in Parsed(render.render_answer(prose, key="t")).texts


def test_the_date_is_always_told():
    assert "As of <b" in render.render_answer(answer_of(CITATION), key="t")
    undated = replace(answer_of(CITATION), as_of="")
    assert "the reports state no period" in render.render_answer(undated, key="t")


def test_an_abstention_shows_few_short_passages_and_no_chip():
    many = replace(ABSTENTION, passages=tuple(passage("word " * 400) for _ in range(9)))
    page = Parsed(render.render_answer(many, key="t", searched=SEARCHED))
    assert len(page.of_class("rq-passage")) == NEAREST
    assert all(len(text) < EXCERPT + 100 for text in page.texts["button"])
    assert not page.of_class("rq-chip")


def tips(answer: Answer, searched: render.Searched) -> str:
    html = render.render_answer(answer, key="t", searched=searched)
    return html.partition("rq-tips")[2]


def test_what_to_try_follows_from_the_question_the_filters_and_what_was_found():
    assert "The question asks about 2011" in tips(ABSTENTION, SEARCHED)
    assert "without filters" in tips(ABSTENTION, SEARCHED)
    assert "Protección" in tips(ABSTENTION, SEARCHED)
    plain = render.Searched([REPORT], (), "What happened in 2022?")
    bare = replace(ABSTENTION, passages=())
    assert "asks about" not in tips(bare, plain) and "without filters" not in tips(bare, plain)
    assert "Nearest" not in render.render_answer(bare, key="t", searched=plain)
    assert "full question" in tips(replace(bare, searched_for="What happened there?"), plain)


ALLOWED = {
    "a",
    "article",
    "blockquote",
    "button",
    "circle",
    "details",
    "dialog",
    "div",
    "form",
    "h1",
    "h2",
    "h3",
    "header",
}
ALLOWED |= {
    "label",
    "li",
    "mark",
    "nav",
    "ol",
    "p",
    "path",
    "rect",
    "section",
    "span",
    "summary",
    "svg",
    "textarea",
    "ul",
}
ALLOWED |= {"b", "img", "input"}


def hostile_blocks() -> list[str]:
    citation = replace(CITATION, report_id=HOSTILE, report_title=HOSTILE, section=(HOSTILE,), quote=HOSTILE)
    citation = replace(citation, paragraph=HOSTILE)
    answer = replace(
        answer_of(citation, text=HOSTILE), reader=HOSTILE, as_of=HOSTILE, notes=(HOSTILE,), unanswered=(HOSTILE,)
    )
    report = replace(REPORT, id=HOSTILE, title=HOSTILE, publisher=HOSTILE)
    abstained = replace(ABSTENTION, text=HOSTILE, searched_for=HOSTILE, passages=(passage(HOSTILE, title=HOSTILE),))

    class Listed:
        id = title = HOSTILE

    place = render.Place(report, 3, 3 + len(HOSTILE), (HOSTILE,), paragraph=HOSTILE)
    around = f"<b>{HOSTILE}<img src=x onerror=alert(1)>"
    return [
        render.render_answer(answer, key="t"),
        render.render_answer(abstained, key="t", searched=render.Searched([report], [HOSTILE], HOSTILE)),
        render.render_turn(HOSTILE, "", filters=[HOSTILE]),
        render.render_tools(HOSTILE, key="t", feedback=render.Feedback(True, HOSTILE, HOSTILE)),
        render.render_error(HOSTILE),
        render.render_provisional(HOSTILE),
        render.render_header(HOSTILE, render.Status(HOSTILE, 1, HOSTILE)),
        render.render_list([Listed()]),
        render.render_examples([HOSTILE]),
        render.render_filter_bar([render.FilterChip(HOSTILE, HOSTILE)]),
        render.render_first_start(trouble=HOSTILE),
        render.render_exports(HOSTILE),
        render.render_source(place, render.Body.of(around), (0, len(around))),
        render.render_lost(HOSTILE),
        render.render_report(report, HOSTILE, [], marked=(3, 9)),
    ]


@pytest.mark.parametrize("html", hostile_blocks())
def test_hostile_text_stays_text(html):
    page = Parsed(html)
    assert {tag for tag, _ in page.elements} <= ALLOWED
    names = {name for _, attrs in page.elements for name in attrs}
    assert not {name for name in names if name.startswith("on")}
    assert all(not (href or "").lower().startswith(("javascript:", "http")) for href in page.attributes("href"))
    assert page.attributes("src") == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\n\n \n\nb", "a\n\nb"),
        ("short\nline", "short\nline"),
        (f"{'word ' * 12}\ngoes on", f"{'word ' * 11}word goes on"),
        (f"{'word ' * 12}\nNext", f"{'word ' * 12}\nNext"),
        (f"{'word ' * 12}\n\nnext", f"{'word ' * 12}\n\nnext"),
        (f"{'word ' * 12}\n2. next", f"{'word ' * 12}\n2. next"),
        ("<b>", "&lt;b&gt;"),
        ("**829,000** <i>", "<b>829,000</b> &lt;i&gt;"),
        (r"\$28.25M reached 5\* people", "$28.25M reached 5* people"),
        ("2 ** 3 ** 4 and **open", "2 ** 3 ** 4 and **open"),
    ],
)
def test_broken_lines_are_joined_and_lists_are_not(text, shown):
    assert squeezed(text) == shown


def test_small_parts():
    assert section_path(("A\n b", "C")) == "A b › C"
    assert shortened("one two three", 8) == "one two …"
    assert [seconds(value, language) for value, language in ((0.42, "en"), (0.42, "es"), (0.01, "en"))] == [
        "0.4 s",
        "0,4 s",
        "< 0.1 s",
    ]
    assert [known_language(tag) for tag in ("es-PE", "EN", "fr", "")] == ["es", "en", "en", "en"]


def test_both_languages_have_the_same_words():
    assert WORDS["en"].keys() == WORDS["es"].keys()
    for key in WORDS["en"]:
        assert WORDS["en"][key].count("{") == WORDS["es"][key].count("{"), key
