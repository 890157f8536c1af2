"""Which status the evidence supports, in words, and how many people a change takes. Pure.

The rule of two origins: corroborated needs standing or attested support from at least two
independent known origins, or one primary record. Independence is judged at the root: who the
information comes from after following `relays` and `part_of` to their end.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from claims.errors import TransitionRefused
from claims.states import (
    GROUNDS,
    TRANSITIONS,
    Basis,
    ClaimStatus,
    DisputeKind,
    Ground,
    OriginKind,
    Procedure,
    QuoteState,
    Reliability,
    Stance,
)

ORIGINS_NEEDED = 2
IMPROBABLE = 5
"""Credibility 5 of the Admiralty scale: support so graded counts zero."""


class Discount(StrEnum):
    """Why a piece of evidence counts zero towards independence."""

    NOT_SUPPORT = "not_support"
    NOT_STANDING = "not_standing"
    RETRACTED = "retracted"
    ORIGIN_UNKNOWN = "origin_unknown"
    COLLECTIVE = "collective"
    CIRCULAR = "circular"
    UNCONFIRMED = "unconfirmed"
    UNRELIABLE = "unreliable"
    IMPROBABLE = "improbable"


@dataclass(frozen=True, slots=True)
class OriginFact:
    """What the rules need to know of an origin; `part_of` is a reference or empty."""

    reference: str
    name: str
    kind: OriginKind
    part_of: str = ""
    reliability: Reliability = Reliability.F
    is_confidential: bool = False
    is_confirmed: bool = False


@dataclass(frozen=True, slots=True)
class EvidenceFact:
    """What the rules need to know of one piece of evidence not withdrawn.

    `relays_evidence`, `relays_origin` and `origin` are references or empty.
    """

    reference: str
    stance: Stance
    quote_state: QuoteState
    origin: str = ""
    relays_evidence: str = ""
    relays_origin: str = ""
    credibility: int = 6
    is_primary_record: bool = False
    dispute_kind: DisputeKind | None = None
    is_retracted: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class Weighed:
    """One piece of evidence after the rules: the chain to its root, and whether it counts."""

    evidence: EvidenceFact
    chain: tuple[str, ...]
    root: str = ""
    discount: Discount | None = None

    @property
    def counts(self) -> bool:
        """Whether it adds its root to the independent origins."""
        return self.discount is None


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the evidence supports now: the rules' answer, with the sentence for people."""

    weighed: tuple[Weighed, ...]
    roots: tuple[str, ...]
    primary_records: tuple[str, ...]
    disputing: tuple[str, ...]
    retracted: tuple[str, ...]
    sentence: str
    may_corroborate: bool
    grounds: Mapping[ClaimStatus, tuple[Ground, ...]] = field(default_factory=dict)

    @property
    def counted(self) -> tuple[str, ...]:
        """References of the evidence a corroboration would rest on."""
        counted = [item.evidence.reference for item in self.weighed if item.counts]
        return tuple(dict.fromkeys([*counted, *self.primary_records]))


def judge(evidence: Sequence[EvidenceFact], *, origins: Mapping[str, OriginFact]) -> Opinion:
    """Weigh the evidence of one claim.

    Args:
        evidence: all that is not withdrawn; relayed evidence of other claims may be among it
            (stance CONTEXT) so that chains can be followed.
        origins: by reference; every origin named by the evidence and all they are part of.

    Returns:
        Opinion; `roots` are the references of the independent known origins, in order of first use.
    """
    by_reference = {item.reference: item for item in evidence}
    weighed = tuple(_weigh(item, by_reference=by_reference, origins=origins) for item in evidence)
    roots = tuple(dict.fromkeys(item.root for item in weighed if item.counts))
    standing = [item for item in evidence if _stands(item)]
    primary = tuple(
        item.reference for item in standing if item.is_primary_record and _supports(item)
    )
    disputing = tuple(item.reference for item in standing if item.stance is Stance.DISPUTES)
    retracted = tuple(item.reference for item in evidence if item.is_retracted)
    return Opinion(
        weighed=weighed,
        roots=roots,
        primary_records=primary,
        disputing=disputing,
        retracted=retracted,
        sentence=_sentence(weighed, roots=roots, primary=primary, origins=origins),
        may_corroborate=bool(primary) or len(roots) >= ORIGINS_NEEDED,
        grounds=_grounds_open(roots=roots, primary=primary),
    )


def _supports(item: EvidenceFact) -> bool:
    return item.stance is Stance.SUPPORTS


def _stands(item: EvidenceFact) -> bool:
    return item.quote_state in {QuoteState.STANDING, QuoteState.ATTESTED} and not item.is_retracted


def _weigh(
    item: EvidenceFact,
    *,
    by_reference: Mapping[str, EvidenceFact],
    origins: Mapping[str, OriginFact],
) -> Weighed:
    chain, root, fault = _follow(item, by_reference=by_reference, origins=origins)
    return Weighed(item, chain, root, _discount(item, chain, fault, origins=origins))


def _follow(
    item: EvidenceFact,
    *,
    by_reference: Mapping[str, EvidenceFact],
    origins: Mapping[str, OriginFact],
) -> tuple[tuple[str, ...], str, Discount | None]:
    """Follow relays, then part_of, to the root; say what broke the chain, if anything."""
    chain: list[str] = [item.reference]
    while item.relays_evidence:
        if item.relays_evidence in chain:
            return tuple(chain), "", Discount.CIRCULAR
        following = by_reference.get(item.relays_evidence)
        if following is None:
            return tuple(chain), "", Discount.ORIGIN_UNKNOWN
        item = following
        chain.append(item.reference)
    at = item.relays_origin or item.origin
    if not at:
        return tuple(chain), "", Discount.ORIGIN_UNKNOWN
    while at:
        if at in chain:
            return tuple(chain), "", Discount.CIRCULAR
        chain.append(at)
        at = origins[at].part_of
    return tuple(chain), chain[-1], None


def _discount(
    item: EvidenceFact,
    chain: Sequence[str],
    fault: Discount | None,
    *,
    origins: Mapping[str, OriginFact],
) -> Discount | None:
    if not _supports(item):
        return Discount.NOT_SUPPORT
    if item.is_retracted:
        return Discount.RETRACTED
    if not _stands(item):
        return Discount.NOT_STANDING
    if fault is not None:
        return fault
    passed = [origins[name] for name in chain if name in origins]
    tests = {
        Discount.COLLECTIVE: any(origin.kind is OriginKind.COLLECTIVE for origin in passed),
        Discount.UNCONFIRMED: any(o.is_confidential and not o.is_confirmed for o in passed),
        Discount.UNRELIABLE: any(
            origin.reliability in {Reliability.D, Reliability.E} for origin in passed
        ),
        Discount.IMPROBABLE: item.credibility == IMPROBABLE,
    }
    return next((why for why, is_so in tests.items() if is_so), None)


def _grounds_open(
    *, roots: Sequence[str], primary: Sequence[str]
) -> dict[ClaimStatus, tuple[Ground, ...]]:
    corroborated = [Ground.INDEPENDENT_ORIGINS] if len(roots) >= ORIGINS_NEEDED else []
    if primary:
        corroborated.append(Ground.PRIMARY_RECORD)
    return {**GROUNDS, ClaimStatus.CORROBORATED: tuple(corroborated)}


def _sentence(
    weighed: Sequence[Weighed],
    *,
    roots: Sequence[str],
    primary: Sequence[str],
    origins: Mapping[str, OriginFact],
) -> str:
    """Say in words what the support amounts to: "4 pages, 1 origin: all repeat the NIS"."""
    support = [item for item in weighed if _supports(item.evidence)]
    pages = len({item.evidence.source or item.evidence.reference for item in support})
    if not support:
        return "Nothing supports it yet."
    if primary:
        return f"{_count(pages, 'page')}, and {_count(len(primary), 'primary record')} of the act."
    counted = [item for item in support if item.counts]
    if not counted:
        return f"{_count(pages, 'page')}, no known origin: {_why_not(support)}."
    if len(roots) == 1:
        told_by = _told_by(counted, origins=origins)
        return f"{_count(pages, 'page')}, 1 origin: {_repeat(counted, support)} {told_by}."
    named = ", ".join(origins[root].name for root in roots)
    return f"{_count(pages, 'page')}, {len(roots)} independent origins: {named}."


def _repeat(counted: Sequence[Weighed], support: Sequence[Weighed]) -> str:
    if len(counted) == 1:
        return "it comes from"
    return "all repeat" if len(counted) == len(support) else f"{len(counted)} repeat"


def _told_by(counted: Sequence[Weighed], *, origins: Mapping[str, OriginFact]) -> str:
    """Name the nearest origin all share, else the root: the NIS rather than its state."""
    paths = [[name for name in item.chain if name in origins] for item in counted]
    shared = [name for name in paths[0] if all(name in path for path in paths)]
    return origins[shared[0] if shared else paths[0][-1]].name


def _why_not(support: Sequence[Weighed]) -> str:
    words: dict[Discount | None, str] = {
        Discount.NOT_STANDING: "no quote has been found standing",
        Discount.RETRACTED: "what it rests on was taken back",
        Discount.ORIGIN_UNKNOWN: "nobody knows who it comes from",
        Discount.COLLECTIVE: "a collective name is not an origin",
        Discount.CIRCULAR: "they quote each other in a circle",
        Discount.UNCONFIRMED: "an unconfirmed confidential source does not count",
        Discount.UNRELIABLE: "its origin is graded D or E",
        Discount.IMPROBABLE: "it is graded improbable",
    }
    found = dict.fromkeys(item.discount for item in support)
    return "; ".join(words[why] for why in found if why in words)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


def procedure(was: ClaimStatus, to: ClaimStatus, *, ground: Ground) -> Procedure:
    """Return how many people the change takes.

    Raises:
        TransitionRefused: `to` is not reachable from `was`, or `ground` is no ground of `to`.
    """
    if ground not in GROUNDS[to]:
        names = ", ".join(GROUNDS[to])
        raise TransitionRefused(f"“{ground}” is no ground for {to}; its grounds are: {names}.")
    if to not in TRANSITIONS[was]:
        names = ", ".join(TRANSITIONS[was])
        raise TransitionRefused(f"A claim that is {was} cannot become {to}, only: {names}.")
    return TRANSITIONS[was][to]


def why_not_corroborated(
    opinion: Opinion, *, ground: Ground, rationale: str, names: Mapping[str, str]
) -> str:
    """Return the sentence that refuses a corroboration on `ground`, or nothing.

    `names` gives each disputing evidence a word the rationale must contain to answer it.
    """
    if ground is Ground.PRIMARY_RECORD and not opinion.primary_records:
        return "No standing or attested primary record of the act is among the evidence."
    if ground is Ground.INDEPENDENT_ORIGINS and len(opinion.roots) < ORIGINS_NEEDED:
        missing = ORIGINS_NEEDED - len(opinion.roots)
        return f"{opinion.sentence} It needs {_count(missing, 'more independent origin')}."
    unanswered = [ref for ref in opinion.disputing if names.get(ref, ref) not in rationale]
    if unanswered:
        return (
            "Standing disputing evidence must be answered in the rationale, by name: "
            + ", ".join(names.get(ref, ref) for ref in unanswered)
            + "."
        )
    return ""


def why_not_disputed(opinion: Opinion, *, is_editor: bool) -> str:
    """Return the sentence that refuses a dispute, or nothing."""
    if opinion.disputing or opinion.retracted or is_editor:
        return ""
    return (
        "Disputed needs standing disputing evidence, a retraction or correction by a source it "
        "rests on, or an editor's rationale."
    )


def basis_of(
    status: ClaimStatus, ground: Ground, *, opinion: Opinion, open_flags: Sequence[str]
) -> tuple[Basis, str]:
    """Return whether the status still rests on what it rested on, and why not, in words."""
    lost = _why_lost(status, ground, opinion=opinion)
    if lost:
        return Basis.LOST, lost
    if open_flags:
        return Basis.IN_QUESTION, "; ".join(dict.fromkeys(open_flags))
    return Basis.HOLDS, ""


def _why_lost(status: ClaimStatus, ground: Ground, *, opinion: Opinion) -> str:
    if status is ClaimStatus.CORROBORATED:
        if ground is Ground.PRIMARY_RECORD and not opinion.primary_records:
            return "the primary record no longer stands"
        if ground is Ground.INDEPENDENT_ORIGINS and len(opinion.roots) < ORIGINS_NEEDED:
            return f"only {_count(len(opinion.roots), 'independent origin')} left"
    rests_on_evidence = {Ground.CONFLICTING_ACCOUNTS, Ground.DENIED_WITH_EVIDENCE}
    if status is ClaimStatus.DISPUTED and ground in rests_on_evidence and not opinion.disputing:
        return "no disputing evidence stands any more"
    return ""
