"""The text of a report as HTML: headings and tables as what they are, everything else as it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rag.schema import Block, BlockKind, Section
from ui.render.parts import attributes, squeezed
from ui.render.table import render_table

Span = tuple[int, int]

_MARKED_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(\S.*?)[ \t#]*$", re.MULTILINE)
_BEFORE_HEADING = r"[\s#*_]*"
_IN_HEADING = r"[\s*_\\]+"


@dataclass(frozen=True, slots=True)
class _Heading:
    """``start`` and ``end`` include the marks around the words, which ``words`` spans."""

    start: int
    end: int
    words: Span
    level: int


@dataclass(frozen=True, slots=True)
class Body:
    """A report's text with its headings and tables, in text order and disjoint."""

    text: str
    _inner: tuple[_Heading | Block, ...] = ()

    @classmethod
    def of(cls, text: str, sections: Sequence[Section] = ()) -> Body:
        """``sections`` tell tables and headings; lines that begin with ``#`` are headings in any case."""
        tables = [block for section in sections for block in section.blocks if block.kind is BlockKind.TABLE]
        known = (heading for section in sections if (heading := _heading_of(text, section)))
        return cls(text, tuple(_disjoint([*tables, *_marked_headings(text), *known])))

    def html(self, start: int, end: int, marked: Span | None = None) -> str:
        """What stands from ``start`` to ``end``, without the space around it; of ``marked``, what lies there is marked.

        All words of the text are kept. The first row of a table stays over rows further down.
        """
        made, at = "", start
        for one in self._inner:
            if one.end <= at or one.start >= end:
                continue
            made += self._plain(at, one.start, marked)
            made += self._heading(one, marked) if isinstance(one, _Heading) else self._table(one, (at, end), marked)
            at = one.end
        return made + self._plain(at, end, marked)

    def _plain(self, start: int, end: int, marked: Span | None) -> str:
        return marked_text(self.text, *trimmed(self.text, start, end), marked)

    def _heading(self, heading: _Heading, marked: Span | None) -> str:
        shown = attributes(class_="rq-heading", role="heading", aria_level=min(heading.level + 3, 6))
        return f"<div{shown}>{marked_text(self.text, *heading.words, marked)}</div>"

    def _table(self, block: Block, within: Span, marked: Span | None) -> str:
        return render_table(self.text, block, within, lambda start, end: marked_text(self.text, start, end, marked))


def marked_text(text: str, start: int, end: int, marked: Span | None) -> str:
    """``text[start:end]`` escaped, with what of ``marked`` lies in it marked."""
    first, last = (max(start, marked[0]), min(end, marked[1])) if marked else (end, end)
    if first >= last:
        return squeezed(text[start:end]) if start < end else ""
    return f"{squeezed(text[start:first])}<mark>{squeezed(text[first:last])}</mark>{squeezed(text[last:end])}"


def trimmed(text: str, start: int, end: int) -> Span:
    """The span without the space around it; an empty one at ``end`` where there is nothing else."""
    inside = text[start:end]
    bare = inside.strip()
    if not bare:
        return end, end
    first = start + inside.index(bare[0])
    return first, first + len(bare)


def _marked_headings(text: str) -> Iterator[_Heading]:
    for match in _MARKED_HEADING.finditer(text):
        yield _Heading(match.start(), match.end(), match.span(2), len(match[1]))


def _heading_of(text: str, section: Section) -> _Heading | None:
    """The heading that a section begins with, where its words stand there and fill their lines."""
    words = section.path[-1].split() if section.path else []
    if not words:
        return None
    pattern = re.compile(
        f"{_BEFORE_HEADING}({_IN_HEADING.join(map(re.escape, words))})[*_: \t]*(?=\n|$)", re.IGNORECASE
    )
    match = pattern.match(text, section.start, section.end)
    return _Heading(section.start, match.end(), match.span(1), len(section.path)) if match else None


def _disjoint(inner: Iterable[_Heading | Block]) -> Iterator[_Heading | Block]:
    """In text order; of two that overlap, the longer one where both begin at once, else the first."""
    end = 0
    for one in sorted(inner, key=lambda one: (one.start, -one.end)):
        if one.start >= end:
            yield one
            end = one.end
