"""What changes between two steps of somebody else's work: nothing is lost, nothing fails."""

import threading

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from claims.models import Claim, Flag, LedgerEntry, Snapshot, Watch
from claims.services.claims import close
from claims.services.evidence import withdraw_evidence
from claims.services.looks import record_looks
from claims.services.people import end_person
from claims.services.status import decide
from claims.states import ClaimStatus, CloseReason, EntryKind, Ground, QuoteState
from tests.claims.cast import fresh, make_cast, make_claim, make_evidence
from tests.claims.services.test_looks import due, see, take


@pytest.fixture
def cast(committed_db):
    return make_cast()


@pytest.fixture
def row(cast):
    row = make_evidence(cast, make_claim(cast), state=QuoteState.UNCHECKED)
    record_looks([see(row, QuoteState.STANDING)])
    return row


def under_way(row):
    """The token of a look that has begun."""
    due(row)
    return take(only=[row.source_id])[0].token


@pytest.mark.catalogue(153)
def test_a_look_that_ends_after_its_claim_was_closed_brings_the_claim_back(cast, row):
    token = under_way(row)
    seen = fresh(row.claim).revision
    close(cast.ada, row.claim_id, reason=CloseReason.MISTAKE, note="A mistake.", seen=seen)
    record_looks([see(row, QuoteState.MISSING, token=token)])
    assert Claim.objects.get(pk=row.claim_id).closed_at is None
    assert Flag.objects.filter(claim=row.claim_id).exists()


@pytest.mark.catalogue(153)
def test_a_look_that_ends_after_its_evidence_was_withdrawn_is_kept_and_flags_nothing(cast, row):
    token = under_way(row)
    withdraw_evidence(cast.ada, row.reference, reason="Linked by mistake.")
    record_looks([see(row, QuoteState.MISSING, token=token)])
    assert Snapshot.objects.filter(source=row.source_id).count() == 2
    assert Watch.objects.get(source=row.source_id).lease_token is None
    assert not Flag.objects.filter(claim=row.claim_id).exists()


@pytest.mark.catalogue(156)
def test_a_request_does_not_wait_for_ever_for_a_table_that_is_being_altered(cast, row):
    reader = Client(raise_request_exception=False)
    reader.force_login(cast.users["ada"], backend="django.contrib.auth.backends.ModelBackend")
    page = reverse("admin:claims_claim_page", args=[row.claim.reference])
    is_locked, may_end = threading.Event(), threading.Event()

    def alter() -> None:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("LOCK TABLE claims_claim IN ACCESS EXCLUSIVE MODE")
            is_locked.set()
            may_end.wait()
            cursor.execute("ROLLBACK")
        connection.close()

    altering = threading.Thread(target=alter)
    altering.start()
    is_locked.wait()
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '50ms'")  # five seconds in production
    answer = reader.get(page)
    may_end.set()
    altering.join()
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert reader.get(page).status_code == 200


@pytest.mark.catalogue(157)
def test_who_is_ended_finishes_what_runs_and_is_then_asked_to_sign_in(cast, row):
    browser = Client()
    browser.force_login(cast.users["cleo"], backend="django.contrib.auth.backends.ModelBackend")
    page = reverse("admin:claims_claim_page", args=[row.claim.reference])
    assert browser.get(page).status_code == 200
    cleo = cast.cleo
    end_person(cast.admin, user=cast.users["cleo"])
    claim = fresh(row.claim)
    decide(
        cleo,
        claim.pk,
        to=ClaimStatus.DISPUTED,
        ground=Ground.CONFLICTING_ACCOUNTS,
        rationale="Under way when they left.",
        seen=claim.revision,
    )
    assert browser.get(page).status_code == 302
    entry = LedgerEntry.objects.get(kind=EntryKind.STATUS_CHANGED)
    assert cast.users["cleo"].reference in entry.body
