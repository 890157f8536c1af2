"""The second person's pages: what is signed, by whom, bound to what they saw, one or several."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from claims.models import Claim, LedgerEntry, Proposal, Review
from claims.queries.sign_off import MOST_ROWS, own_proposals, proposals_to_sign
from claims.services import claims, evidence, proposals, reviews
from claims.states import ClaimStatus, FlagKind, Ground, Role, Stance, Visibility
from tests.claims.admin.conftest import refusals
from tests.claims.cast import fresh, make_claim, make_evidence, make_origin, person
from tests.claims.codes import code_of, set_up, wrong_code

C, D, R = ClaimStatus.CORROBORATED, ClaimStatus.DISPUTED, ClaimStatus.REPORTED


def sent_by(page: str, form: str = "sign-off") -> dict[str, str]:
    """What a form of the page sends before anybody ticks or types."""
    html = page[page.index(f'id="{form}"') :]
    html = html[: html.index("</form>")]
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html)
    return {name: value for name, value in hidden if name != "csrfmiddlewaretoken"}


def ticks(claim) -> dict[str, str]:
    return {f"seen-{row.reference}": "on" for row in claim.evidence.all()}


def seen_by(who, claim) -> dict[str, str]:
    """A whole sign-off of what stands on the page now."""
    return sent_by(who.text("claims_sign_off", claim.reference)) | ticks(claim)


def sign(who, claim, **values):
    return who.post("claims_sign_off", claim.reference, **values)


def propose(actor, claim, *, to=C, ground=Ground.INDEPENDENT_ORIGINS, rationale="Two agree."):
    return proposals.propose(
        actor, claim.pk, to=to, ground=ground, rationale=rationale, seen=fresh(claim).revision
    )


def supported(cast, statement: str) -> Claim:
    claim = make_claim(cast, statement)
    for name in ("one", "two"):
        make_evidence(cast, claim, origin=make_origin(cast, f"{statement} {name}"))
    return fresh(claim)


def values_in(page: str) -> list[str]:
    return re.findall(r'name="row" value="([^"]+)"', page)


def test_the_page_tells_who_proposes_what_and_why_and_lists_the_counted_evidence(
    door, claim, proposal
):
    page = door("ben").text("claims_sign_off", claim.reference)
    assert "Ada proposes another status" in page
    assert "Two agree." in page
    assert re.search(r"Reported</span>.*→.*Corroborated</span>", page, re.DOTALL)
    for row in claim.evidence.all():
        assert f'name="seen-{row.reference}"' in page
        assert row.source.url in page
    assert page.count("about 1,500 soldiers") == 2


def test_evidence_that_does_not_count_is_not_to_be_ticked(door, cast, claim):
    idle = make_evidence(cast, claim, stance=Stance.CONTEXT)
    propose(cast.ada, claim)
    page = door("ben").text("claims_sign_off", claim.reference)
    assert f"seen-{idle.reference}" not in page
    assert "1 more piece of evidence" in page


def test_standing_disputing_evidence_is_to_be_ticked_too(door, cast, claim):
    against = make_evidence(cast, claim, stance=Stance.DISPUTES, dispute_kind="denial")
    propose(cast.ada, claim, rationale=f"Two agree; {against.reference} is a bare denial.")
    assert f"seen-{against.reference}" in door("ben").text("claims_sign_off", claim.reference)


def test_all_evidence_is_to_be_ticked_where_none_counts(door, cast):
    claim = make_claim(cast)
    row = make_evidence(cast, claim)
    propose(cast.cleo, claim, ground=Ground.EDITOR_OVERRIDE, rationale="Known here.")
    assert f"seen-{row.reference}" in door("ben").text("claims_sign_off", claim.reference)


def test_another_person_signs_off_what_they_ticked(door, claim, proposal):
    answer = sign(door("ben"), claim, **seen_by(door("ben"), claim))
    assert answer.status_code == 302
    assert fresh(claim).status == C
    assert Proposal.objects.get().sign_off.signed_by.username == "ben"


def test_evidence_not_ticked_is_named_and_nothing_is_signed(door, claim, proposal):
    values = seen_by(door("ben"), claim)
    missed = claim.evidence.first().reference
    del values[f"seen-{missed}"]
    answer = sign(door("ben"), claim, **values)
    assert answer.status_code == 422
    assert missed in refusals(answer)
    assert "Tick this once you have looked at it." in refusals(answer)
    assert fresh(claim).status == R
    assert answer.content.decode().count(" checked") == 1 + 1  # the other one, and the keys' switch


@pytest.mark.parametrize(("who", "code"), [("ada", 403), ("omar", 403), ("admin", 403)])
def test_signing_is_refused_to(door, claim, proposal, who, code):
    values = seen_by(door("ben"), claim)
    assert sign(door(who), claim, **values).status_code == code
    assert fresh(claim).status == R


def test_a_superuser_who_checks_facts_signs_anothers_proposal_and_not_their_own(door, cast, claim):
    cast.users["root"] = person("root", Role.FACT_CHECKER, cast.desk, is_superuser=True)
    own = propose(cast.root, claim)
    values = sent_by(door("ben").text("claims_sign_off", claim.reference)) | ticks(claim)
    assert sign(door("root"), claim, **values).status_code == 403
    answer = door("root").client.post(
        "/admin/sign-off/", {"row": f"{own.reference}:{own.version}:{fresh(claim).revision}"}
    )
    assert answer.status_code == 409
    assert "another person must sign it off" in answer.content.decode()
    assert fresh(claim).status == R


def test_the_proposers_page_says_why_they_do_not_sign(door, claim, proposal):
    page = door("ada").text("claims_sign_off", claim.reference)
    assert "You proposed this: another person signs it off." in page
    assert "seen-EV" not in page
    assert "Withdraw the proposal" in page


def test_an_edit_meanwhile_voids_it_and_both_people_read_why(door, cast, claim, proposal):
    values = seen_by(door("ben"), claim)
    claims.edit_claim(
        cast.cleo,
        claim.pk,
        payload={"claim": {"statement": "1,600 soldiers have arrived."}},
        seen=fresh(claim).revision,
    )
    answer = sign(door("ben"), claim, **values)
    assert answer.status_code == 409
    assert "The claim or its evidence changed after the proposal." in refusals(answer)
    assert fresh(claim).status == R
    page = door("ada").text("claims_sign_off", claim.reference)
    assert "This proposal is void" in page
    assert "The claim or its evidence changed after the proposal." in page
    assert "Claim edited" in page


def test_evidence_withdrawn_meanwhile_voids_it(door, cast, claim, proposal):
    values = seen_by(door("ben"), claim)
    row = claim.evidence.first()
    evidence.withdraw_evidence(cast.ada, row.reference, reason="Wrong page.")
    assert sign(door("ben"), claim, **values).status_code == 409
    assert fresh(claim).status == R


def test_a_flag_raised_meanwhile_is_not_answered_unseen(door, cast, claim, proposal):
    values = seen_by(door("ben"), claim)
    detail = "We counted fewer."
    reviews.ask_for_review(cast.omar, claim.pk, kind=FlagKind.OBJECTION, detail=detail)
    answer = sign(door("ben"), claim, **values)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Meanwhile:" in page
    assert "Omar" in page
    assert detail in page
    assert fresh(claim).status == R
    assert fresh(claim).open_flags == 1
    assert sign(door("ben"), claim, **seen_by(door("ben"), claim)).status_code == 302
    assert fresh(claim).open_flags == 0


def test_pressing_twice_changes_nothing_more_and_says_so(door, claim, proposal):
    values = seen_by(door("ben"), claim)
    sign(door("ben"), claim, **values)
    entries = LedgerEntry.objects.count()
    answer = door("ben").client.post(
        f"/admin/claims/claim/{claim.reference}/sign-off/", values, follow=True
    )
    assert "You have signed this off already" in answer.content.decode()
    assert LedgerEntry.objects.count() == entries


def test_signing_leads_on_to_the_next_proposal(door, cast, claim, proposal):
    other = supported(cast, "Another claim.")
    propose(cast.ada, other)
    answer = sign(door("ben"), claim, **seen_by(door("ben"), claim), next="1")
    assert answer.url == f"/admin/claims/claim/{other.reference}/sign-off/"
    answer = sign(door("ben"), other, **seen_by(door("ben"), other), next="1")
    assert answer.url == "/admin/sign-off/"


def test_a_proposal_sent_back_returns_to_its_proposer_with_the_note(door, claim, proposal):
    values = {"proposal": proposal.reference, "revision": 0, "note": "Name the second agency."}
    answer = door("ben").post("claims_send_back", claim.reference, **values)
    assert answer.status_code == 302
    review = Review.objects.get(ended_at=None)
    assert review.assignee.username == "ada"
    page = door("ada").text("claims_sign_off", claim.reference)
    assert "This proposal is sent back" in page
    assert "Name the second agency." in page
    again = door("ben").post("claims_send_back", claim.reference, **values)
    assert again.status_code == 409


def test_sending_back_without_a_note_is_told_at_its_field(door, claim, proposal):
    values = {"proposal": proposal.reference, "revision": 0, "note": "  "}
    answer = door("ben").post("claims_send_back", claim.reference, **values)
    assert answer.status_code == 422
    assert 'id="send-back-note"' in answer.content.decode()
    assert Proposal.objects.get().state == "open"


def test_a_proposed_edit_is_shown_field_by_field_old_and_new(door, cast, corroborated):
    proposals.propose_edit(
        cast.ada,
        corroborated.pk,
        payload={"claim": {"statement": "About 1,600 soldiers have arrived."}},
        rationale="The wire corrected it.",
        seen=corroborated.revision,
    )
    page = door("ben").text("claims_sign_off", corroborated.reference)
    assert "1,500 soldiers have arrived." in page
    assert "About 1,600 soldiers have arrived." in page
    assert sign(door("ben"), corroborated, **seen_by(door("ben"), corroborated)).status_code == 302
    assert fresh(corroborated).statement == "About 1,600 soldiers have arrived."


def test_a_claim_nobody_proposed_anything_for_says_so(door, claim):
    page = door("ben").text("claims_sign_off", claim.reference)
    assert "Nothing waits for sign-off on this claim." in page


def test_a_hidden_claims_proposal_does_not_exist_elsewhere(door, cast, claim):
    claims.set_visibility(cast.cleo, claim.pk, to=Visibility.RESTRICTED, seen=fresh(claim).revision)
    made = propose(cast.ada, claim)
    assert door("omar").get("claims_sign_off", claim.reference).status_code == 404
    row = f"{made.reference}:{made.version}:{fresh(claim).revision}"
    page = door("omar").client.post("/admin/sign-off/", {"row": row}).content.decode()
    assert "There is no such proposal." in page
    assert claim.statement not in page


def test_several_are_signed_with_one_save_each_by_its_own(door, cast):
    made = [propose(cast.ada, supported(cast, f"Claim {n}.")) for n in range(3)]
    rows = values_in(door("ben").text("claims_sign_offs"))
    assert [row.split(":")[0] for row in rows] == [row.reference for row in made]
    answer = door("ben").client.post("/admin/sign-off/", {"row": rows[:2]})
    assert answer.status_code == 200
    assert "2 proposals signed off." in answer.content.decode()
    states = Proposal.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["signed_off", "signed_off", "open"]
    assert values_in(answer.content.decode()) == rows[2:]


def test_rows_that_changed_meanwhile_fall_out_with_the_reason(door, cast):
    first, second = (supported(cast, f"Claim {n}.") for n in range(2))
    propose(cast.ada, first)
    propose(cast.ada, second)
    rows = values_in(door("ben").text("claims_sign_offs"))
    payload = {"claim": {"statement": "Another."}}
    claims.edit_claim(cast.cleo, first.pk, payload=payload, seen=fresh(first).revision)
    answer = door("ben").client.post("/admin/sign-off/", {"row": rows})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "1 proposal signed off." in page
    assert "1 row fell out" in page
    assert "The claim or its evidence changed after the proposal." in page
    assert (fresh(first).status, fresh(second).status) == (R, C)


def test_a_list_sent_twice_signs_nothing_more(door, cast):
    propose(cast.ada, supported(cast, "Claim."))
    rows = values_in(door("ben").text("claims_sign_offs"))
    door("ben").client.post("/admin/sign-off/", {"row": rows})
    entries = LedgerEntry.objects.count()
    answer = door("ben").client.post("/admin/sign-off/", {"row": rows})
    assert "signed off already, by Ben" in answer.content.decode()
    assert LedgerEntry.objects.count() == entries


@pytest.mark.parametrize("row", ["", "x", "PR-1:2:3", "PR-ABCDEF:" + "0" * 64 + ":-1", "\x00"])
def test_a_list_without_a_row_is_refused_in_words(door, cast, row):
    propose(cast.ada, supported(cast, "Claim."))
    answer = door("ben").client.post("/admin/sign-off/", {"row": row})
    assert answer.status_code in {400, 422}
    assert Proposal.objects.get().state == "open"


def test_own_proposals_stand_apart_and_cannot_be_ticked(door, cast, claim, proposal):
    page = door("ada").text("claims_sign_offs")
    assert values_in(page) == []
    assert "Yours, waiting for another person" in page
    assert "Nothing waits for your sign-off." in page


def test_who_may_not_sign_is_shown_nothing_to_tick(cast, claim, proposal):
    for who in (cast.dora, cast.omar, cast.admin):
        assert proposals_to_sign(who).rows == ()
        assert own_proposals(who) == []


def test_the_list_goes_on_after_a_page(door, cast):
    made = [propose(cast.ada, supported(cast, f"Claim {n}.")) for n in range(MOST_ROWS + 1)]
    page = door("ben").text("claims_sign_offs")
    assert len(values_in(page)) == MOST_ROWS
    after = made[MOST_ROWS - 1].reference
    assert f"?after={after}" in page
    rest = door("ben").get("claims_sign_offs", query=f"?after={after}").content.decode()
    assert [row.split(":")[0] for row in values_in(rest)] == [made[-1].reference]


def test_the_list_asks_a_bounded_number_of_queries(door, cast, django_assert_max_num_queries):
    for number in range(2):
        propose(cast.ada, supported(cast, f"Claim {number}."))
    door("ben").text("claims_queue")
    with django_assert_max_num_queries(17) as few:
        door("ben").text("claims_sign_offs")
    for number in range(2, 8):
        propose(cast.ada, supported(cast, f"Claim {number}."))
    with django_assert_max_num_queries(len(few)):
        door("ben").text("claims_sign_offs")


def two_steps(door, cast, who):
    client = door(who).client
    set_up(client, cast.users[who])
    return client


def grow_old(client):
    session = client.session
    session["second_step_at"] = int((timezone.now() - timedelta(minutes=31)).timestamp())
    session.save()


def test_a_code_given_just_now_is_not_asked_again(door, cast, claim, proposal):
    two_steps(door, cast, "ben")
    page = door("ben").text("claims_sign_off", claim.reference)
    assert 'name="code"' not in page
    assert sign(door("ben"), claim, **seen_by(door("ben"), claim)).status_code == 302


def test_after_half_an_hour_a_sign_off_asks_for_a_code(door, cast, claim, proposal):
    client = two_steps(door, cast, "ben")
    grow_old(client)
    values = seen_by(door("ben"), claim)
    answer = sign(door("ben"), claim, **values)
    assert answer.status_code == 422
    assert 'id="sign-off-code"' in answer.content.decode()
    wrong = sign(door("ben"), claim, **values, code=wrong_code(cast.users["ben"]))
    assert wrong.status_code == 422
    assert "not right" in refusals(wrong)
    assert fresh(claim).status == R


def test_the_right_code_signs_and_is_good_for_half_an_hour(door, cast, claim, proposal):
    client = two_steps(door, cast, "ben")
    grow_old(client)
    code = code_of(cast.users["ben"], steps=1)
    assert sign(door("ben"), claim, **seen_by(door("ben"), claim), code=code).status_code == 302
    other = supported(cast, "Another claim.")
    propose(cast.ada, other)
    assert 'name="code"' not in door("ben").text("claims_sign_off", other.reference)


def test_a_list_asks_for_one_code_and_signs_nothing_without(door, cast):
    client = two_steps(door, cast, "ben")
    for number in range(2):
        propose(cast.ada, supported(cast, f"Claim {number}."))
    grow_old(client)
    rows = values_in(door("ben").text("claims_sign_offs"))
    wrong = client.post("/admin/sign-off/", {"row": rows, "code": "000"})
    assert wrong.status_code == 422
    assert wrong.content.decode().count("data-open aria-labelledby") == 2
    assert not Proposal.objects.exclude(state="open").exists()
    code = code_of(cast.users["ben"], steps=1)
    assert client.post("/admin/sign-off/", {"row": rows, "code": code}).status_code == 200
    assert not Proposal.objects.filter(state="open").exists()


def test_the_list_names_what_the_evidence_repeats(door, cast):
    claim = make_claim(cast)
    wire = make_evidence(cast, claim, origin=make_origin(cast, "Wire"), is_primary_record=True)
    make_evidence(cast, claim, relays_evidence=wire)
    propose(cast.ada, claim, ground=Ground.PRIMARY_RECORD)
    assert f"repeats {wire.source.url.removeprefix('https://')}" in door("ben").text(
        "claims_sign_offs"
    )
