"""What a request that may be repeated was answered the first time."""

from django.db import models
from typing_extensions import override

from claims.models.desk import User


class KeptAnswer(models.Model):
    """The answer to one `Idempotency-Key` of one person or token, given again to the same request.

    `holder` is who asked: a token's prefix or a person's reference. `asked` is the SHA-256 of
    method, address and body; `status` 0 while the first is still at work.
    """

    holder = models.CharField(max_length=16)
    key = models.CharField(max_length=255)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict, blank=True)
    body = models.TextField(blank=True, default="")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["holder", "key"], name="keptanswer_once")]
        indexes = [models.Index(fields=["made_at"], name="keptanswer_oldest")]

    @override
    def __str__(self) -> str:
        return f"{self.holder} {self.key}"
