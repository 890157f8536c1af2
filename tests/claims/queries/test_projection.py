"""Folding the ledger gives the tables; what somebody changed beside it is named."""

import pytest

from claims.errors import LedgerBroken
from claims.models import (
    Appearance,
    Claim,
    ClaimLink,
    Evidence,
    Figure,
    Flag,
    LedgerText,
    Origin,
    Proposal,
    Review,
    Source,
)
from claims.queries.projection import verify_claims
from claims.services.claims import link
from claims.services.proposals import propose
from claims.services.reviews import ask_for_review
from claims.states import ClaimLinkKind, ClaimStatus, FlagKind, Ground
from tests.claims.cast import make_claim, make_evidence, make_origin
from tests.claims.queries.histories import History
from tests.claims.queries.test_as_of import make_article

STEPS = 60


@pytest.fixture
def record(cast) -> Claim:
    """A claim with something of every kind on it."""
    claim = make_claim(cast, claimant_text="The NIS")
    for name in ("NIS", "Reuters"):
        make_evidence(cast, claim, origin=make_origin(cast, name, reliability="B"))
    other = make_claim(cast, "Another.")
    link(cast.ada, claim.pk, kind=ClaimLinkKind.FOLLOWS, to=other.reference)
    make_article(cast, claim)
    ask_for_review(cast.ada, claim.pk, kind=FlagKind.TIP, detail="Look at it.")
    claim.refresh_from_db()
    to, ground = ClaimStatus.CORROBORATED, Ground.INDEPENDENT_ORIGINS
    propose(cast.ada, claim.pk, to=to, ground=ground, rationale="Two.", seen=claim.revision)
    return claim


def check_history(cast, *, seed: int) -> None:
    history = History(cast, seed=seed)
    for _ in range(STEPS):
        history.step()
    assert verify_claims() == Claim.objects.count()


def test_a_random_history_is_what_its_entries_say(cast):
    check_history(cast, seed=1)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2, 32))
def test_many_random_histories_are_what_their_entries_say(cast, seed):
    check_history(cast, seed=seed)


def test_what_the_services_made_agrees(record):
    assert verify_claims() == 2


@pytest.mark.parametrize(
    ("model", "values", "words"),
    [
        (Claim, {"statement": "Other words."}, "has another statement"),
        (Claim, {"independent_origins": 7}, "has independent_origins 7"),
        (Claim, {"open_flags": 0}, "has open_flags 0"),
        (Evidence, {"quote": "Other words."}, "has another quote"),
        (Evidence, {"credibility": 1}, "has credibility 1"),
        (Evidence, {"origin": None}, "has origin None"),
        (Source, {"link_state": "gone"}, "has link_state gone"),
        (Source, {"title": "Other words."}, "has another title"),
        (Origin, {"reliability": "A"}, "has reliability A"),
        (Flag, {"answer": "stands"}, "the flag ST-.* is not what the entry says"),
        (Flag, {"detail": "Other words."}, "the flag ST-.* is not what the entry says"),
        (Review, {"outcome": "stands"}, "has outcome stands"),
        (Proposal, {"to_status": "disputed"}, "has to_status disputed"),
        (Appearance, {"cue": "Other words."}, "the place ST-.* is not what the entry says"),
        (ClaimLink, {"is_split_off": True}, "the link ST-.* is not what the entry says"),
    ],
)
def test_what_was_changed_beside_the_ledger_is_named(record, model, values, words):
    model.objects.update(**values)
    with pytest.raises(LedgerBroken, match=words):
        verify_claims()


def test_a_figure_no_entry_told_of_is_named(record):
    Figure.objects.create(claim=record, value=12)
    with pytest.raises(LedgerBroken, match="has other figures than the entry"):
        verify_claims()


def test_a_flag_no_entry_raised_is_named(record):
    flag = Flag.objects.get()
    flag.pk, flag.kind = None, FlagKind.COMPLAINT
    flag.save()
    with pytest.raises(LedgerBroken, match=r"complaint .* was put on record by no entry"):
        verify_claims()


def test_a_claim_no_entry_opened_is_named(record, cast):
    Claim.objects.create(desk=cast.desk, statement="Slipped in.")
    with pytest.raises(LedgerBroken, match="was put on record by no entry"):
        verify_claims()


def test_a_text_that_was_removed_is_compared_with_nothing(record):
    LedgerText.objects.update(text=None, salt=None)
    assert verify_claims() == 2
