"""Small PDFs made for tests, and what is read in them."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from rag.layout import PartKind
from rag.load.decode import Content
from rag.load.pdf import load_pdf

WIDTH, HEIGHT = A4
BODY = (
    "Heavy rains in the north have cut off four districts since the beginning of May.",
    "Partners reached 12,400 people with food and clean water in the first two weeks.",
    "Roads remain closed and helicopters are the only way to bring in supplies there.",
)


def made(*pages: Callable[[Canvas], None], title: str = "", **options: object) -> bytes:
    """A PDF with a page drawn by each of ``pages``."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4, invariant=1, **options)
    if title:
        canvas.setTitle(title)
    for draw in pages:
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def lines(
    canvas: Canvas, texts: tuple[str, ...], x: float, y: float, size: float = 10, font: str = "Helvetica"
) -> None:
    """Lines one below the other; ``y`` is the first baseline from the top of the page."""
    canvas.setFont(font, size)
    for number, text in enumerate(texts):
        canvas.drawString(x, HEIGHT - y - number * 1.2 * size, text)


def read(data: bytes) -> Content:
    return load_pdf(data, Path("report.pdf"))


def parts(content: Content, *kinds: PartKind) -> list[str]:
    """Texts of the parts, of some kinds only where they are given."""
    assert content.layout is not None
    return [content.text[p.start : p.end] for p in content.layout.parts if not kinds or p.kind in kinds]


def boxes(content: Content, text: str) -> list[tuple[int, float, float, float, float]]:
    """Where the first occurrence of ``text`` stands, rounded to points."""
    assert content.layout is not None
    start = content.text.index(text)
    found = content.layout.boxes_of(start, start + len(text))
    return [(box.page, round(box.left), round(box.top), round(box.right), round(box.bottom)) for box in found]
