"""Every kind of form sent twice at the same moment changes the record once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from claims.models import LedgerEntry
from tests.claims.cast import make_cast
from tests.claims.desk_forms import FORMS, WHO, signed_in


@pytest.fixture
def cast(committed_db):
    return make_cast()


def send(cast, who, prepared, *, times):
    """Send a form so many times at once, from one browser; return the statuses, and the entries."""
    where, sent = prepared
    before = LedgerEntry.objects.count()
    cookies = cast.__dict__.pop("cookies", None) or signed_in(cast, who).cookies
    start = threading.Barrier(times)

    def press(_) -> int:
        client = Client(raise_request_exception=False)
        client.cookies = cookies.copy()
        start.wait()
        try:
            return client.post(where, sent).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as threads:
        statuses = sorted(threads.map(press, range(times)))
    return statuses, LedgerEntry.objects.count() - before


DECIDING = (
    "lower",
    "propose corroborated",
    "sign off",
    "close",
    "assign",
    "many at once",
    "import",
)
OTHERS = tuple(name for name in FORMS if name not in DECIDING)


@pytest.mark.parametrize(
    "names",
    [
        pytest.param(DECIDING, id="deciding"),
        pytest.param(OTHERS[::2], id="others", marks=pytest.mark.long),
        pytest.param(OTHERS[1::2], id="the rest", marks=pytest.mark.long),
    ],
)
def test_a_double_click_changes_as_much_as_a_single_one_whatever_the_form(cast, names):
    wrong = {}
    for name in names:
        prepare = FORMS[name]
        who = WHO.get(name, "ada")
        once, entered = send(cast, who, prepare(cast), times=1)
        both, entered_by_both = send(cast, who, prepare(cast), times=2)
        is_right = entered and entered == entered_by_both and once[0] < 400 and both[-1] < 500
        if not is_right:
            wrong[name] = (once, entered, both, entered_by_both)
    assert wrong == {}
