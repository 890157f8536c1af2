"""What the watch records when it has looked: the text, and where each quote stands in it."""

import hashlib
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone

from claims.models import Evidence, Host, Source, Watch
from claims.services.leases import lease
from claims.services.looks import record_looks
from claims.states import ChangeKind, LinkState, Outcome, QuoteState
from claims.types import Assessment, Look, PageText, QuoteFinding


def look_at(
    source: Source,
    text: str,
    *,
    found: str = "",
    title: str = "A page",
    published_at: datetime | None = None,
) -> str:
    """Record a look that read `text`; quotes stand, or are altered into `found`. Returns its name."""
    past = timezone.now() - timedelta(days=1)
    Watch.objects.filter(source=source).update(due_at=past)
    Host.objects.update(next_allowed_at=past)
    (leased,) = lease(
        1, lease_for=timedelta(minutes=1), pause=timedelta(0), per_host=1, only=[source.pk]
    )
    body = text.encode()
    raw = hashlib.sha256(body).hexdigest()
    if not storages["snapshots"].exists(f"{raw[:2]}/{raw}"):
        storages["snapshots"].save(f"{raw[:2]}/{raw}", ContentFile(body))
    state = QuoteState.ALTERED if found else QuoteState.STANDING
    quotes = tuple(
        QuoteFinding(row.pk, state, found=found, figure_altered=bool(found))
        for row in Evidence.objects.filter(source=source, withdrawn_at__isnull=True)
    )
    record_looks(
        [
            Look(
                source_id=source.pk,
                token=leased.token,
                outcome=Outcome.CHANGED,
                status=200,
                link_state=LinkState.CHANGED if found else LinkState.LIVE,
                link_reason="The page says other words." if found else "The page answers.",
                due_in_s=60,
                raw_sha256=raw,
                blob_size=len(body),
                media_type="text/html",
                page=PageText(text=text, title=title, published_at=published_at),
                assessment=Assessment(
                    changed=bool(found),
                    significant=bool(found),
                    kind=ChangeKind.EDITORIAL if found else ChangeKind.NONE,
                    quotes=quotes,
                    is_stealth=bool(found),
                ),
            )
        ]
    )
    return hashlib.sha256(body).hexdigest()
