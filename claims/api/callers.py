"""Who a bearer token acts for, and with what rights now: one look at the record."""

from dataclasses import dataclass
from typing import NamedTuple

from django.db import InterfaceError, OperationalError, connection
from django.db.models.functions import Now

from claims.access import actor_by_token
from claims.models import ApiToken
from claims.queries.statements import Statement
from claims.types import Actor

USE_NOTED_EVERY_S = 60

# As SQL: of what an idle poll costs, building such a statement anew each time would be half.
_FOUND = Statement(
    f"""
SELECT t.id AS token_id, t.prefix, t.digest, t.scopes, t.networks,
       t.revoked_at IS NOT NULL AS is_revoked, t.expires_at <= now() AS is_expired,
       coalesce(t.last_used_at < now() - interval '{USE_NOTED_EVERY_S} s', true) AS is_use_to_note,
       u.id AS user_id, u.reference, u.is_active, u.username,
       trim(u.first_name || ' ' || u.last_name) AS full_name,
       d.slug AS desk, d.name AS desk_name, m.role
FROM claims_apitoken t
JOIN claims_user u ON u.id = t.user_id
JOIN claims_desk d ON d.id = t.desk_id
LEFT JOIN claims_membership m
    ON m.user_id = t.user_id AND m.desk_id = t.desk_id AND m.ended_at IS NULL
WHERE t.prefix = $1
""",  # noqa: S608 - a number of our own
    {"prefix": "text"},
)


class Row(NamedTuple):
    """A token's row with its person, its desk, and the role they hold there, if any."""

    token_id: int
    prefix: str
    digest: bytes
    scopes: list[str]
    networks: list[str]
    is_revoked: bool
    is_expired: bool
    is_use_to_note: bool
    user_id: int
    reference: str
    is_active: bool
    username: str
    full_name: str
    desk: str
    desk_name: str
    role: str | None


@dataclass(frozen=True, slots=True)
class Caller:
    """A live token: its public prefix, its desk's slug and name, and who it acts as."""

    prefix: str
    desk: str
    desk_name: str
    actor: Actor


def token_row(prefix: str) -> Row | None:
    """Return what is on record under a token's prefix."""
    # it shows by itself whether a kept connection still lives: that is not asked before
    connection.health_check_done = True  # type: ignore[attr-defined]  # the stubs leave it out
    try:
        found = _FOUND.rows(prefix=prefix)
    except (OperationalError, InterfaceError):
        if connection.in_atomic_block:
            raise
        connection.close()
        found = _FOUND.rows(prefix=prefix)
    return Row(*found[0]) if found else None


def caller_of(row: Row) -> Caller:
    """Return the token's person, narrowed to its desk and scopes."""
    actor = actor_by_token(
        token_id=row.token_id,
        scopes=row.scopes,
        desk=row.desk,
        role=row.role,
        user_id=row.user_id,
        reference=row.reference,
        name=row.full_name or row.username,
    )
    return Caller(row.prefix, row.desk, row.desk_name, actor)


def note_use(row: Row) -> None:
    """Note that a token is in use: at most once a minute, and no fact of the record."""
    if row.is_use_to_note:
        ApiToken.objects.filter(pk=row.token_id).update(last_used_at=Now())
