"""Many at once: real connections, real commits, slow and aborted transactions among them."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from claims.errors import ProposalVoid, RecordError, RevisionMoved
from claims.models import Claim, LedgerEntry, SignOff, Source
from claims.queries.ledger import changes, verify
from claims.services import proposals, reviews
from claims.services.claims import edit_claim
from claims.services.leases import lease
from claims.services.ledger import recording
from claims.states import ClaimStatus, EntryKind, FlagKind, Ground
from tests.claims.cast import fresh, make_cast, make_claim, make_evidence, make_origin
from tests.claims.services.test_looks import LEASE, due, take

WRITERS = 16


@pytest.fixture
def cast(committed_db):
    return make_cast()


def at_once(work, count=WRITERS) -> list:
    """Run `work(number)` in `count` threads that start together; return what each gave."""
    start = threading.Barrier(count)

    def run(number: int):
        start.wait()
        try:
            return work(number)
        except RecordError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(run, range(count)))


class Aborted(Exception):
    pass


def abort_slowly() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.02)")
    raise Aborted


@pytest.mark.catalogue(151)
@pytest.mark.parametrize("turns", [4, pytest.param(12, marks=pytest.mark.long)])
def test_sixteen_writers_leave_no_gap_and_no_fork(cast, turns):
    claims = [make_claim(cast, f"Claim {n}.") for n in range(WRITERS)]
    aborted = []

    def write(number: int) -> None:
        dice = random.Random(number)  # noqa: S311 - which claim, which writers abort
        for turn in range(turns):
            claim = claims[dice.randrange(WRITERS)]
            try:
                with transaction.atomic():
                    reviews.ask_for_review(
                        cast.ada, claim.pk, kind=FlagKind.TIP, detail=f"tip {number}/{turn}"
                    )
                    if dice.random() < 0.25:
                        # a slow transaction that ends in nothing, the chain's lock in its hands
                        abort_slowly()
            except Aborted:
                aborted.append(number)

    assert at_once(write) == [None] * WRITERS
    rows = LedgerEntry.objects.order_by("seq")
    assert verify(rows).entries == rows.count()
    raised = rows.filter(kind=EntryKind.FLAG_RAISED).count()
    assert raised == WRITERS * turns - len(aborted)
    assert aborted


def test_a_reader_following_the_feed_while_others_write_misses_nothing(cast):
    done = threading.Event()
    followed: list[int] = []

    def follow() -> None:
        after = 0
        while True:
            was_done = done.is_set()
            page = changes(cast.dora, after=after, limit=50)
            followed.extend(entry.seq for entry in page)
            after = page[-1].seq if page else after
            if was_done and not page:
                break
        connection.close()

    reader = threading.Thread(target=follow)
    reader.start()

    def write(number: int) -> None:
        for turn in range(10):
            with recording(cast.ada) as record:
                record.add(EntryKind.ORIGIN_EDITED, turn=turn, number=number)

    at_once(write)
    done.set()
    reader.join()
    assert followed == list(LedgerEntry.objects.order_by("seq").values_list("seq", flat=True))


@pytest.mark.catalogue(150)
def test_two_people_signing_off_at_once_make_one_sign_off(cast):
    claim = make_claim(cast)
    for name in ("one", "two"):
        make_evidence(cast, claim, origin=make_origin(cast, name))
    proposal = proposals.propose(
        cast.ada,
        claim.pk,
        to=ClaimStatus.CORROBORATED,
        ground=Ground.INDEPENDENT_ORIGINS,
        rationale="Two agree.",
        seen=fresh(claim).revision,
    )
    signers = [cast.ben, cast.cleo] * 4

    results = at_once(
        lambda n: proposals.sign_off(signers[n], proposal.reference, version=proposal.version), 8
    )
    assert sum(isinstance(result, Claim) for result in results) == 1
    assert sum(isinstance(result, ProposalVoid) for result in results) == 7
    assert SignOff.objects.count() == 1
    assert LedgerEntry.objects.filter(kind="status_changed").count() == 1


@pytest.mark.catalogue(148)
def test_of_many_edits_of_one_revision_one_wins(cast):
    claim = make_claim(cast)

    def edit(number: int):
        payload = {"claim": {"statement": f"Version {number}."}}
        return edit_claim(cast.ada, claim.pk, payload=payload, seen=1)

    results = at_once(edit)
    assert sum(isinstance(result, Claim) for result in results) == 1
    assert sum(isinstance(result, RevisionMoved) for result in results) == WRITERS - 1


def test_a_url_linked_by_many_at_once_is_one_source(cast):
    claims = [make_claim(cast, f"Claim {n}.") for n in range(8)]
    results = at_once(
        lambda n: make_evidence(cast, claims[n], url="https://one.example.org/page"), 8
    )
    assert not [result for result in results if isinstance(result, Exception)]
    assert Source.objects.count() == 1


@pytest.mark.catalogue(152)
def test_a_due_watch_is_leased_to_one_worker_only(cast):
    claim = make_claim(cast)
    rows = [
        make_evidence(cast, claim, url=f"https://h{n}.example.org/", quote=f"q{n}")
        for n in range(40)
    ]
    due(*rows)
    leased = at_once(lambda _: [item.source_id for item in take(limit=20, lease_for=LEASE)], 8)
    flat = [source for batch in leased for source in batch]
    flat += [item.source_id for item in take(limit=100)]
    assert sorted(flat) == sorted(row.source_id for row in rows)
    assert lease(10, lease_for=LEASE, pause=LEASE, per_host=5) == []
