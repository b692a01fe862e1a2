"""A conversation in which everything occurs that an export must say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from chat_fakes import COLOMBIA, HOSTILE, PERU, FakeAssistant

from rag.saved import answer_from
from rag.schema import Answer, CitedSentence, Verdict
from ui.conversations import Conversation, Entry, Feedback, Scope

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
REPORTS = (PERU, COLOMBIA)


def answer_to(question: str, **changes: object) -> Answer:
    """An answer of the fake assistant as it is after it was stored."""
    return replace(answer_from(FakeAssistant().query(question).to_dict()), **changes)


def teachers() -> Answer:
    """Two sentences, a source cited twice, a marker without source, a part without answer, notes."""
    answer = answer_to("How many teachers attended the workshop in the border province of Zarumilla?")
    second, first = answer.citations[:2]
    return replace(
        answer,
        sentences=(
            CitedSentence("A workshop was held for 500 teachers.", (1,), Verdict.SUPPORTED),
            CitedSentence("It was in a border province.", (2, 1, 9), Verdict.PARTLY),
        ),
        citations=(
            replace(first, marker=1, verdict=Verdict.SUPPORTED, page=4, paragraph="23", ocr=0.836),
            replace(second, marker=2, verdict=Verdict.PARTLY, published=None),
        ),
        searched_for="How many teachers attended the workshop?",
        unanswered=("The reports do not say how many came from Cusco.",),
        as_of="January–February 2024",
        notes=("A sentence was left out, as no quote bears it out.",),
    )


def conversation(*entries: Entry, title: str = "Teachers and more") -> Conversation:
    return Conversation("x1", title, NOON, NOON, entries or everything())


def everything() -> tuple[Entry, ...]:
    scope = Scope(("peru", "gone"), "Working group", date(2023, 1, 1), date(2024, 12, 31))
    nothing = answer_to("Penguins in Lima or Zarumilla")
    abstained = replace(nothing, status="abstained", text="The reports do not say.", sentences=(), citations=())
    return (
        Entry(1, "And how many\nteachers there?", NOON, scope, teachers(), feedback=Feedback(False, "r", "c", NOON)),
        Entry(2, "Are there penguins in Lima?", NOON, Scope(), abstained),
        Entry(3, "Why?", NOON, Scope(), error="The model did not answer.\nStart it."),
        Entry(4, "How?", NOON, Scope(), stopped=True),
        Entry(5, "When?", NOON, Scope()),
    )


def hostile() -> Conversation:
    """Markup of every kind in the title, a question, an answer, a report and a scope."""
    answer = answer_to("A hostile sentence and a link")
    marks = "# x <!-- --> [^1] [x][y] $$x$$ ~~x~~ *x* __x__ &lt;b&gt;"
    worse = f"{HOSTILE} {marks} <https://evil.example> www.evil.example a@evil.example"
    lines = [
        "# x",
        "- x",
        "1. x",
        "> x",
        "```x",
        "    x",
        "=== x",
        "* x",
        "+ x",
        "1) x",
        "---",
        "| a | b |",
        "[^1]: x",
        "[x]: https://evil.example",
    ]
    entries = [
        Entry(number, line, NOON, Scope(("strange", line), line), error=line)
        for number, line in enumerate([worse, *lines], start=1)
    ]
    told = replace(
        answer,
        sentences=(CitedSentence(worse, (1,), Verdict.UNSUPPORTED),),
        notes=tuple(lines),
        as_of=worse,
        searched_for=worse,
        unanswered=(worse,),
    )
    refused = replace(answer, status="abstained", text=worse, sentences=(), citations=())
    return conversation(*entries, Entry(98, worse, NOON, Scope(), told), Entry(99, worse, NOON, Scope(), refused))
