"""What a linked source and its watch answer."""

from typing import Any

from rest_framework import serializers

from claims.api.answers.fields import maybe, moment, number, text, word
from claims.api.answers.parts import Origin
from claims.states import LinkState, Outcome, SnapshotKind, SourceKind


class Snapshot(serializers.Serializer[Any]):
    """What a source said last."""

    kind = word(SnapshotKind)
    taken_at = moment()
    sha256 = text(help_text="of the raw bytes, hex")
    text_sha256 = text(help_text="of the extracted text, hex")
    size_bytes = number()
    media_type = maybe()


class SourceLinks(serializers.Serializer[Any]):
    """Where the rest of a source is."""

    watch = text()
    evidence = text()


class Source(serializers.Serializer[Any]):
    """One linked item: a web page, or an offline item."""

    reference = text()
    url = text()
    kind = word(SourceKind)
    page_url = maybe()
    title = maybe()
    publisher = Origin(allow_null=True)
    is_fetched = serializers.BooleanField()
    is_expected_to_change = serializers.BooleanField()
    link_state = word(LinkState)
    link_state_since_at = moment()
    link_reason = maybe()
    final_url = maybe()
    merged_into = text(
        allow_null=True, help_text="reference of the source that was kept in its place"
    )
    snapshot = Snapshot(allow_null=True)
    evidence_count = number()
    added_at = moment()
    links = SourceLinks()


class Run(serializers.Serializer[Any]):
    """A run of looks that all gave the same."""

    outcome = word(Outcome)
    http_status = number()
    detail = maybe()
    first_at = moment()
    last_at = moment()
    count = number()


class Watch(serializers.Serializer[Any]):
    """How the watch stands with one source; moves with every look."""

    source = text()  # type: ignore[assignment]  # the framework takes fields out of the class
    url = text()
    due_at = moment(allow_null=True, help_text="null: it is never fetched")
    interval_s = number()
    last_looked_at = moment(allow_null=True)
    last_read_at = moment(allow_null=True)
    looks = number()
    changes_seen = number()
    failures = number()
    run = Run(allow_null=True)
