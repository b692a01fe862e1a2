"""From files with pages to what is noted of them, cited of them and shown of them."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime

import pytest
from build_samples import report_text, statuses, texts
from conftest import HashEncoder
from layout_samples import load_marked

from rag import Assistant, build_index, default, load
from rag.cli import main
from rag.errors import ReportError, StoreError
from rag.load.files import LOADERS
from rag.pipeline import opening, places
from rag.pipeline.places import Kept
from rag.store import Store

PAGED = (
    "# Situation in Piura\n23. Rain fell all of May and the road to Loja was closed.\n"
    "\f\fscan:0.84\n24. Partners gave tents to 320 families in Piura.\n^1 As at 31 May.\n"
    "# Health\n- Vaccines for 90 girls"
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """One report of a format with pages, and one without."""
    monkeypatch.setitem(LOADERS, ".paged", load_marked)
    path = tmp_path / "reports"
    path.mkdir()
    (path / "piura.paged").write_text(PAGED)
    (path / "loja.txt").write_text(report_text(0))
    return path


@pytest.fixture
def index(tmp_path, folder):
    assert build_index(folder, tmp_path / "index", encoder=HashEncoder()).added
    return tmp_path / "index"


@pytest.fixture
def assistant(index):
    with Assistant(index, encoder=HashEncoder()) as opened:
        yield opened


@pytest.fixture
def run(index, capsys, monkeypatch):
    for module in (default, opening):
        monkeypatch.setattr(module, "load_encoder", lambda *_: HashEncoder())

    def run(*argv):
        code = main([*argv, "--index", str(index)])
        return code, *capsys.readouterr()

    return run


# --- what is noted


def test_an_intake_says_what_was_found(index, assistant):
    before = datetime.now(UTC)
    found = assistant.intakes()
    assert list(found) == ["loja", "piura"]
    piura = found["piura"]
    assert (piura.format, piura.pages, piura.without_text, piura.ocr) == ("paged", 3, (2,), (3,))
    assert (piura.sections, piura.tables, piura.figures, piura.similar) == (2, 0, 0, ())
    assert piura.chunks == len([c for c in assistant.search("tents", reports=["piura"], k=20)])
    assert piura.added <= before
    assert (found["loja"].format, found["loja"].pages, found["loja"].sections) == ("txt", 0, 3)
    assert texts(index)["piura"] == load_marked(PAGED.encode(), None).text


def test_sections_come_from_the_parts(assistant):
    assert [section.path for section in assistant.sections("piura")] == [("Situation in Piura",), ("Health",)]
    assert assistant.layout("piura").parts and assistant.layout("loja") is None
    with pytest.raises(StoreError, match="piura"):
        assistant.layout("piur")


def test_an_unchanged_file_is_not_read_again(folder, index, monkeypatch):
    monkeypatch.setitem(LOADERS, ".paged", lambda *_: pytest.fail("it was read again"))
    assert set(statuses(build_index(folder, index, encoder=HashEncoder())).values()) == {"skipped"}
    (folder / "copy.paged").write_text(PAGED)
    assert statuses(build_index(folder, index, encoder=HashEncoder()))["copy"] == "skipped"


def test_a_file_that_older_code_read_is_read_again(folder, index, monkeypatch):
    monkeypatch.setattr(load, "VERSION", load.VERSION + 1)
    result = build_index(folder, index, encoder=HashEncoder())
    assert {outcome.reason for outcome in result.outcomes} == {"it can be read better now"}
    assert set(statuses(build_index(folder, index, encoder=HashEncoder())).values()) == {"skipped"}


def test_pages_without_text_are_read_again_once_there_is_ocr(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(load, "ocr_languages", tuple)
    build_index(folder, tmp_path / "without", encoder=HashEncoder())
    assert set(statuses(build_index(folder, tmp_path / "without", encoder=HashEncoder())).values()) == {"skipped"}
    monkeypatch.setattr(load, "ocr_languages", lambda: ("eng",))
    again = statuses(build_index(folder, tmp_path / "without", encoder=HashEncoder()))
    assert {name for name, status in again.items() if status == "replaced"} == {"piura"}
    assert set(statuses(build_index(folder, tmp_path / "without", encoder=HashEncoder())).values()) == {"skipped"}


def test_what_reports_toml_says_anew_is_taken_in(folder, index):
    for stated, title in (('title = "Stated"', "Stated"), ('title = "Again"', "Again"), ("", "piura")):
        (folder / "reports.toml").write_text(f"[piura]\n{stated}\n")
        assert statuses(build_index(folder, index, encoder=HashEncoder()))["piura"] == "replaced"
        with Store.open(index) as store:
            assert store.report("piura").title.casefold().startswith(title.casefold()) or not stated
        assert statuses(build_index(folder, index, encoder=HashEncoder()))["piura"] == "skipped"


# --- the same report twice


def test_the_same_text_in_another_format_is_skipped_and_named(folder, index):
    (folder / "other.md").write_text("\n\n".join(report_text(0).splitlines()))
    result = build_index(folder, index, encoder=HashEncoder())
    (outcome,) = [one for one in result.skipped if one.report_id == "other"]
    assert outcome.reason == "the same text as loja, which is in the index, in another file"
    assert "other" not in texts(index)


def test_the_same_text_stays_when_its_first_file_goes(folder, index):
    (folder / "other.md").write_text("\n\n".join(report_text(0).splitlines()))
    (folder / "loja.txt").unlink()
    assert statuses(build_index(folder, index, encoder=HashEncoder())) == {
        "piura": "skipped", "other": "added", "loja": "removed",
    }  # fmt: skip
    with Store.open(index) as store:
        assert list(store.sketches()) == ["other", "piura"]


def test_a_version_goes_in_and_is_offered_both_ways(folder, index, run):
    (folder / "loja_v2.txt").write_text(report_text(0).replace("vaccinated 1000 ", "vaccinated 1001 "))
    result = build_index(folder, index, encoder=HashEncoder())
    assert statuses(result)["loja_v2"] == "added"
    (warning,) = [warning for warning in result.warnings if "set by hand" not in warning]
    assert "loja_v2 looks like another version of loja (" in warning and "reportqa remove loja" in warning
    again = build_index(folder, index, encoder=HashEncoder())
    assert again.warnings == (f"{folder / 'piura.paged'}: set by hand",)
    for name, other in (("loja", "loja_v2"), ("loja_v2", "loja")):
        assert f"\tlike {other}: " in run("intake", name)[1]
    run("remove", "loja")
    assert "like" not in run("intake", "loja_v2")[1]


# --- what is cited


def test_a_citation_names_page_paragraph_and_ocr(assistant):
    answer = assistant.query("How many families in Piura did partners give tents?")
    (citation,) = answer.citations
    assert "320 families" in citation.quote
    assert (citation.page, citation.paragraph, citation.ocr) == (3, "24", 0.84)
    assert citation.boxes == assistant.layout("piura").boxes_of(citation.start, citation.end) != ()
    assert json.loads(json.dumps(answer.to_dict()))["citations"][0]["boxes"][0]["page"] == 3


def test_layouts_are_read_once_until_the_index_changes(assistant, folder, index, monkeypatch):
    read = []
    layout = Store.layout
    monkeypatch.setattr("rag.store.read.Reads.layout", lambda self, name: read.append(name) or layout(self, name))
    (passage,) = [one for one in assistant.search("tents", reports=["piura"]) if "Rain" in one.chunk.text]
    assert [assistant.page_of(passage) for _ in range(3)] == [1, 1, 1] and read == ["piura"]
    (folder / "piura.paged").write_text(PAGED.replace("May", "June"))
    build_index(folder, index, encoder=HashEncoder())
    assert assistant.page_of(passage) is None, "its offsets are of a text that is gone"
    assert assistant.page_of(assistant.search("girls", reports=["piura"])[0]) == 3


def test_places_are_printed_in_the_questions_language(run):
    _, out, _ = run("query", "How many families in Piura did partners give tents?")
    assert "Situation in Piura, p. 3, para. 24 (OCR, 84 %) (supported)" in out
    _, out, _ = run("query", "¿A cuántas familias de Piura se dio tents? families")
    assert "pág. 3, párr. 24 (OCR, 84 %)" in out


# --- what is printed


def test_ingest_prints_a_line_and_warnings_for_each_file(folder, index, run):
    (folder / "piura.paged").write_text(PAGED.replace("May", "June"))
    code, out, err = run("ingest", str(folder))
    assert code == 0 and "replaced\tpiura\tits text changed\t3 pages (1 without text, 1 by OCR), 2 sections\n" in out
    assert err.splitlines() == [f"warning\t{folder / 'piura.paged'}: set by hand"]


def test_intake_prints_what_was_found(run):
    code, out, err = run("intake")
    lines = out.splitlines()
    assert (code, err) == (0, "") and [line.split("\t")[0] for line in lines] == ["loja", "", "piura", "", ""]
    assert lines[1].startswith("\ttxt, 3 sections, ")
    assert lines[3].startswith("\tpaged, 3 pages (1 without text, 1 by OCR), 2 sections, ")
    assert lines[4] == "\twarning: set by hand"
    assert run("intake", "loja")[1].splitlines() == lines[:2]
    code, _, err = run("intake", "lojas")
    assert code == 1 and "'loja'" in err


# --- what is kept


def test_the_latest_values_are_kept_within_their_weight():
    kept, made = Kept(10, len), []

    def get(key, value):
        return kept.get(key, lambda: made.append(key) or value)

    assert get("a", b"12345") == get("a", b"") == b"12345" and made == ["a"]
    get("b", b"12345")
    get("a", b"")
    get("c", b"1")  # too much together: b, the least recently used, goes
    get("a", b"")
    assert get("b", b"123") == b"123" and made == ["a", "b", "c", "b"]
    assert get("d", b"x" * 11) == b"x" * 11 and get("d", b"x") == b"x"  # too heavy by itself
    with pytest.raises(ZeroDivisionError):
        kept.get("e", lambda: 1 // 0)
    assert get("e", b"1") == b"1"


def test_kept_values_in_several_threads():
    kept = Kept(3, lambda _: 1)
    wrong = []

    def work(seed):
        for turn in range(300):
            key = (seed * turn) % 7
            if kept.get(key, lambda key=key: key) != key:
                wrong.append(key)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong and len(kept._values) == kept._total == 3


def test_pictures_are_of_pdfs_and_drawn_once(assistant, monkeypatch):
    with pytest.raises(ReportError, match="piura is no PDF"):
        assistant.page_picture("piura", 1)
    with pytest.raises(StoreError, match="loja"):
        assistant.page_picture("lojas", 1)
    drawn = []
    info = assistant.reports()[0]
    monkeypatch.setattr(places, "page_picture", lambda path, number, **more: drawn.append((path, more)) or b"PNG")
    monkeypatch.setattr(Store, "reports", lambda _: [type(info)(id="x", title="X", path="/a/x.pdf", sha256="ab")])
    assert assistant.page_picture("x", 2, 300) == assistant.page_picture("x", 2, 300) == b"PNG"
    assert [(str(path), more) for path, more in drawn] == [("/a/x.pdf", {"width": 300, "sha256": "ab"})]
