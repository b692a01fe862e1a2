"""What a question asks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.glossary import synonyms, translations
from rag.question import Want, analyse
from rag.text import stem


@pytest.mark.parametrize(
    ("question", "wants"),
    [
        ("How many people were reached?", {Want.COUNT}),
        ("¿Cuántas personas recibieron ayuda?", {Want.COUNT}),
        ("How many people received funding?", {Want.COUNT}),
        ("How much funding was received?", {Want.MONEY}),
        ("¿Cuánto dinero se recibió?", {Want.MONEY}),
        ("How many were reached, and what share of the target is that?", {Want.COUNT, Want.PERCENT}),
        ("When did the project start?", {Want.DATE}),
        ("From when to when did it run?", {Want.DATE}),
        ("¿Cuándo empezó el proyecto?", {Want.DATE}),
        ("How long did registration take?", {Want.DURATION}),
        ("Who led the working group?", {Want.WHO}),
        ("Which organisation leads the sector?", {Want.WHO}),
        ("¿Quién financió el proyecto?", {Want.WHO}),
        ("Where did people gather?", {Want.PLACE}),
        ("Why was the reopening delayed?", {Want.REASON}),
        ("¿Por qué se retrasó?", {Want.REASON}),
        ("What does CEBAF stand for?", {Want.DEFINITION}),
        ("What is SOP?", {Want.DEFINITION}),
        ("¿Qué significa PTP?", {Want.DEFINITION}),
        ("Why will the economy shrink by 30 per cent?", {Want.REASON}),
        ("What is the situation?", set()),
        ("Tell me about education.", set()),
    ],
)
def test_wants(question, wants):
    assert analyse(question).wants == wants


@pytest.mark.parametrize(
    ("question", "term"),
    [
        ("What does CEBAF stand for?", "cebaf"),
        ("What is the full name of R4V?", "r4v"),
        ("¿Qué significan las siglas ENPOVE?", "enpove"),
        ("¿Qué significa la sigla WCA en la tabla de casos?", "wca"),
        ("What is food security?", ""),
    ],
)
def test_defined_term(question, term):
    assert analyse(question).defined == term


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("How many adolescent girls were reached?", ("adolescent", "girls")),
        ("How many outreach centres did partners set up?", ("outreach", "centres")),
        ("How many people in Lima?", ("people",)),
        ("¿Cuántos niños recibieron vacunas?", ("ninos",)),
        ("What is the population of Lima?", ("population",)),
        ("Who leads it?", ()),
    ],
)
def test_what_is_counted(question, words):
    assert analyse(question).counted == words


@pytest.mark.parametrize(
    ("question", "periods"),
    [
        ("How many in 2019?", ["2019"]),
        ("How many in May 2020 and in 2023?", ["2020-05", "2023"]),
        ("How did it change between May 2020 and June 2023?", ["2020-05", "2023-06"]),
        ("How many between May 2020 and June 2023?", ["2020-05 to 2023-06"]),
        ("How many?", []),
    ],
)
def test_periods(question, periods):
    assert [period.label for period in analyse(question).periods] == periods


def test_dates_and_names_are_no_terms_twice():
    asked = analyse("How many children in Tacna were reached in May 2020?")
    assert [term.word for term in asked.terms] == ["children", "tacna", "reached"]
    assert asked.name_words == {"tacna"}


def test_two_part_questions():
    assert analyse("How much was needed, and how much was funded?").double
    assert analyse("¿Cuánto se pidió y cuánto se recibió?").double
    assert not analyse("How many refugees and migrants?").double


def test_translations_take_the_longest_phrase():
    found = translations(["human", "trafficking"], "en")
    assert found[0] == found[1] and stem("trata", "es") in found[0]
    assert translations(["xyzzy"], "en") == [frozenset()]


def test_synonyms_cross_languages():
    assert stem("deficit", "en") in synonyms("gap", "en") and stem("brecha", "es") in synonyms("gap", "en")
    assert synonyms("xyzzy", "en") == frozenset()


@given(st.text(max_size=300))
def test_any_text_is_analysed(text):
    asked = analyse(text)
    assert asked.text == text and asked.language in ("en", "es")
