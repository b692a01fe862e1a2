"""The chat in OpenAI's form, with OpenAI's own client."""

from __future__ import annotations

import json
import threading
from typing import Any

import httpx
import openai
import pytest
from chat_fakes import FakeAssistant
from site_fakes import browser, site, write_users

from rag.errors import StoreDamaged
from rag.schema import Turn
from ui.api.messages import Reply, asked_in
from ui.api.records import sources_of, without_sources
from ui.guard.limits import Limits
from ui.users.access import LoginAccess
from ui.users.file import Users
from ui.web import Site

QUESTION = [{"role": "user", "content": "teachers workshop"}]


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    users = tmp_path_factory.mktemp("users") / "users.toml"
    keys = write_users(users, ana=False)
    assistant = FakeAssistant()
    with site(assistant, site=Site(access=LoginAccess(Users(users))), limits=Limits(rates={})) as address:
        yield address, keys["ana"], assistant


@pytest.fixture
def client(served):
    with openai.OpenAI(base_url=f"{served[0]}/v1", api_key=served[1], max_retries=0) as client:
        yield client


def test_models(client):
    assert [model.id for model in client.models.list()] == ["reportqa"]
    assert client.models.retrieve("reportqa").owned_by == "reportqa"
    with pytest.raises(openai.NotFoundError, match="no model 'gpt'"):
        client.models.retrieve("gpt")


def test_an_answer_has_its_sources_as_text_and_as_data(client):
    completion = client.chat.completions.create(model="reportqa", messages=QUESTION)
    text = completion.choices[0].message.content
    body, _, sources = text.partition("\n\nSources:\n")
    assert body.startswith("Partners organized a workshop for 500 teachers") and body.endswith("[1]")
    assert sources.startswith(
        "[1] Refugee and Migrant Response in Peru: January to February 2024, Sectoral response › "
    )
    assert "2024-03-20" in sources and "“Partners organized" in sources and sources.endswith("(supported)")
    assert completion.choices[0].finish_reason == "stop"
    assert completion.citations[0]["report_id"] == "peru"
    assert completion.reportqa["status"] == "answered"
    assert "path" not in completion.reportqa["passages"][0]["report"]


def test_a_stream_says_the_same_in_pieces(client):
    whole = client.chat.completions.create(model="reportqa", messages=QUESTION)
    chunks = list(client.chat.completions.create(model="reportqa", messages=QUESTION, stream=True))
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == whole.choices[0].message.content
    assert chunks[0].choices[0].delta.role == "assistant"
    assert [chunk.choices[0].finish_reason for chunk in chunks][-2:] == [None, "stop"]
    assert chunks[-1].citations == whole.citations and chunks[-1].usage is None
    assert len({chunk.id for chunk in chunks}) == 1


def test_a_stream_ends_with_done(served):
    with browser(served[0], headers={"authorization": f"Bearer {served[1]}"}) as client:
        response = client.post("/v1/chat/completions", json={"messages": QUESTION, "stream": True})
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.text.endswith("\n\ndata: [DONE]\n\n")


def test_an_abstention_has_no_sources(client):
    completion = client.chat.completions.create(model="reportqa", messages=[{"role": "user", "content": "zebras"}])
    assert completion.choices[0].message.content == "The reports do not say."
    assert completion.citations == [] and completion.reportqa["status"] == "abstained"


def test_earlier_messages_are_history_without_their_sources(client, served):
    first = client.chat.completions.create(
        model="reportqa", messages=[{"role": "user", "content": "¿Cuántos kits de higiene hubo en Cúcuta?"}]
    )
    said = first.choices[0].message.content
    assert "\n\nFuentes:\n[1]" in said
    client.chat.completions.create(
        model="reportqa",
        messages=[
            {"role": "system", "content": "You are a pirate."},
            {"role": "user", "content": "¿Cuántos kits de higiene hubo en Cúcuta?"},
            {"role": "assistant", "content": said},
            {"role": "user", "content": [{"type": "text", "text": "¿y en Nariño?"}, {"type": "image_url"}]},
        ],
    )
    (turn,) = served[2].histories[-1]
    assert turn.question == "¿Cuántos kits de higiene hubo en Cúcuta?"
    assert turn.answer == said.partition("\n\nFuentes:")[0]


@pytest.mark.parametrize(
    ("messages", "message"),
    [
        ([], "no message of the role user"),
        ([{"role": "system", "content": "x"}], "no message of the role user"),
        ([{"role": "user", "content": " "}], "The question is empty"),
        ([{"role": "user", "content": "x" * 2_001}], "2,000 characters is the limit"),
        ([{"role": "user"}], "one has no content"),
        (["x"], "one has no role"),
        ([{"role": "user", "content": 5}], "content must be a text"),
    ],
)
def test_wrong_messages_are_told_in_openais_form(client, messages, message):
    with pytest.raises(openai.BadRequestError, match=message) as caught:
        client.chat.completions.create(model="reportqa", messages=messages)
    assert caught.value.body["type"] == "invalid_request_error"
    with pytest.raises(openai.BadRequestError, match=message):
        client.chat.completions.create(model="reportqa", messages=messages, stream=True)


def test_unknown_model_wrong_key_and_no_json(client, served):
    with pytest.raises(openai.NotFoundError, match="There is no model 'gpt-9'") as caught:
        client.chat.completions.create(model="gpt-9", messages=QUESTION)
    assert caught.value.code == "model_not_found"
    other = client.with_options(api_key="rqa-wrong")
    with pytest.raises(openai.AuthenticationError, match="Log in first"):
        other.models.list()
    with browser(served[0], headers={"authorization": f"Bearer {served[1]}"}) as plain:
        for body in (b"", b"[]", b"{", b"[" * 50_000):
            response = plain.post("/v1/chat/completions", content=body)
            assert response.status_code == 400 and response.json()["error"]["message"]


def test_what_fails_is_told_or_logged(caplog):
    class Broken(FakeAssistant):
        def stream(self, question: str, **filters: Any) -> Any:
            if "damaged" in question:
                raise StoreDamaged("The index is damaged. Rebuild it.")
            raise ZeroDivisionError("secret detail")

    with site(Broken()) as address, browser(address) as client:
        for stream in (False, True):
            body = {"messages": [{"role": "user", "content": "damaged?"}], "stream": stream}
            response = client.post("/v1/chat/completions", json=body)
            assert response.status_code == 400 and "damaged" in response.json()["error"]["message"]
            body = {"messages": [{"role": "user", "content": "anything"}], "stream": stream}
            response = client.post("/v1/chat/completions", json=body)
            assert response.status_code == 500 and "secret" not in response.text
    assert caplog.text.count("ZeroDivisionError: secret detail") == 2


class Endless(FakeAssistant):
    """Writes until it is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.closed = threading.Event()

    def stream(self, question: str, **filters: Any) -> Any:
        try:
            while not self.closed.wait(0.01):
                yield "word "
        finally:
            self.closed.set()


@pytest.mark.parametrize("stream", [True, False])
def test_a_client_that_leaves_stops_the_answer(stream):
    assistant = Endless()
    with site(assistant) as address, browser(address) as client:
        body = {"messages": QUESTION, "stream": stream}
        if stream:
            with client.stream("POST", "/v1/chat/completions", json=body) as response:
                next(response.iter_lines())
        else:
            with pytest.raises(httpx.ReadTimeout):
                client.post("/v1/chat/completions", json=body, timeout=1)
        assert assistant.closed.wait(10)


def test_what_is_not_checked_is_never_sent():
    class Writing(FakeAssistant):
        def stream(self, question: str, **filters: Any) -> Any:
            yield "Nine hundred teachers."
            yield self.query(question, **filters)

    with site(Writing()) as address, browser(address) as client:
        response = client.post("/v1/chat/completions", json={"messages": QUESTION, "stream": True})
    assert "Nine hundred" not in response.text and "500 teachers" in response.text


def test_messages_to_a_question():
    asked = asked_in(
        [
            {"role": "user", "content": "unanswered"},
            {"role": "user", "content": "first"},
            {"role": "assistant", "content": "one\n\nSources:\n[1] x"},
            {"role": "tool", "content": "x"},
            {"role": "user", "content": [{"type": "text", "text": "second"}, {"type": "text", "text": "part"}]},
            {"role": "assistant", "content": None},
        ]
    )
    assert asked.question == "second\npart"
    assert asked.history == (Turn("first", "one"),)


def test_sources_go_on_and_off():
    answer = FakeAssistant().query("¿Cuántos kits de higiene hubo en Cúcuta?")
    text = Reply("¿Cuántos kits de higiene hubo en Cúcuta?", "reportqa").text(answer)
    assert sources_of(answer, "¿Cuántos kits?") in text
    assert without_sources(text) == answer.text
    json.dumps(Reply("x", "reportqa").whole(answer))
