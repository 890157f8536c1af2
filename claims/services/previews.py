"""Link a page before anything is quoted from it, so that the watch can read it to a person.

A source without evidence is a source like any other: the watch reads it at once, and from then on
at its slowest pace, since no open claim rests on it. Nothing has to be undone where the person
walks away. Everybody at a desk may know of such a source; where that would tell other desks what
one desk alone may see, the page is put on the claim as context at once instead.
"""

from dataclasses import dataclass

from django.conf import settings

from claims.access import sources_visible_to
from claims.models import Claim, Evidence, Source, Watch
from claims.services.evidence import put_on_claim
from claims.services.ledger import Recorder, recording
from claims.services.settle import lock_claim
from claims.services.sources import found_or_linked
from claims.states import Stance, Verb, Visibility
from claims.types import Actor


@dataclass(frozen=True, slots=True)
class Preview:
    """A page that is being read; `evidence` where it had to be put on the claim at once."""

    source: Source
    evidence: Evidence | None = None


def preview_page(actor: Actor, claim_id: int, *, url: str) -> Preview:
    """Link a page for one claim, new or known; one never read is looked at as soon as may be.

    Asking again changes nothing more.

    Args:
        actor: a fact-checker or editor of the claim's desk.
        claim_id: the claim it may become evidence of.
        url: as a person typed it.

    Raises:
        InvalidInput: field `url`, with the parser's reason.
    """
    with recording(actor) as record:
        claim = lock_claim(actor, claim_id, verb=Verb.WRITE)
        allow = settings.FETCH_ALLOW_PRIVATE
        source, is_new = found_or_linked(url, record=record, allow=allow)
        if not is_new and source.snapshot_id is None:
            Watch.objects.filter(source=source, due_at__gt=record.at, lease_token=None).update(
                due_at=record.at
            )
        if claim.visibility == Visibility.OPEN and _is_known_to(actor, source):
            return Preview(source)
        return Preview(source, _context(claim, source, record=record))


def _is_known_to(actor: Actor, source: Source) -> bool:
    return sources_visible_to(actor).filter(pk=source.pk).exists()


def _context(claim: Claim, source: Source, *, record: Recorder) -> Evidence:
    """Return what the claim has of this source already, else context without a quote."""
    rows = Evidence.objects.filter(claim=claim, source=source, withdrawn_at__isnull=True)
    found = rows.order_by("pk").last()
    if found is not None:
        return found
    row = Evidence(
        claim=claim, source=source, stance=Stance.CONTEXT, created_by_id=record.actor.user_id
    )
    return put_on_claim(row, record=record)
