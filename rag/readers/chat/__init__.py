"""The reader over a local LLM."""

from rag.readers.chat.reader import ChatReader

__all__ = ["ChatReader"]
