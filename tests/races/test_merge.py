"""Merges at once: whoever is first, no two claims stand for each other."""

import pytest

from claims.errors import RecordError
from claims.models import Claim, Evidence
from claims.services.merge import merge
from claims.services.split import Part, split
from tests.claims.cast import fresh, make_cast, make_claim, make_evidence
from tests.races.test_writers import at_once

TURNS = 6


@pytest.fixture
def cast(committed_db):
    return make_cast()


def test_of_two_merges_in_opposite_directions_one_is_refused(cast):
    for turn in range(TURNS):
        pair = [make_claim(cast, f"Turn {turn}, claim {number}.") for number in range(2)]
        rows = [make_evidence(cast, claim) for claim in pair]
        pair = [fresh(claim) for claim in pair]

        def turn_into(number, pair=pair, rows=rows):
            one, other = pair[number], pair[1 - number]
            return merge(
                cast.ada,
                one.pk,
                into=other.reference,
                note="The same.",
                seen=one.revision,
                evidence=[rows[number].reference],
            )

        results = at_once(turn_into, 2)
        assert sum(isinstance(result, Claim) for result in results) == 1
        assert sum(isinstance(result, RecordError) for result in results) == 1
        replaced = [fresh(claim).replaced_by_id for claim in pair]
        assert sorted(pk is None for pk in replaced) == [False, True]


def test_a_ring_of_merges_never_closes(cast):
    claims = [make_claim(cast, f"Claim {number}.") for number in range(5)]

    def merge_into_next(number):
        return merge(
            cast.ada,
            claims[number].pk,
            into=claims[(number + 1) % 5].reference,
            note="The same.",
            seen=1,
        )

    at_once(merge_into_next, 5)
    after = dict(Claim.objects.values_list("pk", "replaced_by"))
    for replaced_by in after.values():
        to, steps = replaced_by, 0
        while to is not None:
            to, steps = after[to], steps + 1
            assert steps < len(after)


def test_of_a_merge_and_a_split_at_once_one_is_refused(cast):
    claim, other = make_claim(cast, "Both at once."), make_claim(cast, "The other.")
    row = make_evidence(cast, claim)
    seen = fresh(claim).revision

    def act(number):
        if number % 2:
            return merge(cast.ada, claim.pk, into=other.reference, note="Same.", seen=seen)
        parts = [Part({"statement": f"Part {n}."}, evidence=[row.reference]) for n in range(2)]
        return split(cast.ada, claim.pk, parts=parts, note="Two.", seen=seen)

    results = at_once(act, 8)
    assert sum(not isinstance(result, RecordError) for result in results) == 1
    assert Evidence.objects.filter(claim=claim).count() == 1
    assert Claim.objects.count() in {2, 4}
