"""What a PDF's author says of its headings: by bookmarks or by tags, where these bear on its text."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from rag.load.pdf.paragraphs import Block
from rag.text import fold

_LEAST = 3  # headings that make an outline
_MATCHED = 0.6  # of the bookmarks: fewer are the outline of something else
_TAGGED = 0.5  # of the headings that look like ones: fewer are tagged by chance
_MANY = 0.4  # of all paragraphs: where more are called headings, the tags say nothing
_NEVER = re.compile(r"^[\W\d_]*$")


@dataclass(frozen=True, slots=True)
class Bookmark:
    """An entry of a file's outline: the page that it leads to, its level (both from 1) and its words."""

    page: int
    level: int
    title: str


def told_levels(blocks: Sequence[Block], bookmarks: Sequence[Bookmark], seen: Collection[int]) -> dict[int, int]:
    """Levels of blocks that the author calls headings, by their place; empty where nothing is said or borne out.

    ``seen`` are the places of those that look like headings.
    """
    return _of_bookmarks(blocks, bookmarks) or _of_tags(blocks, seen)


def _of_bookmarks(blocks: Sequence[Block], bookmarks: Sequence[Bookmark]) -> dict[int, int]:
    places: dict[tuple[int, str], list[int]] = {}
    for index, block in enumerate(blocks):
        if block.lines and len(block.lines) < 8:
            for title in {_bare(block.text), _bare(block.text, counted=False)} - {""}:
                places.setdefault((block.lines[0].page, title), []).append(index)
    found: dict[int, int] = {}
    matched = 0
    for mark in bookmarks:
        titles = (_bare(mark.title), _bare(mark.title, counted=False))
        held = [
            place for page in (mark.page, mark.page + 1) for title in titles for place in places.get((page, title), ())
        ]
        if held:
            matched += 1
            found.setdefault(max(held, key=lambda place: blocks[place].size), mark.level)
    return found if len(found) >= _LEAST and matched >= _MATCHED * len(bookmarks) else {}


def _bare(text: str, *, counted: bool = True) -> str:
    """A title without white space, case and punctuation; also without its number unless ``counted``."""
    folded = fold(text)
    if not counted:
        folded = re.sub(r"^(?:\d+(?:\.\d+)*|[ivxlc]+|[a-z])[.)]?\s+", "", folded)
    return re.sub(r"[\W_]+", "", folded)


def _of_tags(blocks: Sequence[Block], seen: Collection[int]) -> dict[int, int]:
    tags = {index: tag for index, block in enumerate(blocks) if (tag := _tag(block)) and not _NEVER.match(block.text)}
    agreed = sum(index in tags for index in seen)
    enough = len(tags) >= _LEAST and agreed >= max(_LEAST, _TAGGED * len(seen))
    return tags if enough and len(tags) < _MANY * len(blocks) else {}


def _tag(block: Block) -> int:
    """The level that all words of a block are tagged with, 0 for none."""
    tags = {word.tag for line in block.lines for word in line.words if not word.raised}
    return tags.pop() if len(tags) == 1 else 0
