"""One change is read once; each claim it touched gets its own answer, refusal and entry."""

import uuid

import pytest

from claims.models import Flag, LedgerEntry, Proposal, Review
from claims.services import reviews, work
from claims.services.ledger import recording
from claims.services.reviews import Cause, raise_flag
from claims.services.settle import settle
from claims.states import ClaimStatus, EntryKind, FlagKind, Stance, Visibility
from claims.types import MACHINE
from tests.claims.admin.conftest import refusals
from tests.claims.admin.looking import look_at
from tests.claims.admin.test_queue import flagged_together
from tests.claims.cast import fresh, make_claim, make_evidence
from tests.claims.services.test_work import corroborated

WHY = "Read and weighed."


def cause_of(claim):
    return Flag.objects.filter(claim=claim).order_by("pk").first().cause


def answers(*rows, why="", **given):
    """What the form sends: (claim, answer, ground, rationale) a row, as its reader saw it."""
    values = {"why": why, **given}
    for claim, answer, ground, rationale in rows:
        row = claim.reference
        seq = LedgerEntry.objects.filter(claim_ref=row).latest("seq").seq
        values |= {
            f"{row}-answer": answer,
            f"{row}-ground": ground,
            f"{row}-rationale": rationale,
            f"{row}-revision": fresh(claim).revision,
            f"{row}-seq": seq,
        }
    return values


def flag_for_one_cause(*claims, kind=FlagKind.RETRACTION):
    cause = Cause(id=uuid.uuid4())
    with recording(MACHINE) as record:
        for claim in claims:
            raise_flag(claim, kind, record=record, cause=cause)
            settle(claim, record=record)
    return cause.id


def test_the_change_is_shown_once_and_each_claim_with_its_passage(door, cast):
    quote, now = "About 1,500 soldiers arrived.", "About 3,000 soldiers arrived."
    claims = [make_claim(cast, f"Claim {n}.") for n in range(3)]
    url = "https://one.example.org/story"
    rows = [make_evidence(cast, claim, url=url, quote=quote) for claim in claims]
    look_at(rows[0].source, f"Snow fell. {quote} The port is closed.")
    look_at(rows[0].source, f"Snow fell. {now} The port is closed.", found=now)
    page = door("ada").text("claims_cause", cause_of(claims[0]))
    assert page.count("Said before,") == 1
    assert '<ins class="figure-changed">' in page
    assert "One change, 3 claims to answer" in page
    assert page.count(f'<blockquote class="passage">{quote}') == 3
    assert "The page gives no notice of the change." in page


def test_every_row_gets_its_own_answer_and_entry_in_one_save(door, cast):
    report, other = make_claim(cast, "Reported."), make_claim(cast, "Left.")
    solid = corroborated(cast, "Solid.")
    shaken = corroborated(cast, "Shaken.")
    contested = make_claim(cast, "Contested.")
    make_evidence(cast, contested, stance=Stance.DISPUTES, quote="Nobody came.")
    cause = flag_for_one_cause(report, other, solid, shaken, fresh(contested))
    values = answers(
        (report, "stands", "", "It says the same elsewhere."),
        (other, "", "", "half a thought"),
        (solid, "stands", "", "The letter is still there."),
        (shaken, "lower", "support_lost", "One page only is left."),
        (contested, "dispute", "conflicting_accounts", "Two accounts."),
    )
    answer = door("ada").post("claims_cause", cause, **values)
    assert (answer.status_code, answer.url) == (302, f"/admin/cause/{cause}/")
    assert fresh(report).decided_at is not None
    assert Proposal.objects.get(claim=solid, state="open").kind == "stands"
    assert fresh(solid).status == ClaimStatus.CORROBORATED
    assert fresh(shaken).status == ClaimStatus.REPORTED
    assert fresh(contested).status == ClaimStatus.DISPUTED
    assert fresh(other).open_flags == 1
    ended = LedgerEntry.objects.filter(kind=EntryKind.REVIEW_ENDED)
    assert set(ended.values_list("claim_ref", flat=True)) >= {
        claim.reference for claim in (report, solid, shaken, contested)
    }
    page = door("ada").text("claims_cause", cause)
    assert "4 claims answered:" in page
    assert "another person signs it off" in page


def test_one_reason_serves_every_row_that_gives_none(door, cast):
    one, two = flagged_together(cast, "One.", "Two.")
    values = answers((one, "stands", "", ""), (two, "stands", "", "My own."), why=WHY)
    assert door("ada").post("claims_cause", cause_of(one), **values).status_code == 302
    page = door("ada").text("claims_claim_page", one.reference)
    assert WHY in page
    assert WHY not in door("ada").text("claims_claim_page", two.reference)


def test_a_row_that_changed_meanwhile_is_told_and_the_others_are_written(door, cast):
    one, two = flagged_together(cast, "One.", "Two.")
    values = answers((one, "stands", "", "First."), (two, "stands", "", "My long reasoning."))
    reviews.ask_for_review(cast.ben, two.pk, kind=FlagKind.TIP, detail="Look again.")
    answer = door("ada").post("claims_cause", cause_of(one), **values)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert fresh(one).decided_at is not None
    assert fresh(two).decided_at is None
    assert "1 claim answered:" in page
    assert "1 claim could not be answered." in page
    assert "My long reasoning.</textarea>" in page
    assert "Ben: flag raised" in page
    assert f'name="{two.reference}-revision" value="{fresh(two).revision}"' in page
    again = answers((two, "stands", "", "My long reasoning."))
    assert door("ada").post("claims_cause", cause_of(two), **again).status_code == 302


def test_sending_the_same_page_twice_answers_once(door, cast):
    one, two = flagged_together(cast, "One.", "Two.")
    values = answers((one, "stands", "", WHY), (two, "stands", "", WHY))
    door("ada").post("claims_cause", cause_of(one), **values)
    entries = LedgerEntry.objects.count()
    door("ada").post("claims_cause", cause_of(one), **values)
    assert LedgerEntry.objects.count() == entries


@pytest.mark.parametrize(
    ("answer", "ground", "why", "sentence"),
    [
        ("stands", "", " ", "Say why in a few words"),
        ("lower", "", WHY, "Choose a ground"),
        ("lower", "conflicting_accounts", WHY, "not one of the available choices"),
        ("stands", "support_lost", WHY, "Choose a ground"),
        ("lower", "nonsense", WHY, "not one of the available choices"),
        ("corroborate", "", WHY, "not one of the available choices"),
        ("dispute", "conflicting_accounts", WHY, "not one of the available choices"),
    ],
)
def test_a_row_that_cannot_be_is_refused_with_its_reason(door, cast, answer, ground, why, sentence):
    claim = corroborated(cast)
    cause = flag_for_one_cause(claim, kind=FlagKind.SOURCE_MOVED)
    given = answers((claim, answer, ground, why))
    page = door("ada").post("claims_cause", cause, **given)
    assert page.status_code == 422
    assert sentence in refusals(page)
    assert fresh(claim).status == ClaimStatus.CORROBORATED
    assert not Proposal.objects.filter(state="open").exists()


def test_dispute_is_offered_only_where_the_rules_allow_it(door, cast):
    claim = make_claim(cast, "A claim.")
    cause = flag_for_one_cause(claim, kind=FlagKind.SOURCE_MOVED)
    page = door("ada").text("claims_cause", cause)
    assert "Disputed needs standing disputing evidence" in page
    assert 'value="dispute"' not in page
    assert 'value="dispute"' in door("cleo").text("claims_cause", cause)


def test_a_claim_never_reviewed_stands_on_a_better_ground(door, cast):
    (claim,) = flagged_together(cast, "One.")
    values = answers((claim, "stands", "single_origin", WHY))
    assert door("ada").post("claims_cause", cause_of(claim), **values).status_code == 302
    assert fresh(claim).ground == "single_origin"


def test_a_save_that_answers_nothing_says_so(door, cast):
    (one,) = flagged_together(cast, "One.")
    values = answers((one, "", "", "words"))
    address = f"/admin/cause/{cause_of(one)}/"
    answer = door("ada").client.post(address, values, follow=True)
    assert "Nothing was answered" in answer.content.decode()


def test_an_answer_says_which_other_flags_it_answers(door, cast):
    (one,) = flagged_together(cast, "One.")
    reviews.ask_for_review(cast.omar, one.pk, kind=FlagKind.OBJECTION, detail="No.")
    page = door("ada").text("claims_cause", cause_of(one))
    assert "Also flagged: objection. An answer here answers that too." in page


def test_deciding_on_what_another_has_taken_is_told_and_allowed(door, cast):
    one, _ = flagged_together(cast, "One.", "Two.")
    work.take(cast.ben, Review.objects.get(claim=one).reference)
    page = door("ada").text("claims_cause", cause_of(one))
    assert "taken by Ben until" in page
    values = answers((one, "stands", "", WHY))
    assert door("ada").post("claims_cause", cause_of(one), **values).status_code == 302


def test_the_reviews_of_a_change_are_taken_and_given_back_together(door, cast):
    one, _ = flagged_together(cast, "One.", "Two.")
    door("ada").post("claims_cause_take", cause_of(one))
    held = Review.objects.filter(taken_by=cast.ada.user_id, taken_until_at__isnull=False)
    assert held.count() == 2
    assert "Give them back" in door("ada").text("claims_cause", cause_of(one))
    door("ada").post("claims_cause_release", cause_of(one))
    assert held.count() == 0


def test_save_and_take_next_goes_on_to_the_next(door, cast):
    one, two = flagged_together(cast, "One.", "Two.")
    other = make_claim(cast, "Another.")
    reviews.ask_for_review(cast.ada, other.pk, kind=FlagKind.TIP, detail="Look.")
    rows = ((one, "stands", "", WHY), (two, "stands", "", WHY))
    answer = door("ada").post("claims_cause", cause_of(one), **answers(*rows, next="1"))
    assert answer.url == f"/admin/claims/claim/{other.reference}/"


def test_hidden_claims_of_the_same_change_do_not_exist_elsewhere(door, cast):
    shown, hidden = flagged_together(cast, "Shown.", "Secret.")
    type(hidden).objects.filter(pk=hidden.pk).update(visibility=Visibility.RESTRICTED)
    page = door("omar").text("claims_cause", cause_of(shown))
    assert "Secret." not in page
    assert "1 claim to answer" in page
    values = answers((shown, "stands", "", WHY), (hidden, "stands", "", WHY))
    door("omar").post("claims_cause", cause_of(shown), **values)
    assert fresh(hidden).decided_at is None
    assert fresh(shown).decided_at is None


def test_a_change_that_touched_only_hidden_claims_is_not_found_elsewhere(door, cast):
    claim = make_claim(cast, "Secret.", visibility=Visibility.RESTRICTED)
    cause = flag_for_one_cause(claim)
    assert door("omar").get("claims_cause", cause).status_code == 404
    assert door("omar").post("claims_cause", cause).status_code == 404
    assert door("ada").get("claims_cause", cause).status_code == 200


def test_a_change_nobody_knows_is_not_found(door):
    assert door("ada").get("claims_cause", uuid.uuid4()).status_code == 404


def test_another_desk_reads_and_answers_nothing(door, cast):
    (one,) = flagged_together(cast, "One.")
    page = door("omar").text("claims_cause", cause_of(one))
    assert "The fact-checkers and editors of World desk decide on this claim." in page
    assert "Save the answers" not in page


def test_answered_claims_stay_on_the_page_with_their_answer(door, cast):
    one, two = flagged_together(cast, "One.", "Two.")
    door("ada").post("claims_cause", cause_of(one), **answers((one, "stands", "", WHY)))
    page = door("ada").text("claims_cause", cause_of(one))
    assert "One change, 1 claim to answer" in page
    assert "The status stands" in page
    door("ada").post("claims_cause", cause_of(one), **answers((two, "stands", "", WHY)))
    assert "every claim answered" in door("ada").text("claims_cause", cause_of(one))


@pytest.mark.parametrize("number", [2, 12])
def test_the_page_takes_as_many_queries_for_few_claims_as_for_many(
    door, cast, number, django_assert_max_num_queries
):
    claims = flagged_together(cast, *(f"Claim {at}." for at in range(number)))
    ada = door("ada")
    with django_assert_max_num_queries(17):
        ada.get("claims_cause", cause_of(claims[0]))


def test_what_pages_say_is_escaped(door, cast):
    script = "<script>alert(1)</script>"
    claim = make_claim(cast, f"It is {script}.")
    row = make_evidence(cast, claim, quote=f"Quote {script} here.")
    look_at(row.source, f"Quote {script} here.", title=script)
    look_at(row.source, "Nothing here.", found=f"Found {script}", title=script)
    page = door("ada").text("claims_cause", cause_of(claim))
    assert script not in page
    assert "&lt;script&gt;" in page
