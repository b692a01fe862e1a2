"""Small reports for the tests of the store; vectors are functions of the words."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from rag.layout import Layout, Page, Part, PartKind
from rag.schema import Block, BlockKind, Chunk, Intake, Report, Section, Unit, UnitKind
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


def paged(report_id, *texts, **info):
    """The same with a layout, a page and a word for each text, an intake and a sketch: all arguments, in order."""
    report, sections, chunks, vectors, terms = sample(report_id, *texts, **info)
    spans = [(chunk.start, chunk.end) for chunk in chunks]
    layout = Layout(
        pages=tuple(Page(number, 595.0, 842.0) for number, _ in enumerate(spans, start=1)),
        stretches=tuple((start, end, number) for number, (start, end) in enumerate(spans, start=1)),
        words=np.array(spans, dtype=np.int32).reshape(-1, 2),
        boxes=np.array([(10, 10 + start, 90, 20 + end) for start, end in spans], dtype=np.float32).reshape(-1, 4),
        parts=(Part(0, 7, PartKind.HEADING, 1), *(Part(start, end, PartKind.PROSE) for start, end in spans)),
    )
    report = replace(report, layout=layout)
    intake = Intake(added=datetime(2026, 5, 3, tzinfo=UTC), format="pdf", pages=len(spans), chunks=len(chunks))
    return report, sections, chunks, vectors, terms, intake, sketch_of(report.text)


def sketch_of(text):
    return hashlib.sha256(text.encode()).digest()


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
    sketches, intakes = view.sketches(), view.intakes()
    assert set(sketches) == set(intakes) <= set(reports)
    for name, intake in intakes.items():
        layout, text = view.layout(name), reports[name].text
        assert sketches[name] == sketch_of(text) and intake.pages == len(layout.pages) == len(layout.words)
        assert [[part.start, part.end] for part in layout.parts[1:]] == layout.words.tolist()
        for page, (start, end) in enumerate(layout.words.tolist(), start=1):
            (box,) = layout.boxes_of(start, end)
            assert (box.page, box.top, box.bottom) == (page, 10 + start, 20 + end)
    for report in reports.values():
        assert (view.layout(report.id) is not None) == (report.id in intakes)
        owned = [chunk for chunk, info, _ in found.values() if info.id == report.id]
        assert "\n".join(["Heading", *(chunk.text for chunk in owned)]) == report.text
    return reports
