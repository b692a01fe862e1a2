"""A report's text put together part by part, with a layout that says what each part is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.layout import Layout, Page, Part, PartKind, stretches_of
from rag.load.decode import Content
from rag.schema import Unit, UnitKind

CELL_GAP = " | "
_LETTER = re.compile(r"[^\W\d_]")
_FIGURE = re.compile(r"\d")
_HEAD_CHARS = 120  # a longer cell is text, not a head
_DATE_OR_YEAR = re.compile(r"(?:19|20)\d\d|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}")
_FILE_NAME = re.compile(
    r"\.\w{2,4}$|^(?:document|documento|presentation|presentación|untitled|slide|book)\s?\d*$", re.I
)

Grid = Sequence[Sequence[str]]


class Composer:
    """A text that grows; white space in what is added becomes single spaces, and empty texts are passed over."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self._parts: list[Part] = []
        self._pages: list[Page] = []
        self._starts: list[tuple[int, int]] = []

    def page(self, number: int, *, empty: bool = False) -> None:
        """Begin a page or slide; ``empty``: nothing on it can be read."""
        self._pages.append(Page(number, empty=empty))
        self._starts.append((self._length + (2 if self._pieces else 0), number))

    def heading(self, text: str, level: int) -> None:
        """Add a heading, 1 for the outermost level."""
        self._add(text, PartKind.HEADING, level=level)

    def paragraph(self, text: str, number: str = "") -> None:
        """Add a paragraph; ``number`` is its own where paragraphs are counted, and stands in ``text`` too."""
        self._add(text, PartKind.PROSE, number=number)

    def item(self, text: str) -> None:
        """Add an item of a list, with its bullet or number if it has one."""
        self._add(text, PartKind.ITEM, gap="\n" if self._last is PartKind.ITEM else "\n\n")

    def footnote(self, text: str, mark: str) -> None:
        """Add a note that the part before it refers to."""
        self._add(f"[{mark}] {text}", PartKind.FOOTNOTE, number=mark)

    def table(self, grid: Grid, title: str = "", heads: int | None = None) -> None:
        """Add a table, a line for each row; the first ``heads`` rows name the columns, None: found by their look.

        A row that only its first cell fills names the group of those below it. So does a first cell that the rows
        below leave empty beside names of their own: it is merged with theirs, or not repeated.
        """
        rows = [[_squeezed(cell) for cell in row] for row in grid]
        rows = [row for row in rows if any(row)]
        if not rows:
            return
        width = max(map(len, rows))
        rows = [[*row, *[""] * (width - len(row))] for row in rows]
        above = head_rows(rows) if heads is None else min(heads, len(rows))
        self._open("\n\n")
        start, units, group, over = self._length, [], "", ""
        if title := _squeezed(title):
            self._write(f"{title}\n")
        named = [_joined(rows[:above], column) for column in range(width)]
        for number, row in enumerate(rows):
            if number:
                self._write("\n")
            alone = width > 1 and row[0] and not any(row[1:])
            first = self._length
            spans = self._row(row)
            if number < above:
                continue
            if alone and number + 1 < len(rows) and _LETTER.search(row[0]):
                group = row[0].rstrip(" :")
            if row[0]:
                over = row[0] if _LETTER.search(row[0]) and not alone else ""
            shared = over if not row[0] and width > 1 and _LETTER.search(row[1]) else ""
            about = ", ".join(part for part in (title, "" if alone else group, shared) if part)
            units.append(_unit(first, self._length, row, spans, named, about))
        self._parts.append(Part(start, self._length, PartKind.TABLE, rows=tuple(units)))

    def content(self, *, title: str = "", warnings: Sequence[str] = (), **stated: object) -> Content:
        """What was put together; ``stated`` may hold ``published``. A title that is a file's name is none."""
        ends = [*self._starts, (self._length, 0)]
        layout = Layout(pages=tuple(self._pages), stretches=stretches_of(ends), parts=tuple(self._parts))
        named = _squeezed(title)
        said = "" if _FILE_NAME.search(named) or len(_LETTER.findall(named)) < 5 else named
        return Content("".join(self._pieces), tuple(warnings), layout, said, **stated)  # type: ignore[arg-type]

    @property
    def _last(self) -> PartKind | None:
        return self._parts[-1].kind if self._parts else None

    def _add(self, text: str, kind: PartKind, *, level: int = 0, number: str = "", gap: str = "\n\n") -> None:
        if text := _squeezed(text):
            self._open(gap)
            start = self._length
            self._write(text)
            self._parts.append(Part(start, self._length, kind, level, number))

    def _open(self, gap: str) -> None:
        if self._pieces:
            self._write(gap)

    def _write(self, text: str) -> None:
        self._pieces.append(text)
        self._length += len(text)

    def _row(self, row: Sequence[str]) -> list[tuple[int, int]]:
        spans = []
        for column, cell in enumerate(row):
            if column:
                self._write(CELL_GAP)
            spans.append((self._length, self._length + len(cell)))
            self._write(cell)
        return spans


def head_rows(rows: Grid) -> int:
    """How many of the first rows name columns: those without figures (years apart) above rows with some.

    A table without any figure has one head row when its cells are short and all filled.
    """
    if len(rows) < 2:
        return 0
    figured = [any(_is_figure(cell) for cell in row[1:] or row) for row in rows]
    if not any(figured):
        first = rows[0]
        return int(all(first) and all(len(cell) <= _HEAD_CHARS for cell in first) and len(set(first)) == len(first))
    above = figured.index(True)
    if above > 3 or any(len(cell) > _HEAD_CHARS for row in rows[:above] for cell in row):
        return min(above, 1)
    while above > 1 and rows[above - 1][0] and not any(rows[above - 1][1:]):  # a group of rows, not a head
        above -= 1
    return above


def _is_figure(cell: str) -> bool:
    return bool(_FIGURE.search(cell)) and not _DATE_OR_YEAR.fullmatch(cell) and not len(_LETTER.findall(cell)) > 12


def _joined(heads: Grid, column: int) -> str:
    """The heads above a column, outermost first; one that spans columns stands in the first of them only."""
    found: list[str] = []
    for row in heads[:-1]:
        above = next((row[c] for c in range(column, 0, -1) if row[c]), "") if column else row[0]
        found.append(above)
    found.append(heads[-1][column] if heads else "")
    return ": ".join(dict.fromkeys(part for part in found if part))


def _unit(
    start: int, end: int, row: Sequence[str], spans: Sequence[tuple[int, int]], heads: Sequence[str], title: str
) -> Unit:
    first = next(column for column, cell in enumerate(row) if cell)
    label = row[first] if _LETTER.search(row[first]) or not first else ""
    values = range(first + 1 if label else first, len(row))
    named = tuple(heads[column] for column in values)
    kept = named if 2 * sum(map(bool, named)) > len(named) else ()
    return Unit(start, end, UnitKind.ROW, title, kept, label, tuple(spans[column] for column in values))


def _squeezed(text: str) -> str:
    return " ".join(text.split())
