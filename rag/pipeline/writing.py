"""From passages to checked sentences: a model's, or the built-in reader's where the model fails."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol, runtime_checkable

from rag.cite import cite
from rag.errors import ModelError
from rag.layout import Layout
from rag.pipeline import notes
from rag.pipeline.guard import guarded, trusted
from rag.pipeline.parts import PartsReader
from rag.question.parts import Split
from rag.readers.chat.orders import gives_orders
from rag.schema import Citation, CitedSentence, CrossEncoder, Draft, Passage, Reader, Turn, Verdict

log = logging.getLogger(__name__)

Policy = Literal["strict", "mark"]
POLICIES: tuple[Policy, ...] = ("strict", "mark")


@runtime_checkable
class ModelReader(Protocol):
    """A reader over a chat model: its text comes in pieces, and it may fail with a ``ModelError``."""

    name: str

    def stream(self, question: str, passages: Sequence[Passage]) -> Iterator[str | Draft]:
        """Yield provisional text as it comes, and last the draft."""
        ...

    def condense(self, question: str, history: Sequence[Turn]) -> str:
        """The last question of a conversation by itself; "" if nothing fit came of it."""
        ...


@dataclass(frozen=True, slots=True)
class Found:
    """A question, whole and in parts, with its passages; ``places`` as for ``PartsReader``."""

    question: str
    language: str
    split: Split | None
    passages: Sequence[Passage]
    places: Sequence[Sequence[int]]


@dataclass(frozen=True, slots=True)
class Written:
    """A draft and what was left of it. ``dropped``: something was left out; ``read_at``: when the draft was there."""

    draft: Draft
    sentences: tuple[CitedSentence, ...]
    citations: tuple[Citation, ...]
    dropped: bool
    reader: str
    read_at: float


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes and checks. ``policy`` is for a model's sentences; without ``verify`` none is left out.

    ``layout_of`` is as for :func:`rag.cite.cite`.
    """

    reader: Reader
    built_in: Reader
    policy: Policy
    verify: bool
    cross_encoder: CrossEncoder | None
    layout_of: Callable[[Passage], Layout | None] | None = None

    def write(self, found: Found, failure: ModelError | None = None) -> Generator[str, None, Written]:
        """Yield a model's provisional text as it comes; return the checked result.

        A model that fails, has failed already (``failure``), or of which nothing is left gives way
        to the built-in reader, with a note that says so.
        """
        if not isinstance(self.reader, ModelReader) or not found.passages:
            return self._read(found, self.built_in if isinstance(self.reader, ModelReader) else self.reader)
        try:
            if failure is not None:
                raise failure
            draft = yield from _streamed(self.reader, found)
        except ModelError as error:
            log.warning("%s did not answer (%s): %s", self.reader.name, type(error).__name__, error)
            return self._instead(found, (notes.failed(error, found.language),))
        written = self._checked(draft, found, self.reader.name, free=True)
        if draft.sentences and not written.sentences:
            log.warning("nothing of the answer of %s was borne out", self.reader.name)
            return self._instead(found, (*draft.notes, notes.nothing(found.language)))
        return written

    def _instead(self, found: Found, said: tuple[str, ...]) -> Written:
        """The built-in reader's answer, from the passages that give a model no orders: it would quote those."""
        kept = [at for at, passage in enumerate(found.passages) if not gives_orders(passage.chunk.text)]
        places = [[kept.index(at) for at in own if at in kept] for own in found.places]
        harmless = replace(found, passages=[found.passages[at] for at in kept], places=places)
        written = self._read(harmless, self.built_in)
        return replace(written, draft=replace(written.draft, notes=(*said, *written.draft.notes)))

    def _read(self, found: Found, reader: Reader) -> Written:
        if found.split and isinstance(reader, PartsReader):
            draft = reader.read_parts(found.question, found.split, found.passages, found.places)
        else:
            draft = reader.read(found.question, found.passages)
        return self._checked(draft, found, reader.name, free=False)

    def _checked(self, draft: Draft, found: Found, reader: str, *, free: bool) -> Written:
        read_at = time.perf_counter()
        sentences, citations = cite(draft, found.passages, model=self.cross_encoder, layout_of=self.layout_of)
        if free:
            sentences = guarded(draft, sentences, citations, found.passages)
        all_of_them, dropped, said = len(sentences), False, list(draft.notes)
        if self.verify and not (free and self.policy == "mark"):
            sentences, citations, dropped = trusted(sentences, citations)
            if free and dropped and sentences:
                said.append(notes.dropped(all_of_them - len(sentences), found.language))
        elif free:
            doubtful = [one.text for one in sentences if one.verdict is Verdict.UNSUPPORTED]
            said += notes.marked(doubtful, found.language)
        return Written(replace(draft, notes=tuple(said)), sentences, citations, dropped, reader, read_at)


def _streamed(reader: ModelReader, found: Found) -> Generator[str, None, Draft]:
    draft = Draft()
    for piece in reader.stream(found.question, found.passages):
        if isinstance(piece, Draft):
            draft = piece
        else:
            yield piece
    return draft
