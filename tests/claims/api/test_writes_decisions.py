"""What is decided on a claim, proposed, taken back, ended, and flagged."""

import pytest

from claims.models import Claim, Proposal
from claims.services.claims import close
from claims.states import ClaimStatus, CloseReason
from tests.claims.api.writing import (
    Writer,
    code,
    corroborated,
    done,
    reasons,
    send,
    writer,
)
from tests.claims.cast import fresh, make_claim, make_evidence, make_origin

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(cast) -> Writer:
    return writer(cast, "ada", cast.desk)


@pytest.fixture
def cleo(cast) -> Writer:
    return writer(cast, "cleo", cast.desk)


def test_claim_is_disputed_at_once_by_who_has_the_evidence(ada, cast):
    claim = make_claim(cast)
    make_evidence(cast, claim, stance="disputes", dispute_kind="disproof")
    body = {"status": "disputed", "ground": "conflicting_accounts", "rationale": "It is denied."}
    told = done(send(ada, fresh(claim), "status/", body))
    assert (told["status"], told["ground"]) == ("disputed", "conflicting_accounts")


def test_claim_without_disputing_evidence_is_not_disputed(ada, cast):
    body = {"status": "disputed", "ground": "conflicting_accounts", "rationale": "I think so."}
    assert code(send(ada, make_claim(cast), "status/", body)) == (409, "rule_refused")


def test_token_of_an_editor_does_not_dispute_without_evidence_either(cleo, cast):
    body = {"status": "disputed", "ground": "conflicting_accounts", "rationale": "I think so."}
    assert code(send(cleo, make_claim(cast), "status/", body)) == (409, "rule_refused")


def test_corroborated_claim_is_lowered_at_once(ada, cast):
    body = {"status": "reported", "ground": "support_lost", "rationale": "Both were retracted."}
    told = done(send(ada, corroborated(cast), "status/", body))
    assert (told["status"], told["ground"]) == ("reported", "support_lost")


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"status": "corroborated", "ground": "single_origin", "rationale": "So."}, 400, "status"),
        ({"status": "DISPUTED", "ground": "shown_false", "rationale": "So."}, 400, "status"),
        ({"status": "disputed", "ground": "hearsay", "rationale": "So."}, 400, "ground"),
        ({"status": "disputed", "ground": "single_origin", "rationale": "So."}, 409, ""),
        ({"status": "reported", "ground": "single_origin", "rationale": "So."}, 409, ""),
        ({"status": "disputed", "ground": "shown_false", "rationale": " "}, 400, "rationale"),
        ({"status": "disputed", "ground": "shown_false"}, 400, "rationale"),
    ],
)
def test_status_that_cannot_be_decided_is_refused(ada, cast, body, status, field):
    claim = make_claim(cast)
    assert set(reasons(send(ada, claim, "status/", body), status)) == ({field} if field else set())
    assert fresh(claim).status == ClaimStatus.REPORTED


CORROBORATED = {
    "status": "corroborated",
    "ground": "independent_origins",
    "rationale": "Two agencies say so.",
}


def supported(cast) -> Claim:
    claim = make_claim(cast)
    for name in ("Reuters", "Kyodo"):
        make_evidence(cast, claim, origin=make_origin(cast, name, reliability="B"))
    return fresh(claim)


def test_corroboration_is_proposed_and_waits(ada, cast):
    claim = supported(cast)
    told = done(send(ada, claim, "proposals/", CORROBORATED), 202)
    assert (told["status"], told["pending_proposal"]["to_status"]) == ("reported", "corroborated")


def test_corroboration_the_rules_refuse_is_not_proposed(ada, cast):
    answer = send(ada, make_claim(cast), "proposals/", CORROBORATED)
    assert code(answer) == (409, "rule_refused")
    assert not Proposal.objects.exists()


def test_token_of_an_editor_does_not_override(cleo, cast):
    body = CORROBORATED | {"ground": "editor_override"}
    answer = send(cleo, make_claim(cast), "proposals/", body)
    assert code(answer) == (403, "not_allowed")
    assert "override" in answer.json()["detail"]


def test_own_proposal_is_taken_back(ada, cast):
    claim = supported(cast)
    send(ada, claim, "proposals/", CORROBORATED)
    told = done(send(ada, claim, "proposals/withdraw/", {"reason": "Too early."}))
    assert told["pending_proposal"] is None
    assert Proposal.objects.get().state == "withdrawn"


def test_proposal_of_another_is_not_taken_back(ada, cast):
    claim = supported(cast)
    send(ada, claim, "proposals/", CORROBORATED)
    ben = writer(cast, "ben", cast.desk)
    answer = send(ben, claim, "proposals/withdraw/", {"reason": "No."})
    assert code(answer) == (403, "not_allowed")


def test_nothing_proposed_is_nothing_to_take_back(ada, cast):
    answer = send(ada, make_claim(cast), "proposals/withdraw/", {"reason": "No."})
    assert code(answer) == (409, "rule_refused")


@pytest.mark.parametrize("path", ["sign-off/", "proposals/sign-off/", "signoff/"])
def test_there_is_no_address_to_sign_off_at(ada, cast, path):
    assert send(ada, make_claim(cast), path).status_code == 404


def test_claim_is_closed_for_another_and_reopened(ada, cast):
    claim, kept = make_claim(cast), make_claim(cast, "The same.")
    body = {"reason": "duplicate", "note": "The same.", "replaced_by": kept.reference}
    told = done(send(ada, claim, "close/", body))
    assert (told["closed"]["reason"], told["replaced_by"]) == ("duplicate", kept.reference)
    told = done(send(ada, claim, "reopen/", {"note": "It is not the same."}))
    assert (told["closed"], told["replaced_by"]) == (None, None)


@pytest.mark.parametrize(
    ("step", "body", "status"),
    [
        ("close/", {"reason": "split", "note": "Two."}, 400),
        ("close/", {"reason": "mistake", "note": ""}, 400),
        ("close/", {"reason": "duplicate", "note": "So.", "replaced_by": "ST-000000"}, 400),
        ("reopen/", {"note": "It never ended."}, 409),
    ],
)
def test_claim_is_neither_closed_nor_reopened_without_cause(ada, cast, step, body, status):
    claim = make_claim(cast)
    assert send(ada, claim, step, body).status_code == status
    assert fresh(claim).closed_at is None


def test_closed_claim_is_not_closed_again(ada, cast):
    claim = make_claim(cast)
    close(cast.ada, claim.pk, reason=CloseReason.MISTAKE, note="So.", seen=claim.revision)
    answer = send(ada, claim, "close/", {"reason": "mistake", "note": "Again."})
    assert code(answer) == (409, "rule_refused")


def test_other_desk_objects_and_the_claim_is_in_question(cast):
    omar = writer(cast, "omar", cast.other_desk)
    claim = make_claim(cast)
    body = {"kind": "objection", "detail": "Our people saw otherwise."}
    told = done(omar.post(f"claims/{claim.reference}/flags/", body), 201)
    assert told["open_flags"] == 1
    assert told["basis"]["state"] == "in_question"


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "objection", "detail": "At one's own desk."},
        {"kind": "source_gone", "detail": "The watch's own."},
        {"kind": "tip", "detail": ""},
    ],
)
def test_flag_that_is_not_a_persons_is_refused(ada, cast, body):
    claim = make_claim(cast)
    assert ada.post(f"claims/{claim.reference}/flags/", body).status_code == 400
    assert not claim.flags.exists()
