"""What we printed: which article of ours relies on which claim, and what became of that."""

from django.db import models
from django.db.models import Q
from typing_extensions import override

from claims.models.article import Article
from claims.models.claim import Claim
from claims.models.desk import User
from claims.models.fields import enum_field, one_of, reference_field
from claims.states import Basis, ClaimStatus, CorrectionAnswer


class Use(models.Model):
    """An article of ours relies on a claim; one that lives for each pair.

    `words` are those printed; `relied_seq` the ledger entry up to which the claim was known, and
    `relied_status`, `relied_basis` how it then stood. `due_since_at` is when the claim fell below
    that, `due_reason` how; it is answered, or due again after the next fall.
    """

    reference = reference_field("US")
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="uses")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="uses")
    words = models.TextField()
    relied_seq = models.BigIntegerField()
    relied_status = enum_field(ClaimStatus, default=ClaimStatus.REPORTED)
    relied_basis = enum_field(Basis, default=Basis.HOLDS)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    due_since_at = models.DateTimeField(null=True, blank=True)
    due_reason = models.CharField(max_length=300, blank=True, default="")
    answer = enum_field(CorrectionAnswer)
    answer_url = models.URLField(max_length=2048, blank=True, default="")
    answer_note = models.TextField(blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            one_of("relied_status", ClaimStatus),
            one_of("relied_basis", Basis),
            one_of("answer", CorrectionAnswer, or_empty=True),
            models.UniqueConstraint(
                fields=["article", "claim"], condition=Q(ended_at__isnull=True), name="use_once"
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True, answered_by__isnull=True)
                | (
                    ~Q(answer="")
                    & Q(answered_at__isnull=False, answered_by__isnull=False)
                    & Q(due_since_at__isnull=False)
                ),
                name="use_answered_by_somebody",
            ),
        ]
        indexes = [
            # what an editor has to answer, longest first
            models.Index(
                fields=["due_since_at", "id"],
                name="use_correction_due",
                condition=Q(due_since_at__isnull=False, answered_at__isnull=True),
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.reference
