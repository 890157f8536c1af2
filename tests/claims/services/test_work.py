"""Who works on which review: the order, taking, giving back, assigning, due times, urgency."""

import uuid
from datetime import timedelta
from itertools import cycle

import pytest
from django.db import connection
from django.utils import timezone

from claims.errors import InvalidInput, NotAllowed, NotFound, RuleRefused
from claims.models import Flag, LedgerEntry, Membership, Review
from claims.queries.desk import queue_of, tally_of
from claims.queries.ledger import verify
from claims.queries.queue import Wanted, Whose, open_reviews
from claims.services import reviews, work
from claims.services.articles import add_appearance, add_article
from claims.services.ledger import recording
from claims.services.proposals import propose, sign_off
from claims.services.reviews import Cause, raise_flag
from claims.services.settle import settle
from claims.states import ClaimStatus, EntryKind, FlagKind, Ground, Visibility
from claims.types import MACHINE
from tests.claims.cast import fresh, make_claim, make_evidence, make_origin

MINUTE = timedelta(minutes=1)


def flag(*claims, kind=FlagKind.TIP, cause=None):
    """Let the watch flag claims for one cause; returns their open reviews."""
    shared = Cause(id=cause or uuid.uuid4())
    with recording(MACHINE) as record:
        for claim in claims:
            raise_flag(claim, kind, record=record, cause=shared)
            settle(claim, record=record)
    return [Review.objects.get(claim=claim, ended_at=None) for claim in claims]


def flagged(cast, statement="Something was said.", kind=FlagKind.TIP, **values):
    (review,) = flag(make_claim(cast, statement, **values), kind=kind)
    return review


def opened(review, hours_ago):
    """Move a review's beginning into the past, as time would."""
    at = timezone.now() - timedelta(hours=hours_ago)
    Review.objects.filter(pk=review.pk).update(opened_at=at, counts_from_at=None)


def corroborated(cast, statement="Two agree."):
    claim = make_claim(cast, statement)
    for name in ("one", "two"):
        make_evidence(cast, claim, origin=make_origin(cast, f"{name} of {claim.reference}"))
    made = propose(
        cast.ada,
        claim.pk,
        to=ClaimStatus.CORROBORATED,
        ground=Ground.INDEPENDENT_ORIGINS,
        rationale="Two agree.",
        seen=fresh(claim).revision,
    )
    return sign_off(cast.ben, made.reference, version=made.version)


def publish(cast, claim, *, times=1, is_ours=True):
    for number in range(times):
        article = add_article(
            cast.ada,
            desk=cast.desk,
            text="Words stand here.",
            values={"title": f"Story {number}"},
            is_ours=is_ours,
        )
        add_appearance(cast.ada, claim.pk, article=article.reference, start=0, end=5)


def order(actor):
    work.reckon_places()
    return list(open_reviews(actor))


@pytest.mark.parametrize(
    ("graver", "other"),
    [
        (FlagKind.RETRACTION, FlagKind.FIGURE_ALTERED),
        (FlagKind.RELAYED_RETRACTED, FlagKind.FIGURE_ALTERED),
        (FlagKind.FIGURE_ALTERED, FlagKind.QUOTE_ALTERED),
        (FlagKind.CORRECTION_NOTICE, FlagKind.SOURCE_GONE),
        (FlagKind.CONTRADICTION_ADDED, FlagKind.TIP),
        (FlagKind.TIP, FlagKind.SOURCE_MOVED),
    ],
)
def test_a_graver_flag_goes_before_an_older_one(cast, graver, other):
    old, new = flagged(cast, kind=other), flagged(cast, kind=graver)
    opened(old, hours_ago=1)
    assert order(cast.ada) == [new, old]


def test_age_overtakes_gravity_in_the_end(cast):
    tip, retraction = flagged(cast), flagged(cast, kind=FlagKind.RETRACTION)
    opened(tip, hours_ago=24 * 8)
    assert order(cast.ada) == [tip, retraction]


def test_of_two_alike_the_older_comes_first(cast):
    old, new = flagged(cast), flagged(cast)
    opened(old, hours_ago=1)
    assert order(cast.ada) == [old, new]


def test_a_shaken_corroboration_goes_before_a_report(cast):
    report = flagged(cast, kind=FlagKind.OBJECTION)
    (shaken,) = flag(corroborated(cast), kind=FlagKind.OBJECTION)
    assert order(cast.ada) == [shaken, report]


@pytest.mark.parametrize("is_ours", [True, False])
def test_only_articles_published_by_us_bring_a_claim_forward(cast, is_ours):
    old, new = flagged(cast), flagged(cast)
    opened(old, hours_ago=1)
    publish(cast, new.claim, is_ours=is_ours)
    assert (order(cast.ada)[0] == new) == is_ours


def test_a_change_of_urgency_moves_a_review_at_once(cast):
    first, second = flagged(cast), flagged(cast)
    opened(first, hours_ago=1)
    assert order(cast.ada) == [first, second]
    work.set_priority(cast.ada, second.reference, priority=1)
    assert order(cast.ada) == [second, first]
    work.set_priority(cast.ada, second.reference, priority=3)
    assert order(cast.ada) == [first, second]


def test_a_second_flag_moves_a_review_at_once(cast):
    first, second = flagged(cast), flagged(cast)
    opened(first, hours_ago=1)
    assert order(cast.ada) == [first, second]
    flag(second.claim, kind=FlagKind.RETRACTION)
    assert order(cast.ada) == [second, first]


def test_a_due_time_brings_a_review_forward(cast):
    first, second = flagged(cast), flagged(cast)
    opened(first, hours_ago=1)
    work.set_due(cast.ada, second.reference, due_at=timezone.now() + timedelta(days=2))
    assert order(cast.ada) == [second, first]


PLANS = [(0, 2, None), (1, 1, None), (5, 3, 3), (0, 3, 400)]
RECKONED = [(FlagKind.TIP, *plan) for plan in PLANS]
RECKONED += [(kind, *plan) for kind, plan in zip(FlagKind, cycle(PLANS), strict=False)]


@pytest.mark.parametrize(("kind", "articles", "priority", "due_in"), RECKONED)
def test_the_words_and_the_database_reckon_alike(cast, kind, articles, priority, due_in):
    review = flagged(cast, kind=kind)
    opened(review, hours_ago=30)
    publish(cast, review.claim, times=articles)
    work.set_priority(cast.ada, review.reference, priority=priority)
    if due_in:
        due_at = timezone.now() + timedelta(days=due_in)
        work.set_due(cast.ada, review.reference, due_at=due_at)
    work.reckon_places()
    (line,) = queue_of(cast.ada).lines
    (waiting,) = line.waiting
    stored = Review.objects.get(pk=review.pk)
    assert waiting.urgency.counts_from(stored.opened_at) == stored.counts_from_at
    assert waiting.urgency.articles == articles


def test_a_shaken_corroboration_is_reckoned_alike(cast):
    (review,) = flag(corroborated(cast), kind=FlagKind.SOURCE_GONE)
    work.reckon_places()
    (line,) = queue_of(cast.ada).lines
    stored = Review.objects.get(pk=review.pk)
    assert line.waiting[0].urgency.is_shaken
    assert line.waiting[0].urgency.counts_from(stored.opened_at) == stored.counts_from_at


def test_reckoning_twice_does_nothing_the_second_time(cast):
    flagged(cast)
    assert work.reckon_places() == 1
    assert work.reckon_places() == 0


def test_take_next_gives_the_most_urgent_for_half_an_hour(cast):
    flagged(cast)
    urgent = flagged(cast, kind=FlagKind.RETRACTION)
    taken = work.take_next(cast.ada)
    assert (taken, taken.taken_by_id) == (urgent, cast.ada.user_id)
    assert taken.taken_until_at
    left = taken.taken_until_at - timezone.now()
    assert 29 * MINUTE < left <= 30 * MINUTE


def test_taking_leaves_no_entry_and_no_trace_on_the_claim(cast):
    review = flagged(cast)
    seen = (LedgerEntry.objects.count(), fresh(review.claim).revision)
    work.take_next(cast.ada)
    work.release(cast.ada, review.reference)
    assert (LedgerEntry.objects.count(), fresh(review.claim).revision) == seen


def test_nobody_is_given_what_somebody_has(cast):
    first, second = flagged(cast), flagged(cast)
    assert {work.take_next(cast.ada), work.take_next(cast.ben)} == {first, second}
    assert work.take_next(cast.ada) is None
    assert work.take_next(cast.cleo) is None


def test_what_ran_out_is_given_again(cast):
    review = flagged(cast)
    work.take_next(cast.ada)
    Review.objects.update(taken_until_at=timezone.now() - MINUTE)
    taken = work.take_next(cast.ben)
    assert (taken, taken.taken_by_id) == (review, cast.ben.user_id)


def test_a_held_review_is_not_taken_over_and_a_forgotten_one_is(cast):
    review = flagged(cast)
    work.take(cast.ada, review.reference)
    with pytest.raises(RuleRefused, match="Ada has taken"):
        work.take(cast.ben, review.reference)
    Review.objects.update(taken_until_at=timezone.now() - MINUTE)
    assert work.take(cast.ben, review.reference).taken_by_id == cast.ben.user_id


def test_taking_again_begins_the_half_hour_anew(cast):
    review = flagged(cast)
    work.take(cast.ada, review.reference)
    soon = timezone.now() + MINUTE
    Review.objects.update(taken_until_at=soon)
    work.take(cast.ada, review.reference)
    assert Review.objects.filter(taken_until_at__gt=soon).exists()


def test_what_was_given_back_is_free_and_only_its_holder_gives_it_back(cast):
    review = flagged(cast)
    work.take(cast.ada, review.reference)
    with pytest.raises(RuleRefused, match="You have not taken"):
        work.release(cast.ben, review.reference)
    work.release(cast.ada, review.reference)
    assert work.take_next(cast.ben) == review


def test_reviews_of_one_change_are_taken_together(cast):
    together = flag(make_claim(cast, "One."), make_claim(cast, "Two."), kind=FlagKind.RETRACTION)
    other = flagged(cast)
    assert work.take_next(cast.ada) in together
    assert set(Review.objects.filter(taken_by=cast.ada.user_id)) == set(together)
    assert work.take_next(cast.ben) == other


def test_a_review_worked_under_another_cause_stays_free(cast):
    one, two = make_claim(cast, "One."), make_claim(cast, "Two.")
    flag(two, kind=FlagKind.TIP)
    flag(one, two, kind=FlagKind.RETRACTION)
    # both are as urgent now; the first of them leads
    opened(Review.objects.get(claim=one), hours_ago=1)
    assert work.take_next(cast.ada).claim == one
    assert work.take_next(cast.ben).claim == two


def test_of_one_change_what_others_have_is_left_to_them(cast):
    cause = uuid.uuid4()
    one, two = flag(make_claim(cast, "One."), make_claim(cast, "Two."), cause=cause)
    work.take(cast.ben, one.reference)
    assert work.take_together(cast.ada, cause) == 1
    assert work.release_together(cast.ada, cause) == 1
    one.refresh_from_db()
    assert one.taken_by_id == cast.ben.user_id
    work.take(cast.ben, two.reference)
    with pytest.raises(RuleRefused, match="None of these"):
        work.take_together(cast.ada, cause)


@pytest.mark.parametrize("who", ["dora", "omar"])
def test_who_decides_nothing_here_takes_nothing(cast, who):
    review = flagged(cast)
    assert work.take_next(getattr(cast, who)) is None
    for refused in (work.take, work.release):
        with pytest.raises(NotAllowed):
            refused(getattr(cast, who), review.reference)
    with pytest.raises(NotAllowed):
        work.assign(getattr(cast, who), review.reference, to="")
    with pytest.raises(NotAllowed):
        work.set_due(getattr(cast, who), review.reference, due_at=None)
    with pytest.raises(NotAllowed):
        work.set_priority(getattr(cast, who), review.reference, priority=1)


def test_a_review_of_a_hidden_claim_does_not_exist_elsewhere(cast):
    review = flagged(cast, visibility=Visibility.RESTRICTED)
    for act in (work.take, work.release):
        with pytest.raises(NotFound):
            act(cast.omar, review.reference)
    with pytest.raises(NotFound):
        work.assign(cast.omar, review.reference, to="")
    assert work.take_next(cast.ada) == review


def test_an_ended_review_is_neither_taken_nor_planned(cast):
    review = flagged(cast)
    reviews.stands(cast.ada, review.claim_id, rationale="So.", seen=fresh(review.claim).revision)
    assert work.take_next(cast.ben) is None
    with pytest.raises(RuleRefused, match="has ended"):
        work.take(cast.ben, review.reference)
    with pytest.raises(RuleRefused, match="has ended"):
        work.assign(cast.ben, review.reference, to=cast.ben.reference)


def test_deciding_what_another_holds_is_allowed_and_ends_their_hold(cast):
    review = flagged(cast)
    work.take(cast.ada, review.reference)
    reviews.stands(cast.ben, review.claim_id, rationale="So.", seen=fresh(review.claim).revision)
    review.refresh_from_db()
    assert (review.outcome, review.taken_until_at) == ("stands", None)


def test_an_assignment_is_kept_on_record_and_leaves_the_review_to_that_person(cast):
    review = flagged(cast)
    work.assign(cast.ada, review.reference, to=cast.ben.reference)
    entry = LedgerEntry.objects.latest("seq")
    assert entry.kind == EntryKind.REVIEW_ASSIGNED
    assert f'"{review.reference}":{{"assignee":"{cast.ben.reference}"}}' in entry.body
    assert "Ben" not in entry.body
    assert work.take_next(cast.ada) is None
    assert work.take_next(cast.ben) == review
    verify(LedgerEntry.objects.order_by("seq"))


def test_an_assignment_is_taken_back(cast):
    review = flagged(cast)
    work.assign(cast.ada, review.reference, to=cast.ben.reference)
    work.assign(cast.cleo, review.reference, to="")
    assert work.take_next(cast.ada) == review
    assert LedgerEntry.objects.filter(kind=EntryKind.REVIEW_ASSIGNED).count() == 2


@pytest.mark.parametrize("who", ["dora", "omar", "admin"])
def test_only_who_decides_at_the_desk_is_assigned(cast, who):
    review = flagged(cast)
    with pytest.raises(InvalidInput, match="nobody of that name decides"):
        work.assign(cast.ada, review.reference, to=cast.users[who].reference)


def test_who_left_the_desk_is_not_assigned(cast):
    review = flagged(cast)
    Membership.objects.filter(user=cast.users["ben"]).update(ended_at=timezone.now())
    with pytest.raises(InvalidInput):
        work.assign(cast.ada, review.reference, to=cast.ben.reference)


def test_a_due_time_is_kept_on_record_and_makes_a_review_overdue(cast):
    review = flagged(cast)
    opened(review, hours_ago=5)
    work.set_due(cast.ada, review.reference, due_at=timezone.now() - MINUTE)
    assert LedgerEntry.objects.latest("seq").kind == EntryKind.REVIEW_DUE_SET
    overdue = Wanted(is_overdue=True)
    assert list(open_reviews(cast.ada, overdue)) == [review]
    assert tally_of(cast.ada).overdue == 1
    work.set_due(cast.ada, review.reference, due_at=None)
    assert not open_reviews(cast.ada, overdue).exists()


def test_a_review_is_not_due_before_it_opened(cast):
    review = flagged(cast)
    with pytest.raises(InvalidInput, match="before the review opened"):
        work.set_due(cast.ada, review.reference, due_at=review.opened_at)


@pytest.mark.parametrize("priority", [0, 4, -1])
def test_an_unknown_urgency_is_refused(cast, priority):
    review = flagged(cast)
    with pytest.raises(InvalidInput):
        work.set_priority(cast.ada, review.reference, priority=priority)


def test_what_is_so_already_makes_no_entry(cast):
    review = flagged(cast)
    work.assign(cast.ada, review.reference, to=cast.ben.reference)
    entries = LedgerEntry.objects.count()
    work.assign(cast.ada, review.reference, to=cast.ben.reference)
    work.set_due(cast.ada, review.reference, due_at=None)
    work.set_priority(cast.ada, review.reference, priority=2)
    assert LedgerEntry.objects.count() == entries


def test_mine_are_those_assigned_to_me_and_those_i_have(cast):
    assigned, taken, _ = flagged(cast), flagged(cast), flagged(cast)
    work.assign(cast.ben, assigned.reference, to=cast.ada.reference)
    work.take(cast.ada, taken.reference)
    mine = Wanted(whose=Whose.MINE)
    assert set(open_reviews(cast.ada, mine)) == {assigned, taken}
    assert not open_reviews(cast.ben, mine).exists()


def test_nobody_s_are_free_and_unassigned(cast):
    assigned, taken, free = flagged(cast), flagged(cast), flagged(cast)
    work.assign(cast.ben, assigned.reference, to=cast.ada.reference)
    work.take(cast.ada, taken.reference)
    assert list(open_reviews(cast.ada, Wanted(whose=Whose.NOBODY))) == [free]


def test_take_next_takes_from_what_the_list_shows(cast):
    flagged(cast, kind=FlagKind.RETRACTION)
    tip = flagged(cast, kind=FlagKind.TIP)
    assert work.take_next(cast.ada, wanted=Wanted(flag=FlagKind.TIP)) == tip
    assert work.take_next(cast.ada, wanted=Wanted(flag=FlagKind.TIP)) is None


def test_the_database_keeps_a_hold_from_being_nobody_s(cast):
    review = flagged(cast)
    with pytest.raises(Exception, match="review_taken_by_somebody"):
        Review.objects.filter(pk=review.pk).update(taken_until_at=timezone.now())


def test_the_order_is_read_from_its_index(cast):
    flagged(cast)
    work.reckon_places()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    plan = open_reviews(cast.ada)[:50].explain()
    assert "review_open_in_order" in plan
    assert Flag.objects.count() == 1
