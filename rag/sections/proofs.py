"""What arithmetic shows of columns whose heads are lost: shares, sums, and a row of totals."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, permutations

from rag.facts import quantities
from rag.schema import Relation, RelationKind

_LEAST = 3  # rows that must show a relation; all others must not speak against it
_MOST = 12  # columns of a table that is looked at
_PERCENT = "percent"


@dataclass(frozen=True, slots=True)
class _Value:
    """A cell as a number; ``slack`` is how far the figure written may lie from the exact one."""

    value: Decimal
    unit: str
    slack: Decimal

    @property
    def low(self) -> Decimal:
        return self.value - self.slack

    @property
    def high(self) -> Decimal:
        return self.value + self.slack


_Table = list[list[_Value | None]]


def relations(rows: Sequence[Sequence[str]]) -> tuple[Relation, ...]:
    """What holds in every row of a table, three at the least, and in no second way.

    A share is a per cent column that is the quotient of two others; a sum a column that two or
    more others add up to: the first two when they give the third, or all others. Rounded figures
    may differ by as much as rounding explains. A cell plays one part, or that of the whole in two.
    """
    width = len(rows[0]) if rows else 0
    if not 2 < width <= _MOST or any(len(row) != width for row in rows):
        return ()
    table = [[_read(cell) for cell in row] for row in rows]
    units = [_unit(table, column) for column in range(width)]
    shares = list(_shares(table, units))
    return tuple([*shares, *_sums(table, units)])


def is_total(rows: Sequence[Sequence[str]], last: Sequence[str]) -> bool:
    """Whether every figure of ``last``, two at the least, is the sum of its column in ``rows``, three or more."""
    if len(rows) < _LEAST or any(len(row) != len(last) for row in rows):
        return False
    table = [[_read(cell) for cell in row] for row in rows]
    totals = [_read(cell) for cell in last]
    known = [column for column, total in enumerate(totals) if total and total.unit != _PERCENT]
    return len(known) >= 2 and all(
        _adds([value for row in table if (value := row[column])], totals[column]) for column in known
    )


def _read(cell: str) -> _Value | None:
    found = quantities(cell)
    if len(found) != 1 or found[0].qualifier not in ("", "about"):
        return None
    quantity = found[0]
    exact = quantity.step == 1 and quantity.unit != _PERCENT
    return _Value(quantity.value, quantity.unit, Decimal(0) if exact else quantity.step / 2)


def _unit(table: _Table, column: int) -> str | None:
    """The unit that all figures of a column have, None where they differ or there are none."""
    units = {row[column].unit for row in table if row[column]}
    return units.pop() if len(units) == 1 else None


def _holds(table: _Table, columns: Sequence[int], test: Callable[..., bool | None]) -> bool:
    """Whether ``test`` holds in each row with all of ``columns``, and tells something in three of them."""
    telling = 0
    for row in table:
        values = [row[column] for column in columns]
        if any(value is None for value in values):
            continue
        result = test(*values)
        if result is False:
            return False
        telling += result is True
    return telling >= _LEAST


def _shares(table: _Table, units: Sequence[str | None]) -> Iterator[Relation]:
    taken: set[int] = set()
    for share in (column for column, unit in enumerate(units) if unit == _PERCENT):
        pairs = [
            (whole, part)
            for whole, part in permutations(range(len(units)), 2)
            if units[whole] is not None and units[whole] == units[part] != _PERCENT
            if _holds(table, (whole, part, share), _is_share)
        ]
        if len(pairs) == 1 and pairs[0][1] not in taken:
            whole, part = pairs[0]
            taken.add(part)
            yield Relation(RelationKind.SHARE, whole, (part, share))


def _is_share(whole: _Value, part: _Value, share: _Value) -> bool | None:
    """Whether a per cent is part / whole; None where rounding leaves too much open to tell."""
    if whole.low <= 0 or part.value == 0:
        return None if share.value == 0 or whole.value == 0 else False
    low, high = 100 * part.low / whole.high, 100 * part.high / whole.low
    # Some cut a per cent off rather than round it.
    if not low - 2 * share.slack <= share.value <= high + 2 * share.slack:
        return False
    return True if high - low <= max(share.value / 5, 2 * share.slack) and part.value != whole.value else None


def _sums(table: _Table, units: Sequence[str | None]) -> Iterator[Relation]:
    for unit in sorted({unit for unit in units if unit is not None and unit != _PERCENT}):
        columns = [column for column, other in enumerate(units) if other == unit]
        found = [
            Relation(RelationKind.SUM, whole, parts)
            for whole in columns
            for parts in _parts([column for column in columns if column != whole])
            if _holds(table, (whole, *parts), lambda total, *values: _is_sum(total, values))
        ]
        if len(found) == 1:
            yield found[0]


def _parts(others: Sequence[int]) -> Iterator[tuple[int, ...]]:
    yield from combinations(others, 2)
    if len(others) > 2:
        yield tuple(others)


def _is_sum(total: _Value, values: Sequence[_Value]) -> bool | None:
    if not _adds(values, total):
        return False
    return True if sum(value.value != 0 for value in values) >= 2 else None


def _adds(values: Sequence[_Value], total: _Value | None) -> bool:
    if total is None:
        return False
    slack = total.slack + sum((value.slack for value in values), Decimal(0))
    return abs(sum((value.value for value in values), Decimal(0)) - total.value) <= slack
