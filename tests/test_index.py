"""The nearest vectors are found, in the chunks that are allowed, and no damaged file is ever searched."""

import errno
import hashlib
import logging
import os
import random
import threading

import faiss
import numpy as np
import pytest

from rag import index as index_module
from rag.errors import StoreError, StoreFull, StoreMismatch
from rag.index import FLAT, FLAT_LIMIT, HNSW, DenseIndex, kind_for

DIMENSION = 32


def clustered(count, seed=0, centres=40):
    """Unit vectors around some centres, like the chunks of reports around their subjects."""
    rng = np.random.default_rng(seed)
    middle = np.random.default_rng(99).standard_normal((centres, DIMENSION))
    values = middle[rng.integers(centres, size=count)] + 0.4 * rng.standard_normal((count, DIMENSION))
    return (values / np.linalg.norm(values, axis=1, keepdims=True)).astype(np.float32)


VECTORS = clustered(2000)
IDS = np.arange(2000, dtype=np.int64) * 3 + 7  # with gaps, as after removals
QUERIES = clustered(50, seed=1)


@pytest.fixture(scope="module", params=[FLAT, HNSW])
def index(request):
    return DenseIndex.build(IDS, VECTORS, kind=request.param)


def nearest(queries, k, allowed=IDS):
    """The definition: all inner products, sorted."""
    rows = np.flatnonzero(np.isin(IDS, allowed))
    scores = queries @ VECTORS[rows].T
    order = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    return np.take_along_axis(scores, order, axis=1), IDS[rows][order]


def recall(found, expected):
    hits = sum(len(set(a) & set(b)) for a, b in zip(found, expected, strict=True))
    return hits / expected.size


@pytest.mark.parametrize(("count", "kind"), [(0, FLAT), (FLAT_LIMIT, FLAT), (FLAT_LIMIT + 1, HNSW)])
def test_the_number_of_chunks_decides_the_kind(count, kind):
    assert kind_for(count) == kind


def test_the_kind_follows_from_the_number_when_not_given(monkeypatch):
    monkeypatch.setattr(index_module, "FLAT_LIMIT", 100)
    assert DenseIndex.build(IDS[:100], VECTORS[:100]).kind == FLAT
    assert DenseIndex.build(IDS[:101], VECTORS[:101]).kind == HNSW


def test_the_nearest_are_found_best_first(index):
    scores, ids = index.search(QUERIES, 10)
    expected_scores, expected = nearest(QUERIES, 10)
    assert scores.shape == ids.shape == (50, 10) and scores.dtype == np.float32 and ids.dtype == np.int64
    assert (np.diff(scores, axis=1) <= 0).all()
    if index.kind == FLAT:
        np.testing.assert_array_equal(ids, expected)
        np.testing.assert_allclose(scores, expected_scores, atol=1e-5)
    assert recall(ids, expected) >= 0.95


def test_a_vector_finds_itself(index):
    scores, ids = index.search(VECTORS[:20], 1)
    np.testing.assert_array_equal(ids[:, 0], IDS[:20])
    np.testing.assert_allclose(scores[:, 0], 1, atol=1e-5)


@pytest.mark.parametrize("share", [0.001, 0.01, 0.2, 0.9, 1.0])
def test_a_filter_gives_the_best_of_what_it_allows(index, share):
    allowed = np.random.default_rng(3).choice(IDS, size=int(2000 * share), replace=False)
    scores, ids = index.search(QUERIES, 10, allowed)
    expected_scores, expected = nearest(QUERIES, 10, allowed)
    assert ids.shape == (50, min(10, len(allowed)))
    np.testing.assert_array_equal(ids, expected)
    np.testing.assert_allclose(scores, expected_scores, atol=1e-5)


def test_a_filter_of_far_away_chunks_still_gives_all_of_them(index):
    _, order = nearest(QUERIES[:1], 2000)
    farthest = order[0, -5:]
    _, ids = index.search(QUERIES[:1], 10, farthest)
    np.testing.assert_array_equal(ids[0], farthest)


@pytest.mark.parametrize("allowed", [[], [1, 2, 8], [-1], [10**12]])
def test_a_filter_of_unknown_chunks_finds_nothing(index, allowed):
    scores, ids = index.search(QUERIES, 10, np.array(allowed, dtype=np.int64))
    assert scores.shape == ids.shape == (50, 0)


def test_unknown_and_repeated_ids_in_a_filter_count_for_nothing(index):
    _, ids = index.search(QUERIES[:1], 10, np.array([8, IDS[5], -1, IDS[5], IDS[9], 10**15]))
    assert sorted(ids[0]) == [IDS[5], IDS[9]]


def test_more_than_there_is_gives_what_there_is():
    small = DenseIndex.build(IDS[:3], VECTORS[:3])
    assert small.search(QUERIES[:2], 10)[1].shape == (2, 3)
    assert small.search(QUERIES[:2], 0)[1].shape == (2, 0)
    assert small.search(QUERIES[:0], 10)[1].shape == (0, 3)


@pytest.mark.parametrize("kind", [FLAT, HNSW])
def test_an_empty_index_works(tmp_path, kind):
    empty = DenseIndex.build(np.empty(0, np.int64), np.empty((0, DIMENSION), np.float32), kind=kind)
    loaded = DenseIndex.load(tmp_path / "x", empty.save(tmp_path / "x"), DIMENSION)
    for index in (empty, loaded):
        assert len(index) == 0 and index.dimension == DIMENSION and index.kind == kind
        assert index.search(QUERIES, 5)[1].shape == index.search(QUERIES, 5, IDS)[1].shape == (50, 0)


def test_chunks_that_no_edge_of_the_graph_leads_to_are_found():
    """Many equal vectors fill each other's neighbour lists and cut the rest off."""
    vectors = np.repeat(np.eye(DIMENSION, dtype=np.float32), 120, axis=0)
    island = DenseIndex.build(np.arange(len(vectors)), vectors, kind=HNSW)
    _, ids = island.search(np.eye(DIMENSION, dtype=np.float32), len(vectors))
    assert all(set(row) == set(range(len(vectors))) for row in ids)


def test_ids_may_come_in_any_order():
    order = np.random.default_rng(5).permutation(2000)
    shuffled = DenseIndex.build(IDS[order], VECTORS[order])
    np.testing.assert_array_equal(shuffled.search(QUERIES, 5)[1], nearest(QUERIES, 5)[1])
    np.testing.assert_array_equal(shuffled.search(QUERIES, 5, IDS[:50])[1], nearest(QUERIES, 5, IDS[:50])[1])


@pytest.mark.parametrize(("ids", "vectors", "message"), [
    (IDS[:3], VECTORS[:2], r"\(3,\).*\(2, 32\)"),
    (IDS[:1], VECTORS[0], r"\(1,\).*\(32,\)"),
    ([4, 4], VECTORS[:2], "twice"),
])  # fmt: skip
def test_ids_and_vectors_must_fit(ids, vectors, message):
    with pytest.raises(ValueError, match=message):
        DenseIndex.build(ids, vectors)


@pytest.mark.parametrize("shape", [(1, 384), (DIMENSION,), (1, 0)])
def test_a_question_of_another_dimension_is_named_with_ours(index, shape):
    with pytest.raises(StoreMismatch, match=rf"32 values.*\({shape[0]},"):
        index.search(np.zeros(shape, np.float32), 3)


def test_a_question_without_a_direction_is_refused(index):
    with pytest.raises(ValueError, match="not finite"):
        index.search(np.full((1, DIMENSION), np.nan, np.float32), 3)


def test_threads_may_search_one_index(index):
    expected = index.search(QUERIES, 10, IDS[::7])[1]
    wrong = []

    def search():
        for _ in range(20):
            if not np.array_equal(index.search(QUERIES, 10, IDS[::7])[1], expected):
                wrong.append(1)

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


# --- the file


def test_a_saved_index_is_the_same_when_loaded(tmp_path, index):
    path = tmp_path / "index.faiss"
    digest = index.save(path)
    assert digest == hashlib.sha256(path.read_bytes()).hexdigest()
    assert path.stat().st_mode & 0o777 == 0o600 and os.listdir(tmp_path) == ["index.faiss"]
    loaded = DenseIndex.load(path, digest, DIMENSION)
    assert (loaded.kind, len(loaded), loaded.dimension) == (index.kind, 2000, DIMENSION)
    for allowed in (None, IDS[::3]):
        for before, after in zip(index.search(QUERIES, 10, allowed), loaded.search(QUERIES, 10, allowed), strict=True):
            np.testing.assert_array_equal(before, after)


@pytest.fixture
def saved(tmp_path, index):
    path = tmp_path / "index.faiss"
    return path, index.save(path)


def test_a_missing_or_unreadable_file_is_not_used(tmp_path):
    (tmp_path / "folder").mkdir()
    for name in ("absent", "folder"):
        assert DenseIndex.load(tmp_path / name, "0" * 64, DIMENSION) is None


def test_a_stale_file_is_not_used_and_the_log_says_why(saved, caplog):
    path, _ = saved
    with caplog.at_level(logging.WARNING, logger="rag.index"):
        assert DenseIndex.load(path, "0" * 64, DIMENSION) is None
    assert str(path) in caplog.text and "stale or damaged" in caplog.text


def test_a_file_with_one_changed_byte_is_never_used(saved, monkeypatch):
    path, digest = saved
    data = path.read_bytes()
    monkeypatch.setattr(faiss, "deserialize_index", lambda _: pytest.fail("FAISS was given damaged bytes"))
    places = random.Random(11)
    for place in [0, 4, len(data) - 1, *places.sample(range(len(data)), 30)]:
        path.write_bytes(data[:place] + bytes([data[place] ^ (1 << places.randrange(8))]) + data[place + 1 :])
        assert DenseIndex.load(path, digest, DIMENSION) is None, place
    for length in [0, 1, len(data) - 1, *places.sample(range(len(data)), 10)]:
        path.write_bytes(data[:length])
        assert DenseIndex.load(path, digest, DIMENSION) is None, length
    path.write_bytes(data + b"\0")
    assert DenseIndex.load(path, digest, DIMENSION) is None


def test_a_file_of_another_dimension_or_kind_is_not_used(saved, tmp_path):
    path, digest = saved
    assert DenseIndex.load(path, digest, DIMENSION + 1) is None
    for foreign in (faiss.IndexFlatIP(DIMENSION), faiss.IndexIDMap(faiss.IndexFlatL2(DIMENSION))):
        data = faiss.serialize_index(foreign).tobytes()
        path.write_bytes(data)
        assert DenseIndex.load(path, hashlib.sha256(data).hexdigest(), DIMENSION) is None
    path.write_bytes(b"nothing that FAISS knows")
    assert DenseIndex.load(path, hashlib.sha256(path.read_bytes()).hexdigest(), DIMENSION) is None


@pytest.mark.parametrize(("number", "error"), [(errno.ENOSPC, StoreFull), (errno.EIO, StoreError)])
def test_a_file_that_cannot_be_written_leaves_the_old_one(saved, monkeypatch, number, error):
    path, digest = saved

    def fail(_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(error, match="index.faiss|disk is full"):
        DenseIndex.build(IDS[:5], VECTORS[:5]).save(path)
    assert os.listdir(path.parent) == ["index.faiss"]
    assert len(DenseIndex.load(path, digest, DIMENSION)) == 2000


def test_what_a_killed_process_left_is_removed_when_it_is_old(saved):
    path, _ = saved
    old, new = path.parent / "index.faiss.old.tmp", path.parent / "index.faiss.new.tmp"
    for left in (old, new):
        left.write_bytes(b"half an index")
    os.utime(old, (0, 0))
    DenseIndex.build(IDS[:5], VECTORS[:5]).save(path)
    assert sorted(os.listdir(path.parent)) == ["index.faiss", "index.faiss.new.tmp"]
