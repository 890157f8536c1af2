"""The lists of the work on claims: reviews, flags, proposals."""

from django.contrib import admin
from django.db.models import QuerySet
from django.utils.safestring import SafeString
from typing_extensions import override

from claims.access import (
    reviews_visible_to,
    visible_to,
)
from claims.admin.links import claim_link, source_link
from claims.admin.record import RecordList, page_link, word_filter
from claims.admin.site import desk
from claims.models import Flag, Proposal, Review
from claims.present.badges import flag_html
from claims.present.times import moment_html
from claims.present.words import label
from claims.states import (
    ClaimStatus,
    FlagKind,
    Ground,
    ProposalKind,
    ProposalState,
    ReviewOutcome,
)
from claims.types import Actor


@admin.register(Review, site=desk)
class ReviewList(RecordList[Review]):
    """Rounds of work, newest first."""

    list_display = ("of_claim", "reason", "opened", "whose", "due", "ended", "result")
    list_filter = (word_filter("outcome", ReviewOutcome, title="outcome"),)

    @override
    def rows_for(self, actor: Actor) -> QuerySet[Review]:
        return reviews_visible_to(actor).select_related("claim", "assignee")

    @admin.display(description="Claim")
    def of_claim(self, review: Review) -> SafeString:
        """Its claim."""
        return claim_link(review.claim)

    @admin.display(description="Opened")
    def opened(self, review: Review) -> SafeString:
        """When it began."""
        return moment_html(review.opened_at)

    @admin.display(description="Assigned to")
    def whose(self, review: Review) -> str:
        """Whose it is."""
        return str(review.assignee or "–")

    @admin.display(description="Due")
    def due(self, review: Review) -> SafeString:
        """By when it is to be done."""
        return moment_html(review.due_at)

    @admin.display(description="Ended")
    def ended(self, review: Review) -> SafeString:
        """When it ended."""
        return moment_html(review.ended_at)

    @admin.display(description="Outcome")
    def result(self, review: Review) -> str:
        """How it ended."""
        return label(ReviewOutcome(review.outcome)) if review.outcome else "open"


@admin.register(Flag, site=desk)
class FlagList(RecordList[Flag]):
    """Flags, newest first."""

    list_display = ("mark", "of_claim", "linked_source", "raised", "answered", "together")
    list_filter = (word_filter("kind", FlagKind, title="kind"),)

    @override
    def rows_for(self, actor: Actor) -> QuerySet[Flag]:
        seen = Flag.objects.filter(claim__in=visible_to(actor))
        return seen.select_related("claim", "source")

    @admin.display(description="Flag")
    def mark(self, flag: Flag) -> SafeString:
        """Its kind."""
        return flag_html(FlagKind(flag.kind))

    @admin.display(description="Claim")
    def of_claim(self, flag: Flag) -> SafeString:
        """Its claim."""
        return claim_link(flag.claim)

    @admin.display(description="Linked source")
    def linked_source(self, flag: Flag) -> SafeString | str:
        """The source it came from."""
        return source_link(flag.source) if flag.source is not None else "–"

    @admin.display(description="Raised")
    def raised(self, flag: Flag) -> SafeString:
        """When."""
        return moment_html(flag.raised_at)

    @admin.display(description="Answered")
    def answered(self, flag: Flag) -> SafeString:
        """When."""
        return moment_html(flag.answered_at)

    @admin.display(description="The same change")
    def together(self, flag: Flag) -> SafeString | str:
        """All that the same event flagged."""
        if flag.source_id is None:
            return "–"
        return page_link("claims_cause", str(flag.cause), "all it touched")


@admin.register(Proposal, site=desk)
class ProposalList(RecordList[Proposal]):
    """Proposals, newest first."""

    list_display = ("of_claim", "what", "proposed_by", "proposed", "where")
    list_filter = (word_filter("state", ProposalState, title="state"),)

    @override
    def rows_for(self, actor: Actor) -> QuerySet[Proposal]:
        seen = Proposal.objects.filter(claim__in=visible_to(actor))
        return seen.select_related("claim", "proposed_by", "sign_off__signed_by")

    @admin.display(description="Claim")
    def of_claim(self, row: Proposal) -> SafeString:
        """Its claim."""
        return claim_link(row.claim)

    @admin.display(description="Proposes")
    def what(self, row: Proposal) -> str:
        """What it asks for."""
        if row.kind == ProposalKind.STATUS:
            return f"{label(ClaimStatus(row.to_status))}: {label(Ground(row.ground))}"
        return label(ProposalKind(row.kind))

    @admin.display(description="Proposed")
    def proposed(self, row: Proposal) -> SafeString:
        """When."""
        return moment_html(row.proposed_at)

    @admin.display(description="State")
    def where(self, row: Proposal) -> str:
        """How it ended, and by whom."""
        sign_off = getattr(row, "sign_off", None)
        if sign_off is not None:
            return f"signed off by {sign_off.signed_by}"
        return label(ProposalState(row.state)) + (f": {row.void_reason}" if row.void_reason else "")
