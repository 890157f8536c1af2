"""A source linked to a claim: the quoted passage, its stance, origin and grades."""

from django.db import models
from typing_extensions import override

from claims.models.claim import Claim
from claims.models.desk import User
from claims.models.fields import enum_field, one_of, reference_field
from claims.models.origin import Origin
from claims.models.source import Snapshot, Source
from claims.states import DisputeKind, QuoteState, Stance


class Evidence(models.Model):
    """What a source says for or against a claim, in its own words.

    `origin` null means unknown (never the publisher by default); `relays_*` names what it repeats;
    credibility 6 means it cannot be judged.
    """

    reference = reference_field("EV")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="evidence")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="evidence")
    stance = enum_field(Stance, default=Stance.SUPPORTS)
    dispute_kind = enum_field(DisputeKind)
    quote = models.TextField(blank=True, default="")
    prefix = models.CharField(max_length=200, blank=True, default="")
    suffix = models.CharField(max_length=200, blank=True, default="")
    language = models.CharField(max_length=16, blank=True, default="")
    translation = models.TextField(blank=True, default="")
    locator = models.CharField(max_length=300, blank=True, default="")
    credibility = models.PositiveSmallIntegerField(default=6)
    origin = models.ForeignKey(
        Origin, on_delete=models.PROTECT, null=True, blank=True, related_name="evidence"
    )
    relays_evidence = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="relayed_by"
    )
    relays_origin = models.ForeignKey(
        Origin, on_delete=models.PROTECT, null=True, blank=True, related_name="relayed_by"
    )
    is_primary_record = models.BooleanField(default=False)
    quote_state = enum_field(QuoteState, default=QuoteState.UNCHECKED)
    quote_state_since_at = models.DateTimeField(auto_now_add=True)
    quote_found = models.TextField(blank=True, default="")
    quote_snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, null=True, blank=True)
    attested_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    attested_on = models.DateField(null=True, blank=True)
    attested_note = models.TextField(blank=True, default="")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name_plural = "evidence"
        constraints = [
            one_of("stance", Stance),
            one_of("dispute_kind", DisputeKind, or_empty=True),
            one_of("quote_state", QuoteState),
            models.CheckConstraint(
                condition=models.Q(credibility__gte=1, credibility__lte=6),
                name="evidence_credibility_1_6",
            ),
            models.CheckConstraint(
                condition=models.Q(relays_evidence__isnull=True)
                | models.Q(relays_origin__isnull=True),
                name="evidence_relays_one_thing",
            ),
            models.CheckConstraint(
                condition=~models.Q(relays_evidence=models.F("id")),
                name="evidence_not_relaying_itself",
            ),
            models.CheckConstraint(
                condition=~models.Q(quote_state=QuoteState.ATTESTED)
                | models.Q(attested_by__isnull=False, attested_on__isnull=False),
                name="evidence_attested_by_somebody",
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.reference} ({self.stance})"
