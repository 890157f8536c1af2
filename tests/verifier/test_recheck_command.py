"""`manage.py recheck`: the watch by hand, without Redis and without a worker."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from claims.models import Watch
from claims.states import QuoteState
from tests.claims.cast import make_cast, make_claim, make_evidence
from tests.site import QUOTE, Site
from tests.verifier.archived import keep_in
from verifier.tasks import means


@pytest.fixture
def site():
    site = Site()
    yield site
    site.close()


@pytest.fixture
def row(committed_db, site, settings, tmp_path):
    settings.FETCH_ALLOW_PRIVATE = frozenset({site.place})
    settings.FETCH_PAUSE_S = 0
    keep_in(tmp_path, settings)
    means.cache_clear()
    cast = make_cast()
    address = f"http://{site.place}/flood"
    state = QuoteState.UNCHECKED
    yield make_evidence(cast, make_claim(cast), url=address, quote=QUOTE, state=state)
    means().pages.close()
    means.cache_clear()


def recheck(*words: str, **options) -> str:
    out = StringIO()
    call_command("recheck", *words, stdout=out, **options)
    return out.getvalue()


def test_all_that_is_due_is_looked_at(row):
    assert "1 changed; 1 recorded as changes, 0 lost\n1 looks" in recheck(due=True)
    row.refresh_from_db()
    assert row.quote_state == QuoteState.STANDING
    assert recheck(due=True) == "0 looks\n"


def test_a_named_source_is_looked_at_though_it_is_not_due(row):
    recheck(due=True)
    assert "1 looks" in recheck(row.source.reference)
    assert Watch.objects.get().looks == 2


def test_a_dry_run_says_how_many_and_looks_at_none(row, site):
    assert recheck("--dry-run", due=True) == "1 due\n"
    assert site.asked == []


def test_an_unknown_source_is_named(row):
    with pytest.raises(CommandError, match="SO-000000"):
        recheck("SO-000000")
