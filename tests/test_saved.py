"""Answers survive JSON, and damage to one is told."""

from __future__ import annotations

import json
from dataclasses import MISSING, fields
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.saved import SavedError, answer_from
from rag.schema import (
    Answer,
    BlockKind,
    Box,
    Chunk,
    Citation,
    CitedSentence,
    Passage,
    Period,
    Relation,
    RelationKind,
    ReportInfo,
    Unit,
    UnitKind,
    Verdict,
)

texts = st.text(max_size=8)
numbers = st.integers(0, 10**6)
floats = st.floats(allow_nan=False)
days = st.dates(date(1990, 1, 1))


def few(of):
    return st.lists(of, max_size=2).map(tuple)


spans = st.tuples(numbers, numbers)
units = st.builds(
    Unit,
    numbers,
    numbers,
    st.sampled_from(UnitKind),
    texts,
    few(texts),
    texts,
    few(spans),
    few(st.builds(Relation, st.sampled_from(RelationKind), numbers, few(numbers))),
)
infos = st.builds(
    ReportInfo,
    id=texts,
    title=texts,
    period=st.none() | st.builds(Period, days, days),
    published=st.none() | days,
    origins=st.dictionaries(texts, texts, max_size=2),
    warnings=few(texts),
)
chunks = st.builds(Chunk, texts, numbers, numbers, numbers, numbers, texts, st.sampled_from(BlockKind), few(units))
citations = st.builds(
    Citation,
    numbers,
    texts,
    texts,
    st.none() | days,
    few(texts),
    st.none() | numbers,
    texts,
    numbers,
    numbers,
    floats,
    st.sampled_from(Verdict),
    few(st.builds(Box, numbers, floats, floats, floats, floats)),
    texts,
    st.none() | floats,
)
answers = st.builds(
    Answer,
    st.sampled_from(["answered", "abstained"]),
    texts,
    few(st.builds(CitedSentence, texts, few(numbers), st.sampled_from(Verdict))),
    few(citations),
    few(st.builds(Passage, chunks, infos, few(texts), floats, numbers, texts)),
    texts,
    st.dictionaries(texts, floats, max_size=2),
    st.none() | floats,
    texts,
    few(texts),
    texts,
    few(texts),
)


@settings(max_examples=60, deadline=None)
@given(answers)
def test_an_answer_survives_json(answer):
    assert answer_from(json.loads(json.dumps(answer.to_dict()))) == answer


def test_a_real_answer_survives_json(assistant):
    answer = assistant.query("How many teachers attended the workshop in San Juan de Lurigancho?")
    assert answer.citations and answer_from(json.loads(json.dumps(answer.to_dict()))) == answer


SAMPLE = Answer(
    "answered",
    "Yes. [1]",
    (CitedSentence("Yes.", (1,), Verdict.SUPPORTED),),
    (Citation(1, "r", "R", date(2024, 1, 2), ("A",), 3, "Yes.", 0, 4, 0.5, Verdict.PARTLY, (Box(3, 1, 2, 3, 4),)),),
    (
        Passage(
            Chunk("r", 0, 0, 0, 4, "Yes.", BlockKind.TABLE, (Unit(0, 4, UnitKind.ROW, cells=((0, 4),)),)),
            ReportInfo(id="r", title="R", period=Period(date(2024, 1, 1), date(2024, 1, 31))),
            ("A",),
            1.0,
            1,
            "rerank",
        ),
    ),
    "extractive",
    {"total": 1.0},
)


def test_whole_numbers_come_back_as_floats_where_floats_belong():
    data = json.loads(json.dumps(SAMPLE.to_dict()))
    data["timings_s"]["total"] = 1
    assert type(answer_from(data).timings_s["total"]) is float


def test_what_later_versions_add_is_passed_over_and_what_earlier_ones_lacked_has_its_default():
    data = SAMPLE.to_dict()
    data["passages"][0]["report"]["layout"] = {"pages": []}
    data["new"] = 1
    del data["notes"], data["citations"][0]["boxes"]
    read = answer_from(data)
    assert read.notes == () and read.citations[0].boxes == ()
    assert read.passages == SAMPLE.passages


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (["status"], "perhaps", "answer.status is 'perhaps', where one of answered, abstained belongs"),
        (["text"], None, "answer.text is None, where a text belongs"),
        (["sentences"], "Yes.", "answer.sentences is 'Yes.', where a list belongs"),
        (["sentences", 0], [], r"answer.sentences\[0\] is \[\], where a group of named values belongs"),
        (["citations", 0, "published"], "2024-13-01", r"answer.citations\[0\].published .* where a date belongs"),
        (["citations", 0, "page"], True, r"answer.citations\[0\].page is True, where a whole number belongs"),
        (["citations", 0, "page"], 1.5, "page is 1.5, where a whole number belongs"),
        (["citations", 0, "verdict"], "maybe", "where one of supported, partly, unsupported belongs"),
        (["passages", 0, "chunk", "units", 0, "cells", 0], [1], r"cells\[0\] is \[1\], where a list of 2 belongs"),
        (["timings_s"], [], r"answer.timings_s is \[\], where a group of named values belongs"),
    ],
)
def test_damage_is_told_with_its_place(path, value, told):
    data = json.loads(json.dumps(SAMPLE.to_dict()))
    inner = data
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    with pytest.raises(SavedError, match=told):
        answer_from(data)


@pytest.mark.parametrize(
    "name", [one.name for one in fields(Answer) if one.default is MISSING and one.default_factory is MISSING]
)
def test_a_missing_field_is_told(name):
    data = SAMPLE.to_dict()
    del data[name]
    with pytest.raises(SavedError, match=f"answer.{name} is missing"):
        answer_from(data)


@pytest.mark.parametrize("data", [None, [], "answer", 3])
def test_what_is_no_answer_at_all_is_told(data):
    with pytest.raises(SavedError, match="answer is"):
        answer_from(data)
