"""Files to load."""

from __future__ import annotations

from pathlib import Path

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


def write(folder: Path, name: str, content: str | bytes = "Some text of a report.\n") -> Path:
    """Make a file below ``folder``, with the folders that ``name`` asks for."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path
