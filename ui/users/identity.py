"""Who asks: the guard finds out once for each request, and the pages ask here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

LOCAL = "local"  # the one user of a server that only this machine reaches
VISITOR = "visitor-"  # how the name of a browser begins where nobody logs in
_KEY = "reportqa_visitor"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whoever sent a request: ``name`` owns conversations and feedback, ``is_admin`` may change reports.

    ``by_key`` says that the request came with an API key, so from a program and not from a page.
    """

    name: str
    is_admin: bool
    by_key: bool = False


class Request(Protocol):
    """A ``gr.Request`` or a Starlette request that came through the guard."""

    @property
    def state(self) -> Any:
        """What middlewares know of the request."""
        ...


def visitor_of(request: Request) -> Visitor:
    """Who sent ``request``. Raises PermissionError for a request that did not pass the guard."""
    visitor = getattr(request.state, _KEY, None) if request is not None else None
    if not isinstance(visitor, Visitor):
        # Gradio gives no request to a function whose annotation it cannot resolve.
        raise PermissionError("The request is not there or did not pass the guard, so nobody knows whose it is.")
    return visitor


def user_of(request: Request) -> str:
    """Name of whoever sent ``request``; conversations and feedback belong to it.

    The name of the login; without a login "local" on a server for this machine only, and elsewhere
    "visitor-…", one for each browser. Raises PermissionError as :func:`visitor_of`.
    """
    return visitor_of(request).name


def is_admin(request: Request) -> bool:
    """Whether whoever sent ``request`` may add, change and delete reports. Raises as :func:`visitor_of`."""
    return visitor_of(request).is_admin


def with_visitor(scope: Mapping[str, Any], visitor: Visitor) -> dict[str, Any]:
    """An ASGI ``scope`` as the guard hands it on; a client cannot set what is added."""
    return {**scope, "state": {**scope.get("state", {}), _KEY: visitor}}
