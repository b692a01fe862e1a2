"""The work of the child process that reads one file: which loader is called, with what checks before and after it."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from rag.errors import ReportError
from rag.load.archive import check_archive
from rag.load.decode import Content
from rag.load.limits import MAX_TEXT_CHARS
from rag.load.wire import pack

_ARCHIVES = frozenset({".docx", ".pptx", ".xlsx"})


def order(target: str, path: str, data: bytes) -> bytes:
    """What ``work`` takes: loader as "module:function", path to be named in errors, and the file's bytes."""
    return json.dumps([target, path]).encode("ascii") + b"\n" + data


def work(ordered: bytes) -> bytes:
    """What the file holds, packed as ``rag.load.wire`` does.

    :raises ReportError: the file cannot be read; also for whatever else its loader raises.
    """
    line, _, data = ordered.partition(b"\n")
    target, name = json.loads(line)
    path = Path(name)
    try:
        warnings = check_archive(data, path) if path.suffix.lower() in _ARCHIVES else ()
        content = _loader(target)(data, path)
    except (ReportError, MemoryError):
        raise
    except ImportError as error:
        raise ReportError(
            f"{path} cannot be read: {error.name or error} is missing. Run `make install` again."
        ) from error
    except Exception as error:  # whatever a parser stumbles over in a damaged file
        raise ReportError(broken(path, f"the reader stopped at {type(error).__name__}")) from error
    if len(content.text) > MAX_TEXT_CHARS:
        raise ReportError(
            f"{path} expands beyond the limit: it holds more than {MAX_TEXT_CHARS:,} characters of text. "
            "Split it into several reports."
        )
    return pack(content, warnings)


def _loader(target: str) -> Callable[[bytes, Path], Content]:
    module, _, function = target.partition(":")
    return getattr(import_module(module), function)


def broken(path: Path | str, why: str) -> str:
    """Message about a file that a reader did not get through."""
    return (
        f"{path} cannot be read: it is damaged, too large, or made in a way that the reader does not know ({why}). "
        "Open it in its own program and save it again."
    )
