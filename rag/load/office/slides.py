"""Slides: each is a page, its title a heading."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE
from pptx.exc import PackageNotFoundError

from rag.errors import ReportError
from rag.load.compose import Composer
from rag.load.decode import Content

_SAME_ROW = 180_000  # English metric units, half a centimetre: boxes that begin so close stand side by side


def load_pptx(data: bytes, path: Path) -> Content:
    """A presentation: titles, text from top to bottom, lists, tables, the figures of charts, and notes.

    :raises ReportError: it cannot be read as such.
    """
    try:
        deck = Presentation(io.BytesIO(data))
    except (ValueError, KeyError, OSError, PackageNotFoundError, zipfile.BadZipFile) as error:
        advice = "open it in PowerPoint and save it again"
        raise ReportError(f"{path} is damaged or no presentation: {advice}.") from error
    out = Composer()
    empty = []
    for number, slide in enumerate(deck.slides, start=1):
        title = slide.shapes.title
        shapes = [shape for shape in _shapes(slide.shapes) if title is None or shape.shape_id != title.shape_id]
        readable = bool(title is not None and title.text_frame.text.strip()) or any(map(_has_text, shapes))
        out.page(number, empty=not readable)
        if not readable:
            empty.append(number)
        if title is not None:
            out.heading(title.text_frame.text, 1)
        for shape in shapes:
            _write(shape, out)
        if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
            for line in slide.notes_slide.notes_text_frame.text.splitlines():
                out.paragraph(line)
    warnings = [f"slides without text: {', '.join(map(str, empty))}"] if empty else []
    return out.content(title=deck.core_properties.title or "", warnings=warnings)


def _shapes(shapes: Any) -> Iterator[Any]:
    """Shapes as they are read: from top to bottom, side by side from left to right; groups are opened."""
    placed = sorted(shapes, key=lambda shape: ((shape.top or 0) // _SAME_ROW, shape.left or 0))
    for shape in placed:
        if shape.shape_type == MSO_SHAPE_TYPE.GROUP:
            yield from _shapes(shape.shapes)
        else:
            yield shape


def _has_text(shape: Any) -> bool:
    if getattr(shape, "has_table", False) or getattr(shape, "has_chart", False):
        return True
    return bool(shape.has_text_frame and shape.text_frame.text.strip())


def _write(shape: Any, out: Composer) -> None:
    if getattr(shape, "has_table", False):
        grid = [["" if cell.is_spanned else cell.text_frame.text for cell in row.cells] for row in shape.table.rows]
        out.table(grid, heads=1 if shape.table.first_row else None)
    elif getattr(shape, "has_chart", False):
        _write_chart(shape.chart, out)
    elif shape.has_text_frame:
        paragraphs = [p for p in shape.text_frame.paragraphs if p.text.strip()]
        listed = len(paragraphs) > 1 and (shape.is_placeholder or any(p.level for p in paragraphs))
        for paragraph in paragraphs:
            text = paragraph.text.replace("\v", " ")
            out.item(f"• {text}") if listed else out.paragraph(text)


def _write_chart(chart: Any, out: Composer) -> None:
    """The figures behind a chart, a row for each category."""
    title = chart.chart_title.text_frame.text if chart.has_title and chart.chart_title.has_text_frame else ""
    for plot in chart.plots:
        series = list(plot.series)
        names = [str(name) for name in plot.categories]
        if not names or not series:
            continue
        head = ["", *(one.name or "" for one in series)]
        body = [
            [name, *(_number(one.values[row]) if row < len(one.values) else "" for one in series)]
            for row, name in enumerate(names)
        ]
        out.table([head, *body], title=title, heads=1)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,.10g}"
