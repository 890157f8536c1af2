"""Nothing of the record is written by the stock admin: its lists read, and nothing else is there."""

import pytest
from django.urls import NoReverseMatch, reverse

from claims.admin.record import RecordList
from claims.admin.site import desk
from claims.models import Claim
from tests.claims.cast import make_claim

LISTS = sorted(desk._registry.items(), key=lambda item: item[0].__name__)
MODELS = [model for model, _ in LISTS]
FOR_THE_ADMINISTRATOR = {"User", "Desk", "Membership", "ApiToken"}


def changelist(model):
    return f"claims_{model._meta.model_name}_changelist"


@pytest.mark.parametrize(("model", "listed"), LISTS, ids=str)
def test_every_list_reads_and_never_writes(cast, rf, model, listed):
    assert isinstance(listed, RecordList)
    request = rf.get("/")
    request.user = cast.users["admin"]
    assert not listed.has_add_permission(request)
    assert not listed.has_change_permission(request)
    assert not listed.has_delete_permission(request)
    assert listed.get_actions(request) == {}
    assert not listed.inlines


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("form", ["add", "change", "delete", "history"])
def test_no_stock_form_of_any_model_has_an_address(model, form):
    args = [] if form == "add" else [1]
    with pytest.raises(NoReverseMatch):
        reverse(f"admin:claims_{model._meta.model_name}_{form}", args=args)


@pytest.mark.parametrize("path", ["auth/group/", "axes/accessattempt/", "otp_totp/totpdevice/"])
def test_what_other_packages_register_is_out_of_reach(door, path):
    assert door("admin").client.get(f"/admin/{path}").status_code == 404


@pytest.mark.parametrize("model", MODELS)
def test_a_list_answers_those_for_whom_it_exists(door, claim, model):
    expected = 403 if model.__name__ in FOR_THE_ADMINISTRATOR else 200
    assert door("ada").get(changelist(model)).status_code == expected
    assert door("admin").get(changelist(model)).status_code == 200


@pytest.mark.parametrize("model", MODELS)
def test_staff_without_a_role_see_nothing(door, cast, claim, model):
    cast.users["dora"].memberships.update(ended_at="2024-01-01T00:00:00Z")
    cast.users["dora"].is_staff = True
    cast.users["dora"].save()
    assert door("dora").get(changelist(model)).status_code == 403
    assert "You hold no role at any desk yet" in door("dora").text("claims_queue")


def test_people_without_staff_rights_are_sent_to_the_sign_in(door):
    answer = door("dora").get("claims_queue")
    assert answer.status_code == 302
    assert answer.url.startswith("/admin/login/")


@pytest.mark.parametrize("action", ["delete_selected", "zz"])
def test_a_crafted_action_on_a_list_changes_nothing(door, claim, action):
    answer = door("admin").post(
        "claims_claim_changelist", action=action, _selected_action=[claim.pk]
    )
    assert answer.status_code in {200, 302, 400, 403}
    assert Claim.objects.filter(pk=claim.pk).exists()


@pytest.mark.parametrize(
    "query",
    [
        "?statement__regex=(",
        "?desk__users__password__startswith=a",
        "?created_at__year=" + "9" * 30,
        "?id__in=1,2",
        "?p=-1",
        "?p=" + "9" * 5000,
        "?o=9.9",
        "?status=zz",
        "?q=" + "a" * 5000,
        "?q=st-o1l",
        "?all=",
        "?desk=zz",
    ],
)
def test_no_query_breaks_a_list(door, claim, query):
    assert door("ada").get("claims_claim_changelist", query=query).status_code in {200, 302, 400}


def test_a_list_is_searched_by_reference_and_words(door, claim):
    for typed in (claim.reference.lower(), "soldiers"):
        page = door("ada").get("claims_claim_changelist", query=f"?q={typed}").content.decode()
        assert claim.reference in page
    page = door("ada").get("claims_claim_changelist", query="?q=nothing").content.decode()
    assert claim.reference not in page


def test_a_list_takes_few_queries_whatever_its_length(
    door, cast, claim, django_assert_max_num_queries
):
    for number in range(12):
        make_claim(cast, f"Statement {number}.")
    ada = door("ada")
    with django_assert_max_num_queries(9):
        ada.get("claims_claim_changelist")


def test_no_page_of_the_lists_needs_inline_style(door, claim):
    for model in MODELS:
        page = door("admin").get(changelist(model)).content.decode()
        assert "<style" not in page
        assert " style=" not in page


def test_a_search_shows_the_very_words_before_newer_claims_that_only_hold_them(door, cast):
    make_claim(cast, "Ferries to the northern islands were cancelled.")
    make_claim(cast, "The islands are northern, and ferries go there.")
    found = door("ada").get("claims_claim_changelist", query="?q=northern+islands")
    page = found.content.decode()
    assert page.index("Ferries to the") < page.index("The islands are northern")
