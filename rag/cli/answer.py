"""An answer as plain text."""

from __future__ import annotations

import shutil
import sys
import textwrap
from typing import TYPE_CHECKING

from rag.text import language_of

if TYPE_CHECKING:
    from rag.schema import Answer, Citation

_WIDTH = 100
_SHOWN_CHARS = 160  # of a passage near the question
_NEAREST = 3
_AS_OF = {"en": "As of", "es": "Fecha de los datos"}
_NOTE = {"en": "Note", "es": "Nota"}
_PAGE = {"en": "p. {}", "es": "pág. {}"}
_PARAGRAPH = {"en": "para. {}", "es": "párr. {}"}
_SEARCHED = {"en": "Searched for", "es": "Se buscó"}


def format_answer(answer: Answer, language: str = "en") -> str:
    """The answer as printed: text, then each citation with its source, in ``language``, verdict and quote.

    A question that was completed from the conversation before it stands first, as it was searched for;
    notes stand under the text, a paragraph each.
    """
    width = _width()
    lines = []
    if answer.searched_for:
        lines += [_fill(f"{_SEARCHED[language_of(answer.searched_for)]}: {answer.searched_for}", width), ""]
    lines += [_fill(line, width) for line in answer.text.splitlines()]
    if answer.as_of:
        lines += ["", f"{_AS_OF[language_of(answer.as_of)]}: {answer.as_of}"]
    lines += [part for note in answer.notes for part in ("", _fill(f"{_NOTE[language_of(note)]}: {note}", width))]
    for citation in answer.citations:
        quote = _fill(f"“{' '.join(citation.quote.split())}”", width - 4)
        lines += ["", _fill(_source(citation, language), width), textwrap.indent(quote, "    ")]
    if not answer.citations and answer.passages:
        lines += ["", "Nearest passages:"]
        for passage in answer.passages[:_NEAREST]:
            text = textwrap.shorten(passage.chunk.text, _SHOWN_CHARS, placeholder=" …")
            source = f"  {passage.report.title}, {' > '.join(passage.section)}: {text}"
            lines.append(_fill(source, width, subsequent_indent="    "))
    return "\n".join(lines)


def _source(citation: Citation, language: str) -> str:
    parts = [citation.report_title, " > ".join(citation.section), *_place(citation, language)]
    if citation.published:
        parts.append(f"published {citation.published}")
    return f"[{citation.marker}] {', '.join(parts)} ({citation.verdict.value})"


def _place(citation: Citation, language: str) -> list[str]:
    """Page and paragraph: "p. 7", "para. 23", the last one with OCR's confidence: "p. 7 (OCR, 84 %)"."""
    place = [_PAGE[language].format(citation.page)] if citation.page else []
    if citation.paragraph:
        place.append(_PARAGRAPH[language].format(citation.paragraph))
    if place and citation.ocr is not None:
        place[-1] += f" (OCR, {citation.ocr:.0%})".replace("%", " %")
    return place


def _fill(text: str, width: int, **options: str) -> str:
    # Long words are mostly addresses, which must stay whole to be of use.
    return textwrap.fill(text, width, break_long_words=False, break_on_hyphens=False, **options)


def _width() -> int:
    if not sys.stdout.isatty():
        return _WIDTH
    return max(40, min(_WIDTH, shutil.get_terminal_size().columns))
