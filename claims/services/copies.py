"""Evidence and places of one claim taken over by another, when claims are merged or split.

The old rows stay with the old claim, as its history tells; the new claim gets rows of its own.
"""

from collections.abc import Iterable, Sequence
from uuid import uuid4

from claims.errors import InvalidInput
from claims.models import Appearance, Claim, Evidence, Flag
from claims.queries.opinion import RETRACTING
from claims.queries.resting import figure_value
from claims.services import edits
from claims.services.articles import put_appearance
from claims.services.claims import evidence_state
from claims.services.ledger import Recorder
from claims.services.reviews import Cause, raise_flag
from claims.states import ClaimStatus, EntryKind, FlagAnswer, FlagKind, Stance, Visibility

_OWN = frozenset({"id", "reference", "claim", "created_at", "created_by"})


def chosen_evidence(claim: Claim, references: Iterable[str]) -> list[Evidence]:
    """Return live evidence of a claim by reference, in the order it was linked.

    Raises:
        InvalidInput: field `evidence`: one of them is not live evidence of this claim.
    """
    wanted = set(references)
    rows = Evidence.objects.filter(claim=claim, withdrawn_at__isnull=True, reference__in=wanted)
    found = list(
        rows.select_related("source", "origin", "relays_origin", "relays_evidence").order_by("pk")
    )
    for reference in sorted(wanted - {row.reference for row in found}):
        raise InvalidInput("evidence", f"there is no {reference} on {claim.reference}.")
    return found


def copy_evidence(rows: Sequence[Evidence], *, onto: Claim, record: Recorder) -> list[Evidence]:
    """Give a locked claim its own row of each piece of evidence; the caller settles it.

    Quote state, origin, grades and figures come along, so do flags that are open or tell of a
    retraction: what is in doubt there is in doubt here. A quote of a source that the claim has
    already is left out.

    Raises:
        InvalidInput: field `evidence`: the old claim is hidden from readers of the new one.
    """
    made: dict[int, Evidence] = {}
    for row in rows:
        if _is_there(row, onto):
            continue
        _refuse_to_reveal(row.claim, onto)
        made[row.pk] = _copied(row, onto, made=made, record=record)
    _flag_again(made, onto, record=record)
    return list(made.values())


def _is_there(row: Evidence, onto: Claim) -> bool:
    live = Evidence.objects.filter(claim=onto, withdrawn_at__isnull=True)
    return live.filter(source=row.source_id, quote=row.quote).exists()


def _refuse_to_reveal(old: Claim, new: Claim) -> None:
    is_wider = new.visibility == Visibility.OPEN or old.desk_id != new.desk_id
    if old.visibility != Visibility.OPEN and is_wider:
        raise InvalidInput(
            "evidence",
            f"{old.reference} is hidden from readers of {new.reference}, and so is its evidence.",
        )


def _copied(row: Evidence, onto: Claim, *, made: dict[int, Evidence], record: Recorder) -> Evidence:
    names = [column.name for column in Evidence._meta.concrete_fields if column.name not in _OWN]
    copy = Evidence(claim=onto, created_by_id=record.actor.user_id)
    for name in names:
        setattr(copy, name, getattr(row, name))
    if row.relays_evidence_id in made:
        copy.relays_evidence = made[row.relays_evidence_id]
    copy.save()
    figures = [figure_value(figure) for figure in row.figures.filter(ended_at__isnull=True)]
    edits.add_figures(copy, figures)
    record.add(
        EntryKind.EVIDENCE_ADDED,
        claim=onto.reference,
        sets={copy.reference: evidence_state(copy) | {"figures": edits.figures_text(figures)}},
        about_source=row.source.reference,
        copied_from=row.reference,
    )
    return copy


def _flag_again(made: dict[int, Evidence], onto: Claim, *, record: Recorder) -> None:
    """Raise on the copies what stands against the rows they were made of."""
    rows = Flag.objects.filter(evidence__in=list(made)).select_related("source", "before", "after")
    for flag in rows.order_by("pk"):
        is_open = flag.answered_at is None or flag.answered_at == record.at
        is_retracted = flag.kind in RETRACTING and flag.answer != FlagAnswer.STANDS
        if not is_open and not is_retracted:
            continue
        raise_flag(
            onto,
            FlagKind(flag.kind),
            record=record,
            cause=Cause(flag.source, flag.before, flag.after, flag.is_stealth, flag.cause),
            evidence=made[flag.evidence_id or 0],
            found=flag.found,
            detail=flag.detail,
        )
    if onto.status == ClaimStatus.CORROBORATED:
        for copy in made.values():
            if copy.stance == Stance.DISPUTES:
                cause = Cause(source=copy.source, id=uuid4())
                kind = FlagKind.CONTRADICTION_ADDED
                raise_flag(onto, kind, record=record, cause=cause, evidence=copy)


def copy_places(claim: Claim, *, onto: Claim, record: Recorder) -> None:
    """Mark a locked claim wherever another is marked in an article."""
    rows = Appearance.objects.filter(claim=claim).select_related("article").order_by("pk")
    taken = set(Appearance.objects.filter(claim=onto).values_list("article", "start", "end"))
    for row in rows:
        if (row.article_id, row.start, row.end) not in taken:
            put_appearance(
                onto,
                row.article,
                start=row.start,
                end=row.end,
                cue=row.cue,
                hedges=row.hedges,
                record=record,
            )
