"""Who may come in, as the guard asks it."""

from __future__ import annotations

from typing import Protocol

from ui.guard.asgi import Incoming
from ui.users.identity import LOCAL, Visitor


class Access(Protocol):
    """Tells who sent a request."""

    has_login: bool

    def visitor(self, request: Incoming) -> Visitor | None:
        """Who sent ``request``; None for someone who has to log in first."""
        ...

    def cookie(self, request: Incoming, visitor: Visitor | None) -> str:
        """A Set-Cookie value for the answer to ``request``, or nothing."""
        ...


class LocalAccess:
    """Whoever reaches a loopback address is the one local user."""

    has_login = False

    def visitor(self, request: Incoming) -> Visitor | None:
        """The local user, who may do everything."""
        return Visitor(LOCAL, is_admin=True)

    def cookie(self, request: Incoming, visitor: Visitor | None) -> str:
        """None is needed."""
        return ""
