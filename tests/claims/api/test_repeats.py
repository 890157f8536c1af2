"""One Idempotency-Key, one effect: the same request again is answered alike."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.test import Client

from claims.models import Claim, KeptAnswer, Review
from claims.services.kept_answers import KEPT_FOR, REMOVED_IN_PASSING
from claims.services.reviews import ask_for_review
from claims.states import FlagKind
from tests.claims.api.writing import writer
from tests.claims.cast import fresh, make_claim

pytestmark = pytest.mark.django_db

BODY = {"statement": "It is so."}


@pytest.fixture
def ada(cast):
    return writer(cast, "ada", cast.desk)


def opened(by, body=None, *, key: str = "one"):
    return by.post("claims/", BODY if body is None else body, Idempotency_Key=key)


def grow_old() -> None:
    KeptAnswer.objects.update(made_at=F("made_at") - KEPT_FOR - timedelta(minutes=1))


def test_same_request_again_is_answered_alike_and_done_once(ada):
    first, again = opened(ada), opened(ada)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    for name in ("Location", "Content-Location", "ETag", "Content-Type"):
        assert again[name] == first[name]
    assert not first.has_header("Idempotency-Replayed")
    assert again["Idempotency-Replayed"] == "true"
    assert Claim.objects.count() == 1


def test_change_again_is_answered_alike_although_its_version_is_gone(ada, cast):
    claim = make_claim(cast)
    path = f"claims/{claim.reference}/"
    held = ada.tag(path)
    answers = [
        ada.patch(path, {"topic": "war"}, If_Match=held, Idempotency_Key="k") for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert fresh(claim).revision == claim.revision + 1


@pytest.mark.parametrize("other", [{"statement": "Otherwise."}, {"statement": "It is so. "}])
def test_key_of_another_body_is_422(ada, other):
    opened(ada)
    answer = opened(ada, other)
    assert (answer.status_code, answer.json()["code"]) == (422, "key_reused")
    assert Claim.objects.count() == 1


def test_key_of_another_address_is_422(ada):
    opened(ada)
    answer = ada.post("sources/", {"page_url": "https://a.example.org/"}, Idempotency_Key="one")
    assert (answer.status_code, answer.json()["code"]) == (422, "key_reused")


def test_key_belongs_to_its_token(ada, cast):
    opened(ada)
    answer = opened(writer(cast, "ben", cast.desk))
    assert answer.status_code == 201
    assert not answer.has_header("Idempotency-Replayed")


def test_refusal_keeps_nothing_and_the_key_is_free(ada):
    assert opened(ada, {"statement": ""}).status_code == 400
    assert not KeptAnswer.objects.exists()
    assert opened(ada).status_code == 201


def test_without_a_key_nothing_is_kept(ada):
    assert ada.post("claims/", BODY).status_code == 201
    assert not KeptAnswer.objects.exists()


def test_answer_is_kept_for_a_day_and_then_its_key_is_free(ada, cast):
    opened(ada)
    Claim.objects.update(decided_at=F("created_at"))  # another such statement may be opened
    grow_old()
    answer = opened(ada)
    assert answer.status_code == 201
    assert not answer.has_header("Idempotency-Replayed")
    assert (KeptAnswer.objects.count(), Claim.objects.count()) == (1, 2)


def test_old_answers_are_removed_in_passing(ada):
    for number in range(REMOVED_IN_PASSING + 2):
        opened(ada, {"statement": f"Claim {number}."}, key=f"k{number}")
    grow_old()
    opened(ada, {"statement": "Another."}, key="new")
    assert KeptAnswer.objects.count() == 3


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 256, "ä", "\x7f", "a\tb", "\xff" * 9])
def test_key_that_is_none_is_400(ada, key):
    answer = opened(ada, key=key)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
    assert not Claim.objects.exists()


def test_person_in_a_browser_has_keys_too(cast):
    browser = Client()
    browser.force_login(cast.users["ada"], backend="django.contrib.auth.backends.ModelBackend")
    answers = [
        browser.post(
            "/api/v1/claims/",
            BODY,
            content_type="application/json",
            headers={"Idempotency-Key": "a"},
        )
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert KeptAnswer.objects.get().holder == cast.users["ada"].reference


@pytest.mark.parametrize(
    "content_type",
    ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "text/plain", ""],
)
def test_write_without_a_body_has_keys_too(ada, cast, content_type):
    ask_for_review(cast.cleo, make_claim(cast).pk, kind=FlagKind.TIP, detail="Look again.")
    path = f"reviews/{Review.objects.get().reference}/take/"
    answers = [
        ada.post(path, b"", Idempotency_Key="k", **{"Content-Type": content_type}) for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[1]["Idempotency-Replayed"] == "true"
