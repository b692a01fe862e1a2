"""Names of the files that are saved."""

from __future__ import annotations

import re

from rag.text import fold

_LONGEST = 60  # characters before the ending
_RESERVED = re.compile(r"con|prn|aux|nul|(com|lpt)\d")  # Windows gives these names to devices


def file_name(title: str, suffix: str) -> str:
    """A name for any system from a title: ``How many? ¡Más!`` with ``md`` gives ``how-many-mas.md``."""
    parts = re.findall(r"[a-z0-9]+", fold(title))
    stem = "-".join(parts)
    if len(stem) > _LONGEST:
        stem = stem[:_LONGEST].rsplit("-", 1)[0]
    if not stem or _RESERVED.fullmatch(stem):
        stem = f"conversation-{stem}".rstrip("-")
    return f"{stem}.{suffix}"
