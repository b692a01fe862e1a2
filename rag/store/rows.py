"""Records to table rows and back.

Nested records are JSON arrays in order of their fields: a block is ``[start, end, kind, rows]``, a unit
``[start, end, kind, title, heads, label, cells, relations]``, a relation ``[kind, whole, parts]``.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from datetime import date

import numpy as np

from rag.schema import (
    Block,
    BlockKind,
    Chunk,
    Period,
    Relation,
    RelationKind,
    Report,
    ReportInfo,
    Section,
    Unit,
    UnitKind,
)

VECTOR_TYPE = np.dtype("<f4")

INFO_COLUMNS = (
    "id, title, publisher, type, symbol, period_start, period_end, published, language, origins, path, sha256, warnings"
)
CHUNK_COLUMNS = (
    "chunks.id, reports.id, chunks.section, chunks.ordinal, chunks.start, "
    'chunks."end", chunks.text, chunks.kind, chunks.units, chunks.context'
)

Row = Sequence[object]


def to_json(value: object) -> str:
    """Compact JSON, letters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def publisher_key(publisher: str) -> str:
    """Form in which publishers are compared: case and composition of accents do not count."""
    return unicodedata.normalize("NFC", publisher.strip()).casefold().encode("utf-8", "replace").decode()


def report_row(report: Report) -> dict[str, object]:
    """Values of a ``reports`` row, by column."""
    period = report.period
    return {
        "id": report.id,
        "title": report.title,
        "publisher": report.publisher,
        "publisher_key": publisher_key(report.publisher),
        "type": report.type,
        "symbol": report.symbol,
        "period_start": period.start.isoformat() if period else None,
        "period_end": period.end.isoformat() if period else None,
        "published": report.published.isoformat() if report.published else None,
        "language": report.language,
        "origins": to_json(dict(report.origins)),
        "path": report.path,
        "sha256": report.sha256,
        "warnings": to_json(report.warnings),
        "text": report.text,
    }


def report_info(row: Row) -> ReportInfo:
    """Record from the values of ``INFO_COLUMNS``."""
    return ReportInfo(**_info_fields(row))


def report(row: Row) -> Report:
    """Record from the values of ``INFO_COLUMNS`` and the text."""
    return Report(**_info_fields(row[:-1]), text=row[-1])


def _info_fields(row: Row) -> dict[str, object]:
    report_id, title, publisher, type_, symbol, first, last, published, language, *rest = row
    origins, path, sha256, warnings = rest
    return {
        "id": report_id,
        "title": title,
        "publisher": publisher,
        "type": type_,
        "symbol": symbol,
        "period": Period(date.fromisoformat(first), date.fromisoformat(last)) if first else None,
        "published": date.fromisoformat(published) if published else None,
        "language": language,
        "origins": json.loads(origins),
        "path": path,
        "sha256": sha256,
        "warnings": tuple(json.loads(warnings)),
    }


def section_row(report_key: int, section: Section) -> tuple[object, ...]:
    """Values of a ``sections`` row, in order of its columns."""
    blocks = [[block.start, block.end, block.kind, units_out(block.rows)] for block in section.blocks]
    return report_key, section.ordinal, to_json(section.path), section.start, section.end, to_json(blocks)


def section(report_id: str, row: Row) -> Section:
    """Record from ``ordinal, path, start, end, blocks``."""
    ordinal, path, start, end, blocks = row
    return Section(
        report_id,
        ordinal,
        headings(path),
        start,
        end,
        tuple(Block(first, last, BlockKind(kind), units_in(rows)) for first, last, kind, rows in json.loads(blocks)),
    )


def headings(path: str) -> tuple[str, ...]:
    """Heading path of a section, outermost first, from its JSON."""
    return tuple(json.loads(path))


def chunk_row(report_key: int, chunk: Chunk) -> tuple[object, ...]:
    """Values of a ``chunks`` row without its id, in order of its columns."""
    return (
        report_key,
        chunk.section,
        chunk.ordinal,
        chunk.start,
        chunk.end,
        chunk.text,
        str(chunk.kind),
        to_json(units_out(chunk.units)),
        chunk.context,
    )


def chunk(row: Row) -> Chunk:
    """Record from the values of ``CHUNK_COLUMNS``."""
    chunk_id, report_id, section_ordinal, ordinal, start, end, text, kind, units, context = row
    return Chunk(
        report_id=report_id,
        section=section_ordinal,
        ordinal=ordinal,
        start=start,
        end=end,
        text=text,
        kind=BlockKind(kind),
        units=units_in(json.loads(units)),
        context=context,
        id=chunk_id,
    )


def units_out(units: Sequence[Unit]) -> list[list[object]]:
    """Units as JSON-ready arrays."""
    return [
        [
            unit.start,
            unit.end,
            unit.kind,
            unit.title,
            unit.heads,
            unit.label,
            unit.cells,
            [[relation.kind, relation.whole, relation.parts] for relation in unit.relations],
        ]
        for unit in units
    ]


def units_in(units: Sequence[Row]) -> tuple[Unit, ...]:
    """Units from the arrays that :func:`units_out` made."""
    return tuple(
        Unit(
            start,
            end,
            UnitKind(kind),
            title,
            tuple(heads),
            label,
            tuple((first, last) for first, last in cells),
            tuple(Relation(RelationKind(name), whole, tuple(parts)) for name, whole, parts in relations),
        )
        for start, end, kind, title, heads, label, cells, relations in units
    )


def vector(blob: bytes, dimension: int) -> np.ndarray:
    """float32, shape (dimension,); ``ValueError`` when the bytes are of another length."""
    values = np.frombuffer(blob, dtype=VECTOR_TYPE).astype(np.float32, copy=False)
    if len(values) != dimension:
        raise ValueError(f"a vector of {len(values)} values where {dimension} belong")
    return values
