"""The index that a set's questions are asked of."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

import platformdirs

from eval.questions import Document, TestSet
from eval.runs import RunError
from rag.config import Settings
from rag.default import open_catalogue
from rag.pipeline import build_index
from rag.pipeline.opening import build_settings
from rag.schema import Encoder, Progress
from rag.store.tables import SCHEMA_VERSION


def index_for(one: TestSet, given: Path | None, encoder: Encoder, progress: Progress | None = None) -> Path:
    """Folder of an index over the set's documents, or else of the one that is ``given`` or the default one.

    Indexes over documents are kept in the user's cache folder, one for each state of the documents,
    the encoder and the chunking.

    :raises RunError: a document cannot be read as a report.
    :raises StoreError: the given index is missing or damaged.
    """
    if one.files:
        return _over_files(one, encoder, progress)
    if not one.documents:
        open_catalogue(given, progress=progress).close()  # builds the default index if need be
        return given or Settings.from_env().index_dir
    folder = platformdirs.user_cache_path("reportqa") / "eval" / f"{one.name}-{_digest(one.documents, encoder)}"
    reports, index = folder / "reports", folder / "index"
    reports.mkdir(parents=True, exist_ok=True)
    for document in one.documents:
        path = reports / f"{document.id}.txt"
        if not path.exists():
            path.write_bytes(document.text.encode())
    (reports / "reports.toml").write_text("\n".join(_catalogue(one.documents)), "utf-8")
    refused = build_index(reports, index, encoder=encoder, progress=progress).refused
    if refused:
        raise RunError(f"{len(refused)} documents of {one.name} cannot be read as reports: {refused[0].reason}")
    return index


def _over_files(one: TestSet, encoder: Encoder, progress: Progress | None) -> Path:
    state = sha256(json.dumps([*_made_by(encoder), one.files_state]).encode()).hexdigest()[:16]
    index = platformdirs.user_cache_path("reportqa") / "eval" / f"{one.name}-{state}" / "index"
    refused = build_index(one.files, index, encoder=encoder, progress=progress).refused
    if refused:
        raise RunError(f"{len(refused)} files of {one.name} cannot be read as reports: {refused[0].reason}")
    return index


def _made_by(encoder: Encoder) -> list[object]:
    """What another version of the product makes other indexes with."""
    return [SCHEMA_VERSION, encoder.fingerprint, build_settings()]


def _catalogue(documents: Iterable[Document]) -> Iterator[str]:
    """What the sets know of their documents, as the product takes it; a JSON string is one of TOML too."""
    for document in documents:
        yield f"[{json.dumps(document.id)}]"
        yield f"language = {json.dumps(document.language)}"
        if document.title:
            yield f"title = {json.dumps(document.title, ensure_ascii=False)}"


def _digest(documents: Iterable[Document], encoder: Encoder) -> str:
    digest = sha256(json.dumps(_made_by(encoder)).encode())
    for document in documents:
        digest.update(json.dumps(asdict(document)).encode())
    return digest.hexdigest()[:16]
