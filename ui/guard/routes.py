"""The routes that are answered; all else gets 403.

Above all ``/gradio_api/proxy=`` and addresses behind ``/gradio_api/file=`` are not on the list: they
fetch from other machines. To add a route, add a line to :data:`OURS`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["page", "asset", "event", "question", "upload", "login"]

KIB, MIB = 1 << 10, 1 << 20
READ = ("GET", "HEAD")


@dataclass(frozen=True, slots=True)
class Route:
    """``path`` as a regular expression for the whole of a decoded path.

    :param kind: which limit counts its requests; only an ``asset`` may be kept by the browser.
    :param open: answered without a login.
    :param max_body: largest body in bytes.
    """

    path: str
    methods: tuple[str, ...] = READ
    kind: Kind = "page"
    open: bool = False
    max_body: int = 0


_NAME = r"[\w.\-]+"
_BELOW = rf"(?:{_NAME}/)*{_NAME}"  # a path below a folder: no "..", no "//", nothing encoded
_EVENT = {"methods": ("POST",), "kind": "event"}

GRADIO = (
    Route("/"),
    Route("/config/?"),
    Route("/theme.css|/favicon.ico|/manifest.json|/robots.txt", kind="asset"),
    Route(rf"/(?:assets|static)/{_BELOW}", kind="asset"),
    Route("/gradio_api/(?:info|openapi.json)"),
    Route(rf"/gradio_api/heartbeat/{_NAME}"),
    Route("/gradio_api/queue/data"),
    Route("/gradio_api/upload_progress"),
    Route("/gradio_api/file=/.+"),  # of this process's uploads only, see ui.guard.files
    Route("/gradio_api/queue/join", ("POST",), "event", max_body=MIB),
    Route("/gradio_api/(?:cancel|reset)", ("POST",), "event", max_body=16 * KIB),
    Route("/gradio_api/upload", ("POST",), "upload", max_body=1024 * MIB),
)
OURS = (
    Route("/healthz", open=True),
    Route("/source"),
    Route("/page/.+"),
    Route("/download/.+"),
    Route("/v1/models(?:/.+)?"),
    Route("/v1/chat/completions", ("POST",), "question", max_body=MIB),
    Route("/gradio_api/call/(?:v2/)?query", ("POST",), "question", max_body=MIB),
    Route("/gradio_api/call/(?:v2/)?reports", ("POST",), "event", max_body=16 * KIB),
    Route(rf"/gradio_api/call/(?:v2/)?(?:query|reports)/{_NAME}"),
)
LOGIN = (
    Route("/login", (*READ, "POST"), "login", open=True, max_body=8 * KIB),
    Route("/login.css", kind="asset", open=True),
    Route("/logout", (*READ, "POST"), "login", open=True, max_body=8 * KIB),
)
MCP = (Route("/gradio_api/mcp/?", ("GET", "POST", "DELETE"), "event", max_body=MIB),)


class Routes:
    """A table of routes that finds the one of a request."""

    def __init__(self, *tables: Sequence[Route]) -> None:
        self._routes = [(re.compile(route.path), route) for table in tables for route in table]

    def find(self, method: str, path: str) -> Route | None:
        """The route of a request; None where there is none, or none for ``method``."""
        if ".." in path.split("/") or "\\" in path or "\x00" in path:
            return None
        for pattern, route in self._routes:
            if method in route.methods and pattern.fullmatch(path):
                return route
        return None


def is_needed(path: str) -> bool:
    """Whether the pages use this path (decoded, without the query), whatever the method."""
    table = Routes(GRADIO, OURS)
    return any(table.find(method, path) for method in ("GET", "POST"))
