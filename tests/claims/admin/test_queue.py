"""The queue shows what waits for a person's desks, by cause, most urgent first, and who has it."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from claims.models import Flag, Review
from claims.models.review import SavedView
from claims.queries import desk
from claims.services import reviews, work
from claims.services.ledger import recording
from claims.services.reviews import Cause, raise_flag
from claims.services.settle import settle
from claims.states import FlagKind, Visibility
from claims.types import MACHINE
from tests.claims.admin.conftest import refusals
from tests.claims.cast import fresh, make_claim, make_evidence


def flagged_together(cast, *statements, kind=FlagKind.FIGURE_ALTERED):
    """Claims that rest on one page which changed."""
    url = "https://one.example.org/story"
    claims = [make_claim(cast, statement) for statement in statements]
    rows = [make_evidence(cast, claim, url=url, quote=f"q{claim.pk}") for claim in claims]
    cause = Cause(source=rows[0].source, is_stealth=True, id=uuid.uuid4())
    with recording(MACHINE) as record:
        for row in rows:
            raise_flag(row.claim, kind, record=record, cause=cause, evidence=row)
            settle(row.claim, record=record)
    return [fresh(claim) for claim in claims]


def test_flags_of_one_cause_stand_in_one_line_with_its_claims(door, cast):
    flagged_together(cast, "The first claim.", "The second claim.")
    page = door("ada").text("claims_queue")
    assert page.count("A quoted figure was altered") == 1
    assert "touches 2 claims" in page
    assert "Read the change once, answer 2 claims" in page
    assert "the page gives no notice" in page
    assert "The first claim." in page
    assert "The second claim." in page


def test_the_gravest_reason_comes_first(door, cast):
    (claim,) = flagged_together(cast, "The first claim.", kind=FlagKind.QUOTE_MISSING)
    flag = Flag.objects.get(claim=claim)
    cause = Cause(source=flag.source, id=flag.cause)
    with recording(MACHINE) as record:
        raise_flag(claim, FlagKind.RETRACTION, record=record, cause=cause)
        settle(claim, record=record)
    page = door("ada").text("claims_queue")
    assert "A linked source was retracted; a quoted passage is no longer there" in page


def test_the_oldest_review_comes_first(door, cast):
    old, new = make_claim(cast, "The older claim."), make_claim(cast, "The newer claim.")
    for claim in (new, old):
        reviews.ask_for_review(cast.ada, claim.pk, kind=FlagKind.TIP, detail="Look.")
    Review.objects.filter(claim=old).update(opened_at="2024-01-01T00:00:00Z", counts_from_at=None)
    page = door("ada").text("claims_queue")
    assert page.index("The older claim.") < page.index("The newer claim.")


def test_ones_own_proposal_waits_for_another_person(door, proposal):
    assert "yours: another person signs" in door("ada").text("claims_queue")
    assert "yours: another person signs" not in door("ben").text("claims_queue")
    assert "Two agree." in door("ben").text("claims_queue")


def test_another_desk_s_work_does_not_wait_here(door, cast, proposal):
    flagged_together(cast, "A claim of the world desk.")
    page = door("omar").text("claims_queue")
    assert "A claim of the world desk." not in page
    assert "No review is open." in page


def test_the_administrator_sees_no_restricted_claim(door, cast):
    make_claim(cast, "A secret claim.", visibility=Visibility.RESTRICTED)
    assert "A secret claim." in door("ada").text("claims_queue")
    assert "A secret claim." not in door("admin").text("claims_queue")
    assert "A secret claim." not in door("admin").text("claims_claim_changelist")


def test_a_claim_nobody_reviewed_waits_until_somebody_decides(door, cast):
    claim = make_claim(cast, "A new claim.")
    assert "A new claim." in door("ada").text("claims_queue")
    reviews.stands(cast.ada, claim.pk, rationale="One page only.", seen=fresh(claim).revision)
    assert "A new claim." not in door("ada").text("claims_queue")


def test_an_empty_queue_says_so_kindly(door):
    assert "No review is open." in door("ada").text("claims_queue")


def test_the_desk_begins_with_the_queue(door):
    answer = door("ada").get("index")
    assert (answer.status_code, answer.url) == (302, "/admin/queue/")


@pytest.mark.parametrize("number", [1, 6])
def test_the_queue_takes_as_many_queries_for_one_as_for_many(
    door, cast, number, django_assert_max_num_queries
):
    flagged_together(cast, *(f"Claim {at}." for at in range(number)))
    ada = door("ada")
    work.reckon_places()
    with django_assert_max_num_queries(21):
        ada.get("claims_queue")


def test_times_stand_in_the_desk_s_zone(door, cast):
    cast.desk.time_zone = "Asia/Seoul"
    cast.desk.save()
    claim = make_claim(cast)
    local = timezone.localtime(claim.created_at, timezone=timezone.get_fixed_timezone(540))
    page = door("ada").text("claims_claim_page", claim.reference)
    assert f"{local:%H:%M} KST" in page


def tipped(cast, statement, **values):
    claim = make_claim(cast, statement, **values)
    reviews.ask_for_review(cast.ada, claim.pk, kind=FlagKind.TIP, detail="Look.")
    return Review.objects.get(claim=claim)


def test_a_line_says_what_brings_it_forward_and_the_page_how_the_order_is_made(door, cast):
    review = tipped(cast, "A tipped claim.")
    work.set_priority(cast.ada, review.reference, priority=1)
    page = door("ada").text("claims_queue")
    assert "tip +12 h, high urgency +3 d" in page
    assert "How the order is made" in page
    assert "Retraction, relayed source retracted" in page


def test_take_next_leads_to_the_claim_and_shows_it_taken_to_others(door, cast):
    review = tipped(cast, "A tipped claim.")
    answer = door("ada").post("claims_queue_next", back="")
    assert answer.url == f"/admin/claims/claim/{review.claim.reference}/"
    review.refresh_from_db()
    until = timezone.localtime(review.taken_until_at, timezone.get_fixed_timezone(0))
    assert "taken by Ada until" in door("ben").text("claims_queue")
    assert f"{until:%H:%M}" in door("ben").text("claims_queue")
    assert "yours until" in door("ada").text("claims_queue")


def test_take_next_leads_to_the_page_of_the_change_where_it_touched_several(door, cast):
    flagged_together(cast, "The first claim.", "The second claim.")
    answer = door("ada").post("claims_queue_next", back="")
    assert answer.url == f"/admin/cause/{Flag.objects.first().cause}/"


def test_take_next_with_nothing_to_take_says_so(door):
    answer = door("ada").client.post("/admin/queue/next/", {"back": "whose=mine"}, follow=True)
    assert answer.redirect_chain == [("/admin/queue/?whose=mine", 302)]
    assert "Nothing waits that nobody has taken." in answer.content.decode()


def test_a_line_is_taken_and_given_back(door, cast):
    review = tipped(cast, "A tipped claim.")
    door("ada").post("claims_queue_take", review=review.reference)
    assert "Give back" in door("ada").text("claims_queue")
    answer = door("ben").client.post(
        "/admin/queue/take/", {"review": review.reference}, follow=True
    )
    assert "Ada has taken this review meanwhile." in answer.content.decode()
    door("ada").post("claims_queue_release", review=review.reference)
    review.refresh_from_db()
    assert review.taken_until_at is None


@pytest.mark.parametrize("name", ["claims_queue_take", "claims_queue_release"])
@pytest.mark.parametrize("reference", ["", "RE-ZZZZZZ", "1", "x" * 5000])
def test_a_review_that_is_not_there_is_not_found(door, name, reference):
    assert door("ada").post(name, review=reference).status_code == 404


def test_another_desk_takes_nothing_here(door, cast):
    review = tipped(cast, "A tipped claim.")
    assert door("omar").post("claims_queue_take", review=review.reference).status_code == 403
    door("omar").post("claims_queue_next")
    review.refresh_from_db()
    assert review.taken_by is None


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"tip", "moved", "disputed"}),
        ("?flag=tip", {"tip", "disputed"}),
        ("?flag=source_moved", {"moved"}),
        ("?status=disputed", {"disputed"}),
        ("?whose=mine", {"moved"}),
        ("?whose=nobody", {"tip", "disputed"}),
        ("?overdue=1", {"tip"}),
        ("?desk=world", {"tip", "moved", "disputed"}),
        ("?desk=sport", {"tip", "moved", "disputed"}),
        (
            "?flag=nonsense&status=x&whose=1&overdue=yes&part=zz&after=RE-0",
            {"tip", "moved", "disputed"},
        ),
        ("?flag=tip&status=disputed", {"disputed"}),
    ],
)
def test_filters_in_the_address_show_what_fits(door, cast, query, shown):
    tip = tipped(cast, "Claim tip.")
    (moved,) = flagged_together(cast, "Claim moved.", kind=FlagKind.SOURCE_MOVED)
    disputed = tipped(cast, "Claim disputed.")
    reference = Review.objects.get(claim=moved).reference
    work.assign(cast.ada, reference, to=cast.ada.reference)
    type(moved).objects.filter(pk=disputed.claim_id).update(
        status="disputed", decided_at="2024-01-01T00:00:00Z"
    )
    Review.objects.filter(pk=tip.pk).update(due_at="2024-01-01T00:00:00Z")
    answer = door("ada").get("claims_queue", query=query)
    page = answer.content.decode()
    assert {word for word in ("tip", "moved", "disputed") if f"Claim {word}." in page} == shown


def test_proposals_and_new_claims_have_views_of_their_own(door, cast, proposal):
    make_claim(cast, "A new claim.")
    sign_off = door("ada").get("claims_queue", query="?part=sign-off").content.decode()
    new = door("ada").get("claims_queue", query="?part=new").content.decode()
    assert "Two agree." in sign_off
    assert "A new claim." not in sign_off
    assert "A new claim." in new
    assert "Two agree." not in new


def test_views_say_how_much_waits(door, cast, proposal):
    tipped(cast, "A tipped claim.")
    page = door("ada").text("claims_queue")
    assert 'All reviews <span class="view-count">1</span>' in page
    assert 'Awaiting sign-off <span class="view-count">1</span>' in page
    assert 'Mine <span class="view-count">0</span>' in page


def test_a_view_is_kept_under_a_name_and_removed_again(door, cast):
    given = {"back": "flag=tip&status=reported&zz=1", "name": "Tips"}
    assert door("ada").post("claims_queue_view", **given).url.endswith("?status=reported&flag=tip")
    view = SavedView.objects.get()
    assert (view.user_id, view.query) == (cast.ada.user_id, "status=reported&flag=tip")
    assert "?status=reported&amp;flag=tip" in door("ada").text("claims_queue")
    assert "Tips" not in door("ben").text("claims_queue")
    assert door("ben").post("claims_queue_view_remove", name="Tips").status_code == 404
    door("ada").post("claims_queue_view_remove", name="Tips")
    assert "“Tips” is removed." in door("ada").text("claims_queue")
    assert "Tips" not in door("ada").text("claims_queue")


def test_the_same_name_again_replaces_the_view(door):
    for flag in ("tip", "retraction"):
        door("ada").post("claims_queue_view", back=f"flag={flag}", name="Grave")
    assert SavedView.objects.get().query == "flag=retraction"


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "right\u202eleft"])
def test_a_view_without_a_proper_name_is_refused_with_its_reason(door, name):
    answer = door("ada").post("claims_queue_view", back="flag=tip", name=name)
    assert answer.status_code == 422
    assert refusals(answer).strip()
    assert not SavedView.objects.exists()


def test_nobody_keeps_more_than_twenty_views(door):
    for number in range(20):
        door("ada").post("claims_queue_view", back="flag=tip", name=f"View {number}")
    answer = door("ada").post("claims_queue_view", back="flag=tip", name="One too many")
    assert answer.status_code == 422
    assert SavedView.objects.count() == 20


def test_pages_follow_each_other_and_a_cause_has_its_line_on_one_of_them(cast, monkeypatch):
    monkeypatch.setattr(desk, "MOST_LINES", 3)
    for number in range(4):
        tipped(cast, f"Single {number}.")
    flagged_together(cast, *(f"Shared {at}." for at in range(4)), kind=FlagKind.SOURCE_MOVED)
    work.reckon_places()
    pages = [desk.queue_of(cast.ada)]
    while pages[-1].after:
        pages.append(desk.queue_of(cast.ada, after=pages[-1].after))
    shown = [
        [item.claim.statement for line in page.lines for item in line.waiting] for page in pages
    ]
    assert shown == [
        ["Single 0.", "Single 1.", "Single 2."],
        ["Single 3.", "Shared 0.", "Shared 1."],
        [],
    ]
    assert [line.touches for line in pages[1].lines] == [1, 4]


def test_a_page_whose_causes_stood_before_says_so(door, cast, monkeypatch):
    monkeypatch.setattr(desk, "MOST_LINES", 1)
    flagged_together(cast, "Shared 0.", "Shared 1.")
    first = door("ada").text("claims_queue")
    after = first.partition("?after=")[2][:9]
    second = door("ada").get("claims_queue", query=f"?after={after}").content.decode()
    assert "The rest of this page belongs to lines shown before." in second
    assert "No review is open." not in second


def test_a_cause_has_one_line_that_counts_all_its_claims(door, cast):
    flagged_together(cast, *(f"Shared {at}." for at in range(5)))
    page = door("ada").text("claims_queue")
    assert page.count("touches 5 claims") == 1
    assert "and 2 more claims" in page


def test_a_review_is_planned_on_its_page(door, cast):
    review = tipped(cast, "A tipped claim.")
    page = door("ada").text("claims_review_page", review.reference)
    assert "A tipped claim." in page
    door("ada").post("claims_review_step", review.reference, "assign", to=cast.ben.reference)
    urgent = {"priority": "1", "was": "2"}
    door("ada").post("claims_review_step", review.reference, "priority", **urgent)
    due = timezone.now() + timedelta(days=1)
    door("ada").post("claims_review_step", review.reference, "due", due_at=f"{due:%Y-%m-%dT%H:%M}")
    review.refresh_from_db()
    assert (review.assignee_id, review.claim.priority) == (cast.ben.user_id, 1)
    assert f"{review.due_at:%Y-%m-%dT%H:%M}" == f"{due:%Y-%m-%dT%H:%M}"
    assert "assigned to Ben" in door("ada").text("claims_queue")
    assert "assigned to you" in door("ben").text("claims_queue")


def test_a_due_time_is_meant_in_the_desk_s_zone(door, cast):
    cast.desk.time_zone = "Asia/Seoul"
    cast.desk.save()
    review = tipped(cast, "A tipped claim.")
    door("ada").post("claims_review_step", review.reference, "due", due_at="2099-05-01T09:00")
    review.refresh_from_db()
    assert f"{review.due_at:%Y-%m-%dT%H:%M}" == "2099-05-01T00:00"
    assert "1 May 2099, 09:00 KST" in door("ada").text("claims_queue")


@pytest.mark.parametrize(
    ("step", "values", "code"),
    [
        ("assign", {"to": "PE-ZZZZZZ"}, 422),
        ("due", {"due_at": "tomorrow"}, 422),
        ("due", {"due_at": "2001-01-01T00:00"}, 422),
        ("priority", {"priority": "9"}, 422),
        ("priority", {}, 422),
        ("delete", {}, 404),
    ],
)
def test_a_plan_that_cannot_be_is_refused_with_its_reason(door, cast, step, values, code):
    review = tipped(cast, "A tipped claim.")
    answer = door("ada").post("claims_review_step", review.reference, step, **values)
    assert answer.status_code == code
    if code == 422:
        assert refusals(answer).strip()


@pytest.mark.parametrize("who", ["omar", "admin"])
def test_who_does_not_decide_here_plans_nothing(door, cast, who):
    review = tipped(cast, "A tipped claim.")
    assert "<button" not in main_of(door(who).text("claims_review_page", review.reference))
    answer = door(who).post("claims_review_step", review.reference, "priority", priority="1")
    assert answer.status_code == 403


def main_of(page):
    return page.partition('id="content"')[2].partition("site-footer")[0]


def test_the_plan_of_a_hidden_claim_s_review_does_not_exist_elsewhere(door, cast):
    review = tipped(cast, "A secret claim.", visibility=Visibility.RESTRICTED)
    assert door("omar").get("claims_review_page", review.reference).status_code == 404
    answer = door("omar").post("claims_review_step", review.reference, "due", due_at="")
    assert answer.status_code == 404


def test_the_page_of_an_ended_review_leads_to_its_claim(door, cast):
    review = tipped(cast, "A tipped claim.")
    claim = fresh(review.claim)
    reviews.stands(cast.ada, claim.pk, rationale="So.", seen=claim.revision)
    answer = door("ada").get("claims_review_page", review.reference)
    assert answer.url == f"/admin/claims/claim/{claim.reference}/"


def test_staff_of_the_desk_without_a_say_are_offered_nothing_to_press(door, cast):
    tipped(cast, "A tipped claim.")
    cast.users["dora"].is_staff = True
    cast.users["dora"].save()
    page = door("dora").text("claims_queue")
    assert "A tipped claim." in page
    assert "Take next" not in page
    assert door("dora").post("claims_queue_next").status_code == 302
    assert not Review.objects.filter(taken_by__isnull=False).exists()


def test_the_page_holds_a_strict_policy_and_loads_no_inline_code(door, cast):
    tipped(cast, "A tipped claim.")
    answer = door("ada").get("claims_queue")
    page = answer.content.decode()
    assert " style=" not in page
    assert "<script>" not in page
    assert "unsafe" not in answer["Content-Security-Policy"]
