"""A key comes from the environment or a private file, and is never shown."""

import copy
import logging
import pickle
import traceback

import pytest

from llm.server import Drop, Refusal, overflow, serve
from rag.errors import ConfigError, ModelError
from rag.llm import open_model
from rag.llm.key import Key, read_key
from rag.schema import Message

SECRET = "sk-very-secret-7351"  # noqa: S105


def file_of(tmp_path, text, mode=0o600):
    path = tmp_path / "key"
    path.write_text(text)
    path.chmod(mode)
    return path


def test_from_the_environment():
    key = read_key({"REPORTQA_LLM_KEY": SECRET})
    assert key and key.header() == {"Authorization": f"Bearer {SECRET}"}
    assert not read_key({}) and read_key({}).header() == {}


def test_from_a_private_file(tmp_path):
    path = file_of(tmp_path, f"{SECRET}\n")
    assert read_key({"REPORTQA_LLM_KEY_FILE": str(path)}).header() == {"Authorization": f"Bearer {SECRET}"}


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o620, 0o602, 0o601, 0o777])
def test_a_file_that_others_can_use_is_refused(tmp_path, mode):
    path = file_of(tmp_path, SECRET, mode)
    with pytest.raises(ConfigError, match=f"chmod 600 {path}") as caught:
        read_key({"REPORTQA_LLM_KEY_FILE": str(path)})
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("text", ["", "\n", "two words", "clé", "a\nb", "tab\tin"])
def test_what_cannot_be_a_key_is_refused_unshown(tmp_path, text):
    path = file_of(tmp_path, text)
    with pytest.raises(ConfigError, match="no usable key") as caught:
        read_key({"REPORTQA_LLM_KEY_FILE": str(path)})
    assert not text.strip() or text not in str(caught.value)


def test_a_missing_file_and_two_sources_are_refused(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read: No such file"):
        read_key({"REPORTQA_LLM_KEY_FILE": str(tmp_path / "none")})
    with pytest.raises(ConfigError, match="unset one"):
        read_key({"REPORTQA_LLM_KEY_FILE": "x", "REPORTQA_LLM_KEY": SECRET})
    path = tmp_path / "bytes"
    path.write_bytes(b"\xff\xfe")
    path.chmod(0o600)
    with pytest.raises(ConfigError, match="no text"):
        read_key({"REPORTQA_LLM_KEY_FILE": str(path)})


def test_a_key_does_not_show_itself():
    key = Key(SECRET)
    for shown in (repr(key), str(key), f"{key}", f"{[key]}", f"{key}"):
        assert SECRET not in shown
    for write in (pickle.dumps, copy.copy):
        with pytest.raises(TypeError):
            write(key)


def test_it_is_sent_and_stands_in_no_log_error_or_record(monkeypatch, caplog, capfd):
    """At the most talkative level of every library, also where the endpoint repeats the key."""
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("REPORTQA_LLM_KEY", SECRET)
    replies = [
        "fine",
        Refusal(401, f"Incorrect API key provided: {SECRET}"),
        Refusal(500, body=f"<html>{SECRET}</html>".encode()),
        overflow(9000),
        ["half", Drop()],
        ["half", b'data: {"error": {"message": "bad key %s"}}\n\n' % SECRET.encode()],
        Refusal(302, headers={"Location": f"http://127.0.0.1:9/?key={SECRET}"}),
    ]
    shown = []
    with serve(lambda request: replies[request.number], key=SECRET) as server, open_model(server.url) as model:
        for _ in replies:
            try:
                shown += model.stream([Message("user", "hi")], max_tokens=9, cancelled=lambda: False)
            except ModelError:
                shown.append(traceback.format_exc())
        shown += [repr(model), repr(vars(model)), repr(model._chat), repr(model.found)]
    assert [request.headers["Authorization"] for request in server.requests] == [f"Bearer {SECRET}"] * len(replies)
    out, err = capfd.readouterr()
    text = "\n".join([*shown, caplog.text, out, err])
    assert "ModelRefused" in text and "bad key ***" in text
    assert SECRET not in text


def test_a_wrong_key_is_said(monkeypatch):
    with serve(lambda _: "", key=SECRET) as server:
        with pytest.raises(ModelError, match="wants a key: set REPORTQA_LLM_KEY"):
            open_model(server.url)
        monkeypatch.setenv("REPORTQA_LLM_KEY", "another")
        with pytest.raises(ModelError, match="refuses the key that was given"):
            open_model(server.url)


def test_a_key_in_the_address_is_refused():
    with pytest.raises(ConfigError, match="REPORTQA_LLM_KEY") as caught:
        open_model(f"http://user:{SECRET}@127.0.0.1:9/v1")
    assert SECRET not in str(caught.value)
