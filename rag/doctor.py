"""What is installed, which encoder and index are in use, what is wrong and what to do about it."""

from __future__ import annotations

import platform
import shutil
import time
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from rag.config import Settings
from rag.errors import RagError, StoreMissing

# The rest is imported late: it brings along the packages that may be what is missing.
if TYPE_CHECKING:
    from rag.schema import Encoder

_PACKAGES = (
    "faiss-cpu",
    "gradio",
    "llama-index-core",
    "numpy",
    "onnxruntime",
    "openpyxl",
    "pypdfium2",
    "python-docx",
    "python-pptx",
    "selectolax",
    "sentence-transformers",
    "snowballstemmer",
    "tokenizers",
)
_SAY, _SAY_TOKENS = "Say: ready.", 256  # a model may think first
_LOW_DISK_BYTES = 500_000_000  # 500 MB: an index of 100,000 chunks takes about that


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; ``text`` says what to do when it is not ``ok``."""

    subject: str
    ok: bool
    text: str


def examine(index_dir: Path | None = None, *, llm: str = "", model: str = "", context_tokens: int = 0) -> list[Finding]:
    """Look at installation, encoder and index, and at the model that ``llm`` names; never raises for what it finds.

    ``llm``, ``model`` and ``context_tokens`` are as for ``rag.llm.open_model``; the model is asked for one word.
    """
    settings = Settings.from_env()
    folder = index_dir or settings.index_dir
    findings = [Finding("python", True, f"{platform.python_version()} on {platform.platform()}")]
    findings += [_package(name) for name in _PACKAGES]
    findings += [_disk(folder), _ocr()]
    try:
        encoder, text = _encoder(settings)
        findings.append(Finding("encoder", True, text))
    except Exception as error:  # whatever it is that does not work, it is what was asked for
        findings.append(Finding("encoder", False, f"{error}{_hint(error)}"))
    else:
        findings += _index(folder, encoder, named=index_dir is not None)
    return findings + (_llm(llm, model, context_tokens) if llm else [])


def _llm(spec: str, name: str, context_tokens: int) -> list[Finding]:
    """What the model's endpoint says of itself, and how long its first word takes."""
    from rag.llm import open_model
    from rag.schema import Message

    findings = []
    try:
        with open_model(spec, name, context_tokens=context_tokens) as model:
            found = model.found
            models = ", ".join(found.models) or "it does not say"
            findings.append(Finding("llm server", True, f"{found.server or 'unknown'}; its models: {models}"))
            source = "--llm-context" if context_tokens else found.context_from
            counted = "exactly" if found.count_url else "as an estimate from above"
            text = f"{model.context_tokens} tokens ({source}), counted {counted}"
            findings.append(Finding("llm context", True, text))
            started = time.perf_counter()
            said = model.stream([Message("user", _SAY)], max_tokens=_SAY_TOKENS, cancelled=lambda: False)
            if next(said, ""):
                text = f"{model.name}, first word of a reply after {time.perf_counter() - started:.2f} s"
                findings.append(Finding("llm", True, text))
            else:
                text = f"{model.name} replied with nothing to {_SAY!r}: take another model, or turn its thinking off"
                findings.append(Finding("llm", False, text))
    except (RagError, ImportError) as error:
        findings.append(Finding("llm", False, str(error)))
    return findings


def _package(name: str) -> Finding:
    try:
        return Finding(name, True, version(name))
    except PackageNotFoundError:
        return Finding(name, False, "not installed: run `make install`")


def _hint(error: Exception) -> str:
    return "" if isinstance(error, RagError) else f" ({type(error).__name__}): run `make install` again"


def _disk(folder: Path) -> Finding:
    existing = next(parent for parent in (folder, *folder.absolute().parents) if parent.exists())
    free = shutil.disk_usage(existing).free
    text = f"{free / 1e9:.1f} GB free at {existing}"
    if free < _LOW_DISK_BYTES:
        return Finding("disk", False, f"{text}: make room before adding reports")
    return Finding("disk", True, text)


def _ocr() -> Finding:
    """Whether scanned pages can be read; never a fault, as all else works without."""
    from rag.load.pdf.ocr import LANGUAGES, installed_languages

    found = installed_languages()
    missing = [name for name in LANGUAGES if name not in found]
    advice = "sudo apt install tesseract-ocr" + "".join(f" tesseract-ocr-{name}" for name in missing if name != "eng")
    if not found:
        text = f"Tesseract is not installed, so scanned pages cannot be read; to read them: {advice}"
    elif missing:
        text = f"Tesseract reads scanned pages in {', '.join(found)} but not {', '.join(missing)}: {advice}"
    else:
        text = f"Tesseract reads scanned pages in {', '.join(found)}"
    return Finding("ocr", True, text)


def _encoder(settings: Settings) -> tuple[Encoder, str]:
    """The encoder and what it is. Raises whatever keeps it from working."""
    from rag.pipeline.opening import load_encoder

    encoder = load_encoder(settings.encoder, settings.device)
    encoder.encode(["one"])
    text = f"{encoder.name}, {encoder.dimension} dimensions, SHA-256 {encoder.fingerprint[:12]}…, works"
    return encoder, text


def _index(folder: Path, encoder: Encoder, *, named: bool) -> list[Finding]:
    from rag.pipeline.opening import build_settings, dense_index, open_store

    settings = ", ".join(f"{name} {value}" for name, value in build_settings().items())
    findings = [Finding("chunks", True, settings)]
    try:
        with open_store(folder, encoder) as store, store.snapshot() as view:
            text = f"{folder}: {len(view.reports())} reports, {view.chunk_count} chunks"
            dense, cached = dense_index(view)
            cache = "in order" if cached else "missing or stale: it is rebuilt on the next start"
            findings.append(Finding("index", True, text))
            findings.append(Finding("search cache", True, f"{dense.kind}, {cache}"))
    except StoreMissing as error:
        text = str(error) if named else f"none yet in {folder}: it is built from seeds/ when first needed"
        findings.append(Finding("index", not named, text))
    except RagError as error:
        findings.append(Finding("index", False, str(error)))
    return findings
