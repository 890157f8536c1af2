"""One act on many claims: the rules of one claim, row by row."""

from datetime import timedelta

import pytest
from django.utils import timezone

from claims.models import Claim, LedgerEntry, Proposal, Review, SignOff, Watch
from claims.queries.ledger import head_seq
from claims.services import proposals, reviews, work
from claims.services.bulk import Act, Chosen, Fate, Order, carry_out, rehearse
from claims.states import (
    ClaimStatus,
    CloseReason,
    FlagKind,
    Ground,
    ProposalKind,
    Visibility,
)
from tests.claims.cast import fresh, make_claim, make_evidence, make_origin

CLOSE = Order(Act.CLOSE, reason=CloseReason.NO_LONGER_FOLLOWED, why="Nobody asks any more.")
DISPUTE = Order(Act.DISPUTE, ground=Ground.CONFLICTING_ACCOUNTS, why="The ministry says 900.")
LOWER = Order(Act.LOWER, ground=Ground.SUPPORT_LOST, why="Its pages are gone.")
STANDS = Order(Act.STANDS, why="Looked at again.")
CORROBORATE = Order(Act.CORROBORATE, ground=Ground.INDEPENDENT_ORIGINS, why="Two agree.")


def chosen(*claims):
    return [Chosen(claim.reference, fresh(claim).revision) for claim in claims]


def fates(results):
    return [result.fate for result in results]


def supported(cast, statement="1,500 soldiers have arrived."):
    claim = make_claim(cast, statement)
    for name in ("one", "two"):
        make_evidence(cast, claim, origin=make_origin(cast, f"{statement} {name}"))
    return fresh(claim)


def corroborated(cast, statement="1,500 soldiers have arrived."):
    claim = supported(cast, statement)
    proposal = proposals.propose(
        cast.ada,
        claim.pk,
        to=ClaimStatus.CORROBORATED,
        ground=Ground.INDEPENDENT_ORIGINS,
        rationale="Two agree.",
        seen=claim.revision,
    )
    return proposals.sign_off(cast.ben, proposal.reference, version=proposal.version)


def under_review(cast, statement="Under review."):
    claim = make_claim(cast, statement)
    return reviews.ask_for_review(cast.ada, claim.pk, kind=FlagKind.TIP, detail="Look.")


def state(*claims):
    rows = Claim.objects.filter(pk__in=[claim.pk for claim in claims]).order_by("pk")
    return list(rows.values()), LedgerEntry.objects.count(), Review.objects.count()


@pytest.mark.parametrize("order", [CLOSE, DISPUTE, CORROBORATE, STANDS])
def test_a_rehearsal_says_what_would_happen_and_writes_nothing(cast, order):
    claim = supported(cast)
    before = state(claim)
    (result,) = rehearse(cast.cleo, order, chosen(claim))
    assert result.fate is Fate.DONE
    assert state(claim) == before
    assert carry_out(cast.cleo, order, chosen(claim)) == [result]
    assert state(claim) != before


def test_each_claim_has_its_own_fate(cast):
    low, high = make_claim(cast, "Reported."), corroborated(cast, "Corroborated.")
    results = carry_out(cast.ada, LOWER, chosen(low, high))
    assert fates(results) == [Fate.REFUSED, Fate.DONE]
    assert "cannot become reported" in results[0].words
    assert results[1].words == "corroborated → reported"
    assert fresh(high).status == ClaimStatus.REPORTED


def test_a_claim_changed_since_it_was_chosen_is_left_with_the_reason(cast):
    first, second = make_claim(cast, "One."), make_claim(cast, "Two.")
    picked = chosen(first, second)
    reviews.ask_for_review(cast.ben, first.pk, kind=FlagKind.TIP, detail="Look.")
    results = carry_out(cast.ada, CLOSE, picked, since_seq=head_seq() - 2)
    assert fates(results) == [Fate.OVERTAKEN, Fate.DONE]
    assert "changed meanwhile" in results[0].words
    assert fresh(first).closed_at is None


@pytest.mark.parametrize("order", [CLOSE, DISPUTE, CORROBORATE, STANDS, LOWER])
def test_an_order_sent_twice_changes_once_and_says_so_kindly(cast, order):
    claim = corroborated(cast) if order is LOWER else supported(cast)
    picked, since = chosen(claim), head_seq()
    carry_out(cast.cleo, order, picked, since_seq=since)
    entries = LedgerEntry.objects.count()
    (again,) = carry_out(cast.cleo, order, picked, since_seq=since)
    assert (again.fate, again.words) == (Fate.DONE_BEFORE, "You did this a moment ago.")
    assert LedgerEntry.objects.count() == entries


def test_nothing_done_in_bulk_raises_a_status_without_a_second_person(cast):
    claims = [supported(cast, f"Claim {n}.") for n in range(3)]
    results = carry_out(cast.cleo, CORROBORATE, chosen(*claims))
    assert fates(results) == [Fate.DONE] * 3
    assert {fresh(claim).status for claim in claims} == {ClaimStatus.REPORTED}
    assert Proposal.objects.count() == 3
    assert not SignOff.objects.exists()


def test_no_act_signs_off(cast):
    claim = supported(cast)
    carry_out(cast.ada, CORROBORATE, chosen(claim))
    for act in Act:
        order = Order(
            act,
            ground=Ground.INDEPENDENT_ORIGINS,
            reason=CloseReason.MISTAKE,
            visibility=Visibility.RESTRICTED,
            priority=1,
            why="Once more.",
        )
        carry_out(cast.ben, order, chosen(claim))
        assert fresh(claim).status != ClaimStatus.CORROBORATED
    assert not SignOff.objects.exists()


def test_that_corroborated_claims_stand_is_proposed_and_of_others_is_so_at_once(cast):
    high, low = corroborated(cast, "High."), under_review(cast, "Low.")
    reviews.ask_for_review(cast.ada, high.pk, kind=FlagKind.TIP, detail="Look.")
    results = carry_out(cast.ada, STANDS, chosen(high, low))
    assert fates(results) == [Fate.DONE, Fate.DONE]
    assert Proposal.objects.get(state="open").kind == ProposalKind.STANDS
    assert (fresh(high).open_flags, fresh(low).open_flags) == (1, 0)


def test_a_claim_of_another_desk_is_left_and_a_hidden_one_is_not_told_of(cast):
    seen = make_claim(cast, "Seen.")
    hidden = make_claim(cast, "Hidden.", visibility=Visibility.RESTRICTED)
    results = carry_out(cast.omar, CLOSE, [*chosen(seen, hidden), Chosen("ST-000000", 1)])
    assert fates(results) == [Fate.REFUSED] * 3
    assert "may not decide" in results[0].words
    assert results[1].words == results[2].words == "There is no such claim."


def test_reviews_are_assigned_and_given_back(cast):
    one, none = under_review(cast), make_claim(cast, "No review.")
    to_ben = Order(Act.ASSIGN, to=cast.users["ben"].reference)
    results = carry_out(cast.ada, to_ben, chosen(one, none))
    assert fates(results) == [Fate.DONE, Fate.REFUSED]
    assert results[0].words == "assigned to Ben"
    assert fates(carry_out(cast.ada, to_ben, chosen(one))) == [Fate.DONE_BEFORE]
    assert fates(carry_out(cast.ada, Order(Act.GIVE_BACK), chosen(one))) == [Fate.DONE_BEFORE]
    work.take(cast.ben, Review.objects.get().reference)
    assert fates(carry_out(cast.ben, Order(Act.GIVE_BACK), chosen(one))) == [Fate.DONE]
    review = Review.objects.get()
    assert (review.assignee_id, review.taken_until_at) == (None, None)


def test_urgency_and_due_time_are_set_once(cast):
    claim = under_review(cast)
    due_at = timezone.now() + timedelta(days=1)
    for order in (Order(Act.PRIORITY, priority=1), Order(Act.DUE, due_at=due_at)):
        assert fates(carry_out(cast.ada, order, chosen(claim))) == [Fate.DONE]
        entries = LedgerEntry.objects.count()
        assert fates(carry_out(cast.ada, order, chosen(claim))) == [Fate.DONE_BEFORE]
        assert LedgerEntry.objects.count() == entries
    assert fresh(claim).priority == 1
    assert Review.objects.get().due_at == due_at


def test_every_linked_page_is_looked_at_soon(cast):
    claim, bare = make_claim(cast, "Linked."), make_claim(cast, "Bare.")
    for url in ("https://one.example.org/", "https://two.example.org/"):
        make_evidence(cast, claim, url=url)
    later = timezone.now() + timedelta(days=1)
    Watch.objects.update(due_at=later)
    results = carry_out(cast.ada, Order(Act.LOOK), chosen(claim, bare))
    assert fates(results) == [Fate.DONE, Fate.REFUSED]
    assert results[0].words == "2 linked sources are looked at in the next round"
    assert not Watch.objects.filter(due_at__gte=later).exists()


def test_only_editors_hide_claims_and_only_once(cast):
    claim = make_claim(cast)
    hide = Order(Act.SHOW_TO, visibility=Visibility.RESTRICTED)
    assert fates(carry_out(cast.ada, hide, chosen(claim))) == [Fate.REFUSED]
    assert fates(carry_out(cast.cleo, hide, chosen(claim))) == [Fate.DONE]
    assert fates(carry_out(cast.cleo, hide, chosen(claim))) == [Fate.DONE_BEFORE]
