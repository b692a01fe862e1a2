"""Example questions made from sentences, kept only where the assistant answers them from there."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from rag.schema import Answer, Citation, CitedSentence, Verdict
from ui.api.admission import Admission
from ui.example_rules import questions
from ui.examples import Example, Examples, candidates, is_answered

MADE = [
    (
        "1,200 people were trained in the use of water filters in Lima.",
        "How many people were trained in the use of water filters in Lima?",
    ),
    (
        "In Tacna, some 26% of the families interviewed by partners have no access to safe water.",
        "What percentage of the families interviewed by partners have no access to safe water in Tacna?",
    ),
    (
        "Partners distributed 300 winter kits to families in the highlands.",
        "How many winter kits did partners distribute to families in the highlands?",
    ),
    (
        "UNHCR and its partners have reached over 2.1 million people with shelter kits (60 per cent women).",
        "How many people have UNHCR and its partners reached with shelter kits?",
    ),
    (
        "Between April and June, 142 incidents related to access were reported, compared with 99 in March.",
        "How many incidents related to access were reported between April and June?",
    ),
    (
        "As of June 2023, 77 per cent of the population of Peru was in need of assistance.",
        "What percentage of the population of Peru was in need of assistance as of June 2023?",
    ),
]
MADE_ES = [
    (
        "Los socios capacitaron 85 docentes en tres regiones del país.",
        "¿Cuántos docentes capacitaron los socios en tres regiones del país?",
    ),
    (
        "En Nariño, 1.250 niños y niñas recibieron atención jurídica.",
        "¿Cuántos niños y niñas recibieron atención jurídica en Nariño?",
    ),
    (
        "En Loja, las inundaciones han afectado a más de 10.000 personas, especialmente a pueblos indígenas.",
        "¿A cuántas personas han afectado las inundaciones en Loja?",
    ),
    (
        "El 26% de las familias encuestadas no tiene acceso a agua segura.",
        "¿Qué porcentaje de las familias encuestadas no tiene acceso a agua segura?",
    ),
    (
        "Desde mayo, al menos 10.578 víctimas han sido atendidas en el departamento de Loja.",
        "¿Cuántas víctimas han sido atendidas en el departamento de Loja desde mayo?",
    ),
]


@pytest.mark.parametrize(("sentence", "question"), MADE)
def test_questions(sentence, question):
    assert list(questions(sentence, "en")) == [question]


@pytest.mark.parametrize(("sentence", "question"), MADE_ES)
def test_spanish_questions(sentence, question):
    assert list(questions(sentence, "es")) == [question]


@pytest.mark.parametrize(
    "sentence",
    [
        "The conflict in the Sudan continued to have an impact on South Sudan.",
        "On 15 May the conflict in the Sudan continued to have an impact.",
        # what it says of time or place says nothing to who has not read the report, or narrows what is counted
        "During the reporting period partners reached 300 persons with food kits in Lima.",
        "During the reporting period, partners reached 300 persons with food kits in Lima.",
        "Of the persons interviewed, 300 families have no access to safe water.",
        "Since its start, the project reached 300 families in the northern regions.",
        "These reached 300 families in the northern regions of the country.",
        "300 individuals applied for a permit during the course of the year.",
        "300 families were reached by these partners in the northern regions.",
        # no whole sentence, no verb, no noun, not all of it
        "15 schools damaged by floods in the northern regions of Lima",
        "300 families who were displaced by floods in the northern regions",
        "83,000 are expected to face catastrophe levels of food insecurity.",
        "300 families were displaced from Lima, Tacna and Loja.",
        "300 families were given tents by the municipality of Lima and 200 by partners.",
        "Partners reached 300 kits and food in the northern regions with",
        "The number reached 300 in the northern regions of the country.",
    ],
)
def test_what_leaves_a_doubt_makes_no_question(sentence):
    assert list(questions(sentence, "en")) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "En el mismo periodo, 300 familias fueron desplazadas por las lluvias.",
        "300 familias que fueron desplazadas por las lluvias en Loja",
        "Los socios capacitaron 85 fuentes en tres regiones del país.",
        "Dichos socios capacitaron 85 docentes en tres regiones del país.",
        "300 familias fueron desplazadas en Loja, Lima y Tacna.",
    ],
)
def test_what_leaves_a_doubt_makes_no_spanish_question(sentence):
    assert list(questions(sentence, "es")) == []


def test_other_languages_make_none():
    assert list(questions("300 familles ont été déplacées dans la province.", "fr")) == []


def test_numbers_of_paragraphs_are_no_figures(tmp_path, bundled_encoder):
    from rag.pipeline import Assistant, build_index

    (tmp_path / "r.txt").write_text(
        "Report\n\nI. Introduction\n\n"
        "15. The conflict in the Sudan continued to have an impact on the people of South Sudan.\n\n"
        "16. In Lima, 300 families were given tents for the winter season by the municipality.\n",
        "utf-8",
    )
    build_index(tmp_path, tmp_path / "index", encoder=bundled_encoder)
    with Assistant(tmp_path / "index", encoder=bundled_encoder) as assistant:
        asked = [example.question for example in candidates(assistant)]
        assert asked == ["How many families were given tents for the winter season by the municipality in Lima?"]


def test_only_what_is_answered_from_there_is_shown(assistant):
    examples = Examples(assistant, Admission())
    deadline = time.monotonic() + 60
    shown, looking = examples.shown("en")
    while looking and time.monotonic() < deadline:
        time.sleep(0.05)
        shown, looking = examples.shown("en")
    assert 1 <= len(shown) <= 4 and len(set(shown)) == len(shown)
    for question in shown:
        assert assistant.query(question).status == "answered"


def test_what_was_read_by_ocr_makes_no_example():
    quote = "Totai 320 families got tents."
    cited = Citation(1, "a", "A", None, ("Aid",), 3, quote, 0, len(quote), 0.9, Verdict.SUPPORTED)
    sentence = CitedSentence(quote, (1,), Verdict.SUPPORTED)
    answer = Answer("answered", quote, (sentence,), (cited,), (), "r", {}, 0.9)
    example = Example("How many families got tents?", "en", "a", 0, len(quote))
    assert is_answered(answer, example)
    assert not is_answered(replace(answer, citations=(replace(cited, ocr=0.84),)), example)
