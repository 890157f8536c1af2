"""A view that does nothing, the same behind our door, and a list as the framework makes it."""

from django.http import HttpRequest, HttpResponse
from rest_framework.generics import ListAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.serializers import ModelSerializer, SerializerMethodField
from rest_framework.throttling import UserRateThrottle

from claims.api.authentication import BearerToken
from claims.api.door import JSON, Resource
from claims.models import Claim, ClaimLink, Figure, Proposal


def nothing(_request: HttpRequest) -> HttpResponse:
    """Answer an empty object, behind the middleware alone."""
    return HttpResponse("{}", content_type=JSON)


class Nothing(Resource):
    """The same behind our token check, rights and throttle."""

    def get(self, request: Request, **names: str) -> HttpResponse:  # noqa: ARG002 - its form
        return HttpResponse("{}", content_type=JSON)


class StockFigure(ModelSerializer):
    class Meta:
        model = Figure
        fields = ("value", "value_high", "unit", "qualifier", "scope", "as_of_on", "text")


class StockLink(ModelSerializer):
    class Meta:
        model = ClaimLink
        fields = ("kind", "other")


class StockProposal(ModelSerializer):
    class Meta:
        model = Proposal
        fields = ("reference", "kind", "to_status", "ground", "proposed_at")


class StockClaim(ModelSerializer):
    """The fields of ours, as the framework's handbook has them: nested rows are prefetched."""

    figures = StockFigure(many=True)
    links = StockLink(many=True)
    pending = SerializerMethodField()
    evidence_count = SerializerMethodField()
    oldest_last_look_at = SerializerMethodField()

    class Meta:
        model = Claim
        fields = (
            *("reference", "desk", "statement", "language", "kind", "claimant", "claimant_text"),
            *("status", "status_since_at", "ground", "basis", "basis_since_at", "basis_reason"),
            *("independent_origins", "oldest_last_look_at", "figures", "as_of_on", "topic"),
            *("expected_by_on", "review_by_on", "visibility", "closed_at", "close_reason"),
            *("replaced_by", "links", "revision", "pending", "open_flags", "evidence_count"),
            "created_at",
        )

    def get_pending(self, claim: Claim) -> object:
        found = [one for one in claim.proposals.all() if one.state == "open"]
        return StockProposal(found[0]).data if found else None

    def get_evidence_count(self, claim: Claim) -> int:
        return len([one for one in claim.evidence.all() if one.withdrawn_at is None])

    def get_oldest_last_look_at(self, claim: Claim) -> object:
        rows = [one for one in claim.evidence.all() if one.withdrawn_at is None]
        return min((one.source.watch.last_looked_at for one in rows), default=None)


class Newest(CursorPagination):
    ordering = "-id"
    page_size = 50


class OftenEnough(UserRateThrottle):
    """The framework's own throttle, at a rate the measurement does not reach."""

    rate = "1000000/min"


class StockClaims(ListAPIView):
    authentication_classes = (BearerToken,)
    permission_classes = (IsAuthenticated,)
    throttle_classes = (OftenEnough,)
    serializer_class = StockClaim
    pagination_class = Newest
    queryset = Claim.objects.select_related("desk", "claimant").prefetch_related(
        "figures", "links", "proposals", "evidence__source__watch"
    )
