"""A review and a proposal carry the desk of their claim, whatever is written there."""

import pytest
from django.utils import timezone

from claims.models import Proposal, Review
from tests.claims.cast import make_claim


@pytest.fixture
def made(cast):
    """A review and a proposal of one claim, made without a word of its desk."""
    claim, now = make_claim(cast), timezone.now()
    review = Review.objects.create(claim=claim, opened_at=now)
    proposal = Proposal.objects.create(
        claim=claim, version="0" * 64, proposed_by=cast.users["ada"], proposed_at=now
    )
    return claim, review, proposal


def test_the_database_copies_the_desk_when_the_row_is_made(made):
    claim, *rows = made
    for row in rows:
        row.refresh_from_db()
        assert row.desk == claim.desk


def test_another_desk_cannot_be_written(cast, made):
    claim, *rows = made
    for row in rows:
        type(row).objects.filter(pk=row.pk).update(desk=cast.other_desk)
        row.refresh_from_db()
        assert row.desk == claim.desk
