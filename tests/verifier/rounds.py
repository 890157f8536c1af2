"""Rounds of the watch on the one page of the fixtures."""

from datetime import UTC, datetime

from claims.models import Desk, Flag, User, Watch
from tests.claims.cast import Cast
from verifier.recheck import Means, recheck_batch

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
FAR_AWAY = datetime(2099, 1, 1, tzinfo=UTC)


def look(means: Means):
    Watch.objects.update(due_at=LONG_AGO)
    return recheck_batch(means)


def flags(row) -> list[str]:
    return list(Flag.objects.filter(claim=row.claim).order_by("pk").values_list("kind", flat=True))


def make_cast_again():
    """The cast that is on record already."""
    users = {user.username: user for user in User.objects.all()}
    return Cast(Desk.objects.get(slug="world"), Desk.objects.get(slug="sport"), users)
