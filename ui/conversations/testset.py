"""Judged answers as a test set that `reportqa eval` runs. Nothing in it names a user."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from eval.questions import TestQuestion
from rag.question import analyse
from rag.question.patterns import Want
from rag.schema import ABSTAIN, Answer
from rag.store import Reads
from rag.text import fold, language_of
from ui.conversations.evidence import cited_evidence, found_evidence
from ui.conversations.nuggets import FIGURE_WANTS, correction_nuggets, figure_nuggets
from ui.conversations.records import Entry, Feedback

_TYPES = {Want.DATE: "period", Want.REASON: "cause", Want.DEFINITION: "definition", Want.LIST: "list"}


@dataclass(frozen=True, slots=True)
class Exported:
    """The questions of a test set, and of each judged question that is no part of it why not, as (question, reason).

    ``unplaced`` are corrected questions of the set without evidence: the reports do not hold the correction's words.
    """

    questions: tuple[TestQuestion, ...]
    left_out: tuple[tuple[str, str], ...]
    unplaced: tuple[str, ...]


class _LeftOut(Exception):  # noqa: N818  no error: a reason
    """Why a judged question cannot be tested."""


def test_set(judged: Iterable[tuple[str, str, Entry]], store: Reads) -> Exported:
    """Turn what ``Conversations.judged`` gives into questions about the reports of an index.

    Right are an answer or abstention that was judged good, and a correction. Of questions that are asked alike the one
    judged last counts.
    """
    texts = {info.id: store.report(info.id).text for info in store.reports()}
    questions: dict[tuple[str, str], TestQuestion] = {}
    left_out, unplaced = [], []
    groups: dict[str, str] = {}
    entries = sorted(judged, key=lambda one: one[2].feedback.at if one[2].feedback else one[2].asked)
    for _, conversation, entry in entries:
        group = groups.setdefault(conversation, f"conversation-{len(groups) + 1}")
        try:
            question = replace(_question(entry, texts, store), group=group)
        except _LeftOut as reason:
            left_out.append((entry.question, str(reason)))
            continue
        key = (question.language, " ".join(question.question.casefold().split()))
        if before := questions.pop(key, None):
            left_out.append((before.question, "it was judged again later"))
        questions[key] = question
    unplaced = [one.question for one in questions.values() if one.answerable and not one.evidence]
    return Exported(tuple(questions.values()), tuple(left_out), tuple(unplaced))


test_set.__test__ = False  # no pytest function


def _question(entry: Entry, texts: dict[str, str], store: Reads) -> TestQuestion:
    answer, feedback = entry.answer, entry.feedback
    if answer is None or feedback is None:
        raise _LeftOut("its answer cannot be read")
    if entry.scope:
        raise _LeftOut("it was asked with filters, which a test set does not have")
    asked = answer.searched_for or entry.question
    language = language_of(asked)
    unanswerable = TestQuestion(
        id=f"feedback-{entry.id}",
        language=language,
        question=" ".join(asked.split()),
        type="unanswerable",
        answerable=False,
        period="; ".join(period.label for period in analyse(asked).periods),
        note=feedback.reason,
    )
    if feedback.correction:
        if _is_abstention(feedback.correction):
            return unanswerable
        return _corrected(unanswerable, feedback, store)
    if not feedback.good:
        raise _LeftOut("it was judged bad without a correction")
    return unanswerable if answer.status == "abstained" else _approved(unanswerable, answer, texts)


def _approved(question: TestQuestion, answer: Answer, texts: dict[str, str]) -> TestQuestion:
    evidence = cited_evidence(answer, texts)
    if not evidence:
        raise _LeftOut("no quote of its answer stands in the reports of the index any more")
    nuggets = [nugget for sentence in answer.sentences for nugget in figure_nuggets(question.question, sentence.text)]
    return replace(
        question,
        type=_type(question.question),
        answerable=True,
        nuggets=tuple(nuggets),
        evidence=tuple(evidence),
    )


def _corrected(question: TestQuestion, feedback: Feedback, store: Reads) -> TestQuestion:
    nuggets = correction_nuggets(feedback.correction)
    if not nuggets:
        raise _LeftOut("its correction has no word that an answer could be held against")
    return replace(
        question,
        type=_type(question.question),
        answerable=True,
        nuggets=tuple(nuggets),
        evidence=tuple(found_evidence(question.question, feedback.correction, store)),
    )


def _type(question: str) -> str:
    wants = analyse(question).wants
    if wants & FIGURE_WANTS:
        return "figure"
    return next((name for want, name in _TYPES.items() if want in wants), "fact")


def _is_abstention(correction: str) -> bool:
    """Whether a correction says that the reports do not hold the answer, in the words that answers use."""
    return any(fold(correction).startswith(fold(said.rstrip("."))) for said in ABSTAIN.values())
