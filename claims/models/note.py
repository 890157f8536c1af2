"""Private notes of a desk on its claims; outside the ledger, seen by no other desk."""

from django.db import models
from typing_extensions import override

from claims.models.claim import Claim
from claims.models.desk import User
from claims.models.fields import reference_field


class Note(models.Model):
    """What a desk keeps to itself about a claim; `removed_at` hides it, text emptied."""

    reference = reference_field("NO")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="notes")
    text = models.TextField(blank=True, default="")
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["claim", "-id"],
                name="note_kept",
                condition=models.Q(removed_at__isnull=True),
            )
        ]

    @override
    def __str__(self) -> str:
        return self.reference
