"""The archive fails while the watch looks: the look ends as such, and no row lacks its bytes."""

import contextlib
import resource
import signal
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.files.storage import InMemoryStorage
from django.core.management import CommandError, call_command

from claims.bodies import name_of
from claims.models import LedgerEntry, Observation, Snapshot, Watch
from claims.services.leases import lease
from claims.states import EntryKind, LinkState, Outcome, QuoteState
from tests.claims.cast import make_cast, make_claim, make_evidence
from tests.site import QUOTE
from tests.verifier.archived import keep_in
from tests.verifier.test_stores import OutOfReach, Renaming, Shortening
from verifier.archive import is_whole
from verifier.recheck import Means, recheck_batch
from verifier.schedule import Pace
from verifier.stores import StorageBlobs, snapshot_blobs
from verifier.types import Guard, Limits

KIB = 1024


@pytest.fixture
def archive(settings, tmp_path):
    return keep_in(tmp_path / "snapshots", settings)


@pytest.fixture
def means(site, pages, archive):
    means = Means(
        pages=pages,
        blobs=snapshot_blobs(),
        guard=Guard(allow=frozenset({site.place})),
        limits=Limits(total_s=5),
        pace=Pace(first_s=1, min_s=1, max_s=60, gone_relook_s=0, unreachable_after_s=3600),
        pause=timedelta(0),
    )
    with closing(means.fetcher):
        yield means


@pytest.fixture
def row(committed_db, site, settings):
    settings.FETCH_ALLOW_PRIVATE = frozenset({site.place})
    cast = make_cast()
    address = f"http://{site.place}/flood"
    state = QuoteState.UNCHECKED
    return make_evidence(cast, make_claim(cast), url=address, quote=QUOTE, state=state)


def look(means: Means) -> dict:
    Watch.objects.update(due_at=datetime(2020, 1, 1, tzinfo=UTC))
    return dict(recheck_batch(means).outcomes)


@contextlib.contextmanager
def room_for(size_bytes: int):
    """Let this process write no file longer than that, as a volume that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)


def points_to_nothing(means: Means) -> list[Snapshot]:
    """The snapshots whose bytes the archive does not hold."""
    rows = Snapshot.objects.all()
    return [row for row in rows if not is_whole(row.sha256, blobs=means.blobs)]


def test_a_full_volume_ends_the_look_as_storage_and_leaves_no_row_and_no_file(
    row, site, means, archive
):
    site.menu = "a long menu " * 20 * KIB
    with room_for(100 * KIB):
        assert look(means) == {Outcome.STORAGE: 1}
    assert not Snapshot.objects.exists()
    assert not LedgerEntry.objects.filter(kind=EntryKind.SNAPSHOT_TAKEN).exists()
    assert [path for path in archive.rglob("*") if path.is_file()] == []
    row.refresh_from_db()
    assert row.quote_state == QuoteState.UNCHECKED


def test_once_there_is_room_again_the_page_is_kept_and_the_fault_stays_on_record(row, site, means):
    site.menu = "a long menu " * 20 * KIB
    with room_for(100 * KIB):
        look(means)
    assert look(means) == {Outcome.CHANGED: 1}
    assert Snapshot.objects.count() == 1
    assert points_to_nothing(means) == []
    assert Observation.objects.get().outcome == Outcome.STORAGE
    row.refresh_from_db()
    assert (row.quote_state, row.source.link_state) == (QuoteState.STANDING, LinkState.LIVE)


@pytest.mark.parametrize("storage", [OutOfReach, Renaming, Shortening])
def test_a_storage_that_does_not_keep_what_it_is_given_ends_the_look_as_storage(
    row, means, storage
):
    assert look(replace(means, blobs=StorageBlobs(storage()))) == {Outcome.STORAGE: 1}
    assert not Snapshot.objects.exists()


def test_any_django_storage_does_for_the_watch(row, means):
    blobs = StorageBlobs(InMemoryStorage())
    assert look(replace(means, blobs=blobs)) == {Outcome.CHANGED: 1}
    assert is_whole(Snapshot.objects.get().sha256, blobs=blobs)


@pytest.mark.parametrize(
    ("damage", "word"),
    [
        (lambda body: body[:-1], "damaged"),
        (lambda body: bytes([body[0] ^ 1]) + body[1:], "damaged"),
        (lambda body: body[:0], "damaged"),
        (None, "missing"),
    ],
)
def test_a_body_cut_short_flipped_or_lost_is_named(row, means, archive, damage, word):
    look(means)
    path = archive / name_of(Snapshot.objects.get().sha256)
    if damage is None:
        path.unlink()
    else:
        path.write_bytes(damage(path.read_bytes()))
    out = StringIO()
    with pytest.raises(CommandError, match="1 bodies cannot be had"):
        call_command("verify_snapshots", stdout=out)
    assert f"{word} {row.source.reference} " in out.getvalue()


def test_a_body_kept_by_a_look_that_lost_its_lease_is_found_and_goes(row, site, means, archive):
    def steal_lease() -> None:
        Watch.objects.update(due_at=datetime(2020, 1, 1, tzinfo=UTC), lease_until_at=None)
        lease(1, lease_for=timedelta(minutes=1), pause=timedelta(0), per_host=1)

    class Overtaken:
        """The archive, while another worker takes the source over."""

        def __getattr__(self, name):
            return getattr(means.blobs, name)

        def save(self, name, body):
            means.blobs.save(name, body)
            steal_lease()

    look(replace(means, blobs=Overtaken()))
    assert not Snapshot.objects.exists()
    (kept,) = [path for path in archive.rglob("*") if path.is_file()]
    out = StringIO()
    call_command("collect_garbage", older_than=0, stdout=out)
    assert "1 bodies, " in out.getvalue()
    assert not kept.exists()
