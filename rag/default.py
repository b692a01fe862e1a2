"""The default index, over the reports in ``seeds/``, built and opened by itself."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rag import embed
from rag.config import SEEDS, Settings, local_path
from rag.errors import StoreLocked, StoreMismatch, StoreMissing
from rag.pipeline import Assistant, build_index
from rag.pipeline.opening import build_settings, discard_index, load_encoder
from rag.pipeline.writing import Policy
from rag.schema import Answer, Encoder, Progress, Reader
from rag.store import Store
from rag.store.faults import from_system
from rag.store.opening import FILE_NAME, make_folder, outdated_paths

_UNFINISHED = "seeds.unfinished"  # a file in the index folder while the seeds are going in
_WAIT_S = 120.0  # for another process that builds the index; it takes 10 to 20 s

_assistants: dict[Path, Assistant] = {}
_lock = threading.Lock()
log = logging.getLogger(__name__)


def query(question: str, *, index_dir: str | Path | None = None, **options: Any) -> Answer:
    """Answer a question from the default index, or from the one in ``index_dir``.

    The default index holds the reports in ``seeds/`` and is built on the first call; it stays
    open for the next. ``options`` are those of ``Assistant.query``: ``reports=``, ``publisher=``,
    ``since=``, ``until=``, ``k=``.

    :raises RagError: see ``Assistant`` and ``Assistant.query``.
    """
    with _lock:
        folder = local_path(index_dir) if index_dir else Settings.from_env().index_dir
        if folder not in _assistants:
            _assistants[folder] = open_assistant(folder if index_dir else None)
        assistant = _assistants[folder]
    return assistant.query(question, **options)


def open_assistant(
    index_dir: str | Path | None = None,
    *,
    settings: Settings | None = None,
    reader: Reader | None = None,
    policy: Policy = "strict",
    progress: Progress | None = None,
) -> Assistant:
    """Open the index in ``index_dir``; without one the default index, built from ``seeds/`` if need be.

    ``reader`` and ``policy`` are as for ``Assistant``.

    :raises StoreMissing: ``index_dir`` holds no index or no reports, or ``seeds/`` is not there
        to build one.
    """
    settings = settings or Settings.from_env()
    encoder = load_encoder(settings.encoder, settings.device)
    folder = _ready(index_dir, settings, lambda: encoder, progress)
    return Assistant(folder, reader=reader, encoder=encoder, policy=policy)


def open_catalogue(
    index_dir: str | Path | None = None,
    *,
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> Store:
    """The same index for looking at its reports only, which takes no encoder."""
    settings = settings or Settings.from_env()
    return Store.open(_ready(index_dir, settings, lambda: load_encoder(settings.encoder, settings.device), progress))


def _ready(
    index_dir: str | Path | None,
    settings: Settings,
    encoder: Callable[[], Encoder],
    progress: Progress | None,
) -> Path:
    """Folder of an index that is there and holds reports."""
    folder = local_path(index_dir) if index_dir is not None else settings.index_dir
    if index_dir is None and not _is_built(folder, settings):
        _build(folder, settings, encoder(), progress)
    with Store.open(folder) as store:
        if not store.reports():
            raise StoreMissing(
                f"The index in {folder} holds no reports. Add some: reportqa ingest PATH --index {folder}"
            )
    return folder


def _is_built(folder: Path, settings: Settings) -> bool:
    """Whether the default index is there, no build of it was cut short, and it is not to be built anew."""
    try:
        if _is_outdated(folder, settings):
            return False
        with Store.open(folder) as store:
            # One that was emptied on purpose stays empty.
            return store.generation > 0 and not (folder / _UNFINISHED).exists()
    except StoreMissing:
        return False


def _is_outdated(folder: Path, settings: Settings) -> bool:
    """Whether an older version built it and it can be built anew, as it holds nothing but the seeds.

    Where the settings name an encoder, it is for the user to change it back or to take another index.
    """
    paths = outdated_paths(folder / FILE_NAME)
    if paths is None:
        with Store.open(folder) as store:
            build = store.build
            bundled = settings.encoder in ("", embed.BUNDLED)
            former = bundled and embed.is_former(build.encoder_name, build.fingerprint)
            if not former and dict(build.settings) == build_settings():
                return False
            paths = [info.path for info in store.reports()]
    return all(Path(path).is_relative_to(SEEDS) for path in paths)


def _build(folder: Path, settings: Settings, encoder: Encoder, progress: Progress | None) -> None:
    """Build the default index, or wait for another process that is at it."""
    if not SEEDS.is_dir():
        raise StoreMissing(
            f"There is no index in {folder} and no folder {SEEDS} to build one from. "
            "Build one with `reportqa ingest PATH --index DIR`."
        )
    make_folder(folder)
    mark = folder / _UNFINISHED
    deadline = time.monotonic() + _WAIT_S
    while True:
        try:
            mark.touch()
            discard_index(folder, lambda: _is_outdated(folder, settings))
            result = build_index(SEEDS, folder, encoder=encoder, progress=progress)
            for outcome in result.refused:
                log.error("%s", outcome.reason)
            return mark.unlink(missing_ok=True)
        except StoreLocked:
            if time.monotonic() > deadline:
                raise
        except StoreMismatch:
            mark.unlink(missing_ok=True)  # another encoder's index, which nobody has begun to change
            raise
        except OSError as error:
            raise from_system(error, mark) from error
