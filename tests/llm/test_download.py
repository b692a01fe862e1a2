"""A model's file is got when asked for, gone on with where it stopped, and checked."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from conftest import ROOT

from llm import tiny
from rag.errors import ConfigError, ModelError
from rag.llm import download
from rag.llm.download import get, listed
from rag.llm.gguf import read_header

PLACE = "/someone/tiny-GGUF/resolve/main/tiny.gguf"


class Hub:
    """A file server like Hugging Face's: it states size and SHA-256, redirects, and serves ranges."""

    def __init__(self, url, raw):
        self.url, self.raw, self.place = url, raw, PLACE
        self.sha256 = hashlib.sha256(raw).hexdigest()
        self.states_hash = True
        self.breaks_at = []  # bytes after which a reply breaks off, for the first requests
        self.refuses = 0  # requests answered with an error, after those
        self.asked = []  # (method, path, Range)
        self.headers = []


@contextmanager
def serve(raw):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_HEAD(self):
            self.note()
            if self.path != hub.place:
                return self.reply(404, {})
            etag = f'"{hub.sha256}"' if hub.states_hash else '"abc-1"'
            headers = {"Location": f"{elsewhere}?signature=s3cret", "X-Linked-Size": len(hub.raw)}
            return self.reply(302, {**headers, "X-Linked-Etag": etag, "X-Repo-Commit": "0" * 40})

        def do_GET(self):
            self.note()
            if hub.refuses and not hub.breaks_at:
                hub.refuses -= 1
                return self.reply(500, {})
            start = int(re.match(r"bytes=(\d+)-", self.headers["Range"])[1]) if self.headers["Range"] else 0
            body = hub.raw[start:]
            about = {"Content-Range": f"bytes {start}-{len(hub.raw) - 1}/{len(hub.raw)}"} if start else {}
            return self.reply(206 if start else 200, {**about, "Content-Length": len(body)}, body)

        def reply(self, status, headers, body=b""):
            self.send_response(status)
            for name, value in {"Content-Length": 0, **headers}.items():
                self.send_header(name, str(value))
            self.end_headers()
            if body and hub.breaks_at:
                self.wfile.write(body[: hub.breaks_at.pop(0)])
                self.close_connection = True
            else:
                self.wfile.write(body)

        def note(self):
            hub.asked.append((self.command, self.path.split("?")[0], self.headers["Range"]))
            hub.headers.append(dict(self.headers))

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    hub = Hub(f"http://127.0.0.1:{server.server_port}", raw)
    elsewhere = f"http://localhost:{server.server_port}/files/tiny"  # another host, as far as a client can tell
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def raw(tmp_path_factory):
    return tiny.write(tmp_path_factory.mktemp("gguf") / "tiny.gguf").read_bytes()


@pytest.fixture
def hub(raw, monkeypatch):
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(constants, "DOWNLOAD_CHUNK_SIZE", 50_000)  # of 10 MB, this file would be one
    monkeypatch.setenv("HF_TOKEN", "hf_a-token-of-the-user")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    with serve(raw) as found:
        yield found


def ranges(hub):
    return [asked[2] for asked in hub.asked if asked[0] == "GET"]


def test_a_file_is_got_checked_and_can_be_used(hub, tmp_path):
    got = get(hub.url + PLACE, tmp_path / "models")
    assert got.path == tmp_path / "models" / "tiny.gguf" and got.checked and got.sha256 == hub.sha256
    assert got.path.read_bytes() == hub.raw and read_header(got.path).name == "tiny"
    assert [one.name for one in got.path.parent.iterdir()] == ["tiny.gguf"]


def test_what_a_browser_shows_is_the_same_file(hub, tmp_path):
    assert get(hub.url + PLACE.replace("/resolve/", "/blob/"), tmp_path).sha256 == hub.sha256


def test_no_token_is_sent(hub, tmp_path):
    get(hub.url + PLACE, tmp_path)
    assert not any("authorization" in map(str.lower, headers) for headers in hub.headers)
    assert "hf_a-token" not in str(hub.headers)


def test_a_connection_that_breaks_is_gone_on_with_at_once(hub, tmp_path):
    hub.breaks_at = [100_000]
    assert get(hub.url + PLACE, tmp_path).path.read_bytes() == hub.raw
    assert ranges(hub) == [None, "bytes=100000-"]


def test_a_later_try_goes_on_where_an_earlier_one_stopped(hub, tmp_path):
    hub.breaks_at, hub.refuses = [150_000], 1
    with pytest.raises(ModelError, match="What came is kept") as caught:
        get(hub.url + PLACE, tmp_path)
    assert "s3cret" not in str(caught.value)
    (part,) = tmp_path.iterdir()
    assert part.suffix == ".part" and part.stat().st_size == 150_000
    got = get(hub.url + PLACE, tmp_path)
    assert ranges(hub)[-1] == "bytes=150000-" and got.path.read_bytes() == hub.raw and got.checked
    assert list(tmp_path.iterdir()) == [got.path]


def test_another_version_is_not_gone_on_with(hub, tmp_path):
    hub.breaks_at, hub.refuses = [150_000], 1
    with pytest.raises(ModelError):
        get(hub.url + PLACE, tmp_path)
    hub.raw = tiny.write(tmp_path / "other", seed=1).read_bytes()
    hub.sha256 = hashlib.sha256(hub.raw).hexdigest()
    assert get(hub.url + PLACE, tmp_path).path.read_bytes() == hub.raw
    assert ranges(hub)[-1] is None


def test_what_is_there_is_not_got_again(hub, tmp_path):
    first = get(hub.url + PLACE, tmp_path)
    count = len(ranges(hub))
    assert get(hub.url + PLACE, tmp_path) == first and len(ranges(hub)) == count


def test_a_file_damaged_since_is_got_again(hub, tmp_path):
    path = get(hub.url + PLACE, tmp_path).path
    path.write_bytes(b"x" + hub.raw[1:])
    assert get(hub.url + PLACE, tmp_path).path.read_bytes() == hub.raw


def test_a_wrong_sha256_leaves_nothing(hub, tmp_path):
    hub.sha256 = "0" * 64
    with pytest.raises(ModelError, match="should be 0000"):
        get(hub.url + PLACE, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_sha256_that_was_given_counts(hub, tmp_path):
    with pytest.raises(ModelError, match="should be 1111"):
        get(hub.url + PLACE, tmp_path, sha256="1" * 64)
    hub.states_hash = False
    assert not get(hub.url + PLACE, tmp_path / "a").checked
    assert get(hub.url + PLACE, tmp_path / "b", sha256=hub.sha256.upper()).checked
    with pytest.raises(ConfigError, match="no SHA-256"):
        get(hub.url + PLACE, tmp_path, sha256="abc")


def test_what_is_no_model_is_deleted(hub, tmp_path):
    hub.raw = b"<html>Please sign in</html>" * 100
    hub.sha256 = hashlib.sha256(hub.raw).hexdigest()
    with pytest.raises(ModelError, match="no model that can be run.*not a GGUF"):
        get(hub.url + PLACE, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_no_room(hub, tmp_path, monkeypatch):
    monkeypatch.setattr(download.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 10, 1000))
    with pytest.raises(ModelError, match="0.0 GB are free. Make room"):
        get(hub.url + PLACE, tmp_path)
    assert ranges(hub) == []


def test_what_cannot_be_had_is_said(hub, tmp_path):
    with pytest.raises(ModelError, match="cannot be downloaded: .*404"):
        get(f"{hub.url}/someone/else/resolve/main/none.gguf", tmp_path)
    with pytest.raises(ConfigError, match="not the address of a .gguf"):
        get(f"{hub.url}/someone/tiny-GGUF", tmp_path)
    with pytest.raises(ConfigError, match="No model is known as 'gpt'. Known are qwen2.5-1.5b"):
        get("gpt", tmp_path)
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(ModelError, match="cannot be written"):
        get(hub.url + PLACE, blocked / "models")


def test_offline_is_said(tmp_path, monkeypatch):
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(ModelError, match="while HF_HUB_OFFLINE is set: unset it"):
        get("qwen3-4b", tmp_path)


def test_the_table_is_in_order():
    models = listed()
    assert len({one.name for one in models}) == len(models) >= 5
    assert {one.ram_gb for one in models} == {4, 8, 16}
    for one in models:
        assert one.file.endswith(".gguf") and one.repository.count("/") == 1 and one.licence
        assert "English, Spanish" in one.languages and one.file_gb < 0.65 * one.ram_gb
    assert [one.ram_gb for one in models] == sorted(one.ram_gb for one in models)


def test_the_readme_shows_the_same_table():
    readme = (ROOT / "README.md").read_text("utf-8")
    for one in listed():
        row = f"| `{one.name}` | {one.ram_gb} GB | {one.file_gb:.1f} GB | {one.licence} | {one.languages} |"
        assert row in readme, row


def test_the_command_gets_a_model_by_its_name(raw, tmp_path):
    """In a process of its own, from a mirror on this machine; progress goes nowhere, as no one looks on."""
    (known,) = (one for one in listed() if one.name == "qwen2.5-1.5b")
    with serve(raw) as hub:
        hub.place = f"/{known.repository}/resolve/main/{known.file}"
        place = {"HF_ENDPOINT": hub.url, "HF_HUB_OFFLINE": "0", "XDG_DATA_HOME": str(tmp_path)}
        done = subprocess.run(
            [sys.executable, "-m", "rag", "llm", "get", known.name],
            env={**os.environ, **place, "PYTHONPATH": str(ROOT), "NO_PROXY": "127.0.0.1,localhost"},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
    assert done.returncode == 0, done.stderr
    path = tmp_path / "reportqa" / "models" / known.file
    assert path.read_bytes() == raw
    assert done.stdout.splitlines()[:2] == [str(path), f"SHA-256 {hub.sha256}, as it should be"]
    assert done.stderr == ""
