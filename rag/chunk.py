"""Sections to chunks.

A chunk lies inside one section. A table row or a key figure is a chunk of its own, so that it
can be found and quoted alone. Running text and lists are packed, paragraph by paragraph, into
chunks of about 60 to 180 tokens; a sentence or list item is never split unless it alone is
several times longer than a chunk may be.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from rag.layout import Part, PartKind
from rag.schema import Block, BlockKind, Chunk, Report, Section, Unit, UnitKind
from rag.text import BULLET, plain, sentence_spans

VERSION = 2  # raised whenever the same report would be cut otherwise
MIN_TOKENS = 60
MAX_TOKENS = 180

CountTokens = Callable[[str], int]
_Paragraph = tuple[int, int, UnitKind]  # its span, and what its one sentence is

_ITEM = re.compile(
    rf"^[ \t]*(?:{BULLET}[ \t]+|\(?(?:\d{{1,2}}|[a-zA-Z]|[ivx]{{1,4}})[.)][ \t]+)",
    re.MULTILINE,
)
# "12. On 3 May, ...": the number of a paragraph is no part of its first sentence, least of all a figure in it.
_PARAGRAPH = re.compile(r"^[ \t]*\d{1,3}\.\s+(?=[\"“¿]?[A-ZÁÉÍÓÚÑ])", re.MULTILINE)
_BLANK = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_PIPE = re.compile(r"[ \t]+[|•·][ \t]+")
_CLAUSE, _LINE, _COMMA, _SPACE = (re.compile(pattern) for pattern in (r";\s+", r"\n", r",\s+", r"\s+"))
_AFTER_NUMBER = re.compile(r"(?![\d,])[.)\]:–-]*\s*")
_LOOK_BACK = 80  # characters before a blank line that show how the text before it ends
_ENDLESS = 4  # a "sentence" this many times longer than a chunk is a list or a table that lost its marks


@dataclass(frozen=True, slots=True)
class _Atom:
    """Units that stay together, with their length in tokens."""

    units: tuple[Unit, ...]
    tokens: int

    @property
    def start(self) -> int:
        return self.units[0].start

    @property
    def end(self) -> int:
        return self.units[-1].end


def chunk_report(
    report: Report,
    sections: Sequence[Section],
    count_tokens: CountTokens,
    *,
    min_tokens: int = MIN_TOKENS,
    max_tokens: int = MAX_TOKENS,
) -> tuple[Chunk, ...]:
    """The chunks of a report in text order, ``ordinal`` counting from 0.

    A chunk may exceed ``max_tokens`` only when a single unit does, and fall below
    ``min_tokens`` only where its section, or the run between two tables, is that short.
    """
    blocks = sorted(((block, section) for section in sections for block in section.blocks), key=lambda b: b[0].start)
    paragraphs = _Paragraphs(report.text, report.layout.parts if report.layout else ())
    made: list[tuple[Section, BlockKind, Sequence[Unit]]] = []
    for (ordinal, rows), group in groupby(blocks, key=lambda b: (b[1].ordinal, _has_rows(b[0]))):
        section = sections[ordinal]
        members = [block for block, _ in group]
        if rows:
            made += [(section, block.kind, (row,)) for block in members for row in block.rows]
            continue
        atoms = [
            atom for block in members for atom in _atoms(report.text, paragraphs.of(block), count_tokens, max_tokens)
        ]
        kind = members[0].kind if len(members) == 1 else BlockKind.PROSE
        made += [(section, kind, units) for units in _pack(atoms, min_tokens, max_tokens)]
    return tuple(_chunk(report, number, *parts) for number, parts in enumerate(made))


def _has_rows(block: Block) -> bool:
    return bool(block.rows)


def _chunk(report: Report, ordinal: int, section: Section, kind: BlockKind, units: Sequence[Unit]) -> Chunk:
    start, end = units[0].start, units[-1].end
    return Chunk(
        report_id=report.id,
        section=section.ordinal,
        ordinal=ordinal,
        start=start,
        end=end,
        text=report.text[start:end],
        kind=kind,
        units=tuple(units),
        context=_context(report, section, units[0]),
    )


def _context(report: Report, section: Section, first: Unit) -> str:
    """What a reader who opens the report at this place knows: title, period, headings, table."""
    title = report.title
    if report.period and str(report.period.end.year) not in title:
        title = f"{title} ({report.period.label})"
    lines = [title, " > ".join(section.path)]
    if first.kind is UnitKind.ROW:
        lines.append(": ".join(part for part in (plain(first.title), " | ".join(map(plain, first.heads))) if part))
    return "\n".join(line for line in lines if line)


def _atoms(text: str, paragraphs: Iterator[_Paragraph], count_tokens: CountTokens, max_tokens: int) -> Iterator[_Atom]:
    for start, end, kind in paragraphs:
        spans = sentence_spans(text, start, end)
        if kind is UnitKind.ITEM and len(spans) > 1:
            kind = UnitKind.SENTENCE
        units = tuple(Unit(first, last, kind) for first, last in spans)
        tokens = [count_tokens(plain(text[unit.start : unit.end])) for unit in units]
        if sum(tokens) <= max_tokens:
            yield _Atom(units, sum(tokens))
            continue
        # A long paragraph is cut between sentences, a long enumeration between its names.
        for unit, length in zip(units, tokens, strict=True):
            pieces = _pieces(text, unit, endless=length > _ENDLESS * max_tokens) if length > max_tokens else [unit]
            for piece in pieces:
                yield _Atom((piece,), count_tokens(plain(text[piece.start : piece.end])))


class _Paragraphs:
    """Paragraphs and list items of the blocks of a report, without their bullets, numbers and footnote marks."""

    def __init__(self, text: str, parts: Sequence[Part]) -> None:
        self._text, self._parts = text, parts
        self._starts = [part.start for part in parts]

    def of(self, block: Block) -> Iterator[_Paragraph]:
        """Those of one block: the parts of the layout that it is made of, else what its text shows."""
        first, last = (bisect_left(self._starts, offset) for offset in (block.start, block.end))
        parts = self._parts[first:last]
        if not parts or parts[0].kind in (PartKind.TABLE, PartKind.FIGURES):  # one without rows
            return self._shown(block)
        return map(self._part, parts)

    def _part(self, part: Part) -> _Paragraph:
        item, mark = part.kind is PartKind.ITEM, None
        number = part.start + (self._text[part.start] in "([")  # "[1] See ..."
        if part.number and self._text.startswith(part.number, number):
            mark = _AFTER_NUMBER.match(self._text, number + len(part.number), part.end)
        elif item:
            mark = _ITEM.match(self._text, part.start, part.end)
        first = mark.end() if mark and mark.end() < part.end else part.start
        return first, part.end, UnitKind.ITEM if item else UnitKind.SENTENCE

    def _shown(self, block: Block) -> Iterator[_Paragraph]:
        """A paragraph that stops in mid-sentence and goes on in lower case (a page break) is one."""
        text = self._text
        cuts = {block.start, block.end}
        for match in _BLANK.finditer(text, block.start, block.end):
            before = text[max(block.start, match.start() - _LOOK_BACK) : match.start()].rstrip()
            after = text[match.end() : match.end() + 1]
            if not (after.islower() and before[-1:] not in ".!?:;"):
                cuts.add(match.end())
        marks = _ITEM if block.kind is BlockKind.LIST else _PARAGRAPH
        cuts.update(match.start() for match in marks.finditer(text, block.start, block.end))
        for start, end in pairwise(sorted(cuts)):
            mark = marks.match(text, start, end)
            first = mark.end() if mark else start
            if text[first:end].strip():
                item = mark is not None and block.kind is BlockKind.LIST
                yield first, end, UnitKind.ITEM if item else UnitKind.SENTENCE


def _pieces(text: str, unit: Unit, *, endless: bool) -> list[Unit]:
    """An enumeration between bars as its names; a sentence whole, unless it is no sentence any more."""
    span = text[unit.start : unit.end]
    for separator in (_PIPE, _CLAUSE, _LINE, _COMMA, _SPACE) if endless else (_PIPE,):
        cuts = [match.end() for match in separator.finditer(span)]
        if len(cuts) >= 3:
            bounds = [0, *cuts, len(span)]
            return [
                Unit(
                    unit.start + first,
                    unit.start + first + len(span[first:last].rstrip(" \t\n|;,")),
                    UnitKind.ITEM,
                )
                for first, last in zip(bounds, bounds[1:], strict=False)
                if span[first:last].strip(" \t\n|;,")
            ]
    return [unit]


def _pack(atoms: Sequence[_Atom], low: int, high: int) -> Iterator[list[Unit]]:
    """Groups of neighbouring atoms of at most ``high`` tokens, of even size, few below ``low``."""
    if not atoms:
        return
    total = sum(atom.tokens for atom in atoms)
    target = max(low, total / math.ceil(total / high)) if total else low
    group: list[_Atom] = []
    size = 0
    left = total
    for atom in atoms:
        full = size + atom.tokens > high
        # Closing early is worth it only when both halves stay above the lower bound.
        near = size >= low and size + atom.tokens / 2 > target and left >= low
        if group and (full or near):
            yield [unit for member in group for unit in member.units]
            group, size = [], 0
        group.append(atom)
        size += atom.tokens
        left -= atom.tokens
    yield [unit for member in group for unit in member.units]
