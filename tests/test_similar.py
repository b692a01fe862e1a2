"""Which reports are taken for the same, for versions of each other, and for successive ones."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from datetime import date
from itertools import combinations

import pytest
from conftest import SHARED
from hypothesis import given
from hypothesis import strategies as st
from samples import make_report, year

from rag.pipeline.similar import Likeness, advice, alike, estimated, jaccard, shingles, sketch
from rag.schema import Report

TOWNS = ("Loja", "Piura", "Cusco", "Tacna", "Puno", "Ica", "Lima", "Huaraz")


def text(number: int = 0, sentences: int = 60) -> str:
    return "\n".join(
        f"In {TOWNS[(line + number) % 8]} partner {line} of the cluster gave {line * 7 + number} families food, tents "
        f"and water until day {line} of the month."
        for line in range(sentences)
    )


def report(name: str, body: str = "", **info: object) -> Report:
    return make_report(body or text(), id=name, **info)


def found(new: Report, *stored: Report) -> list[Likeness]:
    texts = {one.id: one.text for one in stored}
    sketches = {one.id: sketch(shingles(one.text)) for one in stored}
    return alike(new, shingles(new.text), {one.id: one for one in stored}, sketches, texts.__getitem__)


def test_the_same_text_in_another_file_is_the_same():
    (one,) = found(report("b", text().replace("\n", "\n\n").replace("tents", "TENTS")), report("a"))
    assert one.same and one.id == "a" and one.share == 1.0


def test_a_figure_that_differs_makes_another_version():
    body = text(sentences=400)
    (one,) = found(report("b", body.replace("gave 707 families", "gave 708 families")), report("a", body))
    assert one.share > 0.98 and not one.same


def test_a_text_with_a_part_rewritten_is_a_version():
    half = "\n".join([text(sentences=50), "Quite another ending, which tells of schools, books and teachers there."])
    (one,) = found(report("b", half, published=date(2024, 5, 2)), report("a", published=date(2024, 5, 1)))
    assert not one.same and one.newer is True and "published 2024-05-02 and 2024-05-01" in one.why


def test_successive_reports_from_one_template_are_no_versions():
    may, june = report("may", period=year(2023)), report("june", period=year(2024))
    assert found(june, may) == []
    assert found(report("x", symbol="S/2025/504"), report("y", symbol="S/2025/211")) == []


def test_reports_on_other_things_are_not_alike():
    assert found(report("b", "A workshop on nutrition for teachers was held in Lima last week."), report("a")) == []


@pytest.mark.parametrize(
    ("new", "old", "newer", "beside"),
    [
        ("S/2025/211/Rev.1", "S/2025/211", True, False),
        ("S/2025/211", "S/2025/211/Rev.1", False, False),
        ("S/2025/211/Rev.2", "s/2025/211 /rev. 1", True, False),
        ("A/79/947-S/2025/372/Rev.1", "S/2025/372", True, False),
        ("A/45/696/Add.1", "A/45/696", True, True),
        ("S/2025/211/Corr.1", "S/2025/211", True, True),
    ],
)
def test_symbols_tell_revisions_and_addenda_whatever_the_text(new, old, newer, beside):
    (one,) = found(report("b", "A few words only.", symbol=new), report("a", symbol=old))
    assert (one.newer, one.beside, one.same) == (newer, beside, False) and new in one.why


def test_the_same_symbol_in_another_language_is_a_translation():
    spanish = report("es", "Las lluvias cayeron en Piura.", symbol="S/2025/211", language="es")
    (one,) = found(spanish, report("en", symbol="S/2025/211"))
    assert one.beside and "another language" in one.why
    assert found(replace(spanish, language="en"), report("en", symbol="S/2025/211")) == []  # one only names it


def test_advice_says_what_to_do():
    new = Likeness("old", "why", 0.9, newer=True)
    assert advice("new", new) == (
        "new looks like a newer version of old (why). Both are in the index; "
        "to keep only the newer one: reportqa remove old"
    )
    assert "an older version of old" in advice("new", replace(new, newer=False))
    assert advice("new", replace(new, newer=False)).endswith("reportqa remove new")
    assert advice("new", replace(new, newer=None)).endswith("reportqa remove old, or: reportqa remove new")
    assert "belongs with old" in advice("new", replace(new, beside=True))


def test_a_short_text_is_like_itself():
    assert jaccard(shingles("Two words"), shingles("two WORDS")) == 1.0
    assert jaccard(shingles("Two words"), shingles("two words more")) == 0.0
    assert jaccard(shingles(""), shingles("")) == 0.0 and estimated(b"", b"") == 0.0


@given(st.integers(0, 60), st.integers(300, 700))
def test_sketches_estimate_the_share(kept, sentences):
    whole = text(sentences=sentences)
    other = "\n".join([*whole.splitlines()[: sentences * kept // 60], text(3, sentences).replace("families", "homes")])
    one, two = shingles(whole), shingles(other)
    assert abs(estimated(sketch(one), sketch(two)) - jaccard(one, two)) < 0.15


@pytest.mark.skipif(not (SHARED / "pdf").is_dir(), reason="the shared reports are not here")
def test_real_successive_reports_share_little():
    texts = {
        path.stem: subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout
        for path in sorted((SHARED / "pdf" / "un_en").glob("S_2025_*.pdf"))
    }
    grams = {name: shingles(text) for name, text in texts.items()}
    assert len(grams) > 10
    for one, other in combinations(grams, 2):
        assert jaccard(grams[one], grams[other]) < 0.1, (one, other)
