"""What a proposed edit would change, field by field, for the person who signs it off."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from claims.models import Claim, Evidence, Figure, Origin, Proposal
from claims.present.evidence import origin_words
from claims.present.figures import figure_words
from claims.queries.resting import figure_value
from claims.services.edits import without_figures
from claims.services.fields import figure
from claims.states import ProposalKind


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of the claim or of its evidence: as it stands, as proposed."""

    of: str
    name: str
    was: str
    will_be: str


@dataclass(frozen=True, slots=True)
class _Known:
    """What the payloads name, read at once; `desks` are the reader's."""

    evidence: Mapping[str, Evidence]
    origins: Mapping[str, Origin]
    figures: Sequence[Figure]
    desks: Collection[str]


def proposed_edit(
    proposal: Proposal | None, claim: Claim, *, desks: Collection[str] = ()
) -> tuple[FieldChange, ...]:
    """Return the changes of a proposed edit; none for other proposals.

    Args:
        proposal: the open one, if there is one.
        claim: its claim.
        desks: of the reader: elsewhere a confidential origin goes unnamed.
    """
    if proposal is None:
        return ()
    proposal.claim = claim
    return proposed_edits([proposal], desks=desks).get(proposal.reference, ())


def proposed_edits(
    proposals: Iterable[Proposal], *, desks: Collection[str]
) -> dict[str, tuple[FieldChange, ...]]:
    """Return the changes of each proposed edit by its proposal's reference; three queries."""
    edits = [row for row in proposals if row.kind == ProposalKind.EDIT]
    if not edits:
        return {}
    known = _known(edits, desks=desks)
    return {row.reference: tuple(_changes(row, known)) for row in edits}


def _known(edits: Sequence[Proposal], *, desks: Collection[str]) -> _Known:
    claims = [row.claim_id for row in edits]
    named = {name for row in edits for name in row.payload.get("evidence") or {}}
    evidence = Evidence.objects.filter(claim__in=claims, reference__in=named)
    origins = Origin.objects.filter(reference__in={*_origins_named(edits)})
    figures = Figure.objects.filter(claim__in=claims, ended_at__isnull=True).order_by("pk")
    read = evidence.select_related("origin__desk", "relays_origin__desk", "relays_evidence")
    read = read.prefetch_related("figures")
    return _Known(
        evidence={row.reference: row for row in read},
        origins={row.reference: row for row in origins.select_related("desk")},
        figures=list(figures),
        desks=desks,
    )


def _origins_named(edits: Sequence[Proposal]) -> Iterator[str]:
    for row in edits:
        parts = [row.payload.get("claim") or {}, *(row.payload.get("evidence") or {}).values()]
        for values in parts:
            yield from (value for value in values.values() if _is_origin(value))


def _is_origin(value: object) -> bool:
    return isinstance(value, str) and value.startswith("OR-")


def _changes(proposal: Proposal, known: _Known) -> Iterator[FieldChange]:
    payload: Mapping[str, Any] = proposal.payload
    yield from _fields("", proposal.claim, payload.get("claim") or {}, known)
    if payload.get("figures") is not None:
        yield _figures(proposal, payload["figures"], known)
    for reference, values in (payload.get("evidence") or {}).items():
        row = known.evidence.get(reference)
        if row is not None and row.claim_id == proposal.claim_id:
            yield from _fields(reference, row, without_figures(values), known)
            yield from _figures_of(row, values.get("figures"))


def _fields(
    of: str, row: Claim | Evidence, values: Mapping[str, object], known: _Known
) -> Iterator[FieldChange]:
    for name, value in values.items():
        was, will_be = _said(getattr(row, name, ""), known), _said(value, known)
        yield FieldChange(of, name.replace("_", " "), was, will_be)


def _said(value: object, known: _Known) -> str:
    """Say a value: origins by name, nothing as a dash."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str) and value in known.origins:
        value = known.origins[value]
    if isinstance(value, Origin):
        return origin_words(value, desks=known.desks)
    return str(value) if value not in {None, ""} else "–"


def _figures(proposal: Proposal, given: Sequence[Any], known: _Known) -> FieldChange:
    was = [figure_value(row) for row in known.figures if row.claim_id == proposal.claim_id]
    will_be = [figure("figures", item) for item in given]
    words = ["; ".join(map(figure_words, values)) or "–" for values in (was, will_be)]
    return FieldChange("", "figures", *words)


def _figures_of(row: Evidence, given: Sequence[Any] | None) -> Iterator[FieldChange]:
    if given is None:
        return
    was = [figure_value(old) for old in row.figures.all() if old.ended_at is None]
    will_be = [figure("figures", item) for item in given]
    words = ["; ".join(map(figure_words, values)) or "–" for values in (was, will_be)]
    yield FieldChange(row.reference, "figures", *words)
