"""Paragraphs, tables and figures as they are written into a report's text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.layout import PartKind
from rag.load.pdf.notes import Note
from rag.load.pdf.paragraphs import Block
from rag.load.pdf.pen import Pen
from rag.load.pdf.records import FigureBlock, Grid, RawPage, Word
from rag.load.pdf.spelling import Speller, Strand, Token, plain_text
from rag.schema import Unit, UnitKind

CELL_GAP = " | "
_LETTER = re.compile(r"[^\W\d_]")
_RANK = re.compile(r"\d{1,3}[.)]?")
_GROUPED, _GROUP = re.compile(r"(?<!\d)\d{1,3}$"), re.compile(r"\d{3}(?!\d)")  # of a number with spaces in it
_LEADER = re.compile(r"(?:[.…·_]\s?){3,}")

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Heads:
    """Names of a table's columns, kept for where it goes on."""

    names: tuple[str, ...]
    title: str


class Writer:
    """Writes blocks, and the footnotes that each refers to right below it.

    ``notes`` are the footnotes by page and mark.
    """

    def __init__(self, speller: Speller, notes: dict[tuple[int, str], Note], pages: Iterable[RawPage]) -> None:
        self.pen = Pen(pages)
        self._speller, self._notes = speller, notes
        self._written: set[tuple[int, str]] = set()

    def paragraph(self, block: Block) -> None:
        """A paragraph, item or heading, and its footnotes."""
        tokens, marks = self._speller.tokens([Strand(line.page, line.words) for line in block.lines])
        tokens = [token for token in tokens if not _LEADER.fullmatch(token.text)]
        if not tokens:
            return
        self.pen.begin()
        self._tokens(tokens)
        self.pen.end(block.kind, block.level, block.number)
        self._footnotes(marks)

    def rest(self, page: int) -> None:
        """Footnotes of a page that no paragraph refers to."""
        self._footnotes([key for key in self._notes if key[0] == page])

    def _footnotes(self, marks: Iterable[tuple[int, str]]) -> None:
        for key in dict.fromkeys(marks):
            if key not in self._notes or key in self._written:
                continue
            self._written.add(key)
            note = self._notes[key]
            strands = [Strand(line.page, line.words) for line in note.lines]
            self.pen.begin()
            self.pen.write(f"[note {note.mark}] " if note.mark else "")
            self._tokens(self._speller.tokens(strands)[0])
            self.pen.end(PartKind.FOOTNOTE, number=note.mark)

    def _tokens(self, tokens: Iterable[Token], *, grouped: bool = False) -> Span:
        """Write words; where they begin and end. ``grouped``: the groups of a number do not part it."""
        start, before = self.pen.length, ""
        for token in tokens:
            if before and token.space:
                # A table's cells are set off by spaces as well: "20 162 474" must not look like three of them.
                tied = grouped and _GROUP.match(token.text) and _GROUPED.search(before)
                self.pen.write("\u202f" if tied else " ")
            self.pen.word(token.text, token.word, token.page)
            before = token.text
        return start, self.pen.length

    def table(self, block: Block, caption: Sequence[Block], before: Heads | None) -> Heads:
        """A table with its caption, a line for each row; ``before``: heads of the table that it goes on from."""
        grid, page = block.grid, block.page
        assert isinstance(grid, Grid) and page is not None
        marks: list[tuple[int, str]] = []
        cells = [[self._cell(page.words, cell, page.number, marks) for cell in row] for row in grid.cells]
        texts = [[plain_text(cell) for cell in row] for row in cells]
        names = tuple(_column_names(texts[: grid.heads], len(texts[0]) if texts else 0))
        repeated = before is not None and (not grid.heads or names == before.names)
        heads = before if before is not None and repeated else Heads(names, "")
        self.pen.begin()
        title = self._caption(caption) or heads.title
        rows: list[Unit] = []
        group, carried, first = "", "", not caption
        for number, row in enumerate(cells):
            if not any(row) or (number < grid.heads and repeated):
                continue
            if not first:
                self.pen.write("\n")
            first = False
            span, spans = self._cells(row, alone=number in grid.groups)
            if number in grid.groups:
                group = next(text for text in texts[number] if text).rstrip(" :")
                rows.append(Unit(*span, UnitKind.ROW, title, label=group))
            elif number >= grid.heads:
                about = ", ".join(part for part in (title, group) if part)
                rows.append(_row(span, texts[number], spans, heads.names, about, carried))
                carried = _label_of_several(texts[number]) or (carried if not texts[number][0] else "")
        self.pen.end(PartKind.TABLE, rows=tuple(rows))
        self._footnotes(marks)
        return Heads(heads.names, title)

    def _cells(self, row: Sequence[Sequence[Token]], *, alone: bool) -> tuple[Span, list[Span]]:
        """Write a row; where it stands, and each of its cells. ``alone``: only the first filled one is written."""
        start, spans = self.pen.length, []
        for column, cell in enumerate(row):
            if column and not alone:
                self.pen.write(CELL_GAP)
            spans.append(self._tokens(cell, grouped=True))
        return (start, self.pen.length), spans

    def figures(self, block: Block) -> None:
        """Key figures, a line "label: value" each, under their title."""
        figures, page = block.grid, block.page
        assert isinstance(figures, FigureBlock) and page is not None
        marks: list[tuple[int, str]] = []
        self.pen.begin()
        title = self._cell(page.words, figures.title, page.number, marks)
        self._tokens(title)
        rows: list[Unit] = []
        for figure in figures.rows:
            label = self._cell(page.words, figure.label, page.number, marks)
            value = self._cell(page.words, figure.value, page.number, marks)
            if rows or title:
                self.pen.write("\n")
            start = self.pen.length
            self._tokens(label)
            if label:
                self.pen.write(" " if plain_text(label).endswith(":") else ": ")
            span = self._tokens(value)
            name = plain_text(label).rstrip(" :")
            heads, spans = ((name,), (span,)) if name else ((), ())
            rows.append(Unit(start, self.pen.length, UnitKind.ROW, plain_text(title), heads, "", spans))
        self.pen.end(PartKind.FIGURES, rows=tuple(rows))
        self._footnotes(marks)

    def _caption(self, caption: Sequence[Block]) -> str:
        said = []
        for index, block in enumerate(caption):
            tokens, _ = self._speller.tokens([Strand(line.page, line.words) for line in block.lines])
            if index:
                self.pen.write(" ")
            self._tokens(tokens)
            said.append(plain_text(tokens))
        return " ".join(said)

    def _cell(
        self, words: Sequence[Word], indexes: Sequence[int], page: int, marks: list[tuple[int, str]]
    ) -> list[Token]:
        """Words of a cell; the footnotes that it refers to are added to ``marks``."""
        strands: list[list[Word]] = []
        for index in indexes:
            word = words[index]
            same = strands and abs(strands[-1][-1].baseline - word.baseline) < 0.7 * max(word.size, 1.0)
            if same and word.left > strands[-1][-1].left - 1:
                strands[-1].append(word)
            else:
                strands.append([word])
        tokens, found = self._speller.tokens([Strand(page, strand) for strand in strands])
        marks.extend(found)
        return tokens


def _column_names(heads: Sequence[Sequence[str]], width: int) -> list[str]:
    """The heads above each column, outermost first; one over several columns stands in the first of them only."""
    return [_name(heads, column) for column in range(width)]


def _name(heads: Sequence[Sequence[str]], column: int) -> str:
    found: list[str] = []
    for row in heads[:-1]:
        found.append(next((row[place] for place in range(column, 0, -1) if row[place]), "") if column else row[0])
    found.append(heads[-1][column] if heads else "")
    return ": ".join(dict.fromkeys(part for part in found if part))


def _label_of_several(texts: Sequence[str]) -> str:
    """The first cell of a row whose second one is a label too: it may hold for rows below that leave it empty."""
    return texts[0] if len(texts) > 2 and texts[0] and _LETTER.search(texts[1]) else ""


def _row(
    span: Span, texts: Sequence[str], spans: Sequence[Span], heads: Sequence[str], title: str, carried: str
) -> Unit:
    """A row with its label, its values and, where most have one, the names of their columns."""
    first = next(column for column, text in enumerate(texts) if text)
    if _RANK.fullmatch(texts[first]) and any(_LETTER.search(text) for text in texts[first + 1 : first + 2]):
        first += 1  # "1 | Town | 30": what is counted off is the second cell
    lettered = bool(_LETTER.search(texts[first]))
    label = texts[first] if lettered or not first else ""
    values = range(first + 1 if label else first, len(texts))
    if label and first == 1 and carried and not texts[0]:
        label = f"{carried}, {label}"
    names = tuple(heads[column] for column in values) if len(heads) == len(texts) else ()
    kept = names if 2 * sum(map(bool, names)) > len(names) else ()
    return Unit(*span, UnitKind.ROW, title, kept, label, tuple(spans[column] for column in values))
