"""What other programs call: named endpoints with Gradio's client and by plain HTTP, and MCP tools."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from chat_fakes import COLOMBIA, PERU, FakeAssistant
from site_fakes import QUESTION, browser, event, site, until, write_users

from rag.errors import StoreDamaged
from ui.api.admission import Admission
from ui.guard.limits import Limits
from ui.users.access import LoginAccess
from ui.users.file import Users
from ui.web import Site


class Recording(FakeAssistant):
    """Notes with what it was asked."""

    asked: list[tuple[str, dict[str, Any]]]

    def __init__(self) -> None:
        super().__init__()
        self.asked = []

    def stream(self, question: str, **filters: Any) -> Any:
        self.asked.append((question, filters))
        return super().stream(question, **filters)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    users = tmp_path_factory.mktemp("users") / "users.toml"
    keys = write_users(users, ana=True, ben=False)
    assistant, limits = Recording(), Limits(rates={})
    with site(assistant, site=Site(access=LoginAccess(Users(users)), mcp=True), limits=limits) as address:
        yield address, keys["ben"], assistant


@pytest.fixture(scope="module")
def client(server):
    from gradio_client import Client

    address, key, _ = server
    client = Client(address, headers={"Authorization": f"Bearer {key}"}, verbose=False, analytics_enabled=False)
    yield client
    client.close()


def test_query_with_the_python_client(client):
    answer = client.predict("teachers workshop", api_name="/query")
    assert answer["status"] == "answered" and "500 teachers" in answer["text"]
    citation = answer["citations"][0]
    assert (citation["report_id"], citation["verdict"]) == ("peru", "supported")
    assert PERU.text[citation["start"] : citation["end"]] == citation["quote"]
    assert "path" not in answer["passages"][0]["report"]  # where files lie is nobody's business
    assert client.predict("unheard-of zebras", api_name="/query")["status"] == "abstained"


def test_query_with_filters_and_history(client, server):
    answer = client.predict(
        question="¿y en Nariño?",
        reports=["colombia"],
        publisher="Working group",
        since="2022-01-01",
        until="2024-12-31",
        history=[{"question": "¿Cuántos kits de higiene hubo en Cúcuta?", "answer": "3.400"}],
        api_name="/query",
    )
    assert answer["searched_for"] == "¿Cuántos kits de higiene hubo en Nariño?"
    question, filters = server[2].asked[-1]
    assert question == "¿y en Nariño?" and filters["reports"] == ("colombia",)
    assert filters["publisher"] == "Working group"
    assert (str(filters["since"]), str(filters["until"])) == ("2022-01-01", "2024-12-31")
    assert filters["history"][0].answer == "3.400"


def test_reports_with_the_python_client(client):
    reports = client.predict(api_name="/reports")
    assert [report["id"] for report in reports] == ["peru", "colombia", "strange"]
    assert reports[0] == {
        "id": "peru",
        "title": PERU.title,
        "publisher": "Working group",
        "type": "",
        "language": "en",
        "published": "2024-03-20",
        "period": None,
    }


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"question": "  "}, "The question is empty"),
        ({"question": "x" * 2_001}, "2,000 characters is the limit"),
        ({"question": "teachers", "since": "last year"}, "since: 'last year' is no date"),
        ({"question": "teachers", "history": [{"question": "x" * 20_001}]}, "20,000 characters is the limit"),
    ],
)
def test_errors_say_what_is_wrong(client, options, message):
    from gradio_client.exceptions import AppError

    with pytest.raises(AppError, match=message):
        client.predict(**options, api_name="/query")


def test_only_two_endpoints_are_there(client):
    info = client.view_api(return_format="dict", print_info=False)
    assert set(info["named_endpoints"]) == {"/query", "/reports"}
    assert info["unnamed_endpoints"] == {}
    documentation = info["named_endpoints"]["/query"]["description"]
    assert documentation.startswith("Answer a question from the reports.")


def test_query_by_plain_http(server):
    address, key, _ = server
    with browser(address, headers={"authorization": f"Bearer {key}"}) as client:
        for path, data in (
            ("call", ["teachers workshop", None, "", "", "", None]),
            ("call/v2", {"question": "teachers workshop"}),
        ):
            body = {"data": data} if path == "call" else data
            started = client.post(f"/gradio_api/{path}/query", json=body)
            assert started.status_code == 200, started.text
            result = client.get(f"/gradio_api/{path}/query/{started.json()['event_id']}").text
            lines = result.splitlines()
            answer = json.loads(lines[lines.index("event: complete") + 1].removeprefix("data: "))[0]
            assert "500 teachers" in answer["text"]


async def _mcp(address: str, key: str) -> tuple[list[Any], Any, Any, Any]:
    from mcp import ClientSession
    from mcp.client.streamable_http import streamablehttp_client

    headers = {"Authorization": f"Bearer {key}"}
    async with (
        streamablehttp_client(f"{address}/gradio_api/mcp/", headers=headers) as (receive, send, _),
        ClientSession(receive, send) as session,
    ):
        await session.initialize()
        tools = (await session.list_tools()).tools
        return (
            tools,
            await session.call_tool("query", {"question": "teachers workshop"}),
            await session.call_tool("query", {"question": ""}),
            await session.call_tool("reports", {}),
        )


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_mcp_offers_query_and_reports(server):
    address, key, _ = server
    tools, answer, refused, reports = asyncio.run(_mcp(address, key))
    assert [tool.name for tool in tools] == ["query", "reports"]
    schema = tools[0].inputSchema
    assert schema["required"] == ["question"] and "history" in schema["properties"]
    assert "up to 2,000 characters" in schema["properties"]["question"]["description"]
    assert not answer.isError and "500 teachers" in answer.content[0].text
    assert refused.isError and "The question is empty" in refused.content[0].text
    assert COLOMBIA.title in reports.content[0].text


def test_mcp_is_off_unless_asked_for():
    with site() as address, browser(address) as client:
        assert client.post("/gradio_api/mcp/", json={}).status_code == 403


def test_programs_and_pages_share_the_places():
    assistant = FakeAssistant()
    places = Admission(at_once=1, waiting=1)
    body = {"messages": [{"role": "user", "content": "teachers workshop"}]}
    with site(assistant, admission=places) as address, browser(address) as client, ThreadPoolExecutor(1) as pool:
        with places.place("page"):  # as the page holds one while it answers
            second = pool.submit(httpx.post, f"{address}/v1/chat/completions", json=body, timeout=20, trust_env=False)
            until(lambda: sum(map(len, places._queues.values())) == 1)
            refused = client.post("/v1/chat/completions", json=body)
            assert refused.status_code == 503
            assert refused.headers["retry-after"] and refused.json()["error"]["code"] == "busy"
            assert "Too many questions are waiting" in event(client, QUESTION, ["teachers workshop"])
            assert assistant.histories == []
        assert second.result().status_code == 200


def test_an_error_of_the_index_is_told():
    class Broken(FakeAssistant):
        def reports(self) -> Any:
            raise StoreDamaged("The index is damaged. Rebuild it.")

    with site(Broken()) as address, browser(address) as client:
        started = client.post("/gradio_api/call/reports", json={"data": []}).json()["event_id"]
        assert "The index is damaged" in client.get(f"/gradio_api/call/reports/{started}").text
