"""The records that travel between the stages, and the protocols that stages fulfil.

All records are frozen. Offsets are 0-based, half-open, in characters of ``Report.text``, and
``report.text[x.start:x.end]`` is the text of any record ``x`` that has them. Scores: higher is
better, comparable only within one stage.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np

if TYPE_CHECKING:
    from rag.layout import Layout

ABSTAIN = {
    "en": "The reports do not say.",
    "es": "Los informes no lo dicen.",
}
"""First sentence of every abstention, by language of the question."""

UNCHECKED = {
    "en": "What was found could not be checked against its source.",
    "es": "Lo que se encontró no pudo comprobarse con su fuente.",
}
"""Reason of an abstention whose sentences the verifier dropped, by language of the question."""


class Verdict(StrEnum):
    """How far a cited passage bears out a sentence."""

    SUPPORTED = "supported"
    PARTLY = "partly"
    UNSUPPORTED = "unsupported"


class BlockKind(StrEnum):
    """What a span of a section looks like on the page."""

    PROSE = "prose"
    LIST = "list"
    TABLE = "table"
    FIGURES = "figures"  # labels beside or above big numbers


class UnitKind(StrEnum):
    """The smallest things that are quoted."""

    SENTENCE = "sentence"
    ITEM = "item"
    ROW = "row"  # of a table, or a label with its figures in a key-figure block


@dataclass(frozen=True, slots=True)
class Period:
    """The days a report covers, both included."""

    start: date
    end: date

    @property
    def label(self) -> str:
        """Shortest ISO form: ``2019``, ``2020-05``, ``2024-01 to 2024-02`` or two days."""
        first, last = self.start, self.end
        whole_months = first.day == 1 and (last.month == 12 and last.day == 31 or _next_day(last).day == 1)
        if not whole_months:
            return first.isoformat() if first == last else f"{first.isoformat()} to {last.isoformat()}"
        if first.month == 1 and last.month == 12:
            return f"{first.year}" if first.year == last.year else f"{first.year} to {last.year}"
        if (first.year, first.month) == (last.year, last.month):
            return f"{first:%Y-%m}"
        return f"{first:%Y-%m} to {last:%Y-%m}"


def _next_day(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportInfo:
    """Catalogue entry of a report.

    ``symbol`` is the publisher's own mark of the document ("S/2025/211"). ``origins`` says for ``title``,
    ``publisher``, ``type``, ``symbol``, ``period``, ``published`` and ``language`` where the value came from:
    ``"corrected by hand"``, ``"reports.toml"``, ``"text"``, ``"properties"`` (of the file), ``"file name"`` or
    ``"not found"``. ``sha256`` is that of the file's bytes, in hex.
    """

    id: str
    title: str
    publisher: str = ""
    type: str = ""
    symbol: str = ""
    period: Period | None = None
    published: date | None = None
    language: str = "en"
    origins: Mapping[str, str] = field(default_factory=dict)
    path: str = ""
    sha256: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report(ReportInfo):
    """One source document with its full text; ``layout`` is None for text and Markdown."""

    text: str
    layout: Layout | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What was found when a report's file was read, for whoever added it.

    ``format`` is the file's suffix without the dot. ``without_text`` are numbers of pages that hold no readable
    text, ``ocr`` of those read by OCR. ``tables`` and ``figures`` count tables and key-figure blocks. ``similar``
    names other reports of the index that look like another version of this one, each as (id, why). ``added`` is the
    moment it went in, in UTC. ``reader`` is the version of the code that read it, and ``ocr_tried`` says whether OCR
    could be tried on the pages without text.
    """

    added: datetime
    format: str
    pages: int = 0
    without_text: tuple[int, ...] = ()
    ocr: tuple[int, ...] = ()
    sections: int = 0
    tables: int = 0
    figures: int = 0
    chunks: int = 0
    similar: tuple[tuple[str, str], ...] = ()
    reader: int = 0
    ocr_tried: bool = False


class RelationKind(StrEnum):
    """What arithmetic shows of the cells of a row."""

    SHARE = "share"  # parts are a figure and its per cent of the whole
    SUM = "sum"  # parts add up to the whole
    TOTAL_ROW = "total row"  # the cells are the sums of the rows above; no indexes


@dataclass(frozen=True, slots=True)
class Relation:
    """How cells of a row stand to one another, shown by every row of its table; indexes count from 0."""

    kind: RelationKind
    whole: int = -1
    parts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence, list item or row: the smallest span that is quoted.

    For a row, ``title`` is that of its table or block, with the group of rows it belongs to;
    ``label`` is its own; ``cells`` are the spans of its values, in order, empty where a cell is.
    ``heads`` name the values in that order, as far as the text shows them: all of them (some may be
    ""), or none. ``relations`` is for values without heads. Any of these may be empty.
    """

    start: int
    end: int
    kind: UnitKind
    title: str = ""
    heads: tuple[str, ...] = ()
    label: str = ""
    cells: tuple[tuple[int, int], ...] = ()
    relations: tuple[Relation, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """A contiguous span of a section that is all prose, all list, or one table or key-figure block.

    ``rows`` are filled for tables and key-figure blocks only, in text order.
    """

    start: int
    end: int
    kind: BlockKind
    rows: tuple[Unit, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A headed part of a report; what a citation points at.

    ``path`` holds the headings, outermost first. ``start``/``end`` span the heading and all
    blocks. Blocks are in text order and do not overlap, but need not touch: a list may be
    interrupted by a box that belongs to another section. ``ordinal`` counts from 0 in order
    of ``start``.
    """

    report_id: str
    ordinal: int
    path: tuple[str, ...]
    start: int
    end: int
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Chunk:
    """What is embedded and indexed; lies inside one block of one section.

    ``section`` is the ordinal of its section. ``context`` (report title, period, section path,
    table title and heads) is embedded and searched together with ``text`` but is not part of
    the report. ``units`` cover the chunk in text order. ``id`` is 0 until stored.
    """

    report_id: str
    section: int
    ordinal: int
    start: int
    end: int
    text: str
    kind: BlockKind
    units: tuple[Unit, ...]
    context: str = ""
    id: int = 0


@dataclass(frozen=True, slots=True)
class Filters:
    """Restricts a search to some reports; an empty filter admits all.

    ``since`` and ``until`` admit a report whose period (or, without one, published date)
    overlaps them.
    """

    reports: tuple[str, ...] = ()
    publisher: str = ""
    since: date | None = None
    until: date | None = None

    def __bool__(self) -> bool:
        return bool(self.reports or self.publisher or self.since or self.until)


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk returned for one question. ``rank`` counts from 1; ``stage`` is what scored it."""

    chunk: Chunk
    report: ReportInfo
    section: tuple[str, ...]
    score: float
    rank: int
    stage: str


@dataclass(frozen=True, slots=True)
class Quote:
    """Evidence that a reader names: a span of the report of ``passages[passage]``."""

    passage: int
    start: int
    end: int
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class DraftSentence:
    """A sentence of an answer before verification.

    ``computed`` marks one whose figure stands in no quote but was worked out: the two figures, as
    written in the first and second quote, by whose difference the second is above or below the first.
    """

    text: str
    quotes: tuple[Quote, ...]
    computed: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What a reader returns. No sentences means that it abstains, and ``reason`` says why.

    ``confidence``, ``unanswered`` and ``notes`` are as in ``Answer``.
    """

    sentences: tuple[DraftSentence, ...] = ()
    reason: str = ""
    confidence: float | None = None
    unanswered: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CitedSentence:
    """A sentence of an answer, the markers of its citations, and the verdict on them together."""

    text: str
    markers: tuple[int, ...]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page (counted from 1), in points from the top left corner of the page as shown."""

    page: int
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Citation:
    """A marker resolved to report, section and exact quote.

    ``section`` holds the headings, outermost first. ``page`` is that of the quote's start, 1-based, None where the
    format has no pages. ``score`` is the reader's for this quote. ``boxes`` are where the quote stands on its pages, a
    line each; empty where the format has no places. ``paragraph`` is the number that the report gives to the
    paragraph, "" for none. ``ocr`` is the confidence, 0 to 1, with which OCR read the page; None where it did not.
    """

    marker: int
    report_id: str
    report_title: str
    published: date | None
    section: tuple[str, ...]
    page: int | None
    quote: str
    start: int
    end: int
    score: float
    verdict: Verdict
    boxes: tuple[Box, ...] = ()
    paragraph: str = ""
    ocr: float | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The one result that chat, evaluators and integrators get.

    ``text`` is ready to show: sentences with their markers, or, when ``status`` is
    ``"abstained"``, a plain statement that the reports do not say, with the reason.
    ``passages`` are what the reader was given, best first. ``timings_s`` are seconds per stage.
    ``confidence`` is the reader's, 0 to 1, that the passages answer the question: the higher it is, the
    less likely a wrong answer. It is given for an abstention too; None when the reader has none.
    ``searched_for`` is the question that a follow-up was taken for, with what it left to the turns
    before it; empty when the question was searched for as it was asked. ``unanswered`` says of each part
    of an answered question that the reports do not hold, in a sentence, that they do not; it ends ``text``.
    ``as_of`` is the period of the latest report that is cited, in words of the question's language; empty
    for an abstention and where no report cited states its period. ``notes`` tell the user, a sentence each, in the
    question's language, of what was left out or went another way than asked: a sentence that its quotes do not bear
    out, a model that did not answer.
    """

    status: Literal["answered", "abstained"]
    text: str
    sentences: tuple[CitedSentence, ...]
    citations: tuple[Citation, ...]
    passages: tuple[Passage, ...]
    reader: str
    timings_s: Mapping[str, float]
    confidence: float | None = None
    searched_for: str = ""
    unanswered: tuple[str, ...] = ()
    as_of: str = ""
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form: dates as ISO strings, tuples as lists, passages without vectors."""
        return _plain(asdict(self))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question of a conversation with its answer's text."""

    question: str
    answer: str


class Encoder(Protocol):
    """Text to vector.

    ``name`` and ``fingerprint`` (SHA-256 of the weights, hex) tell whether two encoders make
    comparable vectors.
    """

    name: str
    dimension: int
    fingerprint: str

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Unit vectors, float32, shape (len(texts), dimension), in order of ``texts``."""
        ...

    def count_tokens(self, text: str) -> int:
        """Tokens of ``text`` as the encoder sees it, special tokens excluded."""
        ...


@dataclass(frozen=True, slots=True)
class Reading:
    """What a cross-encoder makes of a passage for a question.

    ``answers`` is the probability, 0 to 1, that the passage answers. If it does, the answer lies at
    ``offsets[i]``, a token's span of characters in the passage, with probability ``mass[i]``; the
    masses sum to 1.
    """

    answers: float
    offsets: tuple[tuple[int, int], ...]
    mass: np.ndarray

    def share(self, start: int, end: int) -> float:
        """Mass of the tokens that begin within a span of the passage, 0 to 1."""
        return float(
            sum(mass for (first, _), mass in zip(self.offsets, self.mass, strict=True) if start <= first < end)
        )


@dataclass(frozen=True, slots=True)
class Support:
    """How a passage stands to a statement: probabilities, 0 to 1, that sum to 1."""

    supported: float
    refuted: float
    neutral: float


class CrossEncoder(Protocol):
    """Reads a question, or a statement, and a passage together."""

    def read(self, question: str, passages: Sequence[str]) -> list[Reading]:
        """What each passage says to the question, in order of ``passages``."""
        ...

    def judge(self, statement: str, passages: Sequence[str]) -> list[Support]:
        """How each passage stands to the statement, in order of ``passages``."""
        ...


class Reader(Protocol):
    """Writes a draft from passages."""

    name: str

    def read(self, question: str, passages: Sequence[Passage]) -> Draft:
        """Answer from ``passages`` alone, best first; an empty draft abstains."""
        ...


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a chat with a model."""

    role: Literal["system", "user", "assistant"]
    content: str


class ChatModel(Protocol):
    """A local LLM behind an OpenAI-compatible endpoint.

    ``name`` is the model's; ``context_tokens`` is how many tokens prompt and answer may have together.
    """

    name: str
    context_tokens: int

    def count_tokens(self, text: str) -> int:
        """Tokens of ``text``, never fewer than the model sees: exact where the engine counts, else estimated."""
        ...

    def stream(self, messages: Sequence[Message], *, max_tokens: int, cancelled: Callable[[], bool]) -> Iterator[str]:
        """Yield the reply's text in pieces as they come; ends early, without an error, once ``cancelled()``.

        :raises ModelError: the reply cannot be had or broke off; which kind says why.
        """
        ...


class Progress(Protocol):
    """Called with the stage's name, units done and units in all."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Note that ``done`` of ``total`` units of ``stage`` are finished."""
        ...
