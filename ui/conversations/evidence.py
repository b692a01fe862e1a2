"""Where the reports of an index bear out a judged answer or a correction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from eval.questions import Evidence
from rag.schema import Answer, Chunk, Citation, Verdict
from rag.store import Reads
from rag.text import LANGUAGES, sentence_spans, terms

SEARCHED = 20  # chunks that are looked through for a sentence of a correction
HELD = 0.8  # share of a sentence's terms that a quote must hold


def cited_evidence(answer: Answer, texts: Mapping[str, str]) -> list[Evidence]:
    """The quotes of an answer that still stand in the reports; those of one sentence stand for one another.

    :param texts: full texts of the reports in the index, by id.
    """
    citations = {one.marker: one for one in answer.citations if one.verdict is not Verdict.UNSUPPORTED}
    found: dict[tuple[str, int, int], Evidence] = {}
    for need, sentence in enumerate(answer.sentences):
        for marker in sentence.markers:
            if marker in citations and (start := _place(citations[marker], texts)) is not None:
                one = citations[marker]
                span = (one.report_id, start, start + len(one.quote))
                found.setdefault(span, Evidence(one.report_id, _headings(one.section), *span[1:], one.quote, need))
    return list(found.values())


def found_evidence(question: str, correction: str, store: Reads) -> list[Evidence]:
    """For each sentence of a correction the unit of a report that holds its words and most of the question's, if any.

    A unit is a sentence, list item or row.
    """
    found = []
    asked = _terms(question)
    for need, (start, end) in enumerate(sentence_spans(correction)):
        wanted = _terms(correction[start:end])
        best = max(_candidates(wanted, asked, need, store), key=lambda scored: scored[0], default=None)
        if best is not None:
            found.append(best[1])
    return found


def _candidates(
    wanted: frozenset[str], asked: frozenset[str], need: int, store: Reads
) -> Iterator[tuple[tuple[float, int], Evidence]]:
    ids = [id_ for id_, _ in store.lexical(sorted(wanted | asked), SEARCHED)] if wanted else []
    for chunk, report, path in store.lookup(ids).values():
        for start, end, text in _units(chunk):
            held = _terms(text)
            share, shared = len(wanted & held) / len(wanted), len((asked - wanted) & held)
            if share >= HELD and (shared or not asked - wanted):
                yield (share, shared), Evidence(report.id, _headings(path), start, end, text, need)


def _units(chunk: Chunk) -> Iterator[tuple[int, int, str]]:
    for unit in chunk.units:
        text = chunk.text[unit.start - chunk.start : unit.end - chunk.start]
        if text.strip():
            yield unit.start, unit.end, text


def _terms(text: str) -> frozenset[str]:
    return frozenset(term for language in LANGUAGES for term in terms(text, language))


def _place(citation: Citation, texts: Mapping[str, str]) -> int | None:
    """Where a quote begins in its report as it is now: where it was, else its only occurrence."""
    text = texts.get(citation.report_id, "")
    if not citation.quote.strip():
        return None
    if text[citation.start : citation.end] == citation.quote:
        return citation.start
    return text.find(citation.quote) if text.count(citation.quote) == 1 else None


def _headings(path: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(heading for heading in path if heading.strip())
