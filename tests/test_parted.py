"""From the parts of a layout to sections and chunks."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from layout_samples import assert_covered, footnote, heading, item, laid_out, prose, table
from samples import make_report

from rag.chunk import chunk_report
from rag.layout import Part, PartKind
from rag.schema import BlockKind, UnitKind
from rag.sections import sections_of
from rag.text import plain


def paths(*parts) -> list[tuple[str, ...]]:
    text, layout = laid_out(list(parts))
    sections = sections_of(text, "r", layout.parts)
    assert_covered(text, layout.parts, sections)
    return [section.path for section in sections]


def units(*parts, **more) -> list[tuple[str, str]]:
    """Kind and text of every unit of the chunks of a report."""
    text, layout = laid_out(list(parts), **more)
    report = make_report(text, layout=layout)
    sections = sections_of(text, report.id, layout.parts)
    chunks = chunk_report(report, sections, lambda words: len(words.split()))
    return [(str(unit.kind), plain(text[unit.start : unit.end])) for chunk in chunks for unit in chunk.units]


A, B = prose("Rain fell."), prose("It was dry.")


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([A, B], [("Introduction",)]),
        ([heading("I. Introduction"), A], [("I. Introduction",)]),
        ([A, heading("Health"), B], [("Introduction",), ("Health",)]),
        (
            [heading("II. Security"), A, heading("A. North", 2), A, heading("B. South", 2), B, heading("III. Aid"), A],
            [("II. Security",), ("II. Security", "A. North"), ("II. Security", "B. South"), ("III. Aid",)],
        ),
        # A heading that only holds others lives on in their paths; one that holds nothing is there.
        (
            [heading("II. Security"), heading("A. North", 2), A, heading("III. Aid"), heading("Annex"), B],
            [("II. Security", "A. North"), ("III. Aid",), ("Annex",)],
        ),
        # Levels that jump are repaired: what stands under what counts, not how far.
        (
            [heading("One"), A, heading("Deep", 4), A, heading("Less", 3), A, heading("Two"), B],
            [("One",), ("One", "Deep"), ("One", "Less"), ("Two",)],
        ),
        ([heading("Deep", 3), A, heading("Top"), B], [("Deep",), ("Top",)]),
        # The title of the document holds nothing.
        (
            [heading("Situation report No. 3"), heading("Health", 2), A, heading("Water", 2), B],
            [("Health",), ("Water",)],
        ),
        (
            [heading("Flood in Piura"), A, heading("Health", 2), A, heading("Water", 2), B],
            [("Flood in Piura",), ("Health",), ("Water",)],
        ),
        # A chapter does hold what is under it.
        (
            [heading("IV. Response"), heading("Health", 2), A, heading("Water", 2), B],
            [("IV. Response", "Health"), ("IV. Response", "Water")],
        ),
        ([heading("SITUATION OVERVIEW"), A, heading("OCHA funding"), B], [("Situation overview",), ("OCHA funding",)]),
        ([heading("• •"), A], [("Introduction",)]),
        ([], []),
    ],
)
def test_headings_make_paths(parts, expected):
    if parts == [] or parts[0][0] == "• •":
        text, layout = laid_out(parts)
        assert [section.path for section in sections_of(text, "r", layout.parts)] == expected
    else:
        assert paths(*parts) == expected


def test_two_sections_may_have_the_same_path():
    found = paths(heading("North"), heading("Needs", 2), A, heading("South"), heading("Needs", 2), B)
    assert found == [("North", "Needs"), ("South", "Needs")]
    assert paths(heading("Needs"), A, heading("Needs"), B) == [("Needs",), ("Needs",)]


def test_text_before_the_first_heading_is_named_for_its_figures():
    parts = [("1,234 people", PartKind.FIGURES, {}), heading("Health"), A]
    assert paths(*parts) == [("Key figures",), ("Health",)]


def test_blocks_follow_the_kinds_of_parts():
    rows = [["Sector", "Reached"], ["Health", "1,200"], ["Water", "340"]]
    text, layout = laid_out(
        [heading("Response"), A, B, item("one"), item("two"), table(rows, "People"), A, footnote("1 See S/2.", "1"), B]
    )
    (section,) = sections_of(text, "r", layout.parts)
    assert [(block.kind, text[block.start : block.end]) for block in section.blocks] == [
        (BlockKind.PROSE, "Rain fell.\nIt was dry."),
        (BlockKind.LIST, "one\ntwo"),
        (BlockKind.TABLE, "Sector | Reached\nHealth | 1,200\nWater | 340"),
        (BlockKind.PROSE, "Rain fell."),
        (BlockKind.PROSE, "1 See S/2."),
        (BlockKind.PROSE, "It was dry."),
    ]
    assert [text[row.start : row.end] for row in section.blocks[2].rows] == ["Health | 1,200", "Water | 340"]
    assert_covered(text, layout.parts, [section])


levels = st.integers(1, 6)
several = st.lists(
    st.one_of(
        levels.map(lambda level: heading("Health needs", level)),
        st.just(A),
        st.just(item("• Tents")),
        st.just(footnote("* As reported.", "*")),
        st.just(table([["Sector", "People"], ["Health", "12"]])),
    ),
    max_size=12,
)


@settings(max_examples=150, deadline=None)
@given(several)
def test_every_word_is_in_one_heading_or_block_and_in_its_chunks(parts):
    text, layout = laid_out(parts)
    sections = sections_of(text, "r", layout.parts)
    assert_covered(text, layout.parts, sections)
    report = make_report(text, layout=layout)
    chunks = chunk_report(report, sections, lambda words: len(words.split()))
    for chunk in chunks:
        section = sections[chunk.section]
        assert section.start <= chunk.start < chunk.end <= section.end
        assert text[chunk.start : chunk.end] == chunk.text
    rain = sum(unit_text.count("Rain fell.") for chunk in chunks for unit_text in [chunk.text])
    assert rain == parts.count(A)
    assert all(1 <= len(section.path) <= 6 for section in sections)


def test_numbers_of_paragraphs_and_marks_of_footnotes_are_no_part_of_sentences():
    found = units(
        heading("II. Security"),
        prose("23. On 3 May, 500 people fled. They came back.", "23"),
        prose("24.\t“We fled”, they said.", "24"),
        footnote("1 See S/2025/211, para. 4.", "1"),
        footnote("[2] As at May.", "2"),
        footnote("* Reissued.", "*"),
        prose("500 tents were given.", ""),
        prose("3 May was calm."),
        item("(a) Water for 20 towns;", "(a)"),
        item("• Food"),
        item("No bullet"),
    )
    assert found == [
        ("sentence", "On 3 May, 500 people fled."),
        ("sentence", "They came back."),
        ("sentence", "“We fled”, they said."),
        ("sentence", "See S/2025/211, para. 4."),
        ("sentence", "As at May."),
        ("sentence", "Reissued."),
        ("sentence", "500 tents were given."),
        ("sentence", "3 May was calm."),
        ("item", "Water for 20 towns;"),
        ("item", "Food"),
        ("item", "No bullet"),
    ]


def test_a_number_that_is_all_of_a_paragraph_stays():
    assert units(prose("23.", "23"), prose("2024 was dry.", "20")) == [
        ("sentence", "23."),
        ("sentence", "2024 was dry."),
    ]


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_paragraphs_are_told_apart_however_they_are_parted(gap):
    found = units(prose("Food and water"), prose("Tents for all"), item("rice"), item("beans"), gap=gap)
    assert [text for _, text in found] == ["Food and water", "Tents for all", "rice", "beans"]


def test_a_row_is_a_chunk_with_its_heads():
    text, layout = laid_out([table([["Sector", "Reached", "Target"], ["Health", "1,200", "2,000"]], "People")])
    report = make_report(text, layout=layout)
    (chunk,) = chunk_report(report, sections_of(text, report.id, layout.parts), lambda words: len(words.split()))
    assert chunk.text == "Health | 1,200 | 2,000" and "People: Reached | Target" in chunk.context
    assert [text[start:end] for start, end in chunk.units[0].cells] == ["1,200", "2,000"]
    assert chunk.units[0].kind is UnitKind.ROW


def test_a_table_without_rows_and_a_paragraph_of_a_whole_book_are_cut_up():
    long = " ".join(f"In town {number} some {number} families got tents." for number in range(5_000))
    text, layout = laid_out([("a | b\n\nc | d", PartKind.TABLE, {}), prose(long)])
    report = make_report(text, layout=layout)
    chunks = chunk_report(report, sections_of(text, report.id, layout.parts), lambda words: len(words.split()))
    assert chunks[0].text.startswith("a | b") and max(len(chunk.text.split()) for chunk in chunks) <= 180
    assert sum(len(chunk.units) for chunk in chunks) == 5_001


def test_the_cost_of_a_long_text_grows_with_its_length_only():
    # Blank lines made the chunker copy all that stood before each of them.
    counted = []

    class Text(str):
        def __getitem__(self, key):
            found = str.__getitem__(self, key)
            counted.append(len(found))
            return found

    def cost(paragraphs: int) -> int:
        counted.clear()
        text = Text("\n\n".join("Tents were given." for _ in range(paragraphs)))
        report = make_report(text)
        parts = (Part(0, len(text), PartKind.TABLE),)
        chunk_report(report, sections_of(text, "r", parts), lambda words: len(words.split()))
        return sum(counted)

    assert cost(400) < 5 * cost(100)
