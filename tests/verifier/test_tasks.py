"""The doorbell's tasks, rung by hand."""

from claims.models import LedgerCheck
from tests.claims.cast import make_cast, make_claim
from verifier.tasks import check_ledger


def test_the_hourly_check_notes_how_far_the_ledger_is_whole(db):
    make_claim(make_cast())
    check_ledger()
    check_ledger()
    check = LedgerCheck.objects.get()
    assert (check.seq, check.is_whole) == (1, True)
