"""Rows of tables and key-figure blocks as sentences: the cell asked for, the whole row in doubt."""

from __future__ import annotations

import pytest
from samples import make_report, passages_of

from rag.cite import verify
from rag.question import analyse
from rag.readers.wording import wording
from rag.schema import Passage, RelationKind, Unit, UnitKind, Verdict
from rag.sections.proofs import is_total, relations
from rag.store.rows import units_in, units_out

MISSING = "[the table's column heads are missing in the text]"
SHARES = "[the table's column heads are missing in the text; the shares were inferred by arithmetic]"


def rows(text: str, **info: object) -> list[tuple[Passage, Unit]]:
    report = make_report(text, **info)
    return [(p, unit) for p in passages_of(report) for unit in p.chunk.units if unit.kind is UnitKind.ROW]


def answer(text: str, row: str, question: str, **info: object) -> str:
    """What is shown for the first row that contains ``row``; its quote must be the row, and bear it out."""
    passage, unit = next((p, u) for p, u in rows(text, **info) if row in p.chunk.text)
    start, end, shown = wording(analyse(question), passage, unit, 80)
    quote = text[start:end]
    assert row in quote and (start, end) == (unit.start, unit.end)
    assert verify(shown, [quote], passage.chunk.context) is Verdict.SUPPORTED, shown
    return shown


SECTORS = """# Response

| Sector | People in need | People targeted | People reached | % reached | Partners |
|---|---:|---:|---:|---:|---:|
| Food security | 20,000 | 15,000 | 12,300 | 82% | 14 |
| Health | 9,000 | 4,000 | 1,100 | 27.5% | 6 |
"""
MONEY = """# Funding

Sector\tRequired (US$)\tFunded (US$)\tGap (US$)\t% funded
Education\t4.2M\t1.1M\t3.1M\t26%
Water\t900K\t870K\t30K\t97%
"""
SEX = """# Kits

| District | Women | Men | Girls | Boys | Total |
|---|---|---|---|---|---|
| Tarma | 410 | 380 | 95 | 88 | 973 |
| Jauja | 52 | 49 | 12 | 9 | 122 |
"""
SEXO = """# Kits entregados

| Distrito | Mujeres | Hombres | Niñas | Niños | Total |
|---|---|---|---|---|---|
| Tarma | 410 | 380 | 95 | 88 | 973 |
| Jauja | 52 | 49 | 12 | 9 | 122 |
"""
MONTHS = """# Arrivals

| Crossing | Jan | Feb | Mar | Apr |
|---|---|---|---|---|
| North bridge | 1,210 | 980 | 1,405 | 77 |
| South bridge | 300 | 410 | 95 | 60 |
"""
YEARS = """# Arrivals

| Crossing | 2021 | 2022 | 2023 |
|---|---|---|---|
| North bridge | 1,210 | 980 | 1,405 |
| South bridge | 300 | 410 | 95 |
"""
MIXED = """# Reach

| District | Schools supported | Teachers trained | Cost (US$) |
|---|---|---|---|
| Tarma | 41 | 230 | 12,500 |
| Jauja | 12 | 90 | 4,000 |
"""
TRANSPOSED = """# Reach

| Indicator | Health | Shelter | Food security |
|---|---|---|---|
| People targeted | 4,000 | 700 | 15,000 |
| People reached | 1,100 | 650 | 12,300 |
"""
SPANISH = """# Respuesta

| Sector | Personas con necesidad | Personas meta | Personas alcanzadas | Socios |
|---|---|---|---|---|
| Salud | 9.000 | 4.000 | 1.100 | 6 |
| Agua | 7.000 | 2.000 | 1.900 | 3 |
"""
FUNDS_ES = """# Financiamiento

| Sector | Requerido | Recibido | Brecha | % |
|---|---|---|---|---|
| Salud | US$ 4,2 M | US$ 1,1 M | US$ 3,1 M | 26 % |
| Agua | US$ 900 K | US$ 870 K | US$ 30 K | 97 % |
"""
ACRONYMS = """# Aid

PEOPLE REACHED\t\tHum. Transp.\tFood Security\tNFI
\tInside the plan\t108\t4,290\t7K
\tOutside the plan\t55\t5,664\t-
"""

CELLS = [
    (SECTORS, "Food", "How many people were reached with food security?", "Food security, People reached: 12,300"),
    (SECTORS, "Food", "How many people were targeted in food security?", "Food security, People targeted: 15,000"),
    (SECTORS, "Health", "How many people are in need of health care?", "Health, People in need: 9,000"),
    (SECTORS, "Health", "How many partners work in health?", "Health, Partners: 6"),
    (SECTORS, "Health", "What share of people targeted in health was reached?", "Health, % reached: 27.5%"),
    (SECTORS, "Health", "How many people were assisted in health?", "Health, People reached: 1,100"),
    (SECTORS, "Health", "¿Cuántas personas fueron alcanzadas en salud?", "Health, People reached: 1,100"),
    (SECTORS, "Health", "¿Cuántos socios trabajan en salud?", "Health, Partners: 6"),
    (SECTORS, "Health", "¿Qué porcentaje de la meta de salud se alcanzó?", "Health, % reached: 27.5%"),
    (
        SECTORS,
        "Health",
        "How many people were targeted and how many reached in health?",
        "Health: People targeted 4,000; People reached 1,100",
    ),
    (MONEY, "Education", "How much was required for education?", "Education, Required (US$): 4.2M"),
    (MONEY, "Education", "How much funding did education receive?", "Education, Funded (US$): 1.1M"),
    (MONEY, "Water", "What is the funding gap for water?", "Water, Gap (US$): 30K"),
    (MONEY, "Water", "What percentage of water was funded?", "Water, % funded: 97%"),
    (MONEY, "Education", "¿Cuánto dinero se requería para educación?", "Education, Required (US$): 4.2M"),
    (MONEY, "Education", "¿Cuántos fondos recibió educación?", "Education, Funded (US$): 1.1M"),
    (SEX, "Tarma", "How many women received kits in Tarma?", "Tarma, Women: 410"),
    (SEX, "Tarma", "How many boys received kits in Tarma?", "Tarma, Boys: 88"),
    (SEX, "Jauja", "How many men got kits in Jauja?", "Jauja, Men: 49"),
    (SEX, "Jauja", "¿Cuántas niñas recibieron kits en Jauja?", "Jauja, Girls: 12"),
    (SEX, "Tarma", "How many kits in total in Tarma?", "Tarma, Total: 973"),
    (SEXO, "Tarma", "¿Cuántas mujeres recibieron kits en Tarma?", "Tarma, Mujeres: 410"),
    (SEXO, "Jauja", "How many girls received kits in Jauja?", "Jauja, Niñas: 12"),
    (SEXO, "Jauja", "How many men received kits in Jauja?", "Jauja, Hombres: 49"),
    (MONTHS, "North", "How many people arrived over the north bridge in March?", "North bridge, Mar: 1,405"),
    (MONTHS, "South", "¿Cuántas personas cruzaron el puente sur en enero?", "South bridge, Jan: 300"),
    (YEARS, "North", "How many arrivals over the north bridge in 2022?", "North bridge, 2022: 980"),
    (MIXED, "Tarma", "How many teachers were trained in Tarma?", "Tarma, Teachers trained: 230"),
    (MIXED, "Tarma", "How many schools were supported in Tarma?", "Tarma, Schools supported: 41"),
    (MIXED, "Jauja", "How much did it cost in Jauja?", "Jauja, Cost (US$): 4,000"),
    (MIXED, "Jauja", "¿Cuántos docentes fueron capacitados en Jauja?", "Jauja, Teachers trained: 90"),
    (TRANSPOSED, "reached", "How many people were reached with shelter?", "People reached, Shelter: 650"),
    (TRANSPOSED, "targeted", "How many people were targeted in health?", "People targeted, Health: 4,000"),
    (SPANISH, "Salud", "¿Cuántas personas fueron alcanzadas en salud?", "Salud, Personas alcanzadas: 1.100"),
    (SPANISH, "Salud", "¿Cuál era la meta de personas en salud?", "Salud, Personas meta: 4.000"),
    (SPANISH, "Agua", "How many people were reached with water?", "Agua, Personas alcanzadas: 1.900"),
    (SPANISH, "Agua", "How many partners worked in water?", "Agua, Socios: 3"),
    (SPANISH, "Salud", "How many people are in need in health?", "Salud, Personas con necesidad: 9.000"),
    (FUNDS_ES, "Salud", "¿Cuánto dinero recibió el sector salud?", "Salud, Recibido: US$ 1,1 M"),
    (FUNDS_ES, "Salud", "What is the funding gap in health?", "Salud, Brecha: US$ 3,1 M"),
    (
        ACRONYMS,
        "Inside",
        "How many people were helped with transport?",
        "People reached, Inside the plan, Hum. Transp.: 108",
    ),
    (
        ACRONYMS,
        "Outside",
        "¿A cuántas personas se llegó con seguridad alimentaria?",
        "People reached, Outside the plan, Food Security: 5,664",
    ),
]


@pytest.mark.parametrize(("text", "row", "question", "expected"), CELLS, ids=[case[2] for case in CELLS])
def test_the_cell_asked_for(text, row, question, expected):
    assert answer(text, row, question) == expected


WHOLE = (
    "Food security: People in need 20,000; People targeted 15,000; People reached 12,300; % reached 82%; Partners 14"
)
TARMA = "Tarma: Women 410; Men 380; Girls 95; Boys 88; Total 973"
TARMA_MIXED = "Tarma: Schools supported 41; Teachers trained 230; Cost (US$) 12,500"
NORTH = "North bridge: Jan 1,210; Feb 980; Mar 1,405; Apr 77"
DOUBTS = [
    (SECTORS, "Food", "What are the figures for food security?", WHOLE),
    (SECTORS, "Food", "How much money did food security receive?", WHOLE),
    (SECTORS, "Food", "How many schools took part in food security?", WHOLE),
    (SECTORS, "Food", "How many kilometres of road are there in food security?", WHOLE),
    (SECTORS, "Food", "¿Cuántos niños hay en seguridad alimentaria?", WHOLE),
    (SEX, "Tarma", "What was handed out in Tarma?", TARMA),
    (SEX, "Tarma", "What percentage of kits went to Tarma?", TARMA),
    (SEX, "Tarma", "How much did the kits of Tarma cost?", TARMA),
    (MIXED, "Tarma", "How many teachers were supported in Tarma?", TARMA_MIXED),
    (MIXED, "Tarma", "How many nurses were trained in Tarma?", TARMA_MIXED),
    (MONTHS, "North", "How many people arrived over the north bridge?", NORTH),
    (MONTHS, "North", "How many people arrived over the north bridge in December?", NORTH),
    (
        YEARS,
        "North",
        "How many arrived over the north bridge in 2019?",
        "North bridge: 2021 1,210; 2022 980; 2023 1,405",
    ),
]


@pytest.mark.parametrize(("text", "row", "question", "expected"), DOUBTS, ids=[case[2] for case in DOUBTS])
def test_in_doubt_the_whole_row(text, row, question, expected):
    assert answer(text, row, question) == expected


def lines(*rows: str) -> str:
    return "# Figures\n\n" + "\n\n".join(rows) + "\n"


LOST = [
    (
        lines("HEALTH 320.0 K 127.0 K 39.7%", "FOOD 284.9 K 190.6 K 66.9%", "WATER 131.8 K 29.1 K 22.1%"),
        "FOOD",
        "How many people were reached with food?",
        f"FOOD: 190.6 K (66.9% of 284.9 K) {SHARES}",
    ),
    (
        lines("HEALTH 9 K 4 K 12", "FOOD 7 K 2 K 14", "WATER 5 K 1 K 3"),
        "FOOD",
        "How many people were reached with food?",
        f"FOOD: 7 K, 2 K, 14 {MISSING}",
    ),
    (
        lines("HEALTH $36.44 M $3.76 M $32.68 M", "FOOD $26.02 M $20.44 M $5.58 M", "WATER $9.40 M $1.63 M $7.77 M"),
        "HEALTH",
        "How much did health receive?",
        "HEALTH: $36.44 M − $3.76 M = $32.68 M [the table's column heads are missing in the text; "
        "the sum was inferred by arithmetic]",
    ),
    (
        lines("Tarma 1,410 380 95 1,885", "Jauja 52 49 12 113", "Ica 10 20 30 60"),
        "Jauja",
        "How many women got kits in Jauja?",
        "Jauja: 52, 49, 12, 113 [total] [the table's column heads are missing in the text; "
        "the sum was inferred by arithmetic]",
    ),
    (
        "# Reach\n\n| Lima | 12 | 40 |\n| Ica | 30 | 50 |\n| Puno | 7 | 9 |\n| | 49 | 99 |\n",
        "49",
        "How many kits were handed out?",
        f"[total of the rows above, inferred by arithmetic]: 49, 99 {MISSING}",
    ),
    (
        lines("AGE OF PATIENTS", "30.9% 39.3% 14.5% 15.2%", "HOUSES", "12,000"),
        "30.9%",
        "What share of patients are children?",
        "AGE OF PATIENTS 30.9% 39.3% 14.5% 15.2% [the labels of these figures are missing in the text]",
    ),
]


@pytest.mark.parametrize(("text", "row", "question", "expected"), LOST, ids=[case[3][:30] for case in LOST])
def test_lost_heads_are_said_and_only_what_arithmetic_shows_is_named(text, row, question, expected):
    assert answer(text, row, question) == expected


def test_the_remark_speaks_the_questions_language_and_the_row_the_reports():
    text = lines("SALUD 9.000 4.000 44,4%", "AGUA 7.000 2.000 28,6%", "NUTRICION 500 400 80,0%")
    assert answer(text, "AGUA", "How many people were reached with water?", language="es") == (
        f"AGUA: 2.000 (28,6% de 7.000) {SHARES}"
    )
    assert answer(text, "AGUA", "¿A cuántas personas se llegó con agua?", language="es").endswith(
        "los porcentajes se dedujeron por cálculo]"
    )


BLOCK = lines("PEOPLE IN\nNEED (PIN)", "PEOPLE\nTARGETED", "PEOPLE\nREACHED", "2.06 M 990.2 K 513.6 K")
BELOW = lines("FAMILIES IN NEED", "FAMILIES SERVED", "12,400", "3,100")
SHARED = lines("SHARE OF PEOPLE BY GROUP", "33.0% 10.5% 8.4%", "In-destination In-transit Affected host\ncommunities")
COLONS = "# Funding\n\n% 0.1 FUNDED: \\$215K REQUIREMENT: \\$294M\n"
BLOCKS = [
    (BLOCK, "513.6", "How many people were reached?", "PEOPLE REACHED: 513.6 K"),
    (BLOCK, "513.6", "What was the PIN?", "PEOPLE IN NEED (PIN): 2.06 M"),
    (BLOCK, "513.6", "¿Cuántas personas fueron alcanzadas?", "PEOPLE REACHED: 513.6 K"),
    (
        BLOCK,
        "513.6",
        "What are the key figures?",
        "PEOPLE IN NEED (PIN) 2.06 M; PEOPLE TARGETED 990.2 K; PEOPLE REACHED 513.6 K",
    ),
    (BELOW, "3,100", "How many families were served?", "FAMILIES SERVED: 3,100"),
    (SHARED, "10.5%", "What share of people is in transit?", "Share of people by group, In-transit: 10.5%"),
    (COLONS, "294M", "How much money was required?", "REQUIREMENT: $294M"),
    (COLONS, "294M", "¿De cuánto era el pedido de fondos?", "REQUIREMENT: $294M"),
    (
        "# Funding\n\nFUNDING SITUATION\n\n% 0.1 FUNDED: \\$215K REQUIREMENT: \\$294M\n",
        "294M",
        "How much money was required?",
        "Funding situation, REQUIREMENT: $294M",
    ),
    (COLONS, "294M", "Who gave?", "% 0.1 FUNDED: $215K REQUIREMENT: $294M"),
    (lines("HOUSES REPAIRED", "3,100", "WELLS DUG", "245"), "245", "How many wells?", "WELLS DUG 245"),
    (
        lines("VALLEY", "52", "12,400", "3,100", "Houses repaired", "Wells dug"),
        "3,100",
        "How many wells were dug?",
        "12,400 3,100 Houses repaired Wells dug",
    ),
]


@pytest.mark.parametrize(("text", "row", "question", "expected"), BLOCKS, ids=[case[2] for case in BLOCKS])
def test_key_figures_go_with_their_own_labels(text, row, question, expected):
    assert answer(text, row, question) == expected


SPANNED = """# Reach

| Sector | People | | Funding (US$) | |
|---|---|---|---|---|
| | Targeted | Reached | Required | Received |
| Health | 10 | 5 | 200 | 90 |
| Food | 20 | 15 | 300 | 60 |
"""
GROUPED = """# Kits

| District | Tents | Beds |
|---|---|---|
| Coast | | |
| Ica | 30 | 50 |
| Hills | | |
| Puno | 7 | 9 |
"""
NOTES = """# Reach

| Sector | Reached¹ | Target* |
|---|---|---|
| Health | 12,300¹ | 20K* |
| Food | **3,400** | \\$5K |
"""
HOLES = "# Kits\n\nSector\tTents\tBeds\tLamps\nHealth\t1\t\t3\nFood\t\t5\t6\nWater\t7\t8\t\nShelter\t4\t-\t2\n"
SHARES_TWICE = """# Reach

| Sector | Targeted | Reached | % | Required (US$) | Received (US$) | % |
|---|---|---|---|---|---|---|
| Health | 10 | 5 | 50% | 200 | 90 | 45% |
"""
AGES = "# Age\n\n| District | 0-4 years | 5–17 years | 18+ |\n|---|---|---|---|\n| Ica | 30 | 15 | 45 |\n"
RANKED = """# Kits

| No. | District | Tents | Lead |
|---|---|---|---|
| 1 | Ica | 30 | CARE |
| 2 | Puno | 7 | Red Cross |
"""
PAIRS = "# Reach\n\nSector\tPeople reached\nHealth\t1,200\nFood\t3,400\n"
SPACED = """# Floods

Departamento Personas afectadas Familias afectadas
Arauca 46.742 9.879
Casanare 953 234
Meta 57.760 13.198
"""
STACKED = lines("Sector", "Targeted", "Reached", "Health 100 90", "Food 200 80", "Water 30 20")
BROKEN = lines("Sector Targeted Reached", "Gender-based\nviolence 100 90", "Food 200 80", "Water 30 20")
FORMS = [
    (SPANNED, "Health", "How many people were reached in health?", "Health, People Reached: 5"),
    (SPANNED, "Health", "How much funding was received for health?", "Health, Funding (US$) Received: 90"),
    (GROUPED, "Ica", "How many tents in Ica?", "Coast, Ica, Tents: 30"),
    (GROUPED, "Puno", "How many beds in Puno?", "Hills, Puno, Beds: 9"),
    (NOTES, "Health", "How many were reached in health?", "Health, Reached: 12,300"),
    (NOTES, "Food", "How many were reached with food?", "Food, Reached: 3,400"),
    (HOLES, "Health", "How many lamps for health?", "Health, Lamps: 3"),
    (HOLES, "Food", "How many beds for food?", "Food, Beds: 5"),
    (HOLES, "Water", "How many lamps for water?", "Water: Tents 7; Beds 8"),
    (HOLES, "Shelter", "How many beds for shelter?", "Shelter, Beds: -"),
    (
        SHARES_TWICE,
        "Health",
        "What percentage of the required funding did health receive?",
        "Health: Required (US$) 200; Received (US$) 90; % 45%",
    ),
    (
        SHARES_TWICE,
        "Health",
        "What percentage of people targeted was reached?",
        "Health: Targeted 10; Reached 5; % 50%",
    ),
    (AGES, "Ica", "How many children of 5–17 years live in Ica?", "Ica, 5–17 years: 15"),
    (AGES, "Ica", "How many people live in Ica?", "Ica: 0-4 years 30; 5–17 years 15; 18+ 45"),
    (RANKED, "Ica", "How many tents in Ica?", "Ica, Tents: 30"),
    (RANKED, "Puno", "Who has the lead in Puno?", "Puno, Lead: Red Cross"),
    (PAIRS, "Food", "How many people were reached with food?", "Food, People reached: 3,400"),
    (SPACED, "Casanare", "¿Cuántas familias fueron afectadas en Casanare?", "Casanare, Familias afectadas: 234"),
    (STACKED, "Food", "How many people were reached with food?", "Food, Reached: 80"),
    (BROKEN, "violence", "How many were reached?", "Gender-based violence, Reached: 90"),
]

NARROW = """# Floods

Department People
affected
Families
affected
Cattle
(census
Rural)
North 4,578 895 962
South 2,968 483 646
Coast 1,820 955 870
"""
FORMS += [
    (NARROW, "North", "How many families were affected in the north?", "North, Families affected: 895"),
    (NARROW, "South", "¿Cuántas personas fueron afectadas en el sur?", "South, People affected: 2,968"),
    (
        "# Floods\n\n| Area | People affected | Migrants affected |\n|---|---|---|\n| Ica | 30 | 15 |\n",
        "Ica",
        "¿Cuántas personas fueron afectadas en Ica?",
        "Ica, People affected: 30",
    ),
    (
        "# Floods\n\n| Area | Families affected | Cattle lost |\n|---|---|---|\n| Ica | 30 | 15 |\n",
        "Ica",
        "¿Cuántas personas fueron afectadas en Ica?",
        "Ica: Families affected 30; Cattle lost 15",
    ),
    # Four heads for three columns: which of them is none?
    (
        NARROW.replace("affected\nCattle", "affected\nVillages\nCattle"),
        "North",
        "How many families were affected in the north?",
        f"Cattle (census Rural), North: 4,578, 895, 962 {MISSING}",
    ),
]
CASES_TABLE = """# Cholera

| Region | Cases | Deaths | Recovered | CFR (%) |
|---|---|---|---|---|
| North | 300 | 15 | 200 | 5.0 |
"""
DONORS = (
    "# Funds\n\n| Donor | Pledged (USD) | Paid (USD) | Outstanding |\n|---|---|---|---|\n| Sweden | 300 | 15 | 285 |\n"
)
TWO_YEARS = """# Reach

| District | Target 2023 | Reached 2023 | Target 2024 | Reached 2024 |
|---|---|---|---|---|
| Ica | 10 | 20 | 30 | 40 |
"""
FAMILIES = "# Families\n\n| District | Women and girls | Men and boys |\n|---|---|---|\n| Ica | 30 | 15 |\n"
FORMS += [
    (CASES_TABLE, "North", "What is the case fatality rate in the north?", "North, CFR (%): 5.0"),
    (CASES_TABLE, "North", "How many people died in the north?", "North, Deaths: 15"),
    (CASES_TABLE, "North", "¿Cuántos casos hubo en el norte?", "North, Cases: 300"),
    (DONORS, "Sweden", "How much is outstanding from Sweden?", "Sweden, Outstanding: 285"),
    (DONORS, "Sweden", "How much has Sweden paid?", "Sweden, Paid (USD): 15"),
    (TWO_YEARS, "Ica", "How many people were reached in Ica in 2024?", "Ica, Reached 2024: 40"),
    (TWO_YEARS, "Ica", "How many people were reached in Ica?", "Ica: Reached 2023 20; Reached 2024 40"),
    (FAMILIES, "Ica", "How many women got kits in Ica?", "Ica: Women and girls 30; Men and boys 15"),
    (SEX, "Jauja", "¿Cuántos niños recibieron kits en Jauja?", "Jauja: Girls 12; Boys 9"),
]


@pytest.mark.parametrize(("text", "row", "question", "expected"), FORMS, ids=[case[3][:40] for case in FORMS])
def test_forms_of_tables(text, row, question, expected):
    assert answer(text, row, question) == expected


@pytest.mark.parametrize(
    "table",
    [
        [["320", "127", "39.7%"], ["65", "29", "44.6%"]],  # two rows prove nothing
        [["320", "127", "39.7%"], ["65", "29", "44.6%"], ["10", "5", "60%"]],  # one row speaks against it
        [["10", "10", "100%"], ["20", "20", "100%"], ["5", "5", "100%"]],  # either is the whole
        [["1 K", "1 K", "3 K"], ["1 K", "1 K", "2 K"], ["0 K", "1 K", "1 K"], ["2 K", "9 K", "1 K"]],
        [["5", "0", "5"], ["7", "0", "7"], ["9", "0", "9"]],  # nothing is added
        [["1", "2"], ["2", "4"], ["3", "6"]],
        [["1 K", "40%", "0.4 M"], ["2 K", "50%", "1 M"], ["3 K", "20%", "0.6 M"]],
        [["3", "5 months", "8"], ["2", "4 months", "6"], ["1", "1 month", "2"]],  # other units do not add up
    ],
)
def test_what_arithmetic_does_not_prove_has_no_name(table):
    assert relations(table) == ()


def test_shares_and_sums_allow_for_rounding_and_missing_cells():
    table = [["11.2 K", "2.1 K", "19.2%"], ["65.0 K", "29.0 K", "44.6%"], ["-", "3 K", "-"], ["2.0 K", "2.1 K", "105%"]]
    assert [(found.kind, found.whole, found.parts) for found in relations([*table, ["10 K", "5 K", "50%"]])] == [
        (RelationKind.SHARE, 0, (1, 2))
    ]
    assert is_total([["1", "2"], ["3", "4"], ["5", "6"]], ["9", "12"])
    assert not is_total([["1", "2"], ["3", "4"], ["5", "6"]], ["9", "13"])
    assert not is_total([["1", "2"], ["3", "4"]], ["4", "6"])


def test_a_cell_of_another_row_or_a_remark_with_other_words_is_not_borne_out():
    passage, unit = next((p, u) for p, u in rows(SECTORS) if "Health" in p.chunk.text)
    quote = SECTORS[unit.start : unit.end]
    assert verify("Health, People reached: 12,300", [quote], passage.chunk.context) is Verdict.UNSUPPORTED
    assert verify(f"{quote.strip('| ')} [and nobody else]", [quote], passage.chunk.context) is not Verdict.SUPPORTED


def test_rows_are_stored_with_their_cells():
    units = [unit for text in (SECTORS, LOST[0][0], LOST[2][0]) for _, unit in rows(text)]
    assert any(unit.relations for unit in units) and any(unit.heads for unit in units)
    assert units_in(units_out(units)) == tuple(units)


def test_heads_that_span_columns_are_no_heads_of_one():
    centred = """# T

| | | As of March | |
|---|---|---|---|
| (in units) | Seen | Used | Change |
| Tents in Ica | 5 | 3 | 2 |
"""
    assert answer(centred, "Ica", "How many tents were used in Ica in March?") == "Tents in Ica, Used: 3"
    lone = "# T\n\n| | People | | |\n|---|---|---|---|\n| Ica | 5 | 30 | 12 |\n| Puno | 7 | 9 | 4 |\n"
    assert answer(lone, "Ica", "How many people are in Ica?") == f"Ica: 5, 30, 12 {MISSING}"
