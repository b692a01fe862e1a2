"""A middleware that keeps the page on this machine.

Gradio sends no security headers, accepts any ``Host`` and fetches outside addresses for
``/gradio_api/file=https://…``. In front of it, :class:`Guard` answers only the routes that the
page needs, only under names of this machine and only for requests of its own pages, and every
response carries a strict content security policy.
"""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import re
import socket
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any
from urllib.parse import urlsplit

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]

# What the page asks for, seen in a browser. All else is refused: above all /gradio_api/file= and
# /gradio_api/proxy=, which fetch other addresses, and uploads, which nothing here reads.
PAGES = frozenset({"/", "/config", "/theme.css", "/favicon.ico", "/manifest.json", "/robots.txt"})
API = frozenset(f"/gradio_api/{name}" for name in ("queue/join", "queue/data", "cancel", "info"))
FOLDERS = ("/assets/", "/static/", "/gradio_api/heartbeat/")

_HEADERS = {
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-resource-policy": b"same-origin",
}
_POLICY = {
    "default-src": "'self'",
    # Gradio's HTML component compiles its template in the browser, hence 'unsafe-eval'. Inline
    # scripts run only by hash, so that an injected handler (onerror=…) stays dead.
    "script-src": "'self' 'unsafe-eval'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
_INLINE_SCRIPT = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
# Social-media cards and fonts of Gradio's template, which name outside hosts.
_OUTSIDE = re.compile(
    rb'<meta\s+(?:property|name)="(?:og|twitter):[^>]*>|<link\s[^>]*href="https?://[^>]*>'
    rb'|<script\s[^>]*src="https?://[^>]*>\s*</script>'
)


def is_loopback(host: str) -> bool:
    """Whether a server bound to ``host`` can be reached from this machine alone."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


class Guard:
    """Wraps ``app``, which is bound to ``host``; other requests than the page's get 403."""

    def __init__(self, app: AsgiApp, host: str = "127.0.0.1") -> None:
        self._app = app
        self._host = host.strip("[]").lower()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, answer 403, or (for a websocket, which the page does not use) close."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
        elif not (is_needed(scope["path"]) and self._is_ours(scope)):
            await _refuse(send)
        else:
            # Gradio builds addresses from forwarded headers; there is no proxy to set them.
            headers = [pair for pair in scope["headers"] if not pair[0].startswith(b"x-forwarded-")]
            await self._app({**scope, "headers": headers}, receive, _Response(send).send)

    def _is_ours(self, scope: Scope) -> bool:
        """Against DNS rebinding and other sites' pages: Host is ours, and Origin, if any, is that Host."""
        values: dict[bytes, list[str]] = {}
        for name, value in scope["headers"]:
            values.setdefault(name.lower(), []).append(value.decode("latin-1"))
        hosts, origins = values.get(b"host", []), values.get(b"origin", [])
        if len(hosts) != 1 or not self._is_own_name(hosts[0]):
            return False
        if any(urlsplit(origin).netloc.lower() != hosts[0].lower() for origin in origins):
            return False
        # A browser tells where a request comes from even where it leaves Origin out.
        site = values.get(b"sec-fetch-site", ["same-origin"])
        return scope["method"] in {"GET", "HEAD"} or site == ["same-origin"]

    def _is_own_name(self, netloc: str) -> bool:
        try:
            name = (urlsplit(f"//{netloc}").hostname or "").lower()
        except ValueError:
            return False
        if is_loopback(name) or name == self._host:
            return True
        if self._host not in {"0.0.0.0", "::"}:  # noqa: S104 — compared, not bound
            return False
        # Bound to all addresses: rebinding needs a name, so an address is safe.
        return name == socket.gethostname().lower() or _is_address(name)


def is_needed(path: str) -> bool:
    """Whether the page uses this path (decoded, without the query)."""
    return path in PAGES or path in API or (path.startswith(FOLDERS) and ".." not in path)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def policy(html: bytes = b"") -> str:
    """Write the content security policy of a response; it allows the inline scripts of ``html`` by hash."""
    hashes = "".join(f" 'sha256-{_digest(body)}'" for body in _INLINE_SCRIPT.findall(html))
    rules: Mapping[str, str] = {**_POLICY, "script-src": _POLICY["script-src"] + hashes}
    return "; ".join(f"{name} {sources}" for name, sources in rules.items())


def _digest(script: bytes) -> str:
    # A browser hashes what its parser saw, and that has no carriage returns.
    return base64.b64encode(hashlib.sha256(script.replace(b"\r\n", b"\n")).digest()).decode()


async def _refuse(send: Send) -> None:
    body = b"Forbidden"
    headers = [(b"content-type", b"text/plain"), (b"content-length", str(len(body)).encode())]
    response = _Response(send)
    await response.send({"type": "http.response.start", "status": 403, "headers": headers})
    await response.send({"type": "http.response.body", "body": body})


class _Response:
    """Sets the headers of one response; holds a whole HTML page back to hash its scripts."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._held: Message | None = None
        self._body = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = dict(message["headers"])
            is_page = headers.get(b"content-type", b"").startswith(b"text/html")
            if is_page and b"content-encoding" not in headers:
                self._held = message
            else:
                await self._send(_with_headers(message))
        elif self._held is None:
            await self._send(message)
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._send_page(self._held)

    async def _send_page(self, start: Message) -> None:
        page = _OUTSIDE.sub(b"", self._body)
        await self._send(_with_headers(start, page))
        await self._send({"type": "http.response.body", "body": page})


def _with_headers(start: Message, page: bytes | None = None) -> Message:
    ours = {**_HEADERS, b"content-security-policy": policy(page or b"").encode()}
    if page is not None:
        ours[b"content-length"] = str(len(page)).encode()
    kept = [(name, value) for name, value in start["headers"] if name.lower() not in ours]
    return {**start, "headers": kept + list(ours.items())}
