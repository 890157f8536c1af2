"""Who information comes from."""

from django.db import models
from typing_extensions import override

from claims.models.desk import Desk, User
from claims.models.fields import enum_field, one_of, reference_field
from claims.states import OriginKind, Reliability


class Origin(models.Model):
    """A person, outlet, agency, institution or collective that information comes from.

    A confidential origin has a pseudonym for its name: the true name is never stored.
    """

    reference = reference_field("OR")
    name = models.CharField(max_length=300)
    kind = enum_field(OriginKind, default=OriginKind.OUTLET)
    part_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts"
    )
    reliability = enum_field(Reliability, default=Reliability.F)
    is_confidential = models.BooleanField(default=False)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, null=True, blank=True)
    identity_confirmed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    identity_confirmed_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            one_of("kind", OriginKind),
            one_of("reliability", Reliability),
            models.CheckConstraint(
                condition=~models.Q(part_of=models.F("id")), name="origin_not_part_of_itself"
            ),
            models.CheckConstraint(
                condition=models.Q(is_confidential=False) | models.Q(desk__isnull=False),
                name="origin_confidential_has_desk",
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.name
