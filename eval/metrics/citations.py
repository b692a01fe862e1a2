"""Citations against gold spans, at three levels: report, section, quote.

After ALCE (Gao et al. 2023) and the support track of TREC RAG (Pradeep et al. 2024), with gold labels
in the place of entailment: precision is the share of the citations that point at gold evidence,
not of those that entail their sentence; recall is the share of the needed evidence that is cited,
not of the sentences that are entailed, which copying a passage and citing it would fulfil.
As in ALCE's code, an answer without citations has precision 0.

Levels: report ids are equal; section paths, or pages, are equal too, case, accents and punctuation aside;
quote: the spans overlap by at least half of the shorter one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from eval.metrics.retrieval import has_evidence
from eval.metrics.spans import is_matched
from eval.questions import Evidence, TestQuestion
from eval.records import Cited, Record, Retrieved
from rag.text import fold

Pointer = Cited | Retrieved
Hit = Callable[[Pointer, Evidence], bool]


def hits_report(cited: Pointer, gold: Evidence) -> bool:
    """Whether the citation names the gold's report."""
    return cited.report == gold.report


def hits_section(cited: Pointer, gold: Evidence) -> bool:
    """Whether the citation names the gold's report and its whole section path."""
    return hits_report(cited, gold) and _headings(cited.section) == _headings(gold.section)


def hits_page(cited: Pointer, gold: Evidence) -> bool:
    """Whether the citation names the gold's report and page; passages have no page of their own."""
    return hits_report(cited, gold) and isinstance(cited, Cited) and cited.page == gold.page


def hits_quote(cited: Pointer, gold: Evidence) -> bool:
    """Whether the citation's span and the gold's overlap by half of the shorter one."""
    return is_matched((cited.report, cited.start, cited.end), (gold.report, gold.start, gold.end))


LEVELS: dict[str, Hit] = {"report": hits_report, "section": hits_section, "page": hits_page, "quote": hits_quote}


def _headings(path: Sequence[str]) -> tuple[str, ...]:
    return tuple(re.sub(r"[\W_]+", "", fold(heading)) for heading in path)


def precision(question: TestQuestion, record: Record, level: str) -> float | None:
    """Share of the answer's citations that hit some gold evidence, 0 to 1; 0 without citations.

    Only for answered questions to which the level applies.
    """
    if record.status != "answered" or not applies(question, level):
        return None
    return _share([_hits_any(cited, question.evidence, LEVELS[level]) for cited in record.citations]) or 0.0


def recall(question: TestQuestion, record: Record, level: str) -> float | None:
    """Share of the question's needs that some citation hits, 0 to 1; 0 unless answered."""
    if not applies(question, level):
        return None
    citations = record.citations if record.status == "answered" else ()
    return _share([any(_hits_any(cited, need, LEVELS[level]) for cited in citations) for need in question.needs])


def quote_recall(question: TestQuestion, record: Record) -> float | None:
    """``recall`` at the level of quotes."""
    return recall(question, record, "quote")


def applies(question: TestQuestion, level: str) -> bool:
    """Whether the question has evidence, for sections with a section path throughout, for pages with their number."""
    needed = {"section": lambda span: span.section, "page": lambda span: span.page is not None}.get(level)
    return has_evidence(question) and (needed is None or all(map(needed, question.evidence)))


def right_report_wrong_section(question: TestQuestion, record: Record) -> float | None:
    """Share of the answer's citations that name a gold report but none of its gold sections, 0 to 1.

    Only for answers with citations, to questions whose evidence has section paths.
    """
    if record.status != "answered" or not applies(question, "section"):
        return None
    gold = question.evidence
    return _share(
        [_hits_any(cited, gold, hits_report) and not _hits_any(cited, gold, hits_section) for cited in record.citations]
    )


def _hits_any(cited: Cited, gold: Sequence[Evidence], hit: Hit) -> bool:
    return any(hit(cited, span) for span in gold)


def _share(found: Sequence[bool]) -> float | None:
    return sum(found) / len(found) if found else None
