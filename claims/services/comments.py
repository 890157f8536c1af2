"""What people say about a claim for others to read; it stays on record."""

import json

from claims.errors import AlreadyExists
from claims.models import Claim, LedgerEntry, LedgerText, User
from claims.services import fields
from claims.services.ledger import Text, recording
from claims.services.notifications import tell
from claims.services.settle import lock_claim
from claims.states import EntryKind, NotificationKind, Verb
from claims.types import Actor

MOST_CHARACTERS = 4_000
MOST_LOOKED_THROUGH = 200
"""Newest entries on a claim whose people are told of a comment."""


def comment(actor: Actor, claim_id: int, *, text: str) -> None:
    """Say something about a claim: one entry, kept for good, shown to other desks.

    It decides nothing and leaves the revision as it is, so that nobody's open form goes stale. Who
    worked on the claim is told.

    Args:
        actor: anyone who works at the claim's desk.
        claim_id: which claim; a closed one too.
        text: at most `MOST_CHARACTERS` code points.

    Raises:
        InvalidInput: field `text`: empty, too long, or with control characters.
        AlreadyExists: the last comment on the claim is this one, word for word: sent twice.
        NotFound, NotAllowed: as everywhere.
    """
    said = fields.text_of("text", text, most=MOST_CHARACTERS, is_required=True)
    with recording(actor) as record:
        claim = lock_claim(actor, claim_id, verb=Verb.WRITE)
        if _is_last(claim, said, actor=actor):
            raise AlreadyExists(
                claim.reference, "Your comment is on record already; it was not added twice."
            )
        record.add(EntryKind.COMMENTED, claim=claim.reference, comment=Text(said))
        tell(NotificationKind.COMMENTED, claim=claim, to=_who_worked_on(claim), record=record)


def _is_last(claim: Claim, said: str, *, actor: Actor) -> bool:
    """Whether the newest comment is this one, by the same person."""
    rows = LedgerEntry.objects.filter(claim_ref=claim.reference, kind=EntryKind.COMMENTED)
    last = rows.order_by("-seq").first()
    if last is None:
        return False
    body = json.loads(last.body)
    if body["actor"].get("person") != actor.reference:
        return False
    return LedgerText.objects.filter(commitment=body["comment"], text=said).exists()


def _who_worked_on(claim: Claim) -> list[int]:
    """Return the people who stand in the newest entries on a claim."""
    rows = LedgerEntry.objects.filter(claim_ref=claim.reference).order_by("-seq")
    bodies = rows.values_list("body", flat=True)[:MOST_LOOKED_THROUGH]
    people = {json.loads(body)["actor"].get("person") for body in bodies} - {None}
    return list(User.objects.filter(reference__in=people).values_list("pk", flat=True))
