"""Why a claim needs eyes, the rounds of work, and what a second person must approve."""

import uuid

from django.db import models
from django.db.models import F, Q
from typing_extensions import override

from claims.models.claim import Claim
from claims.models.desk import Desk, User
from claims.models.evidence import Evidence
from claims.models.fields import enum_field, one_of, reference_field
from claims.models.source import Snapshot, Source
from claims.states import (
    ClaimStatus,
    FlagAnswer,
    FlagKind,
    Ground,
    ProposalKind,
    ProposalState,
    ReviewOutcome,
)


def desk_of_the_claim() -> "models.ForeignKey[Desk, Desk]":
    """Return the column by which work is listed by desk without a look at its claims."""
    return models.ForeignKey(
        Desk, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False
    )


class Review(models.Model):
    """One round of work on one claim; at most one is open.

    `assignee` is whose it is until that changes; `taken_by` who is at it now, until
    `taken_until_at`: then it is free again by itself. `counts_from_at` is the moment from which it
    counts as waiting (`queries.queue`): empty until the queue has reckoned it, and again, by a
    trigger, whenever the claim changes. `desk` is the claim's, written by a trigger.
    """

    reference = reference_field("RE")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="reviews")
    desk = desk_of_the_claim()
    reason = models.CharField(max_length=300, blank=True, default="")
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    assignee = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="assigned_reviews"
    )
    taken_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="taken_reviews"
    )
    taken_until_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    counts_from_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    outcome = enum_field(ReviewOutcome)

    class Meta:
        constraints = [
            one_of("outcome", ReviewOutcome, or_empty=True),
            models.UniqueConstraint(
                fields=["claim"], condition=Q(ended_at__isnull=True), name="review_one_open"
            ),
            models.CheckConstraint(
                condition=Q(taken_until_at__isnull=True) | Q(taken_by__isnull=False),
                name="review_taken_by_somebody",
            ),
        ]
        indexes = [
            # the desk's queue and "take next": open reviews in their order
            models.Index(
                fields=["counts_from_at", "id", "desk"],
                name="review_open_in_order",
                condition=Q(ended_at__isnull=True),
            ),
            # services.work.reckon_places: nearly always empty
            models.Index(
                fields=["id"],
                name="review_without_place",
                condition=Q(ended_at__isnull=True, counts_from_at__isnull=True),
            ),
            # the view "overdue"
            models.Index(
                fields=["due_at", "desk"],
                name="review_open_due",
                condition=Q(ended_at__isnull=True, due_at__isnull=False),
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.reference


class Flag(models.Model):
    """Why a claim needs eyes. Flags of one source change share `cause`."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="flags")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="flags")
    kind = enum_field(FlagKind, default=FlagKind.TIP)
    cause = models.UUIDField(default=uuid.uuid4)
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, null=True, blank=True, related_name="flags"
    )
    evidence = models.ForeignKey(
        Evidence, on_delete=models.PROTECT, null=True, blank=True, related_name="flags"
    )
    before = models.ForeignKey(
        Snapshot, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    after = models.ForeignKey(
        Snapshot, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    found = models.TextField(blank=True, default="")
    detail = models.TextField(blank=True, default="")
    is_stealth = models.BooleanField(default=False)
    raised_at = models.DateTimeField()
    raised_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answer = enum_field(FlagAnswer)

    class Meta:
        constraints = [
            one_of("kind", FlagKind),
            one_of("answer", FlagAnswer, or_empty=True),
            models.UniqueConstraint(
                fields=["claim", "kind", "cause", "evidence"],
                nulls_distinct=False,
                name="flag_once_a_cause",
            ),
        ]
        indexes = [
            models.Index(fields=["claim"], name="flag_open", condition=Q(answered_at__isnull=True)),
            # the page on which the flags of one event are answered together
            models.Index(fields=["cause"], name="flag_by_cause"),
        ]


class Proposal(models.Model):
    """A change that needs a second person, bound to the exact version its proposer saw.

    `version` is `queries.version.version_of` at that moment; `payload` holds what an edit changes;
    `desk` is the claim's, written by a trigger.
    """

    reference = reference_field("PR")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="proposals")
    desk = desk_of_the_claim()
    review = models.ForeignKey(Review, on_delete=models.PROTECT, null=True, blank=True)
    kind = enum_field(ProposalKind, default=ProposalKind.STATUS)
    to_status = enum_field(ClaimStatus)
    ground = enum_field(Ground)
    rationale = models.TextField()
    payload = models.JSONField(default=dict, blank=True)
    version = models.CharField(max_length=64)
    state = enum_field(ProposalState, default=ProposalState.OPEN)
    void_reason = models.TextField(blank=True, default="")
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="proposals")
    proposed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            one_of("kind", ProposalKind),
            one_of("state", ProposalState),
            one_of("to_status", ClaimStatus, or_empty=True),
            one_of("ground", Ground, or_empty=True),
            models.UniqueConstraint(
                fields=["claim"], condition=Q(state=ProposalState.OPEN), name="proposal_one_open"
            ),
            # what SignOff's foreign key below holds on to
            models.UniqueConstraint(fields=["id", "proposed_by"], name="proposal_and_proposer"),
        ]
        indexes = [
            # what waits for sign-off, oldest first
            models.Index(
                fields=["proposed_at", "id", "desk"],
                name="proposal_open_in_order",
                condition=Q(state=ProposalState.OPEN),
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.reference


class SignOff(models.Model):
    """The approval of one proposal by another person; the database knows both names."""

    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, related_name="sign_off")
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="sign_offs")
    signed_at = models.DateTimeField()
    version = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(signed_by=F("proposed_by")), name="signoff_by_another_person"
            )
        ]


class SavedView(models.Model):
    """A person's own name for a set of the queue's filters, `query` as it stands in an address.

    Nobody's record: removing one leaves the row, as everywhere, and frees its name.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="saved_views")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=300, blank=True, default="")
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "name"],
                condition=Q(removed_at__isnull=True),
                name="savedview_name_once",
            )
        ]

    @override
    def __str__(self) -> str:
        return self.name
