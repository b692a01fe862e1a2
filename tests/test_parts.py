"""Questions in parts: what is set side by side, what is asked twice, and what must stay one."""

from __future__ import annotations

import pytest

from rag.question.parts import split

COMPARED = [
    # periods
    ("How did the amount requested for Chad change from 2019 to 2020 to 2024?", [
        "How much money was requested for Chad in 2019?",
        "How much money was requested for Chad in 2020?",
        "How much money was requested for Chad in 2024?",
    ]),
    ("How has child poverty in Malawi changed from 2023 to 2024?", [
        "What was child poverty in Malawi in 2023?",
        "What was child poverty in Malawi in 2024?",
    ]),
    ("How many children were vaccinated in 2019, 2020 and 2024?", [
        "How many children were vaccinated in 2019?",
        "How many children were vaccinated in 2020?",
        "How many children were vaccinated in 2024?",
    ]),
    ("Did monthly price growth in Juba slow between January and February 2025?", [
        "What was monthly price growth in Juba in January 2025?",
        "What was monthly price growth in Juba in February 2025?",
    ]),
    ("How did the number of partners evolve from May 2020 to February 2024?", [
        "How many partners in May 2020?",
        "How many partners in February 2024?",
    ]),
    ("How do the numbers of nurses trained compare between 2023 and the first two months of 2024?", [
        "How many nurses trained in 2023?",
        "How many nurses trained in the first two months of 2024?",
    ]),
    ("Were there more people from Mali here according to the 2019 report or in May 2020? give me both", [
        "How many people were there from Mali here according to the 2019 report?",
        "How many people were there from Mali here in May 2020?",
    ]),
    ("Which year was the response better funded, 2019 or 2023?", [
        "How much was the response funded in 2019?",
        "How much was the response funded in 2023?",
    ]),
    ("Is the cluster a bigger group now than in the first months? compare May 2020 with early 2024", [
        "How big is the cluster group in May 2020?",
        "How big is the cluster group in early 2024?",
    ]),
    ("How well was the 2024 flash appeal for Gaza funded compared with the 2025 one?", [
        "How well was the 2024 flash appeal for Gaza funded?",
        "How well was the 2025 flash appeal for Gaza funded?",
    ]),
    ("What share of country offices met the benchmarks in 2024, against 2023?", [
        "What share of country offices met the benchmarks in 2024?",
        "What share of country offices met the benchmarks in 2023?",
    ]),
    ("Compared with 2022, how many cases were there in 2023?", [
        "How many cases were there in 2023?",
        "How many cases were there in 2022?",
    ]),
    ("Has the number of people in need increased between 2022 and 2023?", [
        "How many people in need in 2022?",
        "How many people in need in 2023?",
    ]),
    ("What was the difference in funding between 2021 and 2022?", [
        "What was funding in 2021?",
        "What was funding in 2022?",
    ]),
    ("Was the target for water higher in 2022 than in 2023?", [
        "What was the target for water in 2022?",
        "What was the target for water in 2023?",
    ]),
    ("How much more did the plan ask for in 2024 than in 2023?", [
        "How much did the plan ask for in 2024?",
        "How much did the plan ask for in 2023?",
    ]),
    ("Compare the number of people reached in 2019 and 2023", [
        "How many people reached in 2019?",
        "How many people reached in 2023?",
    ]),
    ("How much funding did the 2023 and 2024 appeals receive?", [
        "How much funding did the 2023 appeals receive?",
        "How much funding did the 2024 appeals receive?",
    ]),
    ("How many people arrived at the end of March and at the end of April 2021?", [
        "How many people arrived at the end of March 2021?",
        "How many people arrived at the end of April 2021?",
    ]),
    ("Did IOM assist more families in January 2022 than the month before?", [
        "How many families did IOM assist in January 2022?",
        "How many families did IOM assist in December 2021?",
    ]),
    ("How many cases were there in May 2020 and how many a year later?", [
        "How many cases were there in May 2020?",
        "How many cases were there in 2021?",
    ]),
    ("Has the share of women in the camps shifted between 2020 and 2021?", [
        "What was the share of women in the camps in 2020?",
        "What was the share of women in the camps in 2021?",
    ]),
    ("Was cholera spreading faster in 2020 or in 2021? weekly figures for both pls", [
        "How fast was cholera spreading in 2020?",
        "How fast was cholera spreading in 2021?",
    ]),
    # places
    ("How many boats were landed at Mocha and how many at the Aden navy base in the first week of May 2019?", [
        "How many boats were landed at Mocha in the first week of May 2019?",
        "How many boats were landed at the Aden navy base in the first week of May 2019?",
    ]),
    ("In the last week of June 2019, how many boats were landed at Mocha and how many at Aden?", [
        "In the last week of June 2019, how many boats were landed at Mocha?",
        "In the last week of June 2019, how many boats were landed at Aden?",
    ]),
    ("Kenya drought 2021 - which of Garissa and Wajir lost more goats completely?", [
        "Kenya drought 2021: how many goats Garissa lost completely?",
        "Kenya drought 2021: how many goats Wajir lost completely?",
    ]),
    ("Which uprooted more people: the storm of spring 2019 that hit Sofala or the rains that began on 4 June 2020?", [
        "How many people the storm of spring 2019 that hit Sofala uprooted?",
        "How many people the rains that began on 4 June 2020 uprooted?",
    ]),
    ("Who got more kits: families in Herat and its two districts, or those who fled to Kabul, Farah and the east?", [
        "How many kits families in Herat and its two districts got?",
        "How many kits those who fled to Kabul, Farah and the east got?",
    ]),
    ("Which town took in more people, Herat or Farah, and by how many?", [
        "How many people Herat took in?",
        "How many people Farah took in?",
    ]),
    ("Herat vs Kabul: how many families got tents?", [
        "How many families got tents in Herat?",
        "How many families got tents in Kabul?",
    ]),
    ("For Chad, how does the sum UNICEF wanted in 2020 compare with the sum UNHCR wanted in 2021?", [
        "For Chad, what was the sum UNICEF wanted in 2020?",
        "For Chad, what was the sum UNHCR wanted in 2021?",
    ]),
    ("Did IOM hand tents to more displaced families in Herat or in Kabul?", [
        "How many displaced families did IOM hand tents to in Herat?",
        "How many displaced families did IOM hand tents to in Kabul?",
    ]),
    ("How many people received food in Herat versus Kabul?", [
        "How many people received food in Herat?",
        "How many people received food in Kabul?",
    ]),
    ("Compare Herat and Kabul: how many people got shelter?", [
        "How many people got shelter in Herat?",
        "How many people got shelter in Kabul?",
    ]),
    ("Were more people reached in Herat than in Kabul?", [
        "How many people were reached in Herat?",
        "How many people were reached in Kabul?",
    ]),
    ("How many more families got tents in Herat than in Kabul?", [
        "How many families got tents in Herat?",
        "How many families got tents in Kabul?",
    ]),
    ("From which prison did more inmates flee, Bukavu or Kabare?", [
        "How many inmates flee from Bukavu?",
        "How many inmates flee from Kabare?",
    ]),
    ("Which region had more cholera deaths by 12 August 2020, Borno or Yobe?", [
        "How many cholera deaths were there by 12 August 2020 in Borno?",
        "How many cholera deaths were there by 12 August 2020 in Yobe?",
    ]),
    ("How does the number of people in need compare between Borno and Yobe?", [
        "How many people in need in Borno?",
        "How many people in need in Yobe?",
    ]),
    ("How many people got food in Herat and how many in Kabul?", [
        "How many people got food in Herat?",
        "How many people got food in Kabul?",
    ]),
    ("How many people were reached in Borno and Yobe respectively?", [
        "How many people were reached in Borno?",
        "How many people were reached in Yobe?",
    ]),
    ("How did food aid differ between Borno and Yobe in 2023?", [
        "What was food aid in Borno in 2023?",
        "What was food aid in Yobe in 2023?",
    ]),
    # groups and bodies
    ("Did men or women get more hygiene kits?", [
        "How many hygiene kits did men get?",
        "How many hygiene kits did women get?",
    ]),
    ("In May 2020, did organisations inside or outside the HRP reach more people with food?", [
        "In May 2020, how many people did organisations inside the HRP reach with food?",
        "In May 2020, how many people did organisations outside the HRP reach with food?",
    ]),
    ("Did partners outside the HRP reach more people than those inside it?", [
        "How many people did partners outside the HRP reach?",
        "How many people did partners inside the HRP reach?",
    ]),
    ("Did UNICEF reach more people than UNHCR?", [
        "How many people did UNICEF reach?",
        "How many people did UNHCR reach?",
    ]),
    ("Who received more cash, men or women?", [
        "How much cash men received?",
        "How much cash women received?",
    ]),
    ("Which sector received more funding, health, education or protection?", [
        "How much funding health received?",
        "How much funding education received?",
        "How much funding protection received?",
    ]),
    ("Was the budget for health larger than the budget for education?", [
        "How large was the budget for health?",
        "How large was the budget for education?",
    ]),
    ("In 2023, were more families assisted by IOM or by UNHCR?", [
        "In 2023, how many families were assisted by IOM?",
        "In 2023, how many families were assisted by UNHCR?",
    ]),
    ("Were more women than men reached with cash?", [
        "How many women were reached with cash?",
        "How many men were reached with cash?",
    ]),
    ("How many girls compared to boys enrolled in school in 2022?", [
        "How many girls enrolled in school in 2022?",
        "How many boys enrolled in school in 2022?",
    ]),
    # Spanish
    ("¿Cómo cambió el número de personas refugiadas entre 2019 y 2023?", [
        "¿Cuál fue el número de personas refugiadas en 2019?",
        "¿Cuál fue el número de personas refugiadas en 2023?",
    ]),
    ("¿Hubo más refugiados en 2019 o en 2023?", [
        "¿Cuántos refugiados hubo en 2019?",
        "¿Cuántos refugiados hubo en 2023?",
    ]),
    ("Compara el monto requerido en 2020 y en 2024", [
        "¿Cuál fue el monto requerido en 2020?",
        "¿Cuál fue el monto requerido en 2024?",
    ]),
    ("¿Recibieron más kits los hombres o las mujeres?", [
        "¿Cuántos kits recibieron los hombres?",
        "¿Cuántos kits recibieron las mujeres?",
    ]),
    ("¿Se atendió a más personas en Quito o en Cuenca?", [
        "¿Cuántas personas se atendió en Quito?",
        "¿Cuántas personas se atendió en Cuenca?",
    ]),
    ("¿Qué región tuvo más casos de dengue, Piura o Loreto?", [
        "¿Cuántos casos de dengue hubo en Piura?",
        "¿Cuántos casos de dengue hubo en Loreto?",
    ]),
    ("¿En qué año hubo más solicitudes de asilo, en 2019 o en 2023?", [
        "¿Cuántas solicitudes de asilo hubo en 2019?",
        "¿Cuántas solicitudes de asilo hubo en 2023?",
    ]),
    ("¿Fue mayor el número de beneficiarios en Quito que en Cuenca?", [
        "¿Cuál fue el número de beneficiarios en Quito?",
        "¿Cuál fue el número de beneficiarios en Cuenca?",
    ]),
    ("¿Cuántas familias recibieron carpas en Quito y cuántas en Cuenca?", [
        "¿Cuántas familias recibieron carpas en Quito?",
        "¿Cuántas familias recibieron carpas en Cuenca?",
    ]),
    ("El 5 de marzo de 2021, ¿hubo más casos en Quito o en Cuenca?", [
        "El 5 de marzo de 2021, ¿cuántos casos hubo en Quito?",
        "El 5 de marzo de 2021, ¿cuántos casos hubo en Cuenca?",
    ]),
    ("¿Cuántas muertes hubo en mayo de 2020 y cuántas un mes más tarde?", [
        "¿Cuántas muertes hubo en mayo de 2020?",
        "¿Cuántas muertes hubo en junio de 2020?",
    ]),
    ("¿A cuántas personas llevó la OIM hacia Quito y a cuántas hacia Cuenca entre mayo y finales de junio de 2018?", [
        "¿A cuántas personas llevó la OIM hacia Quito entre mayo y finales de junio de 2018?",
        "¿A cuántas personas llevó la OIM hacia Cuenca entre mayo y finales de junio de 2018?",
    ]),
    ("¿Cuántas familias huyeron según el recuento de julio de 2018 y cuántas según el de septiembre?", [
        "¿Cuántas familias huyeron según el recuento en julio de 2018?",
        "¿Cuántas familias huyeron según el recuento en septiembre de 2018?",
    ]),
    ("¿Cuánto aumentó la población refugiada entre 2018 y 2022?", [
        "¿Cuál fue la población refugiada en 2018?",
        "¿Cuál fue la población refugiada en 2022?",
    ]),
    ("¿Cuántas personas llegaron en 2021, 2022 y 2023?", [
        "¿Cuántas personas llegaron en 2021?",
        "¿Cuántas personas llegaron en 2022?",
        "¿Cuántas personas llegaron en 2023?",
    ]),
]  # fmt: skip

ONE = [
    "Between January and March 2023, how many people arrived?",
    "How many people arrived from January to March 2023?",
    "How many people were evacuated from November 2017 to the end of June 2018?",
    "How many people arrived in January and February 2024?",
    "How many refugees and migrants were assisted in 2023?",
    "How many boys and girls were vaccinated in 2022?",
    "How many people were reached in Borno and Yobe?",
    "How many people arrived in 2019 and 2020 in total?",
    "How many children born in 2019 were vaccinated in 2021?",
    "How many people changed address between 2019 and 2020?",
    "How many families were driven from their homes during the first half of November 2020?",
    "How many people entered irregularly each month from September to December 2019?",
    "How much funding did work against gender-based violence receive in 2023?",
    "Which vaccine is recommended for dogs against rabies?",
    "Which agencies distributed food or water in Herat?",
    "Were food kits distributed in Herat or Kabul?",
    "Did more than 500 people arrive in Herat or Kabul?",
    "Did partners reach more people than planned in 2023?",
    "How do partners help refugees find better housing or jobs?",
    "Which partners work in both health and education?",
    "What is the difference between a refugee and a migrant?",
    "How long did the truce hold, from when to when?",
    "How much was the budget raised, from what to what?",
    "¿Cuántas personas llegaron entre enero y marzo de 2023?",
    "¿Cuántos refugiados y migrantes fueron atendidos en 2023?",
    "¿Cuánto dinero se recibió en 2023 para el trabajo contra la violencia de género?",
]

TWO_WANTS = [
    (
        "How many children were vaccinated, and who paid for it?",
        ["How many children were vaccinated?", "Who paid for it (children were vaccinated)?"],
    ),
    (
        "What is the budget of the plan, and how many people does it target?",
        ["What is the budget of the plan?", "How many people does it target (the budget of the plan)?"],
    ),
    (
        "¿Cuántos niños fueron vacunados y quién lo pagó?",
        ["¿Cuántos niños fueron vacunados?", "¿Quién lo pagó (niños fueron vacunados)?"],
    ),
]


@pytest.mark.parametrize(("question", "parts"), COMPARED, ids=[question for question, _ in COMPARED])
def test_compared(question, parts):
    found = split(question)
    assert found is not None and found.compared
    assert [part.text for part in found.parts] == parts
    assert len({part.label for part in found.parts}) == len(parts)


@pytest.mark.parametrize("question", ONE)
def test_is_one_question(question):
    assert split(question) is None


@pytest.mark.parametrize(("question", "parts"), TWO_WANTS, ids=[question for question, _ in TWO_WANTS])
def test_two_wants(question, parts):
    found = split(question)
    assert found is not None and not found.compared
    assert [part.text for part in found.parts] == parts


def test_parts_are_called_as_the_question_calls_them():
    found = split("Did organisations inside or outside the HRP reach more people?")
    assert found is not None and [part.label for part in found.parts] == ["inside the HRP", "outside the HRP"]
    found = split("Were more people reached in Herat than in Kabul?")
    assert found is not None and [part.said for part in found.parts] == ["in Herat", "in Kabul"] and not found.dated
    found = split("¿Hubo más refugiados en 2019 o en 2023?")
    assert found is not None and [part.said for part in found.parts] == ["en 2019", "en 2023"] and found.dated


def test_odd_questions_do_not_fail():
    for question in ("", "?", "more or less", "A versus", "than in 2019", "compare", "¿más que?", "or, and, vs"):
        found = split(question)
        assert found is None or len(found.parts) >= 2
