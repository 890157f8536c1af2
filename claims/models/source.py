"""Linked sources, what each said and when, and when to look again."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now
from typing_extensions import override

from claims.models.desk import User
from claims.models.fields import enum_field, one_of, reference_field
from claims.models.origin import Origin
from claims.models.search import SOURCE_NAME, FoundBy
from claims.states import LinkState, Outcome, SnapshotKind, SourceKind


class Source(models.Model):
    """One linked item: a web page by URL, or an offline item.

    `url` is the normalised address (unique); `given_url` is what the person typed.
    """

    reference = reference_field("SO")
    kind = enum_field(SourceKind, default=SourceKind.PAGE)
    url = models.CharField(max_length=2048, null=True, blank=True, unique=True)
    given_url = models.CharField(max_length=2048, blank=True, default="")
    title = models.CharField(max_length=500, blank=True, default="")
    publisher = models.ForeignKey(
        Origin, on_delete=models.PROTECT, null=True, blank=True, related_name="published"
    )
    is_fetched = models.BooleanField(default=True)
    is_expected_to_change = models.BooleanField(default=False)
    link_state = enum_field(LinkState, default=LinkState.UNCHECKED)
    link_state_since_at = models.DateTimeField(auto_now_add=True)
    link_reason = models.TextField(blank=True, default="")
    final_url = models.CharField(max_length=2048, blank=True, default="")
    snapshot = models.ForeignKey(
        "claims.Snapshot", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            one_of("kind", SourceKind),
            one_of("link_state", LinkState),
            models.CheckConstraint(
                condition=~models.Q(kind=SourceKind.PAGE) | models.Q(url__isnull=False),
                name="source_page_has_url",
            ),
        ]
        indexes = [
            # the desk's list of what does not simply answer, and of what is not a page
            models.Index(
                fields=["link_state", "-id"],
                name="source_not_live_newest",
                condition=~models.Q(link_state=LinkState.LIVE),
            ),
            models.Index(
                fields=["kind", "-id"],
                name="source_no_page_newest",
                condition=~models.Q(kind=SourceKind.PAGE),
            ),
            # queries.search, as on claims
            GinIndex(FoundBy(SOURCE_NAME), name="source_words", gin_pending_list_limit=256),
        ]

    @override
    def __str__(self) -> str:
        return self.title or self.url or self.reference


class Snapshot(models.Model):
    """What a source said at one fetch, or a capture a person supplied; part of the record.

    `sha256` (hex) names the raw bytes in the archive; `text` is what the child extracted. `hops`
    are all requests of the look, each with peer, certificate hash and response headers; `tool` is
    what looked, with versions. `may_archive` is false where page or server asked for noarchive.
    """

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="snapshots")
    kind = enum_field(SnapshotKind, default=SnapshotKind.FETCHED)
    taken_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100, blank=True, default="")
    url = models.CharField(max_length=2048, blank=True, default="")
    text = models.TextField()
    text_sha256 = models.CharField(max_length=64)
    title = models.CharField(max_length=500, blank=True, default="")
    language = models.CharField(max_length=35, blank=True, default="")
    charset = models.CharField(max_length=40, blank=True, default="")
    correction = models.TextField(blank=True, default="")
    published_at = models.DateTimeField(null=True, blank=True)
    modified_at = models.DateTimeField(null=True, blank=True)
    is_truncated = models.BooleanField(default=False)
    may_archive = models.BooleanField(default=True, db_default=True)
    elapsed_ms = models.PositiveIntegerField(default=0, db_default=0)
    hops = models.JSONField(default=list)
    tool = models.CharField(max_length=100, blank=True, default="")
    supplied_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True)

    class Meta:
        constraints = [one_of("kind", SnapshotKind)]
        indexes = [
            models.Index(fields=["source", "-id"], name="snapshot_newest"),
            # queries.archive: which bodies are named, and every body once
            models.Index(fields=["sha256", "id"], name="snapshot_by_body"),
        ]


class Observation(models.Model):
    """A finished run of identical looks; the open run lives in the Watch."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="observations")
    outcome = enum_field(Outcome, default=Outcome.UNCHANGED)
    status = models.PositiveSmallIntegerField(default=0)
    detail = models.TextField(blank=True, default="")
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, null=True, blank=True)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [one_of("outcome", Outcome)]
        indexes = [models.Index(fields=["source", "-id"], name="observation_newest")]


class Host(models.Model):
    """The pace of one authority (host:port), shared by every worker."""

    authority = models.CharField(max_length=262, unique=True)
    next_allowed_at = models.DateTimeField(db_default=Now())


class Watch(models.Model):
    """The schedule and present state of one source.

    `due_at` null: never (offline, do not fetch). A lease is (token, until); whoever finishes with
    another token than the row's has lost it. The `run_` columns are the open run of looks.
    """

    source = models.OneToOneField(
        Source, on_delete=models.PROTECT, primary_key=True, related_name="watch"
    )
    # watch_by_host serves it: an index of hosts alone would cost each look a third of its writing
    host = models.ForeignKey(Host, on_delete=models.PROTECT, null=True, blank=True, db_index=False)
    due_at = models.DateTimeField(null=True, blank=True)
    lease_token = models.UUIDField(null=True, blank=True)
    lease_until_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    interval_s = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    changes_seen = models.PositiveIntegerField(default=0)
    looks = models.PositiveBigIntegerField(default=0)
    etag = models.CharField(max_length=1024, blank=True, default="")
    last_modified = models.CharField(max_length=200, blank=True, default="")
    raw_sha256 = models.CharField(max_length=64, blank=True, default="")
    full_fetch_due_at = models.DateTimeField(null=True, blank=True)
    last_looked_at = models.DateTimeField(null=True, blank=True)
    last_read_at = models.DateTimeField(null=True, blank=True)
    run_outcome = enum_field(Outcome)
    run_status = models.PositiveSmallIntegerField(default=0)
    run_detail = models.TextField(blank=True, default="")
    run_first_at = models.DateTimeField(null=True, blank=True)
    run_last_at = models.DateTimeField(null=True, blank=True)
    run_count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "watches"
        constraints = [one_of("run_outcome", Outcome, or_empty=True)]
        indexes = [
            # services.leases: what is due, oldest first, a host's together
            models.Index(
                fields=["due_at", "host"],
                name="watch_due",
                condition=models.Q(due_at__isnull=False),
            ),
            # services.leases: of one host, what is due; queries.hosts: all of it
            models.Index(fields=["host", "due_at"], name="watch_by_host"),
        ]
