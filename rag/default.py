"""The default index, over the reports in ``seeds/``, built and opened by itself."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from rag.config import SEEDS, Settings
from rag.errors import StoreMissing
from rag.pipeline import Assistant, build_index
from rag.pipeline.opening import load_encoder
from rag.schema import Answer, Progress
from rag.store import Store

_assistants: dict[Path, Assistant] = {}
_lock = threading.Lock()


def query(question: str, *, index_dir: str | Path | None = None, **options: Any) -> Answer:
    """Answer a question from the default index, or from the one in ``index_dir``.

    The default index holds the reports in ``seeds/`` and is built on the first call; it stays
    open for the next. ``options`` are those of ``Assistant.query``: ``reports=``, ``publisher=``,
    ``since=``, ``until=``, ``k=``.

    :raises RagError: see ``Assistant`` and ``Assistant.query``.
    """
    with _lock:
        folder = (Path(index_dir) if index_dir else Settings.from_env().index_dir).absolute()
        if folder not in _assistants:
            _assistants[folder] = open_assistant(Path(index_dir) if index_dir else None)
    return _assistants[folder].query(question, **options)


def open_assistant(
    index_dir: Path | None = None, *, settings: Settings | None = None, progress: Progress | None = None
) -> Assistant:
    """Open the index in ``index_dir``; without one the default index, built from ``seeds/`` if need be.

    :raises StoreMissing: ``index_dir`` holds no index, or ``seeds/`` is not there to build one.
    """
    settings = settings or Settings.from_env()
    encoder = load_encoder(settings.encoder, settings.device)
    if index_dir is None and not _has_reports(settings.index_dir):
        if not SEEDS.is_dir():
            raise StoreMissing(
                f"There is no index in {settings.index_dir} and no folder {SEEDS} to build one from. "
                "Build one with `reportqa ingest PATH --index DIR`."
            )
        build_index(SEEDS, settings.index_dir, encoder=encoder, progress=progress)
    return Assistant(index_dir or settings.index_dir, encoder=encoder)


def _has_reports(folder: Path) -> bool:
    """Whether an index is there and a first build was not cut short before its first report."""
    try:
        with Store.open(folder) as store:
            return store.chunk_count > 0
    except StoreMissing:
        return False
