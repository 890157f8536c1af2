"""A source with snapshots, as a look recorded them, in an archive of the test's own."""

import hashlib
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from claims.models import Snapshot, Source
from tests.claims.cast import make_cast, make_claim, make_evidence
from verifier.archive import store
from verifier.stores import snapshot_blobs


def keep_in(folder: Path, settings) -> Path:
    """Have the archive lie in a folder."""
    settings.STORAGES = {
        **settings.STORAGES,
        "snapshots": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(folder)},
        },
    }
    return folder


def make_source() -> Source:
    cast = make_cast()
    return make_evidence(cast, make_claim(cast)).source


def keep(source: Source, body: bytes, *, days_ago: float = 0, **values) -> Snapshot:
    """Store a body and its row."""
    return Snapshot.objects.create(
        source=source,
        taken_at=timezone.now() - timedelta(days=days_ago),
        sha256=store(body, blobs=snapshot_blobs()),
        size_bytes=len(body),
        text=body.decode(),
        text_sha256=hashlib.sha256(body).hexdigest(),
        **values,
    )
