"""The board's last panel: whether the watch keeps up, verdicts last, and the ledger is whole."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone

from claims.models import Claim
from claims.present.times import ago_words, moment_words
from claims.present.words import counted, label
from claims.queries.trust import (
    MOST_COUNTED,
    MOST_EXPIRING,
    MOST_OVERDUE,
    Coverage,
    Expiry,
    LedgerTrust,
    TroubledHost,
    coverage,
    expiring,
    ledger_trust,
    troubled_hosts,
)
from claims.types import Actor

MOST_HOSTS = 4
MOST_EXPIRED = 3
VERIFIED_WITHIN = timedelta(hours=6)
"""The ledger is verified every hour; so long a silence is a fault."""

DEFINITION = (
    "Of the whole record, whatever the board is narrowed to. Overdue: a watched source not looked "
    "at for more than two of its intervals. Hosts that cannot be read: blocked or unreachable, "
    "told by the linked sources you may see. Review dates: of claims that are not closed. "
    "Verified: the chain of the ledger was reckoned again from its entries. Anchor: the hash of "
    "an entry that was written down outside this system, so that nobody can rewrite what is before."
)


@dataclass(frozen=True, slots=True)
class Link:
    """Where a line of the panel leads."""

    url: str
    words: str


@dataclass(frozen=True, slots=True)
class Part:
    """One thing trust rests on: what it is, how it stands, and the details beneath."""

    name: str
    value: str
    lines: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    is_wrong: bool = False


@dataclass(frozen=True, slots=True)
class Trust:
    """How far to trust the board: `faults` of the whole, what is `well`, `limits`, all parts."""

    faults: tuple[str, ...]
    well: tuple[str, ...]
    limits: tuple[str, ...]
    parts: tuple[Part, ...]
    definition: str = DEFINITION


def trust_panel(actor: Actor) -> Trust:
    """Return how far to trust the board, whatever it is narrowed to; eight bounded reads."""
    now = timezone.now()
    watch, ledger = coverage(), ledger_trust()
    hosts = troubled_hosts(actor, limit=MOST_HOSTS + 1)
    expiry = expiring(actor, on=timezone.localdate(), limit=MOST_EXPIRED)
    return Trust(
        faults=tuple(filter(None, (_ledger_fault(ledger, now=now), _watch_fault(watch)))),
        well=tuple(filter(None, (_watch_well(watch), _ledger_well(ledger)))),
        limits=tuple(
            filter(None, (_unverified(ledger), _host_limit(hosts), _expiry_limit(expiry)))
        ),
        parts=(
            _watched(watch, now=now),
            _last_look(watch, now=now),
            _hosts(hosts),
            _expiry(expiry),
            _verified(ledger, now=now),
            _anchored(ledger, now=now),
        ),
    )


def up_to(number: int, most: int) -> str:
    """Say a number that was counted to a limit."""
    return f"{number:,} or more" if number >= most else f"{number:,}"


def _ledger_fault(ledger: LedgerTrust, *, now: datetime) -> str:
    if ledger.checked_at is None:
        return ""
    if not ledger.is_whole:
        return f"the ledger is broken after entry {ledger.checked_seq:,}"
    if now - ledger.checked_at > VERIFIED_WITHIN:
        return f"the ledger was last verified {ago_words(ledger.checked_at, now=now)}"
    return ""


def _unverified(ledger: LedgerTrust) -> str:
    return "" if ledger.checked_at else "the ledger has not been verified yet"


def _ledger_well(ledger: LedgerTrust) -> str:
    return f"the ledger is whole up to entry {ledger.checked_seq:,}" if ledger.is_whole else ""


def _watch_well(watch: Coverage) -> str:
    if not watch.watched:
        return "no linked source is watched yet"
    return "" if watch.overdue else "every watched source is looked at in time"


def _watch_fault(watch: Coverage) -> str:
    if not watch.overdue:
        return ""
    are = "is" if watch.overdue == 1 else "are"
    sources = "linked source" if watch.overdue == 1 else "linked sources"
    return f"{up_to(watch.overdue, MOST_OVERDUE)} {sources} {are} overdue for a look"


def _host_limit(hosts: list[TroubledHost]) -> str:
    many = len(hosts)
    words = f"more than {MOST_HOSTS} hosts" if many > MOST_HOSTS else counted(many, one="host")
    return f"{words} cannot be read" if hosts else ""


def _expiry_limit(expiry: Expiry) -> str:
    words = f"{up_to(expiry.passed, MOST_EXPIRING)} review date"
    if not expiry.passed:
        return ""
    return f"{words} has passed" if expiry.passed == 1 else f"{words}s have passed"


def _watched(watch: Coverage, *, now: datetime) -> Part:
    if watch.waiting_since_at is not None and watch.overdue:
        waiting = f"the longest was due {ago_words(watch.waiting_since_at, now=now)}"
        late = f"{up_to(watch.overdue, MOST_OVERDUE)} overdue by more than two intervals; {waiting}"
    else:
        late = "none overdue by more than two of its intervals"
    watched = up_to(watch.watched, MOST_COUNTED)
    return Part("Linked sources watched", watched, (late,), is_wrong=watch.overdue > 0)


def _last_look(watch: Coverage, *, now: datetime) -> Part:
    if watch.last_look_at is None:
        return Part("Last look at any source", "none yet")
    ago = ago_words(watch.last_look_at, now=now)
    return Part("Last look at any source", ago, (moment_words(watch.last_look_at),))


def _hosts(hosts: list[TroubledHost]) -> Part:
    named = hosts[:MOST_HOSTS]
    lines = tuple(
        f"{host.authority}: {', '.join(label(state) for state in host.states)}, "
        f"{counted(host.sources, one='linked source')}, since {moment_words(host.since)}"
        for host in named
    )
    many = f"more than {MOST_HOSTS}" if len(hosts) > MOST_HOSTS else f"{len(hosts)}"
    return Part(
        "Hosts that cannot be read", many, lines or ("every host answers",), is_wrong=bool(hosts)
    )


def _expiry(expiry: Expiry) -> Part:
    soon = f"{up_to(expiry.soon, MOST_EXPIRING)} more within 7 days"
    return Part(
        "Review dates passed",
        up_to(expiry.passed, MOST_EXPIRING),
        (soon,),
        links=tuple(_expiring(claim) for claim in expiry.claims),
        is_wrong=expiry.passed > 0,
    )


def _expiring(claim: Claim) -> Link:
    by = f", by {claim.review_by_on:%-d %b}" if claim.review_by_on else ""
    return Link(reverse("web:claim", args=[claim.reference]), f"{claim.reference}{by}")


def _verified(ledger: LedgerTrust, *, now: datetime) -> Part:
    fault = bool(_ledger_fault(ledger, now=now))
    if ledger.checked_at is None:
        return Part(
            "Ledger verified", "never", ("nobody has checked the chain yet",), is_wrong=True
        )
    entry = f"entry {ledger.checked_seq:,} of {ledger.head:,}"
    found = f"whole up to {entry}" if ledger.is_whole else f"broken after {entry}"
    return Part("Ledger verified", ago_words(ledger.checked_at, now=now), (found,), is_wrong=fault)


def _anchored(ledger: LedgerTrust, *, now: datetime) -> Part:
    if ledger.anchored_at is None:
        told = "its head was never written down outside this system"
        return Part("Anchor outside", "none", (told,))
    later = counted(ledger.entries_since_anchor, one="entry", many="entries")
    since = f"entry {ledger.anchored_seq:,}, {later} since"
    return Part("Anchor outside", ago_words(ledger.anchored_at, now=now), (since, ledger.place))
