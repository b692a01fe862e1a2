"""An assistant whose answers are a function of the question and of three small reports."""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

from memory_conversations import MemoryConversations

from rag.errors import QuestionError, ReportError
from rag.question.follow_up import standalone
from rag.schema import (
    ABSTAIN,
    Answer,
    Block,
    BlockKind,
    Chunk,
    Citation,
    CitedSentence,
    Passage,
    Report,
    ReportInfo,
    Section,
    Turn,
    Verdict,
)
from rag.text import language_of, sentence_spans, terms
from ui import serve
from ui.api.admission import Admission
from ui.conversations import Conversations
from ui.guard import Guard
from ui.guard.limits import Limits
from ui.shelf import Desk
from ui.web import Parts, Site, web_app, whole_app

HOSTILE = (
    "A hostile sentence <script>window.pwned=1</script><img src=x onerror=window.pwned=2> has "
    "[a link](javascript:window.pwned=3) ![](https://evil.example/p.png) ${window.pwned=4} `${1}` "
    "{{constructor}} </mark></blockquote></details> & \"quotes\" and <a href='https://evil.example'>more</a>."
)

PERU = Report(
    id="peru",
    title="Refugee and Migrant Response in Peru: January to February 2024",
    publisher="Working group",
    published=date(2024, 3, 20),
    text="""# National context

On 10 January the Government of Peru declared a state of emergency in the border province of Zarumilla.
The River overflows in Tumbes and Madre de Dios also exacerbated the risk of dengue transmission.

# Sectoral response › Education

During the reporting period partners reached 4,980 persons.
Partners organized a workshop for 500 teachers of basic education in San Juan de Lurigancho,
in the framework of the campaign “Mi vecindario sin fronteras”, to strengthen the inclusion
of refugee and migrant children at school.
In Arequipa and Cusco, 62 families received school kits before the start of the school year.

# Sectoral response › Health

A total of 3,021 people received medical consultations in Lima.
Dengue cases were 79% higher than in the same period of 2023.


Mental health sessions were offered to 412 adolescents.
""",
)
COLOMBIA = Report(
    id="colombia",
    title="Respuesta a refugiados y migrantes en Colombia: informe de cierre de 2022",
    language="es",
    text="""# Protección

En Nariño, 1.250 niños y niñas recibieron atención jurídica.
Los socios distribuyeron 3.400 kits de higiene en Cúcuta.
""",
)
STRANGE = Report(id="strange", title='<b>Strange</b> & "odd"', published=None, text=f"# Box <i>x</i>\n\n{HOSTILE}\n")


class FakeAssistant:
    """Answers with the sentences that share two words with the question (or its only one)."""

    def __init__(self, reports: Sequence[Report] = (PERU, COLOMBIA, STRANGE), delay_s: float = 0.0) -> None:
        self._reports = {report.id: report for report in reports}
        self._delay_s = delay_s
        self.histories: list[tuple[Turn, ...]] = []  # of the questions asked, in order

    def reports(self) -> list[ReportInfo]:
        return list(self._reports.values())

    def report_text(self, report_id: str) -> str:
        return self._reports[report_id].text

    @property
    def reader_name(self) -> str:
        return "fake"

    def sections(self, report_id: str) -> list[Section]:
        return self._sections(report_id)

    def layout(self, report_id: str) -> None:
        return None

    def page_picture(self, report_id: str, number: int, width: int) -> bytes:
        raise ReportError(f"{report_id} has no pages.")

    def section_at(self, report_id: str, offset: int) -> Section:
        return next(s for s in self._sections(report_id) if s.start <= offset < s.end)

    def query(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        reports: Sequence[str] = (),
        publisher: str = "",
        since: date | None = None,
        until: date | None = None,
    ) -> Answer:
        time.sleep(self._delay_s)
        self.histories.append(tuple(history))
        asked_for = standalone(question, history)
        answer = self._answered(asked_for, reports)
        return replace(answer, searched_for=asked_for if asked_for != question else "")

    def stream(self, question: str, **filters: Any) -> Iterator[str | Answer]:
        answer = self.query(question, **filters)
        yield answer.text
        yield answer

    def _answered(self, question: str, reports: Sequence[str]) -> Answer:
        asked = set(terms(question, language_of(question)))
        if not asked:
            raise QuestionError("The question holds no word to search for.\nName what you want to know.")
        found = [
            passage
            for report in self._reports.values()
            if not reports or report.id in reports
            for passage in self._passages(report, asked)
        ]
        found.sort(key=lambda passage: -passage.score)
        enough = min(2, len(asked))
        cited = [passage for passage in found if passage.score >= enough][:3]
        return _answer(question, cited, found[:3])

    def _sections(self, report_id: str) -> list[Section]:
        text = self.report_text(report_id)
        heads = list(re.finditer(r"^# (.+)$", text, re.MULTILINE))
        ends = [head.start() for head in heads[1:]] + [len(text)]
        return [
            Section(
                report_id,
                number,
                tuple(head.group(1).split(" › ")),
                head.start(),
                end,
                (Block(head.end(), end, BlockKind.PROSE),),
            )
            for number, (head, end) in enumerate(zip(heads, ends, strict=True))
        ]

    def _passages(self, report: Report, asked: set[str]) -> list[Passage]:
        found = []
        for section in self._sections(report.id):
            body = report.text.index("\n", section.start)
            for start, end in sentence_spans(report.text, body, section.end):
                text = report.text[start:end]
                shared = len(asked & set(terms(text, report.language)))
                if shared:
                    chunk = Chunk(report.id, section.ordinal, 0, start, end, text, BlockKind.PROSE, ())
                    found.append(Passage(chunk, report, section.path, float(shared), len(found) + 1, "fake"))
        return found


def _answer(question: str, cited: Sequence[Passage], nearest: Sequence[Passage]) -> Answer:
    if not cited:
        text = ABSTAIN[language_of(question)]
        return Answer("abstained", text, (), (), tuple(nearest), "fake", {"total": 0.01})
    verdicts = [Verdict.SUPPORTED, Verdict.PARTLY, Verdict.UNSUPPORTED]
    citations = tuple(
        make_citation(passage, marker, verdict)
        for marker, (passage, verdict) in enumerate(zip(cited, verdicts, strict=False), start=1)
    )
    sentences = tuple(CitedSentence(" ".join(c.quote.split()), (c.marker,), c.verdict) for c in citations)
    text = " ".join(f"{s.text} [{s.markers[0]}]" for s in sentences)
    return Answer("answered", text, sentences, citations, tuple(cited), "fake", {"total": 0.42})


def make_citation(passage: Passage, marker: int, verdict: Verdict, **changes: Any) -> Citation:
    """A citation of a whole passage."""
    chunk, report = passage.chunk, passage.report
    fields: dict[str, Any] = {
        "marker": marker,
        "report_id": report.id,
        "report_title": report.title,
        "published": report.published,
        "section": passage.section,
        "page": None,
        "quote": chunk.text,
        "start": chunk.start,
        "end": chunk.end,
        "score": passage.score,
        "verdict": verdict,
    }
    return Citation(**{**fields, **changes})


def _built(parts: Parts, site: Site, limits: Limits | None, admission: Admission | None, make: Any) -> Guard:
    async def build() -> Guard:
        if make is None:
            return whole_app(parts, site, admission=admission, limits=limits)
        places = admission or Admission()
        page = make(parts.assistant, admission=places)
        return web_app(page, assistant=parts.assistant, admission=places, site=site, limits=limits)

    # Outside a running event loop Gradio makes some and leaves them open, and the loop of the
    # main thread may be in use by a browser.
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(build())).result()


@contextmanager
def serving(
    assistant: FakeAssistant,
    host: str = "127.0.0.1",
    *,
    site: Site | None = None,
    limits: Limits | None = None,
    admission: Admission | None = None,
    make: Any = None,
    conversations: Conversations | None = None,
    desk: Desk | None = None,
) -> Iterator[str]:
    """The real page, or the one that ``make`` gives, on a free port of this machine, in a thread; gives its address.

    The server listens on ``host``, whatever ``site`` says of its own.
    """
    parts = Parts(assistant, conversations or MemoryConversations(), desk)
    with serve.listen(host, 0) as listener:
        server = serve.server(_built(parts, site or Site(host), limits, admission, make), tls=(site or Site()).tls)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        deadline = time.monotonic() + 20
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.02)
        assert server.started
        yield serve.address(host, listener, (site or Site()).tls)
        server.should_exit = True
        thread.join(10)
        assert not thread.is_alive()
