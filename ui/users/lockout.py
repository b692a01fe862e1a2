"""Failed logins are slowed down and then refused for a while."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

WINDOW_S = 600.0
FREE = 4  # failures of a user from one address before it must wait, 1 s and twice as long each time
_KNOWN = 10_000


class Lockout:
    """Counts failures of the last ten minutes; safe to use from several threads.

    Ten of a user from one address are refused until the first is ten minutes old; so are 30 from one
    address, and 50 of a user from wherever: so many that guessing is hopeless, and that nobody can
    keep a user out with a few wrong passwords of his own.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures: OrderedDict[tuple[str, str], list[float]] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, user: str, address: str) -> float:
        """Seconds to wait before this attempt is heard; 0 when it is, and then it counts as failed.

        Counted before the password is checked, so that attempts at the same time are not all heard.
        """
        user = user.casefold()
        limits = {(user, address): 10, ("", address): 30, (user, ""): 50}
        with self._lock:
            now = self._clock()
            wait = max(self._wait(key, limit, now) for key, limit in limits.items())
            if wait <= 0:
                for key in limits:
                    self._failures.setdefault(key, []).append(now)
                    self._failures.move_to_end(key)
                while len(self._failures) > _KNOWN:
                    self._failures.popitem(last=False)
            return max(0.0, wait)

    def succeeded(self, user: str, address: str) -> None:
        """The attempt begun last was no failure; nor do the user's earlier ones from there count any more."""
        user = user.casefold()
        with self._lock:
            mine = len(self._failures.pop((user, address), []))
            for key, taken in ((("", address), 1), ((user, ""), mine)):
                if key in self._failures:
                    self._failures[key] = self._failures[key][:-taken] if taken else self._failures[key]

    def _wait(self, key: tuple[str, str], limit: int, now: float) -> float:
        recent = [at for at in self._failures.get(key, []) if now - at < WINDOW_S]
        if key in self._failures:
            self._failures[key] = recent
        if len(recent) >= limit:
            return recent[-limit] + WINDOW_S - now
        if all(key) and len(recent) >= FREE:
            return recent[-1] + 2.0 ** (len(recent) - FREE) - now
        return 0.0
