"""Chunks: inside one section, whole sentences, items and rows, exact offsets, their context."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import make_report

from rag.chunk import MAX_TOKENS, chunk_report
from rag.load import find_files, load_report
from rag.schema import Block, BlockKind, Period, Section, UnitKind
from rag.sections import detect_sections
from rag.text import plain, sentence_spans


def count(text: str) -> int:
    return len(text.split())


def chunks_of(text: str, **info: object):
    report = make_report(text, **info)
    sections = detect_sections(text, report.id)
    return chunk_report(report, sections, count), sections, report


SENTENCE = "Partners gave food to {} families in the northern districts of the region this month. "
LONG = "# Response\n\n" + "".join(SENTENCE.format(number) for number in range(40))
TABLE = (
    "## People reached\n\n| Sector | Reached | Target |\n|---|---|---|\n"
    "| Health | 1,200 | 2,000 |\n| Education | 340 | 900 |\n"
)


def test_long_text_is_cut_between_sentences_into_even_chunks():
    chunks, _, report = chunks_of(LONG)
    sizes = [count(chunk.text) for chunk in chunks]
    assert len(chunks) > 2 and max(sizes) <= MAX_TOKENS and min(sizes) >= 60
    spans = set(sentence_spans(report.text, 12))
    for chunk in chunks:
        assert {(unit.start, unit.end) for unit in chunk.units} <= spans


def test_a_table_row_is_a_chunk_with_its_title_and_heads():
    chunks, _, _ = chunks_of(TABLE)
    rows = [chunk for chunk in chunks if chunk.kind is BlockKind.TABLE]
    assert ["Health" in row.text for row in rows] == [True, False]
    assert all(len(row.units) == 1 and row.units[0].kind is UnitKind.ROW for row in rows)
    assert "Reached | Target" in rows[0].context and "People reached" in rows[0].context


def test_list_items_are_units_without_their_bullets():
    text = "# Health\n\n- Vaccines for 300 children.\n- A clinic in Ilo. It opened in May.\n- Training\n"
    chunks, _, report = chunks_of(text)
    units = [(report.text[u.start : u.end], u.kind) for chunk in chunks for u in chunk.units]
    assert units == [
        ("Vaccines for 300 children.", UnitKind.ITEM),
        ("A clinic in Ilo.", UnitKind.SENTENCE),
        ("It opened in May.", UnitKind.SENTENCE),
        ("Training", UnitKind.ITEM),
    ]


def test_a_sentence_that_runs_over_a_page_break_stays_whole():
    text = "People were also\n1\n\nassisted with transport. More came later."
    section = Section("r", 0, ("Response",), 0, len(text), (Block(0, len(text), BlockKind.PROSE),))
    units = chunk_report(make_report(text), [section], count)[0].units
    assert [plain(text[u.start : u.end]) for u in units] == [
        "People were also assisted with transport.",
        "More came later.",
    ]


def test_a_sentence_longer_than_a_chunk_is_not_split_but_an_endless_one_is():
    long = "It reached " + ", ".join(f"village {number} of the valley" for number in range(60)) + "."
    chunks, _, _ = chunks_of(f"# Reach\n\n{long}\n")
    assert [len(chunk.units) for chunk in chunks] == [1] and chunks[0].text == long
    endless = "It reached " + ", ".join(f"village {number} of the valley" for number in range(600)) + "."
    chunks, _, _ = chunks_of(f"# Reach\n\n{endless}\n")
    assert len(chunks) > 10 and max(count(chunk.text) for chunk in chunks) <= MAX_TOKENS


def test_a_bar_separated_list_is_cut_between_its_names():
    names = " | ".join(f"Asociación Número {number}" for number in range(150))
    chunks, _, report = chunks_of(f"# Partners\n\n{names}\n")
    assert len(chunks) > 1
    assert all(report.text[u.start : u.end].startswith("Asociación") for c in chunks for u in c.units)


def test_context_holds_title_period_and_headings():
    period = Period(date(2024, 1, 1), date(2024, 2, 29))
    chunks, _, _ = chunks_of("# Health\n\nSome 314 people were insured.\n", title="Sitrep", period=period)
    assert chunks[0].context == "Sitrep (2024-01 to 2024-02)\nHealth"


def test_a_title_that_names_the_year_gets_no_period():
    period = Period(date(2023, 1, 1), date(2023, 12, 31))
    chunks, _, _ = chunks_of("# Health\n\nSome 314.\n", title="End-year report 2023", period=period)
    assert chunks[0].context == "End-year report 2023\nHealth"


def test_no_text_no_chunks():
    assert chunks_of("# Only a heading\n")[0] == ()


def check(chunks, sections, report) -> None:
    assert [chunk.ordinal for chunk in chunks] == list(range(len(chunks)))
    for chunk in chunks:
        assert report.text[chunk.start : chunk.end] == chunk.text
        assert chunk.units[0].start == chunk.start and chunk.units[-1].end == chunk.end
        last = chunk.start
        for unit in chunk.units:
            assert last <= unit.start < unit.end <= chunk.end
            last = unit.end
        blocks = sections[chunk.section].blocks
        assert all(any(b.start <= u.start and u.end <= b.end for b in blocks) for u in chunk.units)


WORDS = st.lists(
    st.sampled_from("Food for 300 people. - * # Lima | \n \n\n 1) (a) é ¿qué? 12% $5 M.".split(" ")),
    max_size=80,
)


@settings(max_examples=150, deadline=None)
@given(WORDS.map(" ".join) | st.text(max_size=300))
def test_offsets_hold_for_any_text(text):
    check(*chunks_of(text))


@pytest.mark.parametrize("source", find_files(["seeds"]).sources, ids=lambda source: source.path.stem[:3])
def test_seed_reports(source):
    report = load_report(source.path, source.metadata)
    sections = detect_sections(report.text, report.id)
    chunks = chunk_report(report, sections, count)
    check(chunks, sections, report)
    sizes = [sum(count(report.text[u.start : u.end]) for u in chunk.units) for chunk in chunks]
    assert max(sizes) <= MAX_TOKENS
    # Every sentence and row of every section can be retrieved: only headings and furniture are left out.
    covered = sum(unit.end - unit.start for chunk in chunks for unit in chunk.units)
    assert covered > 0.85 * len("".join(report.text.split()))
