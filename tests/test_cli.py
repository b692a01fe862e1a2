"""The command: what it prints where, its exit codes, and what it says when something is wrong."""

import functools
import io
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest
from build_samples import report_text, texts, write_reports
from conftest import ROOT, HashEncoder
from encoder_samples import describe, linked_copy

from rag import Assistant, build_index, cli, config, default, doctor, embed
from rag.cli import main, output
from rag.config import Settings, local_path
from rag.load import LOADERS
from rag.pipeline import opening
from rag.store import Store
from rag.store.tables import SCHEMA_VERSION

ASKED = "How many families of Piura were given tents?"
BOGUS = "How many submarines did the Lunar Bank of Atlantis sell?"


@pytest.fixture
def index(tmp_path, encoder, monkeypatch):
    """The index that the command uses unless told otherwise, with a fake encoder."""
    write_reports(tmp_path / "reports", 3)
    build_index(tmp_path / "reports", tmp_path / "index", encoder=encoder)
    monkeypatch.setenv("REPORTQA_INDEX", str(tmp_path / "index"))
    for module in (default, opening):
        monkeypatch.setattr(module, "load_encoder", lambda *_: encoder)
    return tmp_path / "index"


@pytest.fixture
def run(capsys):
    """Exit code, output and errors of a command; errors are lines of one each, without a traceback."""

    def run(*argv):
        try:
            code = main(list(argv))
        except SystemExit as stop:
            code = stop.code
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return code, out, err

    return run


def command(*argv, **options):
    """The installed command as another process."""
    script = Path(sys.executable).with_name("reportqa")
    return subprocess.run([script, *argv], capture_output=True, text=True, check=False, timeout=120, **options)


# --- query


def test_an_answer_is_printed_with_its_sources(index, run):
    code, out, err = run("query", ASKED)
    assert (code, err) == (0, "")
    assert "78 families of Piura were given tents. [1]" in " ".join(out.split())
    assert "\n[1] Situation report on Piura, Shelter (supported)\n    “Some 78 families" in out


def test_an_abstention_has_its_own_exit_code(index, run):
    code, out, err = run("query", BOGUS)
    assert (code, err) == (3, "")
    assert out.startswith("The reports do not say.") and "Nearest passages:" in out


def test_json_is_the_answer(index, run, encoder):
    code, out, err = run("query", "--json", ASKED)
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert list(found) == [
        "status", "text", "sentences", "citations", "passages", "reader", "timings_s", "confidence",
        "searched_for", "unanswered", "as_of", "notes",
    ]  # fmt: skip
    assert list(found["citations"][0]) == [
        "marker", "report_id", "report_title", "published", "section", "page", "quote", "start", "end",
        "score", "verdict", "boxes", "paragraph", "ocr",
    ]  # fmt: skip
    with Assistant(index, encoder=encoder) as assistant:
        answer = assistant.query(ASKED).to_dict()
    del answer["timings_s"], found["timings_s"]
    assert found == json.loads(json.dumps(answer))
    cited = found["citations"][0]
    assert texts(index)[cited["report_id"]][cited["start"] : cited["end"]] == cited["quote"]
    code, out, _ = run("query", "--json", BOGUS)
    assert code == 3 and json.loads(out)["status"] == "abstained"


def test_filters_reach_the_search(index, run):
    code, out, _ = run("query", "--json", "--report", "report0", "--report", "report2", "-k", "3", ASKED)
    found = [passage["chunk"]["report_id"] for passage in json.loads(out)["passages"]]
    assert len(found) == 3 and set(found) <= {"report0", "report2"}, "report1 answers the question"
    assert run("query", "--json", "--since", "2030", ASKED)[0] == 3


@pytest.mark.parametrize(
    ("option", "text", "day"),
    [
        ("since", "2024", date(2024, 1, 1)),
        ("until", "2024", date(2024, 12, 31)),
        ("since", "2024-02", date(2024, 2, 1)),
        ("until", "2024-02", date(2024, 2, 29)),
        ("until", "2023-2", date(2023, 2, 28)),
        ("since", "2024-02-29", date(2024, 2, 29)),
        ("until", "2024-12", date(2024, 12, 31)),
    ],
)
def test_days_may_be_years_or_months(option, text, day):
    args = cli.build_parser().parse_args(["query", "x", f"--{option}", text])
    assert getattr(args, option) == day


@pytest.mark.parametrize("text", ["24", "2023x", "2023-13", "2023-02-29", "2024-1-2-3", "20240201", "", "0000"])
def test_what_is_no_day_is_said_to_be_none(run, text):
    code, out, err = run("query", "x", "--since", text)
    assert (code, out) == (2, "")
    assert f"--since: {text!r} is no date: write 2024, 2024-02 or 2024-02-29" in err and err.count("\n") == 1


def test_a_question_is_read_from_standard_input(index, run, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{ASKED}\n"))
    assert run("query", "-")[1] == run("query", ASKED)[1]


@pytest.mark.parametrize("given", ["argument", "input"])
def test_a_question_that_is_no_text_is_refused(index, run, monkeypatch, given):
    broken = io.TextIOWrapper(io.BytesIO(b"How \xff many"), encoding="utf-8")
    monkeypatch.setattr(sys, "stdin", broken)
    code, _, err = run("query", "How \udcff many" if given == "argument" else "-")
    assert (code, err) == (1, "reportqa: The question is not valid UTF-8: save or type it as UTF-8.\n")


# --- ingest, remove, reports, sections


def test_ingest_says_what_became_of_each_file(index, run, tmp_path):
    folder = tmp_path / "reports"
    (folder / "report0.txt").unlink()
    (folder / "report1.txt").write_text(report_text(1, version=2))
    (folder / "new.md").write_text(report_text(6))
    (folder / "copy.md").write_text(report_text(6))
    (folder / "photo.jpg").touch()
    assert run("ingest", str(folder)) == (
        0,
        f"skipped\t{folder / 'photo.jpg'}\t.jpg is not read: save it as .pdf\n"
        "added\tcopy\t3 sections\n"
        "skipped\tnew\tthe same text as copy, which is in the index\n"
        "replaced\treport1\tits text changed\t3 sections\n"
        "removed\treport0\tits file is gone\n"
        f"{index}: 1 added, 1 replaced, 1 removed, 3 skipped, 0 refused\n",
        "",
    )


def test_what_ingest_refuses_is_an_error_and_the_rest_goes_in(index, run, tmp_path):
    (tmp_path / "reports" / "new.txt").write_text(report_text(6))
    (tmp_path / "reports" / "zero.txt").touch()
    code, out, err = run("ingest", str(tmp_path / "reports"), str(tmp_path / "none"))
    assert (
        code == 1
        and "added\tnew\t3 sections\n" in out
        and "1 added, 0 replaced, 0 removed, 3 skipped, 2 refused" in out
    )
    assert err.splitlines() == [
        f"refused\t{tmp_path / 'none'}\t{tmp_path / 'none'} does not exist: check the path.",
        f"refused\tzero\t{tmp_path / 'reports/zero.txt'} is empty: there is no text to read in it.",
    ]


def test_remove_takes_a_report_out(index, run, tmp_path):
    code, out, _ = run("remove", "report1")
    assert code == 0 and out.startswith("removed\treport1\t")
    assert sorted(texts(index)) == ["report0", "report2"] and (tmp_path / "reports/report1.txt").exists()
    code, _, err = run("remove", "report1")
    assert code == 1 and "'report1'" in err


def test_reports_and_sections_take_no_encoder(index, run, monkeypatch):
    for module in (default, opening):
        monkeypatch.setattr(module, "load_encoder", lambda *_: pytest.fail("the encoder was loaded"))
    code, out, err = run("reports")
    assert (code, err) == (0, "")
    assert out.splitlines()[:2] == [
        "report0\tSituation report on Loja\t-\tperiod unknown\ten",
        "\ttext: language, title, type; not found: period, published, publisher, symbol",
    ]
    code, out, err = run("sections", "report0")
    assert (code, err) == (0, "")
    assert re.search(r"^ *Health\t\[26:\d+\]\tprose$", out, re.MULTILINE) and "Shelter\t" in out


# --- what is wrong


@pytest.mark.parametrize(
    ("argv", "named"),
    [
        (["query", " "], ["The question is empty"]),
        (["query", "x" * 50_000], ["50,000 characters"]),
        (["query", "x", "--report", "nope"], ["'nope'", "report0, report1, report2"]),
        (["query", "x", "--since", "2024", "--until", "2023"], ["2024-01-01", "2023-12-31"]),
        (["query", "x", "--index", "/none"], ["no index in /none", "reportqa ingest PATH --index /none"]),
        (["query", "x", "-k", "0"], ["k is 0"]),
        (["sections", "report"], ["'report'", "Did you mean"]),
        (["reports", "--index", "/none"], ["/none"]),
        (["ingest", "/none/x.txt"], ["/none/x.txt does not exist"]),
    ],
)
def test_what_is_wrong_is_one_line_on_standard_error(index, run, argv, named):
    code, out, err = run(*argv)
    assert code == 1 and err.count("\n") == 1
    assert out == "" or argv[0] == "ingest"
    for part in named:
        assert part in err


@pytest.mark.parametrize(
    "argv", [["query"], ["nonsense"], ["query", "x", "--index", ""], ["query", "x", "-k", "a"], ["ingest"]]
)
def test_a_wrong_command_line_is_one_line_that_points_to_help(run, argv):
    code, out, err = run(*argv)
    assert (code, out) == (2, "") and err.count("\n") == 1 and "--help`." in err


def test_an_index_that_was_emptied_says_so_and_stays_empty(index, run):
    run("remove", "report0", "report1", "report2")
    for argv in (["query", ASKED], ["reports"], ["query", ASKED, "--index", str(index)]):
        code, _, err = run(*argv)
        assert code == 1 and f"The index in {index} holds no reports. Add some: reportqa ingest" in err


def test_debug_shows_the_traceback_before_and_after_the_command(index):
    for argv in (["--debug", "query", ""], ["query", "", "--debug"]):
        with pytest.raises(cli.commands.QuestionError):
            main(argv)


def test_an_incomplete_installation_is_said_in_one_line(index, run, monkeypatch):
    monkeypatch.setitem(sys.modules, "rag.default", None)
    code, out, err = run("query", ASKED)
    assert (code, out) == (1, "") and "The installation is not complete: `reportqa doctor`" in err


def test_what_a_terminal_would_obey_is_not_printed(index, run, tmp_path):
    path = tmp_path / "reports" / "evil.txt"
    path.write_text("Flood report\n\nSome 41 boats \x1b[2J\x9b31mreached Tumbes after the flood of May.\n")
    assert run("ingest", str(path))[0] == 0
    _, out, _ = run("query", "How many boats reached Tumbes?")
    assert "41 boats" in out and not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", out)
    _, out, _ = run("query", "--json", "How many boats reached Tumbes?")
    assert "\x9b31m" in json.loads(out)["citations"][0]["quote"], "JSON holds the exact quote"


# --- the default index


@pytest.fixture
def seeds(index, tmp_path, monkeypatch):
    """The command with no index yet, and three reports as its seeds."""
    monkeypatch.setattr(default, "SEEDS", tmp_path / "reports")
    shutil.rmtree(index)
    return index


def test_the_default_index_is_built_when_first_needed(seeds, run):
    assert run("query", ASKED)[0] == 0
    assert len(texts(seeds)) == 3
    assert default.query(ASKED).status == "answered"


def test_a_first_build_that_was_cut_short_is_finished(seeds, run, monkeypatch):
    class Stopped(HashEncoder):
        def encode(self, texts):
            if any("Cusco" in text for text in texts):
                raise KeyboardInterrupt
            return super().encode(texts)

    monkeypatch.setattr(default, "load_encoder", lambda *_: Stopped())
    assert run("query", ASKED) == (130, "", "reportqa: interrupted; what was stored stays.\n")
    assert sorted(texts(seeds)) == ["report0", "report1"]
    monkeypatch.setattr(default, "load_encoder", lambda *_: HashEncoder())
    assert run("query", ASKED)[0] == 0
    assert len(texts(seeds)) == 3
    run("remove", "report2")
    run("query", ASKED)
    assert len(texts(seeds)) == 2, "a report that was removed came back"


def test_seeds_of_an_older_version_are_indexed_anew_but_other_reports_are_kept(seeds, run, monkeypatch, tmp_path):
    run("reports")
    monkeypatch.setattr(opening.chunk, "VERSION", opening.chunk.VERSION + 1)
    assert run("query", ASKED)[0] == 0
    (tmp_path / "own.txt").write_text(report_text(8))
    assert run("ingest", str(tmp_path / "own.txt"))[0] == 0
    monkeypatch.setattr(opening.chunk, "VERSION", opening.chunk.VERSION + 1)
    code, _, err = run("query", ASKED)
    assert code == 1 and "was built with setting 'chunks'" in err
    assert sorted(texts(seeds)) == ["own", "report0", "report1", "report2"]


def test_seeds_of_another_schema_are_indexed_anew_but_other_reports_are_kept(seeds, run, tmp_path):
    def age(version):
        connection = sqlite3.connect(seeds / "store.db")
        connection.execute(f"PRAGMA user_version = {version}")
        connection.close()

    run("reports")
    age(1)
    assert run("query", ASKED)[0] == 0
    (tmp_path / "own.txt").write_text(report_text(8))
    assert run("ingest", str(tmp_path / "own.txt"))[0] == 0
    for old, says in ((1, "an older reportqa"), (99, "a newer reportqa")):
        age(old)
        code, _, err = run("query", ASKED)
        assert code == 1 and says in err and "into a new folder (reportqa ingest PATH --index DIR)" in err
    age(SCHEMA_VERSION)
    assert sorted(texts(seeds)) == ["own", "report0", "report1", "report2"]


@pytest.mark.parametrize(("name", "fingerprint"), [("all-MiniLM-L6-v2", "1" * 64), (embed.BUNDLED, "2" * 64)])
def test_seeds_that_a_former_encoder_indexed_are_indexed_anew(seeds, run, monkeypatch, tmp_path, name, fingerprint):
    former = HashEncoder()
    former.name, former.fingerprint = name, fingerprint
    build_index(default.SEEDS, seeds, encoder=former)
    assert run("reports")[0] == 0
    with Store.open(seeds) as store:
        assert store.build.encoder_name == "hash" and len(store.reports()) == 3
    shutil.rmtree(seeds)
    (tmp_path / "own.txt").write_text(report_text(8))
    for path in (default.SEEDS, tmp_path / "own.txt"):
        build_index(path, seeds, encoder=former)
    code, _, err = run("query", ASKED)
    assert code == 1 and f"built with encoder {name!r}, but now it is 'hash'" in err
    assert "own" in texts(seeds)


def test_seeds_are_not_indexed_anew_for_an_encoder_that_was_set(seeds, run, monkeypatch):
    former = HashEncoder()
    former.name = "all-MiniLM-L6-v2"
    build_index(default.SEEDS, seeds, encoder=former)
    monkeypatch.setenv("REPORTQA_ENCODER", "my-model")
    code, _, err = run("query", ASKED)
    assert code == 1 and "built with encoder 'all-MiniLM-L6-v2', but now it is 'hash'" in err


def test_without_seeds_the_default_index_says_how_to_build_one(seeds, run, monkeypatch, tmp_path):
    monkeypatch.setattr(default, "SEEDS", tmp_path / "gone")
    code, _, err = run("reports")
    assert code == 1 and str(seeds) in err and str(tmp_path / "gone") in err and "reportqa ingest PATH" in err


def test_settings_come_from_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    settings = Settings.from_env({"REPORTQA_INDEX": "~/a/../b", "REPORTQA_DEVICE": "cpu"})
    assert settings == Settings(tmp_path / "b", "", "cpu")
    assert Settings.from_env({}).index_dir == ROOT / ".index"
    monkeypatch.setattr(config, "ROOT", tmp_path)  # installed, not a checkout
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert Settings.from_env({}).index_dir.is_relative_to(tmp_path)
    assert local_path("~nobody-at-all/x") == Path.cwd() / "~nobody-at-all/x"


# --- progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_progress_is_drawn_on_a_terminal_only(seeds, run, monkeypatch):
    code, _, err = run("reports")
    assert (code, err) == (0, "")
    shutil.rmtree(seeds)
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    assert run("query", ASKED)[0] == 0
    drawn = terminal.getvalue()
    assert "reports 0/3" in drawn and "reports 3/3" in drawn and "Loading the encoder" in drawn
    assert "\n" not in drawn, "the bar does not stay on its line"
    assert drawn.rstrip("\r").rpartition("\r")[2].strip() == "", "something is left on the line"


def test_bars_show_what_goes_on_within_a_report(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    with output.progress_bars() as show:
        for call in [("reports", 0, 2), ("chunks", 64, 130), ("reports", 1, 2)]:
            show(*call)
    assert "chunks 64/130" in sys.stderr.getvalue()


# --- doctor


def findings(index=None):
    return {finding.subject: finding for finding in doctor.examine(index)}


def test_doctor_finds_a_healthy_installation_healthy(seeds_index, run, bundled_encoder):
    code, out, err = run("doctor", "--index", str(seeds_index))
    assert (code, err) == (0, "") and "WRONG" not in out
    for part in (
        "reportqa-minilm-en-es, 384 dimensions",
        "5 reports",
        "flat, in order",
        version("faiss-cpu"),
        "GB free",
    ):
        assert part in out


def test_doctor_finds_what_is_wrong_with_the_index(index, run):
    assert findings()["index"].ok and findings()["search cache"].text == "flat, in order"
    (index / "index.faiss").unlink()
    assert "missing or stale" in findings()["search cache"].text
    missing = findings(index / "none")["index"]
    assert not missing.ok and "Build one first" in missing.text
    data = (index / "store.db").read_bytes()
    (index / "store.db").write_bytes(data[: len(data) // 2])
    damaged = findings()["index"]
    assert not damaged.ok and str(index / "store.db") in damaged.text and "Move it away" in damaged.text
    assert run("doctor")[0] == 1
    shutil.rmtree(index)
    assert findings()["index"].ok and "built from seeds/" in findings()["index"].text


@pytest.mark.parametrize(
    ("installed", "said"),
    [
        ((), "scanned pages cannot be read; to read them: sudo apt install tesseract-ocr tesseract-ocr-spa "),
        (("eng", "fra"), "in eng, fra but not spa: sudo apt install tesseract-ocr tesseract-ocr-spa"),
        (("eng", "spa", "fra"), "Tesseract reads scanned pages in eng, spa, fra"),
    ],
)
def test_doctor_says_how_scans_are_read_and_takes_no_offence(index, monkeypatch, installed, said):
    monkeypatch.setattr("rag.load.pdf.ocr.installed_languages", lambda: installed)
    found = findings()["ocr"]
    assert found.ok and said in found.text


def test_doctor_names_a_missing_package(index, monkeypatch):
    def without(name):
        if name == "gradio":
            raise PackageNotFoundError(name)
        return version(name)

    monkeypatch.setattr(doctor, "version", without)
    found = findings()
    assert [name for name, finding in found.items() if not finding.ok] == ["gradio"]
    assert found["gradio"].text == "not installed: run `make install`"


def test_doctor_works_when_what_it_looks_for_cannot_be_imported():
    code = "import sys; sys.modules['faiss'] = None; from rag.cli import main; sys.exit(main(['doctor']))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)
    assert (done.returncode, done.stderr) == (1, "")
    assert re.search(r"^WRONG encoder: .*faiss.*run `make install`", done.stdout, re.MULTILINE)


def test_doctor_finds_altered_weights(index, monkeypatch, tmp_path):
    folder = describe(linked_copy(tmp_path / "encoder"), model_sha256="0" * 64)
    monkeypatch.setattr(opening, "load_encoder", lambda *_: embed.load(str(folder)))
    found = findings()["encoder"]
    assert not found.ok and f"{folder / 'model.onnx'} is altered" in found.text


def test_doctor_finds_an_encoder_that_does_not_work(index, monkeypatch):
    class Broken(HashEncoder):
        def encode(self, texts):
            raise RuntimeError("no such device")

    monkeypatch.setattr(opening, "load_encoder", lambda *_: Broken())
    assert findings()["encoder"] == doctor.Finding(
        "encoder", False, "no such device (RuntimeError): run `make install` again"
    )


def test_doctor_warns_of_a_full_disk(index, monkeypatch):
    monkeypatch.setattr(doctor, "_LOW_DISK_BYTES", 1 << 60)
    assert not findings()["disk"].ok and "make room" in findings()["disk"].text


# --- the command as it is installed


def test_help_lists_all_commands():
    for argv, code in ((["--help"], 0), ([], 2)):
        done = command(*argv)
        assert (done.returncode, done.stderr) == (code, "")
        for name in ("query", "ingest", "remove", "reports", "intake", "sections", "doctor", "chat"):
            assert re.search(rf"^    {name} +\w", done.stdout, re.MULTILINE), name
    told = command("ingest", "--help").stdout
    assert all(suffix in told for suffix in LOADERS), "the formats that ingest names"
    assert command("--version").stdout == f"reportqa {version('reportqa')}\n"
    module = subprocess.run(
        [sys.executable, "-m", "rag", "query", ""], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert module.returncode == 1 and module.stderr.startswith("reportqa: The question is empty")


def test_the_installed_command_answers_and_nothing_else_is_written(seeds_index):
    question = "How many teachers attended the workshop in San Juan de Lurigancho?"
    done = command("query", "--json", question, "--index", str(seeds_index))
    assert (done.returncode, done.stderr) == (0, "")
    answer = json.loads(done.stdout)
    assert answer["status"] == "answered" and "500 teachers" in answer["text"]
    assert answer["citations"][0]["report_id"] == "000_d7792f521226d9a4"


def test_output_that_cannot_be_written(index):
    script = Path(sys.executable).with_name("reportqa")
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([script, "reports"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (
        1, "reportqa: The output cannot be written: No space left on device.\n"
    )  # fmt: skip
    reading, writing = os.pipe()
    os.close(reading)  # as when `head` has left
    done = subprocess.run([script, "reports"], stdout=writing, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")


def test_characters_that_the_output_lacks_are_escaped(index, tmp_path):
    (tmp_path / "reports" / "es.txt").write_text("Informe de situación – Perú\n\nLlegaron 12 familias a Tacna.\n")
    build_index(tmp_path / "reports", index, encoder=HashEncoder())
    done = command("reports", env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stderr) == (0, "") and r"situaci\xf3n \u2013 Per\xfa" in done.stdout


def test_an_interrupted_command_says_so_and_ends():
    script = Path(sys.executable).with_name("reportqa")
    pipe = subprocess.PIPE
    # What runs in the background ignores the signal, and so would what it starts.
    heed = functools.partial(signal.signal, signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen([script, "query", "-"], stdin=pipe, stdout=pipe, stderr=pipe, text=True, preexec_fn=heed)
    time.sleep(2)  # it waits for its question
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (130, "", "reportqa: interrupted; what was stored stays.\n")
