"""Which runs are headings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from rag.sections.candidates import numbered_paragraphs, style_of, table_of_contents
from rag.sections.filters import drop_captions, drop_loose_labels, drop_repeats, drop_stacks
from rag.sections.labels import Label
from rag.sections.runs import Run
from rag.sections.vocabulary import ANNEXES, BOX_LABELS, REPORT_WORDS
from rag.text import fold

_MAX_WORDS, _MAX_SIZE = 32, 230
_YEAR_OR_NUMBER = re.compile(r"(?<![\w-])\d{1,4}\b")


@dataclass(slots=True)
class Heading:
    """A heading: the runs it is set in, how it is set, and its label.

    ``style`` is markdown, label, caps, bold or title, from strong to weak. ``first`` and
    ``last`` are indexes of runs; ``skipped`` those between that are not part of it.
    """

    first: int
    last: int
    parts: list[str]
    style: str
    label: Label | None = None
    level: int = 0
    skipped: list[int] = field(default_factory=list)
    start: int = 0
    end: int = 0

    @property
    def folded(self) -> str:
        """The words of its last part, folded, for the word lists."""
        text = self.label.rest if self.label and self.label.rest and len(self.parts) == 1 else self.parts[-1]
        return " ".join(re.findall(r"[^\W\d_]+", fold(text)))


def find_headings(runs: Sequence[Run]) -> list[Heading]:
    """The headings among ``runs`` in order, captions and covers left out."""
    numbered = numbered_paragraphs(runs)
    contents = table_of_contents(runs)
    styles: list[str | None] = []
    for i in range(len(runs)):
        styles.append(None if i in contents or i in numbered else style_of(runs, i, numbered, styles))
    drop_loose_labels(runs, styles)
    drop_stacks(runs, styles)
    drop_captions(runs, styles, numbered)
    drop_repeats(runs, styles)
    return _join(runs, styles, numbered)


def _join(runs: Sequence[Run], styles: Sequence[str | None], numbered: set[int]) -> list[Heading]:
    """Headings from styled runs; a label alone takes the title after (or before) it."""
    headings: list[Heading] = []
    i = 0
    while i < len(runs):
        style = styles[i]
        if style is None:
            i += 1
            continue
        run = runs[i]
        heading = Heading(i, i, [run.clean], style, run.label, run.first.hashes)
        if run.label and run.label.alone and not _take_title(runs, styles, heading):
            previous = headings[-1] if headings else None
            lone = previous and previous.last == i - 1 and previous.label is None and previous.style != "markdown"
            if lone and previous:
                previous.parts.insert(0, run.clean)
                previous.label, previous.style, previous.last = run.label, "label", i
            if run.label.scheme != "series":
                i += 1
                continue
        if headings and style == "caps" and run.words == 1 and run.size <= 5 and headings[-1].style == "title":
            heading.style = "title"  # "WASH" after "Shelter": an acronym has no small letters
        headings.append(heading)
        i = heading.last + 1
    for heading in headings:
        heading.start, heading.end = runs[heading.first].start, runs[heading.last].end
    return headings


def _take_title(runs: Sequence[Run], styles: Sequence[str | None], heading: Heading) -> bool:
    """Add the title that follows a label standing alone; False when none does."""
    j = heading.last + 1
    skipped = []
    while j < len(runs) and runs[j].figures and len(skipped) < 2 and not runs[j].label:
        skipped.append(j)
        j += 1
    if j >= len(runs) or runs[j].prose or not runs[j].words or (runs[j].label and runs[j].label.scheme != "paren"):
        return False
    if runs[j].words > _MAX_WORDS or not runs[j].first.opens_upper:
        return False
    heading.parts.append(runs[j].clean)
    heading.skipped, heading.last = skipped, j
    return True


def box_label(heading: Heading) -> bool:
    """Whether it is the name of a box beside the text."""
    return heading.folded in BOX_LABELS


def masthead(heading: Heading) -> bool:
    """Whether it names the document: a kind of report with a year, number or place."""
    words = heading.folded.split()
    if heading.label is not None or len(words) > 10:
        return False
    return bool(set(words) & REPORT_WORDS) and bool(_YEAR_OR_NUMBER.search(" ".join(heading.parts)))


def annex(heading: Heading) -> bool:
    """Whether it opens an annex."""
    return bool(set(heading.folded.split()[:1]) & ANNEXES) or bool(heading.label and heading.label.stem == "annex")
