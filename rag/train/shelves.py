"""Rows from questions that people wrote over shelves of reports, with what the product's own search finds for them.

The questions (``shelves.jsonl`` beside this module) name their evidence, and for many the sentence that a careless
reader would take for the answer. Each shelf is indexed as the product would, and each question learnt over
the passages that it would be read from: those that answer, and the nearest that do not.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rag.matching import PassageView, alone, shown, view_passages
from rag.pipeline import Assistant, Stages, build_index
from rag.pipeline.opening import load_cross_encoder, load_encoder
from rag.question import analyse
from rag.readers import ExtractiveReader
from rag.schema import Encoder, Passage, Unit
from rag.train.claim_sets import LABELS, Claim
from rag.train.common import DataFolder
from rag.train.reader_sets import Question, Span
from rag.train.texts import pdf_text
from rag.train.windows import Windows

QUESTIONS = Path(__file__).with_name("shelves.jsonl")
TEXTS = "humanitarian/humset_texts.json"
PDFS = "pdf"
_FOUND, _NEAREST, _OF_REPORT = 12, 6, 20
_STATEMENT = 5  # words of a nugget from which it is a statement

Entry = Mapping[str, Any]


def texts_of(data: DataFolder) -> dict[str, str]:
    """The texts of HumSet by id, without the number that each begins with."""
    return {str(item["lead_id"]): re.sub(r"\A\d+\s*\n\n", "", item["text"]) for item in data.json(TEXTS)}


def _texts(data: DataFolder, entries: Sequence[Entry]) -> dict[str, str]:
    """The texts that questions were written over, by id: of HumSet, or of a PDF of that name."""
    texts = texts_of(data)
    named = {span["report"] for entry in entries for span in _spans(entry)} - texts.keys()
    return texts | {name: pdf_text(data.path(_pdf(data, name))) for name in sorted(named)}


def _pdf(data: DataFolder, name: str) -> str:
    found = sorted(data.root.glob(f"{PDFS}/*/{name}.pdf"))
    return found[0].relative_to(data.root).as_posix() if found else f"{PDFS}/{name}.pdf"


def all_shelves(data: DataFolder, windows: Windows) -> tuple[list[Question], list[Claim]]:
    """Questions over the passages found for them and windows of their evidence, and claims made of their nuggets."""
    entries = [json.loads(line) for line in QUESTIONS.read_text("utf-8").splitlines()]
    texts = _texts(data, entries)
    shelves: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        shelves[entry["shelf"]].append(entry)
    encoder = load_encoder()
    questions: list[Question] = []
    for held in shelves.values():
        questions += _asked(held, texts, encoder)
        questions += _around(held, texts, windows)
    return questions, [claim for entry in entries for claim in claims_of(entry)]


def _around(entries: Sequence[Entry], texts: Mapping[str, str], windows: Windows) -> Iterator[Question]:
    """Every question over its evidence among other neighbours than the product's passages have."""
    for entry in entries:
        for span in entry["evidence"]:
            text = texts[span["report"]]
            start = text.index(span["answer"], span["start"])
            end = start + len(span["answer"])
            if window := windows.around(text, start, end):
                spans = ((start - window.start, end - window.start),)
                yield Question(entry["question"], window.text, spans, "shelves", entry["lang"])


def _asked(entries: Sequence[Entry], texts: Mapping[str, str], encoder: Encoder) -> Iterator[Question]:
    reader = ExtractiveReader(encoder, cross_encoder=load_cross_encoder())
    with TemporaryDirectory() as folder:
        reports = Path(folder) / "reports"
        reports.mkdir()
        for id in sorted({span["report"] for entry in entries for span in _spans(entry)}):
            (reports / f"{id}.txt").write_text(texts[id], "utf-8")
        build_index(reports, Path(folder) / "index", encoder=encoder)
        index, by_words = Path(folder) / "index", Stages(cross_encoder=False)
        with (
            Assistant(index, encoder=encoder) as assistant,
            Assistant(index, encoder=encoder, stages=by_words) as quick,
        ):
            for entry in entries:
                views = view_passages(analyse(entry["question"]), _found(entry, assistant, quick), encoder)
                yield from _over_passages(entry, views)
                yield from _over_units(entry, views, reader)


def _found(entry: Entry, assistant: Assistant, quick: Assistant) -> list[Passage]:
    """What the search finds, and the passages besides that answer or seem to."""
    text = entry["question"]
    found = assistant.search(text, k=_FOUND)
    for report in dict.fromkeys(span["report"] for span in _spans(entry)):
        known = {(passage.chunk.report_id, passage.chunk.start) for passage in found}
        more = quick.search(text, reports=[report], k=_OF_REPORT)
        found += [one for one in more if (report, one.chunk.start) not in known and _touches(entry, one)]
    return found


def _over_passages(entry: Entry, views: Sequence[PassageView]) -> Iterator[Question]:
    """The question over every passage that answers, the nearest that do not, and those that seem to."""
    text, others = entry["question"], 0
    for view in views:
        passage, (window, places) = view.passage, shown(view)
        spans = _answers(entry, view, window, places)
        if spans:
            yield Question(text, window, spans, "shelves", entry["lang"])
        elif not _bears(entry, passage) and (others < _NEAREST or _touches(entry, passage)):
            others += 1
            yield Question(text, window, (), "shelves_other", entry["lang"])


def _over_units(entry: Entry, views: Sequence[PassageView], reader: ExtractiveReader) -> Iterator[Question]:
    """The question over every sentence that answers, and over those that the reader would sooner take, each alone."""
    text, others = entry["question"], 0
    for one in reader.score(analyse(text), views):
        view = views[one.passage]
        window, start = alone(view, one.number)
        spans = _answers(entry, view, window, [(start, len(window))], [one.number])
        if spans:
            yield Question(text, window, spans, "shelves_unit", entry["lang"])
        elif others < _NEAREST and not _bears(entry, view.passage, one.unit.unit):
            others += 1
            yield Question(text, window, (), "shelves_unit_other", entry["lang"])


def _answers(
    entry: Entry, view: PassageView, window: str, places: Sequence[Span], shown: Sequence[int] | None = None
) -> tuple[Span, ...]:
    """Where the answer's words stand in the window, within the units that are evidence; ``shown`` are those in it."""
    spans = []
    for span in entry["evidence"]:
        if span["report"] != view.passage.chunk.report_id:
            continue
        words = r"\W+".join(map(re.escape, re.findall(r"\w+", span["answer"])))
        units = view.units if shown is None else [view.units[number] for number in shown]
        for unit, (start, end) in zip(units, places, strict=True):
            if unit.unit.start < span["end"] and unit.unit.end > span["start"]:
                spans += [(start + m.start(), start + m.end()) for m in re.finditer(words, window[start:end])][:1]
    return tuple(spans)


def _bears(entry: Entry, passage: Passage, unit: Unit | None = None) -> bool:
    return any(_overlaps(span, passage, unit) for span in entry["evidence"])


def _touches(entry: Entry, passage: Passage) -> bool:
    return any(
        _overlaps(span, passage)
        or span["report"] == passage.chunk.report_id
        and span["quote"][:40] in passage.chunk.text
        for span in _spans(entry)
    )


def _overlaps(span: Mapping[str, Any], passage: Passage, unit: Unit | None = None) -> bool:
    place = unit or passage.chunk
    return (
        span["report"] == passage.chunk.report_id
        and "start" in span
        and span["start"] < place.end
        and span["end"] > place.start
    )


def claims_of(entry: Entry) -> Iterator[Claim]:
    """What the question's nuggets state, over the sentences that say so and over those that only seem to."""
    for nugget in entry["nuggets"]:
        if len(nugget["text"].split()) >= _STATEMENT and len(entry["nuggets"]) == 1:
            for span in entry["evidence"]:
                yield Claim(nugget["text"], _line(span["quote"]), LABELS.index("supported"), "shelves")
            for span in entry.get("distractors", ()):
                yield Claim(nugget["text"], _line(span["quote"]), LABELS.index("neutral"), "shelves")


def _spans(entry: Entry) -> tuple[Mapping[str, Any], ...]:
    """The evidence and what only seems to be."""
    return (*entry["evidence"], *entry.get("distractors", ()))


def _line(text: str) -> str:
    return " ".join(text.split())
