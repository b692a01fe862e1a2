"""A search by words finds what the words and the filters say, whatever the words are."""

from datetime import date

import pytest
from store_samples import new_store, sample

from rag.schema import Filters, Period


@pytest.fixture
def store(tmp_path):
    with new_store(tmp_path / "index") as store:
        yield store


def ids_of(hits):
    return [chunk_id for chunk_id, _ in hits]


# --- search by words


def test_words_are_ranked_by_bm25(store):
    often, once, context = (
        store.put_report(*sample("often", "water water water a b c"))[0],
        store.put_report(*sample("once", "water d e f g h"))[0],
        store.put_report(*sample("context", "i j k l m n", context="water"))[0],
    )
    for filler in range(10):  # BM25 gives next to nothing for a word that is in most chunks
        store.put_report(*sample(f"filler{filler}", f"x{filler} y z o p q"))
    hits = store.lexical(["water"], 10)
    assert ids_of(hits) == [often, once, context]
    scores = [score for _, score in hits]
    assert scores == sorted(scores, reverse=True) and scores[-1] > 0
    assert ids_of(store.lexical(["water"], 2)) == [often, once]
    assert ids_of(store.lexical(["water", "d", "water"], 1)) == [once]
    assert store.lexical(["water"], 0) == store.lexical([], 5) == store.lexical(["absent"], 5) == []


def test_ties_go_to_the_lower_id(store):
    ids = store.put_report(*sample("a", *["same words"] * 5))
    assert ids_of(store.lexical(["same"], 3)) == ids[:3]


@pytest.mark.parametrize("term", [
    '"', '""', "'", "*", "a*", "-school", "NOT", "OR", "AND", "NEAR(a b)", "terms:school", "{terms}",
    "(", ")", "^school", "school OR water", "a + b", "\0", "school\0", "school\0 OR water", "\ud800", " ", "",
    "--", "%", "'; DROP TABLE chunks; --", '" OR 1=1', '") OR lexicon MATCH ("', "x" * 100_000, "\\",
    ":expression", "?",
])  # fmt: skip
def test_no_term_is_syntax(store, term):
    store.put_report(*sample("a", "school", "water", "sanitation", "not or and near", publisher="OCHA"))
    hits = store.lexical([term, "sanitation"], 9)
    assert 1 <= len(hits) <= 2, "more than the words of the term were found"
    assert store.document_frequency([term])[term] <= 1
    assert store.lexical(["sanitation"], 9, Filters(reports=(term,))) == []
    assert len(store.lexical(["sanitation"], 9, Filters(reports=(term, "a")))) == 1
    if term:
        assert store.lexical(["sanitation"], 9, Filters(publisher=term)) == []
    assert store.chunk_count == 4


def test_a_term_that_the_tokenizer_splits_is_found_as_a_phrase(store):
    ids = store.put_report(*sample("a", "11.1 million", "1 and 11"))
    assert ids_of(store.lexical(["11.1"], 5)) == ids[:1] and store.document_frequency(["11.1"]) == {"11.1": 1}


def test_thousands_of_terms_are_no_trouble(store):
    ids = store.put_report(*sample("a", "word4999"))
    assert ids_of(store.lexical([f"word{number}" for number in range(5000)], 5)) == ids


# --- filters


@pytest.fixture
def catalogue(store):
    year = Period(date(2019, 1, 1), date(2019, 12, 31))
    month = Period(date(2020, 5, 1), date(2020, 5, 31))
    store.put_report(*sample("year", "water", "water", publisher="Acción Contra el Hambre", period=year))
    store.put_report(*sample("month", "water", publisher="UNICEF", period=month, published=date(2021, 1, 1)))
    store.put_report(*sample("dated", "water", publisher="unicef ", published=date(2020, 6, 15)))
    store.put_report(*sample("undated", "water", publisher="OCHA"))
    return store


@pytest.mark.parametrize(("filters", "admitted"), [
    (Filters(), "year month dated undated"),
    (Filters(reports=("month", "dated", "absent")), "month dated"),
    (Filters(publisher="Unicef"), "month dated"),
    (Filters(publisher="ACCIO\u0301N contra el hambre"), "year"),
    (Filters(publisher="UNI%"), ""),
    (Filters(since=date(2019, 12, 31)), "year month dated"),
    (Filters(since=date(2020, 1, 1)), "month dated"),
    (Filters(until=date(2019, 1, 1)), "year"),
    (Filters(until=date(2018, 12, 31)), ""),
    (Filters(since=date(2020, 5, 31), until=date(2020, 6, 14)), "month"),
    (Filters(since=date(2020, 6, 1), until=date(2020, 6, 15)), "dated"),
    (Filters(since=date(2020, 6, 16)), ""),
    (Filters(reports=("month", "year"), publisher="unicef", until=date(2020, 5, 1)), "month"),
])  # fmt: skip
def test_filters_admit_the_same_for_every_search(catalogue, filters, admitted):
    by_word = ids_of(catalogue.lexical(["water"], 99, filters))
    ids = catalogue.chunk_ids(filters)
    assert sorted(by_word) == list(ids)
    assert {info.id for _, info, _ in catalogue.lookup(ids).values()} == set(admitted.split())


def test_a_filter_acts_before_the_best_are_taken(store):
    store.put_report(*sample("loud", *["water"] * 50))
    ids = store.put_report(*sample("quiet", "water among many other words here"))
    assert ids_of(store.lexical(["water"], 3, Filters(reports=("quiet",)))) == ids
