"""Who changed what while a form was being filled in."""

from http import HTTPStatus

from claims.admin.forms.base import ClaimForm
from claims.models import Claim
from claims.present.history import HistoryLine, history_lines
from claims.queries.ledger import history
from claims.states import ClaimKind
from claims.types import Actor

MOST_LINES = 20
MOST_DIGITS = 18


def last_seq(actor: Actor, claim: Claim) -> int:
    """Return the newest entry on a claim: what the reader of its form has seen."""
    entries = history(actor, claim.reference, limit=1)
    return entries[0].seq if entries else 0


def meanwhile_of(
    actor: Actor, claim: Claim, *, refused: ClaimForm | None, status: int
) -> tuple[HistoryLine, ...]:
    """Return what happened to a claim since the refused form was shown; nothing where none was."""
    if refused is None or status != HTTPStatus.CONFLICT:
        return ()
    seen = str(refused.data.get("seq", ""))
    if not (seen.isascii() and seen.isdigit() and len(seen) <= MOST_DIGITS):
        return ()
    entries = history(actor, claim.reference, limit=MOST_LINES)
    newer = [entry for entry in entries if entry.seq > int(seen)]
    return history_lines(newer, kind=ClaimKind(claim.kind))
