"""Who says a claim and who says otherwise, from its claimant and its evidence."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from claims.models import Claim, Evidence, Origin
from claims.present.evidence import origin_words
from claims.present.lines import Voices
from claims.states import ClaimKind, DisputeKind, OriginKind, QuoteState, Stance

_STANDS = frozenset({QuoteState.STANDING, QuoteState.ATTESTED})
_POINTING = (
    "i you he she it we they one who this that these those er sie es wir man il elle on ils elles "
    "nous él ella ellos ellas nosotros он она оно они мы это"
)
_PRONOUNS = frozenset(_POINTING.split())


def voices_of(
    claim: Claim,
    evidence: Sequence[Evidence],
    *,
    told: Mapping[str, Origin],
    desks: Collection[str],
) -> Voices:
    """Return the voices for and against a claim, named for a reader of these desks.

    Args:
        claim: with its claimant and that one's desk fetched.
        evidence: what is not withdrawn, with the publisher fetched.
        told: who the information comes from, by evidence reference, where anybody knows.
        desks: of the reader.
    """
    return Voices(
        said_by=tuple(dict.fromkeys(_said_by(claim, evidence, told=told, desks=desks))),
        opposed=tuple(dict.fromkeys(_opposed(evidence, told=told, desks=desks))),
    )


def told_by(evidence: Sequence[Evidence]) -> Mapping[str, Origin]:
    """Return who the information comes from, by evidence reference, one repeating followed.

    The origins of the evidence, and of what it relays, are fetched.
    """
    found = {}
    for row in evidence:
        relayed = row.relays_evidence
        own = row.relays_origin or row.origin
        if origin := own or (relayed and (relayed.relays_origin or relayed.origin)):
            found[row.reference] = origin
    return found


def _said_by(
    claim: Claim,
    evidence: Sequence[Evidence],
    *,
    told: Mapping[str, Origin],
    desks: Collection[str],
) -> tuple[str, ...]:
    """Name the claimant; behind a collective or nobody, whom the evidence names."""
    own = (origin_words(claim.claimant, desks=desks),) if claim.claimant else ()
    if claim.claimant and (claim.kind == ClaimKind.STATEMENT or not _is_collective(claim.claimant)):
        return own
    supports = [row for row in evidence if row.stance == Stance.SUPPORTS]
    standing = [row for row in supports if row.quote_state in _STANDS] or supports
    found = [told[row.reference] for row in standing if row.reference in told]
    known = [origin for origin in found if not _is_collective(origin)]
    return _names(known, desks=desks) or own or _in_text(claim) or _names(found, desks=desks)


def _names(origins: Sequence[Origin], *, desks: Collection[str]) -> tuple[str, ...]:
    return tuple(origin_words(origin, desks=desks) for origin in origins)


def _is_collective(origin: Origin) -> bool:
    return origin.kind == OriginKind.COLLECTIVE


def _in_text(claim: Claim) -> tuple[str, ...]:
    """Give the text's own words for who says it, unless they only point at somebody."""
    words = claim.claimant_text.strip()
    return (words,) if words and words.casefold() not in _PRONOUNS else ()


def _opposed(
    evidence: Sequence[Evidence], *, told: Mapping[str, Origin], desks: Collection[str]
) -> Iterator[tuple[str, DisputeKind]]:
    for row in evidence:
        if row.stance == Stance.DISPUTES and row.quote_state in _STANDS:
            who = origin_words(told.get(row.reference) or row.source.publisher, desks=desks)
            kind = DisputeKind(row.dispute_kind or DisputeKind.CONFLICTING_ACCOUNT)
            yield who or "another source", kind
