"""HTTP to the endpoint that the user named, and to nowhere else.

No proxy, password file or other setting of the environment is used, no redirect is followed, and of the
headers that a client library adds only those that the protocol needs are sent.
"""

from __future__ import annotations

import logging
import ssl
from typing import TYPE_CHECKING, Any

from rag.errors import ConfigError
from rag.llm.key import Key

if TYPE_CHECKING:
    import httpx

_SENT = {"host", "accept", "content-type", "content-length", "user-agent"}
_CONNECT_S = 10.0
_TALKATIVE = ("httpcore", "httpx", "openai")


def base_url(given: str) -> str:
    """The address of an API as it is used: without a slash at its end, with ``/v1`` if it has no path.

    :raises ConfigError: it is no http(s) address, or holds a password, a query or a fragment.
    """
    import httpx

    try:
        url = httpx.URL(given)
    except httpx.InvalidURL:
        url = httpx.URL("")
    if url.scheme not in ("http", "https") or not url.host:
        raise ConfigError(f'"{given}" is no address of an API: write one such as http://127.0.0.1:11434/v1')
    if url.userinfo or url.query or url.fragment:
        raise ConfigError(
            f"The address of {url.host} holds more than host, port and path. "
            "A key belongs in REPORTQA_LLM_KEY, not in the address."
        )
    path = url.path.rstrip("/") or "/v1"
    return str(url.copy_with(path=path))


def client(key: Key, timeout_s: float) -> httpx.Client:
    """For single requests."""
    import httpx

    return httpx.Client(event_hooks={"request": [_only(key)]}, timeout=timeout_s, **_options(httpx))


def streaming_client(key: Key) -> httpx.AsyncClient:
    """For replies that come in pieces; only connecting has a time limit."""
    import httpx

    only = _only(key)

    async def hook(request: httpx.Request) -> None:
        only(request)
        # Here, as a library on the way sets its own.
        request.extensions["timeout"] = httpx.Timeout(None, connect=_CONNECT_S).as_dict()

    return httpx.AsyncClient(event_hooks={"request": [hook]}, **_options(httpx))


def _only(key: Key) -> Any:
    def hook(request: httpx.Request) -> None:
        for name in [name for name in request.headers if name.lower() not in _SENT]:
            del request.headers[name]
        # Not compressed: small pieces would be held back until a block is full.
        request.headers.update({"Accept-Encoding": "identity", "Connection": "close", **key.header()})

    return hook


def _options(httpx: Any) -> dict[str, Any]:
    for name in _TALKATIVE:  # at the level of debugging they write down prompts, and whatever an endpoint sends back
        if logging.getLogger(name).level == logging.NOTSET:
            logging.getLogger(name).setLevel(logging.WARNING)
    # llama.cpp closes a connection after a reply without saying so: each request takes a new one.
    limits = httpx.Limits(max_keepalive_connections=0)
    return {"trust_env": False, "follow_redirects": False, "limits": limits, "verify": ssl.create_default_context()}
