"""Many claims at once at the desk: chosen, previewed, carried out, and told row by row."""

import re

import pytest
from django.urls import reverse

from claims.models import LedgerEntry, Proposal
from claims.services import reviews
from claims.services.bulk import MOST_AT_ONCE
from claims.states import ClaimStatus, FlagKind, Visibility
from tests.claims.cast import fresh, make_claim

CLOSE = {"act": "close", "reason": "no_longer_followed", "why": "Nobody asks any more."}


def rows(*claims):
    return [f"{claim.reference}:{fresh(claim).revision}" for claim in claims]


def html(answer):
    assert answer.status_code in {200, 422}, answer.status_code
    return answer.content.decode()


def hidden(answer):
    """The fields a browser would send back from the preview."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html(answer))
    found += re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>\s*([^<]*)</textarea>', html(answer))
    sent: dict[str, list[str]] = {}
    for name, value in found:
        sent.setdefault(name, []).append(value)
    return {name: values for name, values in sent.items() if name != "csrfmiddlewaretoken"}


def test_the_list_offers_a_box_a_claim_and_the_acts(door, claim):
    text = door("ada").text("claims_claim_changelist")
    assert f'name="row" value="{claim.reference}:{claim.revision}" form="bulk"' in text
    assert '<option value="dispute">Dispute</option>' in text
    reader = door("admin").text("claims_claim_changelist")
    assert '<option value="dispute">' not in reader
    assert '<option value="export_csv">' in reader


def test_from_the_choice_over_the_preview_to_a_result_for_each(door, cast, claim):
    other = make_claim(cast, "Another claim.")
    ada = door("ada")
    asked = ada.post("claims_bulk", act="close", row=rows(claim, other))
    assert "Show what would happen" in html(asked)
    wrong = ada.post("claims_bulk", act="close", stage="look", row=rows(claim, other))
    assert wrong.status_code == 422
    before = LedgerEntry.objects.count()
    preview = ada.post("claims_bulk", stage="look", row=rows(claim, other), **CLOSE)
    assert "Do this to 2 claims" in html(preview)
    assert LedgerEntry.objects.count() == before
    done = ada.post("claims_bulk", stage="do", **{**hidden(preview), **CLOSE})
    assert "Close: 2 of 2 claims done" in html(done)
    assert fresh(claim).closed_at
    assert fresh(other).closed_at


def test_a_row_changed_after_the_preview_falls_out_and_says_by_whom(door, cast, claim):
    other = make_claim(cast, "Another claim.")
    ada = door("ada")
    preview = ada.post("claims_bulk", stage="look", row=rows(claim, other), **CLOSE)
    reviews.ask_for_review(cast.ben, claim.pk, kind=FlagKind.TIP, detail="Look.")
    text = html(ada.post("claims_bulk", stage="do", **{**hidden(preview), **CLOSE}))
    assert "Close: 1 of 2 claims done" in text
    assert "Changed meanwhile." in text
    assert "Ben: " in text
    assert fresh(claim).closed_at is None


def test_sent_twice_it_changes_once(door, cast, claim):
    preview = door("ada").post("claims_bulk", stage="look", row=rows(claim), **CLOSE)
    sent = {**hidden(preview), **CLOSE}
    door("ada").post("claims_bulk", stage="do", **sent)
    entries = LedgerEntry.objects.count()
    text = html(door("ada").post("claims_bulk", stage="do", **sent))
    assert "You did this a moment ago." in text
    assert LedgerEntry.objects.count() == entries


def test_what_cannot_be_done_says_why_before_anything_is_done(door, cast, claim):
    other = make_claim(cast, "Nothing supports this.")
    order = {"act": "corroborate", "ground": "independent_origins", "why": "Two agree."}
    text = html(door("ada").post("claims_bulk", stage="look", row=rows(claim, other), **order))
    assert "Do this to 1 claim" in text
    assert "Would be left as they are" in text
    assert not Proposal.objects.exists()


def test_nothing_is_asked_where_nothing_is_needed(door, cast, claim):
    text = html(door("ada").post("claims_bulk", act="look", row=rows(claim)))
    assert "2 linked sources are looked at in the next round" in text


def test_all_that_the_list_shows_is_taken_as_far_as_goes_at_once(door, cast):
    for number in range(MOST_AT_ONCE + 1):
        make_claim(cast, f"Claim {number}.")
    answer = door("ada").post("claims_bulk", act="priority", across="1", query="status=reported")
    assert html(answer).count('name="row"') == MOST_AT_ONCE
    assert "the rest when these are done" in html(answer)
    none = door("ada").post("claims_bulk", act="priority", across="1", query="status=disputed")
    assert none.status_code == 302


def test_chosen_claims_are_taken_along_as_a_file(door, cast, claim):
    answer = door("ada").post("claims_bulk", act="export_json", row=rows(claim))
    assert answer["Location"].endswith(f"form=json&only={claim.reference}")
    told = b"".join(door("ada").client.get(answer["Location"]))
    assert claim.reference.encode() in told


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"act": "close"},
        {"act": "close", "row": ["zz"]},
        {"act": "close", "row": ["ST-000000:99999999999999999999"]},
        {"act": "close", "row": ["1", "2"], "_selected_action": "zz"},
        {"act": "delete_selected", "row": ["ST-000000:1"]},
        {"act": "close", "across": "1", "query": "status=zz&p=-1&o=9.9&q=nowhere"},
    ],
)
def test_what_names_no_claim_or_no_act_leads_back_to_the_list(door, claim, sent):
    answer = door("ada").post("claims_bulk", **sent)
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("admin:claims_claim_changelist"))
    assert fresh(claim).closed_at is None


def test_a_look_up_the_list_does_not_offer_is_refused(door, claim):
    sent = {"act": "close", "across": "1", "query": "status__regex=("}
    assert door("ada").post("claims_bulk", **sent).status_code == 400


def test_a_claim_nobody_may_see_is_not_told_of(door, cast):
    secret = make_claim(cast, "A secret.", visibility=Visibility.RESTRICTED)
    answer = door("omar").post("claims_bulk", stage="do", row=rows(secret), **CLOSE)
    assert "A secret." not in html(answer)
    assert secret.reference not in html(answer)
    assert fresh(secret).closed_at is None


def test_who_only_reads_takes_files_and_does_nothing_else(door, claim):
    assert door("admin").post("claims_bulk", act="close", row=rows(claim)).status_code == 403
    assert door("admin").post("claims_bulk", act="export_csv", row=rows(claim)).status_code == 302


def test_a_page_of_results_takes_a_bounded_number_of_queries(
    door, cast, django_assert_max_num_queries
):
    claims = [make_claim(cast, f"Claim {number}.") for number in range(20)]
    ada = door("ada")
    chosen = rows(*claims)
    with django_assert_max_num_queries(16):
        ada.post("claims_bulk", act="close", row=chosen)


def test_lowering_is_told_with_what_it_changes(door, cast, corroborated):
    order = {"act": "lower", "ground": "support_lost", "why": "Its pages are gone."}
    text = html(door("ada").post("claims_bulk", stage="look", row=rows(corroborated), **order))
    assert "Corroborated → reported" in text
    door("ada").post("claims_bulk", stage="do", row=rows(corroborated), **order)
    assert fresh(corroborated).status == ClaimStatus.REPORTED
