"""The real engine on a tiny model: load, stream, cancel, overflow, two at once, crashes, clean stop."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from conftest import ROOT

from llm import tiny
from rag.errors import ConfigError, ModelBroke, ModelError, ModelMissing, ModelOverflow
from rag.llm import engine, machine, open_model
from rag.schema import Message

TEMPLATE_TOKENS = len("<user>\n<assistant>") + 1  # of a prompt beside its text; one begins it


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return tiny.write(tmp_path_factory.mktemp("gguf") / "tiny.gguf")


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    """Several wait for one another by spinning, which on a busy machine takes minutes for a tiny model."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(machine, "threads", lambda: 1)
        yield


@pytest.fixture(scope="module")
def model(file):
    with open_model(str(file)) as opened:
        yield opened


def ask(model, prompt="hi", *, max_tokens=40, cancelled=lambda: False):
    return list(model.stream([Message("user", prompt)], max_tokens=max_tokens, cancelled=cancelled))


def runs(pid):
    """Whether a process is there and no mere entry of one that has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until(true):
    deadline = time.monotonic() + 20
    while not true() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert true()


def test_a_model_is_loaded_into_a_process_of_its_own(model, file):
    assert runs(model.pid) and model.pid != os.getpid()
    assert model.name == "tiny" and model.context_tokens == tiny.CONTEXT
    assert model.found.server == "llama.cpp" and model.found.models == ("tiny",)


def test_a_reply_is_streamed_letter_by_letter(model):
    pieces = ask(model)
    assert 30 <= len(pieces) <= 40 and len("".join(pieces)) == 40
    assert set("".join(pieces)) <= set("abcdefghijklmnopqrstuvwxyz .")


def test_the_same_prompt_gives_the_same_reply_and_another_another(model):
    assert ask(model, "one") == ask(model, "one")
    assert ask(model, "one") != ask(model, "a different prompt, and longer")


def test_tokens_are_counted_exactly(model):
    for text in ("", "niños", "数据", "a" * 500, "<s>"):
        assert model.count_tokens(text) in (len(text.encode()), 1)
    assert model.count_tokens("niños") == 6


def test_what_just_fits_is_answered_and_one_more_token_is_an_overflow(model):
    room = model.context_tokens - TEMPLATE_TOKENS
    assert ask(model, "x" * (room - 10), max_tokens=5)
    with pytest.raises(ModelOverflow, match=str(model.context_tokens)):
        ask(model, "x" * (room + 1), max_tokens=5)
    assert ask(model)  # and it goes on


def test_a_reply_ends_where_the_context_does(model):
    prompt = "x" * (model.context_tokens - TEMPLATE_TOKENS - 30)
    assert 20 <= len("".join(ask(model, prompt, max_tokens=10_000))) <= 31


def test_cancelling_frees_the_engine(model):
    seen = []

    def cancelled():
        return len(seen) >= 5

    for piece in model.stream([Message("user", "go on")], max_tokens=1900, cancelled=cancelled):
        seen.append(piece)
    assert 5 <= len(seen) < 100
    assert len("".join(ask(model))) == 40


def test_two_at_once_and_one_that_waits_all_come_to_their_end(model):
    assert model.plan.slots == 2
    prompts, found, threads = ("first", "the second of them", "third"), {}, []
    for prompt in prompts:
        threads.append(threading.Thread(target=lambda p=prompt: found.update({p: ask(model, p, max_tokens=150)})))
        threads[-1].start()
    for thread in threads:
        thread.join()
    assert {prompt: len("".join(pieces)) for prompt, pieces in found.items()} == dict.fromkeys(prompts, 150)


def test_nobody_gets_in_without_the_key(model):
    import httpx

    url = f"{model._endpoint.url}/chat/completions"
    body = {"messages": [{"role": "user", "content": "hi"}]}
    for headers in ({}, {"Authorization": "Bearer guess"}):
        assert httpx.post(url, json=body, headers=headers, trust_env=False).status_code == 401
    assert url.startswith("http://127.0.0.1:")


def test_the_key_stands_in_no_command_line_or_environment(model):
    key = model._child._key
    assert len(key) == 48
    for name in ("cmdline", "environ"):
        assert key not in Path(f"/proc/{model.pid}/{name}").read_bytes().decode()


def test_keys_of_other_endpoints_are_not_handed_down(file, monkeypatch):
    monkeypatch.setenv("REPORTQA_LLM_KEY", "sk-of-an-endpoint")
    with open_model(str(file)) as model:
        assert ask(model)
        assert b"sk-of-an-endpoint" not in Path(f"/proc/{model.pid}/environ").read_bytes()


def test_closing_ends_the_process(file):
    model = open_model(str(file))
    pid = model.pid
    assert ask(model)
    model.close()
    model.close()
    assert not runs(pid) and model._child._process.returncode == 0
    with pytest.raises(ModelBroke, match="was closed"):
        ask(model)


def test_closing_in_the_middle_of_a_reply(file):
    model = open_model(str(file))
    stream = model.stream([Message("user", "hi")], max_tokens=1900, cancelled=lambda: False)
    next(stream)
    model.close()
    with pytest.raises(ModelBroke):
        list(stream)
    assert not runs(model.pid)


@pytest.mark.parametrize(
    ("sent", "said"),
    [(signal.SIGKILL, "was killed, most likely as memory ran out"), (signal.SIGSEGV, r"crashed \(exit code -11\)")],
)
def test_a_crash_is_an_error_and_the_next_reply_comes(file, sent, said):
    with open_model(str(file)) as model:
        before = ask(model)
        stream = model.stream([Message("user", "hi")], max_tokens=1900, cancelled=lambda: False)
        next(stream)
        os.kill(model.pid, sent)
        with pytest.raises(ModelBroke, match=f"engine that runs 'tiny' {said}"):
            list(stream)
        assert ask(model) == before


def test_a_crash_between_replies_is_not_noticed(file):
    with open_model(str(file)) as model:
        before, pid = ask(model), model.pid
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not runs(pid))
        assert ask(model) == before and model.pid != pid


def test_a_crash_that_is_reported_late_is_not_noticed_either(file, monkeypatch):
    with open_model(str(file)) as model:
        before, pid = ask(model), model.pid
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not runs(pid))
        monkeypatch.setattr(engine._Child, "ended", late(engine._Child.ended))
        assert ask(model) == before and model.pid != pid


def late(ended):
    """``_Child.ended`` that sees nothing on its first call."""
    calls = []

    def look(child, *wait):
        calls.append(child)
        return ended(child, *wait) if len(calls) > 1 else ""

    return look


HOLDS = """
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
from rag.llm import open_model
model = open_model(sys.argv[1])
print(model.pid, flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_the_engine_ends_with_the_process_that_started_it(file, how):
    parent = subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(file)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    with parent:
        pid = int(parent.stdout.readline())
        assert runs(pid)
        parent.send_signal(how)
        try:
            parent.wait(20)
        finally:
            parent.kill()
        wait_until(lambda: not runs(pid))


def test_a_process_that_ends_without_closing_leaves_nothing(file):
    code = HOLDS.replace("time.sleep(600)", "")
    done = subprocess.run(
        [sys.executable, "-c", code, str(file)],
        capture_output=True,
        check=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    wait_until(lambda: not runs(int(done.stdout)))


# --- files that cannot be run


def test_what_is_no_model_is_said_before_a_process_is_started(file, tmp_path, monkeypatch):
    monkeypatch.setattr(engine, "_Child", None)
    cut = tmp_path / "cut.gguf"
    cut.write_bytes(file.read_bytes()[:-5000])
    with pytest.raises(ModelMissing, match="not complete"):
        open_model(str(cut))
    text = tmp_path / "text.gguf"
    text.write_text("hello")
    with pytest.raises(ModelMissing, match="not a GGUF"):
        open_model(str(text))
    with pytest.raises(ModelMissing, match="no such file"):
        open_model(str(tmp_path / "none.gguf"))


def test_what_the_engine_refuses_is_said_in_its_words(file, tmp_path):
    strange = tmp_path / "strange.gguf"
    raw = file.read_bytes()
    strange.write_bytes(raw.replace(b"blk.1.attn_q.weight", b"blk.1.attn_Q.weight"))
    with pytest.raises(ModelError, match=f"{strange}: the engine cannot run this model: .*blk.1.attn_q.weight"):
        open_model(str(strange))


def test_an_architecture_that_the_engine_does_not_know(tmp_path):
    raw = tiny.write(tmp_path / "tiny.gguf").read_bytes()
    path = tmp_path / "new.gguf"
    path.write_bytes(
        raw.replace(b"llama.", b"zlama.").replace(b"\x05\0\0\0\0\0\0\0llama", b"\x05\0\0\0\0\0\0\0zlama", 1)
    )
    with pytest.raises(ModelError, match="zlama"):
        open_model(str(path))


def test_damage_in_the_header_never_ends_more_than_the_child(file, tmp_path):
    """A header that reads well and is wrong: whatever the engine does with it, there is an error or a reply."""
    raw = file.read_bytes()
    for old, new in [(b"llama.attention.head_count\x04", 3), (b"llama.feed_forward_length\x04", 7)]:
        at = raw.index(old) + len(old) + 3
        path = tmp_path / "wrong.gguf"
        path.write_bytes(raw[:at] + new.to_bytes(4, "little") + raw[at + 4 :])
        with pytest.raises(ModelError, match="cannot run this model"):
            open_model(str(path))


def test_too_little_memory_is_said_before_loading(file, monkeypatch):
    monkeypatch.setattr(machine, "available_memory", lambda: 1_000_000)
    monkeypatch.setattr(engine, "_Child", None)
    with pytest.raises(ModelError, match="0.0 GB are free. Close other programs"):
        open_model(str(file))


def test_a_context_asked_for_is_the_models(file):
    with open_model(str(file), context_tokens=600) as model:
        assert model.context_tokens == 600
        assert model._endpoint.found.context_tokens in (600, 768)  # the engine rounds up
        with pytest.raises(ModelOverflow):
            ask(model, "x" * 800)


def test_without_the_extra_it_is_named(file, monkeypatch):
    monkeypatch.setattr(engine, "find_spec", lambda _: None)
    with pytest.raises(ModelError, match=r"pip install 'reportqa\[llm\]'"):
        open_model(str(file))


def test_a_file_has_no_other_models(file):
    with pytest.raises(ConfigError, match="one model only"):
        open_model(str(file), "another")
