"""One claim that says several things becomes several: each with its own words and evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from claims.errors import InvalidInput
from claims.models import Claim
from claims.services.claims import put_link, put_on_record
from claims.services.closing import shut
from claims.services.copies import chosen_evidence, copy_evidence, copy_places
from claims.services.ledger import Recorder, recording
from claims.services.rounds import required
from claims.services.settle import lock_claim, settle
from claims.states import ClaimLinkKind, CloseReason, Verb, Visibility
from claims.types import Actor, FigureValue

FEWEST_PARTS, MOST_PARTS = 2, 6


@dataclass(frozen=True, slots=True)
class Part:
    """What one of the new claims says, and which evidence of the old one it takes.

    `values` are fields of `edits.CLAIM_FIELDS`; `evidence` are references.
    """

    values: Mapping[str, object]
    figures: Sequence[FigureValue] = ()
    evidence: Sequence[str] = ()


def split(
    actor: Actor, claim_id: int, *, parts: Sequence[Part], note: str, seen: int
) -> list[Claim]:
    """Close a claim as split and open its parts: reported, not yet reviewed, whatever it was.

    Each part is linked as part of the old claim, which answers for ever with all of them, and with
    the first as the one that stands in its place.

    Args:
        actor: a fact-checker or editor of its desk.
        claim_id: the claim to split.
        parts: from 2 to 6.
        note: why; kept for good.
        seen: the revision the caller saw.

    Raises:
        InvalidInput: field `parts`: too few, too many, or two that say the same; another field of
            a part, or `evidence` that is not the claim's.
        NotAllowed, RevisionMoved, RuleRefused: as everywhere.
    """
    with recording(actor) as record:
        claim = lock_claim(actor, claim_id, verb=Verb.DECIDE, seen=seen)
        why = required(note, "note")
        _check(parts)
        made = [_open_part(claim, part, record=record) for part in parts]
        references = [part.reference for part in made]
        shut(
            claim,
            reason=CloseReason.SPLIT,
            why=why,
            record=record,
            replaced_by=made[0],
            split_into=references,
        )
        for new, part in zip(made, parts, strict=True):
            copy_evidence(chosen_evidence(claim, part.evidence), onto=new, record=record)
            settle(new, record=record)
        settle(claim, record=record)
        return made


def _check(parts: Sequence[Part]) -> None:
    if not FEWEST_PARTS <= len(parts) <= MOST_PARTS:
        raise InvalidInput("parts", f"a claim is split into {FEWEST_PARTS} to {MOST_PARTS}.")
    said = {str(part.values.get("statement", "")).strip().casefold() for part in parts}
    if len(said) < len(parts):
        raise InvalidInput("parts", "two of them say the same.")


def _open_part(claim: Claim, part: Part, *, record: Recorder) -> Claim:
    made = put_on_record(
        desk=claim.desk,
        values={"language": claim.language, **part.values},
        figures=part.figures,
        visibility=Visibility(claim.visibility),
        record=record,
    )
    kind = ClaimLinkKind.PART_OF
    put_link(made, kind=kind, other=claim, record=record, is_split_off=True)
    copy_places(claim, onto=made, record=record)
    return made
