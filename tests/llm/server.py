"""A real HTTP server on the loopback that speaks the OpenAI protocol with scripted replies.

    def script(request: Request) -> Script:
        return in_pieces(f"{first_sentence(request.prompt)} [k1].", 5)

    with serve(script) as server:
        model = open_model(server.url)
        ...
    server.requests[0].messages

A script is a function of the request. It gives the whole text, which goes out as one piece, or a
sequence of what is sent in turn: ``str`` is a piece of the answer (one event), ``bytes`` go out as
they are (bad UTF-8, broken JSON), :class:`Thought` is a piece of thinking, :class:`Wait` waits,
:class:`Drop` breaks the connection off, :class:`End` ends the reply with another reason than
"stop", or with none. :class:`Refusal` answers with an HTTP error instead.
"""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MODEL = "scripted"
CONTEXT = 4096


@dataclass(frozen=True, slots=True)
class Thought:
    """A piece of thinking, sent apart from the answer (``reasoning_content``)."""

    text: str


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing is sent for so many seconds, or until the server stops."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Drop:
    """The connection breaks off: by a reset, or, if ``quietly``, as if the reply had been sent in full."""

    quietly: bool = False


@dataclass(frozen=True, slots=True)
class End:
    """The reply ends here, for this reason ("length": too long); "" for none at all."""

    reason: str = "stop"


@dataclass(frozen=True, slots=True)
class Refusal:
    """An HTTP error. ``body``: bytes as they are, else as JSON; by default an error with ``message``."""

    status: int
    message: str = "refused"
    body: bytes | dict[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Request:
    """A chat request as it came; ``body`` is all of it, ``number`` counts them from 0."""

    messages: Sequence[Mapping[str, str]]
    body: Mapping[str, Any]
    headers: Mapping[str, str]
    number: int

    @property
    def system(self) -> str:
        """The content of the system messages."""
        return "\n".join(one["content"] for one in self.messages if one["role"] == "system")

    @property
    def prompt(self) -> str:
        """The content of the last message."""
        return self.messages[-1]["content"]


Step = str | bytes | Thought | Wait | Drop | End
Script = str | Sequence[Step] | Refusal


def in_pieces(text: str, size: int) -> list[Step]:
    """``text`` in pieces of ``size`` characters."""
    return [text[at : at + size] for at in range(0, len(text), size)]


def overflow(prompt_tokens: int, context: int = CONTEXT) -> Refusal:
    """What llama.cpp answers to a prompt that is too long."""
    error = {
        "code": 400,
        "message": f"request ({prompt_tokens} tokens) exceeds the available context size ({context} tokens), "
        "try increasing it",
        "type": "exceed_context_size_error",
        "n_prompt_tokens": prompt_tokens,
        "n_ctx": context,
    }
    return Refusal(400, body={"error": error})


class ScriptedServer:
    """``url`` is the base URL. What came is noted in order.

    ``requests``: of chats. ``paths``: of all requests, with their method. ``broken_off``: how many
    replies the client did not wait for.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.requests: list[Request] = []
        self.paths: list[str] = []
        self.broken_off = 0


@contextmanager
def serve(
    script: Callable[[Request], Script],
    *,
    models: Sequence[str] = (MODEL,),
    entry: Mapping[str, Any] | None = None,
    pages: Mapping[str, object] | None = None,
    key: str = "",
    port: int = 0,
) -> Iterator[ScriptedServer]:
    """Serve ``/v1/models`` and ``/v1/chat/completions`` until the block ends.

    :param entry: more about each model in ``/v1/models``; by default its context length, :data:`CONTEXT`.
    :param pages: other addresses, such as ``"POST /tokenize"``: JSON to give back, or a function of the
        request's body that gives it. They may take the place of ``"GET /v1/models"``.
    :param key: refuse requests without it.
    """
    entry = {"max_model_len": CONTEXT} if entry is None else entry
    listed = {"object": "list", "data": [{"id": name, "object": "model", **entry} for name in models]}
    stop = threading.Event()
    handler = _handler(script, {"GET /v1/models": listed, **(pages or {})}, key, stop)
    http = _Http(("127.0.0.1", port), handler)
    server = ScriptedServer(f"http://127.0.0.1:{http.server_port}/v1")
    handler.noted = server
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        stop.set()
        http.shutdown()
        thread.join()
        http.close_connections()
        http.server_close()


class _Http(ThreadingHTTPServer):
    """Also breaks off the connections that clients keep open, so that its threads end."""

    daemon_threads = False

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._open: set[socket.socket] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass  # a client that left; what matters is asserted on by the tests

    def close_connections(self) -> None:
        for one in list(self._open):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    noted: ScriptedServer
    script: Callable[[Request], Script]
    pages: Mapping[str, object]
    key: str
    stop: threading.Event

    def do_GET(self) -> None:
        self._answer({})

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self._answer(json.loads(raw or b"{}"))

    def _answer(self, body: dict[str, Any]) -> None:
        place = f"{self.command} {self.path}"
        self.noted.paths.append(place)
        if self.key and self.headers["Authorization"] != f"Bearer {self.key}":
            self._refuse(Refusal(401, "Invalid API key"))
        elif place in self.pages:
            page = self.pages[place]
            found = page(body) if callable(page) else page
            self._refuse(found) if isinstance(found, Refusal) else self._json(200, found)
        elif place == "POST /v1/chat/completions":
            request = Request(body["messages"], body, dict(self.headers), len(self.noted.requests))
            self.noted.requests.append(request)
            said = type(self).script(request)
            if isinstance(said, Refusal):
                self._refuse(said)
            else:
                self._stream([said] if isinstance(said, str) else said)
        else:
            self._refuse(Refusal(404, f"no {self.path} here"))

    def _refuse(self, refusal: Refusal) -> None:
        error = {"message": refusal.message, "type": "error", "code": refusal.status}
        body = {"error": error} if refusal.body is None else refusal.body
        self._json(refusal.status, body, refusal.headers)

    def _json(self, status: int, body: object, headers: Mapping[str, str] | None = None) -> None:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {
            "Content-Type": "application/json",
            "Content-Length": str(len(raw)),
            **(headers or {}),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(raw)

    def _stream(self, steps: Sequence[Step]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            self._play(steps)
        except OSError:
            self.noted.broken_off += 1
            self.close_connection = True

    def _play(self, steps: Sequence[Step]) -> None:
        reason = "stop"
        for step in steps:
            match step:
                case str():
                    self._event({"content": step})
                case bytes():
                    self._chunk(step)
                case Thought(text):
                    self._event({"content": None, "reasoning_content": text})
                case Wait(seconds):
                    self._wait(seconds)
                case Drop(quietly):
                    self._drop(quietly)
                    return
                case End(reason):
                    break
        if reason:
            self._event({}, reason)
            self._chunk(b"data: [DONE]\n\n")
        self.wfile.write(b"0\r\n\r\n")

    def _event(self, delta: dict[str, Any], reason: str | None = None) -> None:
        choice = {"index": 0, "delta": {"role": "assistant", **delta}, "finish_reason": reason}
        event = {"id": "reply", "object": "chat.completion.chunk", "created": 0, "model": MODEL, "choices": [choice]}
        self._chunk(f"data: {json.dumps(event, ensure_ascii=False)}\n\n".encode())

    def _chunk(self, raw: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(raw), raw))

    def _wait(self, seconds: float) -> None:
        """Wait, looking every 20 ms whether the client has left."""
        for _ in range(max(1, round(seconds / 0.02))):
            if self.stop.wait(0.02):
                return
            self.connection.setblocking(False)
            try:
                if self.connection.recv(1, socket.MSG_PEEK) == b"":
                    raise ConnectionResetError
            except BlockingIOError:
                pass
            finally:
                self.connection.setblocking(True)

    def _drop(self, quietly: bool) -> None:
        self.close_connection = True
        if quietly:
            self.wfile.write(b"0\r\n\r\n")
            return
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        # The reset is sent when the last reference goes.
        self.connection.shutdown(socket.SHUT_RD)
        self.connection.close()

    def log_message(self, *_: object) -> None:
        pass


def _handler(
    script: Callable[[Request], Script], pages: Mapping[str, object], key: str, stop: threading.Event
) -> type[_Handler]:
    class Handler(_Handler):
        pass

    Handler.script, Handler.pages, Handler.key, Handler.stop = staticmethod(script), pages, key, stop
    return Handler
