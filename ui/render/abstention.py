"""An abstention as HTML: what was searched, why there is no answer, what came nearest, what to try."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from rag.question import analyse
from rag.schema import Answer, Passage, ReportInfo
from ui.render.parts import attributes, button, digest, icon, joined, section_path, shortened
from ui.words import WORDS

NEAREST = 4  # passages shown
EXCERPT = 260  # characters shown of each


@dataclass(frozen=True, slots=True)
class Searched:
    """Which reports a question was searched in.

    ``filters`` are the filters set, in words; ``question`` is as it was asked.
    """

    reports: Sequence[ReportInfo] = ()
    filters: Sequence[str] = ()
    question: str = ""


def render_abstention(answer: Answer, searched: Searched, *, key: str, language: str, written: str) -> str:
    """Make the block that stands in place of an answer. Arguments as for ``render_answer``."""
    words = WORDS[language]
    nearest = "".join(
        f"<li>{_nearest(passage, f'{key}-p{number}')}</li>"
        for number, passage in enumerate(answer.passages[:NEAREST], start=1)
    )
    passages = f'<h3 class="rq-label">{words["nearest"]}</h3><ol class="rq-nearest">{nearest}</ol>' if nearest else ""
    tips = "".join(f"<li>{tip}</li>" for tip in _tips(answer, searched, language))
    return (
        f'<div class="rq-none"><p class="rq-none-head">{icon("abstained")}{words["abstained"]}</p>'
        f'<p class="rq-text" lang="{written}">{escape(answer.text)}</p>'
        f'<p class="rq-meta">{words["what_was_searched"]}: {escape(_scope(searched, language))}</p></div>'
        f'{passages}<h3 class="rq-label">{words["what_to_try"]}</h3><ul class="rq-tips">{tips}</ul>'
    )


def covered(reports: Sequence[ReportInfo]) -> tuple[date, date] | None:
    """First and last day that the reports' periods, or without one their dates, cover; None where none states any."""
    days = [
        day
        for report in reports
        for day in ((report.period.start, report.period.end) if report.period else (report.published,))
        if day is not None
    ]
    return (min(days), max(days)) if days else None


def _scope(searched: Searched, language: str) -> str:
    words = WORDS[language]
    count = len(searched.reports)
    parts = [words["one_report"] if count == 1 else words["n_reports"].format(count)]
    if span := covered(searched.reports):
        parts.append(words["covering"].format(_years(span, language)))
    return ", ".join(parts) + "".join(f" · {one}" for one in searched.filters)


def _years(span: tuple[date, date], language: str) -> str:
    first, last = f"{span[0]:%Y-%m}", f"{span[1]:%Y-%m}"
    return first if first == last else WORDS[language]["period_to"].format(first, last)


def _tips(answer: Answer, searched: Searched, language: str) -> list[str]:
    """What to try, as HTML; each follows from the filters, the periods covered or what was found."""
    words = WORDS[language]
    tips = []
    if searched.filters:
        tips.append(button(words["try_without_filters"], kind="rq-link", data_act="unfiltered"))
    span = covered(searched.reports)
    asked = analyse(answer.searched_for or searched.question or ".").periods
    if span and asked and all(period.end < span[0] or period.start > span[1] for period in asked):
        years = ", ".join(period.label for period in asked)
        tips.append(escape(words["try_period"].format(years, _years(span, language))))
    if answer.searched_for:
        tips.append(words["try_whole"])
    headings = [passage.section[-1] for passage in answer.passages[:1] if passage.section]
    tips += [escape(words["try_section"].format(shortened(heading, 80))) for heading in headings]
    return [*tips, words["try_rephrase"]]


def _nearest(passage: Passage, target: str) -> str:
    chunk, report = passage.chunk, passage.report
    published = report.published.isoformat() if report.published else ""
    excerpt = escape(shortened(chunk.text.replace("**", ""), EXCERPT))  # without the emphasis of Markdown
    place = attributes(
        id=target,
        data_cite=target,
        data_report=chunk.report_id,
        data_start=chunk.start,
        data_end=chunk.end,
        data_check=digest(chunk.text),
    )
    return (
        f'<button type="button" class="rq-source rq-passage"{place}><span class="rq-where">'
        f'<span class="rq-title">{escape(report.title)}</span>'
        f'<span class="rq-meta">{joined([published, section_path(passage.section)])}</span>'
        f'<span class="rq-excerpt" lang="{escape(report.language)}">{excerpt}</span>'
        f"</span></button>"
    )
