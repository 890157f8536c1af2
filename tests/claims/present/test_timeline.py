from datetime import timedelta

from django.utils import timezone

from claims.models import Evidence
from claims.present.timeline import WIDTH, timeline_of
from claims.queries.status_steps import MOST_STEPS, status_steps
from claims.services.evidence import add_evidence
from claims.services.origins import add_origin
from claims.services.proposals import propose, sign_off
from claims.services.reviews import ask_for_review, stands
from claims.services.status import decide
from claims.states import ClaimKind, ClaimStatus, FlagKind, Ground, QuoteState, Stance
from tests.claims.cast import fresh, make_claim, make_evidence, make_origin


def told(claim, *, desks=("world",), upto=0):
    steps = status_steps(claim.reference, upto=upto)
    return timeline_of(steps, kind=ClaimKind.FACT, desks=desks, until_at=timezone.now())


def corroborate(cast, claim):
    row = make_evidence(cast, claim, origin=make_origin(cast, "NIS"), is_primary_record=True)
    why = "The letter itself."
    asked = propose(
        cast.ada,
        claim.pk,
        to=ClaimStatus.CORROBORATED,
        ground=Ground.PRIMARY_RECORD,
        rationale=why,
        seen=fresh(claim).revision,
    )
    sign_off(cast.ben, asked.reference, version=asked.version)
    return row


def dispute(cast, claim):
    make_evidence(cast, claim, stance=Stance.DISPUTES, origin=make_origin(cast, "Garrison"))
    decide(
        cast.ada,
        claim.pk,
        to=ClaimStatus.DISPUTED,
        ground=Ground.CONFLICTING_ACCOUNTS,
        rationale="They differ.",
        seen=fresh(claim).revision,
    )


def test_a_new_claim_has_one_step_and_froze_nothing(cast):
    timeline = told(make_claim(cast))
    (step,) = timeline.steps
    assert step.to.status is ClaimStatus.REPORTED
    assert step.evidence is None
    assert [part.x + part.width for part in timeline.stretches] == [WIDTH]


def test_a_step_keeps_the_evidence_as_it_stood_then(cast):
    claim = make_claim(cast)
    dispute(cast, claim)
    Evidence.objects.filter(claim=claim).update(quote_state=QuoteState.MISSING, quote="other words")
    step = told(claim).steps[0]
    assert step.was.status is ClaimStatus.REPORTED
    assert step.to.status is ClaimStatus.DISPUTED
    assert step.rationale == "They differ."
    (item,) = step.evidence
    assert (item.quote, item.quote_state) == ("about 1,500 soldiers", QuoteState.STANDING)
    assert item.origin == "Garrison"
    assert item.grades == "F, cannot be judged · 6, cannot be judged"


def test_a_sign_off_names_both_people(cast):
    claim = make_claim(cast)
    corroborate(cast, claim)
    step = told(claim).steps[0]
    assert (step.who, step.signed_by) == ("Ada", "Ben")


def test_a_review_that_finds_a_better_ground_is_one_step(cast):
    claim = make_claim(cast)
    ask_for_review(cast.ben, claim.pk, kind=FlagKind.TIP, detail="Look.")
    stands(
        cast.ada,
        claim.pk,
        ground=Ground.SINGLE_ORIGIN,
        rationale="One origin.",
        seen=fresh(claim).revision,
    )
    steps = told(claim).steps
    assert [(step.is_standing, step.ground) for step in steps] == [
        (True, "single origin"),
        (False, "not yet reviewed"),
    ]


def test_the_bar_tells_a_basis_that_does_not_hold(cast):
    claim = make_claim(cast)
    corroborate(cast, claim)
    ask_for_review(cast.omar, claim.pk, kind=FlagKind.OBJECTION, detail="We know otherwise.")
    parts = told(claim).stretches
    assert [part.badge.words for part in parts] == [
        "reported",
        "corroborated",
        "corroborated, basis in question",
    ]
    assert [part.x for part in parts[1:]] == [part.x + part.width for part in parts[:-1]]


def test_a_past_timeline_ends_at_its_entry(cast):
    claim = make_claim(cast)
    first = told(claim).steps[0].seq
    dispute(cast, claim)
    assert len(told(claim).steps) == 2
    assert [step.seq for step in told(claim, upto=first).steps] == [first]


def test_a_confidential_origin_keeps_its_name_within_its_desk(cast):
    claim = make_claim(cast)
    origin = add_origin(cast.ada, values={"name": "Heron"}, confidential_at=cast.desk)
    row = add_evidence(
        cast.ada,
        claim.pk,
        url="https://a.example.org/",
        values={"origin": origin, "quote": "x", "stance": Stance.DISPUTES},
    )
    Evidence.objects.filter(pk=row.pk).update(quote_state=QuoteState.STANDING)
    decide(
        cast.ada,
        claim.pk,
        to=ClaimStatus.DISPUTED,
        ground=Ground.CONFLICTING_ACCOUNTS,
        rationale="They differ.",
        seen=fresh(claim).revision,
    )
    assert told(claim).steps[0].evidence[0].origin == "Heron"
    assert told(claim, desks=("sport",)).steps[0].evidence[0].origin == "a confidential source"


def test_the_newest_steps_are_read_and_the_bar_begins_right(cast, django_assert_max_num_queries):
    claim = make_claim(cast)
    dispute(cast, claim)
    for number in range(MOST_STEPS // 2 + 1):
        ask_for_review(cast.ben, claim.pk, kind=FlagKind.TIP, detail=f"Tip {number}.")
        stands(cast.ada, claim.pk, rationale="It stands.", seen=fresh(claim).revision)
    with django_assert_max_num_queries(3):
        timeline = told(claim)
    assert timeline.has_more
    assert timeline.until_at - timeline.from_at < timedelta(hours=1)
