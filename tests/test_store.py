"""What is stored comes back, what is removed is gone, and what does not fit is refused."""

import sqlite3
from contextlib import closing
from datetime import UTC

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_samples import DIMENSION, assert_whole, new_store, paged, sample, vector_of

from rag.errors import StoreDamaged, StoreError, StoreMismatch
from rag.layout import BOX_TYPE, SPAN_TYPE, Layout, Page, Part, PartKind
from rag.schema import (
    Block,
    BlockKind,
    Chunk,
    Intake,
    Period,
    Report,
    ReportInfo,
    Section,
    Unit,
    UnitKind,
)
from rag.store import Store


@pytest.fixture
def store(tmp_path):
    with new_store(tmp_path / "index") as store:
        yield store


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """One store for all examples of a property; each example leaves it empty."""
    with new_store(tmp_path_factory.mktemp("shared")) as store:
        yield store


def ids_of(hits):
    return [chunk_id for chunk_id, _ in hits]


def raw(store, sql):
    """Ask the database itself."""
    connection = sqlite3.connect(store.path)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


# --- round trips


texts = st.text(max_size=40)
offsets = st.integers(0, 2**40)
units = st.builds(Unit, offsets, offsets, st.sampled_from(UnitKind), texts, st.lists(texts, max_size=3).map(tuple))
blocks = st.builds(Block, offsets, offsets, st.sampled_from(BlockKind), st.lists(units, max_size=2).map(tuple))
periods = st.tuples(st.dates(), st.dates()).map(lambda days: Period(min(days), max(days)))


numbers = st.integers(1, 9_999)
points = st.floats(0, 10_000, width=32)
pages = st.builds(Page, numbers, points, points, st.none() | st.floats(0, 1), st.booleans())
parts = st.builds(
    Part, offsets, offsets, st.sampled_from(PartKind), st.integers(0, 9), texts, st.lists(units, max_size=2).map(tuple)
)
intakes = st.builds(
    Intake,
    added=st.datetimes(timezones=st.just(UTC)),
    format=texts,
    pages=offsets,
    without_text=st.lists(numbers, max_size=3).map(tuple),
    ocr=st.lists(numbers, max_size=3).map(tuple),
    sections=offsets,
    similar=st.lists(st.tuples(texts, texts), max_size=2).map(tuple),
)


@st.composite
def layouts(draw):
    words = draw(st.lists(st.tuples(*[st.integers(0, 2**31 - 1)] * 2, *[points] * 4), max_size=4))
    return Layout(
        pages=draw(st.lists(pages, max_size=3).map(tuple)),
        stretches=draw(st.lists(st.tuples(offsets, offsets, numbers), max_size=3).map(tuple)),
        words=np.array([word[:2] for word in words], dtype=np.int32).reshape(-1, 2),
        boxes=np.array([word[2:] for word in words], dtype=np.float32).reshape(-1, 4),
        parts=draw(st.lists(parts, max_size=3).map(tuple)),
    )


@st.composite
def stored_reports(draw):
    name = draw(texts)
    report = Report(
        id=name,
        layout=draw(st.none() | layouts()),
        text=draw(st.text(max_size=300)),
        period=draw(st.none() | periods),
        published=draw(st.none() | st.dates()),
        origins=draw(st.dictionaries(texts, texts, max_size=3)),
        warnings=draw(st.lists(texts, max_size=3).map(tuple)),
        **{field: draw(texts) for field in ("title", "publisher", "type", "symbol", "language", "path", "sha256")},
    )
    paths = st.lists(texts, max_size=4).map(tuple)
    several = st.lists(blocks, max_size=3).map(tuple)
    sections = [
        Section(name, ordinal, draw(paths), draw(offsets), draw(offsets), draw(several))
        for ordinal in range(draw(st.integers(1, 3)))
    ]
    chunks = [
        Chunk(
            report_id=name,
            section=draw(st.integers(0, len(sections) - 1)),
            ordinal=ordinal,
            start=draw(offsets),
            end=draw(offsets),
            text=draw(texts),
            kind=draw(st.sampled_from(BlockKind)),
            units=draw(st.lists(units, max_size=3).map(tuple)),
            context=draw(texts),
        )
        for ordinal in range(draw(st.integers(0, 4)))
    ]
    return report, sections, chunks, [(draw(texts), draw(texts)) for _ in chunks]


def with_id(chunk, chunk_id):
    return Chunk(**{name: getattr(chunk, name) for name in Chunk.__slots__} | {"id": chunk_id})


@settings(max_examples=50, deadline=None)
@given(stored_reports(), st.none() | intakes, st.binary(max_size=20), st.randoms(use_true_random=False))
def test_every_record_comes_back_as_it_was(shared, parts, intake, sketch, random):
    report, sections, chunks, terms = parts
    values = [[random.uniform(-1, 1) for _ in range(DIMENSION)] for _ in chunks]
    vectors = np.array(values, dtype=np.float32).reshape(-1, DIMENSION)
    ids = shared.put_report(report, sections, chunks, vectors, terms, intake, sketch)
    try:
        assert shared.report(report.id) == report
        assert_same_layout(shared.layout(report.id), report.layout)
        assert shared.intakes() == ({report.id: intake} if intake else {})
        assert shared.sketches() == ({report.id: sketch} if sketch else {})
        info = ReportInfo(**{name: getattr(report, name) for name in ReportInfo.__slots__})
        assert shared.reports() == [info]
        assert shared.sections(report.id) == sections
        expected = {chunk_id: with_id(chunk, chunk_id) for chunk_id, chunk in zip(ids, chunks, strict=True)}
        assert shared.chunks(ids) == expected
        assert shared.lookup(ids) == {
            chunk_id: (chunk, info, sections[chunk.section].path) for chunk_id, chunk in expected.items()
        }
        found, back = shared.vectors()
        assert list(found) == ids and back.dtype == np.float32 and back.tobytes() == vectors.tobytes()
    finally:
        shared.remove_report(report.id)


def assert_same_layout(found, expected):
    if expected is None:
        assert found is None
        return
    assert (found.pages, found.stretches, found.parts) == (expected.pages, expected.stretches, expected.parts)
    assert (found.words.dtype, found.boxes.dtype) == (SPAN_TYPE, BOX_TYPE)
    assert found.words.tobytes() == expected.words.tobytes() and found.boxes.tobytes() == expected.boxes.tobytes()
    assert found.words.shape == expected.words.shape and found.boxes.shape == expected.boxes.shape


def test_words_without_their_boxes_are_damage(store):
    store.put_report(*paged("a", "floods", "tents"))
    with closing(sqlite3.connect(store.path)) as connection, connection:
        connection.execute("UPDATE layouts SET boxes = substr(boxes, 1, 16)")
    with pytest.raises(StoreDamaged, match="2 words and 1 boxes"):
        store.layout("a")


def test_a_store_is_the_same_after_it_was_closed(tmp_path):
    with new_store(tmp_path) as store:
        ids = store.put_report(*sample("cusco", "schools reopened", "teachers trained", context="Title"))
    with Store.open(tmp_path) as store:
        assert list(store.chunks(ids)) == ids
        assert store.build.settings == {"chunk_tokens": 256, "overlap": 0}
        assert_whole(store)


def test_lookups_keep_the_order_asked_for_and_leave_out_what_is_not_there(store):
    ids = store.put_report(*sample("a", "one", "two", "three"))
    asked = np.array([ids[2], 999, ids[0], -1], dtype=np.int64)
    assert list(store.chunks(asked)) == list(store.lookup(asked)) == [ids[2], ids[0]]
    assert sorted(store.vectors_of(asked)) == [ids[0], ids[2]]
    np.testing.assert_array_equal(store.vectors_of([ids[1]])[ids[1]], vector_of("two"))


def test_an_empty_store_answers(store):
    ids, vectors = store.vectors()
    assert ids.shape == (0,) and ids.dtype == np.int64 and vectors.shape == (0, DIMENSION)
    assert store.reports() == [] and store.lexical(["a"], 5) == [] and store.chunk_count == 0
    assert store.generation == 0 and store.index_stamp() is None and store.chunk_ids().dtype == np.int64


# --- replacing and removing


WORDS = ("agua", "salud", "school", "1234", "lima")
changes = st.lists(
    st.tuples(st.sampled_from("abc"), st.none() | st.lists(st.sampled_from(WORDS), max_size=3), st.booleans()),
    max_size=10,
)


@settings(max_examples=40, deadline=None)
@given(changes)
def test_after_any_changes_the_index_holds_just_the_last_versions(shared, changes):
    """None removes a report, a list of words stores it with a chunk for each, and with a layout where one is asked."""
    current, before = {}, shared.generation
    for report_id, words, on_pages in changes:
        if words is not None:
            shared.put_report(*(paged if on_pages else sample)(report_id, *words))
            current[report_id] = words
        elif report_id in current:
            shared.remove_report(report_id)
            del current[report_id]
    try:
        with shared.snapshot() as view:
            assert sorted(assert_whole(view)) == sorted(current)
            held = view.document_frequency(WORDS)
            assert held == {word: sum(words.count(word) for words in current.values()) for word in WORDS}
            assert view.generation - before == sum(1 for _ in changes) - removals_of_nothing(changes)
    finally:
        for report_id in current:
            shared.remove_report(report_id)


def removals_of_nothing(changes):
    present, count = set(), 0
    for report_id, words, _ in changes:
        if words is None and report_id not in present:
            count += 1
        (present.discard if words is None else present.add)(report_id)
    return count


def test_a_replaced_report_leaves_nothing_behind(store):
    old = store.put_report(*sample("a", "floods", "landslides", context="Old title"))
    new = store.put_report(*sample("a", "drought", context="New title"))
    assert store.lexical(["floods", "landslides", "old"], 10) == []
    assert ids_of(store.lexical(["drought"], 10)) == new == list(store.vectors()[0])
    assert store.chunks(old) == {} and store.vectors_of(old) == {}
    assert min(new) > max(old)


def test_a_removed_report_leaves_nothing_behind(store):
    ids = store.put_report(*paged("a", "floods", "landslides", context="Title"))
    store.remove_report("a")
    for table in ("reports", "layouts", "intakes", "sketches", "sections", "chunks", "vectors", "lexicon"):
        assert raw(store, f"SELECT count(*) FROM {table}") == [(0,)], table
    assert store.lexical(["floods", "title"], 10) == [] and store.document_frequency(["floods"]) == {"floods": 0}
    assert min(store.put_report(*sample("b", "drought"))) > max(ids), "an id was used again"


def test_moving_a_file_changes_its_path_and_nothing_else(store):
    store.put_report(*sample("a", "floods", path="old/a.md"))
    before = store.generation
    store.touch_report("a", path="new/a.md")
    assert store.report("a").path == "new/a.md"
    assert store.generation == before and len(store.lexical(["floods"], 5)) == 1


@pytest.mark.parametrize("ask", [
    Store.report, Store.sections, Store.remove_report, lambda store, name: store.touch_report(name, path="x"),
])  # fmt: skip
def test_an_unknown_report_is_named_with_similar_ones(store, ask):
    store.put_report(*sample("peru-2019", "floods"))
    store.put_report(*sample("zzz", "floods"))
    with pytest.raises(StoreError, match="'peru-2091'.*'peru-2019'") as caught:
        ask(store, "peru-2091")
    assert "zzz" not in str(caught.value)


def broken(**changes):
    report, sections, chunks, vectors, terms = sample("a", "new")
    parts = {"report": report, "sections": sections, "chunks": chunks, "vectors": vectors, "terms": terms}
    return tuple((parts | changes).values())


@pytest.mark.parametrize(("parts", "error", "message"), [
    (broken(vectors=np.ones((1, 5))), StoreMismatch, "8 values.*5"),
    (broken(vectors=np.ones((2, 8))), ValueError, "1 chunks, 2 vectors"),
    (broken(vectors=np.full((1, 8), np.nan)), ValueError, "not finite"),
    (broken(terms=[]), ValueError, "0 pairs"),
    (broken(sections=[]), ValueError, "FOREIGN KEY"),
    (broken(chunks=sample("b", "new")[2]), ValueError, "'b'"),
    (broken(report=Report(id="a", title="half a pair: \ud800", text="")), StoreError, "surrogates"),
    (broken(terms=[("half a pair: \udc00", "")]), StoreError, "surrogates"),
])  # fmt: skip
def test_parts_that_do_not_fit_are_refused_and_change_nothing(store, parts, error, message):
    ids = store.put_report(*sample("a", "old"))
    with pytest.raises(error, match=message):
        store.put_report(*parts)
    assert ids_of(store.lexical(["old"], 5)) == ids and store.generation == 1
    assert_whole(store)
