"""Tell people of the desk what concerns them, in the transaction that makes it so."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import QuerySet

from claims.errors import NotAllowed
from claims.models import Claim, Notification
from claims.services.ledger import Recorder, clock
from claims.states import NotificationKind
from claims.types import Actor


def tell(
    kind: NotificationKind,
    *,
    claim: Claim,
    to: Iterable[int],
    record: Recorder,
    about: str = "",
) -> None:
    """Tell people of one thing; whoever did it knows, and is not told.

    Nobody is told twice of the same thing while the first word of it is unread. Whether they may
    see the claim is judged when they read.

    Args:
        kind: why they are told.
        claim: which claim it is about.
        to: ids of people; doubled ones are one.
        record: of the transaction; names who did it, and when.
        about: what to open, where that is not the claim (PR-, RE-...).
    """
    tell_each(kind, {claim.pk: to}, record=record, about=about)


def tell_each(
    kind: NotificationKind,
    people: Mapping[int, Iterable[int]],
    *,
    record: Recorder,
    about: str = "",
) -> None:
    """Tell people of several claims at once, `people` by claim id; two queries however many."""
    pairs = {(claim, person) for claim, told in people.items() for person in told}
    pairs = {(claim, person) for claim, person in pairs if person != record.actor.user_id}
    if not pairs:
        return
    claims, persons = zip(*pairs, strict=True)
    same = _unread().filter(kind=kind, about=about, claim__in=claims, user__in=persons)
    pairs -= set(same.values_list("claim_id", "user_id"))
    Notification.objects.bulk_create(
        Notification(
            user_id=person,
            kind=kind,
            claim_id=claim,
            about=about,
            by_id=record.actor.user_id,
            told_at=record.at,
        )
        for claim, person in sorted(pairs)
    )


def take_back(kind: NotificationKind, *, claim: Claim, about: str, record: Recorder) -> None:
    """Note as read by everybody what no longer waits for anybody."""
    rows = _unread().filter(claim=claim, kind=kind, about=about)
    rows.update(read_at=record.at)


def mark_read(actor: Actor, *, kind: NotificationKind, claim: str, about: str) -> None:
    """Note that a person has read one thing they were told; read already stays as it was.

    What they were told goes by what it says, not by a number of its own: every row that says so
    is read at once.
    """
    rows = _own(actor).filter(kind=kind, claim__reference=claim, about=about)
    rows.update(read_at=clock())


def mark_all_read(actor: Actor, *, until: datetime) -> int:
    """Note that a person has read all they were told; return how many things that were.

    Args:
        actor: a signed-in person.
        until: when the page they saw was made: what came after it stays unread.
    """
    return _own(actor).filter(told_at__lte=until).update(read_at=clock())


def _own(actor: Actor) -> QuerySet[Notification]:
    if not actor.signed_in or actor.user_id is None:
        raise NotAllowed("Only a signed-in person reads what they were told.")
    return _unread().filter(user=actor.user_id)


def _unread() -> QuerySet[Notification]:
    return Notification.objects.filter(read_at__isnull=True)
