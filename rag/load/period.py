"""The days a report covers and the day it was published, as its front says them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date

from rag.dates import DateMention, find_dates
from rag.load.cover import is_figures
from rag.load.head import HEAD_CHARS, HeadLine
from rag.schema import Period
from rag.text import sentence_spans

_COUNTED_CHARS = 300_000  # about 100 pages are enough to see which year dominates
_MIN_YEARS = 5  # mentions of years in all, and
_MIN_SHARE = 0.7  # the share of them in one year, for that year to be the report's
_LINE_WORDS = 16  # at most, on a line that is not part of a paragraph
_TOP_LINES = 12  # where a date that stands alone belongs to the report as a whole

_KIND = (
    r"(?:report|update|bulletin|document|sit-?rep|fact ?sheet|informe|reporte|bolet[ií]n|documento|"
    r"actualizaci[oó]n|rapport)"
)
_REPORT = re.compile(rf"\b{_KIND}s?\b", re.IGNORECASE)
_ITSELF = re.compile(
    rf"\b(?:this|the present|este|el presente|ce|le pr[eé]sent) (?:[\w-]+ ){{0,2}}{_KIND}\b|^\W*it covers\b",
    re.IGNORECASE,
)
_COVERS = re.compile(
    r"\b(?:cover(?:s|ed|ing)?|(?<!same )period|(?<!mismo )per[ií]odo|cubre|abarca|comprende|corresponde|couvre|"
    r"porte sur|p[eé]riode)\b",
    re.IGNORECASE,
)
_REPORTING_PERIOD = re.compile(
    r"\breporting period\b|\bper[ií]odo (?:de reporte|del informe|cubierto)\b|"
    r"\bp[eé]riode (?:couverte|de rapport(?:age)?|consid[eé]r[eé]e)\b",
    re.IGNORECASE,
)
_LABEL = re.compile(r"(?:^|\n)\W*(?:reporting )?p[eé]r[ií]od[eo]?\b[^.:|\n]{0,40}[:|][\s|]*$", re.IGNORECASE)
_LEADS = re.compile(
    r"(?:\b(?:in|during|for|from|between|throughout|en|durante|entre|del?|desde)(?: the| el)?|"
    r"\bcover(?:s|ing)|period|per[ií]odo|couvre(?: la p[eé]riode)?|p[eé]riode|:)\s*\(?$",
    re.IGNORECASE,
)
_MADE = re.compile(r"\b(?:prepared|published|written|elaborad|publicad|preparad|resoluci?[oó]n|adopted)", re.IGNORECASE)
_PREVIOUS = re.compile(
    r"\bsince the (?:(?:\w+ ){0,5}?(?:previous|last|most recent) (?:\w+ )?report[^.;]{0,60}|report of) ?$|"
    r"\bdesde (?:el|la (?:publicaci[oó]n|presentaci[oó]n) del) "
    r"(?:anterior informe|informe anterior|[uú]ltimo informe)[^.;]{0,60}$",
    re.IGNORECASE,
)
_OF_PERIOD = re.compile(r"\W*(?:reporting )?(?:period|per[ií]odo|p[eé]riode)\b", re.IGNORECASE)
_AS_OF = re.compile(
    r"\b(?:as (?:of|at)|data as (?:reported|received)\b.{0,70}|(?:actualizad[oa]|datos|corte)(?: al?)?|"
    r"a fecha(?: de)?|status (?:on|at)|date de rapportage|(?:donn[eé]es|situation|mise? [aà] jour)(?: au| du| le)?)"
    r"[\s:|]*$",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(
    r"\b(?:distr\.|published|issued|released|(?:publication|issue|release) date|"
    r"date(?: of (?:publication|issue|report))?\s?[:|]|"
    r"publicad[oa]|emitid[oa]|fecha(?: de (?:publicaci[oó]n|emisi[oó]n|elaboraci[oó]n))?\s?[:(|]|"
    r"fecha de (?:publicaci[oó]n|emisi[oó]n)|date de (?:publication|parution|r[eé]daction)|publi[eé]e?\b)",
    re.IGNORECASE,
)
_OF_SYMBOL = re.compile(r"\d\s*\($|/$")  # before a year: "resolution 1701 (2006)", "no. 16/2025"
_CAPTION = re.compile(
    r"\W*(?:figure\d*|table|map|chart|source|figura|tabla|cuadro|mapa|gr[aá]fico|fuente)s?\b", re.IGNORECASE
)
_MEETING = re.compile(r"\bsession\b|\bmeeting\b|per[ií]odo de sesiones|\breuni[oó]n\b", re.IGNORECASE)


def find_published(lines: Sequence[HeadLine], title: str) -> date | None:
    """Day of publication: a full date with "Distr.", "Published" or "Fecha", or alone among the first lines.

    Else the full date in a title that names a report ("Situation Report #39, 12 March 2021"), else
    None. The dates of a session or meeting, and those after "as of", are not it.
    """
    alone = None
    for number, line in enumerate(lines):
        above = lines[number - 1].text if number else ""
        if len(line.text.split()) > _LINE_WORDS or _MEETING.search(above) or _MEETING.search(line.text):
            continue
        for mention in find_dates(line.text):
            day, bare = _day(mention), not _has_words(_rest(line.text, mention))
            before = line.text[: mention.start]
            labelled = _PUBLISHED.search(before) and len(before.split()) <= 4
            if day and (labelled or (bare and _PUBLISHED.search(above))):
                return day
            if day and bare and number < _TOP_LINES and not _AS_OF.search(above):
                alone = alone or day
    if alone is None and _REPORT.search(title):
        days = ((_day(mention), title[: mention.start]) for mention in find_dates(title))
        return next((day for day, before in days if day and not _AS_OF.search(before)), None)
    return alone


def find_period(text: str, lines: Sequence[HeadLine], title: str, published: date | None) -> Period | None:
    """Days that the report says it covers; None when it does not say.

    Tried in this order: what it covers in so many words; the date in its title, or on a line of
    its own; what "this report" describes; "since the previous report of …" until it was
    published; "as of …". Without any of these, and without a published date, the year that most
    dates in the text fall into, if it clearly dominates.
    """
    head = text[:HEAD_CHARS]
    dated = []  # each date at the front, with what its sentence says before it
    for start, end in sentence_spans(head):
        sentence = head[start:end]
        dated += [(sentence[: mention.start], mention) for mention in find_dates(sentence)]
    return (
        _covered(dated)
        or _titled(title)
        or _on_a_line(lines)
        or _described(dated)
        or _since_previous(dated, published)
        or _as_of(lines, text)
        or (None if published else _dominating(text))
    )


def _day(mention: DateMention) -> date | None:
    period = mention.period
    return period.start if period and period.start == period.end else None


def _rest(line: str, mention: DateMention) -> str:
    return line[: mention.start] + " " + line[mention.end :]


def _has_words(text: str) -> bool:
    return re.search(r"[^\W\d_]{2,}", text) is not None


_Dated = Sequence[tuple[str, DateMention]]


def _covered(dated: _Dated) -> Period | None:
    for before, mention in dated:
        is_span = mention.first != mention.last or mention.first.day is None
        names_report = _REPORT.search(before) or _ITSELF.search(before)
        names_period = _REPORTING_PERIOD.search(before) or (names_report and _COVERS.search(before))
        covered = _LABEL.search(before) or (is_span and names_period and _LEADS.search(before))
        if covered and mention.period:
            return mention.period
    return None


def _titled(title: str) -> Period | None:
    """A range, month or year in the title; a bare year only at its ends or beside the kind of report.

    So not the year in "Coronavirus disease 2019: …" or "resolution 1701 (2006)", nor the day of a letter.
    """
    for mention in find_dates(title):
        before, after = title[: mention.start], title[mention.end :]
        inside = bool(before.strip(" (–-") and after.strip(" .)–-"))
        beside_kind = _REPORT.search(before[-10:]) or _REPORT.search(after[:24])
        is_bare_year = mention.first == mention.last and mention.first.month is None
        is_other = _day(mention) or _OF_SYMBOL.search(before) or (is_bare_year and inside and not beside_kind)
        if mention.period and not is_other:
            return mention.period
    return None


def _on_a_line(lines: Sequence[HeadLine]) -> Period | None:
    """A month, range or year on a line by itself near the top, or beside "report" or "period" on a short line."""
    for number, line in enumerate(lines):
        above = lines[number - 1].text if number else ""
        if _MEETING.search(above) or line.text.endswith((".", ",")) or _CAPTION.match(line.text):
            continue
        for mention in find_dates(line.text):
            rest, before = _rest(line.text, mention), line.text[: mention.start]
            alone = number < _TOP_LINES and not re.search(r"[^\W_]{2,}", rest) and not is_figures(above)
            if len(rest.split()) > 8:
                continue
            is_other = _day(mention) or _OF_SYMBOL.search(before) or _AS_OF.search(before)
            if mention.period and not is_other and (alone or _REPORT.search(rest) or _OF_PERIOD.match(rest)):
                return mention.period
    return None


def _described(dated: _Dated) -> Period | None:
    for before, mention in dated:
        flat = " ".join(before.split())
        is_of_report = _ITSELF.search(flat) and _LEADS.search(before) and not _MADE.search(flat)
        if is_of_report and mention.period and not _day(mention):
            return mention.period
    return None


def _since_previous(dated: _Dated, published: date | None) -> Period | None:
    for before, mention in dated:
        start = _day(mention)
        if start and published and start < published and _PREVIOUS.search(" ".join(before.split())):
            return Period(start, published)
    return None


def _as_of(lines: Sequence[HeadLine], text: str) -> Period | None:
    """A date after "as of" on a short line.

    Not when the line stands under a figure, which it then dates, nor when the text speaks of
    later years, so that the date cannot be that of the whole. Nor when more words come before
    it, which say what it dates ("Districts covered (as of …)").
    """
    for number, line in enumerate(lines):
        under_figure = number > 0 and is_figures(lines[number - 1].text)
        if under_figure or len(line.text.split()) > _LINE_WORDS or _CAPTION.match(line.text):
            continue
        for mention in find_dates(line.text):
            period = mention.period
            match = _AS_OF.search(line.text[: mention.start])
            if not period or not match or len(line.text[: match.start()].split()) > 3:
                continue
            if sum(year > period.end.year for year in _years(text)) < 2:
                return period
    return None


def _years(text: str) -> list[int]:
    spans = ((mention.first.year, mention.last.year) for mention in find_dates(text[:_COUNTED_CHARS]))
    return [first for first, last in spans if first is not None and first == last]


def _dominating(text: str) -> Period | None:
    """The year of most dates in the text, None when there are few dates or none leads clearly."""
    counts = Counter(_years(text))
    total = sum(counts.values())
    if total < _MIN_YEARS:
        return None
    year, count = counts.most_common(1)[0]
    return Period(date(year, 1, 1), date(year, 12, 31)) if count >= _MIN_SHARE * total else None
