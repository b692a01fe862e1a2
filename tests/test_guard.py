"""What the guard lets through on a server for this machine: routes, names, files, headers, limits."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import stat
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from chat_fakes import FakeAssistant
from site_fakes import FILE, QUESTION, WHO, browser, event, site

from rag.load import MAX_FILE_BYTES
from ui.guard import is_loopback, is_needed
from ui.guard.asgi import Incoming, Refusal
from ui.guard.bodies import Body
from ui.guard.files import is_harmless, is_kept, tidied
from ui.guard.hosts import Hosts
from ui.guard.limits import Buckets, Limits, Rate
from ui.shelf import desk
from ui.toolkit import temp_folder

OUTSIDE = "https://example.com/x"
ADDRESSES = [
    OUTSIDE,
    "http://example.com/x",
    "HTTPS://EXAMPLE.COM/x",
    "//example.com/x",
    "https:/example.com/x",
    "https:example.com/x",
    "http://127.0.0.1:1/x",
    "http://localhost/x",
    "http://[::1]/x",
    "http://2130706433/x",
    "http://0x7f.1/x",
    "http://169.254.169.254/latest/meta-data",
    "http://user:pass@example.com/x",
    "http://example.com%2fx",
    "ftp://example.com/x",
    "file:///etc/passwd",
    "data:text/html,x",
    "gopher://example.com",
    "/https://example.com/x",
    "/etc/passwd",
    "etc/passwd",
    "//etc/passwd",
    "/proc/self/environ",
    "C:\\Windows\\win.ini",
    "\\\\example.com\\share",
    "~/.ssh/id_rsa",
    "",
    "/",
    "..",
    "/tmp/../etc/passwd",
]
ENCODED = [
    "/gradio_api/file=https%3A%2F%2Fexample.com%2Fx",
    "/gradio_api/file=https%253A%252F%252Fexample.com%252Fx",
    "/gradio_api/file%3Dhttps://example.com/x",
    "/gradio_api/file%253Dhttps://example.com/x",
    "/gradio_api/%66ile=%68ttps://example.com/x",
    "/gradio_api/file=%2568ttps://example.com/x",
    "/gradio_api/file=%0ahttps://example.com/x",
    "/gradio_api/file=%20https://example.com/x",
    "/gradio_api/file=%00https://example.com/x",
    "/gradio_api/file/https://example.com/x",
    "/gradio_api/FILE=https://example.com/x",
    "/GRADIO_API/file=https://example.com/x",
    "/gradio_api//file=https://example.com/x",
    "//gradio_api/file=https://example.com/x",
    "/./gradio_api/file=https://example.com/x",
    "/gradio_api/./file=https://example.com/x",
    "/gradio_api%2ffile=https://example.com/x",
    "/assets/../gradio_api/file=https://example.com/x",
    "/assets/%2e%2e/gradio_api/file=https://example.com/x",
    "/static/..%2fgradio_api/file=https://example.com/x",
    "/file=https://example.com/x",
    "/file/https://example.com/x",
    "/gradio_api/proxy=https://example.com/x",
    "/gradio_api/proxy=https://x.hf.space/x",
    "/proxy=https://example.com/x",
    "/gradio_api/stream/s/r/1/playlist-file",
    "/gradio_api/custom_component/1/client/component/x.js",
    "/gradio_api/deep_link",
    "/svelte/x",
]
FETCHES = [f"/gradio_api/file={address}" for address in ADDRESSES] + ENCODED
OTHER_SITES = [
    {"host": "evil.example"},
    {"host": "127.0.0.1.evil.example"},
    {"host": ""},
    {"host": "localhost@evil.example"},
    {"host": "evil.example@localhost"},
    {"host": "[evil"},
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": "http://127.0.0.1:1"},
    {"origin": "http://[evil"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"sec-fetch-site": "none"},
]
outbound: list[str] = []


def _watch(name: str, args: tuple) -> None:
    """Notes every attempt of this process to reach another machine or to look one up by name."""
    if name == "socket.connect" and isinstance(args[1], tuple) and not is_loopback(args[1][0]):
        outbound.append(str(args[1]))
    elif name == "socket.getaddrinfo" and args[0] is not None:
        host = args[0].decode() if isinstance(args[0], bytes) else args[0]
        if not (is_loopback(host) or re.fullmatch(r"[\d.]+|[\da-fA-F:]+", host)):
            outbound.append(host)


@pytest.fixture(scope="module")
def client():
    sys.addaudithook(_watch)
    with site() as address, browser(address) as client:
        yield client
    assert outbound == []


def raw_get(client: httpx.Client, path: str) -> int:
    """Status of a GET of exactly ``path``, which a client library would tidy up."""
    with socket.create_connection((client.base_url.host, client.base_url.port), timeout=20) as connection:
        lines = [
            f"GET {path}" if "\r" in path else f"GET {path} HTTP/1.1",
            f"Host: {client.base_url.netloc.decode()}",
            "Connection: close",
            "",
            "",
        ]
        connection.sendall("\r\n".join(lines).encode("latin-1"))
        return int(connection.makefile("rb").readline().split()[1])


def assert_guarded(response: httpx.Response) -> None:
    policy = dict(rule.split(" ", 1) for rule in response.headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'self'"
    assert policy["img-src"] == "'self' data:"
    assert policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert "'unsafe-inline'" not in policy["script-src"]
    assert "http" not in response.headers["content-security-policy"]
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["x-frame-options"] == "DENY"
    assert response.headers["referrer-policy"] == "same-origin"
    assert response.headers["cross-origin-opener-policy"] == "same-origin"
    assert response.headers["cross-origin-resource-policy"] == "same-origin"
    assert "microphone=()" in response.headers["permissions-policy"]


@pytest.mark.parametrize(
    "path", ["/", "/config", "/theme.css", "/favicon.ico", "/gradio_api/info", "/healthz", "/v1/models", "/nowhere"]
)
def test_every_response_carries_the_headers(client, path):
    response = client.get(path)
    assert response.status_code == (403 if path == "/nowhere" else 200)
    assert_guarded(response)
    is_asset = path in {"/theme.css", "/favicon.ico"}
    assert (response.headers.get("cache-control") == "no-store") is not is_asset


def test_page_names_no_outside_host(client):
    page = client.get("/")
    text = re.sub(r'"example_inputs":\{.*?\}', "", page.text + client.get("/config").text)  # Gradio's, for API docs
    text = re.sub(r'(,"orig_name":"sample_file.pdf")?,"url":"[^"]*sample_file.pdf"', "", text)
    hosts = set(re.findall(r"https?://([^/\"'\s\\]+)", text))
    assert hosts <= {client.base_url.netloc.decode()}
    assert "url(http" not in client.get("/theme.css").text
    assert int(page.headers["content-length"]) == len(page.content)


def test_only_the_endpoints_for_programs_are_public_and_there_is_no_telemetry(client):
    assert set(client.get("/gradio_api/info").json()["named_endpoints"]) == {"/query", "/reports"}
    assert client.get("/config").json()["analytics_enabled"] is False


@pytest.mark.parametrize("path", FETCHES)
def test_fetching_through_the_server_is_refused(client, path):
    assert raw_get(client, quote(path, safe="/%=:?&@[]\\~.")) == 403


@pytest.mark.parametrize("address", [*ADDRESSES, f"/gradio_api/file={OUTSIDE}", f"http://x/gradio_api/file={OUTSIDE}"])
@pytest.mark.parametrize("key", ["path", "url"])
def test_files_in_the_data_of_an_event_are_never_fetched(client, address, key):
    kept = client.post("/gradio_api/upload", files={"files": ("a.txt", b"hello")}).json()[0]
    file = {"path": kept, "url": None, "meta": {"_type": "gradio.FileData"}, key: address}
    response = event(client, FILE, [file], session="files")
    assert response.status_code == 403, response


def test_a_file_that_was_uploaded_reaches_its_event_and_is_given_out_as_a_download(client):
    assert client.post("/gradio_api/upload", files={"files": ("a.svg", b"<svg/>")}).status_code == 415  # is not read
    kept = client.post("/gradio_api/upload", files={"files": ("../../etc/a.txt", b"hello")}).json()[0]
    assert Path(kept).is_relative_to(temp_folder()) and Path(kept).name == "a.txt"
    assert event(client, FILE, [{"path": kept, "meta": {"_type": "gradio.FileData"}}]) == "hello"
    response = client.get(f"/gradio_api/file={kept}")
    assert (response.status_code, response.text) == (200, "hello")
    assert_guarded(response)
    page = client.post("/gradio_api/upload", files={"files": ("a.html", b"<script>1</script>")})
    if page.status_code == 200:  # where the format is read
        response = client.get(f"/gradio_api/file={page.json()[0]}")
        assert response.headers["content-disposition"].startswith("attachment")
        assert response.headers["content-type"] == "application/octet-stream"


def test_links_out_of_the_folder_are_not_followed(client, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    link = temp_folder() / "link.txt"
    link.symlink_to(secret)
    try:
        assert client.get(f"/gradio_api/file={link}").status_code == 403
        assert not is_kept(str(link), temp_folder())
        assert not is_harmless([{"a": {"path": str(link)}}], temp_folder())
    finally:
        link.unlink()


def test_data_names_files_only_below_the_folder(tmp_path):
    kept = str(tmp_path / "x" / "a.txt")
    assert is_harmless({"data": [{"path": kept, "url": f"http://127.0.0.1:7860/gradio_api/file={kept}"}]}, tmp_path)
    assert is_harmless({"data": ["https://example.com", {"url": OUTSIDE}, {"path": 3}]}, tmp_path)
    assert not is_harmless({"data": [{"path": str(tmp_path)}]}, tmp_path)
    assert not is_harmless({"data": [{"path": kept}]}, None)
    assert not is_harmless({"data": [[[{"x": {"path": f"{tmp_path}/../a"}}]]]}, tmp_path)


def test_the_temporary_folder_is_this_users_alone_and_goes_with_the_process():
    assert stat.S_IMODE(temp_folder().stat().st_mode) == 0o700
    assert Path(tempfile.gettempdir()).resolve() in temp_folder().parents
    assert temp_folder().name != "gradio"


def test_what_broke_off_is_removed_and_the_rest_is_counted(tmp_path):
    (tmp_path / "abc").mkdir()
    (tmp_path / "abc" / "tmp.txt").write_bytes(b"12345")
    (tmp_path / "tmpxyz").write_bytes(b"1234567")
    now = (tmp_path / "tmpxyz").stat().st_mtime
    assert tidied(tmp_path, now + 500) == 12
    assert tidied(tmp_path, now + 700) == 5
    assert (tmp_path / "abc" / "tmp.txt").exists()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/gradio_api/vibe-edit"),
        ("POST", "/gradio_api/component_server"),
        ("POST", "/gradio_api/run/ask"),
        ("POST", "/gradio_api/api/query"),
        ("POST", "/gradio_api/call/ask"),
        ("POST", "/gradio_api/mcp/"),
        ("GET", "/gradio_api/mcp/"),
        ("GET", "/monitoring"),
        ("POST", "/login"),
        ("GET", "/login_check"),
        ("GET", "/openapi.json"),
        ("GET", "/docs"),
        ("PUT", "/config"),
        ("DELETE", "/"),
        ("OPTIONS", "/gradio_api/queue/join"),
        ("POST", "/"),
        ("TRACE", "/"),
    ],
)
def test_what_the_page_does_not_need_is_refused(client, method, path):
    response = client.request(method, path)
    assert response.status_code == 403
    assert_guarded(response)


def test_paths_cannot_climb_out_of_the_folders():
    assert is_needed("/assets/index.js") and is_needed("/gradio_api/queue/join")
    assert not is_needed("/assets/../gradio_api/file=https://example.com")
    assert not is_needed("/assets/a/../../config")
    assert not is_needed("/assets//x") and not is_needed("/assets/")


@pytest.mark.parametrize("headers", OTHER_SITES, ids=str)
@pytest.mark.parametrize("path", ["/gradio_api/queue/join", "/gradio_api/upload", "/v1/chat/completions"])
def test_requests_of_other_sites_are_refused(client, headers, path):
    response = client.post(path, json={}, headers=headers)
    assert response.status_code == 403
    assert_guarded(response)


@pytest.mark.parametrize("headers", [headers for headers in OTHER_SITES if "sec-fetch-site" not in headers], ids=str)
def test_reading_is_refused_as_well(client, headers):
    assert client.get("/config", headers=headers).status_code == 403


def test_a_host_or_origin_that_is_given_twice_is_refused(client):
    port = client.base_url.port
    assert raw_get(client, "/config HTTP/1.1\r\nHost: evil.example\r\nX: x") == 400
    twice = [("origin", f"http://127.0.0.1:{port}"), ("origin", "http://evil.example")]
    assert client.post("/gradio_api/queue/join", json={}, headers=twice).status_code == 403


def test_requests_of_the_page_pass(client):
    port = client.base_url.port
    for name in ("127.0.0.1", "localhost", "[::1]"):
        headers = {"host": f"{name}:{port}", "origin": f"http://{name}:{port}", "sec-fetch-site": "same-origin"}
        assert client.post("/gradio_api/queue/join", json={}, headers=headers).status_code == 422


def test_forwarded_headers_do_not_change_addresses(client):
    headers = {"x-forwarded-host": "evil.example", "x-forwarded-proto": "https", "forwarded": "host=evil.example"}
    assert "evil.example" not in client.get("/config", headers=headers).text


def test_a_visitor_cannot_name_himself(client):
    headers = {"x-forwarded-user": "ana", "reportqa_visitor": "ana", "state": "ana"}
    with browser(str(client.base_url), headers=headers) as other:
        assert json.loads(event(other, WHO, [None], session="named"))["user"] == ["local"]


def test_names_of_a_server_open_to_the_network():
    everywhere, one = Hosts("0.0.0.0"), Hosts("reports.example", ["Proxy.example"])
    assert everywhere.is_own_name("192.0.2.7:7860")
    assert everywhere.is_own_name(f"{socket.gethostname()}:7860")
    assert not everywhere.is_own_name("evil.example:7860")
    assert one.is_own_name("Reports.example:7860") and one.is_own_name("proxy.example")
    assert not one.is_own_name("192.0.2.7:7860")
    assert not one.is_own_name("reports.example@evil.example")


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("[::1]", True), ("localhost", True)]
    + [("0.0.0.0", False), ("::", False), ("192.168.1.5", False), ("localhost.evil.example", False), ("", False)],
)
def test_is_loopback(host, loopback):
    assert is_loopback(host) is loopback


def test_bodies_are_limited(client):
    long = {"data": ["x" * 2_000_000], "fn_index": QUESTION, "session_hash": "s"}
    assert client.post("/gradio_api/queue/join", json=long).status_code == 413
    pieces = (b"x" * 100_000 for _ in range(20))  # without a length that would tell
    assert client.post("/gradio_api/queue/join", content=pieces).status_code == 413
    assert client.post("/gradio_api/cancel", content=b"x" * 20_000).status_code == 413
    assert client.request("GET", "/config", content=b"x").status_code == 413
    for body in (b"", b"{", b"[" * 100_000, b"\xff"):
        assert client.post("/gradio_api/queue/join", content=body).status_code in {400, 422}


def test_a_length_that_is_no_number_is_refused(client):
    with socket.create_connection((client.base_url.host, client.base_url.port), timeout=20) as connection:
        host = client.base_url.netloc.decode()
        connection.sendall(
            f"POST /gradio_api/queue/join HTTP/1.1\r\nHost: {host}\r\nContent-Length: -1\r\n\r\n".encode()
        )
        assert b" 400 " in connection.makefile("rb").readline()


SMALL = Limits(
    rates={"question": Rate(2, 1), "event": Rate(6, 1), "upload": Rate(100, 1)},
    suffixes=frozenset({".txt"}),
    file_bytes=1_000,
    files=2,
    folder_bytes=10**9,
    body_s=0.3,
)


@pytest.fixture
def strict():
    with site(limits=SMALL) as address, browser(address) as client:
        yield client


def upload(client: httpx.Client, *files: tuple[str, bytes]) -> httpx.Response:
    return client.post("/gradio_api/upload", files=[("files", file) for file in files])


def test_uploads_are_limited_in_size_number_type_and_name(strict):
    before = set(temp_folder().glob("tmp*"))
    assert upload(strict, ("a.txt", b"x" * 1_000), ("b.TXT", b"y")).status_code == 200
    assert upload(strict, ("a.txt", b"x" * 1_001)).status_code == 413
    three = upload(strict, *[(f"{n}.txt", b"x") for n in range(3)])
    assert (three.status_code, three.json()) == (413, {"detail": "Too many files at once: 2 is the limit."})
    for name in ("a.exe", "a", "a.txt.exe", "a.txt\x00.exe", ".txt/..", "a.svg"):
        assert upload(strict, (name, b"x")).status_code in {400, 415}, name
    assert upload(strict, ("x" * 252 + ".txt", b"x")).status_code == 413
    assert upload(strict, ("x" * 10_000 + ".txt", b"x")).status_code in {400, 413}
    assert strict.post("/gradio_api/upload", json={}).status_code == 415
    assert strict.post("/gradio_api/upload", data={"files": "x"}).status_code == 415
    headers = {"content-type": "multipart/form-data; boundary=x"}
    assert strict.post("/gradio_api/upload", content=b"no parts here", headers=headers).status_code == 400
    assert_guarded(upload(strict, ("a.exe", b"x")))
    assert set(temp_folder().glob("tmp*")) == before  # what had come of them is gone


def test_a_full_folder_takes_no_more_uploads():
    limits = Limits(folder_bytes=tidied(temp_folder(), 0) + 5)
    with site(limits=limits) as address, browser(address) as client:
        assert upload(client, ("a.txt", b"123456")).status_code == 200
        response = upload(client, ("a.txt", b"x"))
        assert response.status_code == 413 and "Too many uploads" in response.json()["detail"]


def test_a_file_may_be_as_large_as_one_that_is_read():
    assert Limits().file_bytes == MAX_FILE_BYTES


def test_the_guard_lets_through_what_the_reports_tab_promises():
    limits = Limits()
    assert (limits.files, limits.file_bytes / 1e6) == (desk.MAX_FILES, desk.MAX_MB)
    assert limits.files * limits.file_bytes <= limits.folder_bytes  # so one upload at its largest is kept


def test_questions_are_limited_apart_from_other_events(strict):
    for _ in range(2):
        assert "teachers" in event(strict, QUESTION, ["teachers workshop"])
    refused = event(strict, QUESTION, ["teachers workshop"])
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 60
    assert refused.json()["detail"].startswith("Too many requests. Try again in ")
    assert json.loads(event(strict, WHO, [None]))["user"] == ["local"]  # the fourth event
    spanish = strict.post("/v1/chat/completions", json={}, headers={"accept-language": "es-PE,es;q=0.9"})
    assert spanish.status_code == 429
    assert spanish.json()["error"]["message"].startswith("Demasiadas peticiones.")
    for _ in range(2):
        event(strict, WHO, [None])
    assert event(strict, WHO, [None]).status_code == 429


def test_a_body_that_does_not_come_is_given_up(strict):
    with socket.create_connection((strict.base_url.host, strict.base_url.port), timeout=20) as connection:
        host = strict.base_url.netloc.decode()
        head = f"POST /gradio_api/queue/join HTTP/1.1\r\nHost: {host}\r\nContent-Length: 100\r\n\r\n"
        connection.sendall(head.encode() + b"{")
        assert b" 408 " in connection.makefile("rb").readline()


def test_buckets_fill_up_again():
    now = [0.0]
    buckets = Buckets({"event": Rate(2, 60)}, clock=lambda: now[0])
    assert [buckets.wait("event", "ana") for _ in range(3)] == [0, 0, 1.0]
    assert buckets.wait("event", "ben") == 0
    assert buckets.wait("page", "ana") == 0  # not limited
    now[0] = 0.5
    assert buckets.wait("event", "ana") == 0.5
    now[0] = 1.0
    assert buckets.wait("event", "ana") == 0
    now[0] = 1_000.0
    assert [buckets.wait("event", "ana") for _ in range(3)] == [0, 0, 1.0]


def test_errors_of_the_application_are_not_swallowed():
    class Broken(FakeAssistant):
        def reports(self):
            raise ZeroDivisionError("secret detail")

    with site(Broken()) as address, browser(address) as client:
        started = client.post("/gradio_api/call/reports", json={"data": []}).json()["event_id"]
        result = client.get(f"/gradio_api/call/reports/{started}").text
        assert "event: error" in result and "secret" not in result


@pytest.mark.parametrize(
    ("headers", "has_body"),
    [((), False), ((("content-length", "0"),), False), ((("content-length", "5"),), True),
     ((("transfer-encoding", "chunked"),), True)],
)  # fmt: skip
def test_a_request_without_a_body_may_wait_for_its_end_as_long_as_it_takes(headers, has_body):
    """A stream looks now and then whether its client has left, and so may lose the first message of all."""
    scope = {"method": "GET", "path": "/", "headers": [(name.encode(), value.encode()) for name, value in headers]}
    request = Incoming.of(scope)
    assert request.has_body is has_body

    async def leaves_late():
        await asyncio.sleep(0.1)
        return {"type": "http.disconnect"}

    body = Body(leaves_late, 10, 0.01, is_whole=not request.has_body)
    if has_body:
        with pytest.raises(Refusal):
            asyncio.run(body.receive())
    else:
        assert asyncio.run(body.receive())["type"] == "http.disconnect"
