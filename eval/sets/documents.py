r"""Documents built piece by piece, so that the span of every piece is known.

A document is written to a file and read back by ``rag.load``, which drops a byte order mark, unifies
line ends and refuses control characters. ``clean`` takes all of that out beforehand: offsets into
a document's text hold in the report as well.
"""

from __future__ import annotations

import hashlib
import logging
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.questions import Claim, Document, Evidence, TestQuestion, TestSet
from eval.sets.rows import REMEDY, DataError
from rag.text import sentence_spans
from rag.train.texts import clean

_LOG = logging.getLogger(__name__)
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)  # no file names on Windows
_MAX_ID = 60  # characters


def one_line(text: str) -> str:
    """Cleaned text with every run of white space as one space, trimmed."""
    return " ".join(clean(text).split())


def split_of(group: str) -> str:
    """``"dev"`` or ``"test"``, half each, by the parity of the group's SHA-256: the same on every machine."""
    return "test" if hashlib.sha256(group.encode("utf-8", "surrogatepass")).digest()[-1] % 2 else "dev"


@dataclass(frozen=True, slots=True)
class Piece:
    """A text that was added to a draft: its span there, and what it was before it was cleaned."""

    start: int
    end: int
    raw: str
    lead: int

    def at(self, offset: int) -> int:
        """The draft's offset of an offset into the raw text."""
        return min(self.start + max(0, len(clean(self.raw[:offset])) - self.lead), self.end)


class Draft:
    """A document that grows; spans of what it already holds stay valid."""

    def __init__(self, id: str, title: str = "", language: str = "en", *, heading: bool = True) -> None:
        """With ``heading``, a title becomes the first line, ``# Title``."""
        self.id, self.title, self.language = id, one_line(title), language
        self.text = f"# {self.title}" if heading and self.title else ""
        self._sentences: dict[tuple[int, int], list[tuple[int, int]]] = {}

    def add(self, raw: str, before: str = "\n\n") -> Piece:
        """Add cleaned and trimmed text after ``before``, which is left out at the document's start."""
        cleaned = clean(raw)
        stripped = cleaned.strip()
        if self.text and stripped:
            self.text += before
        start = len(self.text)
        self.text += stripped
        return Piece(start, len(self.text), raw, len(cleaned) - len(cleaned.lstrip()))

    def evidence(self, start: int, end: int, need: int = 0) -> Evidence:
        """The span without white space at its ends, as evidence."""
        inside = self.text[start:end]
        start += len(inside) - len(inside.lstrip())
        quote = inside.strip()
        return Evidence(self.id, (), start, start + len(quote), quote, need)

    def sentences(self, start: int, end: int, need: int = 0) -> Evidence:
        """The whole sentences that ``start`` to ``end`` touches; sentences end at blank lines too."""
        text = self.text
        bounds = (text.rfind("\n\n", 0, start) + 1, text.find("\n\n", end))
        bounds = (bounds[0], bounds[1] if bounds[1] >= 0 else len(text))
        if bounds not in self._sentences:
            self._sentences[bounds] = sentence_spans(text, *bounds)
        touched = [span for span in self._sentences[bounds] if span[0] < end and span[1] > start]
        return self.evidence(touched[0][0], touched[-1][1], need) if touched else self.evidence(start, end, need)

    @property
    def document(self) -> Document:
        """The document as it is now."""
        return Document(self.id, self.text, self.title, self.language)


class Shelf:
    """The drafts of a set, each under an id of its own."""

    def __init__(self) -> None:
        self.drafts: list[Draft] = []
        self._taken: set[str] = set()

    def begin(self, name: str, title: str = "", language: str = "en", *, heading: bool = True) -> Draft:
        """A new draft. Its id is ``name`` as a file's stem, numbered when another draft has it already."""
        stem = file_stem(name)
        number, id = 1, stem
        while id.casefold() in self._taken:  # file systems may not tell capitals from small letters
            number += 1
            id = f"{stem}-{number}"
        self._taken.add(id.casefold())
        self.drafts.append(Draft(id, title, language, heading=heading))
        return self.drafts[-1]

    @property
    def documents(self) -> tuple[Document, ...]:
        """The drafts as documents, in the order they were begun."""
        return tuple(draft.document for draft in self.drafts)


def file_stem(name: str) -> str:
    """``name`` in ASCII letters, digits, ``-`` and ``_``, at most 60 characters, a file's stem on every system."""
    decomposed = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii")
    stem = re.sub(r"[^A-Za-z0-9_]+", "-", decomposed).strip("-_")[:_MAX_ID].rstrip("-_")
    if not stem:
        return "document"
    return f"{stem}-file" if _RESERVED.fullmatch(stem) else stem


def finish(
    name: str,
    path: Path,
    questions: Sequence[TestQuestion] = (),
    documents: Sequence[Document] = (),
    claims: Sequence[Claim] = (),
    dropped: Mapping[str, int] | None = None,
) -> TestSet:
    """The set, once it is certain that ids are unique and that evidence stands where it says.

    What the set was left with and what was dropped, by reason, is logged at INFO.

    :raises DataError: an id occurs twice, nothing is left, or a span does not hold its quote.
    """
    for what, ids in (("question", [q.id for q in questions]), ("claim", [c.id for c in claims])):
        again = [id for id, count in Counter(ids).items() if count > 1]
        if again:
            raise DataError(f"{path}: the {what} id {again[0]!r} occurs twice. {REMEDY}")
    if not questions and not claims:
        raise DataError(f"{path} holds no question or claim of {name} that can be used. {REMEDY}")
    texts = {document.id: document.text for document in documents}
    for question in questions:
        for span in question.evidence:
            if texts[span.report][span.start : span.end] != span.quote:
                raise DataError(f"{path}: the evidence of question {question.id!r} is not in {span.report}. {REMEDY}")
    left_out = ", ".join(f"{reason}: {count}" for reason, count in sorted((dropped or {}).items())) or "nothing"
    _LOG.info(
        "%s: %d questions, %d claims, %d documents; dropped %s",
        name,
        len(questions),
        len(claims),
        len(documents),
        left_out,
    )
    return TestSet(name, tuple(questions), tuple(claims), tuple(documents))
