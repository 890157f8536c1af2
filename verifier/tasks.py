"""The doorbell: Celery tasks that look whether rows are due. Nothing is said in a message."""

import atexit
from datetime import timedelta
from functools import cache

import structlog
from celery import shared_task
from django.conf import settings

from claims.services.sweep import flag_passed_review_dates
from verifier.archive import Folder
from verifier.pages import Pages
from verifier.recheck import Means, recheck_rounds
from verifier.schedule import Pace
from verifier.types import Guard

LONGEST_RING_S = 60.0
log = structlog.get_logger(__name__)


@cache
def means() -> Means:
    """Return what this process works with; made once, closed with the process."""
    pages = Pages(size=1)
    atexit.register(pages.close)
    return Means(
        pages=pages,
        blobs=Folder(settings.SNAPSHOT_DIR),
        guard=Guard(
            allow=frozenset(settings.FETCH_ALLOW_PRIVATE),
            proxy=settings.FETCH_PROXY,
            contact=settings.FETCH_CONTACT,
        ),
        pace=Pace(
            first_s=settings.WATCH_FIRST_INTERVAL_S,
            min_s=settings.WATCH_MIN_INTERVAL_S,
            max_s=settings.WATCH_MAX_INTERVAL_S,
            gone_relook_s=settings.WATCH_GONE_RELOOK_S,
            unreachable_after_s=settings.WATCH_UNREACHABLE_AFTER_S,
        ),
        pause=timedelta(seconds=settings.FETCH_PAUSE_S),
        lease=timedelta(seconds=settings.WATCH_LEASE_S),
    )


@shared_task
def ring() -> None:
    """Look at what is due until nothing is, or the next ring may take over."""
    for done in recheck_rounds(means(), longest_s=LONGEST_RING_S):
        log.info("round", looks=done.looks, changed=done.changed, lost=done.lost)


@shared_task
def sweep() -> None:
    """Flag claims whose review date has passed."""
    flagged = flag_passed_review_dates()
    if flagged:
        log.info("review dates passed", claims=flagged)
