"""A claim opened by hand, with the place it was found in and how it stands to others, in one go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection

from claims.access import require
from claims.errors import AlreadyExists, InvalidInput
from claims.models import Appearance, Article, Claim, Desk
from claims.services.articles import put_appearance, put_article
from claims.services.claims import put_link, put_on_record
from claims.services.closing import seen_claim
from claims.services.ledger import Recorder, recording
from claims.services.settle import lock_claim, settle
from claims.states import ClaimLinkKind, Verb, Visibility
from claims.types import Actor, FigureValue

JUST_NOW = timedelta(minutes=10)
MOST_TITLE = 200
_NEWEST = 20


@dataclass(frozen=True, slots=True)
class Place:
    """Words in an article, or in a pasted text that becomes one; code-point offsets into it."""

    start: int
    end: int
    article: Article | None = None
    text: str = ""
    language: str = ""
    cue: str = ""
    hedges: tuple[str, ...] = ()


def open_by_hand(
    actor: Actor,
    *,
    desk: Desk,
    values: Mapping[str, object],
    figures: Sequence[FigureValue] = (),
    visibility: Visibility = Visibility.OPEN,
    place: Place | None = None,
    links: Sequence[tuple[ClaimLinkKind, str]] = (),
) -> Claim:
    """Open a claim, mark its place and link it, in one transaction.

    Args:
        actor: a fact-checker or editor of the desk.
        desk: whose claim it is; a pasted text becomes its article.
        values: fields of `edits.CLAIM_FIELDS`.
        figures: on the claim itself.
        visibility: who sees it.
        place: where it was found; None for a call or a tip.
        links: how it stands to tracked claims, by reference.

    Raises:
        AlreadyExists: the same person opened the very same claim a moment ago: sent twice.
        InvalidInput, NotAllowed: as `claims.open_claim`.
    """
    with recording(actor) as record:
        require(actor, Verb.WRITE, desk)
        _one_at_a_time(actor)
        _refuse_the_same_again(desk, values, record=record)
        others = [(kind, seen_claim(actor, to)) for kind, to in links]
        claim = put_on_record(
            desk=desk, values=values, figures=figures, visibility=visibility, record=record
        )
        if place is not None:
            _mark(claim, place, desk=desk, record=record)
        for kind, other in others:
            put_link(claim, kind=kind, other=other, record=record)
        return claim


def join(actor: Actor, reference: str, *, place: Place) -> Appearance:
    """Mark a place as one more in which a tracked claim is made.

    Raises:
        AlreadyExists: it is marked there already.
    """
    with recording(actor) as record:
        _one_at_a_time(actor)
        found = seen_claim(actor, reference)
        claim = lock_claim(actor, found.pk, verb=Verb.WRITE)
        made = _mark(claim, place, desk=claim.desk, record=record)
        settle(claim, record=record)
        return made


def _mark(claim: Claim, place: Place, *, desk: Desk, record: Recorder) -> Appearance:
    article = place.article or _pasted(place, desk=desk, record=record)
    return put_appearance(
        claim,
        article,
        start=place.start,
        end=place.end,
        cue=place.cue,
        hedges=place.hedges,
        record=record,
    )


def _pasted(place: Place, *, desk: Desk, record: Recorder) -> Article:
    """Return the article of a pasted text: of one pasted a moment ago, the same."""
    for article in Article.objects.filter(desk=desk).order_by("-pk")[:_NEWEST]:
        if article.text == place.text and article.created_at > record.at - JUST_NOW:
            return article
    title = next((line.strip() for line in place.text.splitlines() if line.strip()), "")
    cut = title if len(title) <= MOST_TITLE else f"{title[: MOST_TITLE - 1]}…"
    values = {"title": cut, "language": place.language or "und"}
    return put_article(desk=desk, text=place.text, values=values, record=record)


def _one_at_a_time(actor: Actor) -> None:
    """Let a person's second click wait for the first, so that it finds what that has done."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [0x57E9, actor.user_id or 0])


def _refuse_the_same_again(desk: Desk, values: Mapping[str, object], *, record: Recorder) -> None:
    statement = values.get("statement")
    if not isinstance(statement, str) or not statement.strip():
        raise InvalidInput("statement", "is required.")
    newest = Claim.objects.filter(desk=desk, decided_at__isnull=True, closed_at__isnull=True)
    for claim in newest.order_by("-pk")[:_NEWEST]:
        is_own = claim.created_by_id == record.actor.user_id
        is_recent = claim.created_at > record.at - JUST_NOW
        if is_own and is_recent and claim.statement == statement.strip():
            said = f"{claim.reference} says exactly this: you opened it a moment ago."
            raise AlreadyExists(claim.reference, said)
