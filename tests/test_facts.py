"""Figures, names and the check of a sentence against its evidence."""

import random
import re
import time
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.cite import verify
from rag.facts import check, names, quantities
from rag.schema import Verdict
from rag.text import sentence_spans

SEEDS = sorted((Path(__file__).resolve().parents[1] / "seeds").glob("*.txt"))
YES, PARTLY, NO = Verdict.SUPPORTED, Verdict.PARTLY, Verdict.UNSUPPORTED


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("1,234.5", "1234.5", ""),
        ("1.234,5", "1234.5", ""),
        ("1 234,5", "1234.5", ""),
        ("1\u202f234,5", "1234.5", ""),
        ("1.000.000", "1000000", ""),
        ("0.123", "0.123", ""),
        ("11.1K", "11100", ""),
        ("11.1 K", "11100", ""),
        ("11,100", "11100", ""),
        ("11.1 thousand", "11100", ""),
        ("11,1 mil", "11100", ""),
        ("2.06 M", "2060000", ""),
        ("2.06 million", "2060000", ""),
        ("2,06 millones", "2060000", ""),
        ("1.234 million", "1234000", ""),
        ("10.000 millones", "10000000000", ""),
        ("$69.36 M", "69360000", "USD"),
        ("69.36 million dollars", "69360000", "USD"),
        ("US$ 69.36M", "69360000", "USD"),
        ("USD 69.36 million", "69360000", "USD"),
        ("69,36 millones de dólares", "69360000", "USD"),
        ("\\$215K", "215000", "USD"),
        ("215K USD", "215000", "USD"),
        ("S/ 500", "500", "PEN"),
        ("500 soles", "500", "PEN"),
        ("€1.2bn", "1200000000", "EUR"),
        ("26%", "26", "percent"),
        ("26 per cent", "26", "percent"),
        ("26 percent", "26", "percent"),
        ("26 por ciento", "26", "percent"),
        ("80\nper cent", "80", "percent"),
        ("% 0.1 FUNDED", "0.1", "percent"),
        ("3.125 per cent", "3.125", "percent"),
        ("la mitad de", "50", "percent"),
        ("60-day", "60", "day"),
        ("sixty days", "60", "day"),
        ("four-month period", "4", "month"),
        ("100kg", "100", "kg"),
        ("12 horas", "12", "hour"),
        ("5 km", "5", "km"),
        ("+266,000", "266000", ""),
        ("**1,730** persons", "1730", ""),
        ("Thirty workshops", "30", ""),
        ("two hundred and five", "205", ""),
        ("dos mil quinientos", "2500", ""),
        ("treinta y uno", "31", ""),
        ("veintidós", "22", ""),
        ("two dozen", "24", ""),
        ("one million two hundred thousand", "1200000", ""),
        ("dos mil millones de soles", "2000000000", "PEN"),
        ("the second country", "2", "ordinal"),
        ("2nd", "2", "ordinal"),
    ],
)
def test_one_quantity_in_every_notation(text: str, value: str, unit: str) -> None:
    (found,) = quantities(text)
    assert (found.value, found.unit) == (Decimal(value), unit)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("19 out of the 24 departments", "19 24"),
        ("4 to 12 hours", "4 12"),
        ("$5-10 million", "5000000 10000000"),
        ("963 4,290 1,335 506 7K 581 436", "963 4290 1335 506 7000 581 436"),
        ("2.06 M 990.2 K 513.6 K", "2060000 990200 513600"),
        ("one in five", "5"),
        ("two and three", "2 3"),
        ("some, several hundred and thousands of people", ""),
        ("one person", ""),
        ("COVID-19 and Matricula2020 in 2024", ""),
        ("once the office opened", ""),
        ("see https://example.org/123/456 or [this](http://x.org/99)", ""),
    ],
)
def test_several_quantities_or_none(text: str, values: str) -> None:
    assert [quantity.value for quantity in quantities(text)] == [Decimal(value) for value in values.split()]


def test_the_start_of_a_range_takes_the_unit_of_its_end() -> None:
    assert [quantity.unit for quantity in quantities("from 4 to 12 hours")] == ["hour", "hour"]
    assert [quantity.unit for quantity in quantities("between 10 and 15%")] == ["percent", "percent"]


@pytest.mark.parametrize(
    ("text", "qualifier"),
    [
        ("more than 300", "over"),
        ("over **300**", "over"),
        ("over the 300", "over"),
        ("+300", "over"),
        ("más de 300", "over"),
        ("no more than 300", "up to"),
        ("up to 300", "up to"),
        ("hasta 300", "up to"),
        ("at least 300", "at least"),
        ("300 or more", "at least"),
        ("fewer than 300", "under"),
        ("nearly 300", "almost"),
        ("casi 300", "almost"),
        ("some 300", "about"),
        ("unas 300", "about"),
        ("the 300", ""),
    ],
)
def test_qualifiers(text: str, qualifier: str) -> None:
    assert [quantity.qualifier for quantity in quantities(text)] == [qualifier]


def test_names_and_codes() -> None:
    text = (
        "Together with San Juan de Lurigancho (Lima), partners met UNHCR's staff. Colombia agreed. "
        "Schools closed for COVID-19 on 7 May."
    )
    found = [text[name.start : name.end] for name in names(text)]
    assert found == ["San Juan de Lurigancho", "Lima", "UNHCR", "Colombia", "COVID-19"]


NFI = "98,000 received NFI items\n22,000 received health services\n85,000 persons transported"
TUMBES = "On 10 January 2024, the Government of Peru declared an emergency in Tumbes for 60 days."
FUNDS = "Partners received $69.36 M, 21.8% of the $318.70 million that they had requested in 2023."
CHILDREN = "In Tumbes, response partners identified some 300 unaccompanied children in June 2019."
EDUCATION = "EDUCATION 103.3 K 37.4 K 36.2% $22.68 M\nFOOD SECURITY 284.9 K 190.6 K 66.9% $26.02 M"
UNIVERSITY = "The study highlights that 26 per cent of refugees arrived with a complete university education."
SPANISH = "El 7 de mayo de 2020, la Superintendencia atendió a 2,06 millones de personas en Tacna."
DENGUE = "Dengue cases increased by 79% in 19 out of the 24 departments compared to 2023."

CASES = [
    # the same fact in another notation
    ("98 thousand received NFI items.", NFI, YES),
    ("98K received NFI items", NFI, YES),
    ("Health services were received by 22,000.", NFI, YES),
    (
        "The Government of Peru declared an emergency in Tumbes on January 10, 2024, for sixty days.",
        TUMBES,
        YES,
    ),
    ("The Government declared a 60-day emergency in Tumbes in January 2024.", TUMBES, YES),
    ("In 2024, Peru's Government declared an emergency in Tumbes.", TUMBES, YES),
    ("Partners received US$ 69.36 million of the 318.7 million dollars requested.", FUNDS, YES),
    ("Partners received USD 69,360,000.", FUNDS, YES),
    ("Partners received 21.8 per cent of what they requested.", FUNDS, YES),
    ("Partners received almost $70 million.", FUNDS, YES),
    ("Partners received over $69 million.", FUNDS, YES),
    ("Partners received about $69.4 million.", FUNDS, YES),
    ("Some 300 unaccompanied children were identified in Tumbes by partners.", CHILDREN, YES),
    ("About three hundred unaccompanied children were identified in Tumbes.", CHILDREN, YES),
    ("300 unaccompanied children were identified in Tumbes", CHILDREN, YES),
    ("Education reached 37.4 K", EDUCATION, PARTLY),
    ("26% of refugees arrived with complete university education.", UNIVERSITY, YES),
    ("**26 percent** of [refugees](#) arrived with a complete university education", UNIVERSITY, YES),
    ("la Superintendencia atendió a 2.060.000 personas en Tacna", SPANISH, YES),
    ("En mayo de 2020 la Superintendencia atendió a 2,06 millones de personas.", SPANISH, YES),
    ("Dengue cases increased by 79 percent.", DENGUE, YES),
    ("Nineteen out of twenty-four departments had dengue cases increased.", DENGUE, YES),
    ("UNHCR trained 500 teachers.", "ACNUR trained 500 teachers.", YES),
    ("The International Rescue Committee trained 500 teachers.", "The IRC trained 500 teachers.", YES),
    ("Peruvians trained 500 teachers.", "In Peru, 500 teachers were trained.", YES),
    # qualifiers
    ("Partners trained 300 officials.", "Partners trained more than 300 officials.", PARTLY),
    ("Partners trained over 300 officials.", "Partners trained more than 300 officials.", YES),
    ("Partners trained fewer than 300 officials.", "Partners trained more than 300 officials.", NO),
    ("Partners trained almost 300 officials.", "Partners trained over 300 officials.", NO),
    ("Partners trained up to 300 officials.", "Partners trained more than 300 officials.", NO),
    ("Partners trained more than 300 officials.", "Partners trained 300 officials.", PARTLY),
    ("Partners trained about 300 officials.", "Partners trained 314 officials.", YES),
    ("Partners trained over 300 officials.", "Partners trained 314 officials.", YES),
    ("Partners trained over 320 officials.", "Partners trained 314 officials.", NO),
    ("Partners trained almost 300 officials.", "Partners trained 314 officials.", NO),
    ("Partners trained 300 officials.", "Partners trained 314 officials.", NO),
    ("Partners reached 1.5 million people.", "Partners reached 1.54M people.", NO),
    ("Partners reached about 1.5 million people.", "Partners reached 1.54M people.", YES),
    ("Partners reached nearly 1.6 million people.", "Partners reached 1.54M people.", YES),
    ("Partners reached nearly 1.5 million people.", "Partners reached 1.54M people.", NO),
    # another figure
    ("99,000 received NFI items", NFI, NO),
    ("9,800 received NFI items", NFI, NO),
    ("Partners received $69.63 M.", FUNDS, NO),
    ("Partners received 69.36 K.", FUNDS, NO),
    ("Some 3,000 unaccompanied children were identified in Tumbes.", CHILDREN, NO),
    ("62 per cent of refugees arrived with a complete university education.", UNIVERSITY, NO),
    ("Dengue cases increased by 79% in 18 out of the 24 departments.", DENGUE, NO),
    ("Dengue cases increased by 79% in eighteen out of the 24 departments.", DENGUE, NO),
    ("For 30 days, an emergency was declared in Tumbes.", TUMBES, NO),
    ("la Superintendencia atendió a 2,6 millones de personas en Tacna", SPANISH, NO),
    ("300 children gathered", "Some 1,300 children gathered", NO),
    # a figure that counts something else
    ("22,000 received NFI items", NFI, PARTLY),
    ("98,000 received health services", NFI, PARTLY),
    ("NFI items reached 22,000 people.", NFI, PARTLY),
    ("Education: 190.6 K", EDUCATION, PARTLY),
    ("The 24 departments, 24 out of 24, had dengue cases.", DENGUE, PARTLY),
    # another unit or currency
    ("26 refugees arrived with a complete university education.", UNIVERSITY, NO),
    ("Partners received 21.8 of what they requested.", FUNDS, NO),
    ("Partners received 69.36 million soles.", FUNDS, NO),
    ("Partners received €69.36 M.", FUNDS, NO),
    ("Partners reached 69.36 million.", FUNDS, NO),
    ("Partners spent $5 M.", "Partners reached 5 M people.", NO),
    ("An emergency was declared in Tumbes for 60 months.", TUMBES, NO),
    ("The journey takes 12 months.", "The journey takes 12 hours.", NO),
    ("Collected some 100 tonnes of trash.", "Volunteers collected some 100kg of trash.", NO),
    # another date
    ("On 12 January 2024, the Government of Peru declared an emergency in Tumbes.", TUMBES, NO),
    ("On 10 June 2024, the Government of Peru declared an emergency in Tumbes.", TUMBES, NO),
    ("On 10 January 2023, the Government of Peru declared an emergency in Tumbes.", TUMBES, NO),
    ("On 10 January, the Government of Peru declared an emergency in Tumbes.", TUMBES, YES),
    ("Some 300 unaccompanied children were identified in Tumbes in July 2019.", CHILDREN, NO),
    ("El 7 de junio de 2020, la Superintendencia atendió a 2,06 millones de personas.", SPANISH, NO),
    (
        "It ran between September 2019 and September 2020.",
        "It ran between September 2018 and September 2019.",
        NO,
    ),
    ("It ran in September 2019.", "It ran between September 2018 and September 2019.", PARTLY),
    ("It ran between 2018 and 2019.", "It ran between September 2018 and September 2019.", YES),
    # another place, organisation, person
    ("Some 300 unaccompanied children were identified in Tacna.", CHILDREN, NO),
    ("The Government of Colombia declared an emergency in Tumbes.", TUMBES, NO),
    ("Ecuador declared an emergency in Tumbes.", TUMBES, NO),
    ("The Ministry of Education trained staff.", "The Ministry of Health trained staff.", NO),
    ("UNICEF trained 500 teachers.", "UNESCO trained 500 teachers.", NO),
    ("Officials of San Juan de Miraflores attended.", "Officials of San Juan de Lurigancho attended.", NO),
    ("Cases of COVID-18 rose.", "Cases of COVID-19 rose.", NO),
    ("Niger received support.", "Nigeria received support.", NO),
    # the opposite
    ("Dengue cases decreased by 79% in 19 out of the 24 departments compared to 2023.", DENGUE, PARTLY),
    ("Los casos disminuyeron en Tacna.", "Los casos aumentaron en Tacna.", PARTLY),
    (
        "Partners did not report to a single coordination structure.",
        "Partners report to a single structure.",
        PARTLY,
    ),
    (
        "Partners reported to a coordination structure.",
        "Partners never reported to a coordination structure.",
        PARTLY,
    ),
    ("Refugees entered by regular crossings.", "Refugees entered by irregular crossings.", PARTLY),
    # no facts in common
    ("The weather was pleasant and the food excellent.", TUMBES, NO),
    ("", TUMBES, NO),
    # across languages: facts are checked, words cannot be
    (
        "El 10 de enero de 2024, el Gobierno del Perú declaró la emergencia en Tumbes por 60 días.",
        TUMBES,
        PARTLY,
    ),
    ("El 10 de enero de 2024, el Gobierno del Perú declaró la emergencia en Tacna por 60 días.", TUMBES, NO),
    ("El 26 por ciento de los refugiados llegó con educación universitaria completa.", UNIVERSITY, PARTLY),
    ("El 62 por ciento de los refugiados llegó con educación universitaria completa.", UNIVERSITY, NO),
    ("Los socios recibieron 69,36 millones de dólares.", FUNDS, PARTLY),
    ("Los socios recibieron 69,36 millones de soles.", FUNDS, NO),
    ("On 7 May 2020 the Superintendence assisted 2.06 million people in Tacna.", SPANISH, PARTLY),
    ("On 7 May 2020 the Superintendence assisted 2.06 million people in Tumbes.", SPANISH, NO),
]


@pytest.mark.parametrize(("sentence", "evidence", "verdict"), CASES)
def test_verdicts(sentence: str, evidence: str, verdict: Verdict) -> None:
    assert verify(sentence, [evidence]) is verdict, check(sentence, [evidence])


def test_context_bears_names_and_years_but_no_figures() -> None:
    evidence, context = (
        ["Some 500 teachers attended the workshop."],
        "Situation report Peru, 2024-01 to 2024-02, 114 partners",
    )
    assert check("In Peru, 500 teachers attended in 2024.", evidence, context=context).missing == ()
    assert check("In Peru, 114 teachers attended.", evidence, context=context).missing == ("114",)
    assert check("In Chile, 500 teachers attended.", evidence, context=context).missing == ("Chile",)
    assert check("In May, 500 teachers attended.", evidence, context="2023-05").missing == ("May",)


def test_missing_facts_are_quoted_once() -> None:
    assert check("In Tacna and Tacna, 12 km and 12 km.", ["nothing"]).missing == ("12 km", "Tacna")


@given(
    st.integers(1, 999_999_999),
    st.sampled_from(["{:,}", "es", "thin", "{}"]),
    st.sampled_from(["", ".5", ".25"]),
)
@settings(deadline=None)
def test_every_number_reads_back_in_every_notation(number: int, form: str, decimals: str) -> None:
    value = Decimal(f"{number}{decimals}")
    if form == "es":
        written = f"{number:,}".replace(",", ".") + decimals.replace(".", ",")
    elif form == "thin":
        written = f"{number:,}".replace(",", "\u202f") + decimals.replace(".", ",")
    else:
        written = form.format(number) + decimals
    assert [quantity.value for quantity in quantities(f"a total of {written} kits")] == [value] or 1990 <= value <= 2039


@given(
    st.integers(1, 9_999),
    st.sampled_from([("K", 3), (" K", 3), (" mil", 3), ("M", 6), (" million", 6), (" bn", 9)]),
)
@settings(deadline=None)
def test_every_scale_reads_back(tenths: int, scale: tuple[str, int]) -> None:
    value = Decimal(tenths) / 10
    (found,) = quantities(f"reached {value}{scale[0]} people")
    assert found.value == value.scaleb(scale[1])


@given(st.text(alphabet="0123456789 .,%$KM-()one twohundred\n*[]/", max_size=60))
@settings(deadline=None)
def test_any_text_gives_spans_inside_it_and_supports_itself(text: str) -> None:
    for quantity in quantities(text):
        assert 0 <= quantity.start < quantity.end <= len(text)
    if re.search(r"\w", text):
        assert verify(text, [text]) is Verdict.SUPPORTED


def _sentences() -> list[str]:
    texts = (path.read_text(encoding="utf-8") for path in SEEDS)
    return [text[start:end] for text in texts for start, end in sentence_spans(text)]


def test_every_sentence_of_the_reports_supports_itself() -> None:
    assert [s for s in _sentences() if verify(s, [s]) is not Verdict.SUPPORTED] == []


def test_one_changed_digit_is_never_supported() -> None:
    rng, accepted = random.Random(7), []
    for sentence in _sentences():
        # Not figures: addresses, and a page number on a line of its own.
        hidden = re.sub(r"https?://\S+|\]\([^)]*\)|\n\d{1,3}(?=\n)", lambda match: "x" * len(match.group()), sentence)
        figures = list(re.finditer(r"[0-9]+", hidden))
        for figure in rng.sample(figures, min(3, len(figures))):
            position = rng.randrange(figure.start(), figure.end())
            digit = rng.choice([d for d in "0123456789" if d != sentence[position]])
            changed = sentence[:position] + digit + sentence[position + 1 :]
            if verify(changed, [sentence]) is Verdict.SUPPORTED:
                accepted.append((sentence[figure.start() - 20 : figure.end() + 20], digit))
    assert accepted == []


@pytest.mark.parametrize("unit", ["1,", "(", "A ", "a-", "$ ", "](", "S/", "1.1K|", " ", "A1-", "*_"])
def test_hostile_text_takes_linear_time(unit: str) -> None:
    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        start = time.perf_counter()
        quantities(text)
        names(text)
        return time.perf_counter() - start

    small = max(seconds(20_000), 0.02)
    assert seconds(200_000) < 40 * small


@pytest.mark.parametrize("unit", ["1,", "((((", "A ", "Lima ", "300 children, ", "1 ", "not ", "Yes. ", "**[x]("])
def test_a_hostile_sentence_is_verified_in_linear_time(unit: str) -> None:
    evidence = [" ".join(f"Lima{number} trained {number} officials." for number in range(60))]

    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        start = time.perf_counter()
        verify(text + " end", evidence)
        verify("end", [text])
        return time.perf_counter() - start

    small = max(seconds(4_000), 0.02)
    assert seconds(40_000) < 40 * small


KITS = "Partners trained 500 teachers in Lima and put up 40 tents in Tacna by 5 May 2024."


@pytest.mark.parametrize(
    ("sentence", "contrary"),
    [
        ("Partners trained 500 teachers in Lima.", ()),
        ("Tacna got 40 tents and Lima had 500 teachers trained.", ()),
        ("Partners trained 500 teachers by May 2024.", ()),
        ("Partners trained 500 teachers by 5 May.", ()),
        ("Partners trained 500 teachers in Tacna.", ("500",)),
        ("Partners put up 40 tents in Lima.", ("40",)),
        ("Partners put up 40 tents in Tacna and 40 tents in Lima.", ("40",)),
        ("Partners trained 500 tents.", ("500",)),
        ("Partners trained 500 teachers by 9 May 2024.", ("9 May 2024",)),
        ("Partners have not trained 500 teachers.", ("train",)),
    ],
)
def test_what_the_evidence_speaks_against(sentence, contrary):
    assert check(sentence, [KITS], context="published 2024-05-09").contrary == contrary


def test_a_vague_date_bears_no_day():
    evidence = ["The season lasts until the end of November 2020."]
    assert check("The season lasts until 9 November 2020.", evidence).missing == ("9 November 2020",)
    assert not check("The season lasts until late November 2020.", evidence).missing
