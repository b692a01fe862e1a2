"""An answer as plain text, to be copied."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag.schema import ReportInfo
from ui.conversations.records import Entry
from ui.export.outline import Outline, Sentence, outline
from ui.words import WORDS


def copy_text(entry: Entry, language: str = "en", reports: Sequence[ReportInfo] = ()) -> str:
    """The answer with markers such as ``[1]``, and below it each source with its verdict and quote.

    Of an abstention, the nearest passages stand below; of an entry without answer, why there is none.
    """
    return "\n".join(_lines(outline(entry, language, reports), language))


def _lines(found: Outline, language: str) -> Iterator[str]:
    yield " ".join([*map(_sentence, found.sentences), found.remainder]).strip()
    for label, value in found.facts:
        yield f"\n{label}: {value}"
    for source in found.sources:
        yield f"\n[{source.marker}] {source.where} ({source.verdict})\n    “{source.quote}”"
    if found.nearest:
        yield f"\n{WORDS[language]['nearest']}:"
    for where, excerpt in found.nearest:
        yield f"- {where}: {excerpt}"


def _sentence(one: Sentence) -> str:
    markers = "".join(f"[{marker}]" for marker in one.markers)
    return " ".join(part for part in (one.text, markers, f"({one.flag})" if one.flag else "") if part)
