"""Corrections made by hand: a ``reports.toml`` in an index's folder, which overrules the one beside the files.

It has the same form, so that it can be read, edited and carried elsewhere by hand as well.
"""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError

from rag.errors import MetadataError, StoreError, StoreFull
from rag.load.catalogue import CATALOGUE_NAME, KEYS, Metadata, parse_table, read_catalogue
from rag.load.report import BY_HAND
from rag.schema import Report

_DAYS = ("period_start", "period_end", "published")
_MAX_CHARS = 500  # of one value; the longest titles of reports have about 300


def read_corrections(index_dir: Path) -> dict[str, Metadata]:
    """What was corrected by hand, by report id. Raises ``MetadataError`` when the file is malformed."""
    return read_catalogue(index_dir)


def overruled(stated: Metadata | None, by_hand: Metadata | None) -> Metadata | None:
    """``stated`` with every statement of ``by_hand`` in the place of its own."""
    return replace(stated or Metadata(), **_statements(by_hand)) if by_hand else stated


def marked(report: Report, by_hand: Metadata | None) -> Report:
    """``report`` whose origins say what was corrected by hand."""
    if by_hand is None:
        return report
    return replace(report, origins={**report.origins, **dict.fromkeys(_statements(by_hand), BY_HAND)})


def corrected(index_dir: Path, report_id: str, changes: Mapping[str, str]) -> bytes:
    """The content of the file with values, as typed, put in by key of ``reports.toml``.

    An empty value takes the correction of its key back; keys that are not in ``changes`` stay as they are.

    :raises MetadataError: a key or value is wrong, or the file is malformed.
    """
    read_corrections(index_dir)  # else a mistake in the file would be blamed on the change
    path = index_dir / CATALOGUE_NAME
    try:
        document = tomlkit.parse((saved_corrections(index_dir) or b"").decode("utf-8-sig"))
    except TOMLKitError as error:
        raise MetadataError(f"{path} is not valid TOML: {error}.") from None
    table = document.setdefault(report_id, tomlkit.table())
    for key, typed in changes.items():
        value = _checked(key, typed)
        if value == "":
            table.pop(key, None)
        else:
            table[key] = value
    parse_table(table.unwrap(), "The correction")
    if not table:
        del document[report_id]
    return tomlkit.dumps(document).encode("utf-8")


def saved_corrections(index_dir: Path) -> bytes | None:
    """The file of corrections as it is; None where there is none."""
    path = index_dir / CATALOGUE_NAME
    return path.read_bytes() if path.exists() else None


def save_corrections(index_dir: Path, content: bytes | None) -> None:
    """Put a file of corrections in place of the present one, whole or not at all; an empty one removes it.

    :raises StoreError: it cannot be written, ``StoreFull`` when the disk is full; the file stays as it is.
    """
    path = index_dir / CATALOGUE_NAME
    try:
        if not content:
            return path.unlink(missing_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{CATALOGUE_NAME}.", dir=index_dir)  # mode 0600
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StoreFull(f"The disk is full: {path} stays as it was. Free some space, then try again.") from error
        raise StoreError(f"{path} cannot be written: {error.strerror}. Check its permissions.") from error


def _checked(key: str, typed: str) -> str | date:
    if key not in KEYS:
        raise MetadataError(f"{key!r} cannot be corrected: allowed are {', '.join(KEYS)}.")
    value = " ".join(typed.split())
    if len(value) > _MAX_CHARS:
        raise MetadataError(f"The correction {key} has {len(value)} characters; at most {_MAX_CHARS} are kept.")
    if not value.isprintable():
        raise MetadataError(f"The correction {key} holds a character that cannot be shown: type it again.")
    if key not in _DAYS or not value:
        return value
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise MetadataError(f'The correction {key} = "{value}" must be a day such as 2024-01-31.') from None


def _statements(metadata: Metadata) -> dict[str, object]:
    values = {entry.name: getattr(metadata, entry.name) for entry in fields(metadata)}
    return {name: value for name, value in values.items() if value is not None}
