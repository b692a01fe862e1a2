"""Follow-up questions: what they are taken for, and that other questions stay as they are."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.cli.answer import format_answer
from rag.question.follow_up import standalone
from rag.schema import Answer, Draft, Turn
from rag.text import language_of

SETS = Path(__file__).resolve().parents[1] / "eval" / "sets"

KITS = "How many people received hygiene kits in Arica in 2019?"
CLINIC = "How many people did the mobile clinic treat in Iquique in March 2021?"
LEFT = "How many people left Arica between March and May 2020?"
UNICEF = "How many families did UNICEF reach in Arica in 2020?"
CARD = "What is the Blue Card programme about?"
FUNDED = "Who funded the Green Roofs project in Calama?"
SHELTER = "When was the shelter in Ovalle opened?"
SCHOOLS = "Which schools were repaired in Ovalle in 2018?"
APPEAL = "How much money did the flood appeal ask for in 2022?"
SHARE = "What percentage of the 2020 appeal was funded?"
CASES = "How many cases of malaria were reported in Iquique in 2020?"
COUNCIL = "Why did the donors leave the council in 2019?"
UNDER = "How many people were reached with food under the Andes plan in May 2020?"
MANTAS = "¿Cuántas personas recibieron mantas en Arica en 2019?"
TECHOS = "¿Quién financió el proyecto Techos Verdes en Calama?"
ACNUR = "¿A cuántas familias atendió ACNUR en Iquique en 2020?"
VACUNAS = "¿Cuántos niños fueron vacunados en Iquique entre enero y marzo de 2021?"
ALBERGUE = "¿Cuándo se abrió el albergue de Ovalle?"

TIMES = [
    (KITS, "And in 2020?", "How many people received hygiene kits in Arica in 2020?"),
    (KITS, "and 2020?", "How many people received hygiene kits in Arica in 2020?"),
    (KITS, "What about 2020?", "How many people received hygiene kits in Arica in 2020?"),
    (KITS, "In 2020?", "How many people received hygiene kits in Arica in 2020?"),
    (KITS, "In 2020 please", "How many people received hygiene kits in Arica in 2020?"),
    (KITS, "And the year before?", "How many people received hygiene kits in Arica in 2018?"),
    (KITS, "the previous year?", "How many people received hygiene kits in Arica in 2018?"),
    (KITS, "And two years later?", "How many people received hygiene kits in Arica in 2021?"),
    (KITS, "And in March?", "How many people received hygiene kits in Arica in March 2019?"),
    (
        KITS,
        "How about in the first half of 2020?",
        "How many people received hygiene kits in Arica in the first half of 2020?",
    ),
    (CLINIC, "And the month before?", "How many people did the mobile clinic treat in Iquique in February 2021?"),
    (CLINIC, "And in April?", "How many people did the mobile clinic treat in Iquique in April 2021?"),
    (LEFT, "And in June?", "How many people left Arica in June 2020?"),
    (LEFT, "and the year after?", "How many people left Arica in 2021?"),
    (SHARE, "And in 2021?", "What percentage of the 2021 appeal was funded?"),
    (SHARE, "and 2021?", "What percentage of the 2021 appeal was funded?"),
    (APPEAL, "was it more in 2023?", "How much money did the flood appeal ask for in 2023?"),
    (KITS, "Is that more than in 2018?", "How many people received hygiene kits in Arica in 2019 and 2018?"),
    (MANTAS, "¿y en 2020?", "¿Cuántas personas recibieron mantas en Arica en 2020?"),
    (MANTAS, "¿Y el año anterior?", "¿Cuántas personas recibieron mantas en Arica en 2018?"),
    (MANTAS, "¿y en abril?", "¿Cuántas personas recibieron mantas en Arica en abril de 2019?"),
    (VACUNAS, "¿y en abril?", "¿Cuántos niños fueron vacunados en Iquique en abril de 2021?"),
]
PLACES = [
    (KITS, "what about Calama?", "How many people received hygiene kits in Calama in 2019?"),
    (KITS, "And in Calama?", "How many people received hygiene kits in Calama in 2019?"),
    (KITS, "Calama?", "How many people received hygiene kits in Calama in 2019?"),
    (KITS, "Same for Calama", "How many people received hygiene kits in Calama in 2019?"),
    (KITS, "and in calama", "How many people received hygiene kits in calama in 2019?"),
    (KITS, "And in Calama in 2021?", "How many people received hygiene kits in Calama in 2021?"),
    (KITS, "and in the north?", "How many people received hygiene kits in the north in 2019?"),
    (KITS, "How many people live there?", "How many people live in Arica in 2019?"),
    (UNICEF, "And in Calama that year?", "How many families did UNICEF reach in Calama in 2020?"),
    (FUNDED, "And in Ovalle?", "Who funded the Green Roofs project in Ovalle?"),
    (MANTAS, "¿Y en Calama?", "¿Cuántas personas recibieron mantas en Calama en 2019?"),
    (MANTAS, "¿Qué hay de Ovalle?", "¿Cuántas personas recibieron mantas en Ovalle en 2019?"),
    (MANTAS, "Ovalle?", "¿Cuántas personas recibieron mantas en Ovalle en 2019?"),
    (ALBERGUE, "¿cuántas personas viven allí?", "¿Cuántas personas viven en Ovalle?"),
]
GROUPS = [
    (KITS, "And women?", "How many women received hygiene kits in Arica in 2019?"),
    (KITS, "how many women?", "How many women received hygiene kits in Arica in 2019?"),
    (KITS, "And for pregnant women?", "How many pregnant women received hygiene kits in Arica in 2019?"),
    (KITS, "What about women in Calama?", "How many women received hygiene kits in Calama in 2019?"),
    (
        KITS,
        "How many of them were women?",
        "How many of the people who received hygiene kits in Arica in 2019 were women?",
    ),
    (
        KITS,
        "how many were children under five?",
        "How many of the people who received hygiene kits in Arica in 2019 were children under five?",
    ),
    (
        KITS,
        "And of those, how many were women?",
        "Of the people who received hygiene kits in Arica in 2019, how many were women?",
    ),
    (MANTAS, "¿y los niños?", "¿Cuántos niños recibieron mantas en Arica en 2019?"),
    (
        MANTAS,
        "¿cuántas de ellas eran mujeres?",
        "¿Cuántas de las personas que recibieron mantas en Arica en 2019 eran mujeres?",
    ),
    (ACNUR, "¿y a los niños?", "¿A cuántos niños atendió ACNUR en Iquique en 2020?"),
    ("What help did women get in Arica in 2020?", "And children?", "What help did children get in Arica in 2020?"),
]
NAMES_AND_THINGS = [
    (UNICEF, "And UNHCR?", "How many families did UNHCR reach in Arica in 2020?"),
    (UNICEF, "How many did UNHCR reach?", "How many families did UNHCR reach in Arica in 2020?"),
    (UNICEF, "and how many families did WFP reach?", "How many families did WFP reach in Arica in 2020?"),
    (ACNUR, "¿y UNICEF?", "¿A cuántas familias atendió UNICEF en Iquique en 2020?"),
    (KITS, "And school kits?", "How many people received school kits in Arica in 2019?"),
    (KITS, "And blankets?", "How many people received blankets in Arica in 2019?"),
    (MANTAS, "¿y kits de cocina?", "¿Cuántas personas recibieron kits de cocina en Arica en 2019?"),
    (CASES, "And dengue?", "How many cases of dengue were reported in Iquique in 2020?"),
    (SCHOOLS, "And churches?", "Which churches were repaired in Ovalle in 2018?"),
    (APPEAL, "and the drought appeal?", "How much money did the drought appeal ask for in 2022?"),
    (
        UNDER,
        "And by organisations outside the plan?",
        "How many people were reached with food in May 2020 by organisations outside the Andes plan?",
    ),
    ("What does CEX stand for?", "and FUO?", "What does FUO stand for?"),
    ("¿Qué significa CEX?", "¿y FUO?", "¿Qué significa FUO?"),
]
ASKED_ANEW = [
    (KITS, "Who paid for it?", "Who paid for the hygiene kits in Arica in 2019?"),
    (KITS, "Who paid for them?", "Who paid for the hygiene kits in Arica in 2019?"),
    (KITS, "who paid?", "Who paid for the hygiene kits in Arica in 2019?"),
    (KITS, "why?", "Why people received hygiene kits in Arica in 2019?"),
    (CLINIC, "why?", "Why did the mobile clinic treat people in Iquique in March 2021?"),
    (CLINIC, "who ran it?", "Who ran the mobile clinic in Iquique in March 2021?"),
    (CARD, "Who leads it?", "Who leads the Blue Card programme?"),
    (CARD, "When did it start?", "When did the Blue Card programme start?"),
    (CARD, "How many people did it reach in 2020?", "How many people did the Blue Card programme reach in 2020?"),
    (CARD, "What is its budget?", "What is the budget of the Blue Card programme?"),
    (CARD, "What were the objectives?", "What were the objectives of the Blue Card programme?"),
    (CARD, "why was this programme closed?", "Why was the Blue Card programme closed?"),
    (FUNDED, "When?", "When was the Green Roofs project in Calama funded?"),
    (FUNDED, "And who led it?", "Who led the Green Roofs project in Calama?"),
    (SHELTER, "why?", "Why was the shelter in Ovalle opened?"),
    (SCHOOLS, "How many?", "How many schools were repaired in Ovalle in 2018?"),
    (SHARE, "as of what date is that?", "As of what date was the 2020 appeal funded?"),
    (
        APPEAL,
        "And how much of that came in?",
        "How much of the money that the flood appeal did ask for in 2022 came in?",
    ),
    (
        KITS,
        "Did it increase in 2020?",
        "Did the number of people who received hygiene kits in Arica increase in 2020?",
    ),
    (COUNCIL, "When exactly?", "When did the donors leave the council in 2019?"),
    (COUNCIL, "who replaced them?", "Who replaced the donors in 2019?"),
    (KITS, "And how many families received tents?", "How many families received tents in Arica in 2019?"),
    (CARD, "And how many nurses were hired?", "How many nurses were hired (the Blue Card programme)?"),
    (MANTAS, "¿quién las pagó?", "¿Quién pagó las mantas en Arica en 2019?"),
    (MANTAS, "¿por qué?", "¿Por qué las personas recibieron mantas en Arica en 2019?"),
    (TECHOS, "¿Cuándo empezó?", "¿Cuándo empezó el proyecto Techos Verdes en Calama?"),
    (TECHOS, "¿cuál es su presupuesto?", "¿Cuál es el presupuesto del proyecto Techos Verdes en Calama?"),
    (TECHOS, "¿quién lo dirige?", "¿Quién dirige el proyecto Techos Verdes en Calama?"),
    (ALBERGUE, "¿quién lo administra?", "¿Quién administra el albergue de Ovalle?"),
    (ALBERGUE, "¿por qué?", "¿Por qué se abrió el albergue de Ovalle?"),
]
ACROSS = [
    (KITS, "¿y en 2020?", "¿Cuántas personas received hygiene kits en Arica en 2020?"),
    (KITS, "¿y las mujeres en Calama?", "¿Cuántas mujeres received hygiene kits en Calama en 2019?"),
    (CARD, "¿quién lo financia?", "¿Quién financia Blue Card programme?"),
    (MANTAS, "And in 2020?", "How many people recibieron mantas in Arica in 2020?"),
    (
        MANTAS,
        "how many of them were women?",
        "How many of the people who recibieron mantas in Arica in 2019 were women?",
    ),
]
TABLE = TIMES + PLACES + GROUPS + NAMES_AND_THINGS + ASKED_ANEW + ACROSS

ALONE = [
    "What does WASH stand for?",
    "And what does WASH stand for?",
    "¿Y qué significa la sigla CEX?",
    "Who won the football match?",
    "How many schools were closed in Ovalle in 2021?",
    "And how many schools were closed in Ovalle in 2021?",
    "How many parents had their papers renewed in Iquique?",
    "Why is it hard for nurses to find work in Iquique?",
    "How long does it take to register a birth in Calama?",
    "How many schools were there in Ovalle in 2017?",
    "The Harbour Fund, what does it pay for?",
    "Which clinics say that they lack oxygen?",
    "If a camp was opened in Calama, why do migrants say that it is empty?",
    "cholera cases Iquique 2016",
    "¿Cuántos padres llevaron a sus hijos a la escuela en Calama?",
    "¿Por qué los colegios de Ovalle cerraron en 2018?",
    "¿A cuánta gente se le dio agua en Iquique?",
    "Thanks!",
    "ok",
    "?",
]


@pytest.mark.parametrize(("earlier", "asked", "expected"), TABLE, ids=lambda text: text[:40])
def test_a_follow_up_takes_what_it_leaves_out_from_the_question_before(earlier, asked, expected):
    assert standalone(asked, [Turn(earlier, "")]) == expected


@pytest.mark.parametrize("asked", ALONE)
@pytest.mark.parametrize("earlier", [KITS, CARD, MANTAS])
def test_a_question_that_stands_by_itself_stays_as_it_is(earlier, asked):
    assert standalone(asked, [Turn(earlier, "1,200.")]) == asked


def test_without_history_every_question_stays_as_it_is():
    for _, asked, _ in TABLE:
        assert standalone(asked, []) == asked


@pytest.mark.parametrize(
    ("earlier", "asked", "expected"),
    [
        (
            ("Who leads the Blue Card programme?", "Oxfam."),
            "Since when do they lead it?",
            "Since when do Oxfam lead the Blue Card programme?",
        ),
        (
            ("Who funded the Green Roofs project?", "Bread for the World."),
            "What else do they fund?",
            "What else do Bread for the World fund?",
        ),
        (
            ("Where was the shelter opened?", "In Calama."),
            "How many people live there?",
            "How many people live in Calama?",
        ),
        (
            ("When did the registration begin?", "In March 2018."),
            "And two years later?",
            "When did the registration begin in 2020?",
        ),
        (
            ("When did the registration begin?", "In March 2018."),
            "How many people had registered by then?",
            "How many people had registered by March 2018?",
        ),
        (("Who is the coordinator?", "Ana Ruiz."), "What is her email?", "What is the email of Ana Ruiz?"),
        (("Who leads the council?", "The reports do not say."), "Who funds it?", "Who funds the council?"),
    ],
)
def test_a_short_answer_says_who_where_and_when_is_meant(earlier, asked, expected):
    assert standalone(asked, [Turn(*earlier)]) == expected


def test_several_turns_are_followed_from_the_first():
    said = [KITS, "And in 2020?", "what about Calama?"]
    assert standalone("how many of them were women?", [Turn(question, "") for question in said]) == (
        "How many of the people who received hygiene kits in Calama in 2020 were women?"
    )


def test_a_new_topic_takes_over():
    said = [Turn(KITS, ""), Turn("What does CEX stand for?", ""), Turn(CARD, ""), Turn(" ", "")]
    assert standalone("who leads it?", said) == "Who leads the Blue Card programme?"
    assert standalone("And FUO?", said[:2]) == "What does FUO stand for?"


@pytest.mark.parametrize(("earlier", "asked", "expected"), TABLE, ids=lambda text: text[:40])
def test_the_result_is_in_the_follow_ups_language_and_stands_by_itself(earlier, asked, expected):
    assert language_of(expected) == language_of(asked, default=language_of(earlier))
    assert standalone(expected, [Turn(CARD, "")]) == expected


def own_questions() -> list[str]:
    """The questions of two sets that are asked without a history; never those held back for tests of quality."""
    rows = []
    for name in ("peru", "seeds_retrieval"):
        rows += map(json.loads, (SETS / f"{name}.jsonl").read_text("utf-8").splitlines())
    return [row["question"] for row in rows if row.get("split") == "dev" and not row.get("history")]


@pytest.mark.parametrize("earlier", [KITS, "Who leads the cholera campaign in Zambia?", MANTAS])
def test_real_questions_stay_as_they_are_behind_another_topic(earlier):
    asked = own_questions()
    same = sum(standalone(question, [Turn(earlier, "")]) == question for question in asked)
    assert len(asked) > 150 and same >= 0.97 * len(asked)


def test_follow_ups_to_real_questions_stay_in_their_language():
    chance = random.Random(7)  # noqa: S311
    asked = [row[1] for row in TABLE]
    for earlier in own_questions():
        for follow_up in chance.sample(asked, 4):
            made = standalone(follow_up, [Turn(earlier, "")])
            wanted = language_of(follow_up, default=language_of(earlier))
            assert language_of(made, default=wanted) == wanted, (earlier, follow_up, made)


WORDS = sorted({word for row in TABLE for text in row for word in text.split()}) + [",", "¿", "...", "(", "2019-", "ﬁn"]
TEXTS = st.one_of(st.text(max_size=40), st.lists(st.sampled_from(WORDS), max_size=10).map(" ".join))


@given(TEXTS, TEXTS, TEXTS)
def test_any_text_gives_a_question(asked, earlier, answer):
    made = standalone(asked, [Turn(earlier, answer)])
    assert made == asked or made.strip("¿? ")


def test_the_whole_main_path_takes_the_completed_question(assistant):
    class Keeps:
        name = "keeps"
        asked = ""

        def read(self, question, passages):
            self.asked = question
            return Draft(reason="")

    reader, kept = Keeps(), assistant._reader
    assistant._reader = reader
    try:
        answer = assistant.query("¿y en 2023?", history=[Turn("¿Cuántas personas recibieron mantas en 2019?", "")])
    finally:
        assistant._reader = kept
    completed = "¿Cuántas personas recibieron mantas en 2023?"
    assert reader.asked == answer.searched_for == answer.to_dict()["searched_for"] == completed
    # Behind the passages for the completed question stand a few for the question as it was asked.
    best = [p.chunk for p in assistant.search(completed)]
    assert [p.chunk for p in answer.passages][: len(best)] == best
    assert assistant.query(completed, history=[Turn(KITS, "")]).searched_for == ""


def test_the_command_prints_what_was_searched_for():
    answer = Answer("abstained", "The reports do not say.", (), (), (), "r", {}, 0.0)
    assert format_answer(answer) == "The reports do not say."
    completed = Answer("abstained", "Los informes no lo dicen.", (), (), (), "r", {}, 0.0, "¿Y qué es esto?")
    assert format_answer(completed) == "Se buscó: ¿Y qué es esto?\n\nLos informes no lo dicen."
