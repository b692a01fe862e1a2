"""Passages read by a cross-encoder, and what it makes of each of their units."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rag.matching import PassageView, alone, shown
from rag.schema import CrossEncoder

_LEAST = 0.001  # of a probability whose odds are taken
_TINY = 1e-6


@dataclass(frozen=True, slots=True)
class Closely:
    """What a cross-encoder makes of a unit, each 0 to 1.

    ``place``: how likely the answer lies in this unit, if it lies in its passage, as log-odds between
    those of 0.001 and 0.999. ``best``: how likely its passage answers, against
    the likeliest one. ``part``: the share of the unit in all that seems to answer, in all passages.
    """

    place: float = 0.0
    best: float = 0.0
    part: float = 0.0


def read_closely(question: str, views: Sequence[PassageView], model: CrossEncoder) -> list[list[Closely]]:
    """What the model makes of each unit of each passage.

    A passage is read under its headings, as people would: title, period and section, heads of a table.
    """
    passages = [shown(view) for view in views]
    readings = model.read(question, [text for text, _ in passages])
    most = max(_TINY, *(reading.answers for reading in readings))
    masses = [
        [reading.share(start, end) for start, end in spans]
        for reading, (_, spans) in zip(readings, passages, strict=True)
    ]
    whole = _TINY + sum(reading.answers * sum(parts) for reading, parts in zip(readings, masses, strict=True))
    return [
        [
            Closely(
                _odds(mass),
                reading.answers / most,
                reading.answers * mass / whole,
            )
            for mass in parts
        ]
        for reading, parts in zip(readings, masses, strict=True)
    ]


def read_alone(
    question: str, views: Sequence[PassageView], units: Sequence[tuple[int, int]], model: CrossEncoder
) -> list[float]:
    """How likely each unit answers, read by itself under its headings; log-odds as ``Closely.place``.

    ``units`` are given by passage and number in it.
    """
    readings = model.read(question, [alone(views[passage], number)[0] for passage, number in units])
    return [_odds(reading.answers) for reading in readings]


def _odds(chance: float) -> float:
    kept = min(max(chance, _LEAST), 1 - _LEAST)
    top = math.log((1 - _LEAST) / _LEAST)
    return (math.log(kept / (1 - kept)) + top) / (2 * top)
