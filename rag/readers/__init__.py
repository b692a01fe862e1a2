"""Readers: passages to a draft answer. The built-in one quotes; it needs no LLM."""

from rag.readers.extractive import ExtractiveReader

__all__ = ["ExtractiveReader"]
