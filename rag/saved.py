"""Answers that were written as JSON, as answers again: the inverse of ``Answer.to_dict``."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from rag.errors import RagError
from rag.schema import Answer

Record = TypeVar("Record")


class SavedError(RagError):
    """What was saved is no answer; the message names the place in it."""


def answer_from(data: Mapping[str, Any]) -> Answer:
    """The answer that ``data``, a parsed ``Answer.to_dict()``, was made from.

    ``answer_from(json.loads(json.dumps(answer.to_dict()))) == answer``. A key that is missing takes its default, one
    that is not known is passed over, so that answers of neighbouring versions can be read.

    :raises SavedError: a value is missing or is not of its kind.
    """
    return _record(Answer, data, "answer")


@cache
def _kinds(kind: type) -> list[tuple[Field[Any], Any]]:
    hints = get_type_hints(kind)
    return [(one, hints[one.name]) for one in fields(kind)]


def _record(kind: type[Record], value: Any, place: str) -> Record:
    if not isinstance(value, Mapping):
        raise _wrong(place, value, "a group of named values")
    found = {}
    for one, hint in _kinds(kind):
        if one.name in value:
            found[one.name] = _value(hint, value[one.name], f"{place}.{one.name}")
        elif one.default is MISSING and one.default_factory is MISSING:
            raise SavedError(f"The saved answer is damaged: {place}.{one.name} is missing. Ask the question again.")
    return kind(**found)


def _value(kind: Any, value: Any, place: str) -> Any:
    """``value`` as what a field of type ``kind`` holds."""
    if is_dataclass(kind):
        return _record(kind, value, place)
    origin = _origin(kind)
    if origin in (Union, types.UnionType):
        inner = next(one for one in get_args(kind) if one is not type(None))
        return None if value is None else _value(inner, value, place)
    if origin is tuple:
        return _tuple(get_args(kind), value, place)
    if origin is Literal:
        if value not in get_args(kind):
            raise _wrong(place, value, f"one of {', '.join(get_args(kind))}")
        return value
    if isinstance(origin, type) and issubclass(origin, Mapping):
        if not isinstance(value, Mapping):
            raise _wrong(place, value, "a group of named values")
        _, inner = get_args(kind)
        return {key: _value(inner, item, f"{place}.{key}") for key, item in value.items()}
    return _single(kind, value, place)


@lru_cache(maxsize=256)
def _origin(kind: Any) -> Any:
    return get_origin(kind)


def _tuple(kinds: tuple[Any, ...], value: Any, place: str) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise _wrong(place, value, "a list")
    if kinds[-1] is Ellipsis:
        kinds = (kinds[0],) * len(value)
    if len(kinds) != len(value):
        raise _wrong(place, value, f"a list of {len(kinds)}")
    return tuple(
        _value(kind, item, f"{place}[{number}]") for number, (kind, item) in enumerate(zip(kinds, value, strict=True))
    )


def _single(kind: type, value: Any, place: str) -> Any:
    """A text, number, yes or no, word of an enumeration, or date."""
    if kind is float and type(value) is int:
        return float(value)
    if type(value) is kind:
        return value
    if not (isinstance(value, str) and issubclass(kind, StrEnum | date)):
        raise _wrong(place, value, _NAMES.get(kind, "a text"))
    try:
        return kind(value) if issubclass(kind, StrEnum) else kind.fromisoformat(value)
    except ValueError:
        raise _wrong(place, value, _NAMES.get(kind) or f"one of {', '.join(kind)}") from None


_NAMES = {
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    date: "a date",
    datetime: "a date and time",
}


def _wrong(place: str, value: Any, wanted: str) -> SavedError:
    shown = repr(value)
    shown = shown if len(shown) <= 60 else f"{shown[:60]}…"
    return SavedError(
        f"The saved answer is damaged: {place} is {shown}, where {wanted} belongs. Ask the question again."
    )
