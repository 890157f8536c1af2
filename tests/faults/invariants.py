"""What must be true of the record after every fault."""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from io import StringIO
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.db.models import Q

from claims.models import Evidence, Flag, LedgerEntry, Snapshot, Source, Watch
from claims.services.ledger import clock
from tests.faults.outlet import FIRST_HOUSES, Outlet
from verifier.archive import Folder, load

STATUSES = """
SELECT c.reference, c.status, (
    SELECT e.body::jsonb -> 'sets' -> c.reference ->> 'status' FROM claims_ledgerentry e
    WHERE e.body::jsonb -> 'sets' -> c.reference ? 'status' ORDER BY e.seq DESC LIMIT 1)
FROM claims_claim c
"""


def assert_record_is_whole(snapshots: Path, *, lease_s: float) -> None:
    """Assert all that holds whatever happened: ledger, statuses, watches, snapshots, flags."""
    assert_ledger_verifies()
    assert_statuses_are_their_last_entries()
    assert_every_watch_is_done_due_or_leased(lease_s)
    assert_snapshots_are_kept_whole(snapshots)
    assert_each_effect_has_one_entry()


def assert_ledger_verifies() -> None:
    out = StringIO()
    call_command("verify_ledger", stdout=out)
    assert out.getvalue().startswith("whole: ")


def assert_statuses_are_their_last_entries() -> None:
    with connection.cursor() as cursor:
        cursor.execute(STATUSES)
        moved = [row for row in cursor.fetchall() if row[1] != row[2]]
    assert not moved


def assert_every_watch_is_done_due_or_leased(lease_s: float) -> None:
    torn = Watch.objects.filter(
        Q(lease_token__isnull=True, lease_until_at__isnull=False)
        | Q(lease_token__isnull=False, lease_until_at__isnull=True)
        | Q(lease_until_at__gt=clock() + timedelta(seconds=2 * lease_s))
    )
    assert not torn.exists()
    forgotten = Source.objects.filter(url__isnull=False, is_fetched=True, watch__due_at=None)
    assert not forgotten.exists()


def assert_snapshots_are_kept_whole(folder: Path) -> None:
    for snapshot in Snapshot.objects.all():
        assert len(load(snapshot.sha256, blobs=Folder(folder))) == snapshot.size_bytes


def assert_each_effect_has_one_entry() -> None:
    """As many entries as snapshots and flags, and no snapshot that repeats the one before."""
    kinds = Counter(LedgerEntry.objects.values_list("kind", flat=True))
    assert kinds["snapshot_taken"] == Snapshot.objects.count()
    assert kinds["flag_raised"] == Flag.objects.count()
    last: dict[int, str] = {}
    for source, text in Snapshot.objects.order_by("pk").values_list("source", "text_sha256"):
        assert last.get(source) != text
        last[source] = text


def assert_each_edition_had_its_effect_once(outlet: Outlet, numbers: Iterable[int]) -> None:
    """A snapshot of every edition in order, and one flag for every edition after the first.

    Holds where every edition was looked at before the next came out.
    """
    for number in numbers:
        last = outlet.editions[f"/{number}"]
        source = Source.objects.get(url=outlet.url(number))
        texts = source.snapshots.order_by("pk").values_list("text", flat=True)
        seen = [int(text.split("At least ")[1].split(" ")[0]) - FIRST_HOUSES for text in texts]
        assert seen == list(range(last + 1))
        flags = Flag.objects.filter(source=source).order_by("pk")
        assert [(flag.kind, flag.after.text) for flag in flags] == [
            ("figure_altered", text) for text in list(texts)[1:]
        ]
        states = set(Evidence.objects.filter(source=source).values_list("quote_state", flat=True))
        assert states == {"altered" if last else "standing"}
