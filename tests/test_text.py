"""Words, terms and sentences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text import fold, language_of, plain, sentence_spans, stem, terms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two.", ["One.", "Two."]),
        ("It was 3.5 million. Then 4.", ["It was 3.5 million.", "Then 4."]),
        ("in Lima and Arequipa.The project ran.", ["in Lima and Arequipa.", "The project ran."]),
        ("Mr. Kiir spoke (see para. 18 below) to Dr. Ruiz.", ["Mr. Kiir spoke (see para. 18 below) to Dr. Ruiz."]),
        ("funded by the U.S. Department of State.", ["funded by the U.S. Department of State."]),
        ("food, water, etc.). In total, 40.", ["food, water, etc.).", "In total, 40."]),
        ("See No. 5 for more. The answer is no. Go on.", ["See No. 5 for more.", "The answer is no.", "Go on."]),
        (
            "The Ministry issued Resolution n. 1 on schools. More.",
            ["The Ministry issued Resolution n. 1 on schools.", "More."],
        ),
        ("Decreto N°. 15 de junio. Fin.", ["Decreto N°. 15 de junio.", "Fin."]),
        ("broken over\ntwo lines. Next", ["broken over\ntwo lines.", "Next"]),
        ("**bold end.** Moreover, more.", ["**bold end.**", "Moreover, more."]),
        ("¿Cuántos? ¡Muchos! Sí.", ["¿Cuántos?", "¡Muchos!", "Sí."]),
        ("On 3 Jan. 2024 it rained.", ["On 3 Jan. 2024 it rained."]),
        ("La Dra. Pérez y el Sr. Ruiz vinieron. Fin.", ["La Dra. Pérez y el Sr. Ruiz vinieron.", "Fin."]),
        ("1. First item", ["1. First item"]),
    ],
)
def test_sentences(text, expected):
    assert [text[start:end] for start, end in sentence_spans(text)] == expected


@given(st.text())
def test_sentences_cover_all_but_white_space(text):
    spans = sentence_spans(text)
    covered = set()
    last = 0
    for start, end in spans:
        assert last <= start < end <= len(text)
        covered.update(range(start, end))
        last = end
    assert all(text[i].isspace() for i in range(len(text)) if i not in covered)


def test_sentences_of_a_part_keep_the_whole_texts_offsets():
    text = "Skip this. Take this. And this."
    assert [text[a:b] for a, b in sentence_spans(text, 11, 21)] == ["Take this."]


def test_terms_fold_stem_and_drop_function_words():
    assert terms("How many REFUGEES' children were in 1,234 schools?", "en") == ["refuge", "child", "1234", "school"]
    assert terms("¿Cuántos niños recibieron alimentación?", "es") == terms("ninos recibieron alimentacion", "es")


def test_stem_joins_irregular_plurals():
    assert stem("women", "en") == stem("woman", "en")
    assert stem("mujeres", "es") == stem("mujer", "es")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("How many people were reached?", "en"),
        ("¿Cuántas personas?", "es"),
        ("Las personas que llegaron al país en el año", "es"),
        ("Peru", "en"),
        ("", "en"),
    ],
)
def test_language(text, language):
    assert language_of(text) == language


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("**1,730** persons", "1,730 persons"),
        ("a [plan \\(RMRP\\) for 2024](#), b", "a plan (RMRP) for 2024, b"),
        ("\\$215K of *Línea 100*", "$215K of Línea 100"),
        ("were also\n1\n\nassisted with", "were also assisted with"),
        ("- item one\n- item two", "item one item two"),
        ("ASSISTANCE\\*\n\n**35,143**", "ASSISTANCE* 35,143"),
        ("## Title", "Title"),
        ("a [new requirement](https://x.org/a_b) for", "a new requirement for"),
        ("asylum-\nseekers", "asylum- seekers"),
        ("+266,000 - 5", "+266,000 - 5"),
        ("On 10\nJanuary  the", "On 10 January the"),
        ("snake_case and 2 * 3 * 4", "snake_case and 2 * 3 * 4"),
    ],
)
def test_plain(raw, shown):
    assert plain(raw) == shown


@given(st.text())
def test_fold_is_idempotent(text):
    assert fold(fold(text)) == fold(text)
