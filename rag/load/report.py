"""A file as a Report: its text, and what is known about it with where that comes from."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from rag.errors import ReportError
from rag.load.catalogue import Metadata
from rag.load.cover import find_title, head_lines, own_line_type
from rag.load.decode import read_bytes
from rag.load.filename import day_in_name, period_in_name, report_id, tidy_stem
from rag.load.files import LOADERS, absolute, not_read, shown
from rag.load.names import find_publisher, find_type
from rag.load.period import find_period, find_published
from rag.schema import Report
from rag.text import language_of

STATED, TEXT, NAME, NOT_FOUND = "reports.toml", "text", "file name", "not found"
BY_HAND = "corrected by hand"
_MASTHEAD_LINES = 15  # further down, a line that is an organisation's name is no masthead


def load_report(path: str | Path, metadata: Metadata | None = None) -> Report:
    r"""Read one file. What ``metadata`` leaves out is looked for in the text, then in the file's name.

    The text is the file's own, but for line ends (all ``\n``) and a dropped byte order mark.
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
    facts, origins = _describe(content.text, path, metadata or Metadata())
    return Report(
        id=report_id(path),
        text=content.text,
        path=str(path),
        sha256=hashlib.sha256(data).hexdigest(),
        origins=origins,
        warnings=content.warnings,
        **facts,
    )


def _describe(text: str, path: Path, stated: Metadata) -> tuple[dict[str, Any], dict[str, str]]:
    """Title, publisher, type, period, published and language, and the origin of each."""
    stem = report_id(path)
    name = tidy_stem(stem)
    lines = head_lines(text)
    title = find_title(lines)
    head = " ".join(line.text for line in lines)
    published = find_published(lines, title)
    known = published or stated.published
    period = find_period(text, lines, title, known)
    found = {
        "title": ((title, TEXT), (name, NAME)),
        "publisher": ((find_publisher([line.text for line in lines[:_MASTHEAD_LINES]], title, head), TEXT),),
        "type": ((find_type(title) or own_line_type(lines), TEXT), (find_type(name), NAME)),
        "period": ((period, TEXT), (period_in_name(stem), NAME)),
        "published": ((published, TEXT), (day_in_name(stem), NAME)),
        "language": ((language_of(text), TEXT),),
    }
    facts: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for key, candidates in found.items():
        said = getattr(stated, key)
        best = [(said, STATED)] if said is not None else [pair for pair in candidates if pair[0]]
        facts[key], origins[key] = best[0] if best else (candidates[0][0], NOT_FOUND)
    return facts, origins
