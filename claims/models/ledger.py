"""The append-only, hash-chained, gapless list of entries, and its one erasable table.

Rows are made by one INSERT of (kind, body); a trigger of the database fills in seq, time and
hashes (docs/ledger.md). `claim_ref` and `source_ref` are read out of the body by that trigger.
"""

from django.db import models
from typing_extensions import override

from claims.models.fields import enum_field
from claims.states import EntryKind


class LedgerEntry(models.Model):
    """One thing that happened; never altered, never removed."""

    seq = models.BigIntegerField(primary_key=True)
    recorded_at = models.DateTimeField()
    kind = enum_field(EntryKind, default=EntryKind.CLAIM_OPENED)
    body = models.TextField()
    claim_ref = models.CharField(max_length=9, null=True)  # noqa: DJ001 - null: about no claim
    source_ref = models.CharField(max_length=9, null=True)  # noqa: DJ001 - null: about no source
    prev_hash = models.BinaryField(max_length=32)
    leaf = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        verbose_name_plural = "ledger entries"
        indexes = [
            models.Index(
                fields=["claim_ref", "seq"],
                name="ledger_by_claim",
                condition=models.Q(claim_ref__isnull=False),
            ),
            models.Index(
                fields=["source_ref", "seq"],
                name="ledger_by_source",
                condition=models.Q(source_ref__isnull=False),
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.seq} {self.kind}"


class LedgerText(models.Model):
    """A free text an entry commits to: SHA-256(salt, text) stands in the body, the rest here.

    Redaction empties `salt` and `text`; the commitment, and so the chain, stays.
    """

    commitment = models.CharField(max_length=71, primary_key=True)
    salt = models.BinaryField(max_length=32, null=True)
    text = models.TextField(null=True)  # noqa: DJ001 - null: redacted


class LedgerCheck(models.Model):
    """One verification of the chain: up to which entry, and whether it was whole."""

    checked_at = models.DateTimeField()
    seq = models.BigIntegerField()
    head = models.BinaryField(max_length=32)
    entries = models.BigIntegerField()
    is_whole = models.BooleanField()
    finding = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["-checked_at"], name="ledgercheck_newest")]

    @override
    def __str__(self) -> str:
        return f"{self.seq}: {'whole' if self.is_whole else self.finding}"


class LedgerAnchor(models.Model):
    """A head's hash that was written down outside this database, and where."""

    seq = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)
    place = models.CharField(max_length=300)
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(
        "claims.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        indexes = [models.Index(fields=["-noted_at"], name="ledgeranchor_newest")]

    @override
    def __str__(self) -> str:
        return f"{self.seq} at {self.place}"
