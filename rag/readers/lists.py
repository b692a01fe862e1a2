"""The items of a list that a picked unit introduces or is one of, over the borders of chunks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rag.matching import PassageView, UnitView
from rag.readers.scored import Scored
from rag.schema import UnitKind
from rag.text import BULLET, plain

MOST_ITEMS = 20
_LONGEST = 60  # words of an item that is quoted whole
_MARK = re.compile(rf"(?:^|\n)[ \t]*(?:{BULLET}|\(?(?:\d{{1,2}}|[a-zA-Z]|[ivx]{{1,4}})[.)])[ \t]+$")
_Place = tuple[int, int]  # passage, unit


def listed(views: Sequence[PassageView], best: Scored) -> list[Scored]:
    """The list items that ``best`` introduces or is one of, in text order; empty when it does neither.

    An item of several sentences is one. A list goes on in the next chunk of its section, if that
    is among the passages.
    """
    places = list(_around(views, best.passage))
    at = places.index((best.passage, best.number))
    if best.unit.text.endswith(":") and not _in_item(views, places, at):
        first = at + 1
    elif _in_item(views, places, at):
        first = at
        while first > 0 and _in_item(views, places, first - 1):
            first -= 1
    else:
        return []
    items: list[list[_Place]] = []
    for position in range(first, len(places)):
        if not _in_item(views, places, position):
            break
        if items and not _opens(views, places, position) and items[-1][-1][0] == places[position][0]:
            items[-1].append(places[position])
        elif len(items) < MOST_ITEMS:
            items.append([places[position]])
        else:
            break
    return [_item(views, best, members) for members in items]


def _around(views: Sequence[PassageView], passage: int) -> Iterator[_Place]:
    """All units of the chunks that run on from or to a passage's without a gap, in text order."""
    chunk = views[passage].passage.chunk
    number = {
        view.passage.chunk.ordinal: index
        for index, view in enumerate(views)
        if view.passage.chunk.report_id == chunk.report_id and view.passage.chunk.section == chunk.section
    }
    ordinal = chunk.ordinal
    while ordinal - 1 in number:
        ordinal -= 1
    while ordinal in number:
        yield from ((number[ordinal], unit) for unit in range(len(views[number[ordinal]].units)))
        ordinal += 1


def _opens(views: Sequence[PassageView], places: Sequence[_Place], position: int) -> bool:
    """Whether a unit is the first of a list item: it is one, or a bullet or number stands before it."""
    passage, number = places[position]
    unit = views[passage].units[number].unit
    if unit.kind is UnitKind.ITEM:
        return True
    chunk = views[passage].passage.chunk
    before = views[passage].units[number - 1].unit.end if number else unit.start
    return _MARK.search(chunk.text[before - chunk.start : unit.start - chunk.start]) is not None


def _in_item(views: Sequence[PassageView], places: Sequence[_Place], position: int) -> bool:
    """Whether a unit opens an item or goes on in the item of the unit before it."""
    passage, number = places[position]
    view = views[passage]
    if view.units[number].unit.kind is UnitKind.ROW:
        return False
    if _opens(views, places, position):
        return True
    if number == 0 or view.units[number - 1].unit.kind is UnitKind.ITEM:
        return False  # an item of one sentence is whole
    chunk = view.passage.chunk
    gap = chunk.text[view.units[number - 1].unit.end - chunk.start : view.units[number].unit.start - chunk.start]
    return "\n\n" not in gap and _in_item(views, places, position - 1)


def _item(views: Sequence[PassageView], best: Scored, members: Sequence[_Place]) -> Scored:
    passage, number = members[0]
    first, last = views[passage].units[number], views[passage].units[members[-1][1]]
    chunk = views[passage].passage.chunk
    text = plain(chunk.text[first.unit.start - chunk.start : last.unit.end - chunk.start])
    whole = first
    if len(members) > 1 and len(text.split()) <= _LONGEST:
        whole = UnitView(replace(first.unit, end=last.unit.end), text, first.held, first.precision, first.similarity)
    return replace(best, passage=passage, number=number, unit=whole)
