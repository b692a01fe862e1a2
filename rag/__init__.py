"""Ask a shelf of reports a question; get a short answer with a checked citation for every sentence.

    from rag import query

    answer = query("How many teachers attended the workshop?")
    print(answer.text, answer.citations[0].quote)

What is public is listed in ``__all__``; everything else may change without notice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.errors import (
    ConfigError,
    EncoderError,
    MetadataError,
    ModelBroke,
    ModelError,
    ModelMissing,
    ModelOverflow,
    ModelRefused,
    ModelTimeout,
    QuestionError,
    RagError,
    ReportError,
    StoreDamaged,
    StoreError,
    StoreFull,
    StoreLocked,
    StoreMismatch,
    StoreMissing,
)
from rag.schema import (
    Answer,
    Box,
    ChatModel,
    Citation,
    CitedSentence,
    Encoder,
    Intake,
    Message,
    Passage,
    Reader,
    ReportInfo,
    Section,
    Turn,
    Verdict,
)

if TYPE_CHECKING:
    from rag.default import query
    from rag.llm import open_model
    from rag.pipeline import Assistant, IngestResult, Outcome, build_index
    from rag.readers.chat import ChatReader

__all__ = [
    "Answer",
    "Assistant",
    "Box",
    "ChatModel",
    "ChatReader",
    "Citation",
    "CitedSentence",
    "ConfigError",
    "Encoder",
    "EncoderError",
    "IngestResult",
    "Intake",
    "Message",
    "MetadataError",
    "ModelBroke",
    "ModelError",
    "ModelMissing",
    "ModelOverflow",
    "ModelRefused",
    "ModelTimeout",
    "Outcome",
    "Passage",
    "QuestionError",
    "RagError",
    "Reader",
    "ReportError",
    "ReportInfo",
    "Section",
    "StoreDamaged",
    "StoreError",
    "StoreFull",
    "StoreLocked",
    "StoreMismatch",
    "StoreMissing",
    "Turn",
    "Verdict",
    "build_index",
    "open_model",
    "query",
]

# Imported on first use: they bring numpy, faiss and sqlite along.
_LATE = {
    "Assistant": "rag.pipeline",
    "ChatReader": "rag.readers.chat",
    "IngestResult": "rag.pipeline",
    "Outcome": "rag.pipeline",
    "build_index": "rag.pipeline",
    "open_model": "rag.llm",
    "query": "rag.default",
}


def __getattr__(name: str) -> object:
    if name in _LATE:
        from importlib import import_module

        return getattr(import_module(_LATE[name]), name)
    raise AttributeError(f"module 'rag' has no attribute {name!r}")
