"""Which columns of a row a question asks for.

A column is chosen only on what its head or its figures say: the kind of answer asked for, what is
counted, the stage (targeted, reached; required, funded), sex and age, months and years, and the other
words of the question. Where these disagree, or tell nothing, no column is chosen.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.facts import CURRENCIES, quantities
from rag.question import Question, Term, Want
from rag.readers.column_words import (
    BARE_SHARE,
    CURRENCY,
    DIMENSIONS,
    IN_TOTAL,
    MONEY,
    MONEY_STAGES,
    PERSONS,
    RATE,
    SEXES,
    SHARE,
    STAGES,
    THINGS,
    Dimension,
)
from rag.readers.features import ANYONE, PEOPLE
from rag.text import fold, is_stop, stems_in_all, words

_SAYS_LITTLE = "people persons individuals personas individuos total number numero"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of one row: its head, folded, and its value."""

    head: str
    value: str
    place: int

    @property
    def share(self) -> bool:
        """Whether it holds a per cent."""
        return "%" in self.value or bool(SHARE.search(self.head))

    @property
    def currency(self) -> bool:
        """Whether figure or head name a currency."""
        return any(q.unit in CURRENCIES for q in quantities(self.value)) or bool(CURRENCY.search(self.head))

    @property
    def money(self) -> bool:
        """Whether it holds amounts: it names a currency, or the head funds."""
        return self.currency or bool(MONEY.search(self.head))

    @property
    def figure(self) -> bool:
        """Whether the value is a number or a mark for none."""
        return not re.search(r"[^\W\d_]{4}", self.value)


def chosen(asked: Question, heads: Sequence[str], values: Sequence[str], around: str) -> tuple[int, ...]:
    """Places of the columns asked for, in order; () when they cannot be told.

    :param heads: one for each of ``values``; "" where the text shows none.
    :param around: what else says what the figures are: title and label of the row, headings.
    """
    columns = [Column(fold(head), value, place) for place, (head, value) in enumerate(zip(heads, values, strict=True))]
    choice = _Choice(asked, columns, fold(around))
    found = choice.made()
    return tuple(column.place for column in found) if len(found) < len(columns) else ()


class _Choice:
    """Narrows the columns of a row, one kind of evidence after the other."""

    def __init__(self, asked: Question, columns: Sequence[Column], around: str) -> None:
        self._asked, self._all, self._around = asked, list(columns), around
        self._text = fold(asked.text)
        self._money = Want.MONEY in asked.wants or bool(MONEY.search(self._text))
        self._share = Want.PERCENT in asked.wants or bool(RATE.search(self._text))
        funds = bool(MONEY.search(" ".join(asked.counted)))  # "cuántos fondos"
        self._count = Want.COUNT in asked.wants and not (self._share or funds or Want.MONEY in asked.wants)
        self._told = False  # whether anything but the kind of a count has told columns apart

    def made(self) -> list[Column]:
        """The columns that fit everything the question says; [] where it asks for what none of them holds."""
        if segment := self._segment():
            return segment
        left = self._of_kind(self._all)
        for narrow in (self._by_count, self._by_stage, self._by_dimensions, self._by_words, self._by_total):
            left = narrow(left)
        return left if self._told else []

    def _segment(self) -> list[Column]:
        """For a share: the columns up to a nameless per cent column, where several of these stand in a row."""
        if not self._share or sum(bool(BARE_SHARE.fullmatch(column.head)) for column in self._all) < 2:
            return []
        segments: list[list[Column]] = [[]]
        for column in self._all:
            segments[-1].append(column)
            if column.share:
                segments.append([])
        dimension = MONEY_STAGES if self._money else STAGES
        fitting = [
            part
            for part in segments
            if any(column.money for column in part) == self._money and part and part[-1].share
            if any(dimension(self._text) & dimension(column.head) for column in part)
        ]
        return fitting[0] if len(fitting) == 1 else []

    def _of_kind(self, columns: list[Column]) -> list[Column]:
        """Those that hold the kind of figure asked for."""
        wants = self._asked.wants
        if self._share:
            shares = [column for column in columns if column.share]
            if wants & {Want.COUNT} or re.search(r"\b(?:dollars?|dolares|usd)\b", self._text):
                return columns
            self._told |= len(shares) < len(columns)
            return shares
        if self._count and not self._money:
            return [column for column in columns if column.figure and not column.share and not column.money]
        if self._money and not self._count:
            figures = [column for column in columns if column.figure and not column.share]
            unsigned = [c for c in figures if not (c.currency or PERSONS.search(c.head) or THINGS.search(c.head))]
            if any(column.currency for column in figures):
                unsigned = [c for c in unsigned if any(_names(c.head, term.stems) for term in self._asked.terms)]
            found = [column for column in figures if column.currency or column in unsigned]
            self._told |= 0 < len(found) < len(columns) and len(found) > len(unsigned)
            return found
        return columns

    def _by_count(self, columns: list[Column]) -> list[Column]:
        """Those whose heads name what is counted."""
        terms = [term for term in self._asked.terms if term.word in self._asked.counted]
        if not terms or self._share:
            return columns
        itself = stems_in_all(" ".join(self._asked.counted))
        if anyone := bool(itself & ANYONE):
            columns = [column for column in columns if not THINGS.search(column.head) or PERSONS.search(column.head)]
            columns = self._of_certain(columns, terms)
        scores = [_score(column.head, terms) for column in columns]
        best = max(scores, default=0)
        named = [column for column, score in zip(columns, scores, strict=True) if best and score == best]
        if named and not SEXES(" ".join(self._asked.counted)):
            # "People affected" does not answer how many people were displaced, nor "Refugees affected" how many people.
            named = [column for column in named if self._explained(column)] or named
            self._told |= len(named) < len(self._all) and (not anyone or all(map(self._explained, named)))
            return named
        known = anyone or itself & PEOPLE or any(term.stems & stems_in_all(self._around) for term in terms)
        return columns if known else []

    def _of_certain(self, columns: list[Column], terms: Sequence[Term]) -> list[Column]:
        """Those of the people asked about, where people in general are named too: "indigenous people"."""
        certain = [term for term in terms if not term.stems & ANYONE]
        found = [column for column in columns if any(_names(column.head, term.stems) for term in certain)]
        self._told |= 0 < len(found) < len(self._all)
        return found or columns

    def _explained(self, column: Column) -> bool:
        """Whether the question holds every word of a head, but for those for anybody and for totals."""
        found = [fold(match.group()) for match in words(column.head)]
        asked = self._asked.stems | stems_in_all(self._text) | stems_in_all(_SAYS_LITTLE)
        return all(is_stop(word) or stems_in_all(word) & asked for word in found)

    def _by_stage(self, columns: list[Column]) -> list[Column]:
        """Those of the stage asked about: targeted, reached; required, funded."""
        if self._money and not self._count:
            return self._narrowed(columns, MONEY_STAGES)
        if not self._money:
            return self._narrowed(columns, STAGES)
        return columns

    def _by_dimensions(self, columns: list[Column]) -> list[Column]:
        for dimension in DIMENSIONS:
            columns = self._narrowed(columns, dimension, strict=True)
        return columns

    def _narrowed(self, columns: list[Column], dimension: Dimension, *, strict: bool = False) -> list[Column]:
        """Those with the values of a dimension that the question names; [] where only others have them.

        ``strict``: a head with more than what is asked for ("Women and girls") does not do.
        """
        wanted = dimension(self._text)
        if dimension is SEXES and {"boys", "children"} <= wanted:
            wanted |= {"girls"}  # "niños" may be children of either sex
        held = [dimension(column.head) for column in columns]
        if not wanted or not columns:
            return columns
        everywhere = frozenset[str]().union(*(dimension(column.head) for column in self._all))
        if not wanted & everywhere:
            # Columns of other months do not answer for this one; what the label says holds for all of them.
            return columns if not everywhere or wanted & dimension(self._around) else []
        fitting = [column for column, values in zip(columns, held, strict=True) if values & wanted]
        if not fitting:
            alone = len(columns) == 1 and self._share and BARE_SHARE.fullmatch(columns[0].head)
            return columns if alone else []
        exact = [column for column in fitting if dimension(column.head) <= wanted]
        found = exact if exact or strict else fitting
        self._told |= len(found) < len(self._all)
        return found

    def _by_words(self, columns: list[Column]) -> list[Column]:
        """Those whose heads hold most of the question's other words, when some hold more than others."""
        if len(columns) < 2:
            return columns
        here = stems_in_all(self._around)
        terms = [t for t in self._asked.terms if not t.stems & here and t.word not in self._asked.counted]
        scores = [_score(column.head, terms) for column in columns]
        best = max(scores)
        if best and min(scores) < best:
            self._told = True
            return [column for column, score in zip(columns, scores, strict=True) if score == best]
        return columns

    def _by_total(self, columns: list[Column]) -> list[Column]:
        """The total among columns that differ in whom or when they count, unless the question says which."""
        totals = [column for column in columns if IN_TOTAL(column.head)]
        others = [column for column in columns if column not in totals]
        split = others and all(any(dimension(column.head) for dimension in DIMENSIONS) for column in others)
        if len(totals) != 1 or not others:
            return columns
        if IN_TOTAL(self._text) and not any(dimension(self._text) for dimension in DIMENSIONS[:2]):
            self._told = True
            return totals
        named = any(dimension(self._text) for dimension in DIMENSIONS)
        return totals if self._told and split and not named else columns


def _score(head: str, terms: Sequence[Term]) -> int:
    """Words of a head that ``terms`` stand for, and once more the terms that it holds as they are.

    A phrase's translation stands for each of its words, so that one of these may name two columns.
    """
    stems = frozenset[str]().union(*(term.stems for term in terms))
    held = sum(_names(head[match.start() : match.end() + 1], stems) for match in words(head))
    return held + sum(_names(head, stems_in_all(term.word)) for term in terms)


def _names(head: str, stems: frozenset[str]) -> bool:
    """Whether a head holds one of ``stems``, or an abbreviation of one: "Hum. Transp."."""
    if stems & stems_in_all(head):
        return True
    short = [head[match.start() : match.end()] for match in words(head) if head[match.end() : match.end() + 1] == "."]
    return any(len(word) > 3 and stem.startswith(word) for word in short for stem in stems)
