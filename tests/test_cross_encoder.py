"""The bundled reader model: where an answer stands, whether there is one, and what is borne out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from encoder_samples import describe, linked_copy

from rag import EncoderError
from rag.cross_encoder import FOLDER, BundledCrossEncoder
from rag.onnx_model import MODEL

PASSAGE = (
    "Sitrep 7, May 2023\nHealth\nIn Tumbes, 4,200 children were vaccinated against measles. "
    "The campaign was paid for by the Red Cross. Mobile clinics reached twelve villages in Piura."
)


@pytest.fixture(scope="module")
def model():
    return BundledCrossEncoder()


def share(reading, part: str) -> float:
    start = PASSAGE.index(part)
    return reading.share(start, start + len(part))


@pytest.mark.parametrize(
    ("question", "part"),
    [
        ("How many children were vaccinated?", "4,200 children"),
        ("¿Cuántos niños fueron vacunados?", "4,200 children"),
        ("Who paid for the campaign?", "the Red Cross"),
        ("How many villages did the clinics reach?", "twelve villages"),
    ],
)
def test_the_answers_place_is_found(model, question, part):
    (reading,) = model.read(question, [PASSAGE])
    assert share(reading, part) > 0.5
    assert reading.mass.sum() == pytest.approx(1.0, abs=1e-3)
    assert all(PASSAGE[start:end] for start, end in reading.offsets)


def test_what_is_not_said_is_less_likely_to_be_answered(model):
    asked, near_miss, elsewhere = (
        model.read(question, [PASSAGE])[0].answers
        for question in (
            "How many children were vaccinated against measles in Tumbes?",
            "How many women were vaccinated against measles in Tacna?",
            "Who won the football match?",
        )
    )
    assert 1.0 >= asked > near_miss and asked > elsewhere >= 0.0


def test_passages_are_read_in_order_and_by_themselves(model):
    others = ["Nothing of the kind.", PASSAGE, ""]
    readings = model.read("How many children were vaccinated?", others)
    alone = [model.read("How many children were vaccinated?", [one])[0] for one in others]
    for together, single in zip(readings, alone, strict=True):
        assert together.answers == single.answers and np.array_equal(together.mass, single.mass)
    assert readings[2].offsets == () and readings[2].share(0, 9) == 0.0
    assert model.read("How many?", []) == []


def test_a_passage_is_read_once_for_a_question(monkeypatch):
    model, runs = BundledCrossEncoder(), []
    run = model._model.run
    monkeypatch.setattr(model._model, "run", lambda *given: runs.append(given) or run(*given))
    first = model.read("How many children?", [PASSAGE, "Nothing."])
    assert model.read("How many children?", ["Nothing.", PASSAGE]) == first[::-1] and len(runs) == 2
    model.read("How many women?", [PASSAGE])
    assert len(runs) == 3


def test_of_a_long_passage_the_beginning_is_read(model):
    (reading,) = model.read("How many children were vaccinated?", [PASSAGE + " And so on." * 900])
    assert max(end for _, end in reading.offsets) < 2_000 and share(reading, "4,200 children") > 0.3


def test_a_question_longer_than_the_model_reads_nothing(model):
    (reading,) = model.read("why " * 400, [PASSAGE])
    assert 0.0 <= reading.answers <= 1.0 and reading.offsets == ()


def test_statements_are_judged(model):
    true, false, other = (
        model.judge(statement, [PASSAGE])[0]
        for statement in (
            "In Tumbes, 4,200 children were vaccinated.",
            "In Tumbes, 9,800 children were vaccinated.",
            "Schools in Lima were repaired with funds of the government.",
        )
    )
    for support in (true, false, other):
        assert support.supported + support.refuted + support.neutral == pytest.approx(1.0, abs=1e-5)
    assert true.supported > false.supported and true.supported > other.supported


def test_threads_share_it(model):
    questions = ["How many children were vaccinated?", "Who paid for the campaign?"] * 4
    expected = [model.read(question, [PASSAGE])[0].answers for question in questions]
    with ThreadPoolExecutor(4) as pool:
        assert [r[0].answers for r in pool.map(lambda q: model.read(q, [PASSAGE]), questions)] == expected


def test_altered_files_are_refused(tmp_path):
    folder = linked_copy(tmp_path / "reader", FOLDER, without=[MODEL])
    with pytest.raises(EncoderError, match="model.onnx cannot be read"):
        BundledCrossEncoder(folder)
    (folder / MODEL).write_bytes((FOLDER / MODEL).read_bytes()[:-100])
    with pytest.raises(EncoderError, match="altered or incomplete"):
        BundledCrossEncoder(folder)
    folder = describe(linked_copy(tmp_path / "other", FOLDER), source_folder=FOLDER, max_tokens=2)
    with pytest.raises(EncoderError, match="states the max_tokens 2"):
        BundledCrossEncoder(folder)
