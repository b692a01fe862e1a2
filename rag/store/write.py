"""The changes of an index; each function runs inside one transaction of the caller."""

# ruff: noqa: S608 - the SQL is put together from constants of this package; values are always bound.

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import numpy as np

from rag.errors import StoreMismatch
from rag.schema import Chunk, Intake, Report, Section
from rag.store import places, rows

Terms = Sequence[tuple[str, str]]


def check_parts(
    report: Report, sections: Sequence[Section], chunks: Sequence[Chunk], vectors: np.ndarray, terms: Terms
) -> None:
    """Raise ``ValueError`` when the parts of a report do not belong together."""
    if not len(chunks) == len(vectors) == len(terms):
        raise ValueError(
            f"report {report.id!r}: {len(chunks)} chunks, {len(vectors)} vectors, {len(terms)} pairs of terms"
        )
    foreign = {part.report_id for part in (*sections, *chunks)} - {report.id}
    if foreign:
        raise ValueError(f"report {report.id!r}: sections or chunks of {sorted(foreign)}")


def check_vectors(vectors: np.ndarray, dimension: int) -> np.ndarray:
    """``vectors`` as stored. Raises ``StoreMismatch`` on another dimension, ``ValueError`` on NaN."""
    values = np.asarray(vectors, dtype=rows.VECTOR_TYPE)
    if len(values) and values.shape[1:] != (dimension,):
        raise StoreMismatch(
            f"The index holds vectors of {dimension} values, but the encoder made {values.shape[1:]}. "
            "Use the encoder that the index was built with, or build an index in another folder."
        )
    if not np.isfinite(values).all():
        raise ValueError("a vector holds a value that is not finite")
    return values


def insert_report(
    connection: sqlite3.Connection,
    report: Report,
    sections: Sequence[Section],
    chunks: Sequence[Chunk],
    vectors: np.ndarray,
    terms: Terms,
    intake: Intake | None = None,
    sketch: bytes = b"",
) -> list[int]:
    """Store a report that is not there yet; returns the new ids of its chunks, in their order."""
    values = rows.report_row(report)
    columns, marks = ", ".join(values), ", ".join(f":{column}" for column in values)
    key = connection.execute(f"INSERT INTO reports ({columns}) VALUES ({marks})", values).lastrowid
    if report.layout is not None:
        values = places.layout_row(key, report.layout)
        connection.execute("INSERT INTO layouts VALUES (?, ?, ?, ?, ?, ?)", values)
    if intake is not None:
        connection.execute("INSERT INTO intakes VALUES (?, ?)", (key, places.intake_json(intake)))
    if sketch:
        connection.execute("INSERT INTO sketches VALUES (?, ?)", (key, sketch))
    connection.executemany(
        "INSERT INTO sections VALUES (?, ?, ?, ?, ?, ?)",
        [rows.section_row(key, section) for section in sections],
    )
    insert_chunk = """INSERT INTO chunks (report, section, ordinal, start, "end", text, kind, units, context)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"""
    ids = [connection.execute(insert_chunk, rows.chunk_row(key, chunk)).lastrowid for chunk in chunks]
    connection.executemany(
        "INSERT INTO vectors (chunk, vector) VALUES (?, ?)",
        ((chunk_id, vector.tobytes()) for chunk_id, vector in zip(ids, vectors, strict=True)),
    )
    connection.executemany(
        "INSERT INTO lexicon (rowid, terms, context_terms) VALUES (?, ?, ?)",
        ((chunk_id, *pair) for chunk_id, pair in zip(ids, terms, strict=True)),
    )
    return ids


def delete_report(connection: sqlite3.Connection, report_id: str) -> None:
    """Delete a report with all that belongs to it; nothing happens when it is not there."""
    row = connection.execute("SELECT key FROM reports WHERE id = ?", (report_id,)).fetchone()
    if row is None:
        return
    # Children first: each foreign key then finds no row that still points at what is deleted.
    connection.execute("DELETE FROM lexicon WHERE rowid IN (SELECT id FROM chunks WHERE report = ?)", row)
    connection.execute("DELETE FROM vectors WHERE chunk IN (SELECT id FROM chunks WHERE report = ?)", row)
    connection.execute("DELETE FROM chunks WHERE report = ?", row)
    connection.execute("DELETE FROM sections WHERE report = ?", row)
    for table in ("layouts", "intakes", "sketches"):
        connection.execute(f"DELETE FROM {table} WHERE report = ?", row)  # noqa: S608 - names from above
    connection.execute("DELETE FROM reports WHERE key = ?", row)


def next_generation(connection: sqlite3.Connection) -> None:
    """Mark every search cache as stale."""
    connection.execute("UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'generation'")


def put_meta(connection: sqlite3.Connection, key: str, value: object) -> None:
    """Set a value of the ``meta`` table."""
    connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (key, rows.to_json(value)))
