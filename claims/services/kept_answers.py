"""Answers kept for requests that are repeated: one `Idempotency-Key`, one effect.

The answer is written in the transaction of the change itself, so that there is never one without
the other. While that runs, a lock of its key tells a second request that the first is at work.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.db.models.functions import Now

from claims.errors import RuleRefused
from claims.models import KeptAnswer

KEPT_FOR = timedelta(hours=24)
REMOVED_IN_PASSING = 20


class StillAtWork(RuleRefused):
    """The first request under this key has not been answered yet."""


class OtherRequest(RuleRefused):
    """The key was used for another request."""


@dataclass(frozen=True, slots=True)
class Repeatable:
    """A request that may be repeated: who holds the key, the key, and what is asked.

    `holder` is a token's prefix or a person's reference; `asked` the SHA-256 of method, address
    and body.
    """

    holder: str
    key: str
    user_id: int
    asked: bytes


def first_answer(of: Repeatable) -> KeptAnswer | None:
    """Return what the same request was answered before, else None: the caller is the first.

    Called first in the caller's transaction, which ends with the key's lock.

    Raises:
        StillAtWork: another transaction has the key.
        OtherRequest: another request was answered under it.
    """
    if not _has_key(of):
        raise StillAtWork("The first request with this key is still at work.")
    _remove_old(of)
    kept = KeptAnswer.objects.filter(holder=of.holder, key=of.key).first()
    if kept is None:
        return None
    if bytes(kept.asked) != of.asked:
        raise OtherRequest("This key was used for another request; choose a new one.")
    return kept


def keep(of: Repeatable, *, status: int, headers: Mapping[str, str], body: str) -> None:
    """Keep an answer in the running transaction."""
    KeptAnswer.objects.create(
        holder=of.holder,
        key=of.key,
        user_id=of.user_id,
        asked=of.asked,
        status=status,
        headers=dict(headers),
        body=body,
        made_at=Now(),
    )


def _has_key(of: Repeatable) -> bool:
    name = hashlib.sha256(f"{of.holder}\n{of.key}".encode()).digest()[:8]
    with connection.cursor() as cursor:
        number = int.from_bytes(name, "big", signed=True)
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        (has,) = cursor.fetchone()
    return bool(has)


def _remove_old(of: Repeatable) -> None:
    """Remove this key's answer and some others once their time is over."""
    old = KeptAnswer.objects.filter(made_at__lte=Now() - KEPT_FOR)
    old.filter(holder=of.holder, key=of.key).delete()
    some = old.order_by("made_at").select_for_update(skip_locked=True)
    ids = list(some.values_list("pk", flat=True)[:REMOVED_IN_PASSING])
    if ids:
        KeptAnswer.objects.filter(pk__in=ids).delete()
