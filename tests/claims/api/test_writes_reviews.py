"""Reviews are taken, planned and ended."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from claims.models import Proposal
from claims.services.reviews import ask_for_review
from claims.states import FlagKind
from tests.claims.api.writing import (
    Writer,
    code,
    corroborated,
    done,
    path_of,
    reasons,
    send,
    writer,
)
from tests.claims.cast import fresh, make_claim

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(cast) -> Writer:
    return writer(cast, "ada", cast.desk)


@pytest.fixture
def review(cast):
    claim = make_claim(cast)
    ask_for_review(cast.cleo, claim.pk, kind=FlagKind.TIP, detail="Look again.")
    return claim.reviews.get()


def test_review_is_taken_kept_from_others_and_given_back(ada, cast, review):
    done(ada.post(f"{path_of(review)}take/"))
    review.refresh_from_db()
    assert review.taken_by == cast.users["ada"]
    ben = writer(cast, "ben", cast.desk)
    assert code(ben.post(f"{path_of(review)}take/")) == (409, "rule_refused")
    done(ada.post(f"{path_of(review)}release/"))
    done(ben.post(f"{path_of(review)}take/"))


def test_review_is_assigned_and_due(ada, cast, review):
    done(send(ada, review, "assign/", {"to": cast.users["ben"].reference}))
    at = (timezone.now() + timedelta(days=1)).replace(microsecond=0)
    done(send(ada, review, "due/", {"due_at": at.isoformat()}))
    review.refresh_from_db()
    assert (review.assignee, review.due_at) == (cast.users["ben"], at)
    done(send(ada, review, "assign/", {"to": None}))
    review.refresh_from_db()
    assert review.assignee is None


@pytest.mark.parametrize(
    ("step", "body", "field"),
    [
        ("assign/", {"to": "PE-000000"}, "to"),
        ("assign/", {}, "to"),
        ("due/", {"due_at": "2024-10-18"}, "due_at"),
        ("due/", {"due_at": "2024-10-18T09:00:00"}, "due_at"),
        ("due/", {"due_at": "9999-12-31T23:59:00-12:00"}, "due_at"),
        ("due/", {"due_at": "2024-06-30T23:59:60Z"}, "due_at"),
        ("due/", {"due_at": datetime(2000, 1, 1, tzinfo=UTC).isoformat()}, "due_at"),
    ],
)
def test_plan_that_cannot_be_made_is_refused_at_its_field(ada, review, step, body, field):
    assert reasons(send(ada, review, step, body)).keys() == {field}


def test_review_ends_when_the_status_stands(ada, review):
    body = {"rationale": "It was moved.", "ground": "single_origin"}
    told = done(send(ada, review, "stands/", body))
    assert told["outcome"] == "stands"
    assert fresh(review.claim).ground == "single_origin"
    assert code(send(ada, review, "stands/", body)) == (409, "rule_refused")


def test_that_a_corroborated_claim_stands_waits_for_another(ada, cast):
    claim = corroborated(cast)
    ask_for_review(cast.cleo, claim.pk, kind=FlagKind.TIP, detail="Look again.")
    review = claim.reviews.get(ended_at__isnull=True)
    told = done(send(ada, review, "stands/", {"rationale": "It was moved."}), 202)
    assert told["outcome"] == "proposed"
    assert Proposal.objects.get(state="open").kind == "stands"
