"""The one door by which anything leaves for the outside: conditional, guarded, bounded requests.

Every connection is judged twice by `addresses.decide`: all addresses of a name before the first
connection, and the very address libcurl is about to connect to, in the socket guard.
"""

from collections.abc import Sequence
from operator import itemgetter

from claims.types import Fetched
from verifier.fetch.fetcher import LIBCURL, Fetcher
from verifier.fetch.verdicts import Verdict, judge
from verifier.types import FetchRequest, Guard, Limits

__all__ = ["LIBCURL", "Fetcher", "Verdict", "fetch", "fetch_many", "judge"]


def fetch_many(requests: Sequence[FetchRequest], *, limits: Limits, guard: Guard) -> list[Fetched]:
    """Look at many pages at once.

    Args:
        requests: What to look at; no page is asked for twice on purpose.
        limits: Bounds of each look and of the batch.
        guard: Where the door may open.

    Returns:
        One Fetched for each request, in their order. Nothing that a server does raises.
    """
    with Fetcher(limits=limits, guard=guard) as fetcher:
        return [fetched for _, fetched in sorted(fetcher.look(requests), key=itemgetter(0))]


def fetch(request: FetchRequest, *, limits: Limits, guard: Guard) -> Fetched:
    """Look at one page; as `fetch_many`."""
    return fetch_many([request], limits=limits, guard=guard)[0]
