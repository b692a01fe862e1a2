"""Rows of key-figure blocks: which label goes with which number."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from rag.schema import Unit, UnitKind
from rag.sections.column_heads import without_note
from rag.sections.numbers import FIGURE, big, figures
from rag.sections.runs import Run
from rag.sections.titles import Titles

# "FUNDED: $215K REQUIREMENT: $294M": labels and figures that colons join.
_COLON = re.compile(rf"([^\W\d_][^:\d|]{{2,60}}?):\s*\**\\?({FIGURE.pattern})", re.IGNORECASE)
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

    def _unit(self, first: Run, last: Run, title: str | None = None) -> Unit:
        return Unit(first.start, last.end, UnitKind.ROW, self._title if title is None else title)

    def _paired(self, runs: Sequence[Run], numbers: Sequence[Run], heads: Sequence[str], title: str = "") -> Unit:
        """One row of ``runs``: figures with their labels in the same order, or, without heads, with none."""
        cells = [
            (run.start + match.start() + len(match.group()) - len(match.group().lstrip()), run.start + match.end())
            for run in numbers
            for match in figures(self._text[run.start : run.end])
        ]
        if len(cells) != (len(heads) or sum(run.figures for run in numbers)):
            heads, cells = (), []
        return Unit(runs[0].start, runs[-1].end, UnitKind.ROW, title, tuple(map(without_note, heads)), "", tuple(cells))

    def _bare(self, items: Sequence[Run], i: int, found: list[Unit]) -> int:
        """A number without a label above: the label is below, if there is one.

        Numbers one below the other are labelled by as many labels behind them, in the same order.
        """
        numbers = _while(items, i, lambda run: run.figures == 1)
        labels = _while(items, i + len(numbers), _plain_label) if len(numbers) > 1 else ()
        if labels and len(labels) == len(numbers):
            end = i + 2 * len(labels)
            row = self._paired(items[i:end], numbers, [label.clean for label in labels], self._title)
            alone = i == 0 and end == len(items) and _one_style(labels)
            found.append(row if alone else replace(row, heads=(), cells=()))
            return end
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
        numbers = _while(items, j, lambda run: run.figures == 1) if count == 1 else items[j : j + 1]
        if 1 < len(numbers) == len(labels):
            row = self._paired(items[i : j + len(labels)], numbers, [label.clean for label in labels])
            found.append(row if _one_style(labels) else replace(row, heads=(), cells=()))
            return j + len(labels)
        if 1 < count <= len(labels):
            named = labels[-count:]
            title = self._titles.normal(labels[-count - 1].clean) if len(labels) > count else ""
            row = self._paired([*named, items[j]], items[j : j + 1], [label.clean for label in named], title)
            # With a label too many it is not known which of them is none.
            sure = _one_style(named) and (len(labels) == count or labels[-count - 1].caps != named[0].caps)
            found.append(row if sure else replace(row, cells=()))
            return j + 1
        last = j
        if j + 1 < len(items) and _plain_label(items[j + 1]) and labels[-1].caps and not items[j + 1].caps:
            last = j + 1  # "As of June", or the columns' names below
        if count > 1:
            heads = _parted(items[last].clean, count) if last > j and "%" in items[j].clean else ()
            title = self._titles.normal(labels[-1].clean)
            row = self._paired([labels[-1], *items[j : last + 1]], items[j : j + 1], heads, title)
            found.append(row if heads or last == j else replace(row, cells=()))
        else:
            found.append(self._unit(labels[-1], items[last], ""))
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
        if pairs := list(_COLON.finditer(raw)):
            cells = tuple(match.span(2) for match in pairs)
            spans = tuple((run.start + start, run.start + end) for start, end in cells)
            if len(pairs) > 1 and all(figures(raw[start:end]) for start, end in cells):
                heads = tuple(" ".join(match[1].split()) for match in pairs)
                return [Unit(run.start, run.end, UnitKind.ROW, self._title, heads, "", spans)]
        return [self._unit(run, run)]


def _one_style(labels: Sequence[Run]) -> bool:
    """Whether labels look like those of one row: all or none in capitals, and without figures."""
    return len({label.caps for label in labels}) == 1 and not any(re.search(r"[\d:]", label.clean) for label in labels)


def _while(items: Sequence[Run], i: int, fits: Callable[[Run], bool]) -> Sequence[Run]:
    j = i
    while j < len(items) and fits(items[j]):
        j += 1
    return items[i:j]


def _parted(line: str, count: int) -> tuple[str, ...]:
    """The labels in a line, one from each capital on; () unless there are ``count``."""
    pieces = re.split(r"\s+(?=[A-ZÁÉÍÓÚÑ])", line)
    return tuple(pieces) if len(pieces) == count and line[:1].isupper() else ()


def _plain_label(run: Run) -> bool:
    return not run.figures and not run.figure_line


def _caption(items: Sequence[Run], i: int) -> bool:
    """Whether the label ``i`` captions what follows rather than the number before it."""
    return items[i].caps and i + 1 < len(items) and not _plain_label(items[i + 1])
