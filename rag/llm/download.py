"""Gets a model's file, when the user asks for it and not before."""

from __future__ import annotations

import csv
import hashlib
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from rag.errors import ConfigError, ModelError
from rag.llm.gguf import read_header

_TABLE = Path(__file__).with_name("models.tsv")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Listed:
    """A model that is known by a short name.

    ``ram_gb``: memory of a machine on which it runs beside the usual programs. ``file_gb``: about.
    """

    name: str
    ram_gb: int
    file_gb: float
    licence: str
    languages: str
    repository: str
    file: str


@dataclass(frozen=True, slots=True)
class Got:
    """A model's file. ``checked``: its SHA-256 is the one that was given or that the server states."""

    path: Path
    sha256: str
    checked: bool


def listed() -> list[Listed]:
    """The models known by name, small ones first."""
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return [
            Listed(**{**row, "ram_gb": int(row["ram_gb"]), "file_gb": float(row["file_gb"])})  # type: ignore[arg-type]
            for row in csv.DictReader(file, delimiter="\t")
        ]


def get(what: str, folder: Path, *, sha256: str = "") -> Got:
    """Download a model into ``folder``, going on where an earlier try stopped, with a progress bar on a terminal.

    The file gets its name only once it is complete, its SHA-256 is right, where one is known, and it is a GGUF.
    ``HF_ENDPOINT`` names a mirror for the models known by name. No key or token is sent.

    :param what: a name of :func:`listed`, or the address of a .gguf file.
    :param sha256: in hex, to check against; where none is given, the one that a Hugging Face server states.
    :raises ConfigError: ``what`` or ``sha256`` is none.
    :raises ModelError: it cannot be had, there is no room for it, or it is not what it should be.
    """
    url = _url(what)
    wanted = sha256.lower()
    if wanted and not _SHA256.fullmatch(wanted):
        raise ConfigError(f"{sha256!r} is no SHA-256: it has 64 digits from 0 to f.")
    place = folder / Path(unquote(urlsplit(url).path)).name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return _got(url, place, wanted)
    except OSError as error:
        raise ModelError(f"{place}: the file cannot be written: {error.strerror or error}.") from error


def _url(what: str) -> str:
    from huggingface_hub import hf_hub_url

    if what.startswith(("http://", "https://")):
        url = re.sub(r"^(https?://[^/]+/[^/]+/[^/]+)/blob/", r"\1/resolve/", what)  # what a browser shows
        if not urlsplit(url).path.lower().endswith(".gguf"):
            raise ConfigError(f"{what} is not the address of a .gguf file.")
        return url
    known = {model.name: model for model in listed()}
    if what not in known:
        raise ConfigError(
            f"No model is known as {what!r}. Known are {', '.join(known)}; or give the address of a file."
        )
    return hf_hub_url(known[what].repository, known[what].file)


def _got(url: str, place: Path, wanted: str) -> Got:
    about = _asked(url)
    stated = (about.etag or "").lower()
    wanted = wanted or (stated if _SHA256.fullmatch(stated) else "")
    if place.exists() and place.stat().st_size == about.size:
        found = _hash(place)
        if found == wanted or not wanted:
            return Got(place, found, bool(wanted))
    # Another version of the file has another mark and is not gone on with.
    mark = hashlib.sha256(f"{url} {about.etag} {about.size}".encode()).hexdigest()[:12]
    part = place.with_name(f"{place.name}.{mark}.part")
    _fetch(about, part, place.name)
    found = _hash(part)
    if wanted and found != wanted:
        part.unlink()
        raise ModelError(f"{url}: the SHA-256 is {found} and should be {wanted}. The file was deleted; get it again.")
    try:
        read_header(part)
    except ModelError as error:
        part.unlink()
        raise ModelError(f"{url}: this is no model that can be run, and was deleted. {error}") from error
    part.replace(place)
    return Got(place, found, bool(wanted))


def _asked(url: str) -> Any:
    """What the server says of the file: ``location``, ``etag`` and ``size``."""
    from huggingface_hub import get_hf_file_metadata

    try:
        return get_hf_file_metadata(url, token=False)
    except Exception as error:  # of several libraries
        raise ModelError(_refused(url, error)) from error


def _fetch(about: Any, part: Path, name: str) -> None:
    from huggingface_hub.file_download import http_get

    have = part.stat().st_size if part.exists() else 0
    free = shutil.disk_usage(part.parent).free
    if about.size and about.size - have > free:
        raise ModelError(
            f"{part.parent}: {(about.size - have) / 1e9:.1f} GB are needed and {free / 1e9:.1f} GB are free. Make room."
        )
    try:
        with part.open("ab") as file:
            http_get(
                about.location, file, resume_size=have, expected_size=about.size, displayed_filename=name,
                headers={"Accept-Encoding": "identity"},
            )  # fmt: skip
    except OSError as error:
        if error.errno is not None:
            raise
        raise ModelError(_refused(about.location, error, part)) from error
    except Exception as error:
        raise ModelError(_refused(about.location, error, part)) from error


def _refused(url: str, error: Exception, part: Path | None = None) -> str:
    if type(error).__name__ == "OfflineModeIsEnabled":
        return f"{_public(url)} cannot be downloaded while HF_HUB_OFFLINE is set: unset it."
    said = re.sub(r"\?[^\s'\"]*", "", " ".join(str(error).split()))  # addresses, as below
    reason = (said[:200] or type(error).__name__).rstrip(".")
    kept = " What came is kept: the same command goes on from there." if part and part.exists() else ""
    return f"{_public(url)} cannot be downloaded: {reason}.{kept}"


def _public(url: str) -> str:
    """Without what follows the path: on a file server that may be a signature."""
    return urlsplit(url)._replace(query="", fragment="").geturl()


def _hash(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            found.update(block)
    return found.hexdigest()
