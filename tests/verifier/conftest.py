"""A site, a claim that rests on its page, and what a worker looks with."""

from datetime import timedelta

import pytest

from claims.states import QuoteState
from tests.claims.cast import make_cast, make_claim, make_evidence
from tests.site import QUOTE, Site
from verifier.archive import Folder
from verifier.pages import Pages
from verifier.recheck import Means
from verifier.schedule import Pace
from verifier.types import Guard, Limits


@pytest.fixture
def site():
    site = Site()
    yield site
    site.close()


@pytest.fixture(scope="module")
def pages():
    with Pages(size=1) as pages:
        yield pages


@pytest.fixture
def means(site, pages, tmp_path) -> Means:
    return Means(
        pages=pages,
        blobs=Folder(tmp_path),
        guard=Guard(allow=frozenset({site.place})),
        limits=Limits(total_s=5),
        pace=Pace(first_s=1, min_s=1, max_s=60, gone_relook_s=0, unreachable_after_s=3600),
        pause=timedelta(0),
    )


@pytest.fixture
def row(committed_db, site, settings):
    settings.FETCH_ALLOW_PRIVATE = frozenset({site.place})
    cast = make_cast()
    claim = make_claim(cast, "At least 240 houses were under water.")
    return make_evidence(
        cast, claim, url=f"http://{site.place}/flood", quote=QUOTE, state=QuoteState.UNCHECKED
    )
