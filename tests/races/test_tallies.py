"""Writers at once: the board's figures stay exact, and nobody waits for ever."""

import random
from contextlib import suppress

import pytest

from claims.errors import RecordError
from claims.models import Claim
from claims.queries.panels import BoardFilters
from claims.queries.panels_now import status_now
from claims.queries.tally_check import verify_tallies
from claims.services import reviews
from claims.services.claims import edit_claim, set_visibility
from claims.services.status import decide
from claims.states import ClaimStatus, FlagKind, Ground, Visibility
from tests.claims.cast import fresh, make_cast, make_claim
from tests.races.test_writers import WRITERS, at_once

ALL = BoardFilters()


@pytest.mark.parametrize("turns", [3, pytest.param(20, marks=pytest.mark.long)])
def test_figures_stay_exact_under_writers_at_once(committed_db, turns):
    cast = make_cast()
    cleo = cast.cleo
    claims = [make_claim(cast, f"Claim {number}.").pk for number in range(WRITERS // 2)]

    def write(number: int) -> None:
        dice = random.Random(number)  # noqa: S311 - chances, not secrets
        for turn in range(turns):
            claim = Claim.objects.get(pk=dice.choice(claims))
            act = dice.choice([_flag, _dispute, _hide, _sort, _open])
            with suppress(RecordError):
                act(cast, cleo, claim, f"{number} {turn}")

    assert at_once(write) == [None] * WRITERS
    assert verify_tallies() == Claim.objects.count()
    worked = Claim.objects.filter(closed_at__isnull=True).count()
    assert status_now(cleo, filters=ALL).total == worked


def _flag(cast, cleo, claim, words):
    reviews.ask_for_review(cleo, claim.pk, kind=FlagKind.TIP, detail=words)


def _dispute(cast, cleo, claim, words):
    ground = Ground.CONFLICTING_ACCOUNTS
    seen = fresh(claim).revision
    decide(cleo, claim.pk, to=ClaimStatus.DISPUTED, ground=ground, rationale=words, seen=seen)


def _hide(cast, cleo, claim, words):
    to = Visibility.OPEN if claim.visibility != Visibility.OPEN else Visibility.RESTRICTED
    set_visibility(cleo, claim.pk, to=to, seen=fresh(claim).revision)


def _sort(cast, cleo, claim, words):
    payload = {"claim": {"topic": "war" if claim.topic else "budget"}}
    edit_claim(cleo, claim.pk, payload=payload, seen=fresh(claim).revision)


def _open(cast, cleo, claim, words):
    make_claim(cast, words)
