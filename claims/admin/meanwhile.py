"""Who changed what while a form was being filled in."""

from http import HTTPStatus

from claims.admin.forms.base import DeskForm
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
    actor: Actor, claim: Claim, *, refused: DeskForm | None, status: int
) -> tuple[HistoryLine, ...]:
    """Return what happened to a claim since the refused form was shown; nothing where none was."""
    if refused is None or status != HTTPStatus.CONFLICT:
        return ()
    seen = seq_in(refused.data.get("seq", ""))
    if seen is None:
        return ()
    return changes_since(actor, claim.reference, seen, kind=ClaimKind(claim.kind))


def changes_since(
    actor: Actor, reference: str, seen: int, *, kind: ClaimKind
) -> tuple[HistoryLine, ...]:
    """Return what was entered on a claim after entry `seen`, newest first."""
    entries = history(actor, reference, limit=MOST_LINES)
    return history_lines((entry for entry in entries if entry.seq > seen), kind=kind)


def seq_in(given: object) -> int | None:
    """Return the number of an entry as a form carries it; None for anything else."""
    text = str(given)
    is_number = text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS
    return int(text) if is_number else None
