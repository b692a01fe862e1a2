"""Which lines that look like headings are something else: items, cells, captions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from rag.sections.candidates import first_word
from rag.sections.runs import Run
from rag.sections.vocabulary import CAPTION_WORDS, GENERIC_HEADINGS
from rag.text import fold

_NUMBERED_WORD = re.compile(r"[^\W\d_]+\.?\s?(?:[\dIVXL]{1,5}[a-z]?)?[.:]?")


def drop_loose_labels(runs: Sequence[Run], styles: list[str | None]) -> None:
    """Labels that do not count up from one in their scheme are not headings."""
    last: dict[tuple[str, str], int] = {}
    for i, style in enumerate(styles):
        label = runs[i].label
        if style != "label" or label is None or label.scheme in {"series", "paren"}:
            continue
        if label.scheme == "decimal":
            key = ("decimal", label.stem)
            if label.value != 1 and not 0 < label.value - last.get(key, -9) <= 2 and not _isolated(runs, i):
                styles[i] = None
            else:
                last[key] = label.value
            continue
        if label.scheme == "roman":
            if (
                label.letter
                and last.get(("letter", "")) == label.letter - 1
                and last.get(("roman", "")) != label.value - 1
            ):
                last["letter", ""] = label.letter
                continue
            expected = last.get(("roman", ""), 0)
            if label.value not in {1, expected + 1, expected + 2}:
                styles[i] = None
                continue
            last["roman", ""] = label.value
            last.pop(("letter", ""), None)
        else:
            expected = last.get(("letter", ""), 0)
            if label.value not in {1, expected + 1, expected + 2} and not _isolated(runs, i):
                styles[i] = None
                continue
            last["letter", ""] = label.value


def _isolated(runs: Sequence[Run], i: int) -> bool:
    """Whether a labelled line stands between blank lines, with text after it."""
    label = runs[i].label
    if label is None or label.alone or i + 1 >= len(runs) or ";" in runs[i].clean:
        return False
    return runs[i].gap > 0 and runs[i + 1].gap > 0 and (runs[i + 1].prose or runs[i + 1].label is not None)


def drop_stacks(runs: Sequence[Run], styles: list[str | None]) -> None:
    """Three and more short titles in a row are cells, names or a cover, not headings."""
    i = 0
    while i < len(styles):
        j = i
        while j < len(styles) and (styles[j] in {"title", "bold", "caps"} or _cell(runs, styles, j)):
            j += 1
        weak = [k for k in range(i, j) if styles[k] in {"title", "bold", "caps"}]
        if len([k for k in weak if styles[k] == "title"]) >= 3:
            for k in weak:
                generic = _generic(runs[k])
                last = k == j - 1 and j < len(styles) and runs[j].prose
                if not (generic and last) and (styles[k] == "title"):
                    styles[k] = None
        i = max(j, i + 1)


def _cell(runs: Sequence[Run], styles: Sequence[str | None], j: int) -> bool:
    """Whether a run is short and bare, as in a table that lost its lines."""
    run = runs[j]
    return styles[j] is None and not run.terminal and not run.bullet and run.words <= 8 and run.size <= 60


def _generic(run: Run) -> bool:
    words = " ".join(re.findall(r"[^\W\d_]+", fold(run.clean)))
    return words in GENERIC_HEADINGS or words.startswith(("key figures ", "cifras clave "))


def drop_captions(runs: Sequence[Run], styles: list[str | None], numbered: set[int]) -> None:
    """Weak headings over figures, and captions of pictures, head no section."""
    told = False  # whether text comes before the next heading
    for i in range(len(runs) - 1, -1, -1):
        style = styles[i]
        if style not in {"title", "bold", "caps"}:
            told = style is None and (told or (runs[i].prose and not runs[i].figure_line))
            continue
        if (i and _caption_mark(runs[i - 1])) or _caption_mark(runs[i]) or _under_figure(runs, styles, i):
            styles[i] = None
        elif _over_figures(runs, styles, i):
            if style == "title" or not told:
                styles[i] = "generic" if _generic(runs[i]) and style != "title" else None
        elif style in {"title", "caps"} and not _has_body(runs, styles, i, numbered):
            styles[i] = None
        told = told and styles[i] is None
    told = False
    for i, style in enumerate(styles):
        if style == "generic":
            # "FUNDING" over figures alone: a section among others, a caption on a sheet's head.
            styles[i] = ("caps" if runs[i].caps else "bold") if told else None
        told = told or (runs[i].prose and not runs[i].figure_line)


def drop_repeats(runs: Sequence[Run], styles: list[str | None]) -> None:
    """A long title that stands three times or more is the head line of a table on several pages."""
    weak = [i for i, style in enumerate(styles) if style in {"title", "bold", "caps"} and runs[i].words >= 5]
    counts = Counter(runs[i].clean for i in weak)
    for i in weak:
        if counts[runs[i].clean] >= 3:
            styles[i] = None


def _caption_mark(run: Run) -> bool:
    """Whether a run is "Figure II", "Table 3." or "Map" and no more."""
    return first_word(run) in CAPTION_WORDS and bool(_NUMBERED_WORD.fullmatch(run.clean))


def _under_figure(runs: Sequence[Run], styles: Sequence[str | None], i: int) -> bool:
    """Whether a run is the label right below a number, with no text of its own."""
    if not i or runs[i].gap or not runs[i - 1].figures or not runs[i - 1].gap:
        return False
    return i + 1 >= len(runs) or styles[i + 1] is not None or runs[i + 1].figure_line


def _over_figures(runs: Sequence[Run], styles: Sequence[str | None], i: int) -> bool:
    """Whether figures come right after run ``i``, other labels of the same block between."""
    j = i + 1
    while j < len(runs) and styles[j] is None and runs[j].words <= 6 and not runs[j].figure_line and j - i <= 3:
        if runs[j].prose or runs[j].note or runs[j].bullet:
            return False
        j += 1
    return j < len(runs) and styles[j] is None and runs[j].figure_line and not runs[j].prose


def _has_body(runs: Sequence[Run], styles: Sequence[str | None], i: int, numbered: set[int]) -> bool:
    """Whether a title is followed by text, a list, a table or a heading."""
    after = runs[i + 1]
    if after.note:
        # "*" under capitals explains the table that they head; "Source:" closes a picture.
        return styles[i] == "caps" and not after.clean[:1].isalpha()
    if i + 1 in numbered or styles[i + 1] is not None or after.prose or after.bullet or after.first.tabs >= 2:
        return True
    if after.label and not after.label.alone:
        return True
    return after.words >= 12 or " | " in after.clean
