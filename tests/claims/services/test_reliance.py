"""Where a correction becomes due: every way a used claim falls, and every way it does not."""

import json

import pytest

from claims.models import LedgerEntry, LedgerText, Use
from claims.services.claims import close, reopen_claim, set_visibility
from claims.services.corrections import answer_correction
from claims.services.merge import merge
from claims.services.reliance import FALLS, read_relied
from claims.services.reviews import ask_for_review
from claims.services.split import Part, split
from claims.services.status import undo
from claims.services.uses import put_uses
from claims.states import (
    Basis,
    ClaimStatus,
    CloseReason,
    CorrectionAnswer,
    FlagKind,
    Ground,
    Visibility,
)
from tests.claims.cast import fresh, make_claim
from tests.claims.printed import (
    corroborated,
    dispute,
    lose_basis,
    lower,
    make_article,
    printed,
    raise_again,
)


def again(use):
    return Use.objects.get(pk=use.pk)


def due_entries():
    return LedgerEntry.objects.filter(kind="correction_due").order_by("seq")


def answer(cast, use):
    use = again(use)
    no = CorrectionAnswer.NOT_NEEDED
    return answer_correction(
        cast.cleo, use.reference, answer=no, note="It said so.", seen=use.due_since_at
    )


def test_the_table_says_of_every_status_which_are_below_it():
    assert set(FALLS) == set(ClaimStatus)
    assert all(status not in below for status, below in FALLS.items())
    assert all(status not in FALLS[lower] for status, below in FALLS.items() for lower in below)


@pytest.mark.parametrize(
    ("fall", "status"), [(lower, "reported"), (dispute, "disputed")], ids=["lowered", "disputed"]
)
def test_a_corroborated_claim_that_falls_makes_a_correction_due(cast, fall, status):
    claim = corroborated(cast)
    use = printed(cast, claim)
    fell = fall(cast, claim)
    use = again(use)
    assert use.due_since_at == fell.status_since_at
    assert use.due_reason == f"{claim.reference} fell from corroborated to {status}"


def test_a_reported_claim_that_is_disputed_makes_a_correction_due(cast):
    claim = make_claim(cast)
    use = printed(cast, claim)
    dispute(cast, claim)
    assert again(use).due_reason == f"{claim.reference} fell from reported to disputed"


def test_a_claim_that_rises_makes_nothing_due(cast):
    claim = make_claim(cast)
    use = printed(cast, claim)
    corroborated(cast, claim)
    assert again(use).due_since_at is None


def test_a_fall_to_what_was_relied_on_makes_nothing_due(cast):
    claim = make_claim(cast)
    use = printed(cast, claim)
    corroborated(cast, claim)
    lower(cast, claim)
    assert again(use).due_since_at is None


def test_a_lost_basis_makes_a_correction_due_with_its_reason(cast):
    claim = corroborated(cast)
    use = printed(cast, claim)
    assert lose_basis(cast, claim).basis == Basis.LOST
    reason = f"{claim.reference} lost its basis: the primary record no longer stands"
    assert again(use).due_reason == reason


def test_a_basis_in_question_makes_nothing_due(cast):
    claim = corroborated(cast)
    use = printed(cast, claim)
    ask_for_review(cast.dora, claim.pk, kind=FlagKind.TIP, detail="Look again.")
    assert fresh(claim).basis == Basis.IN_QUESTION
    assert again(use).due_since_at is None


def test_what_was_printed_on_a_lost_basis_is_not_due_for_that(cast):
    claim = corroborated(cast)
    lose_basis(cast, claim)
    use = printed(cast, claim)
    assert (use.relied_basis, use.due_since_at) == (Basis.LOST, None)
    assert again(use).due_since_at is None


def test_the_entry_sets_what_the_row_says_for_all_uses_of_the_claim(cast):
    claim = corroborated(cast)
    uses = [printed(cast, claim, article=make_article(cast, title=name)) for name in "ab"]
    lower(cast, claim)
    entry = due_entries().get()
    assert entry.claim_ref == claim.reference
    sets = json.loads(entry.body)["sets"]
    assert set(sets) == {use.reference for use in uses}
    told = sets[uses[0].reference]
    assert LedgerText.objects.get(commitment=told["due_reason"]).text == again(uses[0]).due_reason
    assert told["answer"] is None


def test_what_is_due_already_is_not_made_due_again(cast):
    claim = corroborated(cast)
    use = printed(cast, claim)
    lower(cast, claim)
    first = again(use)
    dispute(cast, claim)
    assert again(use).due_since_at == first.due_since_at
    assert due_entries().count() == 1


def test_a_claim_that_rises_again_takes_nothing_back(cast):
    claim = corroborated(cast)
    use = printed(cast, claim)
    lower(cast, claim)
    undo(cast.cleo, claim.pk, seen=fresh(claim).revision)
    assert fresh(claim).status == ClaimStatus.CORROBORATED
    assert again(use).due_since_at is not None


def test_after_an_answer_a_later_fall_makes_it_due_again(cast):
    claim = corroborated(cast)
    use = printed(cast, claim)
    lower(cast, claim)
    answered = answer(cast, use)
    dispute(cast, claim)
    use = again(use)
    assert use.due_since_at > answered.answered_at
    assert (use.answer, use.answer_note, use.answered_at) == ("", "", None)
    assert due_entries().count() == 2


def test_after_an_answer_another_change_makes_nothing_due(cast):
    claim = corroborated(cast)
    use = printed(cast, claim)
    dispute(cast, claim)
    answer(cast, use)
    ask_for_review(cast.dora, claim.pk, kind=FlagKind.TIP, detail="Look again.")
    raise_again(cast, claim, ClaimStatus.REPORTED, Ground.SINGLE_ORIGIN)
    assert again(use).answered_at is not None


def test_what_is_no_longer_used_does_not_become_due(cast):
    claim = corroborated(cast)
    use = printed(cast, claim)
    put_uses(cast.ada, article=use.article.reference, uses=[])
    lower(cast, claim)
    assert again(use).due_since_at is None


def test_what_is_due_stays_due_when_the_words_are_changed_or_left_out(cast):
    claim = corroborated(cast)
    use = printed(cast, claim)
    lower(cast, claim)
    since = again(use).due_since_at
    printed(cast, claim, article=use.article, words="1,500 are said to have arrived")
    assert again(use).due_since_at == since
    put_uses(cast.ada, article=use.article.reference, uses=[])
    assert (again(use).due_since_at, again(use).answered_at) == (since, None)


@pytest.mark.parametrize("reason", ["mistake", "overtaken"])
def test_a_claim_closed_as_a_mistake_makes_a_correction_due_overtaken_does_not(cast, reason):
    claim = make_claim(cast)
    use = printed(cast, claim)
    close(cast.ada, claim.pk, reason=CloseReason(reason), note="So.", seen=fresh(claim).revision)
    due = again(use).due_reason
    assert due == (f"{claim.reference} was closed as a mistake" if reason == "mistake" else "")


def merged(cast, claim, kept):
    merge(cast.ada, claim.pk, into=kept.reference, note="The same.", seen=fresh(claim).revision)


def test_a_claim_merged_into_one_that_stands_lower_makes_a_correction_due(cast):
    claim, kept = make_claim(cast), make_claim(cast, "They have arrived.")
    dispute(cast, kept)
    use = printed(cast, claim)
    merged(cast, claim, kept)
    assert f"{kept.reference} is disputed" in again(use).due_reason


def test_a_claim_merged_into_one_that_stands_level_makes_nothing_due(cast):
    claim, kept = make_claim(cast), make_claim(cast, "They have arrived.")
    use = printed(cast, claim)
    merged(cast, claim, kept)
    assert again(use).due_since_at is None


def test_after_merges_the_last_that_stands_in_its_place_carries_what_was_printed(cast):
    first, second, third = (make_claim(cast, f"Version {n}.") for n in range(3))
    use = printed(cast, first)
    merged(cast, first, second)
    merged(cast, second, third)
    dispute(cast, third)
    reason = again(use).due_reason
    assert reason.startswith(f"what stands in place of {first.reference}")
    assert reason.endswith("fell from reported to disputed")
    assert due_entries().get().claim_ref == first.reference


def test_a_hidden_claim_that_stands_in_place_of_an_open_one_gives_nothing_away(cast):
    claim, kept = make_claim(cast), make_claim(cast, "They have arrived.")
    use = printed(cast, claim)
    merged(cast, claim, kept)
    set_visibility(cast.cleo, kept.pk, to=Visibility.RESTRICTED, seen=fresh(kept).revision)
    dispute(cast, kept)
    assert again(use).due_since_at is None


def test_what_is_printed_of_a_merged_claim_is_held_against_what_stands_in_its_place(cast):
    claim, kept = make_claim(cast), make_claim(cast, "They have arrived.")
    merged(cast, claim, kept)
    dispute(cast, kept)
    assert f"{kept.reference} is disputed" in printed(cast, claim).due_reason


def test_a_corroborated_claim_that_is_split_leaves_reported_parts_and_a_correction_due(cast):
    claim = corroborated(cast)
    use = printed(cast, claim)
    parts = [Part({"statement": words}) for words in ("They came.", "They were 1,500.")]
    split(cast.ada, claim.pk, parts=parts, note="Two things.", seen=fresh(claim).revision)
    assert "no longer corroborated" in again(use).due_reason


def test_a_claim_reopened_after_a_mistake_leaves_the_correction_due(cast):
    claim = make_claim(cast)
    use = printed(cast, claim)
    mistake = CloseReason.MISTAKE
    close(cast.ada, claim.pk, reason=mistake, note="So.", seen=fresh(claim).revision)
    reopen_claim(cast.ada, claim.pk, note="Not so.", seen=fresh(claim).revision)
    assert again(use).due_since_at is not None


@pytest.mark.parametrize("many", [1, 12])
def test_settling_reads_what_was_printed_in_one_query(cast, django_assert_num_queries, many):
    claims = [corroborated(cast, statement=f"Claim {n}.") for n in range(many)]
    for claim in claims:
        printed(cast, claim, article=make_article(cast, title=claim.reference))
    with django_assert_num_queries(1):
        assert len(read_relied([claim.pk for claim in claims])) == many
