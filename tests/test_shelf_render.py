"""The HTML of the reports' tab, and what the desk behind it lets whom do."""

import re
import threading
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from build_samples import report_text
from conftest import HashEncoder

from rag.pipeline.entries import Entry
from rag.pipeline.shelf import open_or_create
from rag.schema import Period, ReportInfo, Section
from ui.shelf import Desk
from ui.shelf.jobs import Job, Jobs, Result
from ui.shelf.render import COLUMNS, render_jobs, render_list
from ui.shelf.render_report import PART, View, render_gone, render_report
from ui.shelf.words import WORDS

HOSTILE = "<script>window.pwned=1</script><img src=x onerror=window.pwned=2>\" onclick='x' {{7*7}} ${window.pwned=3}"
INFO = ReportInfo(
    id="loja",
    title="Situation report on Loja",
    publisher="OCHA",
    type="situation report",
    period=Period(date(2024, 1, 1), date(2024, 2, 29)),
    published=date(2024, 3, 15),
    language="es",
    origins={"title": "corrected by hand", "publisher": "text", "period": "reports.toml", "published": "not found"},
    path="/data/loja.pdf",
    warnings=("page 3 could not be read",),
)
ENTRY = Entry(
    INFO, 12, 40, 3, 1, pages=9, without_text=(3, 7), ocr=(5,), similar=(("loja-v1", "the same title"),),
    added=datetime(2024, 4, 1, 9, 30, tzinfo=UTC),
)  # fmt: skip
PLAIN = Entry(ReportInfo(id="x", title="X", path="/x.txt"), 1, 1, 0, 0)


class Page(HTMLParser):
    """Elements, attributes and text of HTML; fails on tags that do not match."""

    VOID = {"input", "br", "path", "rect", "circle", "img"}

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.said, self._open = [], [], [], []
        self.feed(html)
        assert not self._open

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        self.said.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.said).split())


def test_both_languages_have_the_same_words():
    assert WORDS["en"].keys() == WORDS["es"].keys()
    assert all(value.strip() for words in WORDS.values() for value in words.values())
    for key, english in WORDS["en"].items():
        assert re.findall(r"\{\d\}", english) == re.findall(r"\{\d\}", WORDS["es"][key]), key


def test_the_table_tells_of_each_report_what_is_known():
    page = Page(render_list([ENTRY, PLAIN]))
    assert page.tags.count("tr") == 3 and page.tags.count("td") == 2 * len(COLUMNS)
    row = "Situation report on Loja OCHA 2024-01 to 2024-02 2024-03-15 Spanish 12 40 9 2024-04-01 Check"
    assert row in page.text and "2 of 2 reports" in page.text
    assert "Ready" in page.text and "File missing" in Page(render_list([replace(PLAIN, file="missing")])).text


def test_who_may_not_change_reports_is_offered_nothing():
    for html in (render_list([ENTRY]), render_list([], samples=5), render_report(ENTRY, "x", [], View())):
        assert not re.search(r'data-do="(?!open|back|section)', html)
    assert "reindex_all" in render_list([ENTRY], is_admin=True)
    assert "Add the 5 sample reports" in Page(render_list([], samples=5, is_admin=True)).text
    assert 'data-do="samples"' not in render_list([], samples=0, is_admin=True)


def test_an_intake_report_says_what_was_found_and_where_it_comes_from():
    text = Page(render_report(ENTRY, "text", [], View(is_admin=True))).text
    for said in (
        "Situation report on Loja corrected by hand", "OCHA the report’s text", "2024-01 to 2024-02 reports.toml",
        "Sections 12", "Tables 3", "Chunks 40", "Pages 9", "Pages without text 3, 7", "Pages read by OCR 5",
        "page 3 could not be read", "loja-v1 the same title", "2024-04-01 09:30 UTC", "/data/loja.pdf",
    ):  # fmt: skip
        assert said in text, said
    visitor = Page(render_report(ENTRY, "text", [], View())).text
    assert "loja.pdf" in visitor and "/data" not in visitor, "folders are not for everyone"


def test_the_form_holds_what_is_known_and_after_a_mistake_what_was_typed():
    html = render_report(ENTRY, "text", [], View(is_admin=True))
    assert 'name="period_start" type="date" value="2024-01-01"' in html and '<details class="rq-edit">' in html
    typed = View(is_admin=True, trouble="It must be a day.", typed={"period_start": "x<y"})
    html = render_report(ENTRY, "text", [], typed)
    assert 'value="x&lt;y"' in html and '<details class="rq-edit" open>' in html
    assert "It must be a day." in Page(html).text


def test_the_dialog_says_what_becomes_of_the_file():
    assert "the uploaded file is deleted" in render_report(ENTRY, "x", [], View(is_admin=True, is_kept=True))
    assert "/data/loja.pdf stays where it is" in render_report(ENTRY, "x", [], View(is_admin=True))


def test_a_long_text_is_shown_in_parts_that_leave_nothing_out():
    sections = [Section("loja", n, (f"Part {n}",), n * 9_000, n * 9_000 + 9_000) for n in range(30)]
    text = "".join(f"{section.ordinal:04d}" + "x" * 8_996 for section in sections)
    first, seen = None, []
    for _ in range(30):
        html = render_report(ENTRY, text, sections, View(first=first))
        seen += re.findall(r'<div class="rq-reading-part" id="rq-section-(\d+)"', html)
        assert sum(map(len, re.findall(r">(\d{4}x+)<", html))) <= PART
        later = re.search(r'data-section="(\d+)"><span>Later', html)
        if later is None:
            break
        first = int(later[1])
    assert [int(number) for number in seen] == list(range(30))
    assert 'data-section="0"><span>Earlier' in render_report(ENTRY, text, sections, View(first=3))


@pytest.mark.parametrize("language", ["en", "es"])
def test_hostile_text_is_inert_wherever_it_stands(language):
    info = replace(
        INFO, id=HOSTILE, title=HOSTILE, publisher=HOSTILE, type=HOSTILE, path=HOSTILE, warnings=(HOSTILE,),
        origins={"title": HOSTILE},
    )  # fmt: skip
    entry = replace(ENTRY, info=info, similar=((HOSTILE, HOSTILE),))
    sections = [Section(HOSTILE, 0, (HOSTILE,), 0, len(HOSTILE))]
    view = View(language, is_admin=True, notice=HOSTILE, trouble=HOSTILE, typed={"title": HOSTILE})
    job = Job(1, "add", HOSTILE, "refused", result=Result(True, HOSTILE, HOSTILE, (HOSTILE,)))
    for html in (
        render_list([entry], language, is_admin=True),
        render_report(entry, HOSTILE, sections, view),
        render_jobs([job, replace(job, state="asking")], language),
    ):
        page = Page(html)
        assert not {"script", "img", "iframe", "a"} & set(page.tags)
        assert not [name for name in page.attributes if name.startswith("on")]
        assert "<script>" in page.text


@pytest.mark.parametrize(
    ("job", "said"),
    [
        (Job(1, "add", "a.txt"), "a.txt Waiting"),
        (Job(1, "add", "a.txt", "reading"), "a.txt Reading"),
        (Job(1, "add", "a.txt", "indexing", 64, 200), "a.txt Indexing 64 of 200 chunks"),
        (Job(1, "reindex", "All", "reading", 2, 9), "All 2 of 9 reports"),
        (Job(1, "add", "a.txt", "done", result=Result(warnings=("not UTF-8",))), "a.txt Added not UTF-8"),
        (Job(1, "remove", "A", "done"), "A Deleted"),
        (Job(1, "add", "a.txt", "refused", result=Result(True, "it is empty")), "a.txt Refused it is empty"),
        (Job(1, "add", "a.txt", "refused", result=Result(True)), "The log in the terminal says what"),
        (Job(1, "add", "a.txt", "asking", result=Result(text="A")), "name: “A”. Replace it Keep both Leave out"),
    ],
)
def test_a_change_says_how_far_it_is(job, said):
    html = render_jobs([job])
    assert said in Page(html).text
    assert ("<progress" in html) == (not job.has_ended)
    if job.state == "indexing":
        assert '<progress value="64" max="200"' in html


def test_no_changes_take_no_room():
    assert render_jobs([]) == "" and "no longer" in render_gone()


# --- jobs


def test_jobs_run_one_after_the_other_and_short_ones_first():
    jobs, order, begun, gate = Jobs(), [], threading.Event(), threading.Event()

    def work(name):
        def run(progress):
            begun.set()
            gate.wait(10)
            order.append(name)
            return Result(text=name)

        return run

    numbers = [jobs.submit("reindex", "reindex", work("reindex"))]
    begun.wait(10)
    numbers += [jobs.submit(kind, kind, work(kind)) for kind in ("add", "remove", "correct")]
    gate.set()
    assert [jobs.wait(number, 10).result.text for number in numbers] == ["reindex", "add", "remove", "correct"]
    assert order == ["reindex", "remove", "correct", "add"]
    assert jobs.waiting() == 0
    jobs.clear()
    assert jobs.all() == [] and jobs.job(numbers[0]) is None


def test_an_unforeseen_error_ends_its_job_only(caplog):
    jobs = Jobs()
    bad = jobs.submit("add", "bad", lambda progress: 1 / 0)
    good = jobs.submit("add", "good", lambda progress: Result())
    assert jobs.wait(good, 10).state == "done"
    assert jobs.job(bad).state == "refused" and jobs.job(bad).result.text == ""
    assert "division by zero" in caplog.text


# --- the desk


@pytest.fixture
def shelf(tmp_path):
    with open_or_create(tmp_path / "index", HashEncoder()) as shelf:
        yield shelf


@pytest.fixture
def desk(shelf):
    return Desk(shelf)


def files(folder: Path, **texts):
    found = []
    for name, text in texts.items():
        path = folder / f"{name}.tmp"
        path.write_text(text)
        found.append((f"{name}.txt", path))
    return found


def ended(desk):
    for job in desk.jobs.all():
        desk.jobs.wait(job.number, 20)
    return [(job.name, job.state) for job in desk.jobs.all()]


def test_uploads_go_in_and_leave_no_temporary_files(desk, shelf, tmp_path):
    given = files(tmp_path, loja=report_text(0), piura=report_text(1), empty="")
    desk.upload(given, "en", is_admin=True)
    assert ended(desk) == [("loja.txt", "done"), ("piura.txt", "done"), ("empty.txt", "refused")]
    assert [entry.info.id for entry in shelf.entries()] == ["loja", "piura"]
    assert not [path for _, path in given if path.exists()]
    reason = desk.jobs.all()[-1].result.text
    assert "empty.txt" in reason and str(tmp_path) not in reason


def test_a_taken_name_is_asked_about_until_it_is_answered(desk, shelf, tmp_path):
    desk.upload(files(tmp_path, loja=report_text(0)), "en", is_admin=True)
    ended(desk)
    for answer, ids in (("leave out", ["loja"]), ("keep both", ["loja", "loja (2)"])):
        ((name, path),) = files(tmp_path, loja=report_text(2))
        desk.upload([(name, path)], "en", is_admin=True)
        assert ended(desk)[-1] == ("loja.txt", "asking") and path.exists()
        desk.answer(desk.jobs.all()[-1].number, answer, is_admin=True)
        ended(desk)
        assert [entry.info.id for entry in shelf.entries()] == ids and not path.exists()
    desk.answer(999, "replace", is_admin=True)  # answered meanwhile by someone else


def test_limits_hold_without_the_page(desk, tmp_path, monkeypatch):
    monkeypatch.setattr("ui.shelf.desk.MAX_FILES", 2)
    given = files(tmp_path, a=report_text(0), b=report_text(1), c=report_text(2), d=report_text(3))
    desk.upload(given, "en", is_admin=True)
    assert ended(desk) == [("a.txt", "done"), ("b.txt", "done"), ("c.txt", "refused")]
    assert "1 more were left out" in desk.jobs.all()[-1].result.text
    assert not [path for _, path in given if path.exists()]


def test_only_an_administrator_changes_anything(desk, shelf, tmp_path):
    desk.upload(files(tmp_path, loja=report_text(0)), "en", is_admin=True)
    ended(desk)
    given = files(tmp_path, piura=report_text(1))
    for change in (
        lambda: desk.upload(given, "en", is_admin=False),
        lambda: desk.replace("loja", *given[0], is_admin=False),
        lambda: desk.remove("loja", is_admin=False),
        lambda: desk.reindex("loja", "en", is_admin=False),
        lambda: desk.reindex(None, "en", is_admin=False),
        lambda: desk.add_samples("en", is_admin=False),
        lambda: desk.correct("loja", {"title": "x"}, "en", is_admin=False),
        lambda: desk.answer(1, "replace", is_admin=False),
        lambda: desk.clear(is_admin=False),
    ):
        with pytest.raises(PermissionError):
            change()
    assert not given[0][1].exists() and [entry.info.title for entry in shelf.entries()] != ["x"]
    assert desk.jobs_html("en", is_admin=False) == "" and len(desk.jobs.all()) == 1


def test_a_correction_is_checked_at_once_and_takes_only_what_changed(desk, shelf, tmp_path):
    desk.upload(files(tmp_path, loja=report_text(0)), "en", is_admin=True)
    ended(desk)
    title = shelf.entry("loja").info.title
    form = {"title": title, "publisher": "OCHA", "period_start": "2024-01-01", "period_end": "", "published": ""}
    assert "add period_end" in desk.correct("loja", form, "en", is_admin=True).text
    assert desk.correct("loja", {"title": title}, "en", is_admin=True).text == "Nothing was changed."
    assert not desk.correct("loja", {**form, "period_end": "2024-01-31"}, "en", is_admin=True).refused
    info = shelf.entry("loja").info
    assert (info.publisher, info.period.label, info.origins["title"]) == ("OCHA", "2024-01", "text")
    assert desk.correct("nope", form, "en", is_admin=True).refused
    assert not desk.remove("loja", is_admin=True).refused
    assert desk.remove("loja", is_admin=True).refused
    assert "no longer in the index" in desk.report_html("loja", View())
