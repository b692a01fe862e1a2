"""An endpoint's replies and faults: what is yielded, which error is raised, what is tried again."""

import json
import os
import socket
import subprocess
import sys
import threading
import time

import pytest
from conftest import ROOT

from llm.server import Drop, End, Refusal, Thought, Wait, in_pieces, overflow, serve
from rag.errors import (
    ConfigError,
    ModelBroke,
    ModelMissing,
    ModelOverflow,
    ModelRefused,
    ModelTimeout,
)
from rag.llm import Patience, open_model
from rag.schema import Message

IMPATIENT = Patience(first_token_s=0.4, next_token_s=0.4, loading_s=0.4)
LONG = 30.0  # seconds that no test waits for
TEXT = "Más de 7.000 niños recibieron mantas 🧣 [k1]. Partners reached 4,980 people [k2, k3]."


def ask(model, prompt="hi", *, max_tokens=50, cancelled=lambda: False):
    return list(
        model.stream([Message("system", "s"), Message("user", prompt)], max_tokens=max_tokens, cancelled=cancelled)
    )


# --- replies


@pytest.mark.parametrize("size", [1, 3, 7, 1000])
def test_a_reply_comes_in_the_pieces_that_were_sent(size):
    with serve(lambda _: in_pieces(TEXT, size)) as server, open_model(server.url) as model:
        assert ask(model) == in_pieces(TEXT, size)


def test_what_is_sent():
    with serve(lambda request: request.prompt) as server, open_model(server.url) as model:
        assert ask(model, "¿Cuántos?", max_tokens=123) == ["¿Cuántos?"]
    (request,) = server.requests
    assert request.messages == [{"role": "system", "content": "s"}, {"role": "user", "content": "¿Cuántos?"}]
    assert request.body["max_tokens"] == 123 and request.body["stream"] is True and request.body["temperature"] == 0
    assert request.body["model"] == model.name == "scripted"


def test_a_character_may_be_cut_between_two_packets():
    raw = f"data: {json.dumps({'choices': [{'index': 0, 'delta': {'content': 'ñ'}}]}, ensure_ascii=False)}\n\n".encode()
    at = raw.index("ñ".encode()) + 1
    with serve(lambda _: ["a", raw[:at], Wait(0.05), raw[at:]]) as server, open_model(server.url) as model:
        assert ask(model) == ["a", "ñ"]


def test_thoughts_are_left_out_and_are_a_sign_of_life():
    script = [step for number in range(8) for step in (Thought(f"hm {number}"), Wait(0.1))]
    with serve(lambda _: [*script, "yes"]) as server, open_model(server.url, patience=Patience(0.4, 0.4)) as model:
        assert ask(model) == ["yes"]


def test_an_empty_reply_is_empty():
    with serve(lambda _: [""]) as server, open_model(server.url) as model:
        assert ask(model) == []


def test_a_reply_cut_at_its_most_tokens_is_one():
    with serve(lambda _: ["so far", End("length")]) as server, open_model(server.url) as model:
        assert ask(model) == ["so far"]


def test_several_at_once_keep_to_themselves():
    with serve(lambda request: in_pieces(request.prompt * 20, 4)) as server, open_model(server.url) as model:
        found = {}
        threads = [
            threading.Thread(target=lambda n=n: found.update({n: "".join(ask(model, f"<{n}>"))})) for n in range(12)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == {n: f"<{n}>" * 20 for n in range(12)}


# --- faults

FAULTS = {
    "dropped in the middle": (["half", Drop()], ModelBroke, "broke the connection off"),
    "dropped at once": ([Drop()], ModelBroke, "broke the connection off"),
    "ended in the middle": (["half", Drop(quietly=True)], ModelBroke, "ended the reply in the middle"),
    "ended without a reason": (["half", End("")], ModelBroke, "ended the reply in the middle"),
    "nothing at all": ([Drop(quietly=True)], ModelBroke, "sent no reply"),
    "bad UTF-8": (["half", b"data: \xff\xfe\n\n"], ModelBroke, "no UTF-8"),
    "bad JSON": (["half", b"data: {nope\n\n"], ModelBroke, "JSONDecodeError"),
    "another protocol": (Refusal(200, body=b"<html>hello</html>"), ModelBroke, r"end in /v1\?"),
    "JSON that is no chunk": (["half", b"data: 7\n\n"], ModelBroke, "OpenAI-compatible"),
    "error in the middle": (["half", b'data: {"error": {"message": "boom"}}\n\n'], ModelBroke, "boom"),
    "silent at first": ([Wait(LONG), "late"], ModelTimeout, r"sent nothing for 0.4 s"),
    "silent in the middle": (["half", Wait(LONG), "late"], ModelTimeout, r"stopped sending for 0.4 s"),
    "400": (Refusal(400, "bad parameter"), ModelRefused, "HTTP 400: bad parameter"),
    "401": (Refusal(401), ModelRefused, "wants a key"),
    "403": (Refusal(403), ModelRefused, "wants a key"),
    "404": (Refusal(404, "no route"), ModelRefused, r"end in /v1\?"),
    "404, the model": (Refusal(404, "model 'scripted' not found"), ModelMissing, "has no model 'scripted'"),
    "429": (Refusal(429, "slow down"), ModelRefused, "HTTP 429: slow down"),
    "500": (Refusal(500, "boom"), ModelRefused, "HTTP 500: boom"),
    "502, as a page": (Refusal(502, body=b"<h1>Bad Gateway</h1>"), ModelRefused, "HTTP 502: Bad Gateway"),
    "503 and stays so": (Refusal(503, "Loading model"), ModelTimeout, "sent nothing"),
    "redirect": (Refusal(307, headers={"Location": "http://example.org/"}), ModelRefused, "sends on to http://example.org/"),
    "overflow, llama.cpp": (overflow(9000), ModelOverflow, "9000 tokens.*--llm-context"),
    "overflow, vLLM": (
        Refusal(400, "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens"),
        ModelOverflow,
        "4096",
    ),
    "overflow, OpenAI": (
        Refusal(400, body={"error": {"message": "Too many", "code": "context_length_exceeded"}}),
        ModelOverflow,
        "Too many",
    ),
    "overflow, Ollama": (Refusal(400, "the input length exceeds the context length"), ModelOverflow, "input length"),
    "overflow, LM Studio": (
        ["", b'data: {"error": {"message": "The number of tokens to keep is greater than the context length"}}\n\n'],
        ModelOverflow,
        "greater than",
    ),
    "overflow in the middle": (
        ["half", b'data: {"error": {"message": "Context size has been exceeded."}}\n\n'],
        ModelOverflow,
        "exceeded",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("script", "kind", "said"), FAULTS.values(), ids=FAULTS)
def test_every_fault_has_its_error(script, kind, said):
    with serve(lambda _: script) as server, open_model(server.url, patience=IMPATIENT) as model:
        got = []
        with pytest.raises(kind, match=said) as caught:
            for piece in model.stream([Message("user", "hi")], max_tokens=9, cancelled=lambda: False):
                got.append(piece)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 600
    assert got == (["half"] if isinstance(script, list) and script[0] == "half" else [])


def test_what_came_before_a_fault_was_given():
    with serve(lambda _: ["one ", "two ", Drop()]) as server, open_model(server.url) as model:
        stream = model.stream([Message("user", "hi")], max_tokens=9, cancelled=lambda: False)
        assert [next(stream), next(stream)] == ["one ", "two "]
        with pytest.raises(ModelBroke):
            next(stream)


def test_a_fault_leaves_the_model_usable():
    with serve(lambda request: [Drop()] if request.number == 0 else "again") as server, open_model(server.url) as model:
        with pytest.raises(ModelBroke):
            ask(model)
        assert ask(model) == ["again"]


def test_what_an_endpoint_says_is_cut_and_made_plain():
    refusal = Refusal(500, "\x1b[31mred\n" + "x" * 5000)
    with serve(lambda _: refusal) as server, open_model(server.url) as model, pytest.raises(ModelRefused) as caught:
        ask(model)
    assert "\x1b" not in str(caught.value) and len(str(caught.value)) < 400


# --- cancel


def wait_until(true):
    deadline = time.monotonic() + 10
    while not true() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert true()


@pytest.mark.parametrize(
    "script", [[Wait(LONG), "late"], ["one", Wait(LONG), "late"]], ids=["at first", "in the middle"]
)
def test_cancelling_ends_the_reply_and_the_server_notices(script):
    cancel = threading.Event()
    with serve(lambda _: script) as server, open_model(server.url) as model:
        threading.Timer(0.2, cancel.set).start()
        assert ask(model, cancelled=cancel.is_set) == [one for one in script if one == "one"]
        wait_until(lambda: server.broken_off == 1)


def test_closing_the_iterator_breaks_off():
    with serve(lambda _: ["one", Wait(LONG)]) as server, open_model(server.url) as model:
        stream = model.stream([Message("user", "hi")], max_tokens=9, cancelled=lambda: False)
        assert next(stream) == "one"
        stream.close()
        wait_until(lambda: server.broken_off == 1)


def test_what_was_cancelled_before_is_not_asked():
    with serve(lambda _: "x") as server, open_model(server.url) as model:
        assert ask(model, cancelled=lambda: True) == []
    assert not server.requests


def test_closing_the_model_ends_a_reply_under_way():
    with serve(lambda _: ["one", Wait(LONG)]) as server:
        model = open_model(server.url)
        stream = model.stream([Message("user", "hi")], max_tokens=9, cancelled=lambda: False)
        assert next(stream) == "one"
        model.close()
        model.close()
        with pytest.raises(ModelBroke, match="was closed"):
            next(stream)
        with pytest.raises(ModelBroke, match="was closed"):
            ask(model)


# --- trying again


def test_a_model_that_is_being_loaded_is_waited_for():
    script = [Refusal(503, "Loading model"), Refusal(503, "Loading model"), "ready"]
    with serve(lambda request: script[request.number]) as server, open_model(server.url) as model:
        assert ask(model) == ["ready"]
    assert len(server.requests) == 3


def test_nothing_is_tried_again_once_a_piece_has_come():
    with serve(lambda _: ["half", Drop()]) as server, open_model(server.url) as model, pytest.raises(ModelBroke):
        ask(model)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "refusal", [Refusal(500), Refusal(429), Refusal(400), overflow(9000)], ids=lambda r: str(r.status)
)
def test_what_would_not_help_is_not_tried_again(refusal):
    with (
        serve(lambda _: refusal) as server,
        open_model(server.url) as model,
        pytest.raises((ModelRefused, ModelOverflow)),
    ):
        ask(model)
    assert len(server.requests) == 1


def test_a_server_that_is_being_started_again_is_found():
    with serve(lambda _: "first") as server:
        model = open_model(server.url)
        port = int(server.url.split(":")[2].split("/")[0])
    with model:
        with pytest.raises(ModelMissing, match="Nothing answers"):
            ask(model)
        started = threading.Event()

        def start():
            time.sleep(0.1)
            with serve(lambda _: "second", port=port):
                started.wait(10)

        thread = threading.Thread(target=start)
        thread.start()
        try:
            assert ask(model) == ["second"]
        finally:
            started.set()
            thread.join()


# --- opening


def free_port():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]


def test_nothing_listens():
    with pytest.raises(ModelMissing, match="Nothing answers at http://127.0.0.1:.*Start the server"):
        open_model(f"http://127.0.0.1:{free_port()}/v1")


@pytest.mark.parametrize(
    "spec",
    [
        "ftp://x/v1",
        "http://",
        "127.0.0.1:11434",
        "model.bin",
        "http://h/v1?key=a",
        "http://h/v1#x",
        "",
    ],
)
def test_what_is_no_address_is_refused(spec):
    with pytest.raises(ConfigError):
        open_model(spec)


def test_v1_is_added_and_a_slash_taken_away():
    with serve(lambda _: "yes") as server:
        for url in (server.url.removesuffix("/v1"), server.url.removesuffix("v1"), f"{server.url}/"):
            with open_model(url) as model:
                assert model.url == server.url and ask(model) == ["yes"]


def test_the_models_are_named():
    with serve(lambda _: "", models=("a", "b", "qwen3:latest")) as server:
        with pytest.raises(ModelMissing, match="no model 'c'. It has: a, b, qwen3:latest"):
            open_model(server.url, "c")
        with pytest.raises(ModelMissing, match="Name one with --model: a, b, qwen3:latest"):
            open_model(server.url)
        with open_model(server.url, "b") as model:
            assert model.name == "b"
        with open_model(server.url, "qwen3") as model:
            assert model.name == "qwen3:latest"


def test_an_endpoint_without_a_list_needs_a_name():
    with serve(lambda _: "yes", pages={"GET /v1/models": Refusal(404)}) as server:
        with pytest.raises(ModelMissing, match="--model"):
            open_model(server.url)
        with open_model(server.url, "any") as model:
            assert (ask(model), model.found.models) == (["yes"], ())


@pytest.mark.parametrize("page", [b"<html>", b"[]", {"data": 5}, {"data": [{"name": "x"}]}, {}])
def test_another_kind_of_server_is_said(page):
    with (
        serve(
            lambda _: "",
            pages={"GET /v1/models": lambda _: page if isinstance(page, dict) else Refusal(200, body=page)},
        ) as server,
        pytest.raises(ModelBroke, match="OpenAI-compatible"),
    ):
        open_model(server.url)


# --- context and counting

OLLAMA = {"model_info": {"general.architecture": "qwen3", "qwen3.context_length": 262144}, "parameters": ""}
CONTEXTS = {
    "vLLM": ({"max_model_len": 8192, "owned_by": "vllm"}, {}, 8192, "vLLM"),
    "llama.cpp": (
        {"meta": {"n_ctx_train": 32768}},
        {"GET /props": {"default_generation_settings": {"n_ctx": 2048}}},
        2048,
        "llama.cpp",
    ),
    "llama.cpp, not in /props": (
        {"meta": {"n_ctx": 1024}},
        {"GET /props": {"default_generation_settings": {}}},
        1024,
        "llama.cpp",
    ),
    "Ollama, not loaded": ({}, {"POST /api/show": OLLAMA}, 4096, "Ollama"),
    "Ollama, num_ctx": (
        {},
        {"POST /api/show": {**OLLAMA, "parameters": 'stop "x"\nnum_ctx      16384'}},
        16384,
        "Ollama",
    ),
    "Ollama, loaded": (
        {},
        {"POST /api/show": OLLAMA, "GET /api/ps": {"models": [{"model": "scripted", "context_length": 32768}]}},
        32768,
        "Ollama",
    ),
    "Ollama, another one loaded": (
        {},
        {"POST /api/show": OLLAMA, "GET /api/ps": {"models": [{"model": "other", "context_length": 32768}]}},
        4096,
        "Ollama",
    ),
    "Ollama, a small model": ({}, {"POST /api/show": {"model_info": {"x.context_length": 2048}}}, 2048, "Ollama"),
    "LM Studio": (
        {},
        {"GET /api/v0/models": {"data": [{"id": "scripted", "loaded_context_length": 6000}]}},
        6000,
        "LM Studio",
    ),
    "LM Studio, not loaded": (
        {},
        {"GET /api/v0/models": {"data": [{"id": "scripted", "max_context_length": 99000}]}},
        4096,
        "LM Studio",
    ),
    "unknown": ({}, {}, 4096, ""),
    "odd answers": ({"max_model_len": "many"}, {"GET /props": [1], "POST /api/show": {"model_info": 3}}, 4096, ""),
}  # fmt: skip


@pytest.mark.parametrize(("entry", "pages", "context", "server_kind"), CONTEXTS.values(), ids=CONTEXTS)
def test_the_context_is_the_endpoints_own(entry, pages, context, server_kind):
    with serve(lambda _: "", entry=entry, pages=pages) as server, open_model(server.url) as model:
        assert (model.context_tokens, model.found.server) == (context, server_kind)
        assert model.found.context_from


def test_the_context_can_be_overruled():
    with serve(lambda _: "") as server:
        with open_model(server.url, context_tokens=1000) as model:
            assert model.context_tokens == 1000
        with pytest.raises(ConfigError, match="at least 512"):
            open_model(server.url, context_tokens=100)


def test_tokens_are_counted_where_the_engine_does():
    pages = {
        "GET /props": {"default_generation_settings": {"n_ctx": 2048}},
        "POST /tokenize": lambda body: {"tokens": list(body["content"].encode())},
    }
    with serve(lambda _: "", entry={}, pages=pages) as server, open_model(server.url) as model:
        assert model.count_tokens("niños") == 6
        assert model.count_tokens("niños") == 6
    assert server.paths.count("POST /tokenize") == 1  # the second time it is remembered
    vllm = {"POST /tokenize": lambda body: {"count": len(body["prompt"]), "model": body["model"]}}
    entry = {"owned_by": "vllm", "max_model_len": 4096}
    with serve(lambda _: "", entry=entry, pages=vllm) as server, open_model(server.url) as model:
        assert model.count_tokens("niños") == 5


@pytest.mark.parametrize("page", [Refusal(500), {"tokens": 7}, {}, Refusal(200, body=b"no JSON")])
def test_tokens_are_estimated_where_counting_fails(page):
    pages = {"GET /props": {"default_generation_settings": {"n_ctx": 2048}}, "POST /tokenize": lambda _: page}
    with serve(lambda _: "", entry={}, pages=pages) as server, open_model(server.url) as model:
        assert 3 <= model.count_tokens("one two three") <= 20


def test_thinking_is_turned_off_where_that_is_known():
    llama = {"GET /props": {"default_generation_settings": {"n_ctx": 2048}}}
    with serve(lambda _: "x", entry={}, pages=llama) as server, open_model(server.url) as model:
        ask(model)
    assert server.requests[0].body["chat_template_kwargs"] == {"enable_thinking": False}
    with serve(lambda _: "x", entry={}, pages={"POST /api/show": OLLAMA}) as server, open_model(server.url) as model:
        ask(model)
    assert server.requests[0].body["reasoning_effort"] == "none"
    with serve(lambda _: "x") as server, open_model(server.url) as model:
        ask(model)
    assert not {"reasoning_effort", "chat_template_kwargs"} & set(server.requests[0].body)


# --- nowhere else


def test_a_redirect_is_not_followed():
    with serve(lambda _: "elsewhere") as other:
        moved = Refusal(307, headers={"Location": f"{other.url}/chat/completions"})
        with serve(lambda _: moved) as server, open_model(server.url) as model, pytest.raises(ModelRefused):
            ask(model)
        to_list = {"GET /v1/models": Refusal(302, headers={"Location": f"{other.url}/models"})}
        with serve(lambda _: "", pages=to_list) as server, pytest.raises(ModelRefused, match="was not named"):
            open_model(server.url)
    assert other.paths == []


HOSTILE = {
    "OPENAI_API_KEY": "sk-of-another-service",
    "OPENAI_ORG_ID": "an-organisation",
    "OPENAI_PROJECT_ID": "a-project",
    "OPENAI_BASE_URL": "http://127.0.0.1:9/v1",
    "OPENAI_API_BASE": "http://127.0.0.1:9/v1",
    "OPENAI_CUSTOM_HEADERS": "X-Leak: yes",
}


def test_what_the_environment_holds_for_others_is_not_sent(monkeypatch):
    for name, value in HOSTILE.items():
        monkeypatch.setenv(name, value)
    with serve(lambda _: "yes") as server, open_model(server.url) as model:
        assert ask(model) == ["yes"]
    (request,) = server.requests
    assert {name.lower() for name in request.headers} <= {
        "host", "accept", "accept-encoding", "connection", "content-type", "content-length", "user-agent",
    }  # fmt: skip


ASKS = """
import socket, sys
places, connect = set(), socket.socket.connect
def note(event, args):
    if event in ("socket.connect", "socket.sendto"):
        places.add(str(args[1]))
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        places.add(f"look-up {args[0]}")
sys.addaudithook(note)
from rag.llm import open_model
from rag.schema import Message
with open_model(sys.argv[1]) as model:
    model.count_tokens("some text")
    print(list(model.stream([Message("user", "hi")], max_tokens=9, cancelled=lambda: False)))
print(sorted(places))
"""


def test_only_the_endpoint_named_is_contacted():
    """In a process of its own, with proxies for everything and the libraries' telemetry as they come."""
    with serve(lambda _: "yes") as server:
        port = int(server.url.split(":")[2].split("/")[0])
        proxy = f"http://127.0.0.1:{free_port()}"
        proxies = {name: proxy for one in ("http", "https", "all") for name in (f"{one}_proxy", f"{one.upper()}_PROXY")}
        done = subprocess.run(
            [sys.executable, "-c", ASKS, server.url],
            env={**os.environ, **HOSTILE, **proxies, "NO_PROXY": "", "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
    assert done.returncode == 0, done.stderr
    said, places = done.stdout.splitlines()
    assert said == "['yes']"
    assert set(eval(places)) <= {f"('127.0.0.1', {port})", "look-up 127.0.0.1"}  # noqa: S307
