"""Runs: the lines that belong together as one paragraph, item, heading or row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from rag.sections.furniture import interrupts
from rag.sections.labels import Label
from rag.sections.lines import Line
from rag.sections.numbers import big, figures, figures_only, shape
from rag.sections.vocabulary import JOINING_WORDS, NOTE_WORDS
from rag.text import fold

_NOTE = re.compile(r"(?:[¹²³⁴⁵⁶⁷⁸⁹⁰]+|\*{1,4}|[†‡])\s*(?=\S)")
_URL = re.compile(r"(?:https?://|www\.)\S+")
_LEADERS = re.compile(r"(?:\.\s?){5,}|…{2,}|_{6,}")


@dataclass(slots=False)
class Run:
    """Consecutive lines of one paragraph, list item, heading or table row."""

    lines: list[Line]
    gap: int

    @property
    def start(self) -> int:
        """Offset of its first character."""
        return self.lines[0].start

    @property
    def end(self) -> int:
        """Offset after its last character."""
        return self.lines[-1].end

    @property
    def first(self) -> Line:
        """Its first line."""
        return self.lines[0]

    @property
    def last(self) -> Line:
        """Its last line."""
        return self.lines[-1]

    @cached_property
    def clean(self) -> str:
        """Its text without marks, on one line; long runs are cut."""
        return " ".join(line.clean for line in self.lines[:8])

    @cached_property
    def size(self) -> int:
        """Characters of its cleaned text; long runs are cut."""
        return len(self.clean)

    @cached_property
    def words(self) -> int:
        """Words of its cleaned text; long runs are cut."""
        return sum(len(line.words) for line in self.lines[:8])

    @cached_property
    def caps(self) -> bool:
        """Whether all of it is in capitals."""
        return all(line.caps or not line.words for line in self.lines) and self.first.caps

    @cached_property
    def bold(self) -> bool:
        """Whether all its lines are bold."""
        return all(line.bold for line in self.lines)

    @cached_property
    def label(self) -> Label | None:
        """The label of its first line."""
        return self.first.label

    @cached_property
    def terminal(self) -> bool:
        """Whether it ends as a sentence does."""
        return self.last.terminal

    @cached_property
    def bullet(self) -> bool:
        """Whether it is an item of a bulleted list."""
        return self.first.bullet and not self.note

    @cached_property
    def note(self) -> bool:
        """Whether it is a footnote, a source line or a bare address."""
        if _URL.match(self.clean):
            return True
        head = fold(self.clean[:24]).split(":")
        if len(head) > 1 and head[0].strip(" *") in NOTE_WORDS:
            return True
        text = self.first.text.lstrip("\\ ")
        if _NOTE.match(text) is None or self.first.bold:
            return False
        if text.startswith("*"):
            # "* item" is a bullet, "*emphasis*" is emphasis; "*<tab>note" and "** note" are notes.
            stars = text[: len(text) - len(text.lstrip("*"))]
            after = text[len(stars) : len(stars) + 1]
            return after == "\t" or (len(stars) > 1 and after == " ")
        return True

    @cached_property
    def leaders(self) -> bool:
        """Whether it is a line of a table of contents."""
        return bool(_LEADERS.search(self.first.text[:400]) or _LEADERS.search(self.last.text[:400]))

    @cached_property
    def figures(self) -> int:
        """Count of figures when it holds nothing but figures, else 0."""
        return figures_only(self.clean) if self.size < 120 else 0

    @cached_property
    def figure_line(self) -> bool:
        """Whether it sets a big figure beside a label, or figures alone."""
        if self.figures:
            return True
        label_number = self.label and self.label.scheme in {"decimal", "paren", "series"}
        if self.size > 200 or self.words > 30 or self.bullet or self.note or label_number:
            return False
        found = [match for match in figures(self.clean) if big(match)]
        if not found:
            # "DONORS 23": capitals with a small number at the end.
            first = figures(self.first.clean)
            return bool(first and self.caps and first[-1].end() == len(self.first.clean) and len(self.first.words) <= 6)
        opens = found[0].start() <= 2 or bool(
            re.match(r"\W*(?:above|over|some|más de)\W+$", self.clean[: found[0].start()].lower())
        )
        closes = found[-1].end() >= len(self.clean) - 1
        return (opens or closes) and not self._sentence

    @cached_property
    def row_shape(self) -> tuple[str, ...]:
        """The kinds of the figures that end it when it reads label, figure, figure and so on."""
        return shape(self.clean) if self.size < 200 else ()

    @cached_property
    def _sentence(self) -> bool:
        return self.words > 18 or (self.terminal and self.words > 9) or ". " in self.clean

    @cached_property
    def prose(self) -> bool:
        """Whether it reads as running text: a sentence, or many words."""
        if self.figures or self.note or self.leaders:
            return False
        return self.words >= 20 or (self.terminal and self.words >= 4) or (self.bullet and self.words >= 3)

    @cached_property
    def open_end(self) -> bool:
        """Whether its last line calls for a continuation: a joining word, comma or hyphen."""
        return open_end(self.last)


def open_end(line: Line) -> bool:
    """Whether a line ends in a joining word, a comma, a dash or an open bracket."""
    text = line.clean
    if text[-1:] in ",-–(/&" or text.count("(") > text.count(")"):
        return True
    return fold(text[-12:].split(" ")[-1]) in JOINING_WORDS


def make_runs(lines: Sequence[Line]) -> list[Run]:
    """The lines that are not furniture, grouped into runs, in order."""
    kept = [line for line in lines if not line.furniture]
    runs: list[Run] = []
    skipped = _gaps(lines)
    resumed = {id(b) for a, b in zip(lines, lines[1:], strict=False) if a.furniture and not b.furniture}
    for i, line in enumerate(kept):
        before = kept[i - 1] if i else None
        headed = bool(runs) and (
            _heads(runs[-1]) or (len(runs) > 1 and runs[-2].first is runs[-2].last and _lone(runs[-2]))
        )
        after = kept[i + 1] if i + 1 < len(kept) else None
        gap = skipped[id(line)]
        if before is not None and id(line) in resumed and interrupts(before, line):
            runs[-1].lines.append(line)
        elif before is None or gap or _breaks(headed, before, line, after, skipped):
            runs.append(Run([line], gap))
        else:
            runs[-1].lines.append(line)
    return runs


def _gaps(lines: Sequence[Line]) -> dict[int, int]:
    """Blank lines before each line, those around skipped furniture included."""
    gaps: dict[int, int] = {}
    open_gap = 1
    for line in lines:
        open_gap += line.gap
        if not line.furniture:
            gaps[id(line)] = open_gap
            open_gap = 0
    return gaps


def _heads(run: Run) -> bool:
    label = run.label
    return bool(label and label.scheme in {"roman", "letter", "series"} and not label.alone)


def _lone(run: Run) -> bool:
    return bool(run.label and run.label.scheme in {"roman", "letter"} and run.label.alone)


def _breaks(headed: bool, before: Line, line: Line, after: Line | None, gaps: dict[int, int]) -> bool:
    """Whether a run ends between two lines that no blank line parts.

    ``headed``: the run opens with the label of a heading, set in larger type.
    """
    if before.hashes or line.hashes or line.bullet or before.bold != line.bold:
        return True
    if _table(before) or _table(line):
        return True
    chosen = before.follows_by_choice(line, 0.7 if headed else 0.85)
    if line.label and headed:
        return True
    if line.label and (before.terminal or chosen or (before.label and before.label.alone) or before.caps):
        return True
    if before.label and before.label.alone:
        return not (line.opens_upper and not line.caps and before.label.scheme in {"decimal", "paren"})
    if before.caps != line.caps and (before.terminal or chosen) and (line.words or figures_only(line.clean)):
        return not (line.clean[:1].islower() and not before.caps)
    if before.caps and line.caps:
        if line.clean[:1] == "(":
            return False
        return before.terminal and not open_end(before) or bool(figures(before.clean))
    if figures_only(before.clean) or figures_only(line.clean):
        return chosen
    if chosen and line.opens_upper and not (open_end(before) and not before.terminal):
        return True
    return _title_after(before, line, after, gaps)


def _title_after(before: Line, line: Line, after: Line | None, gaps: dict[int, int]) -> bool:
    """Whether a full last line of a paragraph is followed by a title."""
    if not (before.terminal and line.opens_upper and after) or line.terminal or len(line.words) > 12:
        return False
    starts = gaps[id(after)] > 0 or after.opens_upper or after.label is not None or after.bullet
    return starts and line.follows_by_choice(after)


def _table(line: Line) -> bool:
    return line.tabs >= 3 or line.text[:1] == "|"
