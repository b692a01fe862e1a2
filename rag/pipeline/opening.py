"""Opening an index with the encoder and settings it was built with, and its search cache."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from rag import chunk, embed, sections
from rag.config import local_path
from rag.cross_encoder import BundledCrossEncoder
from rag.errors import StoreError
from rag.index import DenseIndex
from rag.schema import Encoder
from rag.store import Reads, Store
from rag.store.lock import WriterLock
from rag.store.opening import FILE_NAME

CACHE_NAME = "index.faiss"

log = logging.getLogger(__name__)


def load_encoder(name: str = "", device: str = "") -> Encoder:
    """The bundled encoder for ``""``, else the one in that folder. Raises ``EncoderError``."""
    return embed.load(name, device or None)


def load_cross_encoder() -> BundledCrossEncoder:
    """The bundled one; the same whatever the encoder is. Raises ``EncoderError``."""
    return BundledCrossEncoder()


def build_settings() -> dict[str, object]:
    """What decides, besides the encoder, which chunks an index holds."""
    return {
        "sections": sections.VERSION,
        "chunks": chunk.VERSION,
        "min_tokens": chunk.MIN_TOKENS,
        "max_tokens": chunk.MAX_TOKENS,
    }


def create_store(index_dir: str | Path, encoder: Encoder) -> Store:
    """The index in ``index_dir``, made if there is none, open for writing. Raises ``StoreError``."""
    return Store.create(
        local_path(index_dir),
        encoder_name=encoder.name,
        dimension=encoder.dimension,
        fingerprint=encoder.fingerprint,
        settings=build_settings(),
    )


def open_store(index_dir: str | Path, encoder: Encoder) -> Store:
    """The index in ``index_dir``. Raises ``StoreError`` when it is missing or was built otherwise."""
    store = Store.open(local_path(index_dir))
    try:
        store.check(
            encoder_name=encoder.name,
            dimension=encoder.dimension,
            fingerprint=encoder.fingerprint,
            settings=build_settings(),
        )
    except StoreError:
        store.close()
        raise
    return store


def discard_index(index_dir: Path, unwanted: Callable[[], bool]) -> None:
    """Delete the index in ``index_dir``, if there is one and it is ``unwanted``, which is asked under the writer lock.

    Raises ``StoreError``, ``StoreLocked`` when another process is writing to it.
    """
    with WriterLock(index_dir).held():
        if not (index_dir / FILE_NAME).exists() or not unwanted():
            return
        # The log first: beside another database, it would be replayed into that.
        for name in (f"{FILE_NAME}-wal", f"{FILE_NAME}-shm", FILE_NAME, CACHE_NAME):
            (index_dir / name).unlink(missing_ok=True)


def dense_index(view: Reads) -> tuple[DenseIndex, bool]:
    """The vector index of this state of the store, and whether it came from the cache."""
    path = view.path.parent / CACHE_NAME
    stamp = view.index_stamp()
    if stamp is not None and stamp.generation == view.generation:
        cached = DenseIndex.load(path, stamp.sha256, view.build.dimension)
        if cached is not None:
            return cached, True
    ids, vectors = view.vectors()
    return DenseIndex.build(ids, vectors), False


def save_cache(store: Store) -> tuple[int, DenseIndex]:
    """Bring the search cache up to date; returns the store's generation and its vector index.

    A cache that cannot be saved costs time at the next start, nothing else.
    """
    with store.snapshot() as view:
        generation = view.generation
        dense, cached = dense_index(view)
    if not cached:
        try:
            sha256 = dense.save(store.path.parent / CACHE_NAME)
            store.set_index_stamp(sha256, generation, dense.kind)
        except StoreError as error:
            log.warning("the search cache was not saved: %s", error)
    return generation, dense
