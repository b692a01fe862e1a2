"""Dates and periods, in every notation that the reports and their readers use."""

import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.dates import DateMention, PartialDate, find_dates

ENGLISH = [
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
]
SPANISH = [
    *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
    *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
]


def only(text: str) -> DateMention:
    (mention,) = find_dates(text)
    return mention


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("On 10 January 2024, the", "2024-01-10"),
        ("on January 10, 2024 the", "2024-01-10"),
        ("el 10 de enero de 2024", "2024-01-10"),
        ("el 10 de enero del 2024", "2024-01-10"),
        ("the 15th of June 2019", "2019-06-15"),
        ("2024-01-10", "2024-01-10"),
        ("10/01/2024", "2024-01-10"),
        ("01/25/2024", "2024-01-25"),
        ("01.02.2024", "2024-02-01"),
        ("2024-01", "2024-01"),
        ("2024-01 to 2024-02", "2024-01 to 2024-02"),
        ("January–February 2024", "2024-01 to 2024-02"),
        ("in January and February 2024", "2024-01 to 2024-02"),
        ("between August 2021 and December 2023", "2021-08 to 2023-12"),
        ("between September 2018 and September 2019", "2018-09 to 2019-09"),
        ("entre junio y agosto de 2020", "2020-06 to 2020-08"),
        ("de enero a marzo de 2020", "2020-01 to 2020-03"),
        ("From July to December 2019", "2019-07 to 2019-12"),
        ("November to January 2024", "2023-11 to 2024-01"),
        ("January 2024 to March", "2024-01 to 2024-03"),
        ("del 1 al 15 de mayo de 2020", "2020-05-01 to 2020-05-15"),
        ("10-15 January 2024", "2024-01-10 to 2024-01-15"),
        ("mayo de 2020", "2020-05"),
        ("setiembre de 2023", "2023-09"),
        ("May 2020", "2020-05"),
        ("what happened in may 2020?", "2020-05"),
        ("Sept. 2023", "2023-09"),
        ("throughout 2019.", "2019"),
        ("2022-2023", "2022 to 2023"),
        ("(2022- 2023)", "2022 to 2023"),
        ("2023/24", "2023 to 2024"),
        ("from 2018 to 2023", "2018 to 2023"),
        ("the first quarter of 2024", "2024-01 to 2024-03"),
        ("Q1 2024", "2024-01 to 2024-03"),
        ("el primer trimestre de 2024", "2024-01 to 2024-03"),
        ("in Jan/Feb 2024", "2024-01 to 2024-02"),
        ("Aug-Sept 2019", "2019-08 to 2019-09"),
        ("Aug/Sept 2019", "2019-08 to 2019-09"),
        ("en enero/febrero de 2024", "2024-01 to 2024-02"),
        ("in the first two months of 2024", "2024-01 to 2024-02"),
        ("los dos primeros meses de 2024", "2024-01 to 2024-02"),
        ("the last 3 months of 2022", "2022-10 to 2022-12"),
        ("último trimestre de 2023", "2023-10 to 2023-12"),
        ("first half of 2023", "2023-01 to 2023-06"),
        ("segundo semestre de 2023", "2023-07 to 2023-12"),
        ("early 2024", "2024-01 to 2024-04"),
        ("late 2023", "2023-09 to 2023-12"),
        ("a mediados de marzo de 2021", "2021-03-11 to 2021-03-20"),
        ("end of February 2024", "2024-02-21 to 2024-02-29"),
        ("resolution 2729 (2024)", "2024"),
        ("In 2019 refugees arrived", "2019"),
        ("30 February 2024", "2024-02"),
        ("**10** January **2024**", "2024-01-10"),
    ],
)
def test_a_date_with_a_year_is_a_period(text: str, label: str) -> None:
    period = only(text).period
    assert period is not None
    assert period.label == label


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("On 31 March, the", (None, 3, 31), (None, 3, 31)),
        ("from June to August", (None, 6, None), (None, 8, None)),
        ("in May and June. However", (None, 5, None), (None, 6, None)),
        ("Between 10 and 18 June", (None, 6, 10), (None, 6, 18)),
        ("Since May, five", (None, 5, None), (None, 5, None)),
        ("since mid-March.", (None, 3, 11), (None, 3, 20)),
        ("In March the", (None, 3, None), (None, 3, None)),
        ("In January 20 organisations met", (None, 1, None), (None, 1, None)),
        ("en mayo", (None, 5, None), (None, 5, None)),
        ("El 3 de mayo", (None, 5, 3), (None, 5, 3)),
    ],
)
def test_a_date_without_a_year_has_no_period(text: str, first: tuple, last: tuple) -> None:
    mention = only(text)
    assert (mention.first, mention.last) == (PartialDate(*first), PartialDate(*last))
    assert mention.period is None


@pytest.mark.parametrize(
    "text",
    [
        "2,024 kits",
        "2020 persons",
        "some 2020 workshops",
        "2450 informative fairs",
        "$2020",
        "2020 USD",
        "2020 per cent",
        "12K\t2034\t581",
        "resolution 2729",
        "Matricula2020",
        "people may apply",
        "you may, in fact, march",
        "May the force",
        "by sea (mar) and by land",
        "https://example.org/2023/05/10/report",
        "[link](https://example.org/2023)",
        "item 120190",
        "13/45/2024",
        "",
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert find_dates(text) == []


def test_mentions_come_in_order_with_their_spans() -> None:
    text = "On 10 January 2024 and again on 23 February; in 2019, 500 people."
    assert [text[m.start : m.end] for m in find_dates(text)] == ["10 January 2024", "23 February", "2019"]


def test_a_list_shares_the_year_that_its_end_states() -> None:
    labels = [m.period.label for m in find_dates("on 3 May and 7 May 2020") if m.period]
    assert labels == ["2020-05-03", "2020-05-07"]


def test_years_out_of_order_are_two_dates() -> None:
    assert len(find_dates("December 2023 - March 2022")) == 2


@given(
    st.dates(date(1990, 1, 1), date(2039, 12, 31)),
    st.sampled_from(["{d} {en} {y}", "{en} {d}, {y}", "{d} de {es} de {y}", "{y}-{m:02}-{d:02}", "{d:02}/{m:02}/{y}"]),
)
@settings(deadline=None)
def test_every_day_reads_back_in_every_notation(day: date, form: str) -> None:
    names = {"en": ENGLISH[day.month - 1], "es": SPANISH[day.month - 1]}
    written = form.format(d=day.day, m=day.month, y=day.year, **names)
    period = only(f"on {written} the").period
    assert period is not None
    assert (period.start, period.end) == (day, day)


@given(st.text(alphabet="0123456789 -/.,()[]MayJuneof dentro*_\n", max_size=80))
@settings(deadline=None)
def test_any_text_gives_ordered_spans_inside_it(text: str) -> None:
    end = 0
    for mention in find_dates(text):
        assert end <= mention.start < mention.end <= len(text)
        end = mention.end
        assert mention.period is None or mention.period.start <= mention.period.end


@pytest.mark.parametrize("unit", ["1,", "(", "A ", "](", "[", "2020-", "10 de ", "May ", "0", " ", "1-1/"])
def test_hostile_text_takes_linear_time(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    start = time.perf_counter()
    find_dates(text)
    assert time.perf_counter() - start < 5
