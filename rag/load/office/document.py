"""Word documents."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
from docx.document import Document
from docx.oxml.ns import qn

from rag.errors import ReportError
from rag.load.compose import Composer
from rag.load.decode import Content
from rag.load.office.numbering import Numbering

_LEFT_OUT = {qn(f"w:{name}") for name in ("del", "moveFrom", "instrText", "delText")}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BREAKS = {qn("w:tab"), qn("w:br"), qn("w:cr"), qn("w:ptab")}
_HEADING_STYLE = re.compile(r"(?:heading|t[ií]tulo|titre)\s*(\d)", re.IGNORECASE)
_TITLE_STYLE = re.compile(r"title|t[ií]tulo|titre", re.IGNORECASE)
_COUNTED_WORDS = 15  # a numbered paragraph of so many words is text, below it an item of a list
_HEADING_WORDS = 14


def load_docx(data: bytes, path: Path) -> Content:
    """A Word document: headings by style, lists with the numbers that Word shows, tables, footnotes.

    Deleted text of tracked changes, headers and footers are left out.

    :raises ReportError: it cannot be read as such.
    """
    try:
        document = docx.Document(io.BytesIO(data))
    except (
        ValueError,
        KeyError,
        OSError,
        zipfile.BadZipFile,
    ) as error:
        raise ReportError(f"{path} is damaged or no Word document: open it in Word and save it again.") from error
    reader = _Reader(document)
    reader.read()
    guess = "headings are guessed from bold lines: the document uses no heading styles"
    warnings = (guess,) if reader.guessed else ()
    return reader.out.content(title=document.core_properties.title or reader.title, warnings=warnings)


class _Reader:
    """Walks the body once."""

    def __init__(self, document: Document) -> None:
        self.out = Composer()
        self.title = ""
        self.guessed = False
        self._document = document
        self._numbering = Numbering(document)
        self._notes = dict(_notes(document))
        self._levels = {style.style_id: _level(style) for style in document.styles if hasattr(style, "base_style")}
        self._names = {style.style_id: style.name or "" for style in document.styles}
        body = document.element.body
        self.styled = any(self._level_of(p) for p in body.iter(qn("w:p")))

    def read(self) -> None:
        self._blocks(self._document.element.body)

    def _blocks(self, parent: Any) -> None:
        for child in parent:
            if child.tag == qn("w:p"):
                self._paragraph(child)
            elif child.tag == qn("w:tbl"):
                self._table(child)
            elif child.tag in (qn("w:sdt"), qn("w:sdtContent"), qn("w:customXml"), qn("w:ins"), qn("w:smartTag")):
                self._blocks(child)

    def _paragraph(self, element: Any) -> None:
        text = "".join(_texts(element)).strip()
        style = _value(element, "w:pPr/w:pStyle")
        label, bullet, listed = self._label(element)
        words = len(text.split())
        level = self._level_of(element)
        if text and not level and not self.title and _TITLE_STYLE.fullmatch(self._names.get(style, "")):
            self.title = text
            self.out.paragraph(text)
        elif text and (level or not self.styled and not listed and _is_bold_line(element, text, words)):
            self.out.heading(f"{label} {text}", level or 1)
            self.guessed |= not level
        elif listed and label and words >= _COUNTED_WORDS:
            self.out.paragraph(f"{label} {text}", label.strip("().") if label.strip("().").isdigit() else "")
        elif listed and text:
            self.out.item(f"{'•' if bullet else label} {text}")
        else:
            self.out.paragraph(text)
        for reference in element.iter(qn("w:footnoteReference"), qn("w:endnoteReference")):
            kind = "footnotes" if reference.tag == qn("w:footnoteReference") else "endnotes"
            mark = reference.get(qn("w:id"))
            self.out.footnote(self._notes.get((kind, mark), ""), mark) if (kind, mark) in self._notes else None
        for box in _boxes(element):
            self._blocks(box)

    def _label(self, element: Any) -> tuple[str, bool, bool]:
        """The number that Word shows, whether it is a bullet, and whether the paragraph is of a list at all."""
        properties = element.find(qn("w:pPr"))
        number = properties.find(qn("w:numPr")) if properties is not None else None
        if number is None:
            style = self._document.styles.element.get_by_id(_value(element, "w:pPr/w:pStyle"))
            number = style.find(f"{qn('w:pPr')}/{qn('w:numPr')}") if style is not None else None
        if number is None:
            return "", False, False
        number_id, level = _value(number, "w:numId"), _value(number, "w:ilvl") or "0"
        if number_id in ("", "0"):
            return "", False, False
        label, bullet = self._numbering.label(number_id, int(level))
        return label, bullet, True

    def _level_of(self, element: Any) -> int:
        own = _value(element, "w:pPr/w:outlineLvl")
        if own.isdigit() and int(own) < 9:
            return int(own) + 1
        return self._levels.get(_value(element, "w:pPr/w:pStyle"), 0)

    def _table(self, element: Any) -> None:
        rows, heads = [], 0
        for row in element.iterchildren(qn("w:tr")):
            cells = []
            for cell in row.iter(qn("w:tc")):
                if next(cell.iterancestors(qn("w:tr"))) is not row:
                    continue  # of a table in the table, whose text is that of its cell
                span = _value(cell, "w:tcPr/w:gridSpan")
                goes_on = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
                merged = goes_on is not None and goes_on.get(qn("w:val")) != "restart"
                text = " ".join("".join(_texts(p)).strip() for p in cell.iter(qn("w:p")))
                cells += ["" if merged else text, *[""] * (int(span) - 1 if span.isdigit() else 0)]
            if row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None and heads == len(rows):
                heads += 1
            rows.append(cells)
        if max(map(len, rows), default=0) > 1:
            self.out.table(rows, heads=heads or None)
            return
        for cell in element.iter(qn("w:tc")):  # one column: a frame around text
            self._blocks(cell)


def _texts(element: Any) -> Iterator[str]:
    """The text that a reader sees, without that of text boxes."""
    for child in element:
        if child.tag in _LEFT_OUT or child.tag in (_FALLBACK, qn("w:txbxContent")) or not isinstance(child.tag, str):
            continue
        if child.tag == qn("w:t"):
            yield child.text or ""
        elif child.tag in _BREAKS:
            yield " "
        elif child.tag == qn("w:noBreakHyphen"):
            yield "-"
        else:
            yield from _texts(child)


def _boxes(element: Any) -> Iterator[Any]:
    for box in element.iter(qn("w:txbxContent")):
        above = {ancestor.tag for ancestor in box.iterancestors()}
        if _FALLBACK not in above and sum(1 for _ in box.iterancestors(qn("w:txbxContent"))) == 0:
            yield box


def _notes(document: Document) -> Iterator[tuple[tuple[str, str], str]]:
    """Footnotes and endnotes by kind and id."""
    for relation in document.part.rels.values():
        kind = relation.reltype.rsplit("/", 1)[-1]
        if kind not in ("footnotes", "endnotes") or relation.is_external:
            continue
        root = docx.oxml.parse_xml(relation.target_part.blob)
        for note in root:
            if note.get(qn("w:type")) is None:
                yield (kind, note.get(qn("w:id"))), " ".join("".join(_texts(p)) for p in note.iter(qn("w:p")))


def _level(style: Any) -> int:
    """The outline level of a style or of those it builds on, 0 for none."""
    seen: set[str] = set()
    while style is not None and style.style_id not in seen:
        seen.add(style.style_id)
        value = _value(style.element, "w:pPr/w:outlineLvl")
        if value.isdigit() and int(value) < 9:
            return int(value) + 1
        if named := _HEADING_STYLE.fullmatch(style.name or ""):
            return int(named.group(1))
        style = getattr(style, "base_style", None)
    return 0


def _is_bold_line(element: Any, text: str, words: int) -> bool:
    runs = [run for run in element.iter(qn("w:r")) if "".join(_texts(run)).strip()]
    bold = [run.find(f"{qn('w:rPr')}/{qn('w:b')}") for run in runs]
    set_bold = bool(runs) and all(b is not None and b.get(qn("w:val")) not in ("0", "false") for b in bold)
    return set_bold and words <= _HEADING_WORDS and text[-1] not in ".;,:"


def _value(element: Any, steps: str) -> str:
    found = element.find("/".join(qn(step) for step in steps.split("/")))
    return found.get(qn("w:val")) or "" if found is not None else ""
