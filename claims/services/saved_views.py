"""A person's own views of the queue: nobody's record, so without entries."""

from django.db import transaction

from claims.errors import InvalidInput, NotAllowed, NotFound
from claims.models.review import SavedView
from claims.services import fields
from claims.services.ledger import clock
from claims.types import Actor

MOST_VIEWS = 20
MOST_NAME = 60
MOST_QUERY = 300


def save_view(actor: Actor, *, name: str, query: str) -> SavedView:
    """Keep a set of filters under a name; the same name again changes what it stands for.

    Args:
        actor: whose view it is.
        name: at most `MOST_NAME` code points.
        query: of the queue's address, as `queries.queue.Wanted.query` gives it.

    Raises:
        InvalidInput: field `name`: empty, too long, or one view too many.
    """
    if actor.user_id is None:
        raise NotAllowed("Only a person keeps views.")
    called = fields.text_of("name", name, most=MOST_NAME, is_required=True)
    kept = fields.text_of("query", query, most=MOST_QUERY)
    with transaction.atomic():
        own = SavedView.objects.filter(user=actor.user_id, removed_at__isnull=True)
        if own.exclude(name=called).count() >= MOST_VIEWS:
            raise InvalidInput("name", f"you keep {MOST_VIEWS} views already: remove one first.")
        view, _ = SavedView.objects.update_or_create(
            user_id=actor.user_id, name=called, removed_at=None, defaults={"query": kept}
        )
        return view


def remove_view(actor: Actor, *, name: str) -> None:
    """Remove one of the person's own views.

    Raises:
        NotFound: they keep none of that name.
    """
    own = SavedView.objects.filter(user=actor.user_id, name=name, removed_at__isnull=True)
    if not own.update(removed_at=clock()):
        raise NotFound("There is no such view.")
