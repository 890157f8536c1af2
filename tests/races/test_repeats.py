"""One request sent many times at once, under one Idempotency-Key, is done once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from claims.models import Claim, KeptAnswer, LedgerEntry
from tests.claims.api.writing import writer
from tests.claims.cast import fresh, make_cast, make_claim

TIMES = 20


@pytest.fixture
def ada(committed_db):
    cast = make_cast()
    return writer(cast, "ada", cast.desk), cast


def at_once(ask):
    """Ask so many times at once; return the answers."""
    start = threading.Barrier(TIMES)

    def one(number):
        start.wait()
        try:
            return ask(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(TIMES) as threads:
        return list(threads.map(one, range(TIMES)))


@pytest.mark.catalogue(100)
def test_twenty_same_posts_at_once_open_one_claim(ada):
    by, _ = ada
    body = {"statement": "It is so."}
    answers = at_once(lambda _: by.post("claims/", body, Idempotency_Key="one"))
    opened = {answer.content for answer in answers if answer.status_code == 201}
    waiting = {answer.json()["code"] for answer in answers if answer.status_code != 201}
    assert len(opened) == Claim.objects.count() == KeptAnswer.objects.count() == 1
    assert waiting <= {"request_in_progress"}
    assert all(answer["Retry-After"] for answer in answers if answer.status_code == 409)
    again = by.post("claims/", body, Idempotency_Key="one")
    assert (again.status_code, {again.content}) == (201, opened)


@pytest.mark.catalogue(100)
def test_same_key_with_other_bodies_at_once_does_one_of_them(ada):
    by, _ = ada
    answers = at_once(
        lambda number: by.post("claims/", {"statement": f"Claim {number}."}, Idempotency_Key="one")
    )
    assert sorted({answer.status_code for answer in answers} - {409}) in ([201], [201, 422])
    assert Claim.objects.count() == 1


@pytest.mark.catalogue(99, 148)
def test_of_twenty_changes_to_one_version_one_is_made(ada):
    by, cast = ada
    claim = make_claim(cast)
    before = LedgerEntry.objects.count()
    path = f"claims/{claim.reference}/"
    answers = at_once(
        lambda number: by.patch(path, {"topic": f"topic-{number}"}, If_Match=f'"{claim.revision}"')
    )
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [200] + [412] * (TIMES - 1)
    assert fresh(claim).revision == claim.revision + 1
    assert LedgerEntry.objects.count() == before + 1


def test_same_external_id_at_once_is_one_article(ada):
    by, _ = ada
    body = {"title": "T", "text": "Text.", "external_id": "cms-1"}
    answers = at_once(lambda _: by.post("articles/", body))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * (TIMES - 1)
