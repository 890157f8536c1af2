"""The doorbell: Celery tasks that look whether rows are due. Nothing is said in a message."""

import atexit
import gc
from datetime import timedelta
from functools import cache

import structlog
from celery import shared_task
from celery.worker import state as worker_state
from django.conf import settings

from claims.services.anchors import check_further
from claims.services.sweep import flag_lasting_walls, flag_passed_review_dates
from verifier.pages import Pages
from verifier.recheck import Means, recheck_rounds
from verifier.schedule import Pace
from verifier.stores import snapshot_blobs
from verifier.types import Guard

LONGEST_RING_S = 60.0
log = structlog.get_logger(__name__)


@cache
def means() -> Means:
    """Return what this process works with; made once, closed with the process."""
    pages = Pages(size=1)
    # All that was imported stays: the collector need not look through it after every few looks.
    gc.freeze()
    atexit.register(pages.close)
    return Means(
        pages=pages,
        blobs=snapshot_blobs(),
        guard=Guard(
            allow=frozenset(settings.FETCH_ALLOW_PRIVATE),
            refuse=settings.FETCH_REFUSE,
            proxy=settings.FETCH_PROXY,
            contact=settings.FETCH_CONTACT,
        ),
        pace=Pace(
            first_s=settings.WATCH_FIRST_INTERVAL_S,
            min_s=settings.WATCH_MIN_INTERVAL_S,
            max_s=settings.WATCH_MAX_INTERVAL_S,
            daily_changer_s=settings.WATCH_DAILY_CHANGER_S,
            gone_relook_s=settings.WATCH_GONE_RELOOK_S,
            unreachable_after_s=settings.WATCH_UNREACHABLE_AFTER_S,
        ),
        pause=timedelta(seconds=settings.FETCH_PAUSE_S),
        lease=timedelta(seconds=settings.WATCH_LEASE_S),
    )


@shared_task
def ring() -> None:
    """Look at what is due until nothing is, the next ring may take over, or the worker must end."""
    rounds = recheck_rounds(means(), longest_s=LONGEST_RING_S, goes_on=_is_wanted)
    for done in rounds:
        log.info("round", looks=done.looks, changed=done.changed, lost=done.lost)


def _is_wanted() -> bool:
    """Whether nobody has asked this worker to end; Celery notes the wish and waits for the task."""
    wishes = (getattr(worker_state, name) for name in ("should_stop", "should_terminate"))
    return all(wish is None for wish in wishes)


@shared_task
def sweep() -> None:
    """Flag claims whose review date has passed, and what rests on pages long behind a wall."""
    flagged = flag_passed_review_dates()
    if flagged:
        log.info("review dates passed", claims=flagged)
    walled = flag_lasting_walls(after=timedelta(seconds=settings.WATCH_UNREACHABLE_AFTER_S))
    if walled:
        log.info("walls that stay", sources=walled)


@shared_task
def check_ledger() -> None:
    """Verify what was added to the ledger since it was last verified."""
    check = check_further()
    if check is None:
        return
    if check.is_whole:
        log.info("ledger whole", seq=check.seq, entries=check.entries)
    else:
        log.error("ledger broken", after=check.seq, finding=check.finding)
