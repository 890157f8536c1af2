"""`load_scale` makes a record like any other: the trigger and the verifier both say so."""

from io import StringIO

from django.core.management import call_command

from claims.models import Claim, Evidence, LedgerEntry
from tests.claims.cast import make_cast, make_claim


def test_a_loaded_record_is_whole_and_goes_on(committed_db):
    cast = make_cast()
    make_claim(cast)
    call_command("load_scale", claims=30, evidence=2, stdout=StringIO())
    make_claim(cast)

    out = StringIO()
    call_command("verify_ledger", stdout=out)
    assert out.getvalue().startswith("whole: ")
    assert (Claim.objects.count(), Evidence.objects.count()) == (32, 60)
    assert LedgerEntry.objects.count() == 2 + 300 + 30 * 3
