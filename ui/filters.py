"""Which reports a question is searched in, as the page sets it and says it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rag.schema import Filters, ReportInfo
from ui.render import FilterChip
from ui.render.abstention import covered
from ui.words import WORDS

NAMES = ("reports", "publisher", "since", "until")


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen: (title, id) of the reports, publishers, years, all in order."""

    reports: tuple[tuple[str, str], ...]
    publishers: tuple[str, ...]
    years: tuple[str, ...]


def choices_of(reports: Sequence[ReportInfo]) -> Choices:
    """What these reports can be filtered by; a title that occurs twice carries the id as well."""
    titles = [report.title for report in reports]
    named = sorted(
        (report.title if titles.count(report.title) == 1 else f"{report.title} ({report.id})", report.id)
        for report in reports
    )
    span = covered(reports)
    years = tuple(str(year) for year in range(span[0].year, span[1].year + 1)) if span else ()
    return Choices(tuple(named), tuple(sorted({report.publisher for report in reports if report.publisher})), years)


def filters_of(reports: Sequence[str] | None, publisher: str | None, since: str | None, until: str | None) -> Filters:
    """Filters from what the fields hold; years count from their first day to their last."""
    return Filters(
        reports=tuple(reports or ()),
        publisher=publisher or "",
        since=date(int(since), 1, 1) if since else None,
        until=date(int(until), 12, 31) if until else None,
    )


def fields_of(filters: Filters) -> tuple[list[str], str | None, str | None, str | None]:
    """What the four fields hold for ``filters``."""
    return (
        list(filters.reports),
        filters.publisher or None,
        str(filters.since.year) if filters.since else None,
        str(filters.until.year) if filters.until else None,
    )


def chips_of(filters: Filters, reports: Sequence[ReportInfo], language: str) -> list[FilterChip]:
    """The filters in words, one chip each; a report that is gone goes by its id."""
    words = WORDS[language]
    titles = {report.id: report.title for report in reports}
    chips = [FilterChip(f"reports:{one}", titles.get(one, one)) for one in filters.reports]
    if filters.publisher:
        chips.append(FilterChip("publisher", filters.publisher))
    if filters.since:
        chips.append(FilterChip("since", f"{words['since']} {filters.since.year}"))
    if filters.until:
        chips.append(FilterChip("until", f"{words['until']} {filters.until.year}"))
    return chips


def without(filters: Filters, name: str) -> Filters:
    """``filters`` without the one that a chip names; without any for ``""``."""
    kind, _, report = name.partition(":")
    return Filters(
        reports=tuple(one for one in filters.reports if name and one != report),
        publisher="" if kind in ("publisher", "") else filters.publisher,
        since=None if kind in ("since", "") else filters.since,
        until=None if kind in ("until", "") else filters.until,
    )


def admitted(filters: Filters, reports: Sequence[ReportInfo]) -> list[ReportInfo]:
    """Those of ``reports`` that the filters admit, as the search takes them (see ``rag.schema.Filters``)."""
    return [report for report in reports if _admits(filters, report)]


def _admits(filters: Filters, report: ReportInfo) -> bool:
    if filters.reports and report.id not in filters.reports:
        return False
    if filters.publisher and report.publisher.casefold() != filters.publisher.casefold():
        return False
    first, last = (report.period.start, report.period.end) if report.period else (report.published, report.published)
    if filters.since and (last is None or last < filters.since):
        return False
    return not (filters.until and (first is None or first > filters.until))
