"""Which runs are headings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from rag.sections.labels import Label
from rag.sections.runs import Run
from rag.sections.vocabulary import ANNEXES, BOX_LABELS, CAPTION_WORDS, COMMON_SHORT, GENERIC_HEADINGS, REPORT_WORDS
from rag.text import fold

_MAX_WORDS, _MAX_SIZE = 32, 230
_YEAR_OR_NUMBER = re.compile(r"\d")
_CONTACT = re.compile(r"https?://|www\.|@\w|\+\d{2,3}[ -]\d|^\(?(?:tel|fax|e-?mail|distr|original)\b", re.IGNORECASE)
_TWO_SENTENCES = re.compile(r"[^\W\d_A-Z]{2}[.!?]\d{0,3} [A-ZÁÉÍÓÚÑ]")
_POINTER = re.compile(r"^(?:read|click|see|visit|download|ver|leer|vea|descargar?|consulte)\b|^(?:million|millones)$", re.IGNORECASE)
_SYMBOL = re.compile(r"^[A-Z]{1,3}(?:/[\w.()-]+)+$")


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
    contents = _contents(runs)
    styles: list[str | None] = []
    for i in range(len(runs)):
        styles.append(None if i in contents or i in numbered else _style(runs, i, numbered, styles))
    _drop_label_lists(runs, styles)
    _drop_stacks(runs, styles)
    _drop_captions(runs, styles, numbered)
    _drop_repeats(runs, styles)
    return _join(runs, styles, numbered)


def numbered_paragraphs(runs: Sequence[Run]) -> set[int]:
    """Indexes of runs that are paragraphs counted through the text: "1.", "2."…, eight or more.

    Headings may stand between them; the count never goes back.
    """
    chains: list[list[int]] = []
    for i, run in enumerate(runs):
        label = run.label
        if not label or label.scheme != "decimal" or label.depth != 1:
            continue
        body = len(label.rest.split()) if len(run.lines) == 1 else run.words
        if body < 6 and not (label.alone and i + 1 < len(runs) and runs[i + 1].words >= 6):
            continue
        for chain in reversed(chains[-4:]):
            last = runs[chain[-1]].label
            if last and last.value < label.value <= last.value + 3:
                chain.append(i)
                break
        else:
            chains.append([i])
    return {i for chain in chains if len(chain) >= 8 for i in chain}


def _contents(runs: Sequence[Run]) -> set[int]:
    """Indexes of the runs of a table of contents: lines with leaders and the short ones between them."""
    marked = [i for i, run in enumerate(runs) if run.leaders]
    zone: set[int] = set()
    for a, b in zip(marked, marked[1:], strict=False):
        if b - a <= 6 and all(runs[j].words <= 20 for j in range(a, b)):
            zone.update(range(a, b + 1))
    if zone:
        # What is left of its labels and page numbers, before and after.
        for step, edge in ((-1, min(zone)), (1, max(zone))):
            j = edge + step
            while 0 <= j < len(runs) and runs[j].size <= 12 and abs(j - edge) < 20:
                zone.add(j)
                j += step
    return zone


def _style(runs: Sequence[Run], i: int, numbered: set[int], styles: Sequence[str | None]) -> str | None:
    """How run ``i`` is set when it may be a heading, else None."""
    run = runs[i]
    if run.first.hashes and run.words:
        return "markdown" if run.words <= 40 else None
    if run.label and run.label.alone and run.label.scheme in {"decimal", "paren"}:
        return "label" if numbered and _title_follows(runs, i) else None
    if not _could_be(run):
        return None
    if run.label and run.label.scheme != "paren" and _label_holds(runs, i):
        return "label"
    if run.bullet or _fold_first(run) in CAPTION_WORDS and run.label is None and _YEAR_OR_NUMBER.search(run.clean[:12]):
        return None
    if run.figure_line and not (run.label and run.label.scheme == "paren"):
        return None
    if not _stands_alone(runs, i, numbered, styles):
        return None
    if run.label and run.label.scheme == "paren":
        return "label" if numbered and len(run.label.rest) > 3 and _body_follows(runs, i) else None
    if run.caps:
        return "caps"
    return "bold" if run.bold else "title"


def _fold_first(run: Run) -> str:
    return fold(run.first.words[0]) if run.first.words else ""


def _could_be(run: Run) -> bool:
    """Whether the wording allows a heading."""
    text = run.clean
    if not run.words or run.words > _MAX_WORDS or run.size > _MAX_SIZE or len(run.lines) > 5:
        return False
    if run.note or run.leaders or run.first.tabs >= 2 or text[:1] == "|" or " | " in text:
        return False
    if not run.label and (sum(c.isalpha() for c in text) < 4 or _POINTER.search(text) or _acronyms_only(run)):
        return False
    opens = run.label.rest[:1].isupper() if run.label and run.label.rest else run.first.opens_upper
    if _CONTACT.search(text) or _SYMBOL.match(text) or not opens:
        return False
    if _TWO_SENTENCES.search(text) and run.label is None:
        return False
    ends_open = text[-1:] in ",;-–" or (text[-1:] == ":" and not (run.caps or run.bold))
    if ends_open or (run.terminal and not _full_stop_allowed(run)):
        return False
    digits = sum(c.isdigit() for c in text)
    return digits <= 0.35 * len(text) or run.label is not None


def _acronyms_only(run: Run) -> bool:
    """Whether it lists three acronyms or more, as a chart's key does."""
    found = [word for line in run.lines for word in line.words]
    return len(found) >= 3 and all(w.isupper() and 2 <= len(w) <= 6 and fold(w) not in COMMON_SHORT for w in found)


def _full_stop_allowed(run: Run) -> bool:
    """A question, or a label such as "A." that stands alone, may end a heading."""
    return run.clean[-1:] == "?" or (run.bold and run.words <= 8) or (run.caps and run.words <= 12) or bool(run.label and run.label.alone)


def _label_holds(runs: Sequence[Run], i: int) -> bool:
    """Whether a labelled run is a heading rather than an item or a paragraph."""
    run, label = runs[i], runs[i].label
    assert label is not None
    if label.scheme in {"roman", "series"}:
        return label.scheme == "roman" or label.alone or _apart(runs, i)
    if label.scheme == "letter":
        return label.alone or (len(label.rest) > 2 and not run.terminal and label.rest[:1].isupper())
    if label.alone or not label.rest[:1].isupper() or run.words > 22:
        return False
    return _body_follows(runs, i) and (run.gap > 0 or i == 0 or _closed(runs, i))


def _title_follows(runs: Sequence[Run], i: int) -> bool:
    """Whether a title and then a text come after a label that stands alone."""
    if i + 2 >= len(runs):
        return False
    title, body = runs[i + 1], runs[i + 2]
    plain = title.label is None and not title.terminal and not title.figure_line and not title.note and not title.bullet
    return plain and 1 <= title.words <= 22 and title.first.opens_upper and title.clean[-1:] not in ",;:" and (
        body.prose or body.label is not None
    )


def _after_lone_label(runs: Sequence[Run], i: int) -> bool:
    """Whether the run before is the title of a label that stands alone before it."""
    return i >= 2 and bool(runs[i - 2].label and runs[i - 2].label.alone) and runs[i - 1].words <= 22


def _apart(runs: Sequence[Run], i: int) -> bool:
    return i == 0 or runs[i].gap > 0 or _closed(runs, i)


def _closed(runs: Sequence[Run], i: int) -> bool:
    """Whether the run before ``i`` is over: a sentence's end, a heading's look, a note or an item."""
    before = runs[i - 1]
    return before.terminal or before.note or before.bullet or before.words <= 12


def _body_follows(runs: Sequence[Run], i: int) -> bool:
    """Whether text comes after run ``i``, not a further item of the same kind."""
    if i + 1 >= len(runs):
        return False
    after, label = runs[i + 1], runs[i].label
    if label and after.label and after.label.scheme == label.scheme and after.label.value == label.value + 1:
        return after.label.depth != label.depth
    return True


def _stands_alone(runs: Sequence[Run], i: int, numbered: set[int], styles: Sequence[str | None]) -> bool:
    """Whether a run without a label is set apart as a heading is."""
    run = runs[i]
    before = runs[i - 1] if i else None
    after = runs[i + 1] if i + 1 < len(runs) else None
    if after is None or after.clean[:1].islower():
        return False
    if before is not None and not run.gap and styles[i - 1] is None:
        # Before a counted paragraph, a line that breaks early is a title even after a lost full stop.
        early = i + 1 in numbered and before.last.follows_by_choice(run.first)
        if not (early or before.terminal or before.note or before.bullet or before.figures or before.first.hashes or before.caps):
            if not (before.words <= 12 and (before.label or run.caps)) and not _after_lone_label(runs, i):
                return False
    if before is not None and before.open_end and not before.terminal and not before.caps and before.words > 8:
        return False
    if run.caps or run.bold or i + 1 in numbered:
        return True
    if before is not None and before.figures and not before.gap and before.words == 0 and not run.gap:
        return False  # the label under a figure
    return run.words <= 22 or run.gap > 0


def _drop_label_lists(runs: Sequence[Run], styles: list[str | None]) -> None:
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
            if label.letter and last.get(("letter", "")) == label.letter - 1 and last.get(("roman", "")) != label.value - 1:
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


def _drop_stacks(runs: Sequence[Run], styles: list[str | None]) -> None:
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
    return " ".join(re.findall(r"[^\W\d_]+", fold(run.clean))) in GENERIC_HEADINGS


def _drop_captions(runs: Sequence[Run], styles: list[str | None], numbered: set[int]) -> None:
    """Weak headings over figures, and captions of pictures, head no section."""
    for i in range(len(runs) - 1, -1, -1):
        style = styles[i]
        if style not in {"title", "bold", "caps"}:
            continue
        if i and _fold_first(runs[i - 1]) in CAPTION_WORDS and runs[i - 1].words <= 3:
            styles[i] = None
        elif _fold_first(runs[i]) in CAPTION_WORDS and runs[i].words <= 2:
            styles[i] = None
        elif _over_figures(runs, styles, i):
            if style == "title" or not _text_before_next(runs, styles, i):
                styles[i] = "generic" if _generic(runs[i]) and style != "title" else None
        elif style in {"title", "caps"} and not _has_body(runs, styles, i, numbered):
            styles[i] = None
    told = False
    for i, style in enumerate(styles):
        if style == "generic":
            # "FUNDING" over figures alone: a section among others, a caption on a sheet's head.
            styles[i] = ("caps" if runs[i].caps else "bold") if told else None
        told = told or (runs[i].prose and not runs[i].figure_line)


def _drop_repeats(runs: Sequence[Run], styles: list[str | None]) -> None:
    """A long title that stands three times or more is the head line of a table on several pages."""
    weak = [i for i, style in enumerate(styles) if style in {"title", "bold", "caps"} and runs[i].words >= 5]
    counts = Counter(runs[i].clean for i in weak)
    for i in weak:
        if counts[runs[i].clean] >= 3:
            styles[i] = None


def _over_figures(runs: Sequence[Run], styles: Sequence[str | None], i: int) -> bool:
    """Whether figures come right after run ``i``, other labels of the same block between."""
    j = i + 1
    while j < len(runs) and styles[j] is None and runs[j].words <= 6 and not runs[j].figure_line and j - i <= 3:
        if runs[j].prose or runs[j].note or runs[j].bullet:
            return False
        j += 1
    return j < len(runs) and styles[j] is None and runs[j].figure_line and not runs[j].prose


def _text_before_next(runs: Sequence[Run], styles: Sequence[str | None], i: int) -> bool:
    for j in range(i + 1, len(runs)):
        if styles[j] is not None:
            return False
        if runs[j].prose and not runs[j].figure_line:
            return True
    return False


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
            i += 1
            continue
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
