"""Each step of the claim's page is one service call: done, or refused in the service's words."""

from datetime import timedelta

import pytest
from django.utils import timezone

from claims.models import Evidence, LedgerEntry, Proposal, Source, Watch
from claims.queries.version import version_of
from claims.services import claims, reviews
from claims.states import (
    Basis,
    ClaimStatus,
    FlagKind,
    Ground,
    ProposalState,
    Stance,
    Visibility,
)
from tests.claims.admin.conftest import refusals
from tests.claims.cast import fresh, make_claim, make_evidence, make_origin

C, D, R = ClaimStatus.CORROBORATED, ClaimStatus.DISPUTED, ClaimStatus.REPORTED
WHY = "Seen and weighed."


def signing(proposal, claim):
    """A sign-off as its page sends it, every piece of evidence ticked."""
    seen = {f"seen-{row.reference}": "on" for row in claim.evidence.all()}
    return {"proposal": proposal.reference, "version": version_of(claim), **seen}


def test_proposing_corroborated_leaves_the_status_to_a_second_person(door, claim):
    answer = door("ada").step(claim, "corroborate", ground="independent_origins", rationale=WHY)
    assert answer.status_code == 302
    assert Proposal.objects.get(claim=claim).rationale == WHY
    assert fresh(claim).status == R


def test_four_pages_of_one_origin_are_refused_in_words_and_drawn(door, cast):
    claim = make_claim(cast)
    nis = make_origin(cast, "the NIS")
    for _ in range(4):
        make_evidence(cast, claim, relays_origin=nis)
    answer = door("ada").step(claim, "corroborate", ground="independent_origins", rationale=WHY)
    assert answer.status_code == 422
    sentence = "4 pages, 1 origin: all repeat the NIS. It needs 1 more independent origin."
    page = door("ada").text("claims_claim_page", claim.reference)
    assert sentence in page
    assert "Propose corroborated</p>" in page  # told, instead of a dead button
    assert '<svg viewBox="0 0' in page
    assert not Proposal.objects.exists()


def test_another_person_signs_off(door, claim, proposal):
    page = door("ben").text("claims_claim_page", claim.reference)
    assert "Ada proposes" in page
    assert f'href="/admin/claims/claim/{claim.reference}/sign-off/"' in page
    answer = door("ben").step(claim, "sign-off", **signing(proposal, claim))
    assert answer.status_code == 302
    assert fresh(claim).status == C


def test_the_proposer_cannot_sign_off(door, claim, proposal):
    page = door("ada").text("claims_claim_page", claim.reference)
    assert "You proposed this: another person signs it off." in page
    answer = door("ada").step(claim, "sign-off", **signing(proposal, claim))
    assert answer.status_code == 403
    assert fresh(claim).status == R


@pytest.mark.parametrize(("who", "code"), [("omar", 403), ("admin", 403)])
def test_nobody_of_another_desk_signs_off(door, claim, proposal, who, code):
    assert door(who).step(claim, "sign-off", **signing(proposal, claim)).status_code == code
    assert fresh(claim).status == R


def test_signing_off_twice_is_refused_and_changes_nothing(door, claim, proposal):
    door("ben").step(claim, "sign-off", **signing(proposal, claim))
    entries = LedgerEntry.objects.count()
    answer = door("cleo").step(claim, "sign-off", **signing(proposal, claim))
    assert answer.status_code == 409
    assert LedgerEntry.objects.count() == entries


def test_an_edit_after_the_proposal_voids_what_the_signer_saw(door, cast, claim, proposal):
    seen = signing(proposal, claim)
    payload = {"claim": {"statement": "1,600 soldiers have arrived."}}
    claims.edit_claim(cast.cleo, claim.pk, payload=payload, seen=fresh(claim).revision)
    assert door("ben").step(claim, "sign-off", **seen).status_code == 409
    assert fresh(claim).status == R


def test_the_proposer_withdraws_and_another_fact_checker_cannot(door, claim, proposal):
    given = {"proposal": proposal.reference, "reason": "Too early."}
    assert door("ben").step(claim, "withdraw-proposal", **given).status_code == 403
    assert door("ada").step(claim, "withdraw-proposal", **given).status_code == 302
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.WITHDRAWN


@pytest.mark.parametrize(
    ("step", "values"),
    [
        ("lower", {"ground": "support_lost"}),
        ("dispute", {"ground": "conflicting_accounts"}),
        ("corroborate", {"ground": "independent_origins"}),
        ("stands", {}),
        ("propose-stands", {}),
    ],
)
def test_a_missing_rationale_is_told_at_its_field(door, claim, step, values):
    answer = door("ada").step(claim, step, rationale="  ", **values)
    assert answer.status_code == 422
    assert fresh(claim).status == R


def test_lowering_takes_effect_at_once_and_can_be_undone(door, corroborated):
    answer = door("ada").step(corroborated, "lower", ground="support_lost", rationale=WHY)
    assert answer.status_code == 302
    assert fresh(corroborated).status == R
    assert "Undo: corroborated again" in door("ada").text(
        "claims_claim_page", corroborated.reference
    )
    assert "Undo: corroborated again" not in door("ben").text(
        "claims_claim_page", corroborated.reference
    )
    assert door("ben").step(corroborated, "undo").status_code == 422
    assert door("ada").step(corroborated, "undo").status_code == 302
    assert fresh(corroborated).status == C


def test_disputing_needs_disputing_evidence_or_an_editor(door, cast, claim):
    given = {"ground": "conflicting_accounts", "rationale": WHY}
    assert "Disputed needs standing disputing evidence" in door("ada").text(
        "claims_claim_page", claim.reference
    )
    assert door("ada").step(claim, "dispute", **given).status_code == 422
    make_evidence(cast, claim, stance=Stance.DISPUTES, quote="Nobody has arrived.")
    assert door("ada").step(claim, "dispute", **given).status_code == 302
    assert fresh(claim).status == D


def test_shown_false_waits_for_a_second_person(door, claim):
    door("cleo").step(claim, "dispute", ground="shown_false", rationale=WHY)
    proposal = Proposal.objects.get(claim=claim)
    assert fresh(claim).ground == Ground.CONFLICTING_ACCOUNTS
    door("ada").step(claim, "sign-off", **signing(proposal, claim))
    assert fresh(claim).ground == Ground.SHOWN_FALSE


def test_a_dispute_is_lifted_by_two_people(door, claim):
    door("cleo").step(claim, "dispute", ground="out_of_context", rationale=WHY)
    door("ada").step(claim, "propose-reported", ground="cannot_be_verified", rationale=WHY)
    assert fresh(claim).status == D
    proposal = Proposal.objects.get(claim=claim, state=ProposalState.OPEN)
    door("ben").step(claim, "sign-off", **signing(proposal, claim))
    assert fresh(claim).status == R


def test_a_first_review_stands_on_a_better_ground(door, claim):
    answer = door("ada").step(claim, "stands", ground="single_origin", rationale=WHY)
    assert answer.status_code == 302
    assert fresh(claim).ground == Ground.SINGLE_ORIGIN


def test_a_flagged_corroboration_stands_by_two_people_only(door, cast, corroborated):
    reviews.ask_for_review(cast.omar, corroborated.pk, kind=FlagKind.OBJECTION, detail="Fewer.")
    assert door("ada").step(corroborated, "stands", rationale=WHY).status_code == 422
    assert door("ada").step(corroborated, "propose-stands", rationale=WHY).status_code == 302
    proposal = Proposal.objects.get(claim=corroborated, state=ProposalState.OPEN)
    door("ben").step(corroborated, "sign-off", **signing(proposal, corroborated))
    assert fresh(corroborated).basis == Basis.HOLDS


def test_only_an_editor_is_offered_the_override(door, cast):
    claim = make_claim(cast)
    assert "editor_override" not in door("ada").text("claims_claim_page", claim.reference)
    assert "editor_override" in door("cleo").text("claims_claim_page", claim.reference)
    given = {"ground": "editor_override", "rationale": WHY}
    assert door("ada").step(claim, "corroborate", **given).status_code == 403
    assert door("cleo").step(claim, "corroborate", **given).status_code == 302


def test_a_ground_of_another_status_is_refused(door, claim):
    answer = door("ada").step(claim, "corroborate", ground="single_origin", rationale=WHY)
    assert answer.status_code == 422
    assert "single_origin is not one of the available choices" in refusals(answer)


def test_a_stale_page_keeps_what_was_written_and_tells_who_changed_what(door, cast, claim):
    seq = LedgerEntry.objects.filter(claim_ref=claim.reference).latest("seq").seq
    stale = {"revision": claim.revision, "seq": seq}
    reviews.ask_for_review(cast.ben, claim.pk, kind=FlagKind.TIP, detail="Look again.")
    given = {"ground": "independent_origins", "rationale": "My long reasoning."}
    answer = door("ada").step(claim, "corroborate", **given, **stale)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "My long reasoning.</textarea>" in page
    assert "Meanwhile:" in page
    assert "Ben: flag raised" in page
    assert f'name="revision" value="{fresh(claim).revision}"' in page
    assert not Proposal.objects.exists()
    assert door("ada").step(claim, "corroborate", **given).status_code == 302


def test_a_double_click_makes_one_change(door, claim):
    given = {"revision": claim.revision, "ground": "independent_origins", "rationale": WHY}
    codes = [door("ada").step(claim, "corroborate", **given).status_code for _ in range(2)]
    assert codes == [302, 409]
    assert Proposal.objects.count() == 1


def test_closing_and_reopening(door, claim):
    given = {"reason": "overtaken", "note": "It happened."}
    assert door("ada").step(claim, "close", **given).status_code == 302
    assert fresh(claim).closed_at is not None
    page = door("ada").text("claims_claim_page", claim.reference)
    assert "Reopen the claim" in page
    assert "Propose corroborated" not in page
    assert door("ada").step(claim, "close", **given).status_code == 422
    assert door("ada").step(claim, "reopen", note="It did not.").status_code == 302
    assert fresh(claim).closed_at is None


def test_closing_as_a_duplicate_names_the_other_claim(door, cast, claim):
    other = make_claim(cast, "The same again.")
    given = {"reason": "duplicate", "note": "Twice."}
    assert door("ada").step(claim, "close", replaced_by="ST-ZZZZZZ", **given).status_code == 422
    answer = door("ada").step(claim, "close", replaced_by=other.reference.lower(), **given)
    assert answer.status_code == 302
    assert fresh(claim).replaced_by == other


def test_anybody_who_sees_the_claim_asks_for_a_review(door, claim):
    answer = door("omar").step(claim, "flag", kind="objection", detail="We counted fewer.")
    assert answer.status_code == 302
    assert fresh(claim).open_flags == 1
    assert door("omar").step(claim, "flag", kind="source_gone", detail="x").status_code == 422


def test_only_an_editor_hides_a_claim(door, claim):
    assert door("ada").step(claim, "visibility", to="restricted").status_code == 403
    assert door("cleo").step(claim, "visibility", to="restricted").status_code == 302
    assert fresh(claim).visibility == Visibility.RESTRICTED
    assert door("omar").get("claims_claim_page", claim.reference).status_code == 404


def test_looking_now_makes_the_source_due(door, claim):
    source = Evidence.objects.filter(claim=claim).first().source
    later = timezone.now() + timedelta(days=3)
    Watch.objects.filter(source=source).update(due_at=later)
    answer = door("ada").step(claim, "recheck", source=source.reference)
    assert answer.status_code == 302
    assert Watch.objects.filter(source=source, due_at__lt=later).exists()


def test_looking_at_a_source_that_is_not_fetched_is_refused(door, claim):
    source = Evidence.objects.filter(claim=claim).first().source
    Source.objects.filter(pk=source.pk).update(is_fetched=False)
    answer = door("ada").step(claim, "recheck", source=source.reference)
    assert answer.status_code == 422
    assert "do not fetch" in answer.content.decode()


def test_the_history_tells_every_step(door, claim, proposal):
    page = door("ben").text("claims_claim_page", claim.reference)
    assert "Change proposed" in page
    assert "Two agree." in page
