"""Marked evidence looked for in what was read, and on its page."""

from __future__ import annotations

from pathlib import Path

from eval.evidence import Row, _counted

FILE = Path("a.pdf")
PAGES = ["Tents went to 320 families\nin Piura.", "Place | Tents\nPiura | 320\nLoja | 41"]


def counted(text: str, page: int) -> tuple[int, int, int]:
    counts = _counted([Row(FILE, text, page)], {FILE: PAGES})
    return counts["whole"], counts["page"], counts["words"]


def test_rows_are_counted_by_place_page_and_words():
    assert counted("320 families in Piura", 1) == (1, 1, 1)
    assert counted("320 families in Piura", 2) == (1, 0, 0)
    assert counted("Loja 41 Piura 320", 2) == (0, 0, 1)  # the words of a table in another order
    assert counted("Loja 41 Piura 320", 9) == (0, 0, 0)
