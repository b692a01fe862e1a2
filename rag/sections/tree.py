"""Which heading stands under which."""

from __future__ import annotations

from collections.abc import Sequence

from rag.sections.headings import Heading, annex
from rag.sections.vocabulary import CONTAINERS, GENERIC_HEADINGS, REPORT_WORDS

_SCHEMES = {"series": 0, "roman": 1, "letter": 2, "decimal": 3, "paren": 4}
_WEAK = {"caps": 1, "bold": 2, "title": 3}


def parents(headings: Sequence[Heading], empty: Sequence[bool]) -> tuple[list[int | None], bool]:
    """For each heading the index of the one above it, None at the top; whether the first is the title.

    ``empty`` says which have no body of their own. The document's title would hold everything,
    and so holds nothing.
    """
    found = _parents(headings, empty)
    if len(found) > 2 and found[0] is None and None not in found[1:] and _is_title(headings, found):
        return [None if parent == 0 else parent for parent in found], True
    return found, False


def _is_title(headings: Sequence[Heading], above: Sequence[int | None]) -> bool:
    """Whether the first heading, which holds all others, names the document rather than its one part."""
    first = headings[0]
    words = set(first.folded.split())
    if first.style == "markdown" or words & REPORT_WORDS:
        return True
    if first.folded in GENERIC_HEADINGS or words & CONTAINERS:
        return False
    generic = sum(h.folded in GENERIC_HEADINGS for h, parent in zip(headings, above, strict=True) if parent == 0)
    return generic >= 2


def _parents(headings: Sequence[Heading], empty: Sequence[bool]) -> list[int | None]:
    found: list[int | None] = []
    stack: list[int] = []
    nests = _capitals_nest(headings)
    frames = {scheme for scheme in _SCHEMES if _frame(headings, scheme)}
    order = _scheme_order(headings)
    for i, heading in enumerate(headings):
        if annex(heading):
            stack = []
        while stack and not _under(headings, stack, i, empty, nests, order, frames):
            stack.pop()
        found.append(stack[-1] if stack else None)
        stack.append(i)
    return found


def _scheme_order(headings: Sequence[Heading]) -> dict[str, int]:
    """Rank of each numbering scheme, the highest first.

    Roman over letters over digits over "(a)" where Roman numbers are used, else in order of
    appearance. Series ("Area 2.") go by their own level.
    """
    used = [heading.label.scheme for heading in headings if heading.label]
    if "roman" in used:
        return _SCHEMES
    return {scheme: rank for rank, scheme in enumerate(dict.fromkeys(used))}


def _capitals_nest(headings: Sequence[Heading]) -> bool:
    """Whether headings in small letters stand under those in capitals.

    They do where the document starts with capitals and has several.
    """
    weak = [heading for heading in headings if heading.style in _WEAK or _series(heading)]
    caps = [heading for heading in weak if _weak_rank(heading) == 1]
    return len(caps) >= 2 and _weak_rank(weak[0]) == 1


def _series(heading: Heading) -> bool:
    return bool(heading.label and heading.label.scheme == "series")


def _weak_rank(heading: Heading) -> int:
    if _series(heading):
        return 1 if "".join(heading.parts).isupper() else 3
    return _WEAK.get(heading.style, 3)


def _under(
    headings: Sequence[Heading],
    stack: Sequence[int],
    i: int,
    empty: Sequence[bool],
    nests: bool,
    order: dict[str, int],
    frames: set[str],
) -> bool:
    """Whether heading ``i`` stands under the top of ``stack``."""
    new, top = headings[i], headings[stack[-1]]
    if new.style == "markdown" or top.style == "markdown":
        if new.style == top.style:
            return new.level > top.level
        return top.style == "markdown" and not (new.label and new.label.scheme == "roman")
    if new.label and not _series(new):
        return _numbered_under(headings, stack, new, empty[stack[-1]], order, frames)
    if annex(new):
        return False
    if annex(top):
        return True
    if top.label and not _series(top):
        return _title_under_number(headings, stack, new)
    return _weak_under(headings, stack[-1], i, empty, nests)


def _numbered_under(
    headings: Sequence[Heading],
    stack: Sequence[int],
    new: Heading,
    empty: bool,
    order: dict[str, int],
    frames: set[str],
) -> bool:
    """``empty``: the top of the stack has no body; ``frames``: schemes that count through the document."""
    label, top = new.label, headings[stack[-1]]
    assert label is not None
    if annex(top):
        return True
    if top.label and not _series(top):
        if label.scheme == "roman" and label.letter and _open_letter(headings, stack) == label.letter - 1:
            # "I." after "H." is a letter.
            return len(stack) == 1 and top.label.scheme == "roman"
        if top.label.scheme == label.scheme:
            return label.depth > top.label.depth
        return order[label.scheme] > order[top.label.scheme]
    if label.scheme == "roman" and not any(_series(headings[k]) for k in stack):
        return False
    if label.value == 1 and label.depth == 1 and label.scheme != "paren":
        # A first number under a title: its own list of parts, unless numbers are the frame.
        return empty or label.scheme not in frames
    if label.scheme == "paren":
        return not any(headings[k].label for k in stack) or label.value == 1 and empty
    return False


def _open_letter(headings: Sequence[Heading], stack: Sequence[int]) -> int:
    """Value of the letter open on the stack, 0 without one."""
    for k in reversed(stack):
        label = headings[k].label
        if label and label.scheme == "letter":
            return label.value
        if label and label.scheme == "roman" and label.letter and k != stack[0]:
            return label.letter
    return 0


def _frame(headings: Sequence[Heading], scheme: str) -> bool:
    """Whether a scheme counts through the document without starting again."""
    values = [h.label.value for h in headings if h.label and h.label.scheme == scheme and h.label.depth == 1]
    return len(values) >= 3 and values == sorted(set(values))


def _title_under_number(headings: Sequence[Heading], stack: Sequence[int], new: Heading) -> bool:
    """A heading without number stands under the last number, beside "(a)", "(b)"."""
    label = headings[stack[-1]].label
    if label and label.scheme == "paren":
        return False
    numbers = [k for k in stack if headings[k].label]
    return not (new.folded in {"annex", "annexes"} and bool(numbers))


def _weak_under(headings: Sequence[Heading], top: int, i: int, empty: Sequence[bool], nests: bool) -> bool:
    new, above = headings[i], headings[top]
    deeper = _weak_rank(new) - _weak_rank(above)
    if deeper < 0:
        return False
    follows = i == top + 1
    if deeper == 0:
        return empty[top] and (_container(above, new) if follows else _held(headings, top, i))
    if empty[top]:
        return True
    return nests and new.folded not in GENERIC_HEADINGS


def _container(above: Heading, new: Heading) -> bool:
    """Whether an empty heading holds those that follow in the same style.

    It does when it names a set of things, or is much shorter than they are.
    """
    if _series(above) or _series(new):
        return False
    words = above.folded.split()
    if new.folded in GENERIC_HEADINGS:
        return False
    return bool(set(words) & CONTAINERS) and above.style == "title" or len(new.folded.split()) >= 2 * len(words) + 2


def _held(headings: Sequence[Heading], top: int, i: int) -> bool:
    """Whether heading ``i`` is a further one of those that the empty heading ``top`` holds."""
    return _container(headings[top], headings[top + 1]) and headings[i].folded not in GENERIC_HEADINGS
