"""An answer or an abstention as HTML."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from rag.schema import Answer, BlockKind, Citation, CitedSentence, Verdict
from ui.render.abstention import Searched, render_abstention
from ui.render.parts import attributes, digest, icon, joined, section_path, squeezed, verdict_mark
from ui.words import WORDS, seconds

_LONGEST_KEPT = 30  # characters
_LISTED = {BlockKind.LIST, BlockKind.TABLE, BlockKind.FIGURES}


def render_answer(
    answer: Answer, *, key: str, language: str = "en", written: str = "en", searched: Searched | None = None
) -> str:
    """Make what stands under a question: sentences with numbered chips, their sources, what they are worth.

    ``key`` prefixes the ids and must be unique on the page. ``language`` chooses the interface words and ``written``
    is that of the answer's own text; quotes stay as they are. ``searched`` is told with an abstention.
    """
    if answer.status == "abstained":
        body = render_abstention(answer, searched or Searched(), key=key, language=language, written=written)
    else:
        body = _answered(answer, key, language, written)
    return (
        f'<div class="rq-answer rq-{answer.status}">{_searched_for(answer, language, written)}{body}'
        f"{_notes(answer, written)}{_facts(answer, language, written)}</div>"
    )


def render_provisional(text: str, *, language: str = "en", waiting: bool = False) -> str:
    """Make what a model has written so far (none while it searches), over a line that says that it is not checked.

    ``waiting`` says that others are answered first.
    """
    state = WORDS[language]["waiting" if waiting else "provisional" if text else "searching"]
    written = f'<div class="rq-text rq-provisional">{escape(text)}</div>' if text else ""
    return f'<div class="rq-writing">{written}<p class="rq-pending">{state}</p></div>'


def render_card(citation: Citation, *, key: str, language: str, quoted: str = "") -> str:
    """Make what hovering over a chip shows; ``quoted`` is the language of the quote, if known.

    Its ``data-`` attributes say what the source panel is to open.
    """
    words = WORDS[language]
    published = f"{words['published']} {citation.published.isoformat()}" if citation.published else ""
    place = attributes(
        data_cite=f"{key}-c{citation.marker}",
        data_report=citation.report_id,
        data_start=citation.start,
        data_end=citation.end,
        data_check=digest(citation.quote),
        data_marker=citation.marker,
    )
    where = joined([published, section_path(citation.section), *place_words(citation, language)])
    return (
        f'<div class="rq-card" id="{escape(key)}-c{citation.marker}"{place}>'
        f'<p class="rq-card-title"><b>{citation.marker}</b> {escape(citation.report_title)}</p>'
        f'<p class="rq-meta">{where}</p>'
        f'<blockquote class="rq-quote" lang="{escape(quoted)}">{squeezed(citation.quote)}</blockquote>'
        f"{verdict_mark(citation.verdict, language)}</div>"
    )


def place_words(citation: Citation, language: str) -> list[str]:
    """Where on its pages a quote stands: ``p. 7, para. 23`` and ``OCR 84 %``, as far as known."""
    words = WORDS[language]
    page = f"{words['page']} {citation.page}" if citation.page is not None else ""
    paragraph = f"{words['paragraph']} {citation.paragraph}" if citation.paragraph else ""
    ocr = f"{words['ocr']} {round(100 * citation.ocr)} %" if citation.ocr is not None else ""
    return [part for part in (", ".join(part for part in (page, paragraph) if part), ocr) if part]


def _answered(answer: Answer, key: str, language: str, written: str) -> str:
    by_marker = {citation.marker: citation for citation in answer.citations}
    sentences = [_sentence(sentence, by_marker, key, language) for sentence in answer.sentences]
    if len(sentences) > 1 and all(_is_listed(sentence, answer, by_marker) for sentence in answer.sentences):
        text = f'<ul class="rq-text" lang="{written}">{"".join(f"<li>{item}</li>" for item in sentences)}</ul>'
    else:
        text = f'<p class="rq-text" lang="{written}">{" ".join(sentences)}</p>'
    if answer.unanswered:
        text += f'<p class="rq-text rq-unanswered" lang="{written}">{escape(" ".join(answer.unanswered))}</p>'
    languages = {passage.report.id: passage.report.language for passage in answer.passages}
    return text + _sources(answer, key, language, languages)


def _sentence(sentence: CitedSentence, by_marker: Mapping[int, Citation], key: str, language: str) -> str:
    chips = "".join(_chip(number, by_marker.get(number), key, language) for number in sentence.markers)
    flag = "" if sentence.verdict is Verdict.SUPPORTED else f" {verdict_mark(sentence.verdict, language)}"
    # The last word and its chips stay on one line, unless the word alone could fill one.
    before, space, last = sentence.text.rpartition(" ")
    if len(last) > _LONGEST_KEPT:
        before, space, last = sentence.text, "", ""
    end = f'<span class="rq-end">{escape(last)}{chips}</span>'
    return f'<span class="rq-sentence">{escape(before + space)}{end}{flag}</span>'


def _chip(number: int, citation: Citation | None, key: str, language: str) -> str:
    words = WORDS[language]
    if citation is None:
        # Seen, but leading nowhere.
        return f'<span class="rq-chip rq-dead" title="{words["no_citation"]}">{number}</span>'
    target = f"{key}-c{number}"
    label = f"{words['source']} {number}, {words[citation.verdict]}"
    shape = "" if citation.verdict is Verdict.SUPPORTED else icon(citation.verdict)
    return (
        f'<button type="button" class="rq-chip rq-{citation.verdict.value}"'
        f"{attributes(data_cite=target, aria_label=label, aria_describedby=target)}>{number}{shape}</button>"
    )


def _is_listed(sentence: CitedSentence, answer: Answer, by_marker: Mapping[int, Citation]) -> bool:
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


def _sources(answer: Answer, key: str, language: str, languages: Mapping[str, str]) -> str:
    rows = "".join(f"<li>{_source(citation, key, language)}</li>" for citation in answer.citations)
    cards = "".join(
        render_card(citation, key=key, language=language, quoted=languages.get(citation.report_id, ""))
        for citation in answer.citations
    )
    return (
        f'<h3 class="rq-label">{WORDS[language]["sources"]}</h3><ol class="rq-sources">{rows}</ol>'
        f'<div class="rq-cards" hidden>{cards}</div>'
    )


def _source(citation: Citation, key: str, language: str) -> str:
    published = citation.published.isoformat() if citation.published else ""
    meta = joined([published, section_path(citation.section), *place_words(citation, language)])
    return (
        f'<button type="button" class="rq-source" data-cite="{escape(key)}-c{citation.marker}">'
        f'<span class="rq-number">{citation.marker}</span><span class="rq-where"><span class="rq-title">'
        f'{escape(citation.report_title)}</span><span class="rq-meta">{meta}</span></span>'
        f"{verdict_mark(citation.verdict, language)}</button>"
    )


def _searched_for(answer: Answer, language: str, written: str) -> str:
    if not answer.searched_for:
        return ""
    return (
        f'<p class="rq-searched">{WORDS[language]["searched_for"]}: '
        f'<span lang="{written}">{escape(answer.searched_for)}</span></p>'
    )


def _notes(answer: Answer, written: str) -> str:
    return "".join(f'<p class="rq-note" lang="{written}">{escape(note)}</p>' for note in answer.notes)


def _facts(answer: Answer, language: str, written: str) -> str:
    """The line under an answer: as of when, how well supported, read by what and how fast."""
    words = WORDS[language]
    parts = []
    if answer.status == "answered":
        as_of = f'{words["as_of"]} <b lang="{written}">{escape(answer.as_of)}</b>'
        parts.append(as_of if answer.as_of else words["as_of_unknown"])
        supported = sum(sentence.verdict is Verdict.SUPPORTED for sentence in answer.sentences)
        if supported == len(answer.sentences):
            parts.append(f'<span class="rq-supported">{icon(Verdict.SUPPORTED)}{words["all_supported"]}</span>')
        else:
            parts.append(words["some_supported"].format(supported, len(answer.sentences)))
    total = answer.timings_s.get("total", sum(answer.timings_s.values()))
    parts.append(words["status_reader"] if answer.reader == "extractive" else escape(answer.reader))
    parts.append(escape(seconds(total, language)))
    return f'<p class="rq-facts">{"".join(f"<span>{part}</span>" for part in parts)}</p>'
