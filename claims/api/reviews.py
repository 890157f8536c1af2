"""Reviews: the open ones as a list, and one by its reference, ended or not."""

from django.db.models import QuerySet

from claims.access import reviews_visible_to
from claims.api import filters, json_schema
from claims.api.answers import reviews as answers
from claims.api.answers.envelopes import page_of
from claims.api.answers.fields import names_of
from claims.api.description import CURSOR, FIELDS, LIMIT, described, parameter
from claims.api.lists import Listing, Single
from claims.api.shapes.reviews import review_shape
from claims.models import Review
from claims.types import Actor


def open_reviews(actor: Actor) -> QuerySet[Review]:
    """Return the rounds of work not ended, on claims that exist for `actor`."""
    return reviews_visible_to(actor).filter(ended_at__isnull=True)


@described(
    "list_reviews",
    page_of(answers.Review),
    parameter("desk", "Only this desk's, by its slug.", shape=json_schema.SLUG),
    parameter("claim", "Only of this claim, by its reference.", shape=json_schema.reference("ST")),
    FIELDS,
    LIMIT,
    CURSOR,
)
class ReviewList(Listing):
    """Every open review its reader may see, newest first."""

    model = Review
    rows = open_reviews
    shape = review_shape
    field_names = names_of(answers.Review)
    filters = {"desk": filters.desk("claim__desk_id"), "claim": filters.OF_CLAIM}


@described("read_review", answers.Review, FIELDS)
class OneReview(Single):
    """One review."""

    prefix = "RE"
    noun = "review"
    rows = reviews_visible_to
    shape = review_shape
    field_names = names_of(answers.Review)
