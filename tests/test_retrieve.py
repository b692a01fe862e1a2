"""Retrieval: fusion, query terms, filters inside the search, periods preferred."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from conftest import HashEncoder
from hypothesis import given
from hypothesis import strategies as st
from samples import make_report, year

from rag.chunk import chunk_report
from rag.index import DenseIndex
from rag.rerank import READ, rerank
from rag.retrieve import MAX_TERMS, fuse, query_terms, retrieve
from rag.schema import Filters, Period, Reading
from rag.sections import detect_sections
from rag.store import Store
from rag.text import plain, terms


def add(store: Store, encoder: HashEncoder, report) -> None:
    sections = detect_sections(report.text, report.id)
    chunks = chunk_report(report, sections, encoder.count_tokens)
    vectors = encoder.encode([f"{chunk.context}\n{plain(chunk.text)}" for chunk in chunks])
    pairs = [
        (" ".join(terms(plain(c.text), report.language)), " ".join(terms(c.context, report.language))) for c in chunks
    ]
    with store.writing():
        store.put_report(report, sections, chunks, vectors, pairs)


@pytest.fixture
def store(tmp_path: Path, encoder: HashEncoder):
    built = Store.create(
        tmp_path / "index", encoder_name="hash", dimension=64, fingerprint=encoder.fingerprint, settings={}
    )
    texts = {
        "lima": ("# Health\n\nClinics in Lima treated 300 children for dengue.\n", year(2023), "OCHA"),
        "tacna": ("# Shelter\n\nShelters in Tacna hosted 900 travellers from Chile.\n", year(2022), "UNHCR"),
        "cusco": ("# Education\n\nSchools in Cusco enrolled 120 pupils.\n", year(2021), "UNICEF"),
    }
    for name, (text, period, publisher) in texts.items():
        add(
            built,
            encoder,
            make_report(text, id=name, period=period, publisher=publisher, title=f"Report {name}"),
        )
    spanish = make_report(
        "# Salud\n\nLas clínicas de Piura atendieron a 50 niños con malnutrición.\n",
        id="piura",
        language="es",
        title="Informe",
        period=year(2020),
    )
    add(built, encoder, spanish)
    yield built
    built.close()


def search(store: Store, encoder: HashEncoder, question: str, k: int = 3, **options: object):
    dense = DenseIndex.build(*store.vectors())
    with store.snapshot() as view:
        return retrieve([question], store=view, dense=dense, encoder=encoder, k=k, **options)


@pytest.mark.parametrize("mode", ["hybrid", "dense", "lexical"])
@pytest.mark.parametrize(
    ("question", "report"),
    [
        ("How many children had dengue in Lima?", "lima"),
        ("Who was hosted by shelters in Tacna?", "tacna"),
        ("pupils enrolled schools Cusco", "cusco"),
    ],
)
def test_the_right_report_comes_first(store, encoder, mode, question, report):
    found = search(store, encoder, question, mode=mode)
    assert found[0].report.id == report
    assert [p.rank for p in found] == list(range(1, len(found) + 1))
    assert [p.score for p in found] == sorted((p.score for p in found), reverse=True)
    assert found[0].stage == ("fused" if mode == "hybrid" else mode)


def test_an_english_word_finds_its_spanish_translation(store, encoder):
    assert search(store, encoder, "malnutrition", mode="lexical")[0].report.id == "piura"


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(reports=("cusco",)), {"cusco"}),
        (Filters(publisher="unhcr"), {"tacna"}),
        (Filters(since=date(2022, 6, 1)), {"tacna", "lima"}),
        (Filters(until=date(2021, 3, 1)), {"cusco", "piura"}),
        (Filters(since=date(2030, 1, 1)), set()),
    ],
)
def test_filters_hold_inside_the_search(store, encoder, filters, expected):
    found = search(store, encoder, "children in Lima", k=10, filters=filters)
    assert {passage.report.id for passage in found} == expected


def test_a_period_is_preferred_not_required(store, encoder):
    question = "people reached"
    plain_order = [p.report.id for p in search(store, encoder, question, k=4)]
    preferred = [p.report.id for p in search(store, encoder, question, k=4, prefer=[year(2021)])]
    assert preferred[0] == "cusco" and set(preferred) == set(plain_order)


def test_terms_are_rarest_first_and_never_more_than_the_limit(store, encoder):
    with store.snapshot() as view:
        found = query_terms("clinics in Lima for the children of Lima", view)
        counts = view.document_frequency(found)
        assert {"clinic", "lima", "child"} <= set(found) and "of" not in found
        assert [counts[term] for term in found] == sorted(counts.values())
        assert query_terms("the of and", view) == []
        assert len(query_terms(" ".join(f"word{n}" for n in range(500)) + " lima", view)) <= MAX_TERMS


def test_hostile_questions_are_just_words(store, encoder):
    for question in (
        'lima" OR 1=1 --',
        "NEAR(lima, tacna)",
        "lima*",
        "'; DROP TABLE chunks; --",
        "^lima {x} : y",
    ):
        assert len(search(store, encoder, question, k=10)) <= 4
    assert store.chunk_count == 4


def test_fusion_by_hand():
    assert fuse([[1, 2], [2, 3]]) == [(2, 1 / 62 + 1 / 61), (1, 1 / 61), (3, 1 / 62)]
    assert fuse([]) == [] and fuse([[], []]) == []


@given(st.lists(st.lists(st.integers(0, 30), unique=True, max_size=15), max_size=4))
def test_fusion_keeps_every_item_once_and_sorts(runs):
    fused = fuse(runs)
    assert sorted(item for item, _ in fused) == sorted({item for run in runs for item in run})
    assert [score for _, score in fused] == sorted((score for _, score in fused), reverse=True)


def test_rerank_takes_turns_between_two_periods(store, encoder):
    found = search(store, encoder, "How many in Lima and Tacna?", k=4)
    ordered = rerank("How did reach change between 2021 and 2022?", found, encoder, k=2)
    assert {p.report.period for p in ordered} == {year(2021), year(2022)}
    assert [p.rank for p in ordered] == [1, 2] and {p.stage for p in ordered} == {"reranked"}


def test_rerank_puts_a_row_whose_label_is_asked_for_first(encoder):
    from samples import passages_of

    table = "## Reach\n\n| Sector | Reached |\n|---|---|\n| Shelter | 10 |\n| Nutrition | 20 |\n| Health | 30 |\n"
    found = [replace(p, score=0.5) for p in passages_of(make_report(table))]
    assert "Nutrition" in rerank("How many were reached in Nutrition?", found, encoder, k=1)[0].chunk.text


class Believes:
    """A cross-encoder that holds passages with a word to answer any question, and counts what it reads."""

    def __init__(self, word: str) -> None:
        self.word, self.asked = word, []

    def read(self, question, passages):
        self.asked += passages
        return [Reading(0.9 if self.word in passage else 0.001, (), np.zeros(0)) for passage in passages]

    def judge(self, statement, passages):
        raise AssertionError("reranking judges nothing")


def test_rerank_goes_by_what_a_cross_encoder_reads(encoder):
    from samples import passages_of

    text = "## Water\n\nPartners dug 12 wells.\n\n## Roads\n\nPartners paved one road.\n"
    found = [replace(p, score=1 / p.rank) for p in passages_of(make_report(text))]
    asked = "What have partners done?"
    assert "wells" in rerank(asked, found, encoder, k=1)[0].chunk.text
    ordered = rerank(asked, found, encoder, k=2, cross_encoder=Believes("road"))
    assert ["road" in p.chunk.text for p in ordered] == [True, False] and [p.rank for p in ordered] == [1, 2]


def test_the_cross_encoder_reads_only_the_likeliest(encoder):
    from samples import passages_of

    text = "\n\n".join(f"## Part {n}\n\nIn place {n}, {n} wells were dug." for n in range(40))
    found = [replace(p, score=1 / p.rank) for p in passages_of(make_report(text))]
    model = Believes("wells")
    assert len(rerank("How many wells were dug?", found, encoder, k=40, cross_encoder=model)) == len(found) > READ
    assert len(model.asked) == READ


def test_rerank_of_nothing(encoder):
    assert rerank("How many?", [], encoder, k=5) == []


def test_a_filter_and_a_period_that_exclude_each_other(store, encoder):
    outside = Period(date(2010, 1, 1), date(2010, 12, 31))
    found = search(store, encoder, "children", filters=Filters(since=date(2022, 1, 1)), prefer=[outside], k=9)
    assert {p.report.id for p in found} == {"lima", "tacna"}
