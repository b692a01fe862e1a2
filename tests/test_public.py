"""The public surface is what is documented."""

from __future__ import annotations

import dataclasses
import importlib
import inspect

import rag
from rag import errors, schema


def test_everything_public_exists():
    assert sorted(rag.__all__) == rag.__all__
    for name in rag.__all__:
        assert getattr(rag, name).__name__ == name


def test_every_error_is_a_rag_error_and_public():
    found = {name for name, item in vars(errors).items() if inspect.isclass(item) and issubclass(item, errors.RagError)}
    assert found <= set(rag.__all__)


def test_the_result_is_the_documented_one():
    fields = lambda record: [field.name for field in dataclasses.fields(record)]  # noqa: E731
    assert fields(schema.Answer) == [
        "status", "text", "sentences", "citations", "passages", "reader", "timings_s", "confidence",
        "searched_for", "unanswered", "as_of", "notes",
    ]  # fmt: skip
    assert fields(schema.CitedSentence) == ["text", "markers", "verdict"]
    assert fields(schema.Citation) == [
        "marker", "report_id", "report_title", "published", "section", "page", "quote", "start", "end", "score",
        "verdict", "boxes", "paragraph", "ocr",
    ]  # fmt: skip


def test_records_are_frozen_and_slotted():
    for item in vars(schema).values():
        if dataclasses.is_dataclass(item):
            assert item.__dataclass_params__.frozen and "__slots__" in vars(item), item


def test_an_unknown_name_is_an_attribute_error():
    importlib.reload(rag)
    try:
        rag.nothing  # noqa: B018
    except AttributeError as error:
        assert "nothing" in str(error)
    else:
        raise AssertionError("rag.nothing exists")
