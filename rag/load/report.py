"""A file as a Report: its text, and what is known about it with where that comes from."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from rag.errors import ReportError
from rag.load.catalogue import Metadata
from rag.load.cover import find_title, is_masthead, is_title, own_line_type
from rag.load.decode import Content, read_bytes
from rag.load.filename import day_in_name, period_in_name, report_id, tidy_stem
from rag.load.files import LOADERS, absolute, not_read, shown
from rag.load.french import report_language, with_english_dates
from rag.load.front import front_of, largest_line
from rag.load.head import head_lines
from rag.load.names import find_publisher, find_type, subject_of
from rag.load.period import find_period, find_published
from rag.load.symbol import find_symbol, publisher_of, symbol_in_name
from rag.schema import Report

STATED, TEXT, PROPERTIES, NAME, NOT_FOUND = "reports.toml", "text", "properties", "file name", "not found"
BY_HAND = "corrected by hand"
_MASTHEAD_LINES = 15  # further down, a line that is an organisation's name is no masthead


def load_report(path: str | Path, metadata: Metadata | None = None) -> Report:
    r"""Read one file. What ``metadata`` leaves out is looked for in text, properties and name of the file.

    The text of a .txt or .md file is its own, but for line ends (all ``\n``) and a dropped byte order mark.
    ``origins`` says for each statement where it comes from; nothing is made up, and what is
    found nowhere is empty (the title then is the file's stem).

    :raises ReportError: the file cannot be read as a report.
    """
    path = absolute(path)
    loader = LOADERS.get(path.suffix.lower())
    if loader is None and not path.is_dir():
        raise ReportError(f"{shown(path)}: {not_read(path)}.")
    data = read_bytes(path)
    content = loader(data, path)
    if not content.text.strip():
        raise ReportError(f"{shown(path)}: {_no_text(content)}.")
    facts, origins = _describe(content, path, metadata or Metadata())
    return Report(
        id=report_id(path),
        text=content.text,
        layout=content.layout,
        path=str(path),
        sha256=hashlib.sha256(data).hexdigest(),
        origins=origins,
        warnings=content.warnings,
        **facts,
    )


def _no_text(content: Content) -> str:
    if content.layout is not None and content.layout.pages:
        return (
            f"none of its {len(content.layout.pages)} pages holds text that could be read. If they are scanned, "
            "`reportqa doctor` tells how to install what reads them"
        )
    return "there is no text to read in it"


def _describe(content: Content, path: Path, stated: Metadata) -> tuple[dict[str, Any], dict[str, str]]:
    """Title, publisher, type, symbol, period, published and language, and the origin of each."""
    facts: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for key, candidates in _candidates(content, report_id(path), stated).items():
        said = getattr(stated, key)
        best = [(said, STATED)] if said is not None else [pair for pair in candidates if pair[0]]
        facts[key], origins[key] = best[0] if best else (candidates[0][0], NOT_FOUND)
    return facts, origins


def _largest(content: Content) -> str:
    line = largest_line(content)
    return "" if is_masthead(line) else line


def _candidates(content: Content, stem: str, stated: Metadata) -> dict[str, tuple[tuple[Any, str], ...]]:
    """What text, properties and name of a file say, best first; the first of several is what is taken for none."""
    name, own_title = tidy_stem(stem), content.title.strip()
    language = report_language(content.text)
    front = front_of(content)
    lines = head_lines(front)
    title, head = find_title(lines) or _largest(content), " ".join(line.text for line in lines)
    symbol = find_symbol(line.text for line in lines)
    publisher = find_publisher([line.text for line in lines[:_MASTHEAD_LINES]], title, head)
    text, dated_title = content.text, title
    if (stated.language or language) == "fr":
        text, front, dated_title = with_english_dates(text), with_english_dates(front), with_english_dates(title)
    dated = head_lines(front)
    published = find_published(dated, dated_title)
    period = find_period(text, dated, dated_title, published or stated.published or content.published)
    return {
        "title": ((title, TEXT), (own_title if is_title(own_title, stem) else "", PROPERTIES), (name, NAME)),
        "publisher": ((publisher or publisher_of(symbol) or subject_of(content.text), TEXT),),
        "type": (
            (find_type(title) or own_line_type(lines), TEXT),
            (find_type(own_title), PROPERTIES),
            (find_type(name), NAME),
        ),
        "symbol": ((symbol, TEXT), (symbol_in_name(stem), NAME)),
        "period": ((period, TEXT), (period_in_name(stem), NAME)),
        "published": ((published, TEXT), (content.published, PROPERTIES), (day_in_name(stem), NAME)),
        "language": ((language, TEXT),),
    }
