"""Answers and places to make HTML of."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

from rag.layout import Layout, Page
from rag.schema import (
    ABSTAIN,
    Answer,
    BlockKind,
    Box,
    Chunk,
    Citation,
    CitedSentence,
    Passage,
    Period,
    ReportInfo,
    Verdict,
)

GOLDEN = Path(__file__).parent / "data" / "render"
TEXT = "Educación\n\nEn Nariño, «1.250»\nniños & niñas recibieron\natención jurídica. Otra cosa."
QUOTE = "«1.250»\nniños & niñas recibieron\natención jurídica."
START = 5_000 + TEXT.index(QUOTE)
REPORT = ReportInfo(
    id="colombia",
    title="Informe <2022>",
    publisher="Grupo & socios",
    period=Period(date(2022, 1, 1), date(2022, 12, 31)),
    published=date(2023, 2, 1),
    language="es",
)
CITATION = Citation(
    marker=1,
    report_id="colombia",
    report_title="Informe <2022>",
    published=date(2023, 2, 1),
    section=("Respuesta sectorial", "Educación"),
    page=None,
    quote=QUOTE,
    start=START,
    end=START + len(QUOTE),
    score=1.0,
    verdict=Verdict.SUPPORTED,
)
PAGED = replace(
    CITATION,
    marker=2,
    page=7,
    paragraph="23",
    ocr=0.841,
    verdict=Verdict.PARTLY,
    boxes=(Box(7, 100, 200, 300, 214), Box(8, 10, 20, 30, 34)),
)
UNSUPPORTED = replace(CITATION, marker=3, published=None, section=(), verdict=Verdict.UNSUPPORTED)
PAGES = Layout(pages=(Page(7, 612, 792, 0.841), Page(8)))


def passage(text: str = "Los socios distribuyeron 3.400 kits.", *, kind: BlockKind = BlockKind.PROSE, **report: object):
    info = replace(REPORT, **report)
    return Passage(Chunk(info.id, 0, 0, 10, 10 + len(text), text, kind, ()), info, ("Protección",), 1.0, 1, "test")


def answer_of(*citations: Citation, text: str = "Niños atendidos.", kind: BlockKind | None = None) -> Answer:
    sentences = tuple(CitedSentence(text, (c.marker,), c.verdict) for c in citations)
    passages = tuple(
        Passage(Chunk(c.report_id, 0, 0, c.start - 5, c.end + 5, "", kind, ()), REPORT, c.section, 1.0, 1, "test")
        for c in citations
        if kind
    )
    timings = {"total": 0.44}
    return Answer("answered", "unused", sentences, citations, passages, "extractive", timings, as_of="2022")


ABSTENTION = Answer(
    "abstained",
    f"{ABSTAIN['en']} Nothing found is dated 2011.",
    (),
    (),
    (passage(), passage("word " * 400)),
    "a-model",
    {"total": 1.0},
)


def golden(name: str, html: str) -> None:
    """``html`` is what the file holds; with REPORTQA_GOLDEN=write, the file is written instead.

    There, each element begins a line.
    """
    path, written = GOLDEN / f"{name}.html", html.replace("><", ">\n<") + "\n"
    if os.environ.get("REPORTQA_GOLDEN") == "write":
        path.write_text(written, "utf-8")
    assert path.read_text("utf-8") == written


class Parsed(HTMLParser):
    """What a browser would see: elements with attributes, and the text inside each kind of element."""

    VOID = frozenset({"img", "input", "path", "circle", "rect"})

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
        if tag in self.VOID:
            return
        self.open.append(tag)
        self.texts.setdefault(tag, []).append("")

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        for tag in set(self.open):
            self.texts[tag][-1] += data

    def attributes(self, name):
        return [attrs[name] for _, attrs in self.elements if name in attrs]

    def of_class(self, name):
        return [(tag, attrs) for tag, attrs in self.elements if name in (attrs.get("class") or "").split()]
