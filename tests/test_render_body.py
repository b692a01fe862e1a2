"""Headings and tables of reports' texts as HTML: all words kept, the quote marked in its cells."""

from __future__ import annotations

import re
from html import unescape

import pytest
from render_samples import Parsed

from rag.schema import Block, BlockKind, Section, Unit, UnitKind
from rag.sections import detect_sections
from ui.render.body import Body

MARKDOWN = """# Situation report 4

## Sectoral response

### Education ###

Partners reached **1,200** children.

| Sector | Reached | Target |
|---|---:|---|
| Education | 1,200 | 2,000 |
| Health <b> | 300 |  |

Closing words, # not a heading.
#NorThis
"""
PDF = (
    "Key figures\n\nTable 1. Cases by province.\nProvince | Cases | Deaths\nIturi | 874 | 201\n"
    "Total | 956 | 247\nSource: ministry."
)
TABS = "REACHED\t\t Education\t Health\n\tRMRP\t963\t1,335\n\tOTHER\t-\t5"
SPACES = "EDUCATION 103.3 K 36.2%\n\nFOOD SECURITY 284.9 K 66.9%"


def row(text: str, line: str, label: str, *values: str, heads: tuple[str, ...] = ()) -> Unit:
    start = text.index(line)
    at, cells = start + len(label), []
    for value in values:
        at = text.index(value, at)
        cells.append((at, at + len(value)))
        at += len(value)
    return Unit(start, start + len(line), UnitKind.ROW, heads=heads, label=label, cells=tuple(cells))


def table(text: str, first: str, *rows: Unit, path: tuple[str, ...] = (), end: int | None = None) -> Section:
    start = text.index(first)
    block = Block(start, len(text) if end is None else end, BlockKind.TABLE, rows)
    return Section("r", 0, path, 0, len(text), (block,))


MARKED = Body.of(MARKDOWN, detect_sections(MARKDOWN, "r"))


def cells(html: str) -> list[list[str]]:
    return [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line) for line in re.findall(r"<tr[^>]*>(.*?)</tr>", html)]


def words(html: str) -> list[str]:
    return re.findall(r"\w+", unescape(re.sub(r"</?[a-z][^>]*>", " ", html)))


def test_markdown_headings_and_tables():
    html = MARKED.html(0, len(MARKDOWN))
    assert [attrs["aria-level"] for _, attrs in Parsed(html).of_class("rq-heading")] == ["4", "5", "6"]
    assert '<div class="rq-heading" role="heading" aria-level="6">Education</div>' in html
    assert cells(html) == [
        ["Sector", "Reached", "Target"],
        ["Education", "1,200", "2,000"],
        ["Health &lt;b&gt;", "300", ""],
    ]
    assert html.count('<th scope="col">') == 3 and html.count('<th scope="row">') == 2
    assert "Closing words, # not a heading.\n#NorThis" in html
    assert words(html) == words(MARKDOWN.replace("<b>", "&lt;b&gt;"))


def test_a_quote_is_marked_in_its_cells_only():
    text = MARKDOWN
    start = text.index("| Education |")
    html = MARKED.html(0, len(text), (start, text.index("\n", start)))
    assert Parsed(html).texts["mark"] == ["Education", "1,200", "2,000"]
    start = text.index("300")
    assert Parsed(MARKED.html(0, len(text), (start, start + 3))).texts["mark"] == ["300"]


def test_a_table_of_a_pdf_with_title_heads_and_remark():
    rows = [
        row(PDF, f"{label} | {a} | {b}", label, a, b)
        for label, a, b in (("Ituri", "874", "201"), ("Total", "956", "247"))
    ]
    html = Body.of(PDF, [table(PDF, "Table 1", *rows, path=("Key figures",))]).html(0, len(PDF))
    assert '<div class="rq-heading" role="heading" aria-level="4">Key figures</div>' in html
    assert "<caption>Table 1. Cases by province.</caption>" in html
    assert cells(html) == [
        ["Province", "Cases", "Deaths"],
        ["Ituri", "874", "201"],
        ["Total", "956", "247"],
        ["Source: ministry."],
    ]
    assert words(html) == words(PDF)


def test_tables_by_tabs_and_by_the_places_of_values():
    rows = [row(TABS, "RMRP\t963\t1,335", "RMRP", "963", "1,335"), row(TABS, "OTHER\t-\t5", "OTHER", "-", "5")]
    assert cells(Body.of(TABS, [table(TABS, "REACHED", *rows)]).html(0, len(TABS))) == [
        ["REACHED", "", "Education", "Health"],
        ["", "RMRP", "963", "1,335"],
        ["", "OTHER", "-", "5"],
    ]
    rows = [
        row(SPACES, "EDUCATION 103.3 K 36.2%", "EDUCATION", "103.3 K", "36.2%"),
        row(SPACES, "FOOD SECURITY 284.9 K 66.9%", "FOOD SECURITY", "284.9 K", "66.9%"),
    ]
    html = Body.of(SPACES, [table(SPACES, "EDUCATION", *rows)]).html(0, len(SPACES))
    assert cells(html) == [["EDUCATION", "103.3 K", "36.2%"], ["FOOD SECURITY", "284.9 K", "66.9%"]]


def test_rows_that_go_on_from_another_page_stand_under_their_heads():
    text = "Meta | 16.078 | 4.019\nVichada | 11.719 | 3.453"
    heads = ("Personas", "Familias")
    rows = [
        row(text, "Meta | 16.078 | 4.019", "Meta", "16.078", "4.019", heads=heads),
        row(text, "Vichada | 11.719 | 3.453", "Vichada", "11.719", "3.453", heads=heads),
    ]
    html = Body.of(text, [table(text, "Meta", *rows)]).html(0, len(text))
    assert cells(html)[0] == ["", "Personas", "Familias"]
    assert 'class="rq-from-above"' in html


def test_a_part_of_a_table_keeps_its_heads():
    rows = [
        row(PDF, f"{label} | {a} | {b}", label, a, b)
        for label, a, b in (("Ituri", "874", "201"), ("Total", "956", "247"))
    ]
    body = Body.of(PDF, [table(PDF, "Table 1", *rows)])
    html = body.html(PDF.index("Total"), len(PDF))
    assert cells(html)[:2] == [["Province", "Cases", "Deaths"], ["Total", "956", "247"]]
    assert "Ituri" not in html


@pytest.mark.parametrize(
    ("text", "path", "is_heading"),
    [
        ("Health\n\nPartners reached 400 people.", ("Health",), True),
        ("**Food\nsecurity**\nPartners reached 400 people.", ("Response", "Food security"), True),
        ("Health partners reached 400 people.", ("Health",), False),
        ("Partners reached 400 people.", ("Health",), False),
    ],
)
def test_a_section_heading_is_one_where_it_fills_its_line(text, path, is_heading):
    html = Body.of(text, [Section("r", 0, path, 0, len(text))]).html(0, len(text))
    assert ("rq-heading" in html) is is_heading
    assert words(html) == words(text)


def test_one_column_stays_text():
    text = "one\ntwo <b>"
    rows = tuple(Unit(text.index(line), text.index(line) + 3, UnitKind.ROW, label=line) for line in ("one", "two"))
    assert Body.of(text, [table(text, "one", *rows)]).html(0, len(text)) == "one\ntwo &lt;b&gt;"
