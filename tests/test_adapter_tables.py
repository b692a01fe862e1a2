"""Tables, claims and PDFs of public sets, from a tiny file made by hand to questions, evidence and claims."""

from __future__ import annotations

import sys

import pytest
from adapter_samples import pdf, put, sheet

from eval.questions import Nugget
from eval.sets import DataError, load_public
from rag.schema import Verdict

# --- tables


def _tatqa(*questions: dict) -> list[dict]:
    table = [
        ["", "2019", "2018"],
        ["Sales", "$ 1,496.5", "1,202.9"],
        ["Costs | net", "(44.1)", "2"],
        ["Staff", "2", "3"],
    ]
    paragraphs = [
        {"uid": "p2", "order": 2, "text": "Tax fell. Tax was 2 in all."},
        {"uid": "p1", "order": 1, "text": "Sales grew. We sold more pumps in May."},
    ]
    return [{"table": {"uid": "0123456789", "table": table}, "paragraphs": paragraphs, "questions": list(questions)}]


def _asks(
    uid: str, kind: str, answer: object, source: str, derivation: str = "", scale: str = "", rel: str = ""
) -> dict:
    return {
        "uid": uid, "question": "What?", "answer": answer, "derivation": derivation, "answer_type": kind,
        "answer_from": source, "rel_paragraphs": rel.split(), "scale": scale,
    }  # fmt: skip


SALES, COSTS, STAFF = "| Sales | $ 1,496.5 | 1,202.9 |", "| Costs \\| net | (44.1) | 2 |", "| Staff | 2 | 3 |"


def test_tatqa_documents_are_a_heading_a_table_and_paragraphs(tmp_path):
    put(tmp_path, "tatqa/tatqa_dataset_dev.json", _tatqa(_asks("q", "span", ["2019"], "table")))
    (document,) = load_public("tatqa", tmp_path).documents
    assert document.text == (
        f"# Financial report 01234567\n\n|  | 2019 | 2018 |\n|---|---|---|\n{SALES}\n{COSTS}\n{STAFF}\n\n"
        "Sales grew. We sold more pumps in May.\n\nTax fell. Tax was 2 in all."
    )


@pytest.mark.parametrize(
    ("asks", "kind", "evidence"),
    [
        (_asks("q", "span", ["$1,496.5"], "table", scale="million"), "figure", [(0, SALES)]),
        (_asks("q", "span", ["more pumps"], "text", rel="1 2"), "fact", [(0, "We sold more pumps in May.")]),
        # both figures are in one row; the 2 of the average is none of them
        (_asks("q", "arithmetic", 1349.7, "table", "(1,496.5 + 1,202.9)/2"), "figure", [(0, SALES)]),
        (_asks("q", "arithmetic", 1452.4, "table", "1,496.5-44.1"), "figure", [(0, SALES), (1, COSTS)]),
        # the 2 stands in two rows, but only one holds the 3 as well
        (_asks("q", "arithmetic", 1, "table", "3-2"), "figure", [(0, STAFF)]),
        (_asks("q", "arithmetic", 2, "table-text", "2 x 1", rel="2"), "figure",
         [(0, COSTS), (0, STAFF), (0, "Tax was 2 in all.")]),
        (_asks("q", "count", "2", "table", "Sales##Staff"), "figure", [(0, SALES), (1, STAFF)]),
        (_asks("q", "multi-span", ["2019", "2018"], "table"), "list", [(0, "|  | 2019 | 2018 |")]),
        (_asks("q", "multi-span", ["1,496.5", "more pumps"], "table-text", rel="1"), "list",
         [(0, SALES), (1, "We sold more pumps in May.")]),
        # a comparison is answered by what is compared
        (_asks("q", "span", ["2019"], "table", "1,496.5>1,202.9"), "figure", [(0, SALES)]),
        # said in other words: the relevant paragraph as a whole
        (_asks("q", "span", ["taxes"], "text", rel="2"), "fact", [(0, "Tax fell. Tax was 2 in all.")]),
        (_asks("q", "span", ["taxes"], "table"), "fact", []),
    ],
)  # fmt: skip
def test_tatqa_evidence(asks, kind, evidence, tmp_path):
    put(tmp_path, "tatqa/tatqa_dataset_dev.json", _tatqa(asks))
    (question,) = load_public("tatqa", tmp_path).questions
    assert question.type == kind
    assert [(span.need, span.quote) for span in question.evidence] == evidence
    assert (question.group, question.answerable) == ("0123456789", True)


def test_tatqa_nuggets(tmp_path):
    rows = [
        _asks("a", "span", ["$1,496.5"], "table", scale="million"),
        _asks("b", "arithmetic", -19.93, "table", "(2-3)/3", scale="percent"),
        _asks("c", "count", "2", "table", "Sales##Staff"),
        _asks("d", "multi-span", ["Sales", "Staff"], "table"),
    ]
    put(tmp_path, "tatqa/tatqa_dataset_dev.json", _tatqa(*rows))
    a, b, c, d = load_public("tatqa", tmp_path).questions
    assert a.answers[:3] == ("$1,496.5", "1,496.5", "1496.5") and "1.4965 billion" in a.answers
    assert {"-19.93", "19.93", "19.93%", "19.93 percent"} <= set(b.nuggets[0].aliases)
    assert b.note == "arithmetic; from table; scale percent; derivation (2-3)/3"
    assert c.nuggets == (Nugget("2", ("2", "two")),)
    assert [nugget.aliases for nugget in d.nuggets] == [("Sales",), ("Staff",)]
    assert d.answers == ("Sales, Staff",)


@pytest.mark.parametrize(
    ("asks", "message"),
    [
        (_asks("q", "guess", ["x"], "table"), "'answer_type' is 'guess', not one of span"),
        (_asks("q", "count", "many", "table"), "'answer' is 'many', not an answer of the kind count"),
        (_asks("q", "span", [""], "table"), "not an answer of the kind span"),
    ],
)
def test_tatqa_refuses_what_it_does_not_know(asks, message, tmp_path):
    put(tmp_path, "tatqa/tatqa_dataset_dev.json", _tatqa(asks))
    with pytest.raises(DataError, match=rf"dev.json\[0\].questions\[0\]: .*{message}"):
        load_public("tatqa", tmp_path)


# --- claims


def test_wice(tmp_path):
    evidence = ["(meta data) TITLE: T", " ", "It\x99 is so.\r\n"]
    rows = [
        {"label": label, "claim": f"Claim  {n}.", "evidence": evidence, "meta": {"id": f"dev{n}", "claim_title": "e"}}
        for n, label in enumerate(("supported", "partially_supported", "not_supported"))
    ]
    put(tmp_path, "wice/claim_dev.jsonl", rows)
    claims = load_public("wice", tmp_path).claims
    assert [claim.label for claim in claims] == [Verdict.SUPPORTED, Verdict.PARTLY, Verdict.UNSUPPORTED]
    assert (claims[0].id, claims[0].text) == ("dev0", "Claim 0.")
    assert claims[0].evidence == ("(meta data) TITLE: T", "It is so.")
    put(tmp_path, "wice/claim_dev.jsonl", [rows[0] | {"meta": {"id": "dev7", "claim_title": "a"}}, *rows])
    assert load_public("wice", tmp_path).claims == claims  # what the reader has learnt is not measured
    put(tmp_path, "wice/claim_dev.jsonl", [rows[0] | {"label": "true"}])
    with pytest.raises(DataError, match="line 1: 'label' is 'true', not one of supported"):
        load_public("wice", tmp_path)


def test_expertqa(tmp_path, caplog):
    caplog.set_level("INFO", "eval.sets")
    link, passage = "[3] https://x.org/a", "[3] https://x.org/a\n\nShe [2] won."
    said = [
        ("She won [3].", [passage, link], "Complete"),
        ("He won [1][2].", [passage], "Partial"),
        ("They won.", [passage], "Incomplete"),
        ("It won.", [link], "Complete"),
        ("We won.", [], "Missing"),
        ("You won.", [passage], "N/A"),
        ("I won.", [passage], None),
    ]
    claims = [{"claim_string": text, "evidence": evidence, "support": label} for text, evidence, label in said]
    put(tmp_path, "expertqa/rand_val.jsonl", [{"question": "e", "answers": {"bing_chat": {"claims": claims}}}])
    found = load_public("expertqa", tmp_path).claims
    assert [(claim.id, claim.text, claim.label) for claim in found] == [
        ("1/bing_chat/1", "She won.", Verdict.SUPPORTED),
        ("1/bing_chat/2", "He won.", Verdict.PARTLY),
        ("1/bing_chat/3", "They won.", Verdict.UNSUPPORTED),
    ]
    assert {claim.evidence for claim in found} == {("She [2] won.",)}
    assert caplog.messages[-1].endswith("dropped evidence is a bare link: 1, no evidence: 1, no label of support: 2")


def test_swaps(tmp_path):
    sentences = [f"In March {2001 + n}, the town of Ilo repaired {310 + 7 * n} of its old wells." for n in range(8)]
    contexts = [
        {"document_id": f"d{n}", "title": "T", "text": f"Rain fell. {sentence} Nobody paid."}
        for n, sentence in enumerate(sentences)
    ]
    put(tmp_path, "mtrag_un/reference.jsonl", [{"contexts": contexts}, {"contexts": contexts[:2]}])
    claims = load_public("swaps", tmp_path).claims
    said, changed = claims[::2], claims[1::2]
    assert {claim.label for claim in said} == {Verdict.SUPPORTED}
    assert {claim.label for claim in changed} == {Verdict.UNSUPPORTED}
    assert len({claim.id for claim in claims}) == len(claims) > 16  # some sentences with two swaps
    for claim in changed:
        assert claim.text not in claim.evidence[0] and claim.evidence[0].startswith("Rain fell. In March")
    kinds = {claim.id.split("/")[2] for claim in claims}
    assert {"year", "month"} <= kinds
    assert load_public("swaps", tmp_path).claims == claims


# --- PDFs


def test_financebench(tmp_path, caplog):
    caplog.set_level("INFO", "eval.sets")

    def row(id: str, name: str, *evidence: tuple[str, int]) -> dict:
        marks = [{"evidence_text": text, "evidence_page_num": page} for text, page in evidence]
        return {"financebench_id": id, "doc_name": name, "question": "How much?", "answer": "$5.", "evidence": marks}

    rows = [
        row("a", "ACME_2022", ("sales were  5", 1), ("On the first page.", 0), ("not there", 0)),
        row("b", "ACME_2022", ("nowhere at all", 0)),
        row("c", "OTHER", ("x", 0)),
    ]
    put(tmp_path, "financebench/financebench_open_source.jsonl", rows)
    put(
        tmp_path,
        "financebench/pdf/ACME_2022.pdf",
        pdf("On the first\npage. Sales were 5", "Sales were 5\ndollars. Done."),
    )
    found = load_public("financebench", tmp_path)
    (document,) = found.documents
    assert (document.id, document.title) == ("ACME_2022", "ACME 2022")
    assert document.text == "On the first\npage. Sales were 5\n\nSales were 5\ndollars. Done."
    (question,) = found.questions
    assert [(span.need, span.quote) for span in question.evidence] == [
        (0, "Sales were 5"), (1, "On the first\npage."),
    ]  # fmt: skip
    assert question.evidence[0].start == document.text.rindex("Sales were 5")  # page 1, counting from 0, not page 0
    assert (question.note, question.answers, question.group) == ("page 2, 1", ("$5.",), "ACME_2022")
    assert "PDF not there: 1, evidence not found: 2, no evidence found: 1" in caplog.messages[-1]


HEAD = [None, "Document", "Question", "Context", "Relevant", "Page", "Source From", "Answer"]


def _climate(tmp_path, *rows: list) -> None:
    sheet(tmp_path / "climretrieve/ClimRetrieve_base.xlsx", [HEAD, *rows, [None] * len(HEAD)])
    put(
        tmp_path,
        "climretrieve/pdf/ACME_Plan.pdf",
        pdf("Cover", "We plan ahead. We\nadapt to (3%) heat.", "We plan ahead."),
    )


def test_climretrieve(tmp_path, caplog):
    caplog.set_level("INFO", "eval.sets")
    _climate(
        tmp_path,
        [0, "ACME Plan.pdf", "Do they plan?", "", "We plan  ahead", 3, "text", "[YES] They do."],
        [1, "ACME Plan.pdf", "Do they plan?", "We adapt to (3%) heat.", "They adapt.", 1, "text", "[YES] They do."],
        [2, "ACME Plan.pdf", "Do they tell?", None, None, None, "text", "[NO]"],
        [3, "Other.pdf", "Do they plan?", "", "We plan ahead.", 1, "text", "[YES]"],
    )
    found = load_public("climretrieve", tmp_path)
    (question,) = found.questions
    text = found.documents[0].text
    assert (question.question, question.answers) == ("ACME Plan: Do they plan?", ("[YES] They do.",))
    # on the page that is given, though page 2 says it too; the second by its paragraph, from a page nearby
    assert [(span.need, span.quote) for span in question.evidence] == [
        (0, "We plan ahead."), (0, "We\nadapt to (3%) heat."),
    ]  # fmt: skip
    assert question.evidence[0].start == text.rindex("We plan ahead.") > text.index("We plan ahead.")
    assert question.note == "page 3, 2"
    assert "no evidence found: 1, rows whose PDF is not there: 1" in caplog.messages[-1]


def test_climretrieve_refuses_a_sheet_without_its_columns(tmp_path):
    sheet(tmp_path / "climretrieve/ClimRetrieve_base.xlsx", [["Document", "Query"]])
    with pytest.raises(DataError, match="ClimRetrieve_base.xlsx: the first row has no column 'Question'"):
        load_public("climretrieve", tmp_path)


def test_a_pdf_that_is_none_is_refused(tmp_path):
    _climate(tmp_path, [0, "ACME Plan", "Do they plan?", "", "We plan ahead", 2, "text", "[YES]"])
    put(tmp_path, "climretrieve/pdf/ACME_Plan.pdf", b"<html>")
    with pytest.raises(DataError, match=r"ACME_Plan.pdf cannot be read as a PDF \(.*\)\. Get the file again"):
        load_public("climretrieve", tmp_path)


@pytest.mark.parametrize("package", ["openpyxl", "pypdfium2"])
def test_a_missing_package_names_the_extra(package, tmp_path, monkeypatch):
    _climate(tmp_path, [0, "ACME Plan", "Do they plan?", "", "We plan ahead", 2, "text", "[YES]"])
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(DataError, match=rf"needs {package}: pip install 'reportqa\[eval\]'"):
        load_public("climretrieve", tmp_path)
