"""Documents and paragraphs that a question names, and what is answered from them."""

from __future__ import annotations

import pytest

from rag.layout import Layout, Part, PartKind
from rag.pipeline import Assistant
from rag.pipeline.opening import create_store
from rag.question.references import references, same_symbol
from rag.readers import ExtractiveReader
from rag.schema import Report
from rag.sections import sections_of
from rag.text import plain, terms


@pytest.mark.parametrize(
    ("question", "symbols", "paragraphs", "plainly", "content"),
    [
        (
            "What did paragraph 23 of S/2025/211 report about the fighting?",
            ("S/2025/211",),
            ("23",),
            "What did the report report about the fighting?",
            False,
        ),
        (
            "¿Qué dice el párrafo 13 de A/80/75 sobre Etiopía?",
            ("A/80/75",),
            ("13",),
            "¿Qué dice el informe sobre Etiopía?",
            False,
        ),
        (
            "What is reported in para. 15 of S/2025/269?",
            ("S/2025/269",),
            ("15",),
            "What is reported in the report?",
            True,
        ),
        ("Summarise paragraphs 12 to 14.", (), ("12", "13", "14"), "Summarise the report.", True),
        ("What do paras 3 and 7 say?", (), ("3", "7"), "What do the report say?", True),
        ("How many died according to S/2025/504?", ("S/2025/504",), (), "How many died?", False),
        ("In A/79/947-S/2025/372, how many fled?", ("A/79/947-S/2025/372",), (), "how many fled?", False),
        (
            "What does the document JIU/NOTE/2022/1/Rev.1 find?",
            ("JIU/NOTE/2022/1/Rev.1",),
            (),
            "What does the report find?",
            False,
        ),
    ],
)
def test_references(question, symbols, paragraphs, plainly, content):
    found = references(question)
    assert (found.symbols, found.paragraphs, found.question, found.content) == (symbols, paragraphs, plainly, content)


@pytest.mark.parametrize(
    "question",
    [
        "How many people fled in 23/2025?",
        "What did resolution 2729 (2024) decide?",
        "How many and/or families in 2 towns?",
        "¿Cuántos km/h?",
        "How many paragraphs are there?",
        "What is the ratio of TB/HIV cases?",
    ],
)
def test_no_references(question):
    assert references(question) is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("S/2025/211", "s/2025/211", True),
        ("S/2025/383", "S/2025/383*", True),
        ("A/79/947", "A/79/947-S/2025/372", True),
        ("S/2025/21", "S/2025/211", False),
        ("S/2025/211", "", False),
    ],
)
def test_same_symbol(one, other, same):
    assert same_symbol(one, other) is same


TEXTS = {
    "first": (
        "S/2025/1",
        ["1. The mission opened two offices in Juba.", "2. In March, 12 people died of cholera in Juba."],
    ),
    "second": ("S/2025/2", ["1. The mission closed its offices.", "2. In July, 30 people died of cholera in Juba."]),
}


@pytest.fixture
def counted(tmp_path, bundled_encoder):
    """An assistant over two reports with counted paragraphs."""
    from rag.chunk import chunk_report

    with create_store(tmp_path / "index", bundled_encoder) as store, store.writing():
        for name, (symbol, paragraphs) in TEXTS.items():
            text, parts = "", []
            for number, paragraph in enumerate(paragraphs, start=1):
                text += "\n\n" if text else ""
                parts.append(Part(len(text), len(text) + len(paragraph), PartKind.PROSE, number=str(number)))
                text += paragraph
            layout = Layout(parts=tuple(parts))
            report = Report(
                id=name, title=f"Report {name}", publisher=f"The {name}", symbol=symbol, text=text, layout=layout
            )
            sections = sections_of(text, name, parts)
            chunks = chunk_report(report, sections, bundled_encoder.count_tokens)
            vectors = bundled_encoder.encode([chunk.text for chunk in chunks])
            words = [(" ".join(terms(plain(chunk.text), "en")), "") for chunk in chunks]
            store.put_report(report, sections, chunks, vectors, words)
    with Assistant(tmp_path / "index", encoder=bundled_encoder) as assistant:
        yield assistant


def test_a_symbol_restricts_to_its_report(counted):
    for name, (symbol, _) in TEXTS.items():
        answer = counted.query(f"How many people died of cholera according to {symbol}?")
        assert {citation.report_id for citation in answer.citations} == {name}


def test_a_paragraph_is_told(counted):
    answer = counted.query("What does paragraph 1 of S/2025/2 say?")
    assert answer.status == "answered"
    assert [citation.quote for citation in answer.citations] == ["The mission closed its offices."]
    assert answer.citations[0].paragraph == "1"


def test_filters_hold_for_paragraphs_too(counted):
    told = counted.query("What does paragraph 1 say?", publisher="The second")
    assert [citation.report_id for citation in told.citations] == ["second"]
    assert not counted.query("What does paragraph 1 of S/2025/2 say?", publisher="The first").citations


def test_a_reader_of_ones_own_making_tells_paragraphs_as_well(counted, bundled_encoder, tmp_path):
    reader = ExtractiveReader(bundled_encoder, threshold=0.9)
    with Assistant(tmp_path / "index", encoder=bundled_encoder, reader=reader) as assistant:
        assert assistant.query("What does paragraph 1 of S/2025/2 say?").citations[0].paragraph == "1"


def test_a_question_to_a_paragraph_is_read_from_it_alone(counted):
    answer = counted.query("What does paragraph 2 of S/2025/1 say about cholera?")
    assert [citation.quote for citation in answer.citations] == ["In March, 12 people died of cholera in Juba."]
    assert counted.query("What does paragraph 1 of S/2025/1 say about cholera?").status == "abstained"


def test_an_unknown_document_is_not_passed_over(counted):
    assert counted.query("How many people died of cholera according to S/2030/9?").status == "abstained"
