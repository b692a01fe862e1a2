"""Which runs look like headings."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.sections.runs import Run
from rag.sections.vocabulary import CAPTION_WORDS, COMMON_SHORT
from rag.text import fold

_MAX_WORDS, _MAX_SIZE = 32, 230
_YEAR_OR_NUMBER = re.compile(r"\d")
_CONTACT = re.compile(r"https?://|www\.|@\w|\+\d{2,3}[ -]\d|^\(?(?:tel|fax|e-?mail|distr|original)\b", re.IGNORECASE)
_TWO_SENTENCES = re.compile(r"[^\W\d_A-Z]{2}[.!?]\d{0,3} [A-ZÁÉÍÓÚÑ]")
_POINTER = re.compile(
    r"^(?:read|click|see|visit|download|ver|leer|vea|descargar?|consulte)\b|^(?:million|millones)$",
    re.IGNORECASE,
)
_SYMBOL = re.compile(r"^[A-Z]{1,3}(?:/[\w.()-]+)+$")


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


def table_of_contents(runs: Sequence[Run]) -> set[int]:
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


def style_of(runs: Sequence[Run], i: int, numbered: set[int], styles: Sequence[str | None]) -> str | None:
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
    if run.bullet or first_word(run) in CAPTION_WORDS and run.label is None and _YEAR_OR_NUMBER.search(run.clean[:12]):
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


def first_word(run: Run) -> str:
    """First word of a run, folded, empty without one."""
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
    return (
        run.clean[-1:] == "?"
        or (run.bold and run.words <= 8)
        or (run.caps and run.words <= 12)
        or bool(run.label and run.label.alone)
    )


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
    return (
        plain
        and 1 <= title.words <= 22
        and title.first.opens_upper
        and title.clean[-1:] not in ",;:"
        and (body.prose or body.label is not None)
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
        over = before.terminal or before.note or before.bullet or before.figures or before.caps
        beside = before.words <= 12 and (before.label or run.caps)
        if not (early or over or before.first.hashes or beside or _after_lone_label(runs, i)):
            return False
    if before is not None and before.open_end and not before.terminal and not before.caps and before.words > 8:
        return False
    if run.caps or run.bold or i + 1 in numbered:
        return True
    if before is not None and before.figures and not before.gap and before.words == 0 and not run.gap:
        return False  # the label under a figure
    return run.words <= 22 or run.gap > 0
