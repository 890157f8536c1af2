"""Link evidence to a claim, change it, attest it, withdraw it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.utils import timezone

from claims.access import evidence_visible_to
from claims.errors import AlreadyExists, InvalidInput, NotFound, RuleRefused
from claims.models import Claim, Evidence, Snapshot, Source
from claims.queries.opinion import opinion_on
from claims.services import edits, fields
from claims.services.claims import evidence_state
from claims.services.ledger import Recorder, Text, recording
from claims.services.reviews import Cause, raise_flag
from claims.services.rounds import required
from claims.services.settle import lock_claim, settle
from claims.services.sources import add_item, link_page, look_soon
from claims.states import (
    ClaimStatus,
    EntryKind,
    FlagKind,
    QuoteState,
    SnapshotKind,
    SourceKind,
    Stance,
    Verb,
)
from claims.types import Actor, FigureValue


@dataclass(frozen=True, slots=True)
class Item:
    """An offline item that is put on record together with its first evidence."""

    kind: SourceKind
    title: str


def add_evidence(
    actor: Actor,
    claim_id: int,
    *,
    values: Mapping[str, object],
    url: str = "",
    source: Source | Item | None = None,
    figures: Sequence[FigureValue] = (),
    note: str = "",
) -> Evidence:
    """Link a source to a claim as evidence; its quote is unchecked until the watch finds it.

    Args:
        actor: a fact-checker or editor of the claim's desk.
        claim_id: which claim.
        values: fields of `edits.EVIDENCE_FIELDS`.
        url: of a page, new or known; or
        source: what is on record already, or an offline item to be put there.
        figures: the quote gives.
        note: how the person knows the words, where nobody else can read them.

    Raises:
        InvalidInput: a field is wrong; `url` with the parser's reason.
        AlreadyExists: the same quote of the same source is on this claim.
    """
    with recording(actor) as record:
        claim = lock_claim(actor, claim_id, verb=Verb.WRITE)
        checked = edits.read(values, edits.EVIDENCE_FIELDS)
        _require_visible(actor, checked)
        linked = _source_of(url, source, record=record)
        _refuse_double(claim, linked, checked)
        row = Evidence(claim=claim, source=linked, created_by_id=actor.user_id, **checked)
        return put_on_claim(row, figures=figures, note=note, record=record)


def put_on_claim(
    row: Evidence, *, record: Recorder, figures: Sequence[FigureValue] = (), note: str = ""
) -> Evidence:
    """Save a checked piece of evidence of a locked claim, enter it, and settle the claim."""
    claim = row.claim
    _refuse_two_relays(row)
    row.save()
    edits.add_figures(row, list(figures))
    state = evidence_state(row) | {"figures": edits.figures_text([*figures])}
    record.add(
        EntryKind.EVIDENCE_ADDED,
        claim=claim.reference,
        sets={row.reference: state},
        about_source=row.source.reference,
        note=Text(note.strip()),
    )
    if row.stance == Stance.DISPUTES:
        _flag_contradiction(claim, row, record=record)
    settle(claim, record=record)
    return row


def _source_of(url: str, source: Source | Item | None, *, record: Recorder) -> Source:
    if source is None:
        return link_page(url, record=record, allow=settings.FETCH_ALLOW_PRIVATE)
    if isinstance(source, Item):
        return add_item(source.kind, source.title, record=record)
    look_soon(source, record=record)
    return source


def edit_evidence(
    actor: Actor, reference: str, *, values: Mapping[str, object], seen: int
) -> Evidence:
    """Change fields of evidence at once; `figures` among them replace those it has.

    Raises:
        RuleRefused: the claim is corroborated and counts this evidence: propose the edit.
    """
    with recording(actor) as record:
        row, claim = _lock(actor, reference, seen=seen)
        checked = edits.read(edits.without_figures(values), edits.EVIDENCE_FIELDS)
        _require_visible(actor, checked)
        counted = opinion_on(claim.pk).counted
        if claim.status == ClaimStatus.CORROBORATED and row.reference in counted:
            raise RuleRefused(
                "The claim is corroborated and counts this evidence: propose the edit."
            )
        disputed_before = row.stance == Stance.DISPUTES
        edits.edit_evidence_row(row, values, record=record)
        if row.stance == Stance.DISPUTES and not disputed_before:
            _flag_contradiction(claim, row, record=record)
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


def attest(
    actor: Actor,
    reference: str,
    *,
    on: date,
    note: str,
    capture: str = "",
    locator: str | None = None,
) -> Evidence:
    """Say in one's own name that one saw or heard the quote, when, and how.

    Args:
        actor: signed in, of the claim's desk.
        reference: of the evidence.
        on: the day it was seen or heard.
        note: how; may be empty where a capture shows it.
        capture: SHA-256 (hex) of a capture of its source.
        locator: where in it (page, minute, paragraph); None leaves what is on record.

    Raises:
        InvalidInput: the day lies ahead, there is neither note nor capture, or no such capture.
    """
    with recording(actor) as record:
        row, claim = _lock(actor, reference)
        if capture and not _is_capture_of(row, capture):
            raise InvalidInput("capture", "is not one of this source.")
        words = note.strip() if capture else required(note, "note")
        fields.text_of("note", words, most=fields.MOST_NOTE)
        if locator is not None:
            row.locator = fields.text_of("locator", locator, most=fields.MOST_LINE)
        attest_row(row, on=on, note=words, capture=capture, record=record)
        settle(claim, record=record)
        return row


def attest_row(row: Evidence, *, on: date, note: str, record: Recorder, capture: str = "") -> None:
    """Attest a quote of a locked claim in the name of whoever acts; the caller settles the claim.

    Raises:
        RuleRefused: it is not a signed-in person who acts, or the evidence is withdrawn.
        InvalidInput: the day lies ahead.
    """
    actor = record.actor
    if actor.user_id is None or not actor.signed_in:
        raise RuleRefused("Only a signed-in person attests a quote.")
    if row.withdrawn_at is not None:
        raise RuleRefused("This evidence is withdrawn: it stays as it is.")
    if on > local_today(record.at):
        raise InvalidInput("on", "lies in the future.")
    row.attested_by_id, row.attested_on = actor.user_id, on
    row.attested_note = f"{note} [capture {capture[:16]}]".strip() if capture else note
    row.quote_state, row.quote_state_since_at = QuoteState.ATTESTED, record.at
    row.save()
    record.add(
        EntryKind.EVIDENCE_ATTESTED,
        claim=row.claim.reference,
        sets={
            row.reference: {
                "quote_state": QuoteState.ATTESTED,
                "quote_state_since_at": record.at,
                "attested_by": actor.reference,
                "attested_on": on,
                "locator": Text(row.locator),
            }
        },
        note=Text(row.attested_note),
        capture=capture or None,
    )


def local_today(at: datetime) -> date:
    """Return the day it is, in the zone of whoever acts."""
    return timezone.localtime(at).date()


def _is_capture_of(row: Evidence, sha256: str) -> bool:
    rows = Snapshot.objects.filter(source=row.source, kind=SnapshotKind.CAPTURE)
    return rows.filter(sha256=sha256).exists()


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
    if claim.status != ClaimStatus.CORROBORATED:
        return
    cause = Cause(source=row.source)
    raise_flag(claim, FlagKind.CONTRADICTION_ADDED, record=record, cause=cause, evidence=row)
