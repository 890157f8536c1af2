"""Claims that stand and fall, and articles of ours that print them."""

from claims.models import Article, Claim, Evidence, Use
from claims.services.articles import add_article
from claims.services.evidence import withdraw_evidence
from claims.services.proposals import propose, sign_off
from claims.services.status import decide
from claims.services.uses import put_uses
from claims.states import ClaimStatus, Ground
from tests.claims.cast import Cast, fresh, make_claim, make_evidence, make_origin


def make_article(cast: Cast, **values) -> Article:
    values = {"title": "What we know", **values}
    return add_article(cast.ada, desk=cast.desk, text="A text.", values=values, is_ours=True)


def corroborated(cast: Cast, claim: Claim | None = None, **values) -> Claim:
    """A claim signed off on a primary record."""
    claim = claim or make_claim(cast, **values)
    make_evidence(cast, claim, origin=make_origin(cast, "NIS"), is_primary_record=True)
    proposal = propose(
        cast.ada,
        claim.pk,
        to=ClaimStatus.CORROBORATED,
        ground=Ground.PRIMARY_RECORD,
        rationale="The letter itself.",
        seen=fresh(claim).revision,
    )
    sign_off(cast.ben, proposal.reference, version=proposal.version)
    return fresh(claim)


def _decided(cast: Cast, claim: Claim, to: ClaimStatus, ground: Ground) -> Claim:
    why, seen = "Looked at again.", fresh(claim).revision
    return decide(cast.cleo, claim.pk, to=to, ground=ground, rationale=why, seen=seen)


def lower(cast: Cast, claim: Claim) -> Claim:
    return _decided(cast, claim, ClaimStatus.REPORTED, Ground.SUPPORT_LOST)


def dispute(cast: Cast, claim: Claim) -> Claim:
    return _decided(cast, claim, ClaimStatus.DISPUTED, Ground.WRONGLY_ATTRIBUTED)


def raise_again(cast: Cast, claim: Claim, to: ClaimStatus, ground: Ground) -> Claim:
    """Bring a claim up by two people."""
    proposal = propose(
        cast.ada, claim.pk, to=to, ground=ground, rationale="It is so.", seen=fresh(claim).revision
    )
    sign_off(cast.ben, proposal.reference, version=proposal.version)
    return fresh(claim)


def lose_basis(cast: Cast, claim: Claim) -> Claim:
    """Withdraw what the claim rests on."""
    for row in Evidence.objects.filter(claim=claim, withdrawn_at=None):
        withdraw_evidence(cast.ada, row.reference, reason="Not what it seemed.")
    return fresh(claim)


def printed(cast: Cast, claim: Claim, *, article: Article | None = None, **more) -> Use:
    """The use of a claim in an article of ours, in its own words."""
    article = article or make_article(cast)
    item = {"claim": claim.reference, "words": "1,500 have arrived", **more}
    (use,) = put_uses(cast.ada, article=article.reference, uses=[item])
    return use
