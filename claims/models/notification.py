"""What one person is told at the desk, until they have read it; outside the ledger."""

from django.db import models
from typing_extensions import override

from claims.models.claim import Claim
from claims.models.desk import User
from claims.models.fields import enum_field, one_of
from claims.states import NotificationKind


class Notification(models.Model):
    """One thing one person should know; `about` names what it is (RE-, PR-, ST-...)."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="notifications")
    kind = enum_field(NotificationKind)
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="+")
    about = models.CharField(max_length=9, blank=True, default="")
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    told_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [one_of("kind", NotificationKind)]
        indexes = [
            # a person's list, newest first
            models.Index(fields=["user", "-id"], name="notification_newest"),
            # the number beside the person's name
            models.Index(
                fields=["user"],
                name="notification_unread",
                condition=models.Q(read_at__isnull=True),
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.kind}: {self.claim}"
