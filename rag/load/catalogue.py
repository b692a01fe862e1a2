"""``reports.toml``: what a folder's owner states about its reports.

One table per report, named by the report's id (the file's name without suffix)::

    [2024-02-sitrep]
    title = "Situation report January–February 2024"
    publisher = "OCHA"
    type = "situation report"
    symbol = "S/2024/211"
    period_start = 2024-01-01
    period_end = 2024-02-29
    published = 2024-03-15
    language = "en"

Every key may be left out; what is missing is looked for in the report's text.
"""

from __future__ import annotations

import codecs
import difflib
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from rag.errors import MetadataError
from rag.load.french import REPORT_LANGUAGES
from rag.schema import Period

CATALOGUE_NAME = "reports.toml"
_MAX_CATALOGUE_BYTES = 5_000_000  # 5 MB, some 20,000 tables
_TEXTS = ("title", "publisher", "type", "symbol")
_DAYS = ("period_start", "period_end", "published")
KEYS = (*_TEXTS, *_DAYS, "language")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What is stated about a report; None where nothing is. An empty publisher, type or symbol is a statement."""

    title: str | None = None
    publisher: str | None = None
    type: str | None = None
    symbol: str | None = None
    period: Period | None = None
    published: date | None = None
    language: str | None = None


def read_catalogue(folder: Path) -> dict[str, Metadata]:
    """The tables of the folder's ``reports.toml`` by report id (NFC); empty when there is no such file.

    :raises MetadataError: something in it is wrong; names file, table, key and value, and what is
        allowed. All is refused then, as with half of its statements a report would be indexed
        under a wrong title or date.
    """
    path = folder / CATALOGUE_NAME
    try:
        if not path.exists():
            return {}
        if not path.is_file() or path.stat().st_size > _MAX_CATALOGUE_BYTES:
            raise MetadataError(f"{path} is not a file of at most {_MAX_CATALOGUE_BYTES / 1e6:.0f} MB.")
        text = path.read_bytes().removeprefix(codecs.BOM_UTF8).decode("utf-8")
        tables = tomllib.loads(text)
    except OSError as error:
        raise MetadataError(f"{path} cannot be read ({error.strerror or error}).") from error
    except UnicodeDecodeError as error:
        raise MetadataError(f"{path} is not UTF-8 at byte {error.start}: save it as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:  # its message ends in "(at line 3, column 7)"
        raise MetadataError(f"{path} is not valid TOML: {error}.") from None
    return {_nfc(name): parse_table(table, f"{path}: [{name}]") for name, table in tables.items()}


def parse_table(table: object, where: str) -> Metadata:
    """One table as Metadata; ``where`` names it in errors.

    :raises MetadataError: a key is unknown or a value cannot be right.
    """
    if not isinstance(table, Mapping):
        raise MetadataError(f"{where} is {_said(table)} outside of any table: put it under a report's [id].")
    for key, value in table.items():
        if key not in KEYS:
            raise MetadataError(f"{where} has an unknown key: {key} = {_said(value)}. {_hint(key, value)}")
    days = {key: _day(table[key], f"{where} {key}") for key in _DAYS if key in table}
    return Metadata(
        **{key: _text(table[key], f"{where} {key}", key) for key in (*_TEXTS, "language") if key in table},
        period=_period(days.get("period_start"), days.get("period_end"), where),
        published=days.get("published"),
    )


def unknown_reports(catalogue: Iterable[str], ids: Iterable[str]) -> list[str]:
    """A warning for each table that names none of ``ids``, with the id that was probably meant."""
    known = list(ids)
    warnings = []
    for name in catalogue:
        if name not in known:
            stem = name.rpartition(".")[0]
            close = [stem] if stem in known else difflib.get_close_matches(name, known, n=1)
            meant = f"; did you mean [{close[0]}]?" if close else ""
            warnings.append(f"there is no report for the table [{name}]{meant}")
    return warnings


def _text(value: object, where: str, key: str) -> str:
    if not isinstance(value, str):
        raise MetadataError(f"{where} = {_said(value)} must be a text in quotes.")
    if key == "language" and value not in REPORT_LANGUAGES:
        raise MetadataError(f"{where} = {_said(value)} must be one of {', '.join(REPORT_LANGUAGES)}.")
    if key == "title" and not value.strip():
        raise MetadataError(f"{where} is empty: give the title or leave the key out.")
    return value.strip()


def _day(value: object, where: str) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and _DAY.fullmatch(value.strip()):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            pass  # a 31 February; the message below fits it too
    raise MetadataError(f"{where} = {_said(value)} must be a day such as 2024-01-31.")


def _period(start: date | None, end: date | None, where: str) -> Period | None:
    if start is None and end is None:
        return None
    if start is None or end is None:
        missing = "period_start" if start is None else "period_end"
        raise MetadataError(f"{where} gives one end of the period only: add {missing} or leave out both.")
    if end < start:
        raise MetadataError(f"{where} period_end = {end} is before period_start = {start}.")
    return Period(start, end)


def _hint(key: str, value: object) -> str:
    if isinstance(value, Mapping):
        return 'An id that contains a dot needs quotes: ["id.with.dot"].'
    close = difflib.get_close_matches(key, KEYS, n=1)
    return (f"Did you mean {close[0]}? " if close else "") + f"Allowed are {', '.join(KEYS)}."


def _said(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return f'"{value}"'
    return str(value).lower() if isinstance(value, bool) else str(value)


def _nfc(name: str) -> str:
    return unicodedata.normalize("NFC", name)
