"""Articles and the places in them where claims appear."""

from collections.abc import Mapping, Sequence

from claims.access import articles_visible_to, require
from claims.errors import AlreadyExists, InvalidInput, NotFound
from claims.models import Appearance, Article, Claim, Desk
from claims.services import fields
from claims.services.edits import Reader, read
from claims.services.ledger import Recorder, Text, recording
from claims.services.settle import lock_claim, settle
from claims.states import EntryKind, Verb
from claims.types import Actor

MOST_ARTICLE = 500_000

ARTICLE_FIELDS: dict[str, Reader] = {
    "title": lambda name, value: fields.text_of(name, value, most=500, is_required=True),
    "language": lambda name, value: fields.text_of(name, value, most=16),
    "url": lambda name, value: fields.text_of(name, value, most=2048),
    "external_id": lambda name, value: fields.text_of(name, value, most=200),
    "published_at": fields.moment,
}


def add_article(
    actor: Actor, *, desk: Desk, text: str, values: Mapping[str, object], is_ours: bool = False
) -> Article:
    """Put an article on record; its text is kept exactly, so that spans stay true.

    Args:
        actor: a fact-checker or editor of the desk.
        desk: whose it is.
        text: at most 500,000 code points.
        values: fields of `ARTICLE_FIELDS`.
        is_ours: published by us.
    """
    with recording(actor) as record:
        require(actor, Verb.WRITE, desk)
        return put_article(desk=desk, text=text, values=values, is_ours=is_ours, record=record)


def put_article(
    *,
    desk: Desk,
    text: str,
    values: Mapping[str, object],
    record: Recorder,
    is_ours: bool = False,
) -> Article:
    """Check and write an article in the running transaction, with its entry."""
    checked = read({"title": "", **values}, ARTICLE_FIELDS)
    if not text.strip() or len(text) > MOST_ARTICLE or "\x00" in text:
        raise InvalidInput("text", f"must have from 1 to {MOST_ARTICLE} characters, no NUL.")
    article = Article.objects.create(desk=desk, text=text, is_ours=is_ours, **checked)
    record.add(
        EntryKind.ARTICLE_ADDED,
        sets={
            article.reference: {
                "desk": desk.slug,
                "title": Text(article.title),
                "text": Text(text),
                "language": article.language,
                "url": Text(article.url),
                "external_id": Text(article.external_id),
                "is_ours": is_ours,
                "published_at": article.published_at,
                "created_at": article.created_at,
            }
        },
    )
    return article


def add_appearance(
    actor: Actor,
    claim_id: int,
    *,
    article: str,
    start: int,
    end: int,
    cue: str = "",
    hedges: tuple[str, ...] = (),
) -> Appearance:
    """Say where in an article a claim appears; code-point offsets, end exclusive."""
    with recording(actor) as record:
        claim = lock_claim(actor, claim_id, verb=Verb.WRITE)
        found = articles_visible_to(actor).filter(reference=article).first()
        if found is None:
            raise NotFound("There is no such article.")
        made = put_appearance(
            claim, found, start=start, end=end, cue=cue, hedges=hedges, record=record
        )
        settle(claim, record=record)
        return made


def put_appearance(
    claim: Claim,
    article: Article,
    *,
    start: int,
    end: int,
    record: Recorder,
    cue: str = "",
    hedges: Sequence[str] = (),
) -> Appearance:
    """Mark a locked (or new) claim in an article in the running transaction, with its entry."""
    if not 0 <= start < end <= len(article.text):
        raise InvalidInput("start", "the span does not lie within the article.")
    if Appearance.objects.filter(claim=claim, article=article, start=start, end=end).exists():
        raise AlreadyExists(claim.reference, "The claim is marked there already.")
    appearance = Appearance.objects.create(
        claim=claim,
        article=article,
        start=start,
        end=end,
        quote=article.text[start:end],
        cue=fields.text_of("cue", cue, most=200),
        hedges=[fields.text_of("hedges", word, most=100) for word in hedges],
    )
    record.add(
        EntryKind.APPEARANCE_ADDED,
        claim=claim.reference,
        article=article.reference,
        start=start,
        end=end,
        quote=Text(appearance.quote),
        cue=Text(appearance.cue),
        hedges=[Text(word) for word in appearance.hedges],
    )
    return appearance
