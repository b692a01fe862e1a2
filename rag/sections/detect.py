"""From a text to its sections."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from rag.schema import Block, BlockKind, Section
from rag.sections.blocks import BlockMaker, share_caption
from rag.sections.candidates import numbered_paragraphs
from rag.sections.figures import is_label
from rag.sections.furniture import mark_furniture
from rag.sections.headings import Heading, find_headings
from rag.sections.lines import split_lines
from rag.sections.outline import (
    HEADING,
    NOBODY,
    closing_table,
    drop_empty_titles,
    interruptions,
    owners,
    partner_list,
)
from rag.sections.runs import Run, make_runs
from rag.sections.titles import Titles
from rag.sections.tree import parents

KEY_FIGURES, INTRODUCTION, PARTNER_LIST = "Key figures", "Introduction", "Partner list"


@dataclass(slots=True)
class _Draft:
    """A section in the making: its path, the span of its heading (if it has one) and its runs."""

    path: tuple[str, ...]
    span: tuple[int, int] | None = None
    runs: list[int] = field(default_factory=list)


def detect_sections(text: str, report_id: str) -> tuple[Section, ...]:
    """The sections of a report in order of their start.

    Every character of ``text`` other than white space lies in exactly one block of one section,
    unless it is part of a heading or of page furniture (page numbers, running heads, lone
    bullets and icons). A heading without text of its own gives a section without blocks. Text
    before the first heading is headed by "Key figures", by its own title line, or by
    "Introduction". Linear in the length of ``text``.
    """
    lines = split_lines(text)
    mark_furniture(lines)
    runs = make_runs(lines)
    if not runs:
        return ()
    titles = Titles(lines)
    headings, dropped = drop_empty_titles(find_headings(runs), runs)
    owner = owners(runs, headings, dropped)
    drafts = _drafts(runs, headings, owner, titles)
    counted = frozenset(runs[i].start for i in numbered_paragraphs(runs))
    maker = BlockMaker(text, titles, counted)
    sections = [_section(text, report_id, draft, runs, maker) for draft in drafts]
    sections.sort(key=lambda section: (section.start, section.end))
    return tuple(
        Section(report_id, ordinal, section.path, section.start, section.end, section.blocks)
        for ordinal, section in enumerate(sections)
    )


def _drafts(runs: Sequence[Run], headings: Sequence[Heading], owner: list[int], titles: Titles) -> list[_Draft]:
    empty = [
        not any(o == index for o in owner[h.first : _body_end(headings, index, len(runs))])
        for index, h in enumerate(headings)
    ]
    above, titled = parents(headings, empty)
    names = [titles.join(heading.parts) for heading in headings]
    drafts = []
    for index, heading in enumerate(headings):
        path = [names[index]]
        parent = above[index]
        while parent is not None:
            path.insert(0, names[parent])
            parent = above[parent]
        drafts.append(_Draft(tuple(path), (heading.start, heading.end)))
    leading = _Draft((), None)
    extra = _closing(runs, headings, owner, titles)
    boxed = {i for span in interruptions(runs, owner) for i in span}
    for i, index in enumerate(owner):
        if index == HEADING:
            continue
        if i in boxed and index >= 0 and above[index] is not None:
            index = owner[i] = above[index]  # type: ignore[assignment]
        target = leading if index == NOBODY else drafts[index] if index < len(drafts) else extra[index - len(drafts)]
        target.runs.append(i)
    if titled and not drafts[0].runs:
        del drafts[0]
    if leading.runs:
        leading.path = (_leading_title([runs[i] for i in leading.runs], titles),)
        drafts.insert(0, leading)
    # A heading that only holds others has no text to cite: it lives on in their paths.
    held = {draft.path[:-1] for draft in drafts}
    return [*(draft for draft in drafts if draft.runs or draft.path not in held), *extra]


def _body_end(headings: Sequence[Heading], index: int, count: int) -> int:
    return headings[index + 1].first if index + 1 < len(headings) else count


def _closing(runs: Sequence[Run], headings: Sequence[Heading], owner: list[int], titles: Titles) -> list[_Draft]:
    """Sections without a heading at the end: a table with a title of its own, a list of partners."""
    extra: list[_Draft] = []
    for found in (closing_table(runs, owner, headings), None):
        if found is None:
            continue
        start, title = found
        index = len(headings) + len(extra)
        extra.append(_Draft((titles.normal(title),)))
        for i in range(start, len(runs)):
            owner[i] = index
    start_names = partner_list(runs, owner)
    if start_names is not None:
        index, before = len(headings) + len(extra), owner[start_names]
        extra.append(_Draft((PARTNER_LIST,)))
        for i in range(start_names, len(runs)):
            if owner[i] == before:
                owner[i] = index
    return extra


def _leading_title(runs: Sequence[Run], titles: Titles) -> str:
    """Heading for the text before the first heading."""
    figures = [run for run in runs if run.figure_line]
    prose = [run for run in runs if run.prose and not run.figure_line]
    if figures and len(figures) >= len(prose) and any(is_label(run) or not run.figures for run in runs):
        return KEY_FIGURES
    for run in runs[:12]:
        plain = not run.terminal and not run.figure_line and not run.note and not run.label
        if plain and 2 <= run.words <= 20 and run.first.opens_upper and not re.search(r"[/:@]|\d{3}", run.clean):
            return titles.normal(run.clean)
    return INTRODUCTION


def _section(text: str, report_id: str, draft: _Draft, runs: Sequence[Run], maker: BlockMaker) -> Section:
    blocks: list[Block] = []
    for group in _groups(draft.runs):
        listed = bool(blocks) and blocks[-1].kind is BlockKind.LIST
        blocks.extend(maker.blocks([runs[i] for i in group], listed))
    blocks = share_caption(text, blocks)
    spans = [(block.start, block.end) for block in blocks]
    if draft.span:
        spans.append(draft.span)
    start, end = min(s for s, _ in spans), max(e for _, e in spans)
    return Section(report_id, 0, draft.path, start, end, tuple(blocks))


def _groups(indexes: Sequence[int]) -> list[list[int]]:
    """Indexes split where they do not follow one another: something else stands between."""
    groups: list[list[int]] = []
    for i in indexes:
        if groups and groups[-1][-1] == i - 1:
            groups[-1].append(i)
        else:
            groups.append([i])
    return groups
