"""What loading finds out about a report: from its front, else from its file's name, else nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.load import LOADERS, Content, load_report
from rag.schema import Report

PROSE = (
    "Heavy rains affected the northern districts, and 2,300 families were moved to shelters. "
    "Partners delivered water and food to all of them within two days.\n"
)
PROSA = (
    "Las lluvias afectaron a los distritos del norte y 2.300 familias fueron trasladadas a albergues. "
    "Los socios entregaron agua y alimentos a todas ellas en dos días.\n"
)

PROSE_FR = (
    "De fortes pluies ont touché les districts du nord et 2 300 familles ont été déplacées vers des abris. "
    "Les partenaires ont fourni de l'eau et des vivres à toutes ces familles en deux jours.\n"
)


@pytest.fixture
def load(tmp_path):
    def from_text(text: str, name: str = "x1.txt") -> Report:
        (tmp_path / name).write_text(text, encoding="utf-8")
        return load_report(tmp_path / name)

    return from_text


TITLES = {
    "heading": ("# Floods in Loreto\n\n" + PROSE, "Floods in Loreto"),
    "underlined heading": ("Floods in Loreto\n================\n\n" + PROSE, "Floods in Loreto"),
    "decorated heading": ("# **Floods** in [Loreto](http://x.org) #\n\n" + PROSE, "Floods in Loreto"),
    "heading after text": ("Some words first\n\n# Floods in Loreto\n\n" + PROSE, "Floods in Loreto"),
    "generic heading": ("# Summary\n\n" + PROSE, "x1"),
    "plain line": ("\n\n  Floods in Loreto\n\n" + PROSE, "Floods in Loreto"),
    "two lines": ("FLOODS AND\nLANDSLIDES IN LORETO\n\n" + PROSE, "FLOODS AND LANDSLIDES IN LORETO"),
    "long lines in capitals": (
        "PROTECTION OF THE NORTHERN RIVERS FOR PRESENT AND FUTURE\nGENERATIONS OF LORETO\n\n" + PROSE,
        "PROTECTION OF THE NORTHERN RIVERS FOR PRESENT AND FUTURE GENERATIONS OF LORETO",
    ),
    "noise before the masthead": (
        "UNITED A\nNATIONS\n\nDistr.\nGENERAL\n3 May 2024\nORIGINAL: ENGLISH\n\nFloods in Loreto\n\n" + PROSE,
        "Floods in Loreto",
    ),
    "kind below the body": (
        "1. Background\n" + PROSE + "\nSituation report on floods in Loreto\n\n" + PROSE,
        "Situation report on floods in Loreto",
    ),
    "broken kind": (
        "Loreto Humanitarian Situation\nReport No. 3\n\n" + PROSE,
        "Loreto Humanitarian Situation Report No. 3",
    ),
    "dos líneas": (
        "Respuesta a las inundaciones\nen Loreto y Ucayali\n\n" + PROSA,
        "Respuesta a las inundaciones en Loreto y Ucayali",
    ),
    "kind below": (
        "Floods in Loreto\n\nSituation Report – 7\n\n" + PROSE,
        "Floods in Loreto: Situation Report – 7",
    ),
    "kind above": (
        "SITUATION REPORT No. 7\nFloods in Loreto\n\n" + PROSE,
        "SITUATION REPORT No. 7: Floods in Loreto",
    ),
    "kind alone": ("END OF YEAR REPORT 2021\n\n" + PROSE, "END OF YEAR REPORT 2021"),
    "country, then more": ("# LORETO\n\nFLOODS IN LORETO\n\n" + PROSE, "FLOODS IN LORETO"),
    "country only": ("Loreto\n\n" + PROSE, "Loreto"),
    "masthead": (
        "X/2024/12\nUnited Nations\nSecurity Council\nDistr.: General\n3 May 2024\nOriginal: English\n\n"
        "Situation in the northern\nprovinces*\nReport of the Secretary-General**\n\nI. Introduction\n1.\n" + PROSE,
        "Situation in the northern provinces: Report of the Secretary-General",
    ),
    "one line masthead": (
        "United Nations X/2024/12\n3 May 2024\nPage 1 of 9\nFloods in Loreto\n" + PROSE,
        "Floods in Loreto",
    ),
    "organisation first": ("UNICEF\n\nFloods in Loreto\n\n" + PROSE, "Floods in Loreto"),
    "figures first": (
        "NEEDS 1.2 K 30.5%\nFOOD 4.0 K 12.0%\n\nEND-YEAR REPORT 2021\n\n" + PROSE,
        "END-YEAR REPORT 2021",
    ),
    "table first": ("NEEDS 1.2 K 30.5%\nFOOD 4.0 K 12.0%\n\nPEOPLE REACHED\n\n" + PROSE, "x1"),
    "organisation with kind": ("UNHCR FLASH UPDATE\n\n" + PROSE, "UNHCR FLASH UPDATE"),
    "lower case first": ("of people in need\n\nFloods\n\n" + PROSE, "x1"),
    "prose first": (PROSE, "x1"),
    "section first": ("Background\n" + PROSE, "x1"),
    "list first": ("- one point\n- another point\n", "x1"),
}


@pytest.mark.parametrize("case", TITLES)
def test_title(load, case):
    text, title = TITLES[case]
    report = load(text)
    assert report.title == title
    assert report.origins["title"] == ("file name" if title == "x1" else "text")


@pytest.mark.parametrize(
    "name, title",
    [
        ("Sitrep_Lima-2024-03%20final.txt", "Sitrep Lima 2024-03 final"),
        ("informe-de-situación.md", "informe de situación"),
        ("covid-19_update.txt", "covid 19 update"),
        ("03_9fbcb83e559fe55a.txt", "03_9fbcb83e559fe55a"),
        ("2024.txt", "2024"),
    ],
)
def test_title_from_the_file_name(load, name, title):
    assert load(PROSE, name).title == title


TYPES = {
    "# Flood SitRep 4": "situation report",
    "Informe de Situación No. 2": "situation report",
    "Rapport de situation n° 4": "situation report",
    "Reporte de situación – mayo": "situation report",
    "UNICEF Annual Report 2021": "annual report",
    "Memoria anual 2021": "annual report",
    "END-YEAR REPORT 2021": "end-year report",
    "Year-end report": "end-year report",
    "Key Figures: refugees in the north": "key figures",
    "Cifras clave de la respuesta": "key figures",
    "Fact Sheet on shelter": "fact sheet",
    "Ficha informativa sobre albergues": "fact sheet",
    "Flash Update #3 on floods": "flash update",
    "Weekly Operational Update on measles": "weekly report",
    "Boletín humanitario": "bulletin",
    "Peru Country Brief": "country brief",
    "Floods in Loreto": "",
}


@pytest.mark.parametrize("first_line", TYPES)
def test_type(load, first_line):
    report = load(f"{first_line}\n\n{PROSE}")
    assert report.type == TYPES[first_line]
    assert report.origins["type"] == ("text" if report.type else "not found")


def test_type_from_a_line_of_its_own_but_not_from_prose_nor_a_section(load):
    assert load(f"{PROSE}\nMonthly report, May 2020\n\n{PROSE}").type == "monthly report"
    assert load(f"{PROSE}\nKEY FIGURES\n\n{PROSE}").type == ""
    assert load(f"{PROSE}The last situation report had said so as well, and it was right.\n").type == ""
    assert load(PROSE, "sitrep_7.txt").origins["type"] == "file name"


PERIODS = {
    "title months": ("# Situation report January–February 2024\n", "2024-01 to 2024-02"),
    "title year": ("END-YEAR REPORT 2021\n", "2021"),
    "title year first": ("2021 Annual Report\n", "2021"),
    "title of two years": ("# Response plan 2023-2024\n", "2023 to 2024"),
    "title quarter": ("# Monitoring report, first quarter of 2022\n", "2022-01 to 2022-03"),
    "título": ("# Informe de situación – mayo de 2020\n", "2020-05"),
    "meses": ("# Informe de situación enero-marzo de 2021\n", "2021-01 to 2021-03"),
    "line below title": ("Floods in Loreto\nMay 2020\n\n", "2020-05"),
    "line with report": ("Floods in Loreto\n\nReport May 2020\n\n", "2020-05"),
    "range line": ("Floods in Loreto\n3 - 9 May 2020\n\n", "2020-05-03 to 2020-05-09"),
    "label": (
        "Floods in Loreto\nReporting period: 16 January to 31 March 2025\n\n",
        "2025-01-16 to 2025-03-31",
    ),
    "one day label": ("Floods in Loreto\nReporting period: 16 January 2025\n\n", "2025-01-16"),
    "etiqueta": ("Inundaciones\nPeríodo: 1 al 15 de abril de 2021\n\n", "2021-04-01 to 2021-04-15"),
    "covers between": (
        "Floods\n\nThe report covers political\nevents between 16 January 2025 and\n31 March 2025.\n",
        "2025-01-16 to 2025-03-31",
    ),
    "covers from": (
        "Floods\n\nThis update covers the period from 2 October 2024 to 15 April 2025.\n",
        "2024-10-02 to 2025-04-15",
    ),
    "it covers": (
        "Floods\n\nThis is a report. It covers events between 1 April and 15 July 2025.\n",
        "2025-04-01 to 2025-07-15",
    ),
    "in brackets": (
        "Floods\n\nThe reporting period (October 2024–February 2025) was marked by rain.\n",
        "2024-10 to 2025-02",
    ),
    "cubre": (
        "Inundaciones\n\nEste informe cubre el período del 1 de enero al 31 de marzo de 2025.\n",
        "2025-01 to 2025-03",
    ),
    "describes": ("Floods\n\nThe present report shows how the fund worked in 2024 with partners.\n", "2024"),
    "as of": ("Floods in Loreto\nAs of 3 June 2023\n\n", "2023-06-03"),
    "actualizado": ("Inundaciones en Loreto\nActualizado al 3 de junio de 2023\n\n", "2023-06-03"),
}


@pytest.mark.parametrize("case", PERIODS)
def test_period(load, case):
    front, label = PERIODS[case]
    report = load(front + PROSE)
    assert report.period is not None
    assert report.period.label == label
    assert report.origins["period"] == "text"


NO_PERIODS = {
    "no date": "Floods in Loreto\n\n",
    "resolution": "# Implementation of resolution 1701 (2006)\n\n",
    "year in a name": "Coronavirus disease 2019 (COVID-19): first results\n\n",
    "letter": "# Letter dated 3 June 2025 from the Permanent Representative\n\n",
    "session": "Executive Board\nAnnual session 2025\n10–13 June 2025\n\nFloods in Loreto\n\n",
    "as of under a figure": "Floods in Loreto\n\n1.5M\n\nAs of June 2023\n\n",
    "as of an older figure": "Floods\nAs of June 2022\n\nRain fell in May 2023. It stopped in June 2023.\n",
    "as of, about something": "Floods\n\nDistricts covered by all the teams (as of 1 March 2018)\n\n",
    "caption": "Floods\n\nFigure 1. Cases as of 27 January 2019\n\n",
    "comparison": "Floods\n\nCases were 79% higher than in the same period in 2023, the report says.\n",
    "project": "Floods\n\nThe project runs from January 2021 to March 2022 in two districts.\n",
    "few years": "Floods\n\nIn 2019 it rained. In 2020 it did not.\n",
    "two years alike": "Floods\n\n" + "It rained in 2019 and in 2020. " * 4,
    "many years": "Floods\n\n" + "It rained in 2017, 2018, 2019, 2020 and 2021. " * 4,
    "number of a document": "Floods\n\nSitrep no. 16/2025\n\n",
}


@pytest.mark.parametrize("case", NO_PERIODS)
def test_a_period_that_is_not_stated_is_not_made_up(load, case):
    report = load(NO_PERIODS[case] + PROSE)
    assert report.period is None
    assert report.origins["period"] == "not found"


def test_the_year_that_clearly_dominates_is_the_period_unless_the_day_of_publication_is_known(load):
    body = (
        "It rained in May 2019. In June 2019 and in July 2019 more fell. By August 2019 the plan of 2018 "
        "was revised, and in December 2019 all was over. In 2019 it was the third flood.\n"
    )
    assert load("Floods\n\n" + body).period.label == "2019"
    dated = load("Floods\nPublished: 3 May 2020\n\n" + body)
    assert (dated.period, dated.published) == (None, date(2020, 5, 3))


def test_since_the_previous_report_until_publication(load):
    front = "United Nations\nDistr.: General\n20 March 2025\n\nSituation in the north\n\n"
    report = load(front + "The report covers developments since\nthe previous report of 29 November 2024 (X/2024/9).\n")
    assert report.period.label == "2024-11-29 to 2025-03-20"


@pytest.mark.parametrize(
    "name, label",
    [
        ("situation_report_may_2020.txt", "2020-05"),
        ("sitrep-2024-03.txt", "2024-03"),
        ("sitrep_202403_final.txt", "2024-03"),
        ("Informe enero-marzo 2021.txt", "2021-01 to 2021-03"),
        ("end-year-report-2019.txt", "2019"),
        ("S_2025_153.txt", None),
        ("sitrep_14_2026.txt", None),
        ("20200323-sitrep-63.txt", None),
        ("report_2019_2.txt", None),
        ("report-1234.txt", None),
    ],
)
def test_period_from_the_file_name(load, name, label):
    report = load("Background\n" + PROSE, name)
    assert (report.period and report.period.label) == label
    assert report.origins["period"] == ("file name" if label else "not found")


PUBLISHED = {
    "distr": (
        "United Nations\nDistr.: General\n7 April 2025\nOriginal: English\n\nFloods\n\n",
        date(2025, 4, 7),
    ),
    "one line": ("Security Council Distr.: General\n7 April 2025\n\nFloods\n\n", date(2025, 4, 7)),
    "published": ("Floods\n\nPublished on 7 April 2025\n\n", date(2025, 4, 7)),
    "issued": ("Floods\n\nIssued: April 7, 2025\n\n", date(2025, 4, 7)),
    "fecha": ("Inundaciones\nFecha de publicación: 7 de abril de 2025\n\n", date(2025, 4, 7)),
    "publicado": ("Inundaciones\nPublicado el 07/04/2025\n\n", date(2025, 4, 7)),
    "alone below the title": ("Floods in Loreto\n7 April 2025\n\n", date(2025, 4, 7)),
    "in the title": ("Floods: Situation Report #39, 7 April 2025\n\n", date(2025, 4, 7)),
    "fecha entre paréntesis": ("Inundaciones\nFecha de publicación (29/07/2025)\n\n", date(2025, 7, 29)),
    "cell": ("Floods\nPublication date | 7 April 2025\n\n", date(2025, 4, 7)),
    "month only": ("Floods\nPublished in April 2025\n\n", None),
    "session": ("Floods\nAnnual session 2025\n10 June 2025\n\n", None),
    "letter": ("Letter dated 3 June 2025 from the Panel\n\n", None),
    "as of": ("Situation report as of 3 June 2025\n\n", None),
    "in prose": (
        "Floods\n\nA decree was published on 7 April 2025 and changed what partners could do.\n",
        None,
    ),
    "alone far below": ("Floods\n\n" + PROSE * 14 + "\n7 April 2025\n", None),
}


@pytest.mark.parametrize("case", PUBLISHED)
def test_published(load, case):
    front, day = PUBLISHED[case]
    report = load(front + PROSE)
    assert report.published == day
    assert report.origins["published"] == ("text" if day else "not found")


@pytest.mark.parametrize("name", ["20200323-sitrep-63.txt", "sitrep_2020-03-23.txt", "sitrep 23 March 2020.txt"])
def test_published_from_the_file_name(load, name):
    report = load("Background\n" + PROSE, name)
    assert (report.published, report.origins["published"]) == (date(2020, 3, 23), "file name")


PUBLISHERS = {
    "United Nations\n\nSecurity Council\n\nSituation in the north\n\n": "United Nations Security Council",
    "United Nations\nGeneral Assembly\nEconomic and Social Council\nFloods\n\n": (
        "United Nations General Assembly and Economic and Social Council"
    ),
    "United Nations\nEconomic and Social Council\nUnited Nations Children’s Fund\n\nFloods\n\n": "UNICEF",
    "World Health Organization\nFloods\n\n": "WHO",
    "Organización Mundial de la Salud\nInundaciones\n\n": "WHO",
    "UNHCR Peru\nFloods\n\n": "UNHCR",
    "UNICEF Peru Humanitarian Situation Report\n\n": "UNICEF",
    "Floods\n\nThis report was produced by OCHA Peru together with partners.\n": "OCHA",
    "Inundaciones\n\nEste documento fue elaborado por la OIM con sus socios.\n": "IOM",
    "Floods\n\nUNICEF and WHO delivered water to the north.\n": "",
    "Floods\n\nThose who fled came back.\n": "",
    "Who needs help in the north\n\n": "",
    "Ministry of Health and Sanitation\nFloods\n\n": "Ministry of Health and Sanitation",
    "Instituto Nacional de Defensa Civil\nInundaciones\n\n": "Instituto Nacional de Defensa Civil",
    "Floods\n\nThe Ministry of Health sent teams to the north and to the south of the country.\n": "",
    "JIU/REP/2024/3\nReview of shelters\n\n": "Joint Inspection Unit",
    "E/ICEF/2024/9\nFloods\n\n": "UNICEF",
    "Floods\nWHO has sent teams. WHO has trained nurses. Data as received by WHO on 3 May. The WHO map.\n\n": "WHO",
    "Floods\nWHO has sent teams. UNICEF has trained nurses. Data as received by WHO. WHO and UNICEF.\n\n": "",
}


@pytest.mark.parametrize("front", PUBLISHERS)
def test_publisher(load, front):
    report = load(front + PROSE)
    assert report.publisher == PUBLISHERS[front]
    assert report.origins["publisher"] == ("text" if report.publisher else "not found")


def test_language(load):
    assert (load(PROSE).language, load(PROSA).language, load(PROSE_FR).language) == ("en", "es", "fr")


FRENCH = {
    "de … à": ("Inondations\nPériode du 1er au 15 juin 2026\n\n", "2026-06-01 to 2026-06-15", None),
    "deux mois": (
        "Inondations\nPériode couverte : du 28 août au 3 septembre 2025\n\n",
        "2025-08-28 to 2025-09-03",
        None,
    ),
    "publié": ("Inondations\nJuin 2026\nDate de publication : 06 juillet 2026\n\n", "2026-06", date(2026, 7, 6)),
    "tableau": (
        "Inondations\nDate de rapportage | 19 juin 2026\nDate de publication | 20 juin 2026\n\n",
        "2026-06-19",
        date(2026, 6, 20),
    ),
    "couvre": (
        "Inondations\n\nLe présent rapport couvre la période du 5 au 9 mai 2026.\n",
        "2026-05-05 to 2026-05-09",
        None,
    ),
    "verbe": ("Inondations\n\nElles ont été suivies par 12 équipes dans le nord.\n", None, None),
}


@pytest.mark.parametrize("case", FRENCH)
def test_french_reports_state_their_dates_too(load, case):
    front, label, day = FRENCH[case]
    report = load(front + PROSE_FR)
    assert (report.title, report.period and report.period.label, report.published) == ("Inondations", label, day)


SYMBOLS = {
    "United Nations S/2025/211\n\nFloods\n\n": "S/2025/211",
    "S/2025/383*\n\nFloods\n\n": "S/2025/383",
    "United Nations A/79/947–S/2025/372\n\nFloods\n\n": "A/79/947-S/2025/372",
    "E/ICEF/2025/AB/L.3/Add.2\n\nFloods\n\n": "E/ICEF/2025/AB/L.3/Add.2",
    "Review Highlights     JIU/NOTE/2022/1/Rev.1\n\nFloods\n\n": "JIU/NOTE/2022/1/Rev.1",
    "Floods\nSitrep N° 002/MVE_16/2025\n\n": "002/MVE_16/2025",
    "Floods\n\n* A/80/50.\n\n": "",
    "Floods\n\nSee the report S/2024/817\nand its annexes.\n\n": "",
    "Floods\n\nAs the report of the Secretary-General on the north says, S/2024/817\n\n": "",
    "Floods\n3/4/2025\n12/2025\nand/or\nCOVID/19\n\n": "",
    "Situation Report No. 3\n\n": "",
}


@pytest.mark.parametrize("front", SYMBOLS)
def test_symbol(load, front):
    report = load(front + PROSE)
    assert report.symbol == SYMBOLS[front]
    assert report.origins["symbol"] == ("text" if report.symbol else "not found")


@pytest.mark.parametrize(
    ("name", "symbol"),
    [
        ("S_2025_211.txt", "S/2025/211"),
        ("A_45_696_Add.1.txt", "A/45/696/Add.1"),
        ("E_ICEF_2025_14.txt", "E/ICEF/2025/14"),
        ("sitrep_2025_3.txt", ""),
        ("S_report.txt", ""),
        ("A_2025.txt", ""),
    ],
)
def test_symbol_from_the_file_name(load, name, symbol):
    report = load("Background\n" + PROSE, name)
    assert (report.symbol, report.origins["symbol"]) == (symbol, "file name" if symbol else "not found")


@pytest.mark.parametrize(
    ("own", "title", "origin"),
    [
        ("Floods in Loreto", "Floods in Loreto", "properties"),
        ("Microsoft Word - floods.docx", "x1", "file name"),
        ("floods-final.indd", "x1", "file name"),
        ("x 1", "x1", "file name"),
        ("Untitled document", "x1", "file name"),
        ("", "x1", "file name"),
    ],
)
def test_what_a_file_says_of_itself_stands_in_for_what_its_text_lacks(tmp_path, monkeypatch, own, title, origin):
    def load_eml(data: bytes, path: Path) -> Content:
        return Content(data.decode(), title=own, published=date(2025, 4, 7))

    monkeypatch.setitem(LOADERS, ".eml", load_eml)
    path = tmp_path / "x1.eml"
    path.write_text(PROSE)
    report = load_report(path)
    assert (report.title, report.origins["title"]) == (title, origin)
    assert (report.published, report.origins["published"]) == (date(2025, 4, 7), "properties")
    path.write_text("# Drought\n\nPublished on 3 May 2025\n\n" + PROSE)
    report = load_report(path)
    assert (report.title, report.published) == ("Drought", date(2025, 5, 3))


@given(st.text(st.sampled_from("ab E1.:,-–\n#*_[](2024)MayReport%"), max_size=200))
def test_any_front_gives_a_report_with_a_title(tmp_path_factory, text):
    path = tmp_path_factory.getbasetemp() / "any.txt"
    path.write_text(text + "x", encoding="utf-8")
    report = load_report(path)
    assert report.title.strip()
    assert set(report.origins.values()) <= {"text", "file name", "not found"}


def test_a_large_report_of_one_line_loads_quickly(load):
    report = load("In May 2019 the rain fell (1,234 mm) - see https://x.org/a/2019 * " * 30_000)
    assert report.period.label == "2019"


def test_the_shown_path_is_that_of_the_file(load, tmp_path):
    assert Path(load(PROSE).path) == tmp_path / "x1.txt"
