"""Rows of key-figure blocks: which label goes with which number."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.schema import Unit, UnitKind
from rag.sections.numbers import big, figures
from rag.sections.runs import Run
from rag.sections.titles import Titles

_MAX_ITEMS = 45  # more than this is a table or a chart that lost its layout


def is_label(run: Run) -> bool:
    """Whether a run can be the label or the caption of a figure."""
    return (
        run.words <= 12
        and not (run.prose or run.bullet or run.note or run.leaders or run.first.tabs >= 2)
        and bool(run.words)
    )


def sound(items: Sequence[Run]) -> bool:
    """Whether runs of labels and figures are a key-figure block, not the cells of a lost table."""
    bare = sum(bool(run.figures) for run in items)
    return len(items) <= _MAX_ITEMS and 2 * bare <= len(items) + 2


class RowMaker:
    """Groups the runs of one key-figure block into rows."""

    def __init__(self, text: str, titles: Titles, title: str = "") -> None:
        self._text, self._titles, self._title = text, titles, title

    def rows(self, items: Sequence[Run]) -> tuple[Unit, ...]:
        """Rows in text order; each spans a number and the label above, beside or below it."""
        found: list[Unit] = []
        i = 0
        while i < len(items):
            if items[i].figures:
                i = self._bare(items, i, found)
            elif items[i].figure_line:
                found.extend(self._beside(items[i]))
                i += 1
            else:
                i = self._labels(items, i, found)
        return tuple(found)

    def _unit(self, first: Run, last: Run, title: str | None = None, heads: tuple[str, ...] = ()) -> Unit:
        return Unit(first.start, last.end, UnitKind.ROW, self._title if title is None else title, heads)

    def _bare(self, items: Sequence[Run], i: int, found: list[Unit]) -> int:
        """A number without a label above: the label is below, if there is one."""
        last = i
        if i + 1 < len(items) and _plain_label(items[i + 1]) and not _caption(items, i + 1):
            last = i + 1
        found.append(self._unit(items[i], items[last]))
        return last + 1

    def _labels(self, items: Sequence[Run], i: int, found: list[Unit]) -> int:
        """One or more labels, then what they label: a number each, or a row of numbers."""
        j = i
        while j < len(items) and _plain_label(items[j]):
            j += 1
        labels = items[i:j]
        if j == len(items):
            return j
        if not items[j].figures:
            self._title = self._titles.normal(labels[-1].clean)
            return j
        below = j + 1 < len(items) and _plain_label(items[j + 1]) and not items[j + 1].gap
        if items[j].gap and below and not _caption(items, j + 1):
            return j  # the label stands right below the number, what is above is something else
        count = items[j].figures
        if 1 < count <= len(labels):
            heads = tuple(label.clean for label in labels[-count:])
            title = self._titles.normal(labels[-count - 1].clean) if len(labels) > count else ""
            found.append(self._unit(labels[-count], items[j], title, heads))
            return j + 1
        last = j
        if j + 1 < len(items) and _plain_label(items[j + 1]) and labels[-1].caps and not items[j + 1].caps:
            last = j + 1  # "As of June", or the columns' names below
        title = self._titles.normal(labels[-1].clean) if count > 1 else ""
        found.append(self._unit(labels[-1], items[last], title))
        return last + 1

    def _beside(self, run: Run) -> list[Unit]:
        """A label and its number on one line; two glued columns are parted where each has a label."""
        raw = self._text[run.start : run.end]
        marks = [match for match in figures(raw) if big(match)]
        if len(marks) == 2 and marks[0].start() <= 2 and ":" not in raw:
            cut = marks[1].start()
            cut += len(raw[cut:]) - len(raw[cut:].lstrip())
            left = raw[:cut].rstrip()
            right_words = re.findall(r"[^\W\d_]+", raw[marks[1].end() :])
            left_words = re.findall(r"[^\W\d_]+", left[marks[0].end() :])
            if len(left_words) >= 2 and len(right_words) >= 2 and left[-1:] not in "-–,/(":
                return [
                    Unit(run.start, run.start + len(left), UnitKind.ROW, self._title),
                    Unit(run.start + cut, run.end, UnitKind.ROW, self._title),
                ]
        return [self._unit(run, run)]


def _plain_label(run: Run) -> bool:
    return not run.figures and not run.figure_line


def _caption(items: Sequence[Run], i: int) -> bool:
    """Whether the label ``i`` captions what follows rather than the number before it."""
    return items[i].caps and i + 1 < len(items) and not _plain_label(items[i + 1])
