"""Sessions of logged-in browsers, in memory: a restart of the server ends them."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

IDLE_S = 12 * 3600.0
ABSOLUTE_S = 7 * 24 * 3600.0
_KNOWN = 10_000  # the latest used ones stay


@dataclass(slots=True)
class _Session:
    user: str
    password: str  # hash that the user logged in with: another one ends the session
    made: float
    used: float


class Sessions:
    """Logged-in browsers by their token; safe to use from several threads.

    Tokens are kept as hashes. ``clock`` counts seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._sessions: OrderedDict[bytes, _Session] = OrderedDict()
        self._lock = threading.Lock()

    def start(self, user: str, password: str) -> str:
        """A token of 256 random bits for ``user``, who logged in with the hash ``password``."""
        token = secrets.token_urlsafe(32)
        now = self._clock()
        with self._lock:
            self._sessions[_hashed(token)] = _Session(user, password, now, now)
            if len(self._sessions) > _KNOWN:
                self._sessions.popitem(last=False)
        return token

    def find(self, token: str) -> tuple[str, str] | None:
        """User, and hash of the password, of a session that has not ended; it is in use now."""
        key, now = _hashed(token), self._clock()
        with self._lock:
            session = self._sessions.get(key)
            if session is None:
                return None
            if now - session.used > IDLE_S or now - session.made > ABSOLUTE_S:
                del self._sessions[key]
                return None
            session.used = now
            self._sessions.move_to_end(key)
            return session.user, session.password

    def end(self, token: str) -> None:
        """End a session, if there is such."""
        with self._lock:
            self._sessions.pop(_hashed(token), None)


def _hashed(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
