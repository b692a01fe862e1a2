"""Citations at three levels, and whether sentences are borne out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from metric_samples import ABSENT, OK, Record, abstention, answer, cited, failure, question, span

from eval.metrics.citations import precision, recall, right_report_wrong_section
from eval.metrics.support import cited_share, unsupported_share
from eval.records import Said

LEVELS = ("report", "section", "quote")

# Two needs; the second may be met in either of two reports.
GOLD = question(
    evidence=(
        span(0, 100, "a", ("Health",)),
        span(200, 300, "b", ("Food",), need=1),
        span(0, 50, "c", ("Food",), need=1),
    )
)


def test_levels_by_hand():
    citations = [
        cited(50, 300, "a", ["HEALTH."]),  # report, section, quote (50 of 100)
        cited(0, 10, "b", ["Food", "Cash"]),  # report only
        cited(0, 10, "x", ["Health"]),  # nothing
    ]
    record = answer("Yes.", citations=citations)
    assert [precision(GOLD, record, level) for level in LEVELS] == pytest.approx([2 / 3, 1 / 3, 1 / 3])
    assert [recall(GOLD, record, level) for level in LEVELS] == [1.0, 1 / 2, 1 / 2]
    assert right_report_wrong_section(GOLD, record) == pytest.approx(1 / 3)


def test_any_alternative_meets_a_need():
    record = answer("Yes.", citations=[cited(20, 40, "c", ["food"])])
    assert [precision(GOLD, record, level) for level in LEVELS] == [1.0, 1.0, 1.0]
    assert [recall(GOLD, record, level) for level in LEVELS] == [1 / 2, 1 / 2, 1 / 2]
    assert right_report_wrong_section(GOLD, record) == 0.0


@pytest.mark.parametrize(
    ("path", "same"),
    [
        (["Área de  intervención: 2"], True),
        (["area de intervencion 2"], True),
        (["Area de intervencion 3"], False),
        (["Area de intervencion 2", "Salud"], False),
        ([], False),
    ],
)
def test_sections_are_compared_without_case_accents_and_punctuation(path, same):
    gold = question(evidence=(span(0, 10, section=("Área de intervención 2",)),))
    record = answer("Sí.", citations=[cited(0, 10, section=path)])
    assert recall(gold, record, "section") == float(same)
    assert right_report_wrong_section(gold, record) == float(not same)


def test_pages():
    gold = question(evidence=(replace(span(0, 10), page=4),))
    for page, right in ((4, 1.0), (5, 0.0), (None, 0.0)):
        record = answer("Yes.", citations=[replace(cited(0, 10), page=page)])
        assert (precision(gold, record, "page"), recall(gold, record, "page")) == (right, right)
    assert precision(GOLD, record, "page") is recall(GOLD, record, "page") is None  # its spans have no pages


def test_an_answer_without_citations_has_precision_zero():
    bare = answer("Yes.", markers=())
    assert [precision(GOLD, bare, level) for level in LEVELS] == [0.0, 0.0, 0.0]
    assert [recall(GOLD, bare, level) for level in LEVELS] == [0.0, 0.0, 0.0]
    assert right_report_wrong_section(GOLD, bare) is None


@pytest.mark.parametrize("record", [abstention(), failure()], ids=lambda record: record.status)
def test_no_answer_has_no_precision_and_recall_zero(record: Record):
    assert [precision(GOLD, record, level) for level in LEVELS] == [None, None, None]
    assert [recall(GOLD, record, level) for level in LEVELS] == [0.0, 0.0, 0.0]
    assert right_report_wrong_section(GOLD, record) is None
    assert cited_share(record) is unsupported_share(record) is None


def test_questions_without_gold_spans_or_sections():
    record = answer("Yes.", citations=[cited(0, 100)])
    for asked in (ABSENT, question()):
        assert [precision(asked, record, level) for level in LEVELS] == [None, None, None]
        assert [recall(asked, record, level) for level in LEVELS] == [None, None, None]
    no_sections = question(evidence=(span(0, 100), span(0, 100, section=(), need=1)))
    assert [recall(no_sections, record, level) for level in LEVELS] == [1.0, None, 1.0]
    assert right_report_wrong_section(no_sections, record) is None


def said(*sentences: tuple[str, tuple[int, ...]], citations=()) -> Record:
    spoken = tuple(Said(text, markers, OK) for text, markers in sentences)
    return Record("set", "q", "answered", sentences=spoken, citations=tuple(citations))


def test_cited_share():
    record = said(("One.", (1,)), ("Two.", ()), ("Three.", (7,)), citations=[cited(0, 10)])
    assert cited_share(record) == pytest.approx(1 / 3)  # there is no citation 7
    assert cited_share(said()) is None


def test_unsupported_share_judges_each_sentence_by_its_own_quotes():
    citations = [
        cited(0, 10, marker=1, quote="Partners trained 374 refugees on self-employment."),
        cited(0, 10, marker=2, quote="Partners reached 127 teachers in Lima."),
    ]
    record = said(
        ("Partners trained 374 refugees on self-employment.", (1,)),  # as quoted
        ("Partners trained 374 refugees on self-employment.", (2,)),  # the figure is elsewhere
        ("Partners trained 375 refugees on self-employment.", (1,)),  # another figure
        ("Partners trained 374 refugees and reached 127 teachers.", (1, 2)),  # from both together
        ("Partners reached 127 teachers in Lima.", ()),  # not cited
        citations=citations,
    )
    assert unsupported_share(record) == pytest.approx(3 / 5)


def test_the_section_is_context_for_names():
    sentence = "In Tumbes partners trained 374 refugees on self-employment."
    quote = "Partners trained 374 refugees on self-employment."
    assert unsupported_share(said((sentence, (1,)), citations=[cited(0, 10, section=["Tumbes"], quote=quote)])) == 0.0
    assert unsupported_share(said((sentence, (1,)), citations=[cited(0, 10, section=["Lima"], quote=quote)])) == 1.0
