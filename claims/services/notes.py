"""What a desk keeps to itself about a claim: outside the ledger, and not for good."""

from django.db import transaction

from claims.access import require
from claims.errors import AlreadyExists, InvalidInput, NotAllowed, NotFound
from claims.models import Note
from claims.services import fields
from claims.services.ledger import clock
from claims.services.settle import lock_claim
from claims.states import Verb
from claims.types import Actor

MOST_CHARACTERS = 4_000
MOST_NOTES = 50


def write_note(actor: Actor, claim_id: int, *, text: str) -> Note:
    """Keep a note on a claim for the people of its desk; no entry is written.

    Args:
        actor: a person who works at the claim's desk.
        claim_id: which claim.
        text: at most `MOST_CHARACTERS` code points.

    Raises:
        InvalidInput: field `text`: empty, too long, with control characters, or one note too many.
        AlreadyExists: the same person keeps the same words there already.
        NotFound, NotAllowed: as everywhere.
    """
    if actor.user_id is None:
        raise NotAllowed("Only a person keeps notes.")
    said = fields.text_of("text", text, most=MOST_CHARACTERS, is_required=True)
    with transaction.atomic():
        claim = lock_claim(actor, claim_id, verb=Verb.WRITE)
        kept = Note.objects.filter(claim=claim, removed_at__isnull=True)
        same = kept.filter(written_by_id=actor.user_id, text=said).first()
        if same is not None:
            raise AlreadyExists(same.reference, "This note is kept already.")
        if kept.count() >= MOST_NOTES:
            raise InvalidInput("text", f"there are {MOST_NOTES} notes already: remove one first.")
        note = Note(claim=claim, text=said, written_by_id=actor.user_id, written_at=clock())
        note.save()
        return note


def remove_note(actor: Actor, claim_id: int, *, reference: str) -> None:
    """Remove a note: its words are emptied. By who wrote it, or an editor of the desk.

    Raises:
        NotFound: the desk keeps no such note on this claim.
        NotAllowed: somebody else's note.
    """
    with transaction.atomic():
        claim = lock_claim(actor, claim_id, verb=Verb.WRITE)
        kept = Note.objects.filter(claim=claim, removed_at__isnull=True)
        note = kept.filter(reference=reference).first()
        if note is None:
            raise NotFound("There is no such note; perhaps it was removed already.")
        if note.written_by_id != actor.user_id:
            require(actor, Verb.OVERRIDE, claim.desk)
        note.text, note.removed_at = "", clock()
        note.save(update_fields=["text", "removed_at"])
