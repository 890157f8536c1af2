import json

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from claims.models import LedgerEntry
from claims.services.second_factor import check_code, is_on, qr_code
from claims.states import EntryKind
from tests.claims.codes import (
    AT,
    code_of,
    codes_in,
    give_password,
    is_signed_in,
    set_up,
    wrong_code,
)

NOON = "2026-11-23T12:00:00Z"


@pytest.fixture
def ada(cast):
    return cast.users["ada"]


@pytest.fixture
def guarded(ada, reader_of):
    """Ada's recovery codes, once two-step sign-in is on."""
    return set_up(reader_of("ada"), ada)


def enter(user, code, *, client=None):
    """Sign in with password and code; returns the browser and the last answer."""
    browser = client or Client()
    assert give_password(user.username, client=browser)["Location"] == "/sign-in/code/"
    return browser, browser.post("/sign-in/code/", {"code": code})


def factor_changes():
    entries = LedgerEntry.objects.filter(kind=EntryKind.SECOND_FACTOR_SET).order_by("seq")
    return [json.loads(entry.body)["change"] for entry in entries]


def test_setting_up_shows_the_secret_and_asks_for_a_code(ada, reader_of):
    client = reader_of("ada")
    client.post(f"{AT}begin/")
    page = client.get(AT)
    device = TOTPDevice.objects.get(user=ada)
    assert "otpauth://totp/Stet%3Aada?secret=" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert not device.confirmed


def test_reading_the_page_makes_no_secret(ada, reader_of):
    reader_of("ada").get(AT)
    assert not TOTPDevice.objects.exists()


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "١٢٣٤٥٦", "9" * 50])
def test_what_is_no_code_turns_nothing_on(ada, reader_of, code):
    client = reader_of("ada")
    client.post(f"{AT}begin/")
    assert client.post(f"{AT}confirm/", {"code": code}).status_code == 422
    assert not is_on(ada)


def test_a_wrong_code_turns_nothing_on(ada, reader_of):
    client = reader_of("ada")
    client.post(f"{AT}begin/")
    assert client.post(f"{AT}confirm/", {"code": wrong_code(ada)}).status_code == 422
    assert not is_on(ada)


def test_the_first_right_code_turns_it_on_and_is_an_entry(ada, guarded):
    assert is_on(ada)
    assert len(set(guarded)) == 10
    assert factor_changes() == ["set_up"]


def test_recovery_codes_are_kept_only_as_hashes(guarded):
    kept = set(StaticToken.objects.values_list("token", flat=True))
    assert len(kept) == 10
    assert not kept & {code.replace("-", "") for code in guarded}
    assert not kept & set(guarded)


def test_turning_it_on_ends_the_other_sessions(ada, reader_of):
    elsewhere, here = reader_of("ada"), reader_of("ada")
    set_up(here, ada)
    assert is_signed_in(here)
    assert not is_signed_in(elsewhere)


def test_a_password_alone_signs_in_no_longer(ada, guarded):
    client = Client()
    assert give_password("ada", client=client)["Location"] == "/sign-in/code/"
    assert not is_signed_in(client)
    assert client.get("/api/v1/claims/").status_code == 401
    assert client.get("/admin/queue/").status_code == 302


def test_a_right_code_signs_in_and_leads_on(ada, guarded):
    client = Client()
    give_password("ada", client=client, next="/articles/")
    answer = client.post("/sign-in/code/", {"code": code_of(ada, steps=1)})
    assert answer["Location"] == "/articles/"
    assert is_signed_in(client)


def test_the_code_is_asked_for_only_after_the_password(db):
    assert Client().get("/sign-in/code/")["Location"] == "/sign-in/"


def test_somebody_without_a_second_step_signs_in_at_once(guarded, cast):
    assert give_password("ben")["Location"] == "/admin/"


@pytest.mark.parametrize(
    ("steps", "is_taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_a_code_is_good_from_one_step_before_to_one_after(ada, reader_of, steps, is_taken):
    client = reader_of("ada")
    with time_machine.travel(NOON, tick=False):
        client.post(f"{AT}begin/")
        client.post(f"{AT}confirm/", {"code": code_of(ada, steps=steps)})
    assert is_on(ada) is is_taken


def test_a_code_is_good_once(ada, guarded):
    code = code_of(ada, steps=1)
    assert enter(ada, code)[1].status_code == 302
    assert enter(ada, code)[1].status_code == 422


def test_an_older_code_than_the_last_is_refused(ada, guarded):
    assert enter(ada, code_of(ada, steps=1))[1].status_code == 302
    assert enter(ada, code_of(ada))[1].status_code == 422


def test_a_clock_that_drifts_does_not_widen_what_is_taken(ada, guarded):
    with time_machine.travel(NOON, tick=False):
        TOTPDevice.objects.update(last_t=-1)
        assert enter(ada, code_of(ada, steps=1))[1].status_code == 302
        assert enter(ada, code_of(ada, steps=2))[1].status_code == 422


def test_wrong_codes_make_the_next_wait(ada, guarded):
    client, answer = enter(ada, wrong_code(ada))
    assert answer.status_code == 422
    at_once = client.post("/sign-in/code/", {"code": code_of(ada, steps=1)})
    assert "Wait 1 s" in at_once.content.decode()
    assert not is_signed_in(client)


def test_each_wrong_code_doubles_the_wait(ada, guarded):
    TOTPDevice.objects.update(
        throttling_failure_count=10, throttling_failure_timestamp=timezone.now()
    )
    _, answer = enter(ada, code_of(ada, steps=1))
    assert "Wait 512 s" in answer.content.decode()


def test_a_recovery_code_signs_in_once(ada, guarded):
    code = guarded[0]
    assert enter(ada, code.lower().replace("-", " "))[1].status_code == 302
    assert enter(ada, code)[1].status_code == 422
    assert StaticToken.objects.count() == 9


def test_a_recovery_code_works_while_wrong_app_codes_wait(ada, guarded):
    client, _ = enter(ada, wrong_code(ada))
    assert client.post("/sign-in/code/", {"code": guarded[0]}).status_code == 302


def test_another_persons_recovery_code_is_refused(ada, guarded, cast, reader_of):
    others = set_up(reader_of("ben"), cast.users["ben"])
    assert enter(ada, others[0])[1].status_code == 422


def test_the_last_recovery_code_leads_to_new_ones(ada, guarded):
    for code in guarded[:-1]:
        check_code(ada, code=code)
    assert enter(ada, guarded[-1])[1]["Location"] == AT


def test_the_password_is_forgotten_after_five_minutes(ada, guarded):
    client = Client()
    with time_machine.travel(NOON, tick=False) as clock:
        TOTPDevice.objects.update(last_t=-1)
        give_password("ada", client=client)
        clock.shift(301)
        answer = client.post("/sign-in/code/", {"code": code_of(ada)})
    assert answer["Location"] == "/sign-in/"
    assert not is_signed_in(client)


@pytest.mark.parametrize("meanwhile", [{"is_active": False}, {"password": "changed"}])
def test_what_changed_since_the_password_voids_it(ada, guarded, meanwhile):
    client = Client()
    give_password("ada", client=client)
    type(ada).objects.filter(pk=ada.pk).update(**meanwhile)
    assert client.post("/sign-in/code/", {"code": code_of(ada, steps=1)})["Location"] == "/sign-in/"


def test_new_recovery_codes_take_the_place_of_the_old(ada, guarded):
    client, _ = enter(ada, code_of(ada, steps=1))
    TOTPDevice.objects.update(last_t=-1)
    fresh = codes_in(client.post(f"{AT}renew/", {"code": code_of(ada)}))
    assert len(fresh) == 10
    assert enter(ada, guarded[0])[1].status_code == 422


def test_turning_it_off_takes_password_and_code(ada, guarded, cast):
    client, _ = enter(ada, code_of(ada, steps=1))
    TOTPDevice.objects.update(last_t=-1)
    for given in (
        {"password": "a long enough password", "code": wrong_code(ada)},
        {"password": "not this", "code": code_of(ada)},
        {"code": code_of(ada)},
        {"password": "a long enough password"},
    ):
        assert client.post(f"{AT}remove/", given).status_code == 422
        assert is_on(ada)
    TOTPDevice.objects.update(throttling_failure_count=0)
    given = {"password": "a long enough password", "code": code_of(ada)}
    assert client.post(f"{AT}remove/", given)["Location"] == AT
    assert not is_on(ada)
    assert not StaticToken.objects.exists()
    assert factor_changes() == ["set_up", "removed"]


def test_guessing_the_password_there_locks_as_at_the_sign_in(ada, guarded):
    client, _ = enter(ada, code_of(ada, steps=1))
    given = {"password": "a guess", "code": "123456"}
    assert [client.post(f"{AT}remove/", given).status_code for _ in range(10)] == [422] * 9 + [429]
    assert is_on(ada)


def test_it_is_not_begun_twice(ada, guarded):
    client, _ = enter(ada, code_of(ada, steps=1))
    client.post(f"{AT}begin/")
    assert TOTPDevice.objects.get(user=ada).confirmed


def test_an_unknown_step_is_not_found(reader_of):
    assert reader_of("ada").post(f"{AT}forget/").status_code == 404


# Where it is required -----------------------------------------------------------------------


@pytest.fixture
def required(settings):
    settings.REQUIRE_SECOND_FACTOR = True


@pytest.mark.parametrize(
    "path", ["/", "/admin/queue/", "/account/tokens/", "/admin/claims/claim/new/"]
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_staff_without_a_second_step_are_led_to_it(required, reader_of, path, method):
    answer = getattr(reader_of("ada"), method)(path)
    assert (answer.status_code, answer["Location"]) == (302, AT)


def test_their_browser_reads_nothing_through_the_api_either(required, reader_of):
    answer = reader_of("ada").get("/api/v1/claims/")
    assert answer.status_code == 403
    assert "two-step" in answer.json()["detail"]


def test_they_may_set_it_up_and_then_work(required, reader_of, ada):
    client = reader_of("ada")
    assert client.get(AT).status_code == 200
    set_up(client, ada)
    assert client.get("/admin/queue/").status_code == 200


def test_they_may_sign_out(required, reader_of):
    assert reader_of("ada").post("/sign-out/")["Location"] == "/sign-in/"


def test_signing_in_with_two_steps_is_enough(required, ada, reader_of):
    set_up(reader_of("ada"), ada)
    client, _ = enter(ada, code_of(ada, steps=1))
    assert client.get("/admin/queue/").status_code == 200


def test_readers_are_not_asked(required, reader_of):
    assert reader_of("dora").get("/").status_code == 200


def test_after_turning_it_off_it_is_asked_for_again(required, ada, guarded):
    client, _ = enter(ada, code_of(ada, steps=1))
    TOTPDevice.objects.update(last_t=-1)
    client.post(f"{AT}remove/", {"password": "a long enough password", "code": code_of(ada)})
    assert client.get("/admin/queue/")["Location"] == AT


def test_the_set_up_page_draws_the_address_an_app_reads_with_its_camera(ada, reader_of):
    browser = reader_of("ada")
    browser.post("/account/second-step/begin/")
    page = browser.get("/account/second-step/").content.decode()
    modules, path = qr_code(TOTPDevice.objects.get(user=ada))
    finder = "".join(f"M{x} 4h1v1h-1z" for x in range(4, 11))
    assert path.startswith(finder)
    assert f'viewBox="0 0 {modules} {modules}"' in page
    assert path in page
