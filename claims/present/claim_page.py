"""All a page says of one claim, in words and drawings, from its dossier."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from claims.models import Claim, ClaimLink, Flag, Proposal
from claims.present.badges import Badge, BasisFacts
from claims.present.chain import Drawing
from claims.present.evidence import (
    CONFIDENTIAL,
    ELSEWHERE,
    EvidenceCard,
    card_of,
    origin_words,
    page_names,
    source_words,
)
from claims.present.history import HistoryLine, happened_at, history_lines, who_acted
from claims.present.origin_chain import NamedOrigin, drawing_of
from claims.present.words import label, status_line
from claims.queries.decisions import Decision
from claims.queries.dossier import Dossier, oldest_look_at
from claims.queries.resting import figure_value
from claims.states import (
    Basis,
    ClaimKind,
    ClaimLinkKind,
    ClaimStatus,
    CloseReason,
    FlagKind,
    Ground,
    OriginKind,
    ProposalKind,
    Reliability,
    Visibility,
)
from claims.types import FigureValue

_KINDS: Mapping[ClaimKind, str] = {
    ClaimKind.FACT: "fact: it is so",
    ClaimKind.STATEMENT: "statement: it was said",
}
_FROM_THE_OTHER_SIDE: Mapping[ClaimLinkKind, str] = {
    ClaimLinkKind.UPDATES: "is updated by",
    ClaimLinkKind.FOLLOWS: "is followed by",
    ClaimLinkKind.DUPLICATES: "is duplicated by",
    ClaimLinkKind.PART_OF: "has a part",
}


@dataclass(frozen=True, slots=True)
class DecisionWords:
    """The last decision: why, by whom, and who signed it off."""

    rationale: str
    who: str
    signed_by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FlagWords:
    """One open flag."""

    kind: FlagKind
    source: str
    found: str
    detail: str
    is_stealth: bool
    raised_at: datetime


@dataclass(frozen=True, slots=True)
class ProposalWords:
    """The open proposal; `badge` where it asks for another status."""

    reference: str
    who: str
    what: str
    badge: Badge | None
    ground: str
    rationale: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LinkWords:
    """How this claim stands to another one."""

    words: str
    reference: str
    statement: str
    badge: Badge


@dataclass(frozen=True, slots=True)
class FoundIn:
    """An article the claim appears in, and its words there."""

    reference: str
    title: str
    quote: str


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """What `web/claim.html` and the desk's claim page show."""

    reference: str
    statement: str
    language: str
    desk: str
    visibility_words: str
    kind_words: str
    badge: Badge
    basis: BasisFacts
    status_line: str
    status_since_at: datetime
    ground: str
    replaced_by: str
    closed_at: datetime | None
    close_reason: str
    claimant: str
    as_of_on: date | None
    expected_by_on: date | None
    created_at: datetime
    decision: DecisionWords | None
    opinion: str
    drawing: Drawing
    evidence: tuple[EvidenceCard, ...]
    figures: tuple[FigureValue, ...]
    open_flags: tuple[FlagWords, ...]
    proposal: ProposalWords | None
    appearances: tuple[FoundIn, ...]
    links: tuple[LinkWords, ...]
    history: tuple[HistoryLine, ...]


def badge_of(claim: Claim) -> Badge:
    """Return a claim's badge."""
    return Badge(
        status=ClaimStatus(claim.status),
        kind=ClaimKind(claim.kind),
        basis=Basis(claim.basis),
        open_flags=claim.open_flags,
    )


def claimant_words(claim: Claim, *, desks: Collection[str]) -> str:
    """Name who says it: the claimant on record, else the words of the text."""
    return origin_words(claim.claimant, desks=desks) or claim.claimant_text


def claim_page(dossier: Dossier, *, desks: Collection[str]) -> ClaimPage:
    """Put a dossier into words for a reader of these desks."""
    claim = dossier.claim
    names = page_names(dossier.evidence + dossier.relayed, desks=desks)
    visibility = Visibility(claim.visibility)
    return ClaimPage(
        reference=claim.reference,
        statement=claim.statement,
        language=claim.language,
        desk=claim.desk.name,
        visibility_words="" if visibility is Visibility.OPEN else label(visibility),
        kind_words=_KINDS[ClaimKind(claim.kind)],
        badge=badge_of(claim),
        basis=_basis(dossier),
        status_line=status_line(
            ClaimStatus(claim.status), as_of_on=claim.as_of_on, ground=Ground(claim.ground)
        ),
        status_since_at=claim.status_since_at,
        ground=label(Ground(claim.ground)),
        replaced_by=claim.replaced_by.reference if claim.replaced_by else "",
        closed_at=claim.closed_at,
        close_reason=label(CloseReason(claim.close_reason)) if claim.close_reason else "",
        claimant=claimant_words(claim, desks=desks),
        as_of_on=claim.as_of_on,
        expected_by_on=claim.expected_by_on,
        created_at=claim.created_at,
        decision=_decision(dossier.decision),
        opinion=_opinion(dossier, desks=desks),
        drawing=_drawing(dossier, names=names, desks=desks),
        evidence=_evidence(dossier, names=names, desks=desks),
        figures=tuple(figure_value(row) for row in dossier.figures),
        open_flags=tuple(_flag(row) for row in dossier.flags),
        proposal=_proposal(dossier.proposal, kind=ClaimKind(claim.kind)),
        appearances=tuple(
            FoundIn(row.article.reference, row.article.title, row.quote)
            for row in dossier.appearances
        ),
        links=_links(dossier.links, dossier.linked_from),
        history=history_lines(dossier.history, kind=ClaimKind(claim.kind)),
    )


def _basis(dossier: Dossier) -> BasisFacts:
    claim = dossier.claim
    return BasisFacts(
        basis=Basis(claim.basis),
        since=claim.basis_since_at,
        why=claim.basis_reason,
        origins=claim.independent_origins,
        oldest_look_at=oldest_look_at(dossier.evidence),
    )


def _decision(decision: Decision | None) -> DecisionWords | None:
    if decision is None:
        return None
    entry, actor = decision.entry, who_acted(decision.entry)
    rationale = entry.resolve((entry.body or {}).get("rationale"))
    return DecisionWords(
        rationale=str(rationale or ""),
        who=decision.proposer or actor,
        signed_by=actor if decision.proposer else "",
        at=happened_at(entry),
    )


def _opinion(dossier: Dossier, *, desks: Collection[str]) -> str:
    # The rules name origins; a confidential one keeps its name within its desk.
    sentence = dossier.opinion.sentence
    for origin in dossier.origins.values():
        if origin_words(origin, desks=desks) == CONFIDENTIAL:
            sentence = sentence.replace(origin.name, CONFIDENTIAL)
    return sentence


def _drawing(dossier: Dossier, *, names: Mapping[str, str], desks: Collection[str]) -> Drawing:
    origins = {
        reference: NamedOrigin(
            name=origin_words(row, desks=desks),
            kind=OriginKind(row.kind),
            reliability=Reliability(row.reliability),
        )
        for reference, row in dossier.origins.items()
    }
    chained = {name for item in dossier.opinion.weighed for name in item.chain}
    pages = {**dict.fromkeys(chained - origins.keys(), ELSEWHERE), **names}
    return drawing_of(dossier.opinion, pages=pages, origins=origins)


def _evidence(
    dossier: Dossier, *, names: Mapping[str, str], desks: Collection[str]
) -> tuple[EvidenceCard, ...]:
    weighed = {item.evidence.reference: item for item in dossier.opinion.weighed}
    return tuple(
        card_of(row, weighed=weighed.get(row.reference), desks=desks, pages=names)
        for row in dossier.evidence
    )


def _flag(row: Flag) -> FlagWords:
    return FlagWords(
        kind=FlagKind(row.kind),
        source=source_words(row.source) if row.source else "",
        found=row.found,
        detail=row.detail,
        is_stealth=row.is_stealth,
        raised_at=row.raised_at,
    )


def _proposal(row: Proposal | None, *, kind: ClaimKind) -> ProposalWords | None:
    if row is None:
        return None
    is_status = ProposalKind(row.kind) is ProposalKind.STATUS
    return ProposalWords(
        reference=row.reference,
        who=str(row.proposed_by),
        what=label(ProposalKind(row.kind)),
        badge=Badge(ClaimStatus(row.to_status), kind) if is_status else None,
        ground=label(Ground(row.ground)) if row.ground else "",
        rationale=row.rationale,
        at=row.proposed_at,
    )


def _links(links: Sequence[ClaimLink], linked_from: Sequence[ClaimLink]) -> tuple[LinkWords, ...]:
    ours = [(label(ClaimLinkKind(row.kind)), row.other) for row in links]
    theirs = [(_FROM_THE_OTHER_SIDE[ClaimLinkKind(row.kind)], row.claim) for row in linked_from]
    return tuple(
        LinkWords(words, other.reference, other.statement, badge_of(other))
        for words, other in ours + theirs
    )
