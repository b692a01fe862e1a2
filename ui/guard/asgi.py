"""A request as the guard sees it, and short answers of the guard's own."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Incoming:
    """Method, path (decoded once, without the query), headers and sender of a request.

    ``headers`` has lower-case names and for each the values in the order they came. ``address`` is
    the sender's IP address, never taken from a forwarded header.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, tuple[str, ...]]
    address: str
    is_secure: bool

    @classmethod
    def of(cls, scope: Scope) -> Incoming:
        """Read an HTTP scope."""
        headers: dict[str, tuple[str, ...]] = {}
        for name, value in scope["headers"]:
            key = name.decode("latin-1").lower()
            headers[key] = (*headers.get(key, ()), value.decode("latin-1"))
        client = scope.get("client")
        return cls(
            method=scope["method"],
            path=scope["path"],
            query=scope.get("query_string", b"").decode("latin-1"),
            headers=headers,
            address=client[0] if client else "",
            is_secure=scope.get("scheme") == "https",
        )

    def header(self, name: str) -> str:
        """The only value of a header; empty without one and where there are several."""
        values = self.headers.get(name, ())
        return values[0] if len(values) == 1 else ""

    @property
    def has_body(self) -> bool:
        """Whether anything comes behind the headers."""
        return "transfer-encoding" in self.headers or self.headers.get("content-length", ("0",)) != ("0",)

    def cookie(self, name: str) -> str:
        """Value of a cookie, empty without it."""
        try:
            cookies = SimpleCookie("; ".join(self.headers.get("cookie", ())))
        except CookieError:
            return ""
        return cookies[name].value if name in cookies else ""

    def parameter(self, name: str) -> str:
        """First value of a parameter of the query, empty without it."""
        return parse_qs(self.query).get(name, [""])[0]


@dataclass(frozen=True, slots=True)
class Refusal(Exception):  # noqa: N818 - it is an answer, not a fault
    """Why a request is not passed on: HTTP status, words for whoever reads the answer, and headers."""

    status: int
    words: str = "Forbidden"
    headers: tuple[tuple[str, str], ...] = ()

    async def answer(self, send: Send, path: str = "") -> None:
        """Send it in the form that a client of ``path`` reads: Gradio's, OpenAI's or plain text."""
        kind, body = "application/json", {"detail": self.words}
        if path.startswith("/v1/"):
            body = {"error": {"message": self.words, "type": "invalid_request_error", "param": None, "code": None}}
        data = json.dumps(body, ensure_ascii=False).encode()
        if not path.startswith(("/v1/", "/gradio_api/")):
            kind, data = "text/plain; charset=utf-8", self.words.encode()
        headers = [("content-type", kind), ("content-length", str(len(data))), *self.headers]
        encoded = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        await send({"type": "http.response.start", "status": self.status, "headers": encoded})
        await send({"type": "http.response.body", "body": data})
