"""Link a page by itself, before it is evidence of anything; the watch looks at it at once."""

from collections.abc import Mapping

from django.conf import settings

from claims.access import may_at, sources_visible_to
from claims.errors import NotAllowed, RuleRefused
from claims.models import Desk, Source
from claims.services import fields
from claims.services.ledger import recording
from claims.services.sources import found_or_linked, look_soon
from claims.states import Verb
from claims.types import Actor


def link_by_address(actor: Actor, *, url: str, values: Mapping[str, object]) -> tuple[Source, bool]:
    """Return the source of an address, and whether it was linked just now.

    A page on record is looked at soon and otherwise left as it is.

    Args:
        actor: a fact-checker or editor of some desk.
        url: of the page.
        values: `title`, `publisher` (a reference), `is_expected_to_change`, `is_fetched`.

    Raises:
        InvalidInput: a field is wrong; `url` with the parser's reason.
        NotAllowed: no fact-checker anywhere.
        RuleRefused: it is known, and rests on nothing that exists for this actor.
    """
    with recording(actor) as record:
        _require_writer(actor)
        details = dict(values)
        if "title" in details:
            details["title"] = fields.text_of("title", details["title"], most=500)
        if "publisher" in details:
            details["publisher"] = fields.origin("publisher", details["publisher"])
        allow = settings.FETCH_ALLOW_PRIVATE
        source, is_new = found_or_linked(url, record=record, allow=allow, details=details)
        if is_new:
            return source, True
        if not sources_visible_to(actor).filter(pk=source.pk).exists():
            raise RuleRefused("This page cannot be linked by itself: add it to a claim.")
        look_soon(source, record=record)
        return source, False


def _require_writer(actor: Actor) -> None:
    desks = Desk.objects.filter(slug__in=[desk for desk, _ in actor.roles])
    if not any(may_at(actor, Verb.WRITE, desk) for desk in desks):
        raise NotAllowed("Only fact-checkers and editors link pages.")
