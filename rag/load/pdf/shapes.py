"""What is drawn on a PDF's page besides its letters: lines, boxes and pictures."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2.raw as pdfium_c

from rag.load.pdf.chars import View
from rag.load.pdf.records import Box, Shape

MAX_SHAPES = 20_000  # of one page; a map may have more, and none of them matter
_MAX_DEPTH = 8  # forms within forms
_MAX_SEGMENTS = 400  # of a path that may be a table's lines
_MAX_CLIPS = 16  # within one another
_GREY = 0x808080  # stands for a pattern or a run of colours


@dataclass(frozen=True, slots=True)
class _Matrix:
    """As in PDF: x' = a x + c y + e, y' = b x + d y + f."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    def after(self, inner: _Matrix) -> _Matrix:
        """First ``inner``, then this one."""
        return _Matrix(
            self.a * inner.a + self.c * inner.b,
            self.b * inner.a + self.d * inner.b,
            self.a * inner.c + self.c * inner.d,
            self.b * inner.c + self.d * inner.d,
            self.a * inner.e + self.c * inner.f + self.e,
            self.b * inner.e + self.d * inner.f + self.f,
        )

    def point(self, x: float, y: float) -> tuple[float, float]:
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f


@dataclass(frozen=True, slots=True)
class Drawn:
    """Shapes in the order in which they are drawn, at most ``MAX_SHAPES``, and the windows that text is seen through.

    ``windows`` holds, by address of a piece of text, the box outside of which none of it is drawn: left, top, right,
    bottom as shown.
    """

    shapes: tuple[Shape, ...]
    windows: dict[int, Box]


def read_drawn(page: pdfium_c.FPDF_PAGE, view: View, width: float, height: float) -> Drawn:
    """What is drawn on a page of that size as shown."""
    reader = _Reader(view)
    count = pdfium_c.FPDFPage_CountObjects(page)
    things = (pdfium_c.FPDFPage_GetObject(page, index) for index in range(count))
    reader.read(things, _Matrix(), (0.0, 0.0, width, height), 0)
    return Drawn(tuple(reader.shapes), reader.windows)


class _Reader:
    """Walks through a page's things and those of the forms among them."""

    def __init__(self, view: View) -> None:
        self._view = view
        self.shapes: list[Shape] = []
        self.windows: dict[int, Box] = {}

    def read(self, things: Iterator[pdfium_c.FPDF_PAGEOBJECT], outer: _Matrix, window: Box, depth: int) -> None:
        for thing in things:
            if len(self.shapes) >= MAX_SHAPES:
                return
            kind = pdfium_c.FPDFPageObj_GetType(thing)
            inner = _common(window, _clip(thing, outer, self._view))
            if kind == pdfium_c.FPDF_PAGEOBJ_TEXT:
                self.windows[ctypes.cast(thing, ctypes.c_void_p).value or 0] = inner
            elif kind == pdfium_c.FPDF_PAGEOBJ_PATH:
                self._keep(_path(thing, outer, self._view), inner)
            elif kind == pdfium_c.FPDF_PAGEOBJ_IMAGE:
                self._keep(_bounds(thing, outer, self._view, None, picture=True), inner)
            elif kind == pdfium_c.FPDF_PAGEOBJ_SHADING:
                self._keep(_bounds(thing, outer, self._view, _GREY), inner)
            elif kind == pdfium_c.FPDF_PAGEOBJ_FORM and depth < _MAX_DEPTH:
                count = pdfium_c.FPDFFormObj_CountObjects(thing)
                held = (pdfium_c.FPDFFormObj_GetObject(thing, index) for index in range(max(count, 0)))
                self.read(held, outer.after(_matrix(thing)), inner, depth + 1)

    def _keep(self, shapes: Iterator[Shape], window: Box) -> None:
        for shape in shapes:
            left, top, right, bottom = _common((shape.left, shape.top, shape.right, shape.bottom), window)
            if left <= right and top <= bottom:
                self.shapes.append(Shape(left, top, right, bottom, shape.fill, shape.picture))


def _common(one: Box, two: Box | None) -> Box:
    if two is None:
        return one
    return max(one[0], two[0]), max(one[1], two[1]), min(one[2], two[2]), min(one[3], two[3])


def _clip(thing: pdfium_c.FPDF_PAGEOBJECT, outer: _Matrix, view: View) -> Box | None:
    """The box that a thing is seen in; None where nothing cuts it off."""
    clip = pdfium_c.FPDFPageObj_GetClipPath(thing)
    if not clip:
        return None
    x, y = ctypes.c_float(), ctypes.c_float()
    window: Box | None = None
    for number in range(min(pdfium_c.FPDFClipPath_CountPaths(clip), _MAX_CLIPS)):
        points = []
        for index in range(min(pdfium_c.FPDFClipPath_CountPathSegments(clip, number), _MAX_SEGMENTS)):
            segment = pdfium_c.FPDFClipPath_GetPathSegment(clip, number, index)
            if pdfium_c.FPDFPathSegment_GetPoint(segment, x, y):
                points.append(view.point(*outer.point(x.value, y.value)))
        if points and index + 1 < _MAX_SEGMENTS:
            across, down = [place for place, _ in points], [place for _, place in points]
            window = _common((min(across), min(down), max(across), max(down)), window)
    return window


def _matrix(thing: pdfium_c.FPDF_PAGEOBJECT) -> _Matrix:
    read = pdfium_c.FS_MATRIX()
    if not pdfium_c.FPDFPageObj_GetMatrix(thing, read):
        return _Matrix()
    return _Matrix(read.a, read.b, read.c, read.d, read.e, read.f)


def _bounds(
    thing: pdfium_c.FPDF_PAGEOBJECT, outer: _Matrix, view: View, fill: int | None, *, picture: bool = False
) -> Iterator[Shape]:
    left, low, right, high = (ctypes.c_float() for _ in range(4))
    if pdfium_c.FPDFPageObj_GetBounds(thing, left, low, right, high):
        corners = [(x.value, y.value) for x in (left, right) for y in (low, high)]
        yield _around(corners, outer, view, fill, picture=picture)


def _around(
    points: list[tuple[float, float]], matrix: _Matrix, view: View, fill: int | None, *, picture: bool = False
) -> Shape:
    shown = [view.point(*matrix.point(*point)) for point in points]
    across, down = [x for x, _ in shown], [y for _, y in shown]
    return Shape(min(across), min(down), max(across), max(down), fill, picture)


def _path(thing: pdfium_c.FPDF_PAGEOBJECT, outer: _Matrix, view: View) -> Iterator[Shape]:
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    if not pdfium_c.FPDFPath_GetDrawMode(thing, mode, stroke):
        return
    fill = _fill(thing) if mode.value else None
    if fill is None and not stroke.value:
        return  # it only clips, or is clear
    count = pdfium_c.FPDFPath_CountSegments(thing)
    if count > _MAX_SEGMENTS:
        yield from _bounds(thing, outer, view, fill)
        return
    matrix = outer.after(_matrix(thing))
    for straight, points in _strokes(thing, count):
        if fill is None and straight and len(points) > 2 and not _is_box(points):
            for first, second in zip(points, points[1:], strict=False):
                yield _around([first, second], matrix, view, None)
        else:
            yield _around(points, matrix, view, fill)


def _strokes(thing: pdfium_c.FPDF_PAGEOBJECT, count: int) -> Iterator[tuple[bool, list[tuple[float, float]]]]:
    """The pieces that a path is drawn in: whether all lines of one are straight, and its points."""
    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[tuple[float, float]] = []
    straight = True
    for index in range(max(count, 0)):
        segment = pdfium_c.FPDFPath_GetPathSegment(thing, index)
        kind = pdfium_c.FPDFPathSegment_GetType(segment)
        if kind == pdfium_c.FPDF_SEGMENT_MOVETO:
            if len(points) > 1:
                yield straight, points
            points, straight = [], True
        straight = straight and kind != pdfium_c.FPDF_SEGMENT_BEZIERTO
        if pdfium_c.FPDFPathSegment_GetPoint(segment, x, y):
            points.append((x.value, y.value))
        if pdfium_c.FPDFPathSegment_GetClose(segment) and points and points[0] != points[-1]:
            points.append(points[0])
    if len(points) > 1:
        yield straight, points


def _is_box(points: list[tuple[float, float]]) -> bool:
    """Whether a line runs once around a rectangle."""
    return len(points) == 5 and points[0] == points[-1] and len({x for x, _ in points}) == 2


def _fill(thing: pdfium_c.FPDF_PAGEOBJECT) -> int | None:
    """0xRRGGBB; None where nothing is seen of it."""
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not pdfium_c.FPDFPageObj_GetFillColor(thing, red, green, blue, alpha):
        return _GREY
    return red.value << 16 | green.value << 8 | blue.value if alpha.value > 8 else None
