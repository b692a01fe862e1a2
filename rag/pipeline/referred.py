"""Questions that name a document by its symbol or a paragraph by its number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rag.pipeline.writing import Found
from rag.question.references import References, references, same_symbol
from rag.schema import Chunk, Draft, DraftSentence, Filters, Passage, Quote, Reader
from rag.store import Reads
from rag.text import plain, terms

_REPORTS = 3  # whose paragraphs of a number are looked at, where no document is named
_SENTENCES = 3  # that a paragraph is told in
_SURE = 0.9  # what stands in the paragraph is what was asked for


@dataclass(frozen=True, slots=True)
class Referred:
    """What a question refers to, found in the index.

    ``reports`` are the ids of the reports that it names, empty for none. ``passages`` hold the paragraphs that it
    names, each cut to its paragraph.
    """

    references: References
    reports: tuple[str, ...]
    passages: tuple[Passage, ...]

    def first_in(self, found: Found) -> Found:
        """What was found, behind the paragraphs."""
        if not self.passages:
            return found
        passages = [
            replace(passage, rank=rank) for rank, passage in enumerate([*self.passages, *found.passages], start=1)
        ]
        return replace(found, split=None, passages=passages, places=())


def referred(question: str, filters: Filters, view: Reads) -> Referred | None:
    """What ``question`` names, as far as the index holds it and ``filters`` admit it; None for nothing."""
    named = references(question)
    if named is None:
        return None
    infos = view.reports(filters)
    meant = [info.id for info in infos if any(same_symbol(symbol, info.symbol) for symbol in named.symbols)]
    if named.symbols and not meant:
        return None  # it may be a document that the reports speak of
    searched = meant or [info.id for info in infos]
    passages: tuple[Passage, ...] = ()
    if named.paragraphs and len(searched) <= _REPORTS:
        passages = tuple(passage for name in searched for passage in _paragraphs(name, named.paragraphs, view))
    return Referred(named, tuple(meant), passages) if meant or passages else None


def _paragraphs(report_id: str, numbers: Sequence[str], view: Reads) -> Iterator[Passage]:
    layout = view.layout(report_id)
    parts = [part for part in layout.parts if part.number in numbers] if layout else []
    # Annexes count anew: the first paragraph of a number is the one that is meant.
    wanted = {part.number: (part.start, part.end) for part in reversed(parts) if layout.number_at(part.start)}
    if not wanted:
        return
    found = view.lookup(map(int, view.chunk_ids(Filters(reports=(report_id,)))))
    for number in numbers:
        start, end = wanted.get(number, (0, 0))
        for chunk, info, path in found.values():
            cut = _cut(chunk, start, end)
            if cut is not None:
                yield Passage(cut, info, path, 1.0, 0, "paragraph")


def _cut(chunk: Chunk, start: int, end: int) -> Chunk | None:
    units = tuple(unit for unit in chunk.units if start <= unit.start < end)
    if not units:
        return None
    first, last = units[0].start, units[-1].end
    return replace(chunk, start=first, end=last, text=chunk.text[first - chunk.start : last - chunk.start], units=units)


@dataclass(frozen=True, slots=True)
class ParagraphReader:
    """Answers from the paragraphs that a question names, and tells what stands there where that is all it asks."""

    name: str
    reader: Reader
    referred: Referred

    def read(self, question: str, passages: Sequence[Passage]) -> Draft:
        """Answer from the first of ``passages``, which are the paragraphs."""
        own = passages[: len(self.referred.passages)]
        if self.referred.references.content:
            return Draft(tuple(_told(own))[:_SENTENCES], confidence=_SURE)
        draft = self.reader.read(question, own)
        if draft.sentences:
            return draft
        asked = {term for language in ("en", "es") for term in terms(question, language)}
        near = [one for one in _told(own) if asked & set(terms(one.text, own[0].report.language))]
        return replace(draft, sentences=tuple(near[:_SENTENCES]), confidence=_SURE) if near else draft


def _told(passages: Sequence[Passage]) -> Iterator[DraftSentence]:
    for at, passage in enumerate(passages):
        for unit in passage.chunk.units:
            text = passage.chunk.text[unit.start - passage.chunk.start : unit.end - passage.chunk.start]
            yield DraftSentence(plain(text), (Quote(at, unit.start, unit.end, 1.0),))
