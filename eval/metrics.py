"""Metrics as pure functions."""

from __future__ import annotations

import re
from collections.abc import Sequence

from eval.questions import TestQuestion
from rag.schema import Answer
from rag.text import fold

Span = tuple[str, int, int]  # report id, start, end

FOUND_SHARE = 0.5  # a span counts as found when at least half of it was retrieved


def covered_share(span: Span, retrieved: Sequence[Span]) -> float:
    """Share of a span's characters that lie in any of the retrieved spans, 0 to 1."""
    report, start, end = span
    inside = set()
    for other, first, last in retrieved:
        if other == report:
            inside.update(range(max(start, first), min(end, last)))
    return len(inside) / (end - start)


def evidence_recall(question: TestQuestion, retrieved: Sequence[Span]) -> float:
    """Share of a question's evidence spans that are found among ``retrieved``, 0 to 1.

    1 or 0 when any one of the spans suffices. Only for questions that have evidence.
    """
    found = [covered_share((e.report, e.start, e.end), retrieved) >= FOUND_SHARE for e in question.evidence]
    return float(any(found)) if question.any_span else sum(found) / len(found)


def reciprocal_rank(question: TestQuestion, retrieved: Sequence[Span]) -> float:
    """1 / rank of the first retrieved span that holds half of any evidence span, 0 when none does."""
    for rank, span in enumerate(retrieved, start=1):
        if any(covered_share((e.report, e.start, e.end), [span]) >= FOUND_SHARE for e in question.evidence):
            return 1.0 / rank
    return 0.0


def states_all(question: TestQuestion, text: str) -> bool:
    """Whether ``text`` holds one accepted string of every required fact, as whole words."""
    spaced = _normal(text)
    return all(any(f" {_normal(alias).strip()} " in spaced for alias in aliases) for aliases in question.answers)


def _normal(text: str) -> str:
    kept = re.sub(r"[^\w%$.,+]+", " ", fold(text))
    kept = re.sub(r"[.,]+(?=\s|$)|(?<=\s)[.,+]+|\$ *", " ", f" {kept} ")
    return f" {' '.join(kept.split())} "


def cites_section(question: TestQuestion, answer: Answer) -> bool:
    """Whether every cited report and section is one of the evidence's and one of them is cited."""
    gold = {(e.report, _headings(e.section)) for e in question.evidence}
    cited = {(c.report_id, _headings(c.section)) for c in answer.citations}
    return bool(cited) and cited <= gold


def _headings(path: Sequence[str]) -> tuple[str, ...]:
    return tuple(re.sub(r"[\W_]+", "", fold(heading)) for heading in path)


def crag_score(questions: Sequence[TestQuestion], answers: Sequence[Answer]) -> float:
    """Mean of +1 right, 0 abstained, -1 wrong; abstaining on an unanswerable question is right.

    After Yang et al. 2024 (CRAG), without its half point for acceptable answers.
    """
    total = 0
    for question, answer in zip(questions, answers, strict=True):
        if answer.status == "abstained":
            total += not question.answerable
        else:
            total += 1 if question.answerable and states_all(question, answer.text) else -1
    return total / max(len(questions), 1)
