"""Figures kept beside the record by a trigger on the ledger (docs/decisions/0010-...).

Nothing of the application writes here: the trigger counts each entry while its transaction holds
the ledger's lock, as its last statement.
"""

from enum import StrEnum

from django.db import models
from django.db.models import Q

from claims.models.claim import Claim
from claims.models.desk import Desk


class TallyName(StrEnum):
    """What is counted; the trigger knows the same words.

    Up to PROPOSED: claims that stand so now. WAITING_*: open claims by reason, `step` the priority;
    SINCE_*: the same by the hour they entered the queue. The rest is what happened, by hour;
    ENTERED and LEFT by quarter of an hour, since no zone is off by less. FIRST_DECISION and
    FLAG_TO_END have the class of how long it took as `step`.
    """

    REPORTED = "reported"
    HOLDS = "holds"
    IN_QUESTION = "in_question"
    LOST = "lost"
    DISPUTED = "disputed"
    NOT_REVIEWED = "not_reviewed"
    OVERRIDDEN = "overridden"
    FLAGGED = "flagged"
    PROPOSED = "proposed"
    WAITING_NEW = "waiting_new"
    WAITING_FLAGGED = "waiting_flagged"
    WAITING_OTHER = "waiting_other"
    SINCE_NEW = "since_new"
    SINCE_FLAGGED = "since_flagged"
    SINCE_OTHER = "since_other"
    ENTERED = "entered"
    LEFT = "left"
    DISPUTED_CHANGE = "disputed_change"
    CHANGED = "changed"
    REVERSED = "reversed"
    FIRST_DECISION = "first_decision"
    FLAG_TO_END = "flag_to_end"


class Tally(models.Model):
    """How many of `name` at `at`, of the claims of one desk, restriction and topic.

    `at` is the beginning of the bucket, the epoch for what is counted as it stands now.
    """

    pk = models.CompositePrimaryKey("name", "at", "desk", "is_restricted", "topic", "step")
    name = models.CharField(max_length=20)
    at = models.DateTimeField()
    desk = models.ForeignKey(
        Desk, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    is_restricted = models.BooleanField()
    topic = models.CharField(max_length=60)
    step = models.SmallIntegerField()
    value = models.BigIntegerField()


class Counted(models.Model):
    """How one claim is counted now, so that a change takes away what it had added.

    `standing` is its status, that of a corroborated one its basis, empty once closed; `reason` why
    it is in the queue, since `entered_at`, empty where it is not; `risk` what it means for an
    article: 3 disputed, 2 basis lost, 1 in question or flagged. From `opened_at` on: what its
    entries said so far.
    """

    claim = models.OneToOneField(
        Claim,
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="counted",
        db_constraint=False,
    )
    desk = models.ForeignKey(
        Desk, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    is_restricted = models.BooleanField()
    topic = models.CharField(max_length=60)
    priority = models.SmallIntegerField()
    standing = models.CharField(max_length=20)
    is_new = models.BooleanField()
    is_overridden = models.BooleanField()
    is_flagged = models.BooleanField()
    is_proposed = models.BooleanField()
    reason = models.CharField(max_length=20)
    entered_at = models.DateTimeField(null=True)
    since_at = models.DateTimeField()
    risk = models.SmallIntegerField()
    opened_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    status = models.CharField(max_length=20, null=True)  # noqa: DJ001 - null: not opened yet
    is_closed = models.BooleanField(null=True)
    has_review = models.BooleanField(null=True)
    has_proposal = models.BooleanField(null=True)
    flagged_at = models.DateTimeField(null=True)
    reversed_seq = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["since_at", "desk", "is_restricted", "topic"],
                name="counted_disputed",
                condition=Q(standing="disputed"),
            ),
            models.Index(
                fields=["entered_at", "reason", "priority", "desk", "is_restricted", "topic"],
                name="counted_waiting",
                condition=~Q(reason=""),
            ),
            models.Index(
                fields=["reversed_seq", "desk", "is_restricted", "topic"],
                name="counted_reversed",
                condition=Q(reversed_seq__isnull=False),
            ),
        ]
