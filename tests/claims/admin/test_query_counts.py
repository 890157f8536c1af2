"""A page of the desk asks the database as often for thirty rows as for three."""

from http import HTTPStatus
from itertools import count
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.services import proposals, reviews
from claims.services.ledger import recording
from claims.services.notifications import tell
from claims.services.reviews import Cause, raise_flag
from claims.services.settle import settle
from claims.states import ClaimStatus, FlagKind, Ground, NotificationKind
from claims.types import MACHINE
from tests.claims.admin.conftest import Door
from tests.claims.cast import Cast, fresh, make_cast, make_claim, make_evidence, make_origin

FEW, MANY = 3, 30
EVENT = UUID(int=7)
PAGE = "https://one.example.org/story"
NUMBERS = count(1)


def open_claims(cast: Cast, rows: int) -> None:
    for _ in range(rows):
        make_claim(cast, f"{next(NUMBERS)} houses were lost in the harbour.")


def ask_for_reviews(cast: Cast, rows: int) -> None:
    for _ in range(rows):
        claim = make_claim(cast, f"Claim {next(NUMBERS)}.")
        reviews.ask_for_review(cast.ada, claim.pk, kind=FlagKind.TIP, detail="Look.")


def flag_together(cast: Cast, rows: int) -> None:
    """Let one page change under so many claims, by one event."""
    made = [
        make_evidence(cast, make_claim(cast, f"Claim {next(NUMBERS)}."), url=PAGE)
        for _ in range(rows)
    ]
    cause = Cause(source=made[0].source, id=EVENT)
    with recording(MACHINE) as record:
        for row in made:
            raise_flag(row.claim, FlagKind.FIGURE_ALTERED, record=record, cause=cause, evidence=row)
            settle(row.claim, record=record)


def propose(cast: Cast, rows: int) -> None:
    for _ in range(rows):
        claim = make_claim(cast, f"Claim {next(NUMBERS)}.")
        for _ in range(2):
            origin = make_origin(cast, f"Agency {next(NUMBERS)}")
            make_evidence(cast, claim, origin=origin)
        proposals.propose(
            cast.ben,
            claim.pk,
            to=ClaimStatus.CORROBORATED,
            ground=Ground.INDEPENDENT_ORIGINS,
            rationale="Two agree.",
            seen=fresh(claim).revision,
        )


def tell_of_claims(cast: Cast, rows: int) -> None:
    with recording(cast.ben) as record:
        for _ in range(rows):
            claim = make_claim(cast, f"Claim {next(NUMBERS)}.")
            people = [cast.users["ada"].pk]
            tell(NotificationKind.COMMENTED, claim=claim, to=people, record=record)


def link_sources(cast: Cast, rows: int) -> None:
    """Link pages to the one claim, each with another origin; open flags on some."""
    claim = cast.desk.claims.earliest("pk")
    for _ in range(rows):
        make_evidence(cast, claim, origin=make_origin(cast, f"Agency {next(NUMBERS)}"))
        reviews.ask_for_review(cast.ada, claim.pk, kind=FlagKind.TIP, detail="Look.")


FILLS = (open_claims, ask_for_reviews, flag_together, propose, tell_of_claims, link_sources)
LISTS = (
    ("claims_queue", ""),
    ("claims_queue", "?whose=nobody"),
    ("claims_queue", "?flag=figure_altered"),
    ("claims_queue", "?status=reported"),
    ("claims_queue", "?part=sign-off"),
    ("claims_queue", "?part=new"),
    ("claims_claim_changelist", ""),
    ("claims_claim_changelist", "?status=reported"),
    ("claims_claim_changelist", "?q=harbour"),
    ("claims_claim_changelist", "?q=nothing"),
    ("claims_source_changelist", ""),
    ("claims_source_changelist", "?q=example"),
    ("claims_sign_offs", ""),
    ("claims_notifications", ""),
)


class Filled:
    """A desk with so many rows of everything, and how often each page asked for them."""

    def __init__(self) -> None:
        self.cast = make_cast()
        self.ada = Door(self.cast.users["ada"])
        self.rests_on_much = make_claim(self.cast).reference
        self.rows = 0

    def fill(self, rows: int) -> None:
        for fill in FILLS:
            fill(self.cast, rows - self.rows)
        self.rows = rows

    def counts(self) -> dict[tuple[str, ...], int]:
        self.ada.get("claims_queue")  # gives every review its place
        counts: dict[tuple[str, ...], int]
        counts = {(page, query): self.count(page, query=query) for page, query in LISTS}
        counts["review page",] = self.count("claims_claim_page", self.rests_on_much)
        counts["change",] = self.count("claims_cause", EVENT)
        counts["similar",] = self.count_similar()
        return counts

    def count(self, page, *names, query="") -> int:
        with CaptureQueriesContext(connection) as asked:
            assert self.ada.get(page, *names, query=query).status_code == HTTPStatus.OK
        return len(asked)

    def count_similar(self) -> int:
        values = {"step": "check", "statement": "9 houses were lost in the harbour."}
        with CaptureQueriesContext(connection) as asked:
            page = self.ada.post("claims_claim_new", **values).content.decode()
        assert "houses were lost" in page
        return len(asked)


@pytest.fixture(scope="module")
def counts(module_db):
    desk = Filled()
    desk.fill(FEW)
    few = desk.counts()
    desk.fill(MANY)
    return few, desk.counts()


@pytest.mark.parametrize(
    "page", [*LISTS, ("review page",), ("change",), ("similar",)], ids=":".join
)
def test_a_page_takes_as_many_queries_for_thirty_rows_as_for_three(counts, page):
    few, many = counts
    assert many[page] == few[page]
