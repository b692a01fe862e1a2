"""Answers as HTML: pure functions, and the only place where HTML is made.

Text of reports, models and users reaches the page only through :func:`html.escape`; no link,
image or markup is ever made from it. The links made here point at ids on the same page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape

from rag.schema import Answer, BlockKind, Citation, CitedSentence, Passage, Verdict
from ui.words import WORDS, seconds

SectionText = Callable[[Citation], tuple[str, int]]
"""Gives the raw text around a citation's quote and that text's offset in the report."""

CONTEXT = 700  # characters shown on each side of a quote; most sections are shown whole
EXCERPT = 700  # characters shown of a nearest passage
NEAREST = 5  # passages shown with an abstention

_LISTED = {BlockKind.LIST, BlockKind.TABLE, BlockKind.FIGURES}


def render_answer(answer: Answer, section_text: SectionText, *, language: str = "en", key: str = "a1") -> str:
    """Make the block under a question: sentences with markers and sources, or the abstention.

    ``key`` prefixes the ids and must be unique on the page. ``language`` is that of the question
    and chooses the interface words; quotes stay as they are. What a follow-up question was taken
    for stands first, notes stand last.
    """
    made = _abstained if answer.status == "abstained" else _answered
    body = _searched_for(answer, language) + made(answer, section_text, language, key) + _notes(answer)
    return (
        f'<div class="rq-answer rq-{answer.status}" lang="{escape(language)}">'
        f"{body}{_status_line(answer, language)}</div>"
    )


def render_turn(question: str, body: str, *, only_in: Sequence[str] = (), language: str = "en") -> str:
    """Put a question (plain text) over its answer (HTML); ``only_in`` are report titles."""
    scope = ""
    if only_in:
        scope = f'<p class="rq-scope">{WORDS[language]["only_in"]}: {escape(", ".join(only_in))}</p>'
    return f'<article class="rq-turn"><h2 class="rq-question">{escape(question)}</h2>{scope}{body}</article>'


def render_conversation(turns: Sequence[str]) -> str:
    """Join all turns (HTML), oldest first, into one live region."""
    return f'<div class="rq-log" role="log">{"".join(turns)}</div>'


def render_pending(language: str = "en") -> str:
    """Make what stands under a question until its answer is there."""
    return f'<p class="rq-pending" role="status">{WORDS[language]["searching"]}</p>'


def render_provisional(text: str, language: str = "en") -> str:
    """Make what a model has written so far, under a line that says that it is not checked yet."""
    return (
        f'<p class="rq-pending" role="status">{WORDS[language]["provisional"]}</p>'
        f'<p class="rq-provisional">{escape(text)}</p>'
    )


def render_error(message: str) -> str:
    """Make one line of ``message``."""
    return f'<p class="rq-error" role="alert">{escape(" ".join(message.split()))}</p>'


def render_notice(message: str) -> str:
    """Make a plain paragraph, shown before the first question."""
    return f'<p class="rq-notice">{escape(message)}</p>'


def render_header(title: str) -> str:
    """Make the heading of the page."""
    return f'<header class="rq-header"><h1>{escape(title)}</h1></header>'


def _answered(answer: Answer, section_text: SectionText, language: str, key: str) -> str:
    by_marker = {citation.marker: citation for citation in answer.citations}
    written = [_sentence(sentence, by_marker, language, key) for sentence in answer.sentences]
    if len(written) > 1 and all(_is_listed(sentence, answer, by_marker) for sentence in answer.sentences):
        text = f'<ul class="rq-text">{"".join(f"<li>{item}</li>" for item in written)}</ul>'
    else:
        text = f'<p class="rq-text">{" ".join(written)}</p>'
    if answer.unanswered:
        text += f'<p class="rq-text">{escape(" ".join(answer.unanswered))}</p>'
    sources = "".join(_source(citation, section_text, language, key) for citation in answer.citations)
    return f'{text}<section class="rq-sources"><h3>{WORDS[language]["sources"]}</h3>{sources}</section>'


def _abstained(answer: Answer, section_text: SectionText, language: str, key: str) -> str:
    text = f'<p class="rq-text">{escape(answer.text)}</p>'
    if not answer.passages:
        return text
    nearest = "".join(
        _nearest(passage, language, f"{key}-p{number}")
        for number, passage in enumerate(answer.passages[:NEAREST], start=1)
    )
    return f'{text}<section class="rq-sources"><h3>{WORDS[language]["nearest"]}</h3>{nearest}</section>'


def _sentence(sentence: CitedSentence, by_marker: dict[int, Citation], language: str, key: str) -> str:
    # A marker without a citation is shown as plain text: seen, but leading nowhere.
    markers = "".join(
        _marker(by_marker[number], language, key) if number in by_marker else f"&nbsp;[{number}]"
        for number in sentence.markers
    )
    flag = "" if sentence.verdict is Verdict.SUPPORTED else " " + _verdict(sentence.verdict, language)
    return f'<span class="rq-sentence">{escape(sentence.text)}{markers}{flag}</span>'


def _marker(citation: Citation, language: str, key: str) -> str:
    words = WORDS[language]
    label = f"{words['source']} {citation.marker}: {citation.report_title}, {words[citation.verdict]}"
    return (
        f'&nbsp;<a class="rq-cite" href="#{escape(key)}-c{citation.marker}" title="{escape(label)}">'
        f"[{citation.marker}]</a>"
    )


def _is_listed(sentence: CitedSentence, answer: Answer, by_marker: dict[int, Citation]) -> bool:
    """Whether a sentence rests on a list item or a table row, as its chunk's kind tells."""
    cited = [by_marker[number] for number in sentence.markers if number in by_marker]
    return any(
        passage.chunk.kind in _LISTED
        for citation in cited
        for passage in answer.passages
        if passage.chunk.report_id == citation.report_id
        and passage.chunk.start <= citation.start
        and citation.end <= passage.chunk.end
    )


def _source(citation: Citation, section_text: SectionText, language: str, key: str) -> str:
    words = WORDS[language]
    published = f"{words['published']} {citation.published.isoformat()}" if citation.published else ""
    page = f"{words['page']} {citation.page}" if citation.page is not None else ""
    text, offset = section_text(citation)
    return _details(
        f"{key}-c{citation.marker}",
        number=f'<span class="rq-number">[{citation.marker}]</span>',
        title=citation.report_title,
        meta=(published, section_path(citation.section), page),
        tag=_verdict(citation.verdict, language),
        body=highlight(citation, text, offset),
    )


def _nearest(passage: Passage, language: str, key: str) -> str:
    published = passage.report.published
    date = f"{WORDS[language]['published']} {published.isoformat()}" if published else ""
    text = passage.chunk.text.strip()
    cut = text if len(text) <= EXCERPT else text[:EXCERPT].rsplit(maxsplit=1)[0] + " …"
    meta = (date, section_path(passage.section))
    return _details(key, title=passage.report.title, meta=meta, body=_context(cut))


def _details(key: str, *, title: str, meta: Sequence[str], body: str, number: str = "", tag: str = "") -> str:
    """Make an expandable source; ``title`` and ``meta`` are plain text, the others HTML."""
    about = " · ".join(escape(item) for item in meta if item)
    return (
        f'<details class="rq-source" id="{escape(key)}"><summary>{number}'
        f'<span class="rq-where"><span class="rq-title">{escape(title)}</span>'
        f'<span class="rq-meta">{about}</span></span>{tag}</summary>'
        f'<blockquote class="rq-context" lang="">{body}</blockquote></details>'
    )


def section_path(headings: Sequence[str]) -> str:
    """Join headings from the outermost in, as plain text: ``Sectoral response › Education``."""
    return " › ".join(headings)


def highlight(citation: Citation, text: str, offset: int) -> str:
    """Escape ``text`` (of the report, from ``offset`` on), mark the quote and cut to its surroundings.

    The quote is found by its stored offsets alone. Where these do not give the quote (the report
    has changed since), the quote stands alone, without surroundings.
    """
    first, last = citation.start - offset, citation.end - offset
    if not 0 <= first < last <= len(text) or text[first:last] != citation.quote:
        return f"<mark>{escape(citation.quote)}</mark>"
    before, after = text[:first], text[last:]
    if len(before) > CONTEXT:
        before = "… " + _after_space(before[-CONTEXT:])
    if len(after) > CONTEXT:
        after = _before_space(after[:CONTEXT]) + " …"
    return f"{_context(before.lstrip())}<mark>{escape(citation.quote)}</mark>{_context(after.rstrip())}"


def _after_space(text: str) -> str:
    return re.sub(r"^\S*\s+", "", text, count=1)


def _before_space(text: str) -> str:
    return re.sub(r"\s+\S*$", "", text, count=1)


def _context(text: str) -> str:
    """Escaped, with at most one empty line in a row (reports made from PDF have many)."""
    return escape(re.sub(r"\n\s*\n", "\n\n", text))


def _verdict(verdict: Verdict, language: str) -> str:
    return f'<span class="rq-verdict rq-{verdict.value}">{WORDS[language][verdict]}</span>'


def _searched_for(answer: Answer, language: str) -> str:
    if not answer.searched_for:
        return ""
    return f'<p class="rq-searched">{WORDS[language]["searched_for"]}: {escape(answer.searched_for)}</p>'


def _notes(answer: Answer) -> str:
    return "".join(f'<p class="rq-note">{escape(note)}</p>' for note in answer.notes)


def _status_line(answer: Answer, language: str) -> str:
    total = answer.timings_s.get("total", sum(answer.timings_s.values()))
    parts = [f"{WORDS[language]['reader']}: {answer.reader}", seconds(total, language)]
    if answer.as_of:
        parts.insert(0, f"{WORDS[language]['as_of']}: {answer.as_of}")
    return f'<p class="rq-status">{escape(" · ".join(parts))}</p>'
