"""A question to a cited, checked answer: retrieve, read, cite and verify."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Self

from rag.errors import ConfigError, StoreError
from rag.index import DenseIndex
from rag.pipeline.answers import answer_of, pieces_of
from rag.pipeline.checks import check_filters, check_question
from rag.pipeline.opening import dense_index, load_cross_encoder, load_encoder, open_store, save_cache
from rag.pipeline.parts import gathered, with_definitions, with_whole_lists
from rag.pipeline.places import OnPages, Places
from rag.pipeline.referred import ParagraphReader, Referred, referred
from rag.pipeline.standalone import standalone
from rag.pipeline.writing import POLICIES, Found, Policy, Writer
from rag.question import Want, analyse
from rag.question.parts import split as split_question
from rag.readers import ExtractiveReader
from rag.rerank import rerank
from rag.retrieve import Mode, retrieve
from rag.schema import (
    Answer,
    Encoder,
    Filters,
    Passage,
    Reader,
    ReportInfo,
    Section,
    Turn,
)
from rag.store import Reads
from rag.text import language_of

PASSAGES = 8  # given to the reader
CANDIDATES = 30  # given to the reranker
_AS_ASKED = 4  # of so many passages for a completed question, one more for it as it was asked


@dataclass(frozen=True, slots=True)
class Stages:
    """Parts of the main path that can be left out, to measure what each is worth.

    ``retrieval`` searches by vectors and words (hybrid) or by one of them; without ``rerank`` the
    reader gets the passages in the retriever's order; without ``verify`` sentences that their
    quotes do not bear out stay in the answer, with their verdict; without ``cross_encoder``
    reranking and the built-in reader go by words and vectors alone; without ``parts`` a question that asks for
    several things is searched and read as one.
    """

    retrieval: Mode = "hybrid"
    rerank: bool = True
    verify: bool = True
    cross_encoder: bool = True
    parts: bool = True


class Assistant(OnPages):
    """An open index that answers questions; safe to use from several threads.

    :param index_dir: folder that ``build_index`` made.
    :param reader: writes the answer; the built-in extractive reader by default, which also stands
        in for a ``ChatReader`` whose model fails.
    :param policy: what becomes of a model's sentences that the reports do not bear out: ``"strict"``
        leaves them out, ``"mark"`` keeps them with their verdict; ``Answer.notes`` says so.
    :param encoder: must be the one that the index was built with; the bundled one by default.
    :param stages: for comparisons only, what to leave out.
    :raises StoreError: the index is missing, damaged, or was built with another encoder or settings.
    :raises EncoderError: the encoder cannot be loaded.
    :raises ConfigError: there is no such policy.
    """

    def __init__(
        self,
        index_dir: str | Path,
        *,
        reader: Reader | None = None,
        encoder: Encoder | None = None,
        stages: Stages | None = None,
        policy: Policy = "strict",
    ) -> None:
        if policy not in POLICIES:
            raise ConfigError(f"There is no policy {policy!r}: choose one of {', '.join(POLICIES)}.")
        self._stages = stages or Stages()
        self._encoder = encoder or load_encoder()
        self._store = open_store(Path(index_dir), self._encoder)
        self._cross_encoder = load_cross_encoder() if self._stages.cross_encoder else None
        own = isinstance(reader, ExtractiveReader)
        self._built_in = reader if own else ExtractiveReader(self._encoder, cross_encoder=self._cross_encoder)
        self._reader = reader or self._built_in
        self._policy = policy
        self._places = Places(self._store)
        # A slow build of the cache by whoever comes first spares it everybody after.
        self._dense = save_cache(self._store)
        self._dense_lock = threading.Lock()

    def close(self) -> None:
        """Close the index; questions under way are answered to the end."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def reader_name(self) -> str:
        """Name of what writes the answers: ``"extractive"``, or the chat model's."""
        return self._reader.name

    def warm_up(self) -> None:
        """Load the encoder now, which takes seconds, and not with the first question."""
        self._encoder.encode(["warm up"])

    def query(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        reports: Sequence[str] = (),
        publisher: str = "",
        since: date | None = None,
        until: date | None = None,
        k: int = PASSAGES,
    ) -> Answer:
        """Answer from the reports that the filters admit.

        :param history: earlier turns of the conversation, oldest first. What a follow-up question
            leaves out is taken from them, and ``Answer.searched_for`` says what was asked then.
        :param reports: ids of the reports to search; empty for all.
        :param publisher: search only this publisher's reports, whatever their capitals.
        :param since: search only reports whose period ends on this day or later.
        :param until: search only reports whose period begins on this day or earlier.
        :param k: passages given to the reader; for a follow-up question a few more.
        :raises QuestionError: the question is empty or longer than ``MAX_QUESTION_CHARS``.
        :raises ConfigError: a filter names an unknown report or publisher, or since is after until.
        """
        scope: dict[str, Any] = {"reports": reports, "publisher": publisher, "since": since, "until": until}
        *_, answer = self._answered(question, history, scope, k)
        assert isinstance(answer, Answer)
        return answer

    def stream(
        self, question: str, *, history: Sequence[Turn] = (), k: int = PASSAGES, **scope: Any
    ) -> Iterator[str | Answer]:
        """Yield the answer's text in pieces as it comes, and last the verified ``Answer``.

        Takes the same arguments as ``query`` and gives the same answer. A model's text is
        provisional: without markers, not checked, and replaced by the answer. Closing the iterator
        stops the model.
        """
        provisional = False
        for piece in self._answered(question, history, scope, k):
            if isinstance(piece, Answer) and not provisional:
                yield from pieces_of(piece)
            provisional = True
            yield piece

    def _answered(
        self, question: str, history: Sequence[Turn], scope: dict[str, Any], k: int
    ) -> Iterator[str | Answer]:
        """A model's provisional text as it comes, and last the answer."""
        asked = check_question(question)
        started = time.perf_counter()
        question, failure = standalone(asked, history, self._reader)
        named = self._named(question, scope)
        if named is None:
            found = self._found(question, asked, scope, k)
        else:
            scope = {**scope, "reports": named.reports or scope["reports"]}
            found = named.first_in(self._found(named.references.question, named.references.question, scope, k))
        retrieved = time.perf_counter()
        places = self._places.layout_of
        built_in = self._built_in
        if named is not None and named.passages:
            built_in = ParagraphReader(built_in.name, built_in, named)
        reader = built_in if self._reader is self._built_in else self._reader
        writer = Writer(reader, built_in, self._policy, self._stages.verify, self._cross_encoder, places)
        written = yield from writer.write(found, failure)
        done = time.perf_counter()
        timings = {
            "retrieve": retrieved - started,
            "read": written.read_at - retrieved,
            "verify": done - written.read_at,
            "total": done - started,
        }
        yield answer_of(found, written, question if question != asked else "", timings)

    def _named(self, question: str, scope: dict[str, Any]) -> Referred | None:
        """The document or paragraph that the question names, among the reports that the filters admit."""
        with self._store.snapshot() as view:
            return referred(question, _filters(**scope), view)

    def _found(self, question: str, asked: str, scope: dict[str, Any], k: int) -> Found:
        """The passages for ``question`` and its parts, and behind them a few for it as it was ``asked``."""
        split = split_question(question) if self._stages.parts else None
        asked_for = [*(part.text for part in split.parts), question] if split else [question]
        each = min(k, max(1, 2 * k // len(asked_for)))
        passages, places = gathered([self.search(part, **scope, k=each) for part in asked_for])
        if question != asked:
            passages, _ = gathered([[*passages, *self.search(asked, **scope, k=max(1, k // _AS_ASKED))]])
        wanted = analyse(question)
        if split is None and (wanted.defined or Want.LIST in wanted.wants):
            with self._store.snapshot() as view:
                if wanted.defined:
                    passages = with_definitions(wanted.defined, passages, view, _filters(**scope))
                else:
                    passages = with_whole_lists(passages, view)
        language = language_of(asked, default=language_of(question))
        return Found(question, language, split, passages, places)

    def search(
        self,
        question: str,
        *,
        reports: Sequence[str] = (),
        publisher: str = "",
        since: date | None = None,
        until: date | None = None,
        k: int = PASSAGES,
    ) -> list[Passage]:
        """The passages that a reader would be given, best first. Arguments and errors as ``query``.

        The question is taken as one: ``query`` searches for each part of a question in parts.
        """
        filters = _filters(reports, publisher, since, until)
        question = check_question(question)
        with self._store.snapshot() as view:
            check_filters(filters, k, view)
            found = retrieve(
                [question],
                store=view,
                dense=self._dense_for(view),
                encoder=self._encoder,
                k=max(k, CANDIDATES),
                filters=filters,
                prefer=analyse(question).periods,
                mode=self._stages.retrieval,
            )
        return rerank(question, found, self._encoder, k, self._cross_encoder) if self._stages.rerank else found[:k]

    def reports(self) -> list[ReportInfo]:
        """Catalogue entries of the reports in the index, by id."""
        return self._store.reports()

    def report_text(self, report_id: str) -> str:
        """Full text of a report. Raises ``StoreError`` naming similar ids when there is none."""
        return self._store.report(report_id).text

    def sections(self, report_id: str) -> list[Section]:
        """Sections of a report in text order. Raises ``StoreError`` when there is no such report."""
        return self._store.sections(report_id)

    def section_at(self, report_id: str, offset: int) -> Section:
        """The section whose blocks hold a character. Raises ``StoreError`` when none does."""
        for section in self._store.sections(report_id):
            if any(block.start <= offset < block.end for block in section.blocks):
                return section
        raise StoreError(f"No section of the report {report_id!r} holds character {offset}.")

    def _dense_for(self, view: Reads) -> DenseIndex:
        """The vector index of the state that ``view`` sees: an older one would name deleted chunks."""
        generation = view.generation
        with self._dense_lock:
            if self._dense[0] != generation:
                self._dense = (generation, dense_index(view)[0])
            return self._dense[1]


def _filters(
    reports: Sequence[str] = (), publisher: str = "", since: date | None = None, until: date | None = None
) -> Filters:
    return Filters(tuple(reports), publisher, since, until)
