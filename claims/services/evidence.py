"""Link evidence to a claim, change it, attest it, withdraw it."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.conf import settings

from claims.access import evidence_visible_to
from claims.errors import AlreadyExists, InvalidInput, NotFound, RuleRefused
from claims.models import Claim, Evidence, Source
from claims.queries.opinion import opinion_on
from claims.services import edits
from claims.services.claims import evidence_state
from claims.services.ledger import Recorder, Text, recording
from claims.services.reviews import Cause, raise_flag
from claims.services.rounds import required
from claims.services.settle import lock_claim, settle
from claims.services.sources import link_page, look_soon
from claims.states import ClaimStatus, EntryKind, FlagKind, QuoteState, Stance, Verb
from claims.types import Actor, FigureValue


def add_evidence(
    actor: Actor,
    claim_id: int,
    *,
    values: Mapping[str, object],
    url: str = "",
    source: Source | None = None,
    figures: Sequence[FigureValue] = (),
) -> Evidence:
    """Link a source to a claim as evidence; its quote is unchecked until the watch finds it.

    Args:
        actor: a fact-checker or editor of the claim's desk.
        claim_id: which claim.
        values: fields of `edits.EVIDENCE_FIELDS`.
        url: of a page, new or known; or
        source: an item on record.
        figures: the quote gives.

    Raises:
        InvalidInput: a field is wrong; `url` with the parser's reason.
        AlreadyExists: the same quote of the same source is on this claim.
    """
    with recording(actor) as record:
        claim = lock_claim(actor, claim_id, verb=Verb.WRITE)
        checked = edits.read(values, edits.EVIDENCE_FIELDS)
        _require_visible(actor, checked)
        if source is None:
            source = link_page(url, record=record, allow=settings.FETCH_ALLOW_PRIVATE)
        else:
            look_soon(source, record=record)
        _refuse_double(claim, source, checked)
        row = Evidence(claim=claim, source=source, created_by_id=actor.user_id, **checked)
        _refuse_two_relays(row)
        row.save()
        edits.add_figures(row, list(figures))
        state = evidence_state(row) | {"figures": edits.figures_text([*figures])}
        record.add(
            EntryKind.EVIDENCE_ADDED,
            claim=claim.reference,
            sets={row.reference: state},
            about_source=source.reference,
        )
        if row.stance == Stance.DISPUTES and claim.status == ClaimStatus.CORROBORATED:
            _flag_contradiction(claim, row, record=record)
        settle(claim, record=record)
        return row


def edit_evidence(
    actor: Actor, reference: str, *, values: Mapping[str, object], seen: int
) -> Evidence:
    """Change fields of evidence at once.

    Raises:
        RuleRefused: the claim is corroborated and counts this evidence: propose the edit.
    """
    with recording(actor) as record:
        row, claim = _lock(actor, reference, seen=seen)
        _require_visible(actor, edits.read(values, edits.EVIDENCE_FIELDS))
        counted = opinion_on(claim.pk).counted
        if claim.status == ClaimStatus.CORROBORATED and row.reference in counted:
            raise RuleRefused(
                "The claim is corroborated and counts this evidence: propose the edit."
            )
        edits.edit_evidence_row(row, values, record=record)
        settle(claim, record=record)
        return row


def withdraw_evidence(actor: Actor, reference: str, *, reason: str) -> Evidence:
    """Withdraw evidence at once, with the reason; it stays in the record."""
    with recording(actor) as record:
        row, claim = _lock(actor, reference)
        why = required(reason, "reason")
        if row.withdrawn_at is not None:
            raise RuleRefused("This evidence is withdrawn already.")
        row.withdrawn_at, row.withdrawn_reason = record.at, why
        row.save(update_fields=["withdrawn_at", "withdrawn_reason"])
        record.add(
            EntryKind.EVIDENCE_WITHDRAWN,
            claim=claim.reference,
            sets={row.reference: {"withdrawn_at": record.at, "reason": Text(why)}},
        )
        settle(claim, record=record)
        return row


def attest(actor: Actor, reference: str, *, on: date, note: str) -> Evidence:
    """Say in one's own name that one saw or heard the quote, when, and how."""
    with recording(actor) as record:
        row, claim = _lock(actor, reference)
        if actor.user_id is None or not actor.signed_in:
            raise RuleRefused("Only a signed-in person attests a quote.")
        if on > record.at.date():
            raise InvalidInput("on", "lies in the future.")
        row.attested_by_id, row.attested_on = actor.user_id, on
        row.attested_note = required(note, "note")
        row.quote_state, row.quote_state_since_at = QuoteState.ATTESTED, record.at
        row.save()
        record.add(
            EntryKind.EVIDENCE_ATTESTED,
            claim=claim.reference,
            sets={row.reference: {"quote_state": QuoteState.ATTESTED, "attested_on": on}},
            note=Text(row.attested_note),
        )
        settle(claim, record=record)
        return row


def _lock(actor: Actor, reference: str, *, seen: int | None = None) -> tuple[Evidence, Claim]:
    found = evidence_visible_to(actor).filter(reference=reference).first()
    if found is None:
        raise NotFound("There is no such evidence.")
    claim = lock_claim(actor, found.claim_id, verb=Verb.WRITE, seen=seen)
    row = Evidence.objects.select_related("source").get(pk=found.pk)
    row.claim = claim
    return row, claim


def _require_visible(actor: Actor, checked: Mapping[str, object]) -> None:
    relayed = checked.get("relays_evidence")
    if not isinstance(relayed, Evidence):
        return
    if not evidence_visible_to(actor).filter(pk=relayed.pk).exists():
        raise InvalidInput("relays_evidence", f"there is no evidence {relayed.reference}.")


def _refuse_two_relays(row: Evidence) -> None:
    if row.relays_evidence_id is not None and row.relays_origin_id is not None:
        raise InvalidInput("relays", "evidence relays other evidence or an origin, not both.")


def _refuse_double(claim: Claim, source: Source, checked: Mapping[str, object]) -> None:
    same = Evidence.objects.filter(
        claim=claim, source=source, quote=checked.get("quote", ""), withdrawn_at__isnull=True
    ).first()
    if same is not None:
        raise AlreadyExists(same.reference, "This quote of this source is evidence already.")


def _flag_contradiction(claim: Claim, row: Evidence, *, record: Recorder) -> None:
    cause = Cause(source=row.source)
    raise_flag(claim, FlagKind.CONTRADICTION_ADDED, record=record, cause=cause, evidence=row)
