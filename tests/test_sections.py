"""Sections: outlines, blocks and rows of reports as converters leave them."""
# ruff: noqa: E501  (snippets read best on one line)

import json
import re
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.schema import BlockKind
from rag.sections import detect_sections

ROOT = Path(__file__).resolve().parents[1]
GOLD = ROOT / "tests" / "data"


def plain(heading):
    return "".join(c for c in unicodedata.normalize("NFKD", heading).casefold() if c.isalnum())


def path_of(headings):
    return tuple(plain(heading) for heading in headings)


def outline(text):
    return [" > ".join(section.path) for section in detect_sections(text, "r")]


def folded_outline(text):
    return [" > ".join(path).casefold() for path in (section.path for section in detect_sections(text, "r"))]


def home(text, quote):
    """Path of the one section whose blocks hold ``quote``."""
    at = text.index(quote)
    found = [
        section
        for section in detect_sections(text, "r")
        if any(block.start <= at and at + len(quote) <= block.end for block in section.blocks)
    ]
    assert len(found) == 1, quote
    return " > ".join(found[0].path)


def rows(text):
    return [
        (text[row.start : row.end], row.title, row.heads)
        for section in detect_sections(text, "r")
        for block in section.blocks
        for row in block.rows
    ]


def kinds(text):
    return [block.kind for section in detect_sections(text, "r") for block in section.blocks]


# The five reports


def seed(report):
    return (ROOT / "seeds" / f"{report}.txt").read_bytes().decode("utf-8")


@pytest.mark.parametrize("report", sorted(json.loads((GOLD / "outlines.json").read_text("utf-8"))))
def test_outline_of_each_report(report):
    """Every heading a careful reader sees, and no other."""
    expected = json.loads((GOLD / "outlines.json").read_text("utf-8"))[report]
    found = detect_sections(seed(report), report)
    assert [path_of(section.path) for section in found] == [path_of(path) for path in expected]


def gold_rows():
    lines = (GOLD / "section_gold.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def test_every_gold_quote_lies_in_its_section():
    """A quote's blocks belong to its section; a quote of a heading lies in the section's span."""
    sections = {row["report"]: detect_sections(seed(row["report"]), row["report"]) for row in gold_rows()}
    wrong = []
    for row in gold_rows():
        text = seed(row["report"])
        start = text.index(row["quote"])
        end = start + len(row["quote"])
        here = [
            section
            for section in sections[row["report"]]
            if any(block.start < end and start < block.end for block in section.blocks)
        ] or [
            section
            for section in sections[row["report"]]
            if section.start <= start and end <= section.end and path_of(section.path) == path_of(row["section"])
        ]
        if [path_of(section.path) for section in here] != [path_of(row["section"])]:
            wrong.append((row["section"], row["quote"][:60], [section.path for section in here]))
    assert not wrong


# Headings as converters leave them

BODY = "The partners met in the town hall and agreed on a plan for the coming months."
MORE = "Two further meetings are planned before the end of the rainy season in the valley."

OUTLINES = {
    "markdown": (
        f"# Overview\n\n{BODY}\n\n## Needs\n\n{MORE}\n\n# Outlook\n\n{BODY}",
        ["Overview", "Overview > Needs", "Outlook"],
    ),
    "markdown, the title holds nothing": (
        f"# Flood bulletin\n\n## Needs\n\n{BODY}\n\n## Gaps\n\n{MORE}\n\n## Access\n\n{BODY}",
        ["Needs", "Gaps", "Access"],
    ),
    "bold lines": (f"**Access**\n\n{BODY}\n\n**Supplies:**\n\n{MORE}", ["Access", "Supplies"]),
    "capitals": (
        f"HARVEST OUTLOOK\n\n{BODY}\n\nROADS AND BRIDGES\n\n{MORE}",
        ["Harvest outlook", "Roads and bridges"],
    ),
    "icon before the title": (
        f"\uf0b7 Shelter kits\n\n{BODY}\n\n\f Cold rooms\n\n{MORE}",
        ["Shelter kits", "Cold rooms"],
    ),
    "roman, letters, no number": (
        f"I. Preface\n\n{BODY}\n\nII. Findings\n\nA. Roads\n\n{BODY}\n\nB. Wells\n\n{MORE}\n\nDeep wells\n\n{BODY}\n\nIII. Outlook\n\n{MORE}",
        [
            "I. Preface",
            "II. Findings > A. Roads",
            "II. Findings > B. Wells",
            "II. Findings > B. Wells > Deep wells",
            "III. Outlook",
        ],
    ),
    "decimal": (
        f"1. Scope\n\n{BODY}\n\n1.1 Area\n\n{MORE}\n\n1.2 Period\n\n{BODY}\n\n2. Findings\n\n{MORE}",
        ["1. Scope", "1. Scope > 1.1 Area", "1. Scope > 1.2 Period", "2. Findings"],
    ),
    "label and title on two lines": (
        f"PILLAR 1.\n\nSAFE SCHOOLS\n\n{BODY}\n\nPILLAR 2.\n\nCLEAN WATER\n\n{MORE}",
        ["Pillar 1. Safe schools", "Pillar 2. Clean water"],
    ),
    "label, big number, title": (
        f"PILLAR 1.\n\n+3,500\n\nSAFE SCHOOLS\n\n{BODY}\n\nPILLAR 2.\n\nCLEAN WATER\n\n{MORE}",
        ["Pillar 1. Safe schools", "Pillar 2. Clean water"],
    ),
    "right after a paragraph": (
        f"Outlook\n\n{BODY}\nCold chain\n\n- Vaccines were kept below eight degrees.\n",
        ["Outlook", "Cold chain"],
    ),
    "empty capitals hold small titles": (
        f"DISTRICT RESPONSE\n\nRoads\n\n{BODY}\n\nWells\n\n{MORE}\n\nNEXT SEASON\n\n{BODY}",
        ["District response > Roads", "District response > Wells", "Next season"],
    ),
    "empty title holds longer titles": (
        f"Current projects\n\nSeed vouchers for small farms along the upper river (2021)\n\n{BODY}\n\n"
        f"Repair of the two pumping stations in the old town (2022)\n\n{MORE}",
        [
            "Current projects > Seed vouchers for small farms along the upper river (2021)",
            "Current projects > Repair of the two pumping stations in the old town (2022)",
        ],
    ),
    "a heading without text counts": (
        f"ROADS\n\n{BODY}\n\nMAP OF WELLS\n\nCROPS AND SEEDS\n\n{MORE}",
        ["Roads", "Map of wells", "Crops and seeds"],
    ),
    "an acronym beside small letters": (
        f"DISTRICT RESPONSE\n\nRoads\n\n{BODY}\n\nWASH\n\n{MORE}\n\nNEXT SEASON\n\n{BODY}",
        ["District response > Roads", "District response > WASH", "Next season"],
    ),
    "spanish": (
        "Situación\n\nLas lluvias cortaron el paso en tres distritos de la sierra.\n\nRespuesta\n\nLos socios entregaron carpas a las familias.",
        ["Situación", "Respuesta"],
    ),
    "counts and footnote marks go": (
        f"CLUSTER 27 MEMBERS:³\n\n{BODY}\n\nROADS *\n\n{MORE}",
        ["Cluster members", "Roads"],
    ),
}


@pytest.mark.parametrize("name", OUTLINES)
def test_outline(name):
    """Headings by mark, weight, capitals, number or place."""
    text, expected = OUTLINES[name]
    assert folded_outline(text) == [path.casefold() for path in expected]


def test_heading_on_two_wrapped_lines():
    """A heading wrapped by its column is one heading."""
    body = "\n".join(["This line of text is about as long as the column of the page allows it."] * 6)
    text = f"{body}\nVI. Breaches of the headquarters agreement and the safety\nof staff members\n{body}"
    assert outline("I. Start\n" + body + "\n" + text.replace("VI.", "II."))[-1].endswith(
        "and the safety of staff members"
    )


def test_acronyms_stay_in_capitals():
    """Capitals become sentence case; what the text only writes in capitals stays."""
    text = f"MANDATE OF THE FRTX AND WASH IN CHAD\n\n{BODY} The FRTX agreed. People came from Chad.\n\nNEXT STEPS\n\n{MORE}"
    assert outline(text)[0] == "Mandate of the FRTX and WASH in Chad"


def test_document_titles_head_nothing():
    """A masthead or a running kind of report does not swallow the sections."""
    text = f"ANNUAL REPORT 2031\n\nCROPS AND SEEDS\n\n{BODY}\n\nROADS\n\n{MORE}"
    assert outline(text) == ["Crops and seeds", "Roads"]


def test_lists_of_names_are_no_headings():
    """A column of short lines is no stack of sections."""
    names = "\n\n".join(["North Hill", "South Hill", "Lower Town", "Upper Town", "Old Harbour", "New Harbour"])
    assert outline(f"Coverage\n\n{BODY}\n\n{names}\n\n{MORE}") == ["Coverage"]


# What belongs where


def test_page_number_inside_a_sentence():
    """A page number is dropped; both parts of the sentence are in one block."""
    text = (
        f"Access\n\nThe convoy reached the upper valley and was also\n7\n\nable to bring seed to nine hamlets. {BODY}"
    )
    sections = detect_sections(text, "r")
    assert [section.path for section in sections] == [("Access",)]
    assert len(sections[0].blocks) == 1


def test_running_heads_are_dropped():
    """A line at the head of each page is no text and no heading."""
    pages = [
        f"Valley Watch | Issue 12\n{page}/4\n\nPart {name}\n\n{BODY}\n\n{MORE}" for page, name in enumerate("ABCD", 1)
    ]
    text = "\f".join(pages)
    for section in detect_sections(text, "r"):
        assert "Valley Watch" not in "".join(text[block.start : block.end] for block in section.blocks)


def test_list_broken_by_a_box():
    """The sentence goes on after the box; the box belongs to the parent section."""
    text = (
        f"DISTRICT RESPONSE\n\nRoads\n\n{BODY}\n\nWells\n\n- Crews repaired nine pumps in the upper valley, mostly the deep\n\n\n"
        "On 4 May, the mayor opened the new office. Some 80 guests came to the ceremony.\n\n"
        "ones, and cleaned the tanks of two schools.\n\n- A further pump is on order for the school.\n\nSeeds\n\n"
        + MORE
    )
    assert home(text, "On 4 May, the mayor opened") == "District response"
    assert home(text, "ones, and cleaned the tanks") == "District response > Wells"
    assert home(text, "A further pump") == "District response > Wells"
    assert home(text, "Two further meetings") == "District response > Seeds"


def test_heading_after_its_table():
    """A heading with only notes under it heads the figures above it."""
    text = (
        "SEED 10.3 K 7.4 K 36.2%\n\nTOOLS 28.9 K 19.6 K 66.9%\n\nFEED 32.0 K 12.0 K 39.7%\n\nANNUAL REPORT 2031\n\nRESULTS BY INPUT\n\n"
        f"*\tAs reported by the offices in May of that year.\n\nOutlook\n\n{BODY}"
    )
    assert outline(text) == ["Results by input", "Outlook"]
    assert home(text, "TOOLS 28.9 K") == "Results by input"
    assert home(text, "As reported by the offices") == "Results by input"


def test_number_before_the_heading_it_belongs_to():
    """A bare number between a text and a heading goes with the heading."""
    text = f"PILLAR 1.\n\nSAFE SCHOOLS\n\n{BODY}\n\n+9,500\n\nPILLAR 2.\n\nCLEAN WATER\n\nPersons served\n\n4,000 with filters\n5,500 with tanks\n\n{MORE}"
    assert home(text, "+9,500") == "Pillar 2. Clean water"
    assert ("+9,500", "Persons served", ()) in rows(text)


def test_box_label_heads_nothing():
    """The name of a box under an empty heading is no section."""
    text = f"DISTRICT RESPONSE\n\nHIGHLIGHT\n\nRoads\n\n{BODY}\n\nWells\n\n{MORE}"
    assert outline(text) == ["District response > Roads", "District response > Wells"]


def test_unheaded_names_become_the_partner_list():
    """Names of organisations at the end, apart from the text, are the partner list."""
    names = " | ".join(
        [
            "ACNUR",
            "CARE",
            "Hogar Andino",
            "Oxfam",
            "Save the Children",
            "UNICEF",
            "WFP",
            "Techo Verde",
            "HIAS",
        ]
    )
    text = f"## Outlook\n\n{BODY}\n\n{names}."
    assert outline(text) == ["Outlook", "Partner list"]
    assert kinds(text)[-1] is BlockKind.LIST


def test_text_before_the_first_heading():
    """Figures before the first heading are the key figures; other text is the introduction."""
    sheet = f"FAMILIES IN THE VALLEY\n\n12,400\n\nAs of May 2031\n\nHOUSES REPAIRED\n\n310\n\nRoads\n\n{BODY}"
    assert outline(sheet) == ["Key figures", "Roads"]
    assert outline(f"{BODY}\n\n{MORE}\n\nRoads\n\n{BODY}") == ["Introduction", "Roads"]


# Blocks and rows


def test_kinds_of_blocks():
    """Prose, list, table and key figures are told apart."""
    text = (
        f"Access\n\n{BODY}\n\n- First item of the list\n- Second item of the list\n\nInput\tTown\tHills\nSeed\t120\t340\nTools\t15\t80\n\n"
        f"{MORE}\n\nFamilies served\n\n4,000 with filters\n5,500 with tanks"
    )
    assert kinds(text) == [
        BlockKind.PROSE,
        BlockKind.LIST,
        BlockKind.TABLE,
        BlockKind.PROSE,
        BlockKind.FIGURES,
    ]


def test_tab_table_rows_have_heads():
    """Heads follow the order of the figures; an empty cell does not shift them."""
    text = f"## Roads\n\n{BODY}\n\nFAMILIES SERVED\t\tSeed\tTools\tFeed\n\tTown\t963\t-\t1,335\n\tHills\t81\t56\t5\n"
    assert outline(text) == ["Roads", "Families served"]
    assert rows(text) == [
        ("Town\t963\t-\t1,335", "Families served", ("Seed", "Tools", "Feed")),
        ("Hills\t81\t56\t5", "Families served", ("Seed", "Tools", "Feed")),
    ]


def test_markdown_table_rows_have_heads():
    """The rule under the head is no row."""
    text = (
        f"## Roads\n\n{BODY}\n\n| District | Seed | Tools |\n|---|---:|---:|\n| Town | 12 | 7 |\n| Hills | 3 | 40 |\n"
    )
    assert [(row.strip("| "), heads) for row, _, heads in rows(text)] == [
        ("Town | 12 | 7", ("Seed", "Tools")),
        ("Hills | 3 | 40", ("Seed", "Tools")),
    ]


def test_rows_without_heads():
    """Label and figures in a row, three times: a table whose heads are unknown."""
    text = "Inputs\n\nSEED 10.3 K 7.4 K 36.2%\nTOOLS 28.9 K 19.6 K 66.9%\nFEED 32.0 K 12.0 K 39.7%\n"
    assert [(row, heads) for row, _, heads in rows(text)] == [
        ("SEED 10.3 K 7.4 K 36.2%", ()),
        ("TOOLS 28.9 K 19.6 K 66.9%", ()),
        ("FEED 32.0 K 12.0 K 39.7%", ()),
    ]


FIGURES = {
    "label above": (
        "HOUSES REPAIRED\n\n3,100\n\nWELLS DUG\n\n245\n",
        ["HOUSES REPAIRED\n\n3,100", "WELLS DUG\n\n245"],
    ),
    "label beside": ("US$ 16M needed\nUS$ 4.6M received", ["US$ 16M needed", "US$ 4.6M received"]),
    "small count after capitals": (
        "DISTRICTS COVERED 23\n\nMEMBERS 8",
        ["DISTRICTS COVERED 23", "MEMBERS 8"],
    ),
    "label below": ("Above 52,000\nfamilies in the valley", ["Above 52,000\nfamilies in the valley"]),
    "number above its label": (
        "VALLEY WATCH\n\n52,000\nFAMILIES IN THE VALLEY",
        ["52,000\nFAMILIES IN THE VALLEY"],
    ),
    "glued columns": (
        "Persons served\n\n5,840 farmers got vouchers for seed 1,100\nhamlets reached by the radio campaign",
        ["5,840 farmers got vouchers for seed", "1,100\nhamlets reached by the radio campaign"],
    ),
    "labels, then their figures": (
        "FAMILIES\nIN NEED\n\nFAMILIES\nSERVED\n\n2.06 M 513.6 K\n",
        ["FAMILIES\nIN NEED\n\nFAMILIES\nSERVED\n\n2.06 M 513.6 K"],
    ),
}


@pytest.mark.parametrize("name", FIGURES)
def test_key_figures(name):
    """A row spans a number and its label, above, beside or below."""
    text, expected = FIGURES[name]
    assert [row for row, _, _ in rows(text)] == expected


def test_labels_over_a_row_of_figures_are_its_heads():
    """As many labels as figures: one row with heads."""
    assert rows(FIGURES["labels, then their figures"][0])[0][2] == ("FAMILIES IN NEED", "FAMILIES SERVED")


# Whatever the text

PIECES = st.sampled_from(
    [
        "# Roads",
        "ROADS",
        "Roads",
        "I. Roads",
        "A.",
        "1.",
        "(a) wells",
        "PILLAR 2.",
        "**Bold**",
        "- item one",
        "• x",
        "12,400",
        "39%",
        "7",
    ]
    + [
        BODY,
        MORE,
        "unfinished words that go on and",
        "and then resume here.",
        "a\tb\tc\n1\t2\t3",
        "| a | b |\n|---|---|\n| 1 | 2 |",
    ]
    + [
        "\f",
        "\n",
        "\n\n",
        "\r\n",
        " ",
        "\ue000",
        "*",
        "² note under the line",
        "X 1 K 2 K 3%",
        "a | b | c | d | e",
        "Page 3 of 9",
        "\u2028",
    ]
)
TEXTS = st.one_of(
    st.text(max_size=400),
    st.lists(st.tuples(PIECES, st.sampled_from(["\n", "\n\n", " ", "\n\n\n", "\f"])), max_size=30).map(
        lambda parts: "".join(a + b for a, b in parts)
    ),
)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_blocks_tile_any_text(text):
    """Offsets in range and in order, no overlap, rows inside their block; the same result twice."""
    sections = detect_sections(text, "r")
    assert sections == detect_sections(text, "r")
    assert [section.ordinal for section in sections] == list(range(len(sections)))
    assert [section.start for section in sections] == sorted(section.start for section in sections)
    spans = []
    for section in sections:
        assert section.path and all(section.path) and 0 <= section.start <= section.end <= len(text)
        for block in section.blocks:
            assert section.start <= block.start < block.end <= section.end
            spans.append((block.start, block.end))
            rows_end = block.start
            for row in block.rows:
                assert rows_end <= row.start < row.end <= block.end
                rows_end = row.end
        assert list(section.blocks) == sorted(section.blocks, key=lambda block: block.start)
    spans.sort()
    assert all(a[1] <= b[0] for a, b in zip(spans, spans[1:], strict=False))


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from([BODY, MORE, "- an item of a list here", "Some 300 people came."]),
        min_size=1,
        max_size=12,
    )
)
def test_text_is_never_lost(parts):
    """Sentences and items are always in a block."""
    text = "\n\n".join(parts)
    covered = "".join(text[b.start : b.end] for s in detect_sections(text, "r") for b in s.blocks)
    assert re.sub(r"\s", "", covered) == re.sub(r"\s", "", text)


@pytest.mark.parametrize(
    "unit",
    ["word ", "1234 ", "a | ", "a\t", "[", "*", "(a", "A. ", "Title Case\n\n", "CAPS HERE\n\n12K\n\n", "1\n"],
)
def test_time_is_linear(unit):
    """No text makes it hang."""
    text = unit * (150_000 // len(unit))
    began = time.perf_counter()
    detect_sections(text, "r")
    assert time.perf_counter() - began < 15


def test_empty_text_has_no_sections():
    """Nothing in, nothing out."""
    assert detect_sections("", "r") == detect_sections(" \n\n\f", "r") == ()


# Reports of the United Nations, where they are at hand

UN = ROOT.parent / "shared" / "data" / "pdf"
HELD_OUT = (
    "S_2025_504 S_2025_383 S_2025_194 S_2025_223 S_2025_509 A_79_947 S_2025_269 S_2025_323 S_2025_153 A_80_75".split()
)
FLOORS = {"pdf": 0.94, "lines": 0.98}


def un_paragraphs():
    found = {}
    for line in (UN / "un_report_paragraphs.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        row["path"] = tuple(plain(row[key]) for key in ("section", "subsection", "subsubsection") if row[key])
        found.setdefault(Path(row["file"]).stem, []).append(row)
    return found


def un_text(report, paragraphs, form):
    """The report's text from its PDF, or built of heading lines and counted paragraphs."""
    if form == "pdf":
        document = pytest.importorskip("pypdfium2").PdfDocument(UN / "un_en" / f"{report}.pdf")
        return "\f".join(page.get_textpage().get_text_bounded() for page in document)
    out, last = [], ("", "", "")
    for row in paragraphs:
        path = tuple(row[key] for key in ("section", "subsection", "subsubsection"))
        out += [path[k] for k in range(3) if path[: k + 1] != last[: k + 1] and path[k]]
        out.append(f"{row['para']}. {row['text']}")
        last = path
    return "\n\n".join(out)


def squeezed(text):
    """Letters and digits of ``text``, folded, and the offset of each."""
    pairs = [
        (small, at)
        for at, c in enumerate(text)
        for small in unicodedata.normalize("NFKD", c).casefold()
        if small.isalnum()
    ]
    return "".join(small for small, _ in pairs), [at for _, at in pairs]


def glued(path, known):
    """The labels run a heading and its first subheading together where no text is between; part them."""
    readings = {path}
    for i, heading in enumerate(path):
        for other in known:
            for above, below in zip(other, other[1:], strict=False):
                if above + below == heading:
                    readings.add(path[:i] + ((above,) + path[i + 1 :] if path[i + 1 :] else (above, below)))
    return readings


@pytest.mark.skipif(not (UN / "un_report_paragraphs.jsonl").exists(), reason="the reports are not here")
@pytest.mark.parametrize("form", FLOORS)
def test_paragraphs_of_reports_never_seen_in_development(form):
    """The share of paragraphs whose full path is right, over ten reports."""
    labelled = un_paragraphs()
    right = total = 0
    for report in HELD_OUT:
        text = un_text(report, labelled[report], form)
        sections = detect_sections(text, report)
        known = {path_of(section.path) for section in sections}
        letters, offsets = squeezed(text)
        at = 0
        for row in labelled[report]:
            opening = plain(" ".join(row["text"].split()[:8]))
            counted = letters.find(f"{row['para']}{opening}", at)
            at = counted + len(str(row["para"])) if counted >= 0 else letters.find(opening, at)
            assert at >= 0, (report, row["para"])
            spot = offsets[at]
            path = next((s.path for s in sections if any(b.start <= spot < b.end for b in s.blocks)), ())
            right += path_of(path) in glued(row["path"], known)
            total += 1
    assert total > 800
    assert right / total >= FLOORS[form]
