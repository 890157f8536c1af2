"""Read what people decided: the newest decisions on claims, with proposer and reason."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from claims.access import visible_to
from claims.models import Claim, LedgerEntry, LedgerText, User
from claims.queries.ledger import Entry
from claims.states import EntryKind
from claims.types import Actor

DECISIONS = (EntryKind.STATUS_CHANGED, EntryKind.GROUND_CHANGED, EntryKind.REVIEW_STANDS)


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision's entry; `proposer` is who proposed it, where its actor only signed it off."""

    claim: Claim
    entry: Entry
    proposer: str = ""


def newest_decisions(actor: Actor, *, limit: int) -> list[Decision]:
    """Return the newest decisions on claims `actor` sees, newest first; five queries."""
    rows = _decisions().filter(claim_ref__in=visible_to(actor).values("reference"))
    return _told(_acts(rows[: 2 * limit]))[:limit]


def last_decision(claim: Claim) -> Decision | None:
    """Return the newest decision on one claim the caller may see; None before the first."""
    return next(iter(_told(_acts(_decisions().filter(claim_ref=claim.reference)[:2]))), None)


def _decisions() -> QuerySet[LedgerEntry]:
    return LedgerEntry.objects.filter(kind__in=[kind.value for kind in DECISIONS]).order_by("-seq")


def _acts(found: Iterable[LedgerEntry]) -> list[LedgerEntry]:
    """Leave out a better ground that a review found on its way: its next entry says the rest."""
    rows = list(found)
    stands = {row.seq for row in rows if row.kind == EntryKind.REVIEW_STANDS}
    return [row for row in rows if row.seq + 1 not in stands]


def _told(rows: Sequence[LedgerEntry]) -> list[Decision]:
    claims = {
        claim.reference: claim
        for claim in Claim.objects.filter(reference__in={row.claim_ref for row in rows})
    }
    proposers = _proposers(rows)
    return [
        Decision(claims[row.claim_ref or ""], entry, proposers.get(row.seq, ""))
        for row, entry in zip(rows, _entries(rows), strict=True)
    ]


def _entries(rows: Sequence[LedgerEntry]) -> list[Entry]:
    bodies = [json.loads(row.body) for row in rows]
    words = {word for body in bodies for word in _reason_and_name(body)}
    texts = {
        text.commitment: text.text or ""
        for text in LedgerText.objects.filter(commitment__in=words, text__isnull=False)
    }
    return [
        Entry(
            seq=row.seq,
            recorded_at=row.recorded_at,
            kind=row.kind,
            leaf=bytes(row.leaf).hex(),
            hash=bytes(row.hash).hex(),
            body=body,
            texts={word: texts[word] for word in _reason_and_name(body) if word in texts},
        )
        for row, body in zip(rows, bodies, strict=True)
    ]


def _reason_and_name(body: dict[str, dict[str, str]]) -> list[str]:
    return [str(word) for word in (body.get("rationale"), body["actor"].get("name")) if word]


def _proposers(rows: Iterable[LedgerEntry]) -> dict[int, str]:
    """Name the proposer, by seq of the decision: a sign-off stands right before what it allows."""
    before = LedgerEntry.objects.filter(
        seq__in=[row.seq - 1 for row in rows], kind=EntryKind.SIGNED_OFF
    )
    people = {row.seq + 1: str(json.loads(row.body)["proposer"]) for row in before}
    names = {
        user.reference: str(user) for user in User.objects.filter(reference__in=people.values())
    }
    return {seq: names.get(reference, reference) for seq, reference in people.items()}
