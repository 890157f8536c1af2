"""Thirty people press *take next* at once: everybody gets another review, and nothing is left over."""

import threading
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from claims.access import actor_of
from claims.errors import RuleRefused
from claims.models import Claim, Flag, Review
from claims.services import reviews, work
from claims.states import FlagKind, Role
from claims.types import MACHINE
from tests.claims.cast import make_cast, make_claim, person
from tests.claims.services.test_work import flag

PEOPLE = 30


@pytest.fixture
def cast(committed_db):
    return make_cast()


@pytest.fixture
def people(cast):
    return [actor_of(person(f"checker{n}", Role.FACT_CHECKER, cast.desk)) for n in range(PEOPLE)]


def queue_up(cast, number):
    """Open so many reviews, each for a cause of its own."""
    kinds = (FlagKind.TIP, FlagKind.RETRACTION, FlagKind.FIGURE_ALTERED)
    for n in range(number):
        flag(make_claim(cast, f"Claim {n}."), kind=kinds[n % len(kinds)])


def at_once(work_of, people):
    """Let everybody begin at the same moment, each on a connection of their own."""
    start = threading.Barrier(len(people))

    def run(actor):
        start.wait()
        try:
            return work_of(actor)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(people)) as threads:
        return list(threads.map(run, people))


def take_all(actor):
    taken = []
    while (review := work.take_next(actor)) is not None:
        taken.append(review.pk)
    return taken


@pytest.mark.parametrize("number", [60, pytest.param(300, marks=pytest.mark.long)])
def test_thirty_people_get_distinct_reviews_until_none_is_left(cast, people, number):
    queue_up(cast, number)
    taken = at_once(take_all, people)
    flat = [pk for own in taken for pk in own]
    assert len(flat) == number
    assert set(flat) == set(Review.objects.values_list("pk", flat=True))
    held = Review.objects.values_list("pk", "taken_by")
    by_person = {pk: actor.user_id for actor, own in zip(people, taken, strict=True) for pk in own}
    assert dict(held) == by_person


def test_the_last_review_goes_to_one_of_thirty_and_nothing_to_the_others(cast, people):
    queue_up(cast, 1)
    taken = at_once(work.take_next, people)
    assert Counter(review is None for review in taken) == {True: PEOPLE - 1, False: 1}


def test_what_ran_out_goes_to_one_of_thirty(cast, people):
    queue_up(cast, 1)
    work.take_next(cast.ada)
    Review.objects.update(taken_until_at=timezone.now() - timedelta(seconds=1))
    taken = at_once(work.take_next, people)
    assert sum(review is not None for review in taken) == 1
    assert Review.objects.get().taken_by_id != cast.ada.user_id


def test_one_review_taken_by_name_goes_to_one_and_is_refused_to_the_others(cast, people):
    queue_up(cast, 1)
    reference = Review.objects.get().reference

    def take(actor):
        try:
            return work.take(actor, reference)
        except RuleRefused:
            return None

    assert sum(review is not None for review in at_once(take, people)) == 1


def test_all_reviews_of_one_change_go_to_one_person(cast, people):
    for group in range(10):
        flag(*(make_claim(cast, f"Claim {group}/{n}.") for n in range(6)))
    at_once(work.take_next, people[:10])
    holders = defaultdict(set)
    for cause, holder in Flag.objects.values_list("cause", "claim__reviews__taken_by"):
        holders[cause].add(holder)
    assert sorted(map(len, holders.values())) == [1] * 10
    assert {holder for held in holders.values() for holder in held} == {
        actor.user_id for actor in people[:10]
    }


def test_reviews_of_shared_causes_are_held_by_one_person_each(cast, people):
    for group in range(10):
        flag(*(make_claim(cast, f"Claim {group}/{n}.") for n in range(3)))
    at_once(take_all, people)
    assert not Review.objects.filter(taken_until_at=None).exists()
    assert Review.objects.count() == 30


def test_people_take_while_the_watch_flags_and_nobody_waits_for_ever(cast, people):
    queue_up(cast, 20)
    claims = list(Claim.objects.order_by("pk"))

    def work_of(actor):
        if actor is not MACHINE:
            return take_all(actor)
        for claim in claims:
            flag(Claim.objects.get(pk=claim.pk), kind=FlagKind.RETRACTION)
            reviews.ask_for_review(cast.ben, claim.pk, kind=FlagKind.TIP, detail="Look.")
        return []

    taken = at_once(work_of, [MACHINE, *people[:8]])
    flat = [pk for own in taken for pk in own]
    assert len(flat) == len(set(flat))
    rest = take_all(cast.ada)
    assert sorted(flat + rest) == sorted(Review.objects.values_list("pk", flat=True))
