"""Small reports for the tests of the store; vectors are functions of the words."""

import hashlib

import numpy as np

from rag.schema import Block, BlockKind, Chunk, Report, Section, Unit, UnitKind
from rag.store import Store

DIMENSION = 8
BUILD = {
    "encoder_name": "words",
    "dimension": DIMENSION,
    "fingerprint": "f" * 64,
    "settings": {"chunk_tokens": 256, "overlap": 0},
}


def new_store(folder, **changes) -> Store:
    return Store.create(folder, **{**BUILD, **changes})


def vector_of(text):
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little")
    values = np.random.default_rng(seed).standard_normal(DIMENSION).astype(np.float32)
    return values / np.linalg.norm(values)


def sample(report_id, *texts, context="", **info):
    """Arguments of ``put_report`` for a report of one section with a chunk for each of ``texts``."""
    text = "\n".join(("Heading", *texts))
    spans, start = [], len("Heading") + 1
    for part in texts:
        spans.append((start, start + len(part)))
        start += len(part) + 1
    blocks = tuple(Block(first, last, BlockKind.PROSE) for first, last in spans)
    section = Section(report_id, 0, ("Heading",), 0, len(text), blocks)
    chunks = [
        Chunk(
            report_id, 0, ordinal, first, last, text[first:last], BlockKind.PROSE,
            (Unit(first, last, UnitKind.SENTENCE),), context,
        )
        for ordinal, (first, last) in enumerate(spans)
    ]  # fmt: skip
    vectors = np.array([vector_of(part) for part in texts], dtype=np.float32).reshape(len(texts), DIMENSION)
    report = Report(id=report_id, title=info.pop("title", report_id.title()), text=text, **info)
    return report, [section], chunks, vectors, [(part.lower(), context.lower()) for part in texts]


def assert_whole(view):
    """Every report that ``view``, a snapshot, lists is there with all its parts, and nothing else is."""
    ids, vectors = view.vectors()
    assert list(ids) == list(view.chunk_ids()) and view.chunk_count == len(ids)
    found = view.lookup(ids)
    assert list(found) == list(ids)
    reports = {info.id: view.report(info.id) for info in view.reports()}
    for (chunk, info, path), vector in zip(found.values(), vectors, strict=True):
        assert reports[info.id].text[chunk.start : chunk.end] == chunk.text
        assert path == view.sections(info.id)[chunk.section].path
        np.testing.assert_array_equal(vector, vector_of(chunk.text))
        assert chunk.id in {hit for hit, _ in view.lexical(chunk.text.lower().split(), len(ids))}
    for report in reports.values():
        owned = [chunk for chunk, info, _ in found.values() if info.id == report.id]
        assert "\n".join(["Heading", *(chunk.text for chunk in owned)]) == report.text
    return reports
