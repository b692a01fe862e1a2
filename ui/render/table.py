"""A table of a report as HTML: its lines are cut at bars, at tabs, or where the values of their rows begin."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from rag.schema import Block, Unit
from ui.render.parts import attributes

Span = tuple[int, int]
Show = Callable[[int, int], str]  # a span of the text as HTML

_BAR = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"[ \t]*\|?(?:[ \t]*:?-+:?[ \t]*\|)+(?:[ \t]*:?-+:?)?[ \t]*")  # |---|---:|
_FIGURE = re.compile(r"[^\W\d_]{0,3}[^\w]*\d[^A-Za-zÀ-ÿ]*[^\W\d_]?[^\w]*")
_LONGEST_TITLE = 400  # characters


@dataclass(frozen=True, slots=True)
class _Row:
    """The spans of the cells of one line, or of a row that runs over several; ``unit`` is None for heads and titles."""

    cells: tuple[Span, ...]
    unit: Unit | None = None

    @property
    def is_title(self) -> bool:
        return self.unit is None and len(self.cells) == 1

    @property
    def is_head(self) -> bool:
        return self.unit is None and len(self.cells) > 1


def render_table(text: str, block: Block, within: Span, show: Show) -> str:
    """Make the rows of ``block`` that lie ``within`` a span, under the heads, which are always there.

    Where the block has no line of heads but its rows know theirs, as in a table that goes on from another page,
    these stand above. A block of one column stays text.
    """
    rows = list(_rows(text, block))
    columns = max((len(row.cells) for row in rows), default=0)
    if columns < 2:
        return show(max(block.start, within[0]), min(block.end, within[1]))
    body = next((number for number, row in enumerate(rows) if row.unit is not None), len(rows))
    titles = [row for row in rows[:body] if row.is_title]
    heads = [row for row in rows[:body] if row.is_head]
    head = "".join(_tr(text, row, columns, show) for row in heads) or _known_heads(rows, columns)
    inside = [row for row in rows[body:] if row.cells[0][0] < within[1] and row.cells[-1][1] > within[0]]
    title = "\n".join(show(*row.cells[0]) for row in titles)
    return (
        f'<div class="rq-table" tabindex="0" role="region"{attributes(aria_label=_label(text, titles, rows))}><table>'
        f"{f'<caption>{title}</caption>' if title else ''}{f'<thead>{head}</thead>' if head else ''}"
        f"<tbody>{''.join(_tr(text, row, columns, show) for row in inside)}</tbody></table></div>"
    )


def _rows(text: str, block: Block) -> Iterator[_Row]:
    at = block.start
    for unit in block.rows:
        first = max(at, text.rfind("\n", at, unit.start) + 1)
        yield from _lines(text, at, first)
        newline = text.find("\n", unit.end, block.end)
        at = block.end if newline < 0 else newline
        yield _Row(_cells(text, first, at, unit), unit)
    yield from _lines(text, at, block.end)


def _lines(text: str, start: int, end: int) -> Iterator[_Row]:
    """Lines that are no rows: titles, heads, remarks."""
    for match in re.compile(r"[^\n]*\S[^\n]*").finditer(text, start, end):
        if not _RULE.fullmatch(match[0]):
            yield _Row(_cells(text, *match.span(), None))


def _cells(text: str, start: int, end: int, unit: Unit | None) -> tuple[Span, ...]:
    """At least one span, each without the space around it; together they hold all of the line but its marks."""
    bars = [match.span() for match in _BAR.finditer(text, start, end)]
    cuts = bars or [match.span() for match in re.compile("\t").finditer(text, start, end)]
    if not cuts and unit is not None:
        cuts = [(value, value) for value, stop in unit.cells if stop > value and value > start]
    starts = [start, *(stop for _, stop in cuts)]
    ends = [*(begin for begin, _ in cuts), end]
    spans = [_trimmed(text, *span) for span in zip(starts, ends, strict=True)]
    if bars and len(spans) > 2:  # bars at the ends of a line stand between no cells
        spans = spans[_is_blank(spans[0]) and _opens(text, start, bars) :]
        spans = spans[: -1 if _is_blank(spans[-1]) and len(spans) > 1 and _opens(text, start, bars) else None]
    return tuple(spans)


def _opens(text: str, start: int, bars: Sequence[Span]) -> bool:
    return not text[start : bars[0][0]].strip()


def _is_blank(span: Span) -> bool:
    return span[0] == span[1]


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end


def _tr(text: str, row: _Row, columns: int, show: Show) -> str:
    if len(row.cells) == 1:
        return f'<tr><td colspan="{columns}">{show(*row.cells[0])}</td></tr>'
    labels = next((span for span in row.cells if not _is_blank(span)), None) if row.unit and row.unit.label else None
    cells = ""
    for span in row.cells:
        if row.is_head and not _is_blank(span):
            cells += f'<th scope="col">{show(*span)}</th>'
        elif span == labels:
            cells += f'<th scope="row">{show(*span)}</th>'
        else:
            figure = "rq-figure" if _FIGURE.fullmatch(text[span[0] : span[1]]) else None
            cells += f"<td{attributes(class_=figure)}>{show(*span)}</td>"
    return f"<tr>{cells}{'<td></td>' * (columns - len(row.cells))}</tr>"


def _known_heads(rows: Sequence[_Row], columns: int) -> str:
    heads = next((row.unit.heads for row in rows if row.unit and any(row.unit.heads)), ())
    if not 0 <= columns - len(heads) <= 1 or not heads:
        return ""
    cells = "".join(f'<th scope="col">{escape(head)}</th>' if head else "<td></td>" for head in heads)
    return f'<tr class="rq-from-above">{"<td></td>" * (columns - len(heads))}{cells}</tr>'


def _label(text: str, titles: Sequence[_Row], rows: Sequence[_Row]) -> str:
    """What a screen reader says of the table: its title, else what its first row begins with."""
    named = titles[0].cells[0] if titles else next(span for span in rows[0].cells if not _is_blank(span))
    return " ".join(text[named[0] : named[1]].split())[:_LONGEST_TITLE]
