"""Imports run one way, and each third-party package has one home."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BASE = {
    "errors",
    "schema",
    "layout",
    "child",
    "pages",
    "text",
    "dates",
    "facts",
    "question",
    "matching",
    "periods",
    "glossary",
    "onnx_model",
    "entailment",
    "remarks",
    "verify",
    "prompts",
    "saved",
}
STAGES = {
    "load",
    "sections",
    "chunk",
    "embed",
    "store",
    "index",
    "retrieve",
    "rerank",
    "cross_encoder",
    "readers",
    "cite",
    "llm",
}
TOP = {"config", "pipeline", "default", "doctor", "cli", "llama", "train", "__main__", "__init__"}
HOMES = {
    "faiss": {"rag/index.py", "eval/baseline.py"},
    "onnxruntime": {"rag/onnx_model/run.py"},
    "tokenizers": {"rag/onnx_model/run.py", "rag/train/"},
    "sentence_transformers": {"rag/embed/sentence_transformer.py"},
    "transformers": {"rag/embed/sentence_transformer.py", "rag/train/"},
    "torch": {"rag/train/"},
    "onnx": {"rag/train/"},
    "gradio": {"ui/"},
    "llama_index": {"rag/llama.py", "rag/llm/", "eval/baseline.py"},
    "openai": {"rag/llm/", "eval/baseline.py"},
    "xllamacpp": {"rag/llm/child.py"},
    "psutil": {"rag/llm/machine.py"},
    "huggingface_hub": {"rag/llm/download.py"},
    "ir_measures": {"eval/metrics/"},
    "sklearn": set(),
    "jsonschema": {"eval/check.py", "eval/check_row.py"},
    "httpx": {"rag/llm/", "eval/judge.py", "eval/load.py"},
    "playwright": {"eval/patience.py"},
    "argon2": {"ui/users/passwords.py"},
    "pdfplumber": {"eval/pdf_tables.py"},
    "python_multipart": {"ui/guard/bodies.py"},
    "tomlkit": {"rag/load/corrections.py", "ui/users/"},
    "jinja2": {"eval/report/html.py"},
    "matplotlib": {"eval/report/plots.py"},
    "docx": {"rag/load/office/", "ui/export/"},
    "openpyxl": {"rag/load/office/sheets.py", "eval/sets/climretrieve.py"},
    "pptx": {"rag/load/office/slides.py"},
    "selectolax": {"rag/load/web.py", "rag/load/mail.py"},
    "pypdfium2": {"rag/load/pdf/", "rag/pages.py", "rag/train/texts.py", "rag/train/sources.py", "eval/pdf_tables.py"},
}


def sources(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def part(path: Path) -> str:
    """The stage that a file of rag/ belongs to."""
    return path.relative_to(ROOT / "rag").parts[0].removesuffix(".py")


def test_every_module_of_rag_has_a_layer():
    assert {part(path) for path in sources("rag")} <= BASE | STAGES | TOP


@pytest.mark.parametrize("path", sources("rag"), ids=lambda path: str(path.relative_to(ROOT)))
def test_rag_imports_run_one_way(path):
    here = part(path)
    for name in imports(path):
        top, *rest = name.split(".")
        assert top not in {"ui", "eval", "gradio"}, f"{path} imports {name}"
        if top != "rag" or not rest:
            continue
        other = rest[0]
        if other == here:
            continue
        assert other != "train", f"{path} imports {name}: training is no part of what is run"
        if here in BASE:
            assert other in BASE, f"{path}: the base imports {name}"
        elif here in STAGES:
            assert other in BASE, f"{path}: a stage imports {name}"


@pytest.mark.parametrize("package", HOMES)
def test_third_party_packages_have_one_home(package):
    for path in [*sources("rag"), *sources("ui"), *sources("eval")]:
        relative = str(path.relative_to(ROOT))
        if any(name.split(".")[0] == package for name in imports(path)):
            assert any(relative.startswith(home) for home in HOMES[package]), f"{relative} imports {package}"
