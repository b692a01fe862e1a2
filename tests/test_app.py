"""The served page: its handlers, its headers, what it refuses, how it starts and stops."""

from __future__ import annotations

import argparse
import ipaddress
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from chat_fakes import COLOMBIA, PERU, FakeAssistant, serving

from rag.errors import ConfigError, StoreDamaged, StoreMissing
from ui import cli, serve
from ui.guard import Guard, is_loopback, is_needed
from ui.page import ChatPage

ROOT = Path(__file__).parents[1]
FILE_FETCHES = [
    "/gradio_api/file=http://example.com/x",
    "/gradio_api/file=https://example.com/x",
    "/gradio_api/file=HTTPS://example.com/x",
    "/gradio_api/file=https%3A%2F%2Fexample.com%2Fx",
    "/gradio_api/file%3Dhttps://example.com/x",
    "/gradio_api/%66ile=%68ttps://example.com/x",
    "/gradio_api/file/https://example.com/x",
    "/gradio_api/proxy=https://example.com/x",
    "/gradio_api//file=https://example.com/x",
    "/file=https://example.com/x",
    "/file/https://example.com/x",
]

outbound: list[str] = []


def _watch(event: str, args: tuple) -> None:
    """Notes every attempt of this process to reach another machine or to look one up by name."""
    if event == "socket.connect" and isinstance(args[1], tuple) and not is_loopback(args[1][0]):
        outbound.append(str(args[1]))
    elif event == "socket.getaddrinfo" and args[0] is not None:
        host = args[0].decode() if isinstance(args[0], bytes) else args[0]
        if not (is_loopback(host) or re.fullmatch(r"[\d.]+|[\da-fA-F:]+", host)):
            outbound.append(host)


@pytest.fixture(scope="module")
def client():
    sys.addaudithook(_watch)
    with serving(FakeAssistant()) as address, httpx.Client(base_url=address, trust_env=False) as client:
        yield client
    assert outbound == []


def assert_guarded(response: httpx.Response) -> None:
    policy = dict(rule.split(" ", 1) for rule in response.headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'self'"
    assert policy["img-src"] == "'self' data:"
    assert policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert "'unsafe-inline'" not in policy["script-src"]
    assert "http" not in response.headers["content-security-policy"]
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("path", ["/", "/config", "/theme.css", "/favicon.ico", "/gradio_api/info", "/nowhere"])
def test_every_response_carries_the_headers(client, path):
    response = client.get(path)
    assert response.status_code == (403 if path == "/nowhere" else 200)
    assert_guarded(response)


def test_page_names_no_outside_host(client):
    page = client.get("/")
    hosts = set(re.findall(r"https?://([^/\"'\s\\]+)", page.text + client.get("/config").text))
    assert hosts <= {client.base_url.netloc.decode()}
    assert "url(http" not in client.get("/theme.css").text
    assert int(page.headers["content-length"]) == len(page.content)


def test_page_has_no_public_endpoints_and_no_telemetry(client):
    assert client.get("/gradio_api/info").json()["named_endpoints"] == {}
    assert client.get("/config").json()["analytics_enabled"] is False


@pytest.mark.parametrize("path", FILE_FETCHES)
def test_fetching_through_the_server_is_refused(client, path):
    response = client.get(path)
    assert response.status_code == 403
    assert_guarded(response)


@pytest.mark.parametrize("path", ["/gradio_api/upload", "/gradio_api/vibe-edit", "/login", "/monitoring/summary"])
def test_what_the_page_does_not_need_is_refused(client, path):
    assert client.post(path, json={}).status_code == 403


def test_paths_cannot_climb_out_of_the_folders():
    assert is_needed("/assets/index.js")
    assert not is_needed("/assets/../gradio_api/file=https://example.com")


OTHER_SITES = [
    {"host": "evil.example"},
    {"host": "127.0.0.1.evil.example"},
    {"host": ""},
    {"host": "localhost@evil.example"},
    {"host": "[evil"},
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": "http://127.0.0.1:1"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
]


@pytest.mark.parametrize("headers", OTHER_SITES, ids=str)
def test_requests_of_other_sites_are_refused(client, headers):
    response = client.post("/gradio_api/queue/join", json={}, headers=headers)
    assert response.status_code == 403
    assert_guarded(response)


@pytest.mark.parametrize("headers", OTHER_SITES[:8], ids=str)
def test_reading_is_refused_as_well(client, headers):
    assert client.get("/config", headers=headers).status_code == 403


def test_requests_of_the_page_pass(client):
    port = client.base_url.port
    for name in ("127.0.0.1", "localhost", "[::1]"):
        headers = {
            "host": f"{name}:{port}",
            "origin": f"http://{name}:{port}",
            "sec-fetch-site": "same-origin",
        }
        assert client.post("/gradio_api/queue/join", json={}, headers=headers).status_code == 422


def test_forwarded_headers_do_not_change_addresses(client):
    config = client.get("/config", headers={"x-forwarded-host": "evil.example", "x-forwarded-proto": "https"})
    assert "evil.example" not in config.text


def test_names_of_a_server_open_to_the_network():
    everywhere, one = Guard(None, "0.0.0.0"), Guard(None, "reports.example")
    assert everywhere._is_own_name("192.0.2.7:7860")
    assert everywhere._is_own_name(f"{socket.gethostname()}:7860")
    assert not everywhere._is_own_name("evil.example:7860")
    assert one._is_own_name("Reports.example:7860")
    assert not one._is_own_name("192.0.2.7:7860")


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("[::1]", True), ("localhost", True)]
    + [
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.1.5", False),
        ("localhost.evil.example", False),
        ("", False),
    ],
)
def test_is_loopback(host, loopback):
    assert is_loopback(host) is loopback


class Broken(FakeAssistant):
    """Fails as its index would."""

    def __init__(self, error):
        super().__init__()
        self._error = error

    def reports(self):
        raise self._error

    def query(self, question, **filters):
        raise self._error


def test_opening_counts_the_reports():
    notice, choices = ChatPage(FakeAssistant()).opening()
    assert "3 reports" in notice
    assert (PERU.title, PERU.id) in choices


def test_opening_tells_equal_titles_apart():
    class Twins(FakeAssistant):
        def reports(self):
            return [COLOMBIA, COLOMBIA]

    assert ChatPage(Twins()).opening()[1][0] == (f"{COLOMBIA.title} (colombia)", "colombia")


def test_opening_of_an_empty_or_missing_index():
    assert "holds no reports" in ChatPage(FakeAssistant([])).opening()[0]
    notice, choices = ChatPage(Broken(StoreMissing("No index in x. Build one."))).opening()
    assert "No index in x. Build one." in notice
    assert choices == []


def test_turns_accumulate_and_pending_gives_way():
    chat = ChatPage(FakeAssistant())
    first = chat.answered("teachers workshop", [], [])
    pending = chat.pending("medical consultations", [], first)
    both = chat.answered("medical consultations", [], first)
    assert pending[0] == both[0] == first[0]
    assert "rq-pending" in pending[1].html
    assert "3,021 people" in both[1].html
    assert 'id="a2-c1"' in both[1].html


def test_a_follow_up_is_asked_with_its_history_and_shows_what_was_searched_for():
    assistant = FakeAssistant()
    chat = ChatPage(assistant)
    shown = chat.answered("¿Cuántos kits de higiene distribuyeron los socios en Cúcuta?", [], [])
    shown = chat.answered("¿y en Nariño?", [], shown)
    assert assistant.histories == [(), (shown[0].turn,)]
    assert "Se buscó: ¿Cuántos kits de higiene distribuyeron los socios en Nariño?</p>" in shown[1].html
    assert "Se buscó" not in shown[0].html


def test_a_question_without_an_answer_is_no_history():
    assistant = FakeAssistant()
    shown = ChatPage(Broken(StoreDamaged("The index is damaged."))).answered("teachers workshop", [], [])
    assert shown[0].turn is None
    ChatPage(assistant).answered("medical consultations", [], shown)
    assert assistant.histories == [()]


def test_a_word_that_tells_no_language_goes_on_in_that_of_the_question_before():
    shown = ChatPage(FakeAssistant()).answered("¿Cuántos kits hubo en Cúcuta?", [], [])
    assert 'lang="es"' in ChatPage(FakeAssistant()).answered("Nariño?", [], shown)[1].html


def test_chosen_reports_restrict_the_search_and_are_named():
    turn = ChatPage(FakeAssistant()).answered("teachers workshop", ["colombia"], [])[0].html
    assert "Only in: Respuesta a refugiados" in turn
    assert "rq-abstained" in turn


def test_error_is_one_line():
    turn = ChatPage(Broken(StoreDamaged("The index is damaged.\nRebuild it."))).answered("a question", [], [])[0].html
    assert 'role="alert">The index is damaged. Rebuild it.</p>' in turn


def test_unforeseen_error_is_logged_not_shown(caplog):
    turn = ChatPage(Broken(ZeroDivisionError("secret detail"))).answered("¿qué pasa?", [], [])[0].html
    assert "Algo falló al responder" in turn
    assert "secret" not in turn
    assert "ZeroDivisionError: secret detail" in caplog.text


def test_quote_stands_alone_when_its_report_is_gone():
    class Forgetful(FakeAssistant):
        def section_at(self, report_id, offset):
            raise StoreMissing("gone")

    assert "<blockquote" in (turn := ChatPage(Forgetful()).answered("teachers workshop", [], [])[0].html)
    assert re.search(r'lang="">\s*<mark>Partners', turn)


def test_what_a_model_writes_is_shown_as_not_checked_and_then_replaced():
    class Writing(FakeAssistant):
        def stream(self, question, **filters):
            for word in ("<b>Nine", " hundred", " teachers."):
                yield word
                time.sleep(0.2)
            yield self.query(question, **filters)

    states = [state[0].html for state in ChatPage(Writing()).writing("teachers workshop", [], [])]
    assert len(states) >= 2 and all("not checked yet" in html and "&lt;b&gt;Nine" in html for html in states[:-1])
    assert "Nine" not in states[-1] and "500 teachers" in states[-1]


def test_given_port_that_is_taken_is_an_error():
    with serve.listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ConfigError, match=f"port {port}: Address already in use.*--port"):
            serve.listen("127.0.0.1", port)


def test_default_port_moves_on_when_taken(monkeypatch):
    with serve.listen("127.0.0.1", 0) as taken:
        monkeypatch.setattr(serve, "DEFAULT_PORT", taken.getsockname()[1])
        with serve.listen("127.0.0.1", None) as free:
            assert free.getsockname()[1] > taken.getsockname()[1]
        monkeypatch.setattr(serve, "PORTS_TRIED", 1)
        with pytest.raises(ConfigError, match="already in use"):
            serve.listen("127.0.0.1", None)


@pytest.mark.parametrize(("host", "port"), [("127.0.0.1", 99_999), ("127.0.0.1", -1), ("192.0.2.1", 0)])
def test_impossible_addresses_are_errors(host, port):
    with pytest.raises(ConfigError, match="Cannot listen on"):
        serve.listen(host, port)


def parsed(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    cli.register(parser.add_subparsers())
    return parser.parse_args(["chat", *words])


def test_chat_options():
    args = parsed("--index", "here", "--port", "8000")
    assert (args.index, args.port, args.host, args.no_auth, args.run) == (
        Path("here").absolute(),
        8000,
        "127.0.0.1",
        False,
        cli.run_chat,
    )
    assert ipaddress.ip_address(parsed().host).is_loopback


def test_host_open_to_others_needs_consent():
    with pytest.raises(ConfigError, match="no login yet.*--no-auth"):
        cli.run_chat(parsed("--host", "0.0.0.0"))


@contextmanager
def python(code: str) -> Iterator[subprocess.Popen[str]]:
    """A fresh interpreter that runs ``code``."""
    path = f"import sys; sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / 'tests')!r}]; "
    command = [sys.executable, "-c", path + code]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def test_launch_prints_its_address_and_stops_on_ctrl_c_with_a_page_open():
    code = "from chat_fakes import FakeAssistant; from ui.web import launch; launch(FakeAssistant())"
    with python(code) as process:
        address = process.stdout.readline().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+", address), process.stderr.read()
        page = f"{address}/gradio_api/heartbeat/abc"
        with httpx.stream("GET", page, timeout=20, trust_env=False) as open_page:
            assert open_page.status_code == 200
            process.send_signal(signal.SIGINT)
            assert process.wait(20) == 0
        assert process.stdout.read() == ""
        assert process.stderr.read() == ""


def test_gradio_is_imported_late():
    with python("import ui.app, ui.cli, ui.render, ui.web; sys.exit('gradio' in sys.modules)") as process:
        assert process.wait(30) == 0, process.stderr.read()
