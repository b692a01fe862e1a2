"""Characters of a PDF's page with their places, as pdfium finds them."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import pypdfium2.raw as pdfium_c

from rag.load.pdf.mend import mended
from rag.load.pdf.tags import heading_tags

MAX_CHARS = 200_000  # of one page; a page full of small print has 15,000
_INVISIBLE = (3, 7)  # text render modes: neither filled nor stroked
_SUBSET = re.compile(r"^[A-Z]{6}\+")
_BOLD = re.compile(r"bold|black|heavy|semibd|demi|\bbd\b|-b$", re.IGNORECASE)
_ITALIC = re.compile(r"ital|obliq|-it$", re.IGNORECASE)
_ITALIC_FLAG, _BOLD_FLAG = 1 << 6, 1 << 18


@dataclass(frozen=True, slots=True)
class Style:
    """Of the characters that the file writes in one go. ``across`` and ``down``: the direction of its line.

    ``tag`` is the level of the heading that the file's tags call it, 0 for none.
    """

    size: float
    font: str
    bold: bool
    italic: bool
    color: int
    visible: bool
    across: float
    down: float
    tag: int = 0


@dataclass(frozen=True, slots=True)
class Char:
    """One glyph, or a space (``text`` " "). ``x`` and ``base`` are where it stands on its baseline.

    ``block`` counts the stretches that the file writes in one go; ``source`` is the address of this one.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    x: float
    base: float
    style: Style | None
    block: int
    source: int = 0


@dataclass(frozen=True, slots=True)
class View:
    """How places of a page turn into points from the top left corner of the page as it is shown."""

    xx: float
    xy: float
    x0: float
    yx: float
    yy: float
    y0: float

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A place as shown."""
        return self.xx * x + self.xy * y + self.x0, self.yx * x + self.yy * y + self.y0

    def box(self, left: float, low: float, right: float, high: float) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of a rectangle as shown."""
        (a, b), (c, d) = self.point(left, low), self.point(right, high)
        return min(a, c), min(b, d), max(a, c), max(b, d)

    def turned(self, turn: int, width: float, height: float) -> View:
        """The view of the same page of that size held so that text reads across that runs up (1) or down it (-1)."""
        if turn > 0:
            return View(-self.yx, -self.yy, height - self.y0, self.xx, self.xy, self.x0)
        return View(self.yx, self.yy, self.y0, -self.xx, -self.xy, width - self.x0)


def view_of(page: pdfium_c.FPDF_PAGE, width: float, height: float) -> View:
    """The view of a page; ``width`` and ``height`` are those shown, rotation applied."""
    x, y = ctypes.c_double(), ctypes.c_double()
    found = []
    for place in ((0, 0), (1000, 0), (0, 1000)):
        pdfium_c.FPDF_DeviceToPage(page, 0, 0, 1000, 1000, 0, *place, x, y)
        found.append((x.value, y.value))
    (ox, oy), (rx, ry), (dx, dy) = found
    # Shown corners to the page's; turned round: a page's place is o + s * (r - o) + t * (d - o).
    ax, ay, bx, by = rx - ox, ry - oy, dx - ox, dy - oy
    area = ax * by - ay * bx or 1.0
    sx, sy = by / area, -bx / area
    tx, ty = -ay / area, ax / area
    return View(
        sx * width, sy * width, -(sx * ox + sy * oy) * width, tx * height, ty * height, -(tx * ox + ty * oy) * height
    )


def read_chars(page: pdfium_c.FPDF_PAGE, view: View) -> Iterator[Char]:
    """Characters in the order of the file, spaces that pdfium infers among them."""
    text_page = pdfium_c.FPDFText_LoadPage(page)
    if not text_page:
        return
    try:
        yield from _chars(text_page, view, heading_tags(page))
    finally:
        pdfium_c.FPDFText_ClosePage(text_page)


def _chars(text_page: pdfium_c.FPDF_TEXTPAGE, view: View, tags: Mapping[int, int]) -> Iterator[Char]:
    fonts: dict[int, tuple[str, bool, bool]] = {}
    rect, x, y = pdfium_c.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    style, written, block = None, None, -1
    for index in range(min(pdfium_c.FPDFText_CountChars(text_page), MAX_CHARS)):
        thing = pdfium_c.FPDFText_GetTextObject(text_page, index)
        address = ctypes.cast(thing, ctypes.c_void_p).value
        if address is None:  # a space or line end that pdfium infers
            yield Char(" ", 0, 0, 0, 0, 0, 0, None, block)
            continue
        if address != written:
            written, block = address, block + 1
            style = _style(text_page, index, thing, view, fonts)
            if tags and (tag := tags.get(pdfium_c.FPDFPageObj_GetMarkedContentID(thing), 0)):
                style = replace(style, tag=tag)
        text = mended(pdfium_c.FPDFText_GetUnicode(text_page, index), style.font)
        if not text:
            continue
        pdfium_c.FPDFText_GetLooseCharBox(text_page, index, rect)
        pdfium_c.FPDFText_GetCharOrigin(text_page, index, x, y)
        box = view.box(rect.left, rect.bottom, rect.right, rect.top)
        yield Char(text, *box, *view.point(x.value, y.value), style, block, address)


def _style(
    text_page: pdfium_c.FPDF_TEXTPAGE,
    index: int,
    thing: pdfium_c.FPDF_PAGEOBJECT,
    view: View,
    fonts: dict[int, tuple[str, bool, bool]],
) -> Style:
    matrix = pdfium_c.FS_MATRIX()
    pdfium_c.FPDFText_GetMatrix(text_page, index, matrix)
    across = view.xx * matrix.a + view.xy * matrix.b, view.yx * matrix.a + view.yy * matrix.b
    along = view.xx * matrix.c + view.xy * matrix.d, view.yx * matrix.c + view.yy * matrix.d
    size = pdfium_c.FPDFText_GetFontSize(text_page, index) * (along[0] ** 2 + along[1] ** 2) ** 0.5
    font = pdfium_c.FPDFTextObj_GetFont(thing)
    address = ctypes.cast(font, ctypes.c_void_p).value or 0
    if address not in fonts:
        fonts[address] = _font(font) if address else ("", False, False)
    name, bold, italic = fonts[address]
    mode = pdfium_c.FPDFTextObj_GetTextRenderMode(thing)
    color, alpha = _color(text_page, index, stroke=mode == 1)
    # Outlined and filled at once, letters look bold.
    heavy = bold or (mode == 2 and _color(text_page, index, stroke=True)[0] == color)
    length = (across[0] ** 2 + across[1] ** 2) ** 0.5 or 1.0
    slanted = italic or abs(across[0] * along[0] + across[1] * along[1]) > 0.15 * length * (size or 1.0)
    return Style(
        abs(size),
        name,
        heavy,
        slanted if size else italic,
        color,
        mode not in _INVISIBLE and alpha > 0,
        across[0] / length,
        across[1] / length,
    )


def _font(font: pdfium_c.FPDF_FONT) -> tuple[str, bool, bool]:
    """Name without subset prefix, whether bold, whether italic."""
    length = pdfium_c.FPDFFont_GetBaseFontName(font, None, 0)
    buffer = ctypes.create_string_buffer(max(length, 1))
    pdfium_c.FPDFFont_GetBaseFontName(font, buffer, length)
    name = _SUBSET.sub("", buffer.value.decode("utf-8", errors="replace"))
    flags = pdfium_c.FPDFFont_GetFlags(font)
    angle = ctypes.c_int()
    leaning = bool(pdfium_c.FPDFFont_GetItalicAngle(font, angle)) and angle.value != 0
    flags = max(flags, 0)
    # The weight that pdfium works out from the width of stems calls some regular fonts black.
    bold = bool(_BOLD.search(name)) or bool(flags & _BOLD_FLAG)
    return name, bold, bool(_ITALIC.search(name)) or leaning or bool(flags & _ITALIC_FLAG)


def _color(text_page: pdfium_c.FPDF_TEXTPAGE, index: int, *, stroke: bool) -> tuple[int, int]:
    """0xRRGGBB and opacity, 0 to 255."""
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    read = pdfium_c.FPDFText_GetStrokeColor if stroke else pdfium_c.FPDFText_GetFillColor
    if not read(text_page, index, red, green, blue, alpha):
        return 0, 255
    return red.value << 16 | green.value << 8 | blue.value, alpha.value
