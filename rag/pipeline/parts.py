"""Passages for a question in parts, and what a list or a definition needs beside the passages found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import Protocol, runtime_checkable

from rag.question.parts import Split
from rag.readers.features import defines
from rag.schema import Draft, Filters, Passage, UnitKind
from rag.store import Reads
from rag.text import plain, terms

_LISTS = 3  # best passages whose lists are followed into the next chunk
_MOST_MORE = 4  # chunks added
_MENTIONS = 500  # of an acronym that are looked through for one that spells it out
_DEFINITIONS = 2  # put first


@runtime_checkable
class PartsReader(Protocol):
    """A reader that takes the parts of a question one by one."""

    def read_parts(
        self, question: str, split: Split, passages: Sequence[Passage], places: Sequence[Sequence[int]]
    ) -> Draft:
        """Answer each part of ``question`` from ``passages[i]`` for ``i`` of its ``places``, best first.

        The last of ``places`` are those of the question as a whole.
        """
        ...


def gathered(found: Sequence[Sequence[Passage]]) -> tuple[list[Passage], list[list[int]]]:
    """The passages found for each part as one list without repeats, and where each part's stand in it.

    The parts take turns, so that the best of each comes first; ranks count anew.
    """
    passages: list[Passage] = []
    at: dict[tuple[str, int], int] = {}
    for turn in zip_longest(*found):
        for passage in turn:
            if passage is not None and _key(passage) not in at:
                at[_key(passage)] = len(passages)
                passages.append(replace(passage, rank=len(passages) + 1))
    return passages, [[at[_key(passage)] for passage in part] for part in found]


def _key(passage: Passage) -> tuple[str, int]:
    return passage.chunk.report_id, passage.chunk.ordinal


def with_whole_lists(passages: Sequence[Passage], view: Reads) -> list[Passage]:
    """``passages`` and, behind them, the chunks in which the lists of the first few begin or go on."""
    found, known = list(passages), {_key(passage) for passage in passages}
    for passage in passages[:_LISTS]:
        for step in (-1, 1):
            here = passage
            while here and _open(here, step) and len(found) < len(passages) + _MOST_MORE:
                following = _beside(here, step, view)
                if following and _key(following) not in known:
                    found.append(replace(following, rank=len(found) + 1))
                    known.add(_key(following))
                here = following
    return found


def with_definitions(term: str, passages: Sequence[Passage], view: Reads, filters: Filters) -> list[Passage]:
    """``passages`` behind the chunks that spell out ``term``: all others that hold it say it more often."""
    stems = {stem for language in ("en", "es") for stem in terms(term, language)}
    scores = dict(view.lexical(sorted(stems), _MENTIONS, filters))
    spelled = [
        Passage(chunk, report, path, scores[number], 0, "definition")
        for number, (chunk, report, path) in view.lookup(scores).items()
        if defines(term, plain(chunk.text))
    ]
    first, _ = gathered([[*spelled[:_DEFINITIONS], *passages]])
    return first[: max(len(passages), _DEFINITIONS)]


def _open(passage: Passage, step: int) -> bool:
    """Whether a list may go on beyond the passage's end (``step`` 1) or have begun before it (-1)."""
    units = passage.chunk.units
    if not units:
        return False
    if step < 0:
        return units[0].kind is UnitKind.ITEM
    return units[-1].kind is UnitKind.ITEM or passage.chunk.text.rstrip().endswith(":")


def _beside(passage: Passage, step: int, view: Reads) -> Passage | None:
    """The chunk next to a passage's in its section; chunks of a report are stored in order."""
    wanted = passage.chunk.id + step
    chunk, report, path = view.lookup([wanted]).get(wanted, (None, None, ()))
    if chunk is None or report is None:
        return None
    here = passage.chunk
    beside = (chunk.report_id, chunk.section, chunk.ordinal) == (here.report_id, here.section, here.ordinal + step)
    return replace(passage, chunk=chunk, report=report, section=path) if beside else None
