"""How many requests a token may make, counted in the cache; without the cache nobody is refused.

Headers as in draft-ietf-httpapi-ratelimit-headers. A 304 costs nothing.
"""

import time
from dataclasses import dataclass, replace
from typing import Any
from weakref import WeakKeyDictionary

import structlog
from django.core.cache import BaseCache, caches

from claims.api.problems import Problem

MOST = 600
WINDOW_S = 60
AWAY_S = 30
"""After a failure the cache is left alone for so long: a frozen one costs two seconds a call."""

log = structlog.get_logger(__name__)


class Tally:
    """Counts in the cache, for as long as it answers."""

    def __init__(self) -> None:
        self.away_until_s = 0.0

    def add(self, key: str, number: int) -> int:
        """Add to what is counted under a key; return the sum, 0 while the cache is away."""
        if time.monotonic() < self.away_until_s:
            return 0
        try:
            return _add(key, number)
        except Exception:
            log.warning("the cache is away: requests are not counted", exc_info=True)
            self.away_until_s = time.monotonic() + AWAY_S
            return 0


TALLY = Tally()
_clients: WeakKeyDictionary[BaseCache, Any] = WeakKeyDictionary()


def _add(key: str, number: int) -> int:
    backend = caches["default"]
    kept = backend.make_key(key)
    client = _client_of(backend)
    counted = int(client.incr(kept, number))
    if counted == number:  # nobody has counted under this key yet
        client.expire(kept, 2 * WINDOW_S)
    return counted


def _client_of(backend: Any) -> Any:
    """Return the client of a thread's cache: the framework makes one a call, for more than it asks.

    And its `incr` looks first whether there is a key, which is a second question.
    """
    if backend not in _clients:
        _clients[backend] = backend._cache.get_client(write=True)  # noqa: SLF001 - no other way to it
    return _clients[backend]


@dataclass(frozen=True, slots=True)
class Pace:
    """Where one caller stands in the current window of a minute, this request counted."""

    key: str
    used: int
    ends_in_s: int

    @classmethod
    def of(cls, caller: str) -> "Pace":
        """Count a request of `caller` (a token's prefix or a person's reference)."""
        window, passed_s = divmod(int(time.time()), WINDOW_S)
        key = f"pace:{caller}:{window}"
        return cls(key, TALLY.add(key, 1), WINDOW_S - passed_s)

    def require(self) -> None:
        """Refuse a caller who has used up the window."""
        if self.used > MOST:
            raise Problem(
                "too_many_requests",
                f"At most {MOST} requests in {WINDOW_S} seconds; answers of 304 are free.",
                headers={"Retry-After": str(self.ends_in_s)},
            )

    def given_back(self) -> "Pace":
        """Return where the caller stands when this request was free after all."""
        TALLY.add(self.key, -1)
        return replace(self, used=self.used - 1)

    def headers(self) -> dict[str, str]:
        """Return the RateLimit headers."""
        left = max(0, MOST - self.used)
        return {
            "RateLimit-Policy": f'"default";q={MOST};w={WINDOW_S}',
            "RateLimit": f'"default";r={left};t={self.ends_in_s}',
        }
