"""How much one user, or one address where nobody logs in, may ask for."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from ui.guard.routes import Kind

_KNOWN = 10_000  # users and addresses remembered, the latest ones


@dataclass(frozen=True, slots=True)
class Rate:
    """``burst`` requests at once, and then ``per_minute``."""

    burst: int
    per_minute: float


RATES: Mapping[Kind, Rate] = {
    "question": Rate(15, 30),
    "event": Rate(120, 600),
    "upload": Rate(40, 60),
    "login": Rate(20, 30),
}


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of a server; no ``rates`` means that a request is never too many.

    :param suffixes: of the files that may be uploaded, in lower case; None for all.
    :param file_bytes: largest file. :param files: files in one upload. :param name_chars: of a file's name.
    :param folder_bytes: of all uploads that are kept at a time.
    :param body_s: seconds that a client may pause while it sends a body.
    """

    rates: Mapping[Kind, Rate] = field(default_factory=lambda: RATES)
    suffixes: Collection[str] | None = None
    file_bytes: int = 50_000_000
    files: int = 50
    folder_bytes: int = 5_000_000_000
    name_chars: int = 255
    body_s: float = 20.0


class Buckets:
    """Token buckets, one for each kind of request and each sender; safe to use from several threads."""

    def __init__(self, rates: Mapping[Kind, Rate], clock: Callable[[], float] = time.monotonic) -> None:
        self._rates = rates
        self._clock = clock
        self._left: OrderedDict[tuple[Kind, str], tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, kind: Kind, sender: str) -> float:
        """Take one request from what ``sender`` has left; else the seconds until it has one again."""
        rate = self._rates.get(kind)
        if rate is None:
            return 0.0
        with self._lock:
            now = self._clock()
            left, since = self._left.pop((kind, sender), (float(rate.burst), now))
            left = min(rate.burst, left + (now - since) * rate.per_minute / 60)
            wait = 0.0 if left >= 1 else (1 - left) * 60 / rate.per_minute
            self._left[kind, sender] = (left - 1 if wait == 0.0 else left, now)
            if len(self._left) > _KNOWN:
                self._left.popitem(last=False)
            return wait


class Sessions:
    """Whose a page's session is: the first who used its name, so that nobody listens to another's."""

    def __init__(self) -> None:
        self._owners: OrderedDict[str, str] = OrderedDict()
        self._lock = threading.Lock()

    def is_of(self, session: str, user: str) -> bool:
        """Whether ``session`` is ``user``'s, or new and from now on is."""
        with self._lock:
            owner = self._owners.setdefault(session, user)
            self._owners.move_to_end(session)
            if len(self._owners) > _KNOWN:
                self._owners.popitem(last=False)
            return owner == user
