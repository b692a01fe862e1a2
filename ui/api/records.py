"""Answers and reports as other programs get them."""

from __future__ import annotations

from typing import Any

from rag.schema import Answer, Citation, ReportInfo
from rag.text import language_of

_SOURCES = {"en": "Sources", "es": "Fuentes"}
_PAGE = {"en": "p.", "es": "pág."}


def report_entry(report: ReportInfo) -> dict[str, Any]:
    """A report of the catalogue, JSON-ready; days are ISO dates or None."""
    period = report.period
    return {
        "id": report.id,
        "title": report.title,
        "publisher": report.publisher,
        "type": report.type,
        "language": report.language,
        "published": report.published.isoformat() if report.published else None,
        "period": [period.start.isoformat(), period.end.isoformat()] if period else None,
    }


def answer_record(answer: Answer) -> dict[str, Any]:
    """``Answer.to_dict()`` without paths of files: they are nobody's business, and Gradio's client would open them."""
    record = answer.to_dict()
    for passage in record["passages"]:
        del passage["report"]["path"]
    return record


def sources_of(answer: Answer, question: str) -> str:
    """The list of sources below an answer's text, a line for each citation; empty without citations."""
    if not answer.citations:
        return ""
    language = language_of(question)
    lines = [_source(citation, language) for citation in answer.citations]
    return "\n".join([f"{_SOURCES[language]}:", *lines])


def without_sources(text: str) -> str:
    """An answer's text as it was before :func:`sources_of` was added to it."""
    for word in _SOURCES.values():
        text = text.partition(f"\n\n{word}:\n[")[0]
    return text


def _source(citation: Citation, language: str) -> str:
    parts = [citation.report_title, " › ".join(citation.section)]
    if citation.published:
        parts.append(citation.published.isoformat())
    if citation.page is not None:
        parts.append(f"{_PAGE[language]} {citation.page}")
    quote = " ".join(citation.quote.split())
    return f"[{citation.marker}] {', '.join(part for part in parts if part)}: “{quote}” ({citation.verdict})"
