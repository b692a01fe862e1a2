"""Reports in PDF as documents, and evidence that is given by page."""

from __future__ import annotations

from pathlib import Path

from eval.questions import Evidence
from eval.sets.documents import Draft
from eval.sets.locate import Letters
from eval.sets.rows import DataError
from rag.errors import ConfigError
from rag.train.texts import page_texts


class Pages:
    """A PDF's text in a draft, pages joined by blank lines, and where each page is in it."""

    def __init__(self, path: Path, draft: Draft) -> None:
        """Read ``path`` into ``draft``.

        :raises DataError: pypdfium2 is not installed, or the file is no PDF that can be read.
        """
        self.draft = draft
        self._letters: list[Letters] = []
        for text in _texts(path):
            piece = draft.add(text)
            self._letters.append(Letters(draft.text, piece.start, piece.end))

    def find(self, quote: str, page: int) -> tuple[Evidence, int] | None:
        """The span of ``quote``, and its page counting from 1; None when it is nowhere.

        The given page is looked at first, then the others from near to far: reports print numbers
        on their pages that differ from the pages' order.
        """
        for number in sorted(range(1, len(self._letters) + 1), key=lambda other: (abs(other - page), other)):
            for start, end in self._letters[number - 1].find_all(quote):
                return self.draft.evidence(*_with_marks(self.draft.text, start, end)), number
        return None


def _with_marks(text: str, start: int, end: int) -> tuple[int, int]:
    """The span with the full stop, percent sign or bracket after it and the currency or bracket before it."""
    while end < len(text) and text[end] in '.%)!?”"’':
        end += 1
    while start and text[start - 1] in '($€£“"‘-−':
        start -= 1
    return start, end


def _texts(path: Path) -> list[str]:
    try:
        return page_texts(path)
    except ConfigError as error:
        raise DataError(str(error)) from None
