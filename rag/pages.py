"""Pictures of a PDF's pages, drawn in a child process: what is drawn comes from outside."""

from __future__ import annotations

import hashlib
import io
import json
import os
from pathlib import Path

from rag.child import ChildError, Crashed, run_limited
from rag.errors import ConfigError, ReportError

MAX_WIDTH = 4_000
_MAX_PIXELS = 24_000_000  # 96 MB as the picture is drawn
_MEMORY_BYTES = 2_000_000_000
_CPU_S, _WALL_S = 20.0, 30.0  # a map with a hundred thousand lines takes 2 s
_MAX_PNG_BYTES = 50_000_000


def page_picture(path: Path, number: int, *, width: int = 1_000, sha256: str = "") -> bytes:
    """PNG of page ``number`` (from 1) of the PDF at ``path``, ``width`` pixels wide, as its readers see it.

    A very tall page is drawn narrower. ``sha256`` is that of the file's bytes, in hex, when its text was read.

    :raises ReportError: the file is gone, has changed since, is no PDF, has no such page, or cannot be drawn.
    :raises ConfigError: ``width`` is not between 1 and ``MAX_WIDTH``.
    """
    if not 1 <= width <= MAX_WIDTH:
        raise ConfigError(f"A page cannot be drawn {width} pixels wide: choose 1 to {MAX_WIDTH:,}.")
    if path.suffix.lower() != ".pdf":
        raise ReportError(f"{path} is no PDF: only pages of PDFs can be shown.")
    asked = {"path": os.fsencode(path).hex(), "number": number, "width": width, "sha256": sha256}
    limits = {"memory_bytes": _MEMORY_BYTES, "cpu_s": _CPU_S, "wall_s": _WALL_S, "max_output": _MAX_PNG_BYTES}
    try:
        return run_limited(__name__, json.dumps(asked).encode(), **limits)
    except ChildError as error:
        why = "its drawing broke off" if isinstance(error, Crashed) else str(error)
        raise ReportError(f"Page {number} of {path} cannot be shown: {why}. Open the file itself.") from error


def work(data: bytes) -> bytes:
    """What the child process does for :func:`page_picture`; ``data`` is its arguments as JSON."""
    asked = json.loads(data)
    path = Path(os.fsdecode(bytes.fromhex(asked["path"])))
    try:
        file = path.read_bytes()
    except FileNotFoundError:
        raise ReportError(f"{path} is gone: its pages cannot be shown. Put it back or ingest it anew.") from None
    except OSError as error:
        raise ReportError(f"{path} cannot be read ({error.strerror}): check the file and its permissions.") from None
    if asked["sha256"] and hashlib.sha256(file).hexdigest() != asked["sha256"]:
        raise ReportError(f"{path} has changed since it was read: run `reportqa ingest` on it, then ask again.")
    return _drawn(file, path, asked["number"], asked["width"])


def _drawn(file: bytes, path: Path, number: int, width: int) -> bytes:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(file)
        count = len(document)
        if not 1 <= number <= count:
            raise ReportError(f"{path} has no page {number}: it has {count}.")
        page = document[number - 1]
        wide, tall = page.get_size()
        scale = min(width / max(wide, 1.0), (_MAX_PIXELS / max(wide * tall, 1.0)) ** 0.5)
        picture = page.render(scale=scale, may_draw_forms=False).to_pil()
    except pypdfium2.PdfiumError as error:
        raise ReportError(f"Page {number} of {path} cannot be shown: the file is damaged ({error}).") from None
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
