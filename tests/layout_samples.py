"""Reports with layouts, made by hand: words set in lines of a page, 6 points a character."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rag.layout import Layout, Page, Part, PartKind, stretches_of
from rag.load import Content
from rag.schema import Unit, UnitKind
from rag.text import words

WIDTH, HEIGHT = 600.0, 800.0
LINE, CHAR = 12.0, 6.0
LEFT = TOP = 50.0


def heading(text: str, level: int = 1) -> tuple[str, PartKind, dict[str, object]]:
    return text, PartKind.HEADING, {"level": level}


def prose(text: str, number: str = "") -> tuple[str, PartKind, dict[str, object]]:
    return text, PartKind.PROSE, {"number": number}


def item(text: str, number: str = "") -> tuple[str, PartKind, dict[str, object]]:
    return text, PartKind.ITEM, {"number": number}


def footnote(text: str, number: str) -> tuple[str, PartKind, dict[str, object]]:
    return text, PartKind.FOOTNOTE, {"number": number}


def table(rows: list[list[str]], title: str = "") -> tuple[str, PartKind, dict[str, object]]:
    """``rows[0]`` are the heads, the first cell of each row is its label."""
    text = "\n".join(" | ".join(cells) for cells in rows)
    found, start = [], len(" | ".join(rows[0])) + 1
    for label, *values in rows[1:]:
        cells, at = [], start + len(label) + 3
        for value in values:
            cells.append((at, at + len(value)))
            at += len(value) + 3
        end = cells[-1][1]
        found.append(Unit(start, end, UnitKind.ROW, title, tuple(rows[0][1:]), label, tuple(cells)))
        start = end + 1
    return text, PartKind.TABLE, {"rows": tuple(found)}


def laid_out(*pages: list[tuple[str, PartKind, dict[str, object]]], gap: str = "\n", ocr: float | None = None):
    """Text and layout of parts on pages, each part a line (a table's rows are a line each)."""
    text, parts, begins, spans, boxes = "", [], [], [], []
    for number, members in enumerate(pages, start=1):
        begins.append((len(text), number))
        line = 0
        for words_of_part, kind, more in members:
            start = len(text)
            text += words_of_part
            rows = tuple(_moved(row, start) for row in more.get("rows", ()))
            parts.append(Part(start, len(text), kind, **{**more, "rows": rows}))
            for row in words_of_part.split("\n"):
                for word in row.split():
                    at = row.index(word)
                    first = text.index(word, spans[-1][1] if spans else 0)
                    spans.append((first, first + len(word)))
                    top = TOP + line * LINE
                    boxes.append((LEFT + at * CHAR, top, LEFT + (at + len(word)) * CHAR, top + LINE - 2))
                line += 1
            text += gap
    sizes = tuple(Page(number, WIDTH, HEIGHT, ocr) for number in range(1, len(pages) + 1))
    layout = Layout(
        pages=sizes,
        stretches=stretches_of([*begins, (len(text), 0)]),
        words=np.array(spans, dtype=np.int32).reshape(-1, 2),
        boxes=np.array(boxes, dtype=np.float32).reshape(-1, 4),
        parts=tuple(parts),
    )
    return text, layout


def _moved(row: Unit, by: int) -> Unit:
    cells = tuple((start + by, end + by) for start, end in row.cells)
    return Unit(row.start + by, row.end + by, row.kind, row.title, row.heads, row.label, cells)


def assert_covered(text: str, parts, sections) -> None:
    """Every word lies in one heading or in exactly one block, and what the records promise holds."""
    held = np.zeros(len(text), dtype=int)
    for section in sections:
        for block in section.blocks:
            held[block.start : block.end] += 1
            assert section.start <= block.start < block.end <= section.end
            assert all(block.start <= row.start < row.end <= block.end for row in block.rows)
        spans = [(block.start, block.end) for block in section.blocks]
        assert spans == sorted(spans)
    for part in parts:
        if part.kind is PartKind.HEADING:
            held[part.start : part.end] += 1
    for word in words(text):
        assert (held[word.start() : word.end()] == 1).all(), word
    assert [section.ordinal for section in sections] == list(range(len(sections)))
    assert [section.start for section in sections] == sorted(section.start for section in sections)


def load_marked(data: bytes, path) -> Content:
    """A loader of a format of its own: pages between form feeds, a part a line, told by how it begins.

    "# " a heading, "- " an item, "23. " a counted paragraph, "^1 " a footnote; a page "scan:0.84" was read by OCR.
    """
    pages, scores = [], []
    for page in data.decode().split("\f"):
        lines = [line for line in page.splitlines() if line.strip()]
        scores.append(float(lines.pop(0).removeprefix("scan:")) if lines and lines[0].startswith("scan:") else None)
        pages.append([_part_of(line) for line in lines])
    text, layout = laid_out(*pages)
    sizes = [
        replace(page, ocr=score, empty=not set_) for page, score, set_ in zip(layout.pages, scores, pages, strict=True)
    ]
    return Content(text, ("set by hand",), layout=replace(layout, pages=tuple(sizes)))


def _part_of(line: str) -> tuple[str, PartKind, dict[str, object]]:
    if line.startswith("#"):
        return heading(line.lstrip("# "), len(line) - len(line.lstrip("#")))
    if line.startswith("- "):
        return item(line)
    if line.startswith("^"):
        mark, _, rest = line[1:].partition(" ")
        return footnote(f"{mark} {rest}", mark)
    number = line.partition(". ")[0]
    return prose(line, number if number.isdigit() else "")
