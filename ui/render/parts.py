"""Small pieces that answers, panel and conversation share.

Text of reports, models and users reaches the page only through :func:`html.escape`, by these functions.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from html import escape

from rag.schema import Verdict
from ui.words import WORDS

# Paths of 16 x 16 icons. Verdicts differ by shape: a tick, a half-filled circle, a cross.
_ICONS = {
    Verdict.SUPPORTED: '<path d="M3 8.5 6.5 12 13 4.5"/>',
    Verdict.PARTLY: '<circle cx="8" cy="8" r="5.5"/><path class="rq-filled" d="M8 2.5a5.5 5.5 0 0 1 0 11z"/>',
    Verdict.UNSUPPORTED: '<path d="m4 4 8 8M12 4l-8 8"/>',
    "abstained": '<circle cx="7" cy="7" r="4.5"/><path d="m10.5 10.5 3.5 3.5M5 7h4"/>',
    "copy": '<rect x="5.5" y="5.5" width="8" height="8" rx="1.5"/><path d="M10.5 5.5v-3h-8v8h3"/>',
    "again": '<path d="M13 8a5 5 0 1 1-1.5-3.6M13 2v3h-3"/>',
    "edit": '<path d="M3 13v-2.5L10.5 3 13 5.5 5.5 13z"/>',
    "good": '<path d="M5 7.5 7.5 2c1.2 0 1.8.8 1.8 1.8V6.5h3.2c.8 0 1.3.7 1.1 1.5l-1 4.5c-.1.6-.6 1-1.2 1'
    'H5zM5 7.5H2.5v6H5"/>',
    "bad": '<path d="M11 8.5 8.5 14c-1.2 0-1.8-.8-1.8-1.8V9.5H3.5c-.8 0-1.3-.7-1.1-1.5l1-4.5c.1-.6.6-1 1.2-1'
    'H11zM11 8.5h2.5v-6H11"/>',
    "menu": '<path d="M2.5 4h11M2.5 8h11M2.5 12h11"/>',
    "new": '<path d="M8 3v10M3 8h10"/>',
    "delete": '<path d="M3 4.5h10M6 4.5V3h4v1.5M4.5 4.5l.5 8.5h6l.5-8.5"/>',
    "close": '<path d="m4 4 8 8M12 4l-8 8"/>',
    "previous": '<path d="M10 3 5 8l5 5"/>',
    "next": '<path d="m6 3 5 5-5 5"/>',
    "search": '<circle cx="7" cy="7" r="4.5"/><path d="m10.5 10.5 3 3"/>',
    "filters": '<path d="M2.5 4h11M4.5 8h7M6.5 12h3"/>',
    "enlarge": '<circle cx="7" cy="7" r="4.5"/><path d="m10.5 10.5 3.5 3.5M5 7h4M7 5v4"/>',
    "save": '<path d="M8 2.5v8M4.5 7.5 8 11l3.5-3.5M3 13.5h10"/>',
    "auto": '<circle cx="8" cy="8" r="5.5"/><path class="rq-filled" d="M8 2.5a5.5 5.5 0 0 1 0 11z"/>',
    "light": '<circle cx="8" cy="8" r="2.8"/><path d="M8 1.5v1.5M8 13v1.5M1.5 8H3M13 8h1.5M3.4 3.4l1 1M11.6 11.6l1'
    ' 1M3.4 12.6l1-1M11.6 4.4l1-1"/>',
    "dark": '<path d="M13 9.5A5.5 5.5 0 0 1 6.5 3 5.5 5.5 0 1 0 13 9.5z"/>',
}


# The end of a long line that goes on in lower case.
_BROKEN = re.compile(r"(?<=[^\n]{50})[ \t]*\n(?=[a-záéíóúüñ(0-9])(?![0-9]+[.)] )")

_BOLD = re.compile(r"(?<!\*)\*\*(?=[^\s*])([^*\n]*[^\s*\\])\*\*(?!\*)")
_ESCAPED = re.compile(r"\\([*_#|$%`~\[\]])")


def icon(name: str) -> str:
    """A drawing that says nothing to a screen reader; words stand beside it or in a label."""
    return f'<svg class="rq-icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">{_ICONS[name]}</svg>'


def verdict_mark(verdict: Verdict, language: str) -> str:
    """The verdict by shape, words and colour."""
    return f'<span class="rq-verdict rq-{verdict.value}">{icon(verdict)}{WORDS[language][verdict]}</span>'


def section_path(headings: Sequence[str]) -> str:
    """Headings, outermost first, as plain text: ``Sectoral response › Education``."""
    return " › ".join(" ".join(heading.split()) for heading in headings)


def joined(parts: Iterable[str]) -> str:
    """Those of ``parts`` (plain text) that hold anything, escaped, with a dot between them."""
    return escape(" · ".join(part for part in parts if part))


def attributes(**values: object) -> str:
    """Attributes with a blank before each; ``_`` in a name stands for ``-``. None and False are left out."""
    written = []
    for name, value in values.items():
        if value is None or value is False:
            continue
        plain = name.strip("_").replace("_", "-")
        written.append(f" {plain}" if value is True else f' {plain}="{escape(str(value))}"')
    return "".join(written)


def button(label: str, *, kind: str = "rq-button", drawing: str = "", quiet: bool = False, **more: object) -> str:
    """A button; ``quiet`` shows the drawing alone, with ``label`` for screen readers and as a tooltip."""
    if quiet:
        return (
            f'<button type="button"{attributes(class_=kind, aria_label=label, title=label, **more)}>{drawing}</button>'
        )
    return f'<button type="button"{attributes(class_=kind, **more)}>{drawing}<span>{escape(label)}</span></button>'


def digest(quote: str) -> str:
    """By which the source panel tells whether a report still holds a quote."""
    return hashlib.sha256(quote.encode()).hexdigest()[:16]


def pressed(state: bool) -> str:
    """The value of ``aria-pressed``."""
    return "true" if state else "false"


def squeezed(text: str) -> str:
    """Escaped, with at most one empty line in a row, and sentences that were broken into lines joined.

    Reports made from PDF have many empty lines, and a line's end wherever the page was full. Of Markdown, bold words
    are shown so, and backslashes before a mark are left out.
    """
    text = _BROKEN.sub(" ", re.sub(r"\n\s*\n", "\n\n", text))
    return _ESCAPED.sub(r"\1", _BOLD.sub(r"<b>\1</b>", escape(text)))


def shortened(text: str, length: int) -> str:
    """``text`` on one line, cut at a word to about ``length`` characters."""
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    return re.sub(r"\s+\S*$", "", line[:length]) + " …"
