"""Who information comes from: add and grade origins."""

from collections.abc import Mapping

from django.db import connection
from django.db.models import QuerySet

from claims.errors import InvalidInput, NotAllowed, NotFound, RuleRefused
from claims.models import Claim, Desk, Evidence, Origin
from claims.services import fields
from claims.services.edits import Reader, read
from claims.services.ledger import Plain, Text, recording
from claims.services.settle import settle
from claims.states import EntryKind, OriginKind, Reliability, Role
from claims.types import Actor

ORIGIN_FIELDS: dict[str, Reader] = {
    "name": lambda name, value: fields.text_of(
        name, value, most=fields.MOST_LINE, is_required=True
    ),
    "kind": lambda name, value: fields.member(name, value, OriginKind),
    "part_of": fields.origin,
    "reliability": lambda name, value: fields.member(name, value, Reliability),
    "note": lambda name, value: fields.text_of(name, value, most=fields.MOST_NOTE),
}

IDENTIFYING = frozenset({"name", "kind"})


def add_origin(
    actor: Actor, *, values: Mapping[str, object], confidential_at: Desk | None = None
) -> Origin:
    """Put an origin on record.

    Args:
        actor: a fact-checker or editor of any desk.
        values: fields of `ORIGIN_FIELDS`; `name` is required (a pseudonym where confidential).
        confidential_at: the desk a confidential origin belongs to.
    """
    with recording(actor) as record:
        _require_desk_worker(actor)
        if confidential_at is not None and actor.role_at(confidential_at.slug) is None:
            raise NotAllowed("A confidential origin belongs to a desk of one's own.")
        checked = read({"name": "", **values}, ORIGIN_FIELDS)
        origin = Origin.objects.create(
            is_confidential=confidential_at is not None, desk=confidential_at, **checked
        )
        record.add(
            EntryKind.ORIGIN_ADDED,
            desk_only=_desk_only(origin),
            sets={
                origin.reference: {
                    name: _plain(name, getattr(origin, name)) for name in ORIGIN_FIELDS
                }
                | {
                    "is_confidential": origin.is_confidential,
                    "desk": origin.desk.slug if origin.desk else None,
                }
            },
        )
        return origin


def edit_origin(actor: Actor, reference: str, *, values: Mapping[str, object]) -> Origin:
    """Change an origin; every claim that rests on it is settled again.

    Raises:
        InvalidInput: a field is wrong, or `part_of` would close a circle.
    """
    with recording(actor) as record:
        _require_desk_worker(actor)
        touched = list(_resting_on(reference).select_for_update(no_key=True, of=("self",)))
        origin = Origin.objects.select_for_update(no_key=True).filter(reference=reference).first()
        if origin is None or _is_anothers(origin, actor):
            raise NotFound("There is no such origin.")
        checked = read(values, ORIGIN_FIELDS)
        changed = {name: new for name, new in checked.items() if getattr(origin, name) != new}
        if not changed:
            return origin
        for name, value in changed.items():
            setattr(origin, name, value)
        sets = {name: _plain(name, value) for name, value in changed.items()}
        if origin.identity_confirmed_at is not None and IDENTIFYING & changed.keys():
            # Another name may be another person: whoever confirmed it did not confirm this one.
            origin.identity_confirmed_by_id = origin.identity_confirmed_at = None
            sets["identity_confirmed_at"] = None
        _refuse_circle(origin)
        origin.save()
        record.add(
            EntryKind.ORIGIN_EDITED,
            desk_only=_desk_only(origin),
            sets={origin.reference: sets},
        )
        for claim in touched:
            settle(claim, record=record)
        return origin


def confirm_identity(actor: Actor, reference: str) -> Origin:
    """Confirm, as an editor of its desk, that a confidential origin is who it says.

    Raises:
        NotFound: there is no such confidential origin at the actor's desks.
        NotAllowed: the actor does not edit there.
        RuleRefused: it is confirmed already.
    """
    with recording(actor) as record:
        # Claims first, then the origin: the order every writer locks in.
        touched = list(_resting_on(reference).select_for_update(no_key=True, of=("self",)))
        rows = Origin.objects.select_related("desk").filter(reference=reference)
        origin = rows.select_for_update(no_key=True, of=("self",)).first()
        if origin is None or origin.desk is None or _is_anothers(origin, actor):
            raise NotFound("There is no such confidential origin.")
        if actor.role_at(origin.desk.slug) is not Role.EDITOR or not actor.signed_in:
            raise NotAllowed("Only an editor of its desk confirms a confidential origin.")
        if origin.identity_confirmed_at is not None:
            raise RuleRefused("Its identity is confirmed already.")
        origin.identity_confirmed_by_id = actor.user_id
        origin.identity_confirmed_at = record.at
        origin.save(update_fields=["identity_confirmed_by", "identity_confirmed_at"])
        record.add(
            EntryKind.ORIGIN_EDITED,
            desk_only=_desk_only(origin),
            sets={origin.reference: {"identity_confirmed_at": record.at}},
        )
        for claim in touched:
            settle(claim, record=record)
        return origin


def _is_anothers(origin: Origin, actor: Actor) -> bool:
    """Say whether it is a confidential origin of a desk the actor is not at."""
    if not origin.is_confidential:
        return False
    return origin.desk is None or actor.role_at(origin.desk.slug) is None


DESCENDANTS = """
    WITH RECURSIVE part (id) AS (
        SELECT id FROM claims_origin WHERE reference = %s
        UNION SELECT o.id FROM claims_origin o JOIN part ON o.part_of_id = part.id
    ) SELECT id FROM part
"""


def _resting_on(reference: str) -> QuerySet[Claim]:
    """Return the claims with live evidence from this origin or a part of it, in order of id."""
    with connection.cursor() as cursor:
        cursor.execute(DESCENDANTS, [reference])
        ids = [pk for (pk,) in cursor.fetchall()]
    live = Evidence.objects.filter(withdrawn_at__isnull=True)
    named = live.filter(origin_id__in=ids) | live.filter(relays_origin_id__in=ids)
    return Claim.objects.filter(pk__in=named.values("claim_id")).order_by("pk")


def _refuse_circle(origin: Origin) -> None:
    above, passed = origin.part_of, {origin.pk}
    while above is not None:
        if above.pk in passed:
            raise InvalidInput("part_of", "would make the origin a part of itself.")
        passed.add(above.pk)
        above = above.part_of


def _desk_only(origin: Origin) -> str | None:
    """Return the one desk that may read of a confidential origin, pseudonym and all."""
    return origin.desk.slug if origin.is_confidential and origin.desk else None


def _require_desk_worker(actor: Actor) -> None:
    if not any(role is not Role.READER for _, role in actor.roles):
        raise NotAllowed("Only fact-checkers and editors work on origins.")


def _plain(name: str, value: object) -> Plain:
    if name in {"name", "note"}:
        return Text(str(value))
    if isinstance(value, Origin):
        return value.reference
    return None if value is None else str(value)
