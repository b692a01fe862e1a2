"""The only source of truth of an index: reports, sections, chunks, vectors and words in one SQLite file.

``Store`` opens it, ``Store.snapshot()`` gives reads that belong together, ``Store.writing()`` makes this
process the one that writes. What only speeds a search up (the FAISS file) is derived from it and may be
lost at any time.
"""

from rag.store.build import Build
from rag.store.read import IndexStamp, Reads
from rag.store.store import Snapshot, Store

__all__ = ["Build", "IndexStamp", "Reads", "Snapshot", "Store"]
