"""Who owns which run: headings that come late, lone figures, boxes, lists of partners."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.sections.figures import is_label
from rag.sections.headings import Heading, box_label, masthead
from rag.sections.runs import Run
from rag.sections.tables import is_grid, table_title
from rag.sections.vocabulary import ORGANISATIONS
from rag.text import fold

NOBODY = -1  # owner of the runs before the first heading
HEADING = -2  # the run is a heading itself
_SEPARATORS = re.compile(r"\s[|•·]\s|\s?[|]\s?")
_MIN_NAMES = 8


def drop_empty_titles(headings: Sequence[Heading], runs: Sequence[Run]) -> tuple[list[Heading], list[Heading]]:
    """Split off headings without a body that head no section: names of boxes and of the document."""
    kept: list[Heading] = []
    dropped: list[Heading] = []
    for i, heading in enumerate(headings):
        after = headings[i + 1] if i + 1 < len(headings) else None
        before = headings[i - 1] if i else None
        empty = after is not None and after.first == heading.last + 1
        boxed = box_label(heading) and before is not None and before.last + 1 == heading.first
        if empty and heading.style != "markdown" and (masthead(heading) or boxed):
            dropped.append(heading)
        else:
            kept.append(heading)
    return kept, dropped


def owners(runs: Sequence[Run], headings: Sequence[Heading], dropped: Sequence[Heading]) -> list[int]:
    """For each run the index of the heading it stands under, ``NOBODY`` or ``HEADING``."""
    owner = [NOBODY] * len(runs)
    for index, heading in enumerate(headings):
        for i in range(heading.first, len(runs)):
            if index + 1 < len(headings) and i >= headings[index + 1].first:
                break
            owner[i] = HEADING if i <= heading.last and i not in heading.skipped else index
    for heading in dropped:
        for i in range(heading.first, heading.last + 1):
            owner[i] = HEADING
    for index, heading in enumerate(headings):
        _take_late(runs, owner, headings, index, heading)
        _take_lone_figure(runs, owner, index, heading)
    return owner


def _take_late(
    runs: Sequence[Run], owner: list[int], headings: Sequence[Heading], index: int, heading: Heading
) -> None:
    """A heading with nothing but notes under it heads the table or figures above it."""
    last = headings[index + 1].first if index + 1 < len(headings) else len(runs)
    body = [i for i in range(heading.last + 1, last) if owner[i] == index]
    if not body or not runs[body[0]].note or heading.label is not None:
        return
    i = heading.first - 1
    while i >= 0 and owner[i] == HEADING and index and i > headings[index - 1].last:
        i -= 1
    while i >= 0 and owner[i] == HEADING and not index:
        i -= 1
    above = owner[i] if i >= 0 else HEADING
    if above == HEADING:
        return
    taken = []
    while i >= 0 and owner[i] == above and (runs[i].figure_line or is_label(runs[i]) or is_grid(runs[i])):
        taken.append(i)
        i -= 1
    if any(runs[k].figure_line or is_grid(runs[k]) for k in taken):
        for k in taken:
            owner[k] = index


def _take_lone_figure(runs: Sequence[Run], owner: list[int], index: int, heading: Heading) -> None:
    """A bare number between the end of a text and a heading belongs to what follows."""
    i = heading.first - 1
    if i > 0 and runs[i].figures == 1 and owner[i] >= 0 and runs[i - 1].prose and runs[i - 1].terminal:
        owner[i] = index


def interruptions(runs: Sequence[Run], owner: Sequence[int]) -> list[range]:
    """Ranges of runs that stand inside a sentence of the section around them, at most four runs each.

    The sentence breaks off before the range and goes on in small letters after it.
    """
    found = []
    i = 0
    while i < len(runs):
        if owner[i] >= 0 and _breaks_off(runs[i]):
            for k in range(i + 1, min(i + 6, len(runs))):
                if owner[k] != owner[i]:
                    break
                if k > i + 1 and _resumes(runs[k]):
                    found.append(range(i + 1, k))
                    i = k - 1
                    break
                if not _whole(runs[k]):
                    break
        i += 1
    return found


def _breaks_off(run: Run) -> bool:
    return run.words >= 5 and not run.terminal and run.clean[-1:] != ":" and not run.note and not run.figure_line


def _resumes(run: Run) -> bool:
    return run.clean[:1].islower() and run.words >= 2 and not run.bullet and not run.note and run.label is None


def _whole(run: Run) -> bool:
    return run.gap > 0 and run.terminal and run.prose and run.first.opens_upper and not run.bullet and not run.note


def partner_list(runs: Sequence[Run], owner: Sequence[int]) -> int | None:
    """Index of an unheaded run of organisations' names that closes a section, None without one."""
    for i in range(len(runs) - 1, max(-1, len(runs) - 12), -1):
        if owner[i] >= NOBODY and _names(runs[i]):
            first = next(k for k in range(len(runs)) if owner[k] == owner[i])
            alone = all(not runs[k].prose for k in range(i + 1, len(runs)) if owner[k] == owner[i])
            if first < i and alone and runs[i - 1].clean[-1:] != ":":
                return i
    return None


def _names(run: Run) -> bool:
    text = run.first.text[:20_000] if len(run.lines) == 1 else " ".join(line.text for line in run.lines[:200])
    names = [name.strip(" .") for name in _SEPARATORS.split(text)]
    if len(names) < _MIN_NAMES or max(map(len, names)) > 120:
        return False
    known = sum(bool(set(fold(name).split()) & ORGANISATIONS) or (name.isupper() and len(name) <= 8) for name in names)
    return known >= 3


def closing_table(runs: Sequence[Run], owner: Sequence[int], headings: Sequence[Heading]) -> tuple[int, str] | None:
    """Index and title of an unheaded table with a title of its own after the last section's text."""
    last = headings[-1].last if headings else -1
    for i in range(last + 2, len(runs)):
        if is_grid(runs[i]) and not is_grid(runs[i - 1]) and runs[i - 1].prose and owner[i] == len(headings) - 1:
            title = table_title(runs[i].first)
            if title:
                return i, title
    return None
