"""schema.org ClaimReview of one claim: what may be told to the whole world, and nothing else."""

from collections.abc import Sequence

from django.conf import settings
from rest_framework.renderers import JSONRenderer
from typing_extensions import override

from claims.access import visible_to
from claims.api.answers import claim_review as answers
from claims.api.description import described
from claims.api.door import Given
from claims.api.lists import Single
from claims.errors import RuleRefused
from claims.models import Article, Claim
from claims.present.claim_review import (
    Publisher,
    Speaker,
    claim_review,
    is_web_address,
    rating_of,
    script_text,
)
from claims.states import Basis, ClaimKind, ClaimStatus, CloseReason, Ground, OriginKind, Visibility

MEDIA_TYPE = "application/ld+json"
NEVER_REVIEWED = frozenset({CloseReason.MISTAKE, CloseReason.DUPLICATE, CloseReason.SPLIT})


class JsonLd(JSONRenderer):
    """JSON under the name of JSON-LD, so that who accepts that alone is answered."""

    media_type = MEDIA_TYPE


@described(
    "read_claim_review",
    answers.ClaimReview,
    refusals=(400, 401, 403, 404, 406, 409, 429),
    media_type=MEDIA_TYPE,
)
class ClaimReviewMarkup(Single):
    """What was found of a claim, as schema.org ClaimReview, safe inside a script element as it is.

    Only of an open claim that is corroborated or disputed and whose basis holds; of every other
    one there is no markup (409, in words), and what stands on a page is to be taken down.
    """

    prefix = "ST"
    noun = "claim"
    rows = visible_to
    media_type = MEDIA_TYPE
    renderer_classes = (JsonLd, JSONRenderer)

    @override
    def state(self, **_names: str) -> str:
        return f"{super().state()} {settings.PUBLISHER_NAME} {settings.PUBLISHER_URL}"

    @override
    def body(self, given: Given, **names: str) -> str:
        claim = self.row(names["reference"]).select_related("claimant").first()
        if claim is None:
            raise self.missing()
        require_review(claim)
        return markup_of(claim)


def require_review(claim: Claim) -> None:
    """Refuse a claim of which nothing may be told to the whole world.

    Raises:
        RuleRefused: it is merely reported, no longer rests on what it rested on, is not open to
            everybody, or was closed because it should not stand by itself.
    """
    if claim.visibility != Visibility.OPEN:
        raise RuleRefused("This claim is its desk's own: there is no markup of it.")
    if claim.close_reason in NEVER_REVIEWED:
        raise RuleRefused("This claim was closed as a mistake or in favour of another.")
    if claim.status == ClaimStatus.REPORTED:
        raise RuleRefused("This claim is reported: nobody has established it, so nothing is told.")
    if claim.basis != Basis.HOLDS:
        raise RuleRefused("The basis of this status does not hold: take its markup down.")


def markup_of(claim: Claim) -> str:
    """Return the markup of a claim as JSON text."""
    found = Article.objects.filter(appearances__claim=claim).distinct().order_by("pk")
    articles = [article for article in found if is_web_address(article.url)]
    ours = [article.url for article in articles if article.is_ours]
    document = claim_review(
        claim.statement,
        speaker=_speaker(claim),
        appearance_urls=[article.url for article in articles if not article.is_ours],
        rating=rating_of(
            ClaimStatus(claim.status), Ground(claim.ground), kind=ClaimKind(claim.kind)
        ),
        review_url=_only(ours),
        review_date=claim.status_since_at.date().isoformat(),
        publisher=Publisher(settings.PUBLISHER_NAME, settings.PUBLISHER_URL),
    )
    return script_text(document)


def _only(urls: Sequence[str]) -> str:
    """Return the one address there is; which of several carries the markup, its publisher knows."""
    return urls[0] if len(urls) == 1 else ""


def _speaker(claim: Claim) -> Speaker | None:
    """Return who made the claim; a confidential source is told to nobody."""
    by = claim.claimant
    if by is not None:
        return None if by.is_confidential else Speaker(by.name, OriginKind(by.kind))
    return Speaker(claim.claimant_text) if claim.claimant_text else None
