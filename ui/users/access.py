"""Who may come in where others reach the server: everybody, or with a login."""

from __future__ import annotations

import hashlib
import re
import secrets

from ui.guard.asgi import Incoming
from ui.users.file import Users
from ui.users.identity import VISITOR, Visitor
from ui.users.lockout import Lockout
from ui.users.passwords import hash_key, is_right
from ui.users.sessions import Sessions

_SESSION = "reportqa-session"
_BROWSER = "reportqa-visitor"
_TOKEN = re.compile(r"[\w-]{20,64}", re.ASCII)
_YEAR_S = 365 * 24 * 3600


class OpenAccess:
    """Everybody may come in; each browser is a visitor of its own."""

    has_login = False

    def __init__(self, *, allow_changes: bool = False) -> None:
        self._allow_changes = allow_changes

    def visitor(self, request: Incoming) -> Visitor | None:
        """The browser's visitor; without its cookie, which the page's answer sets, a new one."""
        token = request.cookie(_BROWSER)
        name = _visitor_name(token if _TOKEN.fullmatch(token) else secrets.token_urlsafe(32))
        return Visitor(name, is_admin=self._allow_changes)

    def cookie(self, request: Incoming, visitor: Visitor | None) -> str:
        """A random name for a browser that opens the page and has none yet."""
        if request.path != "/" or _TOKEN.fullmatch(request.cookie(_BROWSER)):
            return ""
        return _cookie(_BROWSER, secrets.token_urlsafe(32), request, _YEAR_S)


class LoginAccess:
    """Only users of ``users`` may come in: with a session, or with an API key.

    :param lockout: counts failed logins. :param sessions: the logged-in browsers.
    """

    has_login = True

    def __init__(self, users: Users, *, sessions: Sessions | None = None, lockout: Lockout | None = None) -> None:
        self._users = users
        self._sessions = sessions or Sessions()
        self.lockout = lockout or Lockout()

    def visitor(self, request: Incoming) -> Visitor | None:
        """The user whose key or whose session's cookie ``request`` carries."""
        scheme, _, key = request.header("authorization").partition(" ")
        if scheme.lower() == "bearer":
            user = self._users.with_key(hash_key(key.strip()))
            return Visitor(user.name, user.admin, by_key=True) if user else None
        found = self._sessions.find(request.cookie(_SESSION))
        user = self._users.find(found[0]) if found else None
        if found is None or user is None or user.password != found[1]:
            return None
        return Visitor(user.name, user.admin)

    def cookie(self, request: Incoming, visitor: Visitor | None) -> str:
        """None but at the login."""
        return ""

    def log_in(self, name: str, password: str, request: Incoming) -> str:
        """A Set-Cookie value for a right password, else nothing. Takes about as long for an unknown user.

        The session that ``request`` came with ends.
        """
        user = self._users.find(name)
        if not is_right(password, user.password if user else None) or user is None:
            return ""
        self._sessions.end(request.cookie(_SESSION))
        return _cookie(_SESSION, self._sessions.start(user.name, user.password), request)

    def log_out(self, request: Incoming) -> str:
        """A Set-Cookie value that takes the session's cookie away; the session ends."""
        self._sessions.end(request.cookie(_SESSION))
        return _cookie(_SESSION, "", request, 0)


def _visitor_name(token: str) -> str:
    # The name is seen by others, in feedback say, and must not tell the cookie.
    return VISITOR + hashlib.sha256(token.encode()).hexdigest()[:16]


def _cookie(name: str, value: str, request: Incoming, max_age_s: int | None = None) -> str:
    parts = [f"{name}={value}", "Path=/", "HttpOnly", "SameSite=Strict"]
    if max_age_s is not None:
        parts.append(f"Max-Age={max_age_s}")
    return "; ".join([*parts, "Secure"] if request.is_secure else parts)
