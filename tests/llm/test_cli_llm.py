"""The options that name a model, and what doctor says of it."""

import pytest
from build_samples import write_reports

from llm import tiny
from llm.server import Refusal, Wait, serve
from rag import build_index, default
from rag.cli import main
from rag.llm import machine
from rag.pipeline import opening

ASKED = "How many families of Piura were given tents?"


@pytest.fixture
def index(tmp_path, encoder, monkeypatch):
    write_reports(tmp_path / "reports", 3)
    build_index(tmp_path / "reports", tmp_path / "index", encoder=encoder)
    monkeypatch.setenv("REPORTQA_INDEX", str(tmp_path / "index"))
    for module in (default, opening):
        monkeypatch.setattr(module, "load_encoder", lambda *_: encoder)
    return tmp_path / "index"


@pytest.fixture
def run(capsys):
    def run(*argv):
        try:
            code = main(list(argv))
        except SystemExit as stop:
            code = stop.code
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return code, out, err

    return run


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return tiny.write(tmp_path_factory.mktemp("gguf") / "tiny.gguf")


def quoting(request):
    """A model that answers with the sentence about tents in the prompt, and the key before it."""
    import re

    found = re.search(r"\[(k\w+)\].*?(Some \d+ families of Piura were given tents\.)", request.prompt, re.DOTALL)
    return f"{found[2]} [{found[1]}]." if found else "Nothing."


def test_a_model_writes_the_answer(index, run):
    with serve(quoting) as server:
        code, out, _ = run("query", ASKED, "--llm", server.url, "--json")
    assert (code, len(server.requests)) == (0, 1)
    assert '"reader": "scripted"' in out and "78 families of Piura" in out


def test_a_model_that_fails_gives_way_with_a_note(index, run):
    with serve(lambda _: Refusal(500, "boom")) as server:
        code, out, _ = run("query", ASKED, "--llm", server.url)
    assert code == 0 and "78 families of Piura" in out
    assert "Note: The model did not answer" in out and "boom" in out


def test_without_a_model_no_note_is_shown(index, run):
    assert "Note:" not in run("query", ASKED)[1]


def test_a_file_is_run_and_its_process_ended(index, run, file, monkeypatch):
    monkeypatch.setattr(machine, "threads", lambda: 1)  # several are slow where others are busy
    code, out, _ = run("query", ASKED, "--llm", str(file))  # it writes random letters: nothing of that is kept
    assert code == 0 and "78 families of Piura" in out and "Note: " in out


def test_context_and_name_reach_the_model(index, run):
    with serve(quoting, models=("a", "scripted")) as server:
        code, out, _ = run("query", ASKED, "--llm", server.url, "--model", "scripted", "--llm-context", "2000")
        assert code == 0 and server.requests[0].body["model"] == "scripted"
        code, _, err = run("query", ASKED, "--llm", server.url, "--model", "b")
    assert code == 1 and err.startswith("reportqa: ") and "It has: a, scripted" in err and err.count("\n") == 1


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["--model", "x"], 1, "name it with --llm"),
        (["--llm-context", "4096"], 1, "name it with --llm"),
        (["--llm", "nowhere"], 1, "neither the address of an API"),
        (["--llm", "none.gguf"], 1, "no such file"),
        (["--llm", "http://127.0.0.1:9/v1", "--llm-context", "-4"], 1, "number of tokens"),
        (["--llm", "http://127.0.0.1:9/v1", "--llm-context", "7"], 1, "at least 512"),
        (["--llm-context", "many"], 2, "invalid int"),
        (["--policy", "loose"], 2, "invalid choice"),
    ],
)
def test_options_that_cannot_work_are_refused_in_one_line(index, run, options, code, said):
    for command in (["query", ASKED], ["chat", "--port", "0"]):
        found, out, err = run(*command, *options)
        assert (found, out) == (code, "") and said in err and err.count("\n") == 1


def test_doctor_says_what_the_endpoint_is(index, run):
    pages = {"GET /props": {"default_generation_settings": {"n_ctx": 2048}}, "POST /tokenize": {"tokens": []}}
    with serve(lambda _: "ready", entry={}, pages=pages, models=("a", "b")) as server:
        code, out, _ = run("doctor", "--llm", server.url, "--model", "b")
    assert code == 0
    assert "ok    llm server: llama.cpp; its models: a, b\n" in out
    assert "ok    llm context: 2048 tokens (/props), counted exactly\n" in out
    assert "ok    llm: b, first word of a reply after 0." in out


def test_doctor_says_what_is_assumed_and_overruled(index, run):
    with serve(lambda _: "ready", entry={}) as server:
        assert (
            "4096 tokens (assumed, as the endpoint does not say), counted as an estimate"
            in run("doctor", "--llm", server.url)[1]
        )
        assert "9000 tokens (--llm-context)" in run("doctor", "--llm", server.url, "--llm-context", "9000")[1]


@pytest.mark.parametrize("script", [Refusal(500, "boom"), [Wait(0.1)], [""]], ids=["refused", "silent", "empty"])
def test_doctor_says_what_is_wrong_with_a_model(index, run, script):
    with serve(lambda _: script) as server:
        code, out, _ = run("doctor", "--llm", server.url)
    assert code == 1 and "ok    llm server" in out and "WRONG llm: " in out


def test_doctor_goes_on_without_an_endpoint(index, run):
    code, out, _ = run("doctor", "--llm", "http://127.0.0.1:9/v1")
    assert code == 1 and "WRONG llm: Nothing answers at http://127.0.0.1:9/v1" in out and "ok    index" in out


def test_the_models_known_by_name_are_listed(run):
    code, out, _ = run("llm", "get")
    assert code == 0 and "qwen3-4b\t8 GB of memory\t2.5 GB\tApache 2.0" in out


def test_getting_what_is_not_known_is_refused(run):
    code, out, err = run("llm", "get", "gpt-5")
    assert (code, out) == (1, "") and "Known are" in err and err.count("\n") == 1
