"""The seed goes in through the services, once, with two named people signing off."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from claims.models import Claim, Evidence, LedgerEntry, Proposal, SignOff, Source
from claims.queries.opinion import opinion_on
from claims.states import ClaimStatus, Ground, ProposalState

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def loaded(module_db, tmp_path_factory):
    path = tmp_path_factory.mktemp("loaded") / "sign-ins.json"
    call_command("load_seeds", sign_ins=path, stdout=StringIO())
    return path


def test_the_sign_ins_are_told_once_and_privately(loaded):
    told = json.loads(loaded.read_text())
    roles = sorted(person["role"] for person in told["people"])
    assert roles == ["administrator", "editor", "fact-checker", "fact-checker", "reader"]
    assert told["token"].startswith("stet_")
    assert loaded.stat().st_mode & 0o777 == 0o600


def test_every_corroboration_was_signed_off_by_another_person(loaded):
    corroborated = Claim.objects.filter(status=ClaimStatus.CORROBORATED)
    assert {claim.ground for claim in corroborated} == {
        Ground.INDEPENDENT_ORIGINS,
        Ground.PRIMARY_RECORD,
    }
    for claim in corroborated:
        sign_off = SignOff.objects.get(proposal__claim=claim)
        assert sign_off.signed_by != sign_off.proposed_by


def test_the_article_has_reported_corroborated_and_disputed_claims(loaded):
    assert Claim.objects.count() >= 14
    assert set(Claim.objects.values_list("status", flat=True)) == set(ClaimStatus)


def test_four_pages_about_1500_soldiers_are_one_origin(loaded):
    claim = Claim.objects.get(statement__contains="1,500")
    Evidence.objects.filter(claim=claim).update(quote_state="standing")
    assert opinion_on(claim.pk).sentence == "4 pages, 1 origin: all repeat the NIS."


def test_one_proposal_waits_for_a_second_person(loaded):
    waiting = Proposal.objects.get(state=ProposalState.OPEN)
    assert waiting.ground == Ground.PRIMARY_RECORD


def test_every_page_is_due_to_be_looked_at(loaded):
    assert Source.objects.filter(watch__due_at__isnull=False).count() >= 24


def test_loading_twice_changes_nothing(loaded):
    before = (LedgerEntry.objects.count(), Claim.objects.count(), Source.objects.count())
    call_command("load_seeds", stdout=StringIO())
    after = (LedgerEntry.objects.count(), Claim.objects.count(), Source.objects.count())
    assert after == before


def test_the_loaded_ledger_is_whole(loaded):
    out = StringIO()
    call_command("verify_ledger", stdout=out)
    assert out.getvalue().startswith("whole: ")
