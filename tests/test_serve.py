"""How the server is started and stopped: its address, its options, what it does with clients that dawdle."""

from __future__ import annotations

import argparse
import contextlib
import ipaddress
import re
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from chat_fakes import FakeAssistant, serving
from site_fakes import PASSWORD, browser, site, write_users

from rag.errors import ConfigError
from ui import cli, serve
from ui.guard.access import LocalAccess
from ui.users.access import LoginAccess, OpenAccess
from ui.users.file import Users
from ui.web import Site

ROOT = Path(__file__).parents[1]


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
    assert (args.index, args.port, args.run) == (Path("here").absolute(), 8000, cli.run_chat)
    assert (args.host, args.no_auth, args.auth, args.mcp, args.name) == ("127.0.0.1", False, None, False, [])
    assert ipaddress.ip_address(args.host).is_loopback


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--host", "0.0.0.0"], "other machines could read the reports.*--auth FILE.*--no-auth"),
        (["--allow-changes"], "--allow-changes goes with --no-auth"),
        (["--certificate", "c.pem"], "go together"),
        (["--certificate-key", "c.pem"], "go together"),
        (["--auth", "nowhere.toml"], "There is no file .*nowhere.toml.*reportqa user add"),
    ],
)
def test_options_that_do_not_fit_are_refused_before_anything_is_opened(words, message):
    with pytest.raises(ConfigError, match=message):
        cli.run_chat(parsed(*words))


def test_a_login_and_none_exclude_each_other(capsys):
    with pytest.raises(SystemExit):
        parsed("--auth", "users.toml", "--no-auth")
    assert "not allowed with" in capsys.readouterr().err


def test_who_comes_in_follows_from_the_options(tmp_path):
    write_users(tmp_path / "users.toml", ana=True)
    users, index = str(tmp_path / "users.toml"), str(tmp_path / "index")
    assert isinstance(cli._site(parsed()).access, LocalAccess)
    assert isinstance(cli._site(parsed("--no-auth")).access, LocalAccess)
    assert isinstance(cli._site(parsed("--host", "0.0.0.0", "--no-auth")).access, OpenAccess)
    made = cli._site(parsed("--auth", users, "--index", index, "--name", "reports.example", "--mcp"))
    assert isinstance(made.access, LoginAccess)
    assert made.blocked == [tmp_path / "index", tmp_path / "users.toml"]
    assert (made.names, made.mcp, made.tls) == (["reports.example"], True, None)


@contextlib.contextmanager
def python(code: str) -> Iterator[subprocess.Popen[str]]:
    """A fresh interpreter that runs ``code``."""
    path = f"import sys; sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / 'tests')!r}]; "
    command = [sys.executable, "-c", path + code]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


LAUNCH = """
from chat_fakes import FakeAssistant
from memory_conversations import MemoryConversations
from ui.toolkit import temp_folder
from ui.web import Parts, launch
sys.stderr.write(f"{temp_folder()}\\n")
sys.stderr.flush()
launch(Parts(FakeAssistant(), MemoryConversations()))
"""


def test_launch_prints_its_address_and_stops_on_ctrl_c_with_a_page_open():
    with python(f"exec({LAUNCH!r})") as process:
        folder = Path(process.stderr.readline().strip())
        address = process.stdout.readline().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+", address), process.stderr.read()
        assert folder.is_dir()
        page = f"{address}/gradio_api/heartbeat/abc"
        with httpx.stream("GET", page, timeout=20, trust_env=False) as open_page:
            assert open_page.status_code == 200
            process.send_signal(signal.SIGINT)
            assert process.wait(20) == 0
        assert process.stdout.read() == ""
        assert process.stderr.read() == ""
        assert not folder.exists()


def test_gradio_is_imported_late():
    code = "import ui.app, ui.cli, ui.render, ui.web; sys.exit('gradio' in sys.modules)"
    with python(code) as process:
        assert process.wait(30) == 0, process.stderr.read()


def test_the_real_page_is_behind_the_login_with_all_its_routes(tmp_path):
    write_users(tmp_path / "users.toml", ana=True)
    here = Site(access=LoginAccess(Users(tmp_path / "users.toml")))
    paths = ["/", "/config", "/source?report=peru&start=0&end=20", "/page/peru/1.png", "/download/x.md"]
    with serving(FakeAssistant(), site=here) as address, browser(address) as client:
        assert [client.get(path).status_code for path in paths] == [401] * 5
        client.post("/login", data={"user": "ana", "password": PASSWORD})
        assert [client.get(path).status_code for path in paths] == [200, 200, 200, 404, 404]
        for path in paths:
            response = client.get(path)
            assert "frame-ancestors 'none'" in response.headers["content-security-policy"]


def slow_client(address: str) -> socket.socket:
    host, _, port = address.removeprefix("http://").rpartition(":")
    return socket.create_connection((host, int(port)), timeout=20)


def test_headers_that_do_not_come_are_given_up(monkeypatch):
    monkeypatch.setattr(serve, "_HEADER_S", 0.3)
    with site() as address:
        with slow_client(address) as silent, slow_client(address) as half:
            half.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
            assert silent.recv(1) == b"" and half.recv(1) == b""
        with slow_client(address) as second:  # also after a request that was whole
            second.sendall(f"GET /healthz HTTP/1.1\r\nHost: {address[7:]}\r\n\r\n".encode())
            received = b""
            while not received.endswith(b"ok"):
                received += second.recv(1_000)
            second.sendall(b"GET /hea")
            assert second.recv(1) == b""


def test_an_open_page_is_no_slow_client(monkeypatch):
    monkeypatch.setattr(serve, "_HEADER_S", 0.2)
    with site() as address, slow_client(address) as page, slow_client(address) as other:
        page.sendall(f"GET /gradio_api/heartbeat/abc HTTP/1.1\r\nHost: {address[7:]}\r\n\r\n".encode())
        assert page.recv(1_000).startswith(b"HTTP/1.1 200")
        assert other.recv(1) == b""  # longer than a slow client may take
        page.settimeout(0.3)
        with pytest.raises(TimeoutError):  # still open, and silent
            while page.recv(1_000):
                pass


def test_headers_that_are_too_long_are_refused():
    broken = (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError)  # closed while they were being sent
    with site() as address, browser(address) as client, contextlib.suppress(*broken):
        assert client.get("/", headers={"x-long": "x" * 1_000_000}).status_code in {400, 431}


def test_https(tmp_path):
    certificate, key = tmp_path / "c.pem", tmp_path / "k.pem"
    made = subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
        + ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
        capture_output=True,
    )
    if made.returncode:
        pytest.skip("openssl makes no certificate here")
    write_users(tmp_path / "users.toml", ana=True)
    access = LoginAccess(Users(tmp_path / "users.toml"))
    trusted = ssl.create_default_context(cafile=str(certificate))
    with site(site=Site(access=access, tls=serve.Tls(certificate, key))) as address:
        assert address.startswith("https://")
        with browser(address, verify=trusted) as client:
            answer = client.post("/login", data={"user": "ana", "password": PASSWORD}, headers={"origin": address})
            assert answer.headers["set-cookie"].endswith("; Secure")
            assert client.get("/config").status_code == 200


def test_a_certificate_that_is_none_is_an_error(tmp_path):
    (tmp_path / "c.pem").write_text("nothing")
    with pytest.raises(ConfigError, match="certificate or its key cannot be used"):
        serve.server(None, serve.Tls(tmp_path / "c.pem", tmp_path / "c.pem"))
    with pytest.raises(ConfigError, match="cannot be used"):
        serve.server(None, serve.Tls(tmp_path / "none.pem", tmp_path / "none.pem"))
