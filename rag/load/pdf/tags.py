"""Headings that a PDF's author marked as such: in the tags of its pages and in its bookmarks."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Mapping

import pypdfium2.raw as pdfium_c

MAX_ELEMENTS = 20_000  # of one page
_MAX_DEPTH = 60  # elements within one another
_HEADING = re.compile(r"(?:h|heading)[ _]?([1-6])", re.IGNORECASE)


def heading_tags(page: pdfium_c.FPDF_PAGE) -> Mapping[int, int]:
    """Levels of the headings that an open page is tagged with, by the number of their marked content.

    Empty where the page has no tags.
    """
    tree = pdfium_c.FPDF_StructTree_GetForPage(page)
    if not tree:
        return {}
    try:
        reader = _Reader()
        for index in range(pdfium_c.FPDF_StructTree_CountChildren(tree)):
            reader.read(pdfium_c.FPDF_StructTree_GetChildAtIndex(tree, index), 0, 0)
        return reader.levels
    finally:
        pdfium_c.FPDF_StructTree_Close(tree)


class _Reader:
    """Walks through the elements of a page."""

    def __init__(self) -> None:
        self.levels: dict[int, int] = {}
        self._left = MAX_ELEMENTS

    def read(self, element: pdfium_c.FPDF_STRUCTELEMENT, level: int, depth: int) -> None:
        """Keep what belongs to headings; ``level`` is that of the heading around the element, 0 for none."""
        self._left -= 1
        if not element or depth > _MAX_DEPTH or self._left < 0:
            return
        if match := _HEADING.fullmatch(_kind(element)):
            level = int(match[1])
        for index in range(max(pdfium_c.FPDF_StructElement_CountChildren(element), 0)):
            child = pdfium_c.FPDF_StructElement_GetChildAtIndex(element, index)
            if child:
                self.read(child, level, depth + 1)
            elif level:
                content = pdfium_c.FPDF_StructElement_GetChildMarkedContentID(element, index)
                if content >= 0:
                    self.levels[content] = level


def _kind(element: pdfium_c.FPDF_STRUCTELEMENT) -> str:
    length = pdfium_c.FPDF_StructElement_GetType(element, None, 0)
    if not 2 < length < 200:
        return ""
    buffer = ctypes.create_string_buffer(length)
    pdfium_c.FPDF_StructElement_GetType(element, buffer, length)
    return buffer.raw[: length - 2].decode("utf-16-le", errors="replace")
