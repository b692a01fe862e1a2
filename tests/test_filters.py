"""Filters as the page sets them and says them."""

from __future__ import annotations

from datetime import date

import pytest

from rag.schema import Filters, Period, ReportInfo
from ui.filters import admitted, chips_of, choices_of, fields_of, filters_of, without

REPORTS = [
    ReportInfo(id="a", title="Same", publisher="One", period=Period(date(2019, 1, 1), date(2019, 12, 31))),
    ReportInfo(id="b", title="Same", publisher="Two", published=date(2021, 5, 1)),
    ReportInfo(id="c", title="Other"),
]
FULL = Filters(reports=("a", "gone"), publisher="One", since=date(2019, 1, 1), until=date(2021, 12, 31))


def test_choices_tell_equal_titles_apart_and_span_all_years():
    choices = choices_of(REPORTS)
    assert choices.reports == (("Other", "c"), ("Same (a)", "a"), ("Same (b)", "b"))
    assert choices.publishers == ("One", "Two")
    assert choices.years == ("2019", "2020", "2021")
    assert choices_of(REPORTS[2:]).years == ()


@pytest.mark.parametrize("filters", [FULL, Filters()])
def test_fields_hold_the_filters(filters):
    assert filters_of(*fields_of(filters)) == filters


def test_chips_say_each_filter_in_words():
    assert [chip.text for chip in chips_of(FULL, REPORTS, "en")] == ["Same", "gone", "One", "from 2019", "to 2021"]
    assert [chip.text for chip in chips_of(FULL, REPORTS, "es")][3:] == ["desde 2019", "hasta 2021"]


def test_each_chip_removes_its_filter_and_an_empty_name_all():
    left = FULL
    for number, chip in enumerate(chips_of(FULL, REPORTS, "en"), start=1):
        left = without(left, chip.name)
        assert len(chips_of(left, REPORTS, "en")) == 5 - number
    assert left == Filters()
    assert without(FULL, "") == Filters()


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        (Filters(), "abc"),
        (Filters(reports=("b",)), "b"),
        (Filters(publisher="ONE"), "a"),
        (Filters(since=date(2019, 6, 1)), "ab"),
        (Filters(since=date(2020, 1, 1)), "b"),
        (Filters(until=date(2020, 1, 1)), "a"),
    ],
)
def test_admitted_as_the_search_does(filters, ids):
    assert "".join(report.id for report in admitted(filters, REPORTS)) == ids
