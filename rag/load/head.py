"""The lines at the front of a report."""

from __future__ import annotations

import re
from dataclasses import dataclass

HEAD_CHARS = 6_000  # about two pages


@dataclass(frozen=True, slots=True)
class HeadLine:
    """A line at the front without Markdown marks and footnote signs.

    ``level`` is that of a Markdown heading, 0 for other lines; ``after_blank`` says whether a
    blank line stands before it.
    """

    text: str
    level: int = 0
    after_blank: bool = True


def head_lines(text: str) -> list[HeadLine]:
    """Lines of the first ``HEAD_CHARS`` characters that have words or digits on them, in order."""
    lines: list[HeadLine] = []
    blank, in_note = True, False
    for raw in text[:HEAD_CHARS].split("\n"):
        line = _plain(raw)
        in_note = bool(line) and (in_note or raw.startswith("[note "))  # as loaders set footnotes apart
        if in_note:
            continue
        if re.fullmatch(r"\s*(?:=+|-{3,})\s*", raw) and lines and not blank and "=" in raw:
            lines[-1] = HeadLine(lines[-1].text, 1, lines[-1].after_blank)  # underlined heading
        elif re.search(r"\w", line):
            marks = re.match(r"\s{0,3}(#{1,6})\s", raw)
            lines.append(HeadLine(line, len(marks[1]) if marks else 0, blank))
            blank = False
        else:
            blank = blank or not line
    return lines


def _plain(raw: str) -> str:
    line = re.sub(r"^\s{0,3}#{1,6}\s+|\s#+\s*$", "", raw)
    line = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", line)
    line = re.sub(r"\*\*|__|`|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)", "", line)
    line = re.sub(r"\\([^\w\s])", r"\1", line)
    return re.sub(r"\s+", " ", re.sub(r"^[\s*†‡¹²³⁴⁵]+|[\s*†‡¹²³⁴⁵]+$", "", line)).strip()
