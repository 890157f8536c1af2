"""Open, edit, close, reopen, hide and link claims."""

from collections.abc import Mapping, Sequence

from claims.access import require
from claims.errors import AlreadyExists, InvalidInput, RuleRefused
from claims.models import Claim, ClaimLink, Desk, Evidence
from claims.queries.resting import figure_value
from claims.services import edits
from claims.services.closing import lock_both, seen_claim, shut
from claims.services.ledger import Plain, Recorder, Text, recording
from claims.services.rounds import open_review, reopen, required
from claims.services.settle import lock_claim, settle
from claims.states import (
    ClaimKind,
    ClaimLinkKind,
    ClaimStatus,
    CloseReason,
    EntryKind,
    Verb,
    Visibility,
)
from claims.types import Actor, FigureValue


def open_claim(
    actor: Actor,
    *,
    desk: Desk,
    values: Mapping[str, object],
    figures: Sequence[FigureValue] = (),
    visibility: Visibility = Visibility.OPEN,
) -> Claim:
    """Open a claim: reported, not yet reviewed.

    Args:
        actor: a fact-checker or editor of the desk.
        desk: whose claim it is.
        values: fields of `edits.CLAIM_FIELDS`; `statement` is required.
        figures: on the claim itself.
        visibility: restricted and embargoed claims are seen by their desk only.

    Raises:
        InvalidInput: a field is wrong or unknown.
        NotAllowed: no fact-checker of this desk.
    """
    with recording(actor) as record:
        require(actor, Verb.WRITE, desk)
        return put_on_record(
            desk=desk, values=values, figures=figures, visibility=visibility, record=record
        )


def put_on_record(
    *,
    desk: Desk,
    values: Mapping[str, object],
    record: Recorder,
    figures: Sequence[FigureValue] = (),
    visibility: Visibility = Visibility.OPEN,
) -> Claim:
    """Check and write a new claim in the running transaction, with its entry."""
    checked = edits.read({"statement": "", **values}, edits.CLAIM_FIELDS)
    if checked.get("expected_by_on") and checked.get("kind") != ClaimKind.STATEMENT:
        raise InvalidInput("kind", "a forecast is a statement until it happens.")
    claim = Claim.objects.create(
        desk=desk,
        visibility=visibility,
        created_by_id=record.actor.user_id,
        status_since_at=record.at,
        basis_since_at=record.at,
        **checked,
    )
    edits.add_figures(claim, list(figures))
    record.add(
        EntryKind.CLAIM_OPENED,
        claim=claim.reference,
        sets={claim.reference: state_of(claim) | {"figures": edits.figures_text([*figures])}},
    )
    return claim


def state_of(claim: Claim) -> dict[str, Plain]:
    """Return a claim's whole present state as it stands in an entry."""
    own = {name: edits.plain(name, getattr(claim, name)) for name in edits.CLAIM_FIELDS}
    return own | {
        "desk": claim.desk.slug,
        "visibility": claim.visibility,
        "status": claim.status,
        "ground": claim.ground,
        "status_since_at": claim.status_since_at,
        "basis": claim.basis,
        "basis_since_at": claim.basis_since_at,
        "basis_reason": Text(claim.basis_reason),
        "independent_origins": claim.independent_origins,
        "open_flags": claim.open_flags,
        "decided_at": claim.decided_at,
        "closed_at": claim.closed_at,
        "close_reason": claim.close_reason or None,
        "replaced_by": claim.replaced_by.reference if claim.replaced_by else None,
        "created_at": claim.created_at,
    }


def edit_claim(actor: Actor, claim_id: int, *, payload: edits.Payload, seen: int) -> Claim:
    """Edit a claim at once.

    Raises:
        RuleRefused: it is corroborated and the change takes a second person: propose the edit.
    """
    with recording(actor) as record:
        claim = lock_claim(actor, claim_id, verb=Verb.WRITE, seen=seen)
        if claim.status == ClaimStatus.CORROBORATED and _is_guarded(payload):
            raise RuleRefused(
                "The claim is corroborated: a change of wording, kind, figures or counted "
                "evidence takes a second person. Propose the edit."
            )
        edits.apply_edit(claim, payload, record=record)
        settle(claim, record=record)
        return claim


def _is_guarded(payload: edits.Payload) -> bool:
    own = payload.get("claim")
    touched = set(own) & edits.GUARDED if isinstance(own, Mapping) else set()
    return bool(touched or payload.get("figures") is not None or payload.get("evidence"))


def close(
    actor: Actor,
    claim_id: int,
    *,
    reason: CloseReason,
    note: str,
    seen: int,
    replaced_by: str = "",
) -> Claim:
    """Stop working a claim: it keeps status and history and leaves the queue.

    Args:
        actor: a fact-checker or editor of its desk.
        claim_id: which claim.
        reason: why.
        note: the same in words; kept for good.
        seen: the revision the caller saw.
        replaced_by: reference of the claim that stands for it; one that nothing replaced itself.
    """
    with recording(actor) as record:
        if replaced_by:
            other = seen_claim(actor, replaced_by)
            claim, kept = lock_both(actor, claim_id, other=other, seen=seen)
        else:
            claim, kept = lock_claim(actor, claim_id, verb=Verb.DECIDE, seen=seen), None
        shut(claim, reason=reason, why=required(note, "note"), record=record, replaced_by=kept)
        settle(claim, record=record)
        return claim


def reopen_claim(actor: Actor, claim_id: int, *, note: str, seen: int) -> Claim:
    """Work a closed claim again; opens a review."""
    with recording(actor) as record:
        claim = lock_claim(actor, claim_id, verb=Verb.DECIDE, seen=seen)
        why = required(note, "note")
        if claim.closed_at is None:
            raise RuleRefused("This claim is not closed.")
        claim.replaced_by = None  # it stands for itself again, and may stand for others
        reopen(claim, record=record)
        open_review(claim, reason=why, record=record)
        settle(claim, record=record)
        return claim


def set_visibility(actor: Actor, claim_id: int, *, to: Visibility, seen: int) -> Claim:
    """Open a claim to every desk, or hide it from all but its own.

    An *opened* entry carries the claim's whole present state, for readers who never saw it; a
    *hidden* one stays visible to those who did.
    """
    with recording(actor) as record:
        claim = lock_claim(actor, claim_id, verb=Verb.RESTRICT, seen=seen)
        was = Visibility(claim.visibility)
        if was is to:
            raise RuleRefused(f"This claim is {to} already.")
        claim.visibility = to
        claim.save(update_fields=["visibility"])
        if to is Visibility.OPEN:
            _enter_opened(claim, record=record)
        else:
            record.add(
                EntryKind.CLAIM_HIDDEN,
                claim=claim.reference,
                sets={claim.reference: {"visibility": to}},
                was=was,
            )
        settle(claim, record=record)
        return claim


def _enter_opened(claim: Claim, *, record: Recorder) -> None:
    live = Evidence.objects.filter(claim=claim, withdrawn_at__isnull=True).order_by("pk")
    figures = [figure_value(row) for row in claim.figures.filter(ended_at__isnull=True)]
    state = state_of(claim) | {"figures": edits.figures_text(figures)}
    sets: dict[str, dict[str, Plain]] = {claim.reference: state}
    related = ("source", "origin", "relays_origin", "relays_evidence", "attested_by")
    for row in live.select_related(*related):
        own = [figure_value(figure) for figure in row.figures.filter(ended_at__isnull=True)]
        sets[row.reference] = evidence_state(row) | {"figures": edits.figures_text(own)}
    record.add(EntryKind.CLAIM_MADE_VISIBLE, claim=claim.reference, sets=sets)


def evidence_state(row: Evidence) -> dict[str, Plain]:
    """Return one evidence row's whole present state as it stands in an entry."""
    own = {name: edits.plain(name, getattr(row, name)) for name in edits.EVIDENCE_FIELDS}
    return own | {
        "source": row.source.reference,
        "url": Text(row.source.url or ""),
        "quote_state": row.quote_state,
        "quote_state_since_at": row.quote_state_since_at,
        "found": Text(row.quote_found),
        "attested_by": row.attested_by.reference if row.attested_by else None,
        "attested_on": row.attested_on,
        "attested_note": Text(row.attested_note),
        "created_at": row.created_at,
    }


def link(actor: Actor, claim_id: int, *, kind: ClaimLinkKind, to: str) -> ClaimLink:
    """Say how one claim stands to another: updates, follows, duplicates, is part of.

    Raises:
        InvalidInput: field `to`: no such claim for this actor, or the claim itself.
        AlreadyExists: it is said already.
    """
    with recording(actor) as record:
        claim = lock_claim(actor, claim_id, verb=Verb.WRITE)
        other = seen_claim(actor, to)
        made = put_link(claim, kind=kind, other=other, record=record)
        settle(claim, record=record)
        return made


def put_link(
    claim: Claim,
    *,
    kind: ClaimLinkKind,
    other: Claim,
    record: Recorder,
    is_split_off: bool = False,
) -> ClaimLink:
    """Link a locked (or new) claim to another in the running transaction, with its entry."""
    if other.pk == claim.pk:
        raise InvalidInput("to", "a claim does not stand to itself.")
    made, is_new = ClaimLink.objects.get_or_create(
        claim=claim,
        other=other,
        kind=kind,
        ended_at=None,
        defaults={"is_split_off": is_split_off},
    )
    if not is_new:
        said = f"{claim.reference} is linked to {other.reference} so already."
        raise AlreadyExists(claim.reference, said)
    record.add(
        EntryKind.CLAIM_LINKED,
        claim=claim.reference,
        link=kind,
        to=other.reference,
        is_split_off=is_split_off,
    )
    return made
