"""From the parts that a file's layout shows to sections."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from rag.layout import Part, PartKind
from rag.schema import Block, BlockKind, Section
from rag.sections.detect import INTRODUCTION, KEY_FIGURES
from rag.sections.labels import parse_label
from rag.sections.lines import split_lines
from rag.sections.titles import Titles
from rag.sections.vocabulary import CONTAINERS, GENERIC_HEADINGS, REPORT_WORDS
from rag.text import fold

_KINDS = {
    PartKind.PROSE: BlockKind.PROSE,
    PartKind.FOOTNOTE: BlockKind.PROSE,
    PartKind.ITEM: BlockKind.LIST,
    PartKind.TABLE: BlockKind.TABLE,
    PartKind.FIGURES: BlockKind.FIGURES,
}
_JOINED = {PartKind.PROSE, PartKind.ITEM}  # neighbours of these kinds are one block


@dataclass(slots=True)
class _Draft:
    """A section in the making; ``above`` is the one that its heading stands under."""

    title: str
    heading: Part | None = None
    above: _Draft | None = None
    body: list[Part] = field(default_factory=list)
    holds: bool = False  # whether headings stand under its own

    @property
    def path(self) -> tuple[str, ...]:
        above = self.above.path if self.above else ()
        return (*above, self.title)


def sections_of(text: str, report_id: str, parts: Sequence[Part]) -> tuple[Section, ...]:
    """The sections of a report whose layout tells its ``parts``, in order of their start.

    As from ``detect_sections``: every part but the headings lies in exactly one block of one section, neighbouring
    paragraphs in one, neighbouring items in one, a footnote in one of its own. A heading stands under the last one
    before it of a lower level, however many levels lie between. One without text of its own gives a section without
    blocks, or none where other headings stand under it. The title of the document holds nothing. Text before the
    first heading is headed "Key figures" where it is mostly these, else "Introduction". Linear in the length of
    ``text``.
    """
    titles = Titles(split_lines(text))
    drafts = _drafts(text, parts, titles)
    made = [_section(report_id, draft) for draft in drafts if draft.body or draft.heading and not draft.holds]
    made.sort(key=lambda section: (section.start, section.end))
    return tuple(
        Section(report_id, ordinal, section.path, section.start, section.end, section.blocks)
        for ordinal, section in enumerate(made)
    )


def _drafts(text: str, parts: Sequence[Part], titles: Titles) -> list[_Draft]:
    first = _Draft("")
    drafts, stack = [first], []
    for part in parts:
        if part.kind is not PartKind.HEADING:
            drafts[-1].body.append(part)
            continue
        title = titles.normal(text[part.start : part.end])
        if not title:  # a rule or an icon that is set like a heading
            continue
        while stack and stack[-1].heading.level >= part.level:
            stack.pop()
        draft = _Draft(title, part, stack[-1] if stack else None)
        if draft.above:
            draft.above.holds = True
        stack.append(draft)
        drafts.append(draft)
    _let_title_go(drafts[1:])
    if first.body:
        first.title = _leading_title(first.body)
    return drafts


def _let_title_go(drafts: Sequence[_Draft]) -> None:
    """Where the first heading holds all others and names the document, they stand at the top."""
    if len(drafts) < 3 or any(draft.above is None for draft in drafts[1:]):
        return
    title = drafts[0]
    words = re.findall(r"[^\W\d_]+", fold(title.title))
    beneath = [draft for draft in drafts if draft.above is title]
    chapter = " ".join(words) in GENERIC_HEADINGS or set(words) & CONTAINERS or parse_label(title.title)
    if set(words) & REPORT_WORDS or (len(beneath) > 1 and not chapter):
        for draft in beneath:
            draft.above = None


def _leading_title(body: Sequence[Part]) -> str:
    figures = sum(part.kind is PartKind.FIGURES for part in body)
    return KEY_FIGURES if 2 * figures >= len(body) else INTRODUCTION


def _section(report_id: str, draft: _Draft) -> Section:
    blocks = tuple(_blocks(draft.body))
    spans = [(block.start, block.end) for block in blocks]
    if draft.heading:
        spans.append((draft.heading.start, draft.heading.end))
    start, end = min(first for first, _ in spans), max(last for _, last in spans)
    return Section(report_id, 0, draft.path, start, end, blocks)


def _blocks(body: Sequence[Part]) -> Iterator[Block]:
    alike = groupby(enumerate(body), key=lambda entry: entry[1].kind if entry[1].kind in _JOINED else entry[0])
    for _, group in alike:
        members = [part for _, part in group]
        yield Block(members[0].start, members[-1].end, _KINDS[members[0].kind], members[0].rows)
