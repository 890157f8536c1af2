"""Claims, their figures, and how they stand to each other."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from typing_extensions import override

from claims.models.desk import Desk, User
from claims.models.fields import enum_field, one_of, reference_field
from claims.models.origin import Origin
from claims.models.search import FoundBy
from claims.states import (
    Basis,
    ClaimKind,
    ClaimLinkKind,
    ClaimStatus,
    CloseReason,
    FigureQualifier,
    FigureScope,
    Ground,
    Visibility,
)

SEEN_BY = ("visibility", "desk")
"""What says for whom a claim exists (`claims.access`)."""


class Claim(models.Model):
    """One checkable statement and the status the desk gives it.

    `status`, `ground` and `basis` are written by `services.status` and `services.basis` alone;
    `revision` grows by one with every change of the claim, its evidence or its flags; `last_slip`
    says who took a corroboration back, and from which ground, for as long as it can be undone.
    """

    reference = reference_field("ST")
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="claims", db_index=False)
    statement = models.TextField()
    kind = enum_field(ClaimKind, default=ClaimKind.FACT)
    language = models.CharField(max_length=16, default="en")
    claimant = models.ForeignKey(
        Origin, on_delete=models.PROTECT, null=True, blank=True, related_name="claims"
    )
    claimant_text = models.CharField(max_length=300, blank=True, default="")
    as_of_on = models.DateField(null=True, blank=True)
    expected_by_on = models.DateField(null=True, blank=True)
    review_by_on = models.DateField(null=True, blank=True)
    topic = models.SlugField(max_length=60, blank=True, default="", db_default="", db_index=False)
    priority = models.PositiveSmallIntegerField(default=2)
    visibility = enum_field(Visibility, default=Visibility.OPEN)

    status = enum_field(ClaimStatus, default=ClaimStatus.REPORTED)
    status_since_at = models.DateTimeField(auto_now_add=True)
    ground = enum_field(Ground, default=Ground.NOT_REVIEWED)
    decided_at = models.DateTimeField(null=True, blank=True)
    signed_off_version = models.CharField(max_length=64, blank=True, default="")
    last_slip = models.JSONField(default=dict, blank=True)
    basis = enum_field(Basis, default=Basis.HOLDS)
    basis_since_at = models.DateTimeField(auto_now_add=True)
    basis_reason = models.TextField(blank=True, default="")
    independent_origins = models.PositiveSmallIntegerField(default=0)
    open_flags = models.PositiveIntegerField(default=0)

    closed_at = models.DateTimeField(null=True, blank=True)
    close_reason = enum_field(CloseReason)
    replaced_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            one_of("kind", ClaimKind),
            one_of("visibility", Visibility),
            one_of("status", ClaimStatus),
            one_of("ground", Ground),
            one_of("basis", Basis),
            one_of("close_reason", CloseReason, or_empty=True),
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True, close_reason="")
                | (models.Q(closed_at__isnull=False) & ~models.Q(close_reason="")),
                name="claim_closed_with_reason",
            ),
        ]
        indexes = [
            # lists by one word, newest first; who may see a row is told by the index, too, so that
            # counting them reads no rows
            models.Index(fields=["status", "-id", *SEEN_BY], name="claim_status_newest"),
            models.Index(fields=["ground", "-id", *SEEN_BY], name="claim_ground_newest"),
            models.Index(fields=["kind", "-id", *SEEN_BY], name="claim_kind_newest"),
            models.Index(fields=["desk", "-id", "visibility"], name="claim_desk_newest"),
            models.Index(
                fields=["topic", "-id", *SEEN_BY],
                name="claim_topic_newest",
                condition=~models.Q(topic=""),
            ),
            models.Index(
                fields=["basis", "-id", *SEEN_BY],
                name="claim_basis_not_holding",
                condition=~models.Q(basis=Basis.HOLDS),
            ),
            # what is to be looked at again by a date
            models.Index(
                fields=["review_by_on", "id"],
                name="claim_review_by",
                condition=models.Q(review_by_on__isnull=False, closed_at__isnull=True),
            ),
            # the desk's new claims
            models.Index(
                fields=["id", "desk"],
                name="claim_never_decided",
                condition=models.Q(decided_at__isnull=True, closed_at__isnull=True),
            ),
            # queries.search and queries.similar; little may wait outside it, or reading is slow
            GinIndex(FoundBy("statement"), name="claim_words", gin_pending_list_limit=256),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.reference}: {self.statement}"


class ClaimLink(models.Model):
    """How one claim stands to another: `claim` updates, follows, duplicates, is part of `other`.

    `is_split_off`: `claim` was cut out of `other` when that was split. A link somebody took back is
    ended, and may be made again.
    """

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="links")
    other = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="linked_from")
    kind = enum_field(ClaimLinkKind, default=ClaimLinkKind.UPDATES)
    is_split_off = models.BooleanField(default=False, db_default=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "other", "kind"],
                condition=models.Q(ended_at__isnull=True),
                name="claimlink_once",
            ),
            one_of("kind", ClaimLinkKind),
            models.CheckConstraint(
                condition=~models.Q(claim=models.F("other")), name="claimlink_not_to_itself"
            ),
        ]


class Figure(models.Model):
    """A value or range on a claim or on evidence, with what it counts and as of when."""

    claim = models.ForeignKey(
        Claim, on_delete=models.PROTECT, null=True, blank=True, related_name="figures"
    )
    evidence = models.ForeignKey(
        "claims.Evidence", on_delete=models.PROTECT, null=True, blank=True, related_name="figures"
    )
    value = models.DecimalField(max_digits=30, decimal_places=6)
    value_high = models.DecimalField(max_digits=30, decimal_places=6, null=True, blank=True)
    unit = models.CharField(max_length=100, blank=True, default="")
    qualifier = enum_field(FigureQualifier, default=FigureQualifier.EXACT)
    scope = enum_field(FigureScope, default=FigureScope.NOT_STATED)
    as_of_on = models.DateField(null=True, blank=True)
    text = models.CharField(max_length=200, blank=True, default="")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            one_of("qualifier", FigureQualifier),
            one_of("scope", FigureScope),
            models.CheckConstraint(
                condition=models.Q(claim__isnull=False, evidence__isnull=True)
                | models.Q(claim__isnull=True, evidence__isnull=False),
                name="figure_on_one_thing",
            ),
        ]
