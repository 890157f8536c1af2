"""What a person may not see is not there; what they may not do is refused, crafted or not."""

import pytest
from django.test import Client

from claims.models import Claim, Proposal
from claims.states import ClaimStatus, Visibility
from tests.claims.cast import fresh, make_claim, make_evidence

R = ClaimStatus.REPORTED
WHY = "Seen and weighed."


@pytest.mark.parametrize("who", ["omar", "admin"])
def test_a_restricted_claim_does_not_exist_for_others(door, cast, who):
    claim = make_claim(cast, visibility=Visibility.RESTRICTED)
    row = make_evidence(cast, claim)
    assert door(who).get("claims_claim_page", claim.reference).status_code == 404
    assert door(who).step(claim, "stands", rationale=WHY).status_code == 404
    assert door(who).get("claims_claim_edit", claim.reference).status_code == 404
    page = ("claims_evidence_page", claim.reference, row.reference)
    assert door(who).get(*page).status_code == 404
    assert door(who).get("claims_source_page", row.source.reference).status_code == 404


def test_a_reader_with_staff_rights_reads_and_decides_nothing(door, cast, claim):
    cast.users["dora"].is_staff = True
    cast.users["dora"].save()
    page = door("dora").text("claims_claim_page", claim.reference)
    assert "The fact-checkers and editors of World desk decide on this claim." in page
    assert "Add evidence" not in page
    given = {"ground": "independent_origins", "rationale": WHY}
    assert door("dora").step(claim, "corroborate", **given).status_code == 403
    assert door("dora").get("claims_claim_edit", claim.reference).status_code == 403
    assert not Proposal.objects.exists()


def test_the_status_cannot_be_set_by_a_crafted_field(door, claim):
    given = {"statement": claim.statement, "kind": "fact", "status": "corroborated"}
    rows = {"figures-TOTAL_FORMS": 0, "figures-INITIAL_FORMS": 0}
    seen = {"revision": claim.revision, "step": "words"}
    door("ada").post("claims_claim_edit", claim.reference, **given, **rows, **seen)
    assert Claim.objects.get(pk=claim.pk).status == R


def test_an_unknown_step_is_not_found(door, claim):
    assert door("ada").step(claim, "delete").status_code == 404


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_a_step_is_taken_by_post_alone(door, claim, method):
    path = f"/admin/claims/claim/{claim.reference}/lower/"
    assert getattr(door("ada").client, method)(path).status_code == 405


def test_a_step_without_the_csrf_token_is_refused(cast, claim):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.users["ada"], backend="django.contrib.auth.backends.ModelBackend")
    given = {"revision": claim.revision, "rationale": WHY}
    path = f"/admin/claims/claim/{claim.reference}/stands/"
    assert client.post(path, given).status_code == 403
    assert fresh(claim).decided_at is None
