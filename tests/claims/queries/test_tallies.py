"""The board's figures: each equals plain SQL over record and ledger, for each reader."""

from datetime import timedelta

import pytest
from django.utils import timezone

from claims.errors import LedgerBroken
from claims.models import Claim, Counted, LedgerEntry, Proposal, Tally
from claims.models.chain import GENESIS, hash_of, leaf_of
from claims.models.tally import TallyName
from claims.queries.panels import BoardFilters
from claims.queries.panels_articles import articles_at_risk
from claims.queries.panels_flow import (
    in_and_out,
    reversals,
    time_from_flag_to_end,
    time_to_first_decision,
)
from claims.queries.panels_now import disputed_now, status_now, waiting_for_sign_off
from claims.queries.panels_sources import sources_changed
from claims.queries.panels_waiting import backlog, late
from claims.queries.tally_check import verify_tallies
from claims.queries.version import version_of
from claims.services.claims import close, edit_claim, set_visibility
from claims.services.proposals import sign_off
from claims.services.status import decide, undo
from claims.states import ClaimStatus, CloseReason, Ground, ProposalState, Visibility
from claims.types import MACHINE
from tests.claims.cast import Cast, fresh, make_cast, make_claim
from tests.claims.queries.random_history import WHY, History
from tests.claims.queries.tally_truth import assert_board_is_true

ALL = BoardFilters()
CHOICES = {
    "cleo": (ALL, BoardFilters(topic="war")),
    "omar": (ALL, BoardFilters(desk="world")),
    "admin": (ALL, BoardFilters(topic="budget", desk="sport", days=7)),
}
"""An editor of the desk, somebody of another desk, the administrator; and what each looks at."""


def assert_kept_is_true(cast: Cast) -> None:
    now = timezone.now()
    for name, choices in CHOICES.items():
        for filters in choices:
            assert_board_is_true(getattr(cast, name), filters, now)


def live(cast: Cast, *, seed: int, steps: int) -> None:
    """Let the record live; the other desk's days begin at an odd quarter of an hour."""
    cast.other_desk.time_zone = "Asia/Kathmandu"
    cast.other_desk.save()
    done = set(History(cast, seed=seed).live(steps))
    assert len(done) >= 8


@pytest.mark.parametrize(
    ("seed", "steps"),
    [(1, 70), *(pytest.param(seed, 200, marks=pytest.mark.long) for seed in range(2, 30))],
)
def test_every_number_of_a_random_history_equals_plain_sql(cast, seed, steps):
    live(cast, seed=seed, steps=steps)
    assert_kept_is_true(cast)
    assert verify_tallies() == Claim.objects.count()


def spread_over(days: int, *, owner) -> None:
    """Restore the ledger with its entries spread over the last days, and the queue's times."""
    entries = list(LedgerEntry.objects.order_by("seq"))
    now, head = timezone.now(), GENESIS
    step = timedelta(days=days) / len(entries)
    empty_ledger(owner)
    with owner.cursor() as cursor:
        for row in entries:
            at = now - step * (len(entries) - row.seq + 1)
            leaf = leaf_of(seq=row.seq, recorded_at=at, kind=row.kind, body=row.body)
            digest = hash_of(prev_hash=head, leaf=leaf)
            cursor.execute(
                "INSERT INTO claims_ledgerentry (seq, recorded_at, kind, body, prev_hash, leaf, hash)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s)",
                [row.seq, at, row.kind, row.body, head, leaf, digest],
            )
            head = digest
        cursor.execute(
            "UPDATE claims_claim SET created_at = now() - random() * interval '10 days';"
            "UPDATE claims_review SET opened_at = now() - random() * interval '10 days';"
            "UPDATE claims_article SET created_at = now() - random() * interval '20 days'"
        )


def empty_ledger(owner) -> None:
    name = "claims_ledgerentry"
    owner.execute(f"ALTER TABLE {name} DISABLE TRIGGER ledger_entry_no_truncate")
    owner.execute(f"TRUNCATE {name}, claims_tally, claims_counted")
    owner.execute(f"ALTER TABLE {name} ENABLE ALWAYS TRIGGER ledger_entry_no_truncate")


@pytest.mark.parametrize(
    ("seed", "steps"),
    [(5, 70), *(pytest.param(seed, 200, marks=pytest.mark.long) for seed in range(6, 16))],
)
def test_a_restored_ledger_gives_true_figures_over_many_days(committed_db, owner, seed, steps):
    cast = make_cast()
    live(cast, seed=seed, steps=steps)
    spread_over(20, owner=owner)
    owner.execute("SELECT claims_tally_rebuild()")
    assert_kept_is_true(cast)


def kept() -> dict[tuple, int]:
    columns = ("name", "at", "desk_id", "is_restricted", "topic", "step", "value")
    return {
        tuple(key): value for *key, value in Tally.objects.exclude(value=0).values_list(*columns)
    }


def test_made_anew_they_are_what_was_kept(committed_db, owner):
    live(make_cast(), seed=7, steps=50)
    before, counted = kept(), list(Counted.objects.order_by("pk").values())
    owner.execute("SELECT claims_tally_rebuild()")
    assert kept() == before
    assert list(Counted.objects.order_by("pk").values()) == counted


def test_a_figure_that_is_not_so_is_found(cast):
    make_claim(cast)
    assert verify_tallies() == 1
    Tally.objects.filter(name=TallyName.REPORTED).update(value=2)
    with pytest.raises(LedgerBroken, match=r"'reported'.*kept as 2, not 1"):
        verify_tallies()


def test_the_machine_counts_everything(cast):
    make_claim(cast, visibility=Visibility.RESTRICTED)
    assert status_now(MACHINE, filters=ALL).reported == 1


def test_a_restricted_claim_counts_at_its_desk_alone(cast):
    make_claim(cast, visibility=Visibility.EMBARGOED)
    counts = [
        status_now(actor, filters=ALL).reported for actor in (cast.dora, cast.omar, cast.admin)
    ]
    assert counts == [1, 0, 0]


def test_what_happened_to_a_claim_is_hidden_with_it_and_comes_back(cast):
    claim = make_claim(cast)
    decide_disputed(cast, claim)
    was = [in_and_out(actor, filters=ALL).week_entered for actor in (cast.cleo, cast.omar)]
    set_visibility(cast.cleo, claim.pk, to=Visibility.RESTRICTED, seen=fresh(claim).revision)
    hidden = [in_and_out(actor, filters=ALL).week_entered for actor in (cast.cleo, cast.omar)]
    set_visibility(cast.cleo, claim.pk, to=Visibility.OPEN, seen=fresh(claim).revision)
    back = [in_and_out(actor, filters=ALL).week_entered for actor in (cast.cleo, cast.omar)]
    assert (was, hidden, back) == ([1, 1], [1, 0], [1, 1])


def decide_disputed(cast: Cast, claim: Claim) -> None:
    to, ground, seen = ClaimStatus.DISPUTED, Ground.CONFLICTING_ACCOUNTS, fresh(claim).revision
    decide(cast.cleo, claim.pk, to=to, ground=ground, rationale="Two say no.", seen=seen)


def test_a_claim_that_changes_its_topic_takes_its_past_along(cast):
    claim = make_claim(cast, topic="war")
    decide_disputed(cast, claim)
    seen = fresh(claim).revision
    edit_claim(cast.cleo, claim.pk, payload={"claim": {"topic": "budget"}}, seen=seen)
    war, budget = (BoardFilters(topic=topic) for topic in ("war", "budget"))
    assert (
        disputed_now(cast.cleo, filters=war).count,
        disputed_now(cast.cleo, filters=war).change,
    ) == (0, 0)
    assert (
        disputed_now(cast.cleo, filters=budget).count,
        disputed_now(cast.cleo, filters=budget).change,
    ) == (1, 1)


def test_yesterdays_dispute_is_no_change_today(cast):
    decide_disputed(cast, make_claim(cast))
    tomorrow = timezone.now() + timedelta(hours=26)
    found = disputed_now(cast.cleo, filters=ALL, now=tomorrow)
    assert (found.count, found.change) == (1, 0)


def test_a_closed_claim_leaves_every_figure_of_what_stands(cast):
    claim = make_claim(cast)
    decide_disputed(cast, claim)
    seen = fresh(claim).revision
    close(cast.cleo, claim.pk, reason=CloseReason.MISTAKE, note="Never said.", seen=seen)
    assert status_now(cast.cleo, filters=ALL).total == 0
    assert disputed_now(cast.cleo, filters=ALL).change == 0
    assert backlog(cast.cleo, filters=ALL).total == 0


def test_ages_change_at_their_very_edge(cast):
    claim = make_claim(cast)
    entered = fresh(claim).created_at
    edge = entered + timedelta(hours=4)
    younger = backlog(cast.cleo, filters=ALL, now=edge - timedelta(microseconds=1))
    older = backlog(cast.cleo, filters=ALL, now=edge)
    assert [age.new for age in younger.ages] == [0, 1, 0, 0, 0, 0]
    assert [age.new for age in older.ages] == [0, 0, 1, 0, 0, 0]


def test_late_follows_the_priority_and_the_setting(cast, settings):
    make_claim(cast, "One.", priority=1)
    make_claim(cast, "Two.", priority=2)
    later = timezone.now() + timedelta(hours=2)
    assert [row.late for row in late(cast.cleo, filters=ALL, now=later).priorities] == [1, 0, 0]
    settings.LATE_AFTER_H = {1: 3, 2: 1, 3: 24}
    found = late(cast.cleo, filters=ALL, now=later)
    assert [row.late for row in found.priorities] == [0, 1, 0]
    assert [row.claim.statement for row in found.oldest] == ["Two."]


def test_an_article_weighs_its_claims_and_says_how_many(cast):
    history = History(cast, seed=1)
    sound, disputed = make_claim(cast, "Sound."), make_claim(cast, "Disputed.")
    history.print(sound)
    history.print(disputed)
    decide_disputed(cast, disputed)
    found = articles_at_risk(cast.omar, filters=ALL)
    assert (found.count, found.published) == (1, 2)
    assert [(row.disputed, row.lost, row.in_question) for row in found.articles] == [(1, 0, 0)]


def test_a_proposal_shows_who_may_sign_it(cast):
    claim = make_claim(cast)
    History(cast, seed=1).propose_to(claim, ClaimStatus.CORROBORATED)
    found = {
        name: [
            row.may_sign for row in waiting_for_sign_off(getattr(cast, name), filters=ALL).oldest
        ]
        for name in ("cleo", "ben", "dora", "omar")
    }
    assert found == {"cleo": [False], "ben": [True], "dora": [False], "omar": [False]}


def test_a_reversal_is_told_with_its_reason(cast):
    claim = make_claim(cast)
    decide_disputed(cast, claim)
    assert reversals(cast.omar, filters=ALL).share == 0
    History(cast, seed=1).propose_to(claim, ClaimStatus.CORROBORATED)
    sign(cast, claim)
    found = reversals(cast.omar, filters=ALL)
    assert (found.count, found.changes, found.share) == (1, 2, 0.5)
    (row,) = found.newest
    assert (row.was, row.to, row.rationale) == (ClaimStatus.DISPUTED, ClaimStatus.CORROBORATED, WHY)
    assert (row.who, row.claim) == ("Ben", claim)


def sign(cast: Cast, claim: Claim) -> None:
    proposal = Proposal.objects.get(claim=claim, state=ProposalState.OPEN)
    sign_off(cast.ben, proposal.reference, version=version_of(fresh(claim)))


def test_an_undone_slip_is_one_change_and_one_reversal(cast):
    claim = make_claim(cast)
    History(cast, seed=1).propose_to(claim, ClaimStatus.CORROBORATED)
    sign(cast, claim)
    decide_disputed(cast, claim)
    undo(cast.cleo, claim.pk, seen=fresh(claim).revision)
    found = reversals(cast.cleo, filters=ALL)
    assert (found.count, found.changes) == (1, 2)
    assert status_now(cast.cleo, filters=ALL).overrides == 1


@pytest.mark.parametrize(
    ("panel", "most"),
    [
        (disputed_now, 3),
        (status_now, 1),
        (waiting_for_sign_off, 2),
        (articles_at_risk, 3),
        (sources_changed, 3),
        (backlog, 2),
        (late, 3),
        (in_and_out, 3),
        (time_to_first_decision, 1),
        (time_from_flag_to_end, 1),
        (reversals, 3),
    ],
)
def test_a_panel_asks_at_most_three_queries(cast, panel, most, django_assert_max_num_queries):
    history = History(cast, seed=3)
    list(history.live(12))
    for claim in Claim.objects.all():
        history.print(claim)
    actor = cast.cleo
    with django_assert_max_num_queries(most):
        panel(actor, filters=ALL)
