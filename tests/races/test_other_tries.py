"""A request whose transaction the database broke off is asked again, and then told so."""

import threading

import pytest
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from claims.models import Claim
from tests.claims.cast import fresh, make_cast, make_claim

asked: list[str] = []


def raise_priority(request: HttpRequest, times: str) -> HttpResponse:
    """Raise the priority of the one claim, overtaken by another writer so many times."""
    asked.append(times)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        claim = Claim.objects.get()
        if len(asked) <= int(times):
            elsewhere(lambda: Claim.objects.update(open_flags=7))
        Claim.objects.filter(pk=claim.pk).update(priority=claim.priority + 1)
    return HttpResponse("done")


def elsewhere(work) -> None:
    """Do something on a connection of its own, to the end."""

    def run():
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


handler500 = "config.errors.server_error"
urlpatterns = [path("<str:times>/", raise_priority)]


@pytest.fixture
def claim(committed_db, settings):
    settings.ROOT_URLCONF = __name__
    asked.clear()
    return make_claim(make_cast(), priority=2)


@pytest.mark.catalogue(155)
@pytest.mark.parametrize("times", ["0", "1", "2"])
def test_a_transaction_overtaken_twice_is_done_once(claim, times):
    assert Client().post(f"/{times}/").content == b"done"
    assert (fresh(claim).priority, len(asked)) == (3, int(times) + 1)


@pytest.mark.catalogue(155)
def test_one_overtaken_for_ever_is_told_to_come_back_and_changes_nothing(claim):
    answer = Client(raise_request_exception=False).post("/9/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert (fresh(claim).priority, len(asked)) == (2, 3)
