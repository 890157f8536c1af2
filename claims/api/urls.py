"""The addresses of this door, under /api/v1/."""

from django.urls import path, re_path

from claims.api.articles import ArticleList, OneArticle
from claims.api.changes import Changes
from claims.api.claims import ClaimHistory, ClaimList, OneClaim
from claims.api.documentation import Schema, documentation
from claims.api.door import UnknownAddress
from claims.api.evidence import EvidenceList, OneEvidence
from claims.api.index import Index
from claims.api.reviews import OneReview, ReviewList
from claims.api.sources import OneSource, OneWatch, SourceList

urlpatterns = [
    path("", Index.as_view(), name="api-index"),
    path("claims/", ClaimList.as_view(), name="api-claims"),
    path("claims/<str:reference>/", OneClaim.as_view(), name="api-claim"),
    path("claims/<str:reference>/history/", ClaimHistory.as_view(), name="api-claim-history"),
    path("evidence/", EvidenceList.as_view(), name="api-evidence-list"),
    path("evidence/<str:reference>/", OneEvidence.as_view(), name="api-evidence"),
    path("sources/", SourceList.as_view(), name="api-sources"),
    path("sources/<str:reference>/", OneSource.as_view(), name="api-source"),
    path("sources/<str:reference>/watch/", OneWatch.as_view(), name="api-watch"),
    path("articles/", ArticleList.as_view(), name="api-articles"),
    path("articles/<str:reference>/", OneArticle.as_view(), name="api-article"),
    path("reviews/", ReviewList.as_view(), name="api-reviews"),
    path("reviews/<str:reference>/", OneReview.as_view(), name="api-review"),
    path("changes/", Changes.as_view(), name="api-changes"),
    path("schema/", Schema.as_view(), name="api-schema"),
    path("docs/", documentation, name="api-docs"),
    re_path(r"", UnknownAddress.as_view()),
]
