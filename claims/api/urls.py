"""The addresses of this door, under /api/v1/."""

from django.urls import path, re_path

from claims.api.articles import OneArticle
from claims.api.changes import Changes
from claims.api.claim_review import ClaimReviewMarkup
from claims.api.claims import ClaimHistory
from claims.api.documentation import Schema, documentation
from claims.api.door import UnknownAddress
from claims.api.index import Index
from claims.api.lookups import ClaimsByArticle, ClaimsByUrl
from claims.api.reviews import ReviewList
from claims.api.sources import OneSource, OneWatch
from claims.api.writes import decisions, evidence, reviews
from claims.api.writes.articles import Articles
from claims.api.writes.claims import ClaimByName, Claims
from claims.api.writes.sources import Sources
from claims.api.writes.uses import Uses

urlpatterns = [
    path("", Index.as_view(), name="api-index"),
    path("claims/", Claims.as_view(), name="api-claims"),
    path("claims/<str:reference>/", ClaimByName.as_view(), name="api-claim"),
    path("claims/<str:reference>/history/", ClaimHistory.as_view(), name="api-claim-history"),
    path(
        "claims/<str:reference>/claim-review/",
        ClaimReviewMarkup.as_view(),
        name="api-claim-review",
    ),
    path("claims/<str:reference>/status/", decisions.Status.as_view(), name="api-claim-status"),
    path(
        "claims/<str:reference>/proposals/",
        decisions.Proposals.as_view(),
        name="api-claim-proposals",
    ),
    path(
        "claims/<str:reference>/proposals/withdraw/",
        decisions.Withdrawal.as_view(),
        name="api-claim-proposal-withdraw",
    ),
    path("claims/<str:reference>/close/", decisions.Closing.as_view(), name="api-claim-close"),
    path("claims/<str:reference>/reopen/", decisions.Reopening.as_view(), name="api-claim-reopen"),
    path("claims/<str:reference>/flags/", decisions.Flags.as_view(), name="api-claim-flags"),
    path("evidence/", evidence.EvidenceRows.as_view(), name="api-evidence-list"),
    path("evidence/<str:reference>/", evidence.EvidenceByName.as_view(), name="api-evidence"),
    path(
        "evidence/<str:reference>/withdraw/",
        evidence.Withdrawal.as_view(),
        name="api-evidence-withdraw",
    ),
    path("sources/", Sources.as_view(), name="api-sources"),
    path("sources/<str:reference>/", OneSource.as_view(), name="api-source"),
    path("sources/<str:reference>/watch/", OneWatch.as_view(), name="api-watch"),
    path("articles/", Articles.as_view(), name="api-articles"),
    path("articles/<str:reference>/", OneArticle.as_view(), name="api-article"),
    path("articles/<str:reference>/uses/", Uses.as_view(), name="api-article-uses"),
    path("reviews/", ReviewList.as_view(), name="api-reviews"),
    path("reviews/<str:reference>/", reviews.ReadReview.as_view(), name="api-review"),
    path("reviews/<str:reference>/take/", reviews.Taking.as_view(), name="api-review-take"),
    path("reviews/<str:reference>/release/", reviews.Release.as_view(), name="api-review-release"),
    path("reviews/<str:reference>/assign/", reviews.Assignment.as_view(), name="api-review-assign"),
    path("reviews/<str:reference>/due/", reviews.Deadline.as_view(), name="api-review-due"),
    path("reviews/<str:reference>/stands/", reviews.Standing.as_view(), name="api-review-stands"),
    path("by-url/", ClaimsByUrl.as_view(), name="api-claims-by-url"),
    path("by-article/", ClaimsByArticle.as_view(), name="api-claims-by-article"),
    path("changes/", Changes.as_view(), name="api-changes"),
    path("schema/", Schema.as_view(), name="api-schema"),
    path("docs/", documentation, name="api-docs"),
    re_path(r"", UnknownAddress.as_view()),
]
