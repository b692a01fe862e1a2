"""The report of a run: its numbers, that it loads nothing, and that no text becomes markup."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from run_samples import HOSTILE, hostile_run, make_run

from eval.records import Record
from eval.report import write_report
from eval.report.data import SHOWN, report_of
from eval.report.html import render
from eval.report.markdown import as_markdown, inline, summary
from eval.report.numbers import interval, shown
from eval.report.questions import STATES
from eval.runs import Run, RunError
from eval.summary import METRICS, slices, summarise, summarise_claims
from rag.schema import Verdict

PAGELESS = [metric for metric in METRICS if not metric.name.startswith("cite_page_")]  # no gold of the sample has pages
VOID = {"meta", "link", "br", "hr", "img", "input", "base", "source"}


class Page(HTMLParser):
    """The elements and texts of a page, and whether its tags are balanced."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text: list[str] = []
        self.open: list[str] = []
        self.rows: list[list[str]] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th"} and self.rows:
            self.rows[-1].append("")
        elif tag == "small":
            self.rows[-1][-1] += " "

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)
        if {"td", "th"} & set(self.open):
            self.rows[-1][-1] += data

    def of(self, tag, **attributes):
        return [found for name, found in self.elements if name == tag and attributes.items() <= found.items()]


@pytest.fixture(scope="module")
def run() -> Run:
    return make_run(60, claims=90)


@pytest.fixture(scope="module")
def html(run) -> str:
    return render(report_of(run))


@pytest.fixture(scope="module")
def page(html) -> Page:
    return Page(html)


def test_both_files_are_written_into_the_runs_folder(run, html, tmp_path):
    paths = write_report(replace(run, folder=tmp_path))
    assert paths == (tmp_path / "report.html", tmp_path / "report.md")
    named = html.replace(f"run {run.name}", f"run {tmp_path.name}").replace(f">{run.name} –", f">{tmp_path.name} –")
    assert paths[0].read_text("utf-8") == named  # the same run gives the same page
    assert paths[1].read_text("utf-8").startswith(f"# Evaluation run {inline(tmp_path.name)}\n")
    elsewhere = write_report(replace(run, folder=tmp_path), tmp_path / "new" / "folder")
    assert elsewhere[0].read_text("utf-8") == named


def test_a_report_that_cannot_be_written(run, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(RunError, match="report cannot be written"):
        write_report(run, tmp_path / "file")


def test_page_is_self_contained(html, page):
    """No element that loads, no address anywhere, and a policy that would stop both."""
    loading = {"img", "link", "iframe", "object", "embed", "video", "audio", "source", "base", "image", "feImage"}
    assert not loading & {name for name, _ in page.elements}
    assert not any(name in found for _, found in page.elements for name in ("src", "srcset", "action", "background"))
    links = [value for _, found in page.elements for name, value in found.items() if name.endswith("href")]
    assert links and all(link.startswith("#") for link in links)
    assert "://" not in html and "@import" not in html
    assert all(address.startswith("#") for address in re.findall(r"url\(['\"]?([^)]*)\)", html))
    (policy,) = page.of("meta", **{"http-equiv": "Content-Security-Policy"})
    rules = dict(rule.strip().split(" ", 1) for rule in policy["content"].split(";"))
    assert rules["default-src"] == "'none'" and "unsafe" not in rules["script-src"]
    assert set(rules) == {"default-src", "style-src", "script-src", "base-uri", "form-action"}


def test_ids_are_unique_and_links_lead_to_them(page):
    ids = [found["id"] for _, found in page.elements if "id" in found]
    assert len(ids) == len(set(ids))
    links = {found["href"][1:] for _, found in page.elements if "href" in found}
    assert links <= set(ids)
    for _, found in page.elements:
        for name in ("aria-labelledby", "aria-describedby"):
            assert set(found.get(name, "").split()) <= set(ids)


def test_every_question_is_there_with_what_became_of_it(run, page):
    details = page.of("details")
    assert len(details) == 60
    text = "".join(page.text)
    for one in run.sets["reports"]:
        assert f"{one.question.id} · {one.question.type.replace('_', ' ')}" in text
        assert one.question.question in text and one.record.error in text
        for span in one.question.evidence:
            assert f"{span.report} · {' › '.join(span.section)}" in text
    assert {found["data-state"] for found in details} == set(STATES) - {"unjudged"}
    assert "Who works in the area?" in text and "Five partners do." in text  # history


def test_headings_go_down_one_level_at_a_time(page):
    levels = [int(name[1]) for name, _ in page.elements if re.fullmatch(r"h\d", name)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))


def test_controls_and_plots_are_labelled(html, page):
    assert len(page.of("select")) == 5  # one set: nothing to choose there
    assert html.count("<label>") == 6
    svgs = page.of("svg", role="img")
    assert len(svgs) == 4 and all("aria-labelledby" in found and "aria-describedby" in found for found in svgs)
    titles = re.findall(r"<title id=\"[\w-]+\">([^<]+)</title>", html)
    assert titles == ["Right by type of question", "Risk and coverage", "Calibration", "Time of a question"]


def test_plots_take_the_colours_of_the_page(html):
    svg = html[html.index("<svg") : html.rindex("</svg>")]
    assert not re.search(r"#[0-9a-f]{6}", svg) and "<style" not in svg
    assert {"var(--ink)", "var(--plot-1)", "var(--plot-2)", "var(--line)"} <= set(re.findall(r"var\(--[\w-]+\)", svg))


def expected_cell(metric, estimate, of=None):
    if estimate.value is None:
        return "–"
    ends = interval(metric, estimate.low, estimate.high)
    return f"{shown(metric, estimate.value)} {ends}{f', n {estimate.n}' if of not in (None, estimate.n) else ''}"


def test_numbers_are_those_of_the_summary(run, page):
    outcomes = run.sets["reports"]
    parts = slices(outcomes)
    keys = ["split: dev", "split: test", "all", "language: en", "language: es"]
    numbers = {key: summarise(parts[key]) for key in keys}
    rows = {row[0]: row[1:] for row in page.rows}
    assert rows["Metric"] != [] and ["Metric", "dev (30)", "test (30)", "all (60)", "en (43)", "es (17)"] in page.rows
    assert "Citations that name a right page" not in rows
    for metric in PAGELESS:
        assert rows[metric.label] == [
            expected_cell(metric.name, numbers[key][metric.name], len(parts[key])) for key in keys
        ], metric.name
    types = summarise(parts["type: wrong_place"])
    assert rows["wrong place"][:2] == [str(len(parts["type: wrong_place"])), expected_cell("right", types["right"])]
    chile = summarise(parts["report: chile_2024"])
    assert rows["chile_2024"][4] == expected_cell("recall_at_5", chile["recall_at_5"])
    assert rows["Balanced accuracy"][0] == expected_cell(
        "auroc", summarise_claims(run.claims["claims"])["balanced_accuracy"]
    )


def test_headline_is_about_the_test_split(run, html):
    found = summarise(slices(run.sets["reports"])["split: test"])["right"]
    assert f'<dt>Right</dt><dd class="value">{shown("right", found.value)}</dd>' in html
    assert "Test split, 30 of 60 questions" in html


def test_causes_are_counted(page):
    """Question n is of kind n mod 18, so 60 questions hold kinds 0 to 5 four times and the others three times."""
    rows = {row[0]: row[1:] for row in page.rows}
    assert rows["error"][2] == "3 5.0%"  # of 60: q016, q034, q052
    assert rows["section"][2] == "3 5.0%"  # q011, q029, q047
    assert rows["verification"][2] == "3 5.0%"  # q012, q030, q048
    assert rows["retrieval"][2] == "4 6.7%"  # q005, q023, q041, q059
    assert rows["reading"][2] == "10 16.7%"  # q002 and three more, q013, q031, q049, q017, q035, q053
    assert rows["abstention"][2] == "6 10.0%"  # q008, q026, q044 answered; q009, q027, q045 abstained
    assert rows["all misses"][2] == "29 48.3%"


def test_markdown_has_the_same_numbers(run):
    text = as_markdown(report_of(run))
    table = text[text.index("### All metrics") : text.index("### Misses by cause")]
    found = summarise(run.sets["reports"])
    for metric in PAGELESS:
        (row,) = [line for line in table.splitlines() if line.startswith(f"| {inline(metric.label)} |")]
        cell = row.split(" | ")[3]
        assert cell.startswith(shown(metric.name, found[metric.name].value)), metric.name
        assert interval(metric.name, found[metric.name].low, found[metric.name].high) in cell
    assert len(re.findall(r"^\d+\. \*\*q\d+\*\*", text, re.MULTILINE)) == 10
    assert "| all misses | 13 (43.3%) | 16 (53.3%) | 29 (48.3%) |" in text
    assert "| system › stages › rerank | no |" in text and "4f1c09de77aa…" in text


def test_markdown_tables_are_whole(run):
    for made in (run, hostile_run()):
        width = 0
        for line in as_markdown(report_of(made)).splitlines():
            cells = len(re.findall(r"(?<!\\)\|", line))
            if not line.startswith("|"):
                width = 0
            elif not width:
                width = cells
            else:
                assert cells == width, line


def test_summary_is_short(run):
    text = summary(run)
    assert text.startswith("## reports (Test split, 30 of 60 questions)")
    assert "| Right | 46.7%" in text and "Balanced accuracy" in text
    assert len(text.splitlines()) < 35


def test_hostile_text_stays_text():
    html = render(report_of(hostile_run()))
    page = Page(html)
    assert "<script>alert" not in html and "<img" not in html
    assert len(page.of("script")) == 1 and not page.of("img")
    assert not any(name.startswith("on") for _, found in page.elements for name in found)
    text = "".join(page.text)
    assert text.count("<script>alert(1)</script>") > 200 and text.count("{{ 7*7 }}") > 200
    assert {found["data-set"] for found in page.of("details")} == {HOSTILE}


def test_hostile_text_stays_text_in_markdown():
    text = as_markdown(report_of(hostile_run()))
    assert not re.search(r"(?<!\\)<", text)
    assert "](" not in text
    assert not re.search(r"^# x", text, re.MULTILINE)


def test_many_questions_are_cut_short_misses_first():
    run = make_run(SHOWN + 60)
    page = Page(render(report_of(run)))
    details = page.of("details")
    assert len(details) == SHOWN
    assert f"{SHOWN} of {SHOWN + 60} questions are here" in "".join(page.text)
    missed = [found["data-cause"] != "" for found in details]
    first_right = missed.index(False)
    assert first_right > 200 and not any(missed[first_right:])
    assert len(report_of(run).sets[0].outcomes) == SHOWN + 60


@pytest.mark.parametrize("kind", ["nothing", "empty set", "claims", "errors", "one"])
def test_small_runs(kind, tmp_path):
    run = make_run(0, claims=12 if kind == "claims" else 0)
    if kind == "empty set":
        run = replace(run, sets={"reports": ()})
    if kind == "errors":
        asked = [
            replace(o, record=Record("reports", o.record.id, "error", error="Boom"))
            for o in make_run(9).sets["reports"]
        ]
        run = replace(run, sets={"reports": tuple(asked)})
    if kind == "one":
        run = make_run(1)
    html, markdown = (path.read_text("utf-8") for path in write_report(replace(run, folder=tmp_path)))
    page, nothing = Page(html), "No question was asked and no claim judged."
    assert (nothing in html) == (nothing in markdown) == (nothing == summary(run)) == (kind in {"nothing", "empty set"})
    assert len(page.of("details")) == {"errors": 9, "one": 1}.get(kind, 0)
    rows = {row[0]: row[1:] for row in page.rows}
    if kind == "claims":
        assert "Balanced accuracy" in rows and "Balanced accuracy" in markdown
        assert [rows[label] for label in Verdict] == [
            [str(sum(c.label is label and c.verdict is said for c in run.claims["claims"])) for said in Verdict]
            for label in Verdict
        ]
    if kind == "errors":
        assert rows["error"][:3] == ["5 100.0%", "4 100.0%", "9 100.0%"]  # dev, test, all
        assert "| error | 5 (100.0%) | 4 (100.0%) | 9 (100.0%) |" in markdown
        assert rows["Questions answered"][2].startswith("0.0%")


def test_unfinished_run_says_so(run):
    report = report_of(replace(run, missing=7))
    for text in (render(report), as_markdown(report), summary(replace(run, missing=7))):
        assert "The run is not finished: 7 questions have no answer yet" in text


def test_judge_scores_stand_apart(run):
    assert "LLM judge" not in render(report_of(run))
    judged = [
        replace(o, record=replace(o.record, judged={"nugget_recall": n / 4}))
        for n, o in enumerate(run.sets["reports"][:4])
    ]
    judged.append(run.sets["reports"][4])  # the judge gave nothing here
    page = Page(render(report_of(replace(run, sets={"reports": tuple(judged)}))))
    rows = {row[0]: row[1:] for row in page.rows}
    assert rows["nugget recall"][0] == "0.375 n 4"  # (0 + 1/4 + 2/4 + 3/4) / 4
    assert page.text.count("LLM judge") == 2  # heading and caption
