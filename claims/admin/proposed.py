"""What a proposed edit would change, field by field, for the person who signs it off."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from claims.models import Claim, Evidence, Origin, Proposal
from claims.present.figures import figure_words
from claims.queries.resting import figure_value
from claims.services.fields import figure
from claims.states import ProposalKind


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of the claim or of its evidence: as it stands, as proposed."""

    of: str
    name: str
    was: str
    will_be: str


def proposed_edit(proposal: Proposal | None, claim: Claim) -> tuple[FieldChange, ...]:
    """Return the changes of a proposed edit; none for other proposals."""
    if proposal is None or proposal.kind != ProposalKind.EDIT:
        return ()
    payload: Mapping[str, Any] = proposal.payload
    return (
        *_fields("", claim, payload.get("claim", {})),
        *_figures(claim, payload),
        *(
            change
            for reference, values in payload.get("evidence", {}).items()
            for change in _of_evidence(claim, reference, values)
        ),
    )


def _of_evidence(
    claim: Claim, reference: str, values: Mapping[str, object]
) -> Iterator[FieldChange]:
    row = Evidence.objects.filter(claim=claim, reference=reference).first()
    if row is not None:
        yield from _fields(reference, row, values)


def _fields(of: str, row: Claim | Evidence, values: Mapping[str, object]) -> Iterator[FieldChange]:
    for name, value in values.items():
        yield FieldChange(of, name.replace("_", " "), _said(getattr(row, name, "")), _said(value))


def _said(value: object) -> str:
    """Say a value: origins by name, nothing as a dash."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str) and value.startswith("OR-"):
        value = Origin.objects.filter(reference=value).first() or value
    return str(value) if value not in {None, ""} else "–"


def _figures(claim: Claim, payload: Mapping[str, Any]) -> Iterator[FieldChange]:
    if payload.get("figures") is None:
        return
    was = claim.figures.filter(ended_at__isnull=True).order_by("pk")
    yield FieldChange(
        "",
        "figures",
        "; ".join(figure_words(figure_value(row)) for row in was) or "–",
        "; ".join(figure_words(figure("figures", item)) for item in payload["figures"]) or "–",
    )
