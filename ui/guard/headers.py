"""The headers of every response, and the content security policy of a page."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping

from ui.guard.asgi import Message, Send

_HEADERS = {
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    # Other sites are told nothing. With "no-referrer" a browser would leave out the origin of a form as well.
    b"referrer-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"cross-origin-opener-policy": b"same-origin",
    b"permissions-policy": b"camera=(), microphone=(), geolocation=(), payment=(), usb=(), display-capture=()",
}
_MAY_DIFFER = frozenset({b"content-security-policy"})  # a page of our own may have a stricter one
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


def policy(html: bytes = b"") -> str:
    """Write the content security policy of a response; it allows the inline scripts of ``html`` by hash."""
    hashes = "".join(f" 'sha256-{_digest(body)}'" for body in _INLINE_SCRIPT.findall(html))
    rules: Mapping[str, str] = {**_POLICY, "script-src": _POLICY["script-src"] + hashes}
    return "; ".join(f"{name} {sources}" for name, sources in rules.items())


def _digest(script: bytes) -> str:
    # A browser hashes what its parser saw, and that has no carriage returns.
    return base64.b64encode(hashlib.sha256(script.replace(b"\r\n", b"\n")).digest()).decode()


class Response:
    """Sets the headers of one response; holds a whole HTML page back to hash its scripts.

    ``store`` lets the browser keep the response; ``cookie`` is a Set-Cookie header's value, or empty.
    """

    def __init__(self, send: Send, *, store: bool = False, cookie: str = "") -> None:
        self._send = send
        self._more: list[tuple[bytes, bytes]] = [(b"set-cookie", cookie.encode("latin-1"))] if cookie else []
        self._ours = _HEADERS if store else {**_HEADERS, b"cache-control": b"no-store"}
        self._held: Message | None = None
        self._body = b""
        self.has_started = False

    async def send(self, message: Message) -> None:
        """Send on what the application sends."""
        if message["type"] == "http.response.start":
            self.has_started = True
            headers = dict(message["headers"])
            is_page = headers.get(b"content-type", b"").startswith(b"text/html")
            if is_page and b"content-encoding" not in headers:
                self._held = message
            else:
                await self._send(self._with_headers(message))
        elif self._held is None:
            await self._send(message)
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._send_page(self._held)

    async def _send_page(self, start: Message) -> None:
        page = _OUTSIDE.sub(b"", self._body)
        await self._send(self._with_headers(start, page))
        await self._send({"type": "http.response.body", "body": page})

    def _with_headers(self, start: Message, page: bytes | None = None) -> Message:
        ours = {**self._ours, b"content-security-policy": policy(page or b"").encode()}
        if page is not None:
            ours[b"content-length"] = str(len(page)).encode()
        given = {name.lower() for name, _ in start["headers"]}
        ours = {name: value for name, value in ours.items() if name not in given & _MAY_DIFFER}
        kept = [(name, value) for name, value in start["headers"] if name.lower() not in ours]
        return {**start, "headers": [*kept, *ours.items(), *self._more]}
