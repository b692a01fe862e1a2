"""Search by vectors: a FAISS index that is derived from the store and may be lost at any time.

Scores are inner products of unit vectors, that is cosines, from -1 to 1.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import logging
import os
import tempfile
import time
from pathlib import Path
from typing import Self

import faiss
import numpy as np

from rag.errors import StoreError, StoreFull, StoreMismatch

log = logging.getLogger(__name__)

FLAT = "flat"  # compares with every vector: exact, 8 ms for 100,000 vectors of 384 values
HNSW = "hnsw32"  # walks a graph of 32 neighbours: 0.3 ms, but 35 s to build

FLAT_LIMIT = 50_000  # chunks; up to 4 ms a question, too little to pay for a graph
NEIGHBOURS = 32
EF_CONSTRUCTION = 100  # candidates kept while building the graph
EF_SEARCH = 64  # candidates kept in a search; recall@10 of 0.99 and more

ABANDONED_S = 3600.0  # a temporary file this old was left by a process that was killed


def kind_for(count: int) -> str:
    """Kind of index for ``count`` chunks."""
    return FLAT if count <= FLAT_LIMIT else HNSW


class DenseIndex:
    """Vectors by chunk id. It never changes, so any number of threads may search it."""

    def __init__(self, index: faiss.IndexIDMap, kind: str) -> None:
        self._index = index
        self._ids = faiss.vector_to_array(index.id_map)  # int64, ascending
        self.kind = kind

    @classmethod
    def build(cls, ids: np.ndarray, vectors: np.ndarray, *, kind: str | None = None) -> Self:
        """Index of ``vectors``, float32 unit vectors, shape (n, dimension), with unique ``ids``, shape (n,).

        ``kind`` is ``kind_for(n)`` when not given. Raises ``ValueError`` when the shapes do not fit.
        """
        ids = np.asarray(ids, dtype=np.int64)
        vectors = np.ascontiguousarray(vectors, dtype=np.float32)
        if vectors.ndim != 2 or ids.shape != vectors.shape[:1]:
            raise ValueError(f"ids of shape {ids.shape} do not fit vectors of shape {vectors.shape}")
        if not (np.diff(ids) > 0).all():
            order = np.argsort(ids)
            ids, vectors = ids[order], vectors[order]
            if (np.diff(ids) == 0).any():
                raise ValueError("an id occurs twice")
        kind = kind or kind_for(len(ids))
        dimension = vectors.shape[1]
        if kind == FLAT:
            bare = faiss.IndexFlatIP(dimension)
        else:
            bare = faiss.IndexHNSWFlat(dimension, NEIGHBOURS, faiss.METRIC_INNER_PRODUCT)
            bare.hnsw.efConstruction = EF_CONSTRUCTION
            bare.hnsw.efSearch = EF_SEARCH
        index = faiss.IndexIDMap(bare)
        index.add_with_ids(vectors, ids)
        return cls(index, kind)

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def dimension(self) -> int:
        """Values in a vector."""
        return self._index.d

    def search(self, vectors: np.ndarray, k: int, allowed: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Scores, float32, and chunk ids, int64, of the best for each query, best first.

        ``vectors``: shape (q, dimension). With ``allowed`` only these chunk ids are searched; ids that are
        not in the index count for nothing. Both results have the shape (q, m), where m is ``k`` or, when
        fewer chunks are allowed, their number. Raises ``StoreMismatch`` on another dimension.
        """
        queries = np.ascontiguousarray(vectors, dtype=np.float32)
        if queries.ndim != 2 or queries.shape[1] != self.dimension:
            raise StoreMismatch(
                f"The index holds vectors of {self.dimension} values, but the question's has the shape "
                f"{queries.shape}. Use the encoder that the index was built with."
            )
        if not np.isfinite(queries).all():
            raise ValueError("a query vector holds a value that is not finite")
        mask = np.ones(len(self), dtype=bool) if allowed is None else self._mask(allowed)
        count = min(k, int(mask.sum()))
        if count <= 0 or not len(queries):
            shape = len(queries), max(count, 0)
            return np.empty(shape, dtype=np.float32), np.empty(shape, dtype=np.int64)
        if allowed is None and self.kind == HNSW:
            scores, ids = self._index.search(queries, count)
            if (ids >= 0).all():  # -1 stands for what no edge of the graph leads to
                return scores, ids
        return self._search_exactly(queries, count, mask)

    def _mask(self, allowed: np.ndarray) -> np.ndarray:
        """Whether each vector is allowed: bool, shape (len(self),)."""
        allowed = np.asarray(allowed, dtype=np.int64)
        mask = np.zeros(len(self), dtype=bool)
        places = np.searchsorted(self._ids, allowed)
        inside = places < len(self)
        places, allowed = places[inside], allowed[inside]
        mask[places[self._ids[places] == allowed]] = True
        return mask

    def _search_exactly(self, queries: np.ndarray, k: int, mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Compare with the vectors that ``mask`` picks, and no others.

        Also in a graph: one that walks past what a narrow filter leaves out returns too few, or not the best.
        With a selector, FAISS gives each query one thread. Without, it splits each among all cores, which on
        a busy machine took 17 to 58 ms for 50,000 vectors instead of 3.
        """
        bits = np.packbits(mask, bitorder="little")
        selector = faiss.IDSelectorBitmap(len(self), faiss.swig_ptr(bits))
        scores, found = self._flat().search(queries, k, params=faiss.SearchParameters(sel=selector))
        return scores, self._ids[found]

    def _flat(self) -> faiss.IndexFlat:
        bare = faiss.downcast_index(self._index.index)
        return bare if self.kind == FLAT else faiss.downcast_index(bare.storage)

    def save(self, path: Path) -> str:
        """Write the index to ``path`` in place of what is there; returns the file's SHA-256, hex.

        Raises ``StoreFull`` or ``StoreError``; then ``path`` is as before.
        """
        data = faiss.serialize_index(self._index)
        try:
            _replace(path, memoryview(data))
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise StoreFull(
                    f"The disk is full: no room for {len(data):,} bytes in {path.parent}. The reports are "
                    "stored all the same; searches start slower until there is room."
                ) from error
            raise StoreError(f"{path} cannot be written: {error.strerror}.") from error
        return hashlib.sha256(data).hexdigest()

    @classmethod
    def load(cls, path: Path, sha256: str, dimension: int) -> Self | None:
        """Index from ``path``, or None, with the reason in the log, when it must be built again.

        FAISS reads damaged files without complaint and then finds the wrong neighbours, so it gets
        nothing but the very bytes whose SHA-256 was found right.
        """
        try:
            data = path.read_bytes()
        except OSError as error:
            log.info("search cache %s is not readable (%s): building it again", path, error.strerror)
            return None
        if hashlib.sha256(data).hexdigest() != sha256:
            log.warning("search cache %s is stale or damaged: building it again", path)
            return None
        try:
            index = faiss.deserialize_index(np.frombuffer(data, dtype=np.uint8))
        except (RuntimeError, MemoryError) as error:
            log.warning("search cache %s is of another FAISS (%s): building it again", path, error)
            return None
        kind = _kind_of(index)
        if kind is None or index.d != dimension:
            log.warning("search cache %s is of another kind or dimension: building it again", path)
            return None
        return cls(index, kind)


def _kind_of(index: faiss.Index) -> str | None:
    if not isinstance(index, faiss.IndexIDMap) or index.metric_type != faiss.METRIC_INNER_PRODUCT:
        return None
    bare = faiss.downcast_index(index.index)
    if isinstance(bare, faiss.IndexHNSWFlat):
        return HNSW
    return FLAT if isinstance(bare, faiss.IndexFlat) else None


def _replace(path: Path, data: memoryview) -> None:
    """Write a file so that a crash leaves either the old or the new one, whole."""
    _remove_abandoned(path)
    handle, name = tempfile.mkstemp(prefix=f"{path.name}.", suffix=".tmp", dir=path.parent)  # mode 0600
    new = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _remove_abandoned(path: Path) -> None:
    for left in path.parent.glob(f"{path.name}.*.tmp"):
        with contextlib.suppress(FileNotFoundError):  # its owner may just have renamed it
            if time.time() - left.stat().st_mtime > ABANDONED_S:
                left.unlink()
