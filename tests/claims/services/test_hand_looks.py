"""What a person saw is on record once; what changed or went flags the claims, as the watch would."""

from datetime import timedelta

import pytest
from django.utils import timezone

from claims.errors import InvalidInput, NotAllowed, NotFound, RuleRefused
from claims.models import Evidence, Flag, LedgerEntry, Observation, Source, Watch
from claims.services.hand_looks import HandLook, look_by_hand
from claims.services.leases import lease
from claims.services.looks import record_looks
from claims.states import Basis, EntryKind, FlagKind, LinkState, Outcome, QuoteState, Visibility
from claims.types import Look
from tests.claims.cast import fresh, make_claim, make_evidence, make_origin

TODAY = timezone.localdate()


def seen(outcome, note="I opened the page.", on=TODAY, **passages) -> HandLook:
    return HandLook(outcome, on, note, {k.replace("_", "-"): v for k, v in passages.items()})


def look(cast, source, outcome, passages=None, **options) -> bool:
    of = HandLook(outcome, TODAY, options.pop("note", "I opened the page."), passages or {})
    return look_by_hand(options.pop("actor", cast.ada), source.reference, look=of)


@pytest.fixture
def row(cast) -> Evidence:
    return make_evidence(cast, make_claim(cast), origin=make_origin(cast, "Agency"))


def kinds(claim) -> list[str]:
    return list(Flag.objects.filter(claim=claim).order_by("pk").values_list("kind", flat=True))


def test_still_there_is_an_observation_and_an_entry_and_flags_nothing(cast, row):
    assert look(cast, row.source, Outcome.SEEN_STANDING)
    kept = Observation.objects.get(source=row.source)
    assert (kept.outcome, kept.count, kept.detail) == (
        Outcome.SEEN_STANDING,
        1,
        "I opened the page.",
    )
    entry = LedgerEntry.objects.get(kind=EntryKind.LOOKED_BY_HAND)
    assert entry.source_ref == row.source.reference
    assert "I opened" not in entry.body
    assert kinds(row.claim) == []


@pytest.mark.parametrize("was", [QuoteState.UNCHECKED, QuoteState.MISSING, QuoteState.ALTERED])
def test_still_there_attests_a_quote_the_watch_does_not_find(cast, row, was):
    Evidence.objects.filter(pk=row.pk).update(quote_state=was)
    look(cast, row.source, Outcome.SEEN_STANDING, {row.reference: ""})
    row.refresh_from_db()
    assert (row.quote_state, row.attested_by) == (QuoteState.ATTESTED, cast.users["ada"])
    assert fresh(row.claim).independent_origins == 1


def test_still_there_leaves_a_standing_quote_to_the_watch(cast, row):
    look(cast, row.source, Outcome.SEEN_STANDING, {row.reference: ""})
    row.refresh_from_db()
    assert (row.quote_state, row.attested_by) == (QuoteState.STANDING, None)


@pytest.mark.parametrize(
    ("words", "state", "flag"),
    [
        ("about 3,000 soldiers", QuoteState.ALTERED, FlagKind.QUOTE_ALTERED),
        ("", QuoteState.MISSING, FlagKind.QUOTE_MISSING),
    ],
)
def test_a_changed_passage_goes_back_to_people(cast, row, words, state, flag):
    look(cast, row.source, Outcome.SEEN_CHANGED, {row.reference: words})
    row.refresh_from_db()
    assert (row.quote_state, row.quote_found) == (state, words)
    raised = Flag.objects.get(claim=row.claim)
    assert (raised.kind, raised.found, raised.raised_by) == (flag, words, cast.users["ada"])
    assert fresh(row.claim).basis == Basis.IN_QUESTION


def test_an_attested_passage_that_changed_is_flagged_too(cast, row):
    Evidence.objects.filter(pk=row.pk).update(
        quote_state=QuoteState.ATTESTED, attested_by=cast.users["ben"], attested_on=TODAY
    )
    look(cast, row.source, Outcome.SEEN_CHANGED, {row.reference: ""})
    assert kinds(row.claim) == [FlagKind.QUOTE_MISSING]


def test_what_relays_a_changed_passage_is_flagged_though_its_page_stands(cast, row):
    copy = make_evidence(cast, make_claim(cast, "A copy."), relays_evidence=row)
    again = make_evidence(cast, make_claim(cast, "A copy of it."), relays_evidence=copy)
    look(cast, row.source, Outcome.SEEN_CHANGED, {row.reference: ""})
    assert kinds(copy.claim) == kinds(again.claim) == [FlagKind.RELAYED_CORRECTED]
    causes = set(Flag.objects.values_list("cause", flat=True))
    assert len(causes) == 1


def test_a_page_that_changed_elsewhere_flags_nothing(cast, row):
    assert look(cast, row.source, Outcome.SEEN_CHANGED)
    assert kinds(row.claim) == []


def test_gone_flags_all_that_rests_on_it_and_says_so_of_the_link(cast, row):
    other = make_evidence(cast, make_claim(cast, "Another."), url=row.source.url)
    withdrawn = make_evidence(cast, make_claim(cast, "Third."), url=row.source.url)
    Evidence.objects.filter(pk=withdrawn.pk).update(withdrawn_at=timezone.now())
    look(cast, row.source, Outcome.SEEN_GONE)
    assert kinds(row.claim) == kinds(other.claim) == [FlagKind.SOURCE_GONE]
    assert kinds(withdrawn.claim) == []
    source = Source.objects.get(pk=row.source_id)
    assert source.link_state == LinkState.GONE
    assert "I opened the page." in source.link_reason


def test_gone_flags_more_claims_than_one_transaction_takes(cast, row, monkeypatch):
    monkeypatch.setattr("claims.services.hand_looks.CLAIMS_TOGETHER", 2)
    rows = [make_evidence(cast, make_claim(cast, f"No {n}."), url=row.source.url) for n in range(4)]
    look(cast, row.source, Outcome.SEEN_GONE)
    assert all(kinds(item.claim) == [FlagKind.SOURCE_GONE] for item in [row, *rows])
    assert LedgerEntry.objects.filter(kind=EntryKind.LOOKED_BY_HAND).count() == 1


def test_the_same_look_twice_changes_nothing_more(cast, row):
    assert look(cast, row.source, Outcome.SEEN_GONE)
    before = LedgerEntry.objects.count()
    assert not look(cast, row.source, Outcome.SEEN_GONE)
    assert LedgerEntry.objects.count() == before
    assert kinds(row.claim) == [FlagKind.SOURCE_GONE]


def test_a_look_of_the_watch_that_is_under_way_loses_to_what_a_person_saw(cast, row):
    (leased,) = lease(
        1, lease_for=timedelta(minutes=1), pause=timedelta(0), per_host=1, only=[row.source_id]
    )
    look(cast, row.source, Outcome.SEEN_GONE)
    late = Look(row.source_id, leased.token, Outcome.UNCHANGED, due_in_s=60)
    assert record_looks([late]).lost == 1
    assert Source.objects.get(pk=row.source_id).link_state == LinkState.GONE


def test_the_watch_looks_for_itself_soon_after(cast, row):
    Watch.objects.filter(source=row.source).update(due_at=timezone.now() + timedelta(days=9))
    look(cast, row.source, Outcome.SEEN_CHANGED)
    assert Watch.objects.filter(source=row.source, due_at__lte=timezone.now()).exists()


@pytest.mark.parametrize(
    ("of", "field"),
    [
        (seen(Outcome.UNCHANGED), "outcome"),
        (seen(Outcome.SEEN_GONE, note=" "), "note"),
        (seen(Outcome.SEEN_GONE, on=TODAY + timedelta(days=2)), "on"),
        (seen(Outcome.SEEN_CHANGED, EV_ZZZZZZ=""), "passages"),
        (seen(Outcome.SEEN_GONE, EV_ZZZZZZ=""), "passages"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_recorded(cast, row, of, field):
    with pytest.raises(InvalidInput) as refused:
        look_by_hand(cast.ada, row.source.reference, look=of)
    assert refused.value.field == field
    assert not Observation.objects.exists()


def test_who_does_not_work_or_know_of_the_source_looks_at_nothing(cast, row):
    secret = make_evidence(cast, make_claim(cast, "S.", visibility=Visibility.RESTRICTED))
    with pytest.raises(NotAllowed):
        look(cast, row.source, Outcome.SEEN_GONE, actor=cast.dora)
    with pytest.raises(NotFound):
        look(cast, secret.source, Outcome.SEEN_GONE, actor=cast.omar)


def test_another_desk_flags_but_attests_nothing(cast, row):
    Evidence.objects.filter(pk=row.pk).update(quote_state=QuoteState.UNCHECKED)
    with pytest.raises(NotAllowed):
        look(cast, row.source, Outcome.SEEN_STANDING, {row.reference: ""}, actor=cast.omar)
    assert look(cast, row.source, Outcome.SEEN_GONE, actor=cast.omar)
    assert kinds(row.claim) == [FlagKind.SOURCE_GONE]


def test_a_token_does_not_look(cast, row):
    from dataclasses import replace  # noqa: PLC0415 - beside its one use

    token = replace(cast.ada, signed_in=False)
    with pytest.raises(RuleRefused, match="signed-in"):
        look(cast, row.source, Outcome.SEEN_GONE, actor=token)
