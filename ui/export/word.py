"""A conversation as a Word document, its citations as footnotes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

import docx
from docx.document import Document
from docx.shared import Pt
from docx.text.paragraph import Paragraph

from rag.schema import ReportInfo
from ui.conversations.records import Conversation
from ui.export.footnotes import Footnotes
from ui.export.outline import Outline, Source, outline, summary_of, title_of
from ui.export.words import LABELS
from ui.words import WORDS

_BEGINNING = (1980, 1, 1, 0, 0, 0)  # of time, in a ZIP file


def conversation_docx(conversation: Conversation, language: str = "en", reports: Sequence[ReportInfo] = ()) -> bytes:
    """The conversation as a .docx file, a heading for each question; the same bytes for the same conversation.

    Each source is a footnote with its place, quote and verdict. Nothing in it is a link or is loaded from elsewhere.
    """
    document = docx.Document()
    title = title_of(conversation, language)
    _set_properties(document, conversation, title, language)
    notes = Footnotes(document)
    document.add_heading(title, 1)
    document.add_paragraph(summary_of(conversation, language))
    document.add_paragraph(LABELS[language]["made_by"])
    for entry in conversation.entries:
        _add_turn(document, notes, outline(entry, language, reports), language)
    file = io.BytesIO()
    document.save(file)
    return _without_times(file)


def _set_properties(document: Document, conversation: Conversation, title: str, language: str) -> None:
    properties = document.core_properties
    properties.title, properties.author, properties.comments = title[:255], "", ""
    properties.last_modified_by, properties.language = "", language
    properties.created = properties.modified = conversation.updated
    document.styles["Normal"].font.size = Pt(11)


def _add_turn(document: Document, notes: Footnotes, found: Outline, language: str) -> None:
    document.add_heading(found.question, 2)
    _add_labelled(document, found.lead)
    if found.state:
        document.add_paragraph().add_run(found.state).bold = True
    _add_answer(document.add_paragraph(), notes, found)
    if found.nearest:
        document.add_paragraph(f"{WORDS[language]['nearest']}:")
    for where, excerpt in found.nearest:
        document.add_paragraph(f"{where}: {excerpt}", style="List Bullet")
    _add_labelled(document, found.facts)


def _add_answer(paragraph: Paragraph, notes: Footnotes, found: Outline) -> None:
    sources = {source.marker: source for source in found.sources}
    numbers: dict[int, int] = {}  # of the footnotes, by marker
    for place, sentence in enumerate(found.sentences):
        paragraph.add_run(f"{' ' if place else ''}{sentence.text}")
        for marker in sentence.markers:
            if marker in numbers:
                notes.refer(paragraph, numbers[marker])
            elif marker in sources:
                numbers[marker] = notes.add(paragraph, _note(sources[marker]))
            else:
                paragraph.add_run(f" [{marker}]")  # without a source, and to be seen
        if sentence.flag:
            paragraph.add_run(f" ({sentence.flag})").bold = True
    if found.remainder:
        paragraph.add_run(f"{' ' if found.sentences else ''}{found.remainder}")


def _note(source: Source) -> str:
    return f"{source.where}. “{source.quote}” ({source.verdict})"


def _add_labelled(document: Document, pairs: Sequence[tuple[str, str]]) -> None:
    """Put pairs of label and value into one paragraph, a line each."""
    if not pairs:
        return
    paragraph = document.add_paragraph()
    for place, (label, value) in enumerate(pairs):
        run = paragraph.add_run(f"{label}: {value}")
        run.font.size = Pt(9)
        run.italic = True
        if place < len(pairs) - 1:
            run.add_break()


def _without_times(file: io.BytesIO) -> bytes:
    """The ZIP file with the same members, none of which tells when it was written."""
    written = io.BytesIO()
    with zipfile.ZipFile(file) as before, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            member = zipfile.ZipInfo(name, _BEGINNING)
            member.compress_type = zipfile.ZIP_DEFLATED
            after.writestr(member, before.read(name))
    return written.getvalue()
