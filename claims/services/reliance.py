"""What was printed against how its claim now stands: where a correction becomes due.

What is printed rests on a claim as it stood at one seq. It has fallen below that where its status
is lower (`FALLS`), its basis is lost, it was closed as a mistake, or what stands in its place since
a merge or a split is lower. A claim that rises again takes nothing back: what was printed was
printed, and the correction stays due until a person answers.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from claims.models import Claim, Use
from claims.queries.uses import Standing
from claims.services.ledger import Plain, Recorder, Text
from claims.states import Basis, ClaimStatus, CloseReason, EntryKind, Visibility

FALLS: Mapping[ClaimStatus, frozenset[ClaimStatus]] = {
    ClaimStatus.CORROBORATED: frozenset({ClaimStatus.REPORTED, ClaimStatus.DISPUTED}),
    ClaimStatus.REPORTED: frozenset({ClaimStatus.DISPUTED}),
    ClaimStatus.DISPUTED: frozenset(),
}
"""From each status, the ones below it: whoever printed the first has more to answer for."""

MOST_REASON = 300

# What rests on some claims, and on those merged into them; a root is what carries them in the end.
# One step at a time: of a recursive query the planner expects so much that it reads whole tables.
RELIED = """
SELECT c.id, c.reference, c.visibility, c.desk_id, root.id, root.status, root.basis,
    u.id, u.relied_status, u.relied_basis
FROM (
    SELECT id, root FROM unnest(%(ids)s::bigint[], %(roots)s::bigint[]) AS given (id, root)
    UNION ALL
    SELECT merged.id, given.root
    FROM unnest(%(ids)s::bigint[], %(roots)s::bigint[]) AS given (id, root)
    JOIN claims_claim merged ON merged.replaced_by_id = given.id
) carried
JOIN claims_claim c ON c.id = carried.id
JOIN claims_claim root ON root.id = carried.root
LEFT JOIN claims_use u ON u.claim_id = c.id AND u.ended_at IS NULL
    AND (u.due_since_at IS NULL OR u.answered_at IS NOT NULL)
"""


@dataclass(frozen=True, slots=True)
class Relied:
    """A live use on which nothing is due, and the saved standing `was` of the claim carrying it.

    `claim` is the reference of the claim that was used; `by_id` the claim that is settled: the
    same one, or what stands in its place.
    """

    use_id: int
    on: Standing
    claim: str
    visibility: Visibility
    desk_id: int
    by_id: int
    was: Standing


def read_relied(claim_ids: Sequence[int]) -> list[Relied]:
    """Return what rests on claims in print, and on claims merged into them.

    To be called before the claims are saved. One query; for each time that what was merged into
    them had been merged into before, one more.
    """
    found: dict[tuple[int, int], Relied] = {}
    step, seen = {pk: pk for pk in claim_ids}, set[int]()
    while step:
        values: dict[str, Any] = {"ids": [*step], "roots": [*step.values()]}
        with connection.cursor() as cursor:
            cursor.execute(RELIED, values)
            rows = cursor.fetchall()
        found |= {(row[7], row[4]): _relied(row) for row in rows if row[7] is not None}
        seen |= step.keys()
        step = {row[0]: row[4] for row in rows if row[0] not in seen}
    return list(found.values())


def _relied(row: tuple[Any, ...]) -> Relied:
    _, claim, visibility, desk_id, by_id, status, basis, use_id, on_status, on_basis = row
    return Relied(
        use_id=use_id,
        on=Standing(ClaimStatus(on_status), Basis(on_basis)),
        claim=claim,
        visibility=Visibility(visibility),
        desk_id=desk_id,
        by_id=by_id,
        was=Standing(ClaimStatus(status), Basis(basis)),
    )


def mark_fallen(relied: Iterable[Relied], claims: Sequence[Claim], *, record: Recorder) -> None:
    """Make corrections due where a claim just settled has fallen below what was printed.

    Args:
        relied: of `read_relied`, from before the change.
        claims: locked and settled.
        record: of the running transaction; one entry for each used claim and reason.
    """
    by_id = {claim.pk: claim for claim in claims}
    fallen: dict[int, str] = {}
    for row in relied:
        why = _why_fell(row, by_id[row.by_id], record=record)
        if why:
            fallen.setdefault(row.use_id, why)
    if fallen:
        rows = Use.objects.filter(pk__in=fallen, ended_at__isnull=True).filter(_nothing_due())
        mark_due(rows, fallen, record=record)


def mark_due(uses: QuerySet[Use], reasons: Mapping[int, str], *, record: Recorder) -> None:
    """Make corrections due on uses, each for its reason by id; an answer of before is history.

    The uses are locked in order of their ids, and judged as they then are.
    """
    together: dict[tuple[str, str], list[Use]] = defaultdict(list)
    locked = uses.select_for_update(of=("self",), no_key=True).select_related("claim")
    for use in locked.order_by("pk"):
        together[use.claim.reference, reasons[use.pk][:MOST_REASON]].append(use)
    for (claim, reason), rows in together.items():
        _enter_due(claim, reason, rows, record=record)


def why_below(on: Standing, claim: Claim) -> str:
    """Say in what a claim stands below what was relied on; empty where in nothing."""
    if claim.close_reason == CloseReason.MISTAKE:
        return f"{claim.reference} is closed as a mistake"
    if ClaimStatus(claim.status) in FALLS[on.status]:
        return f"{claim.reference} is {claim.status}, no longer {on.status}"
    if claim.basis == Basis.LOST and on.basis is not Basis.LOST:
        return f"the basis of {claim.reference} is lost: {claim.basis_reason}"
    return ""


def tells_of(claim: Claim, *, visibility: Visibility, desk_id: int) -> bool:
    """Whether everybody for whom a claim of that visibility and desk exists may know of `claim`."""
    is_hidden = visibility is not Visibility.OPEN
    return claim.visibility == Visibility.OPEN or (is_hidden and claim.desk_id == desk_id)


def _nothing_due() -> Q:
    return Q(due_since_at__isnull=True) | Q(answered_at__isnull=False)


def _why_fell(row: Relied, claim: Claim, *, record: Recorder) -> str:
    """Say how the claim that carries a use fell in this very change, below what was relied on."""
    if claim.reference != row.claim:
        is_told = tells_of(claim, visibility=row.visibility, desk_id=row.desk_id)
        why = _fall(row, claim) if is_told else ""
        return f"what stands in place of {row.claim}: {why}" if why else ""
    if claim.closed_at == record.at:
        return _fall(row, claim) or _why_closed(row, claim)
    return _fall(row, claim)


def _fall(row: Relied, claim: Claim) -> str:
    status = ClaimStatus(claim.status)
    if status in FALLS[row.was.status] and status in FALLS[row.on.status]:
        return f"{claim.reference} fell from {row.was.status} to {status}"
    if claim.basis == Basis.LOST and Basis.LOST not in {row.was.basis, row.on.basis}:
        return f"{claim.reference} lost its basis: {claim.basis_reason}"
    return ""


def _why_closed(row: Relied, claim: Claim) -> str:
    if claim.close_reason == CloseReason.MISTAKE:
        return f"{claim.reference} was closed as a mistake"
    kept = claim.replaced_by
    if kept is None or not tells_of(kept, visibility=row.visibility, desk_id=row.desk_id):
        return ""
    why = why_below(row.on, kept)
    return f"what now stands in place of {claim.reference}: {why}" if why else ""


def _enter_due(claim: str, reason: str, uses: Sequence[Use], *, record: Recorder) -> None:
    due: dict[str, Plain] = {
        "due_since_at": record.at,
        "due_reason": Text(reason),
        "answer": None,
        "answer_url": None,
        "answer_note": None,
        "answered_at": None,
    }
    Use.objects.filter(pk__in=[use.pk for use in uses]).update(
        due_since_at=record.at,
        due_reason=reason,
        answer="",
        answer_url="",
        answer_note="",
        answered_at=None,
        answered_by=None,
    )
    record.add(EntryKind.CORRECTION_DUE, claim=claim, sets={use.reference: {**due} for use in uses})
