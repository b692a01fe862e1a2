"""Names under which the server answers, and whether a request comes from its own pages."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Sequence
from urllib.parse import urlsplit

from ui.guard.asgi import Incoming


def is_loopback(host: str) -> bool:
    """Whether a server bound to ``host`` can be reached from this machine alone."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


class Hosts:
    """Names of a server bound to ``host``; ``names`` are others that it goes by, such as a proxy's."""

    def __init__(self, host: str, names: Sequence[str] = ()) -> None:
        self._host = host.strip("[]").lower()
        self._names = {name.lower() for name in names}

    def sent(self, request: Incoming) -> bool:
        """Against DNS rebinding and other sites' pages: Host is ours, and Origin, if any, is that Host."""
        hosts, origins = request.headers.get("host", ()), request.headers.get("origin", ())
        if len(hosts) != 1 or not self.is_own_name(hosts[0]):
            return False
        if any(not _is_same(origin, hosts[0]) for origin in origins):
            return False
        # A browser tells where a request comes from even where it leaves Origin out.
        site = request.headers.get("sec-fetch-site", ("same-origin",))
        return request.method in {"GET", "HEAD"} or site == ("same-origin",)

    def is_own_name(self, netloc: str) -> bool:
        """Whether the value of a Host header names this server."""
        try:
            name = (urlsplit(f"//{netloc}").hostname or "").lower()
        except ValueError:
            return False
        if "@" in netloc:
            return False
        if is_loopback(name) or name == self._host or name in self._names:
            return True
        if self._host not in {"0.0.0.0", "::"}:  # noqa: S104 - compared, not bound
            return False
        # Bound to all addresses: rebinding needs a name, so an address is safe.
        return name == socket.gethostname().lower() or _is_address(name)


def _is_same(origin: str, host: str) -> bool:
    try:
        return urlsplit(origin).netloc.lower() == host.lower()
    except ValueError:
        return False


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
