"""A draft's quotes become citations, and every sentence gets a verdict."""

from datetime import date

import pytest
from layout_samples import footnote, heading, laid_out, prose

from rag.cite import cite, coverage, verify
from rag.schema import (
    BlockKind,
    Chunk,
    Draft,
    DraftSentence,
    Passage,
    Period,
    Quote,
    ReportInfo,
    Unit,
    UnitKind,
    Verdict,
)

TEXT = "Intro. Partners trained 500 teachers in Lima. Over 300 children got kits.\n\nIn Tacna, 40 tents stood."
TEACHERS = (7, 45)
CHILDREN = (46, 73)


def passage(start: int, end: int, report: str = "a", text: str = TEXT, section: str = "Education") -> Passage:
    unit = Unit(start, end, UnitKind.SENTENCE)
    chunk = Chunk(report, 0, 0, start, end, text[start:end], BlockKind.PROSE, (unit,), context="Table of camps")
    info = ReportInfo(
        id=report,
        title="Peru situation report",
        publisher="Red Cross",
        period=Period(date(2024, 1, 1), date(2024, 2, 29)),
        published=date(2024, 4, 1),
    )
    return Passage(chunk, info, ("Response", section), 1.0, 1, "fused")


FIRST, SECOND = passage(7, 73), passage(75, len(TEXT), section="Shelter")


def draft(*sentences: tuple[str, list[Quote]]) -> Draft:
    return Draft(tuple(DraftSentence(text, tuple(quotes)) for text, quotes in sentences))


def test_a_citation_says_where_its_quote_stands() -> None:
    sentences, citations = cite(
        draft(("Partners trained 500 teachers in Lima.", [Quote(0, *TEACHERS, score=0.7)])), [FIRST]
    )
    (citation,) = citations
    assert citation.quote == TEXT[citation.start : citation.end] == "Partners trained 500 teachers in Lima."
    assert (citation.marker, citation.report_id, citation.report_title) == (1, "a", "Peru situation report")
    assert (citation.section, citation.published, citation.page) == (
        ("Response", "Education"),
        date(2024, 4, 1),
        None,
    )
    assert (citation.score, citation.verdict) == (0.7, Verdict.SUPPORTED)
    assert (sentences[0].markers, sentences[0].verdict) == ((1,), Verdict.SUPPORTED)


LONG = "24. Tents were given in Ilo and Tacna to 300 families."
PAGED, LAYOUT = laid_out(
    [heading("Shelter"), prose("23. Rain fell.", "23")], [prose(LONG, "24"), footnote("1 As at May.", "1")], ocr=0.84
)


@pytest.mark.parametrize(
    ("words", "page", "paragraph"), [("Rain fell.", 1, "23"), ("300 families", 2, "24"), ("As at May.", 2, "")]
)
def test_page_paragraph_and_boxes_are_those_of_the_quote_not_of_its_chunk(
    words: str, page: int, paragraph: str
) -> None:
    start = PAGED.index(words)
    found = passage(0, len(PAGED), text=PAGED)
    asked = []
    quotes = draft((words, [Quote(0, start, start + len(words))]))
    (citation,) = cite(quotes, [found], layout_of=lambda passage: asked.append(passage) or LAYOUT)[1]
    assert (citation.page, citation.paragraph, citation.ocr) == (page, paragraph, 0.84)
    assert citation.boxes == LAYOUT.boxes_of(start, start + len(words)) and citation.boxes[0].page == page
    assert asked == [found]


def test_without_a_layout_a_citation_has_no_place() -> None:
    (citation,) = cite(draft(("40 tents", [Quote(0, 86, 94)])), [SECOND], layout_of=lambda _: None)[1]
    assert (citation.page, citation.boxes, citation.paragraph, citation.ocr) == (None, (), "", None)


def test_markers_follow_first_appearance_and_equal_spans_share_one() -> None:
    sentences, citations = cite(
        draft(
            ("In Tacna, 40 tents stood.", [Quote(1, 75, len(TEXT))]),
            (
                "500 teachers were trained in Lima, over 300 children got kits.",
                [Quote(0, *TEACHERS), Quote(0, *CHILDREN)],
            ),
            ("Over 300 children got kits.", [Quote(2, *CHILDREN), Quote(0, *CHILDREN)]),
        ),
        [FIRST, SECOND, passage(46, 73)],
    )
    assert [sentence.markers for sentence in sentences] == [(1,), (2, 3), (3,)]
    assert [(citation.marker, citation.start) for citation in citations] == [(1, 75), (2, 7), (3, 46)]


def test_the_same_offsets_in_two_reports_are_two_citations() -> None:
    _, citations = cite(
        draft(("Partners trained 500 teachers.", [Quote(0, *TEACHERS), Quote(1, *TEACHERS)])),
        [FIRST, passage(7, 73, report="b")],
    )
    assert [citation.report_id for citation in citations] == ["a", "b"]


def test_facts_may_be_spread_over_quotes() -> None:
    text = "Partners trained 500 teachers and over 300 children got kits."
    (sentence,), citations = cite(draft((text, [Quote(0, *TEACHERS), Quote(0, *CHILDREN)])), [FIRST])
    assert sentence.verdict is Verdict.SUPPORTED
    assert {citation.verdict for citation in citations} == {Verdict.PARTLY}


def test_a_quote_that_bears_nothing_is_unsupported_beside_one_that_does() -> None:
    text = "Partners trained 500 teachers in Lima."
    (sentence,), citations = cite(draft((text, [Quote(0, *TEACHERS), Quote(1, 75, len(TEXT))])), [FIRST, SECOND])
    assert sentence.verdict is Verdict.SUPPORTED
    assert [citation.verdict for citation in citations] == [Verdict.SUPPORTED, Verdict.UNSUPPORTED]


def test_a_shared_citation_keeps_its_best_verdict() -> None:
    _, (citation,) = cite(
        draft(
            ("Partners trained 900 teachers.", [Quote(0, *TEACHERS)]),
            ("Partners trained 500 teachers in Lima.", [Quote(0, *TEACHERS)]),
        ),
        [FIRST],
    )
    assert citation.verdict is Verdict.SUPPORTED


def test_title_section_and_period_bear_names_and_years() -> None:
    quotes = [Quote(0, *TEACHERS)]
    sentences, _ = cite(
        draft(
            ("In Peru in 2024, partners trained 500 teachers.", quotes),
            ("In Peru in 2023, partners trained 500 teachers.", quotes),
            ("In Chile, partners trained 500 teachers.", quotes),
        ),
        [FIRST],
    )
    verdicts = [sentence.verdict for sentence in sentences]
    assert verdicts == [Verdict.SUPPORTED, Verdict.UNSUPPORTED, Verdict.UNSUPPORTED]


def test_a_sentence_without_quotes_is_unsupported() -> None:
    (sentence,), citations = cite(draft(("Partners trained 500 teachers.", [])), [FIRST])
    assert (sentence.verdict, sentence.markers, citations) == (Verdict.UNSUPPORTED, (), ())


def test_an_empty_draft_gives_nothing() -> None:
    assert cite(Draft(reason="no passages"), []) == ((), ())


def test_text_of_gives_the_quotes() -> None:
    _, (citation,) = cite(draft(("x", [Quote(0, *TEACHERS)])), [FIRST], text_of={"a": TEXT.upper()}.__getitem__)
    assert citation.quote == TEXT.upper()[slice(*TEACHERS)]


@pytest.mark.parametrize(
    ("quote", "message"),
    [
        (Quote(1, 7, 20), "passage 1 of 1"),
        (Quote(-1, 7, 20), "passage -1 of 1"),
        (Quote(0, 6, 20), r"\[6, 20\) lies outside its chunk \[7, 73\)"),
        (Quote(0, 7, 74), r"\[7, 74\) lies outside"),
        (Quote(0, 20, 20), r"\[20, 20\) lies outside"),
    ],
)
def test_a_quote_outside_its_passage_is_an_error(quote: Quote, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        cite(draft(("Partners trained 500 teachers.", [quote])), [FIRST])


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("PARTNERS  trained\n500 teachers", "Intro. Partners trained 500 teachers in Lima."),
        ("**Partners trained 500** [teachers](#)", "Partners trained 500 teachers"),
        ("Partners trained 500 teachers", "- **Partners** trained\n500 [teachers](http://x.org/9)."),
        ("the “Gracias Causa” brigade", 'the "Gracias Causa" brigade'),
        ("Se atendió a 500 niños.", "Se atendio a 500 niños."),
    ],
)
def test_word_for_word_is_supported_whatever_the_typography(sentence: str, evidence: str) -> None:
    assert verify(sentence, [evidence]) is Verdict.SUPPORTED


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("300 children", "Some 1,300 children"),
        ("Prices rose 26", "Prices rose 26 per cent"),
        ("Prices rose 26", "Prices rose 26%"),
        ("trained 500", "trained 500,000"),
        ("all were funded", "not all were funded"),
        ("300 children came", "more than 300 children came"),
    ],
)
def test_a_fragment_that_changes_the_meaning_is_not_supported(sentence: str, evidence: str) -> None:
    assert verify(sentence, [evidence]) is not Verdict.SUPPORTED


def test_no_evidence_supports_nothing() -> None:
    assert verify("Partners trained teachers.", []) is Verdict.UNSUPPORTED
    assert verify("", ["Partners trained teachers."]) is Verdict.UNSUPPORTED


def test_coverage_is_the_share_of_content_words() -> None:
    assert coverage("Partners trained 500 teachers.", ["The partner trains a teacher"]) == 1
    assert coverage("Partners trained nurses and doctors.", ["Partners trained teachers."]) == 0.5
    assert coverage("500", ["nothing"]) == 1
