"""How many requests a token may make, counted in the cache; without the cache nobody is refused.

Headers as in draft-ietf-httpapi-ratelimit-headers. A 304 costs nothing.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import structlog
from django.core.cache import cache

from claims.api.problems import Problem

MOST = 600
WINDOW_S = 60
AWAY_S = 30
"""After a failure the cache is left alone for so long: a frozen one costs two seconds a call."""

log = structlog.get_logger(__name__)

_Value = TypeVar("_Value")


class Tally:
    """Counts in the cache, for as long as it answers."""

    def __init__(self) -> None:
        self.away_until_s = 0.0

    def used(self, key: str) -> int:
        """Return what was counted under a key."""
        return self._ask(lambda: int(cache.get(key, 0)), otherwise=0)

    def add(self, key: str) -> None:
        """Count one."""
        self._ask(lambda: _increment(key), otherwise=0)

    def _ask(self, question: Callable[[], _Value], *, otherwise: _Value) -> _Value:
        if time.monotonic() < self.away_until_s:
            return otherwise
        try:
            return question()
        except Exception:
            log.warning("the cache is away: requests are not counted", exc_info=True)
            self.away_until_s = time.monotonic() + AWAY_S
            return otherwise


TALLY = Tally()


def _increment(key: str) -> int:
    try:
        return cache.incr(key)
    except ValueError:  # nobody has counted under this key yet
        cache.add(key, 1, timeout=2 * WINDOW_S)
        return 1


@dataclass(frozen=True, slots=True)
class Pace:
    """Where one caller stands in the current window of a minute."""

    key: str
    used: int
    ends_in_s: int

    @classmethod
    def of(cls, caller: str) -> "Pace":
        """Return where `caller` (a token's prefix or a person's reference) stands now."""
        window, passed_s = divmod(int(time.time()), WINDOW_S)
        key = f"pace:{caller}:{window}"
        return cls(key, TALLY.used(key), WINDOW_S - passed_s)

    def require(self) -> None:
        """Refuse a caller who has used up the window."""
        if self.used >= MOST:
            raise Problem(
                "too_many_requests",
                f"At most {MOST} requests in {WINDOW_S} seconds; answers of 304 are free.",
                headers={"Retry-After": str(self.ends_in_s)},
            )

    def count(self) -> None:
        """Count one request."""
        TALLY.add(self.key)

    def headers(self, *, counted: bool) -> dict[str, str]:
        """Return the RateLimit headers; `counted` says whether this request cost one."""
        left = max(0, MOST - self.used - int(counted))
        return {
            "RateLimit-Policy": f'"default";q={MOST};w={WINDOW_S}',
            "RateLimit": f'"default";r={left};t={self.ends_in_s}',
        }
