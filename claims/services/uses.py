"""What we printed: which claims an article of ours uses, in which words, as known at which seq."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery

from claims.access import require, visible_to
from claims.errors import InvalidInput, RuleRefused
from claims.models import Article, Claim, LedgerEntry, Use
from claims.queries.ledger import head_seq
from claims.queries.uses import Standing, article_of_ours, standing_at, uses_of_article
from claims.services import fields
from claims.services.ledger import Recorder, Text, recording
from claims.services.reliance import mark_due, tells_of, why_below
from claims.states import Basis, ClaimStatus, EntryKind, Verb, Visibility
from claims.types import Actor

MOST_USES = 150
"""In one article: each may take an entry that it is recorded, due, or ended."""

MOST_WORDS = 5_000
FIELDS = frozenset({"claim", "words", "relied_seq"})


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One use as it was handed in; `at` names it in a refusal."""

    at: str
    claim: str
    words: str
    relied_seq: object


@dataclass(frozen=True, slots=True)
class _Known:
    """A locked claim, with its first and last entry."""

    claim: Claim
    opened_seq: int
    last_seq: int


def put_uses(
    actor: Actor,
    *,
    uses: Sequence[Mapping[str, object]],
    article: str = "",
    external_id: str = "",
) -> list[Use]:
    """Say which claims an article of ours uses; what was said before is replaced, or nothing is.

    What is new or says something else is recorded, what is left out ends, what is the same stays
    as it is. Where a claim has fallen below what is relied on, a correction is due at once. One
    that is due already stays due, however the words are changed or left out: until it is answered.
    Uses of claims that do not exist for the actor are left alone. No claim's revision changes.

    Args:
        actor: a fact-checker or editor of the article's desk, or a token that may write claims
            there.
        uses: at most `MOST_USES`, each with `claim`, its reference; `words`, as printed; and
            `relied_seq`, the ledger entry up to which the claim was known: by default the last of
            all, or that of before where the words are the same.
        article: its reference.
        external_id: what the publishing system calls it, where no reference is given.

    Returns:
        What the article now relies on (`queries.uses.uses_of_article`).

    Raises:
        InvalidInput: field `uses`, `uses.N` or `uses.N.FIELD`, N counted from 0.
        RuleRefused: the article is not one of ours.
        NotFound, NotAllowed: as everywhere.
    """
    wanted = _read(uses)
    with recording(actor) as record:
        found = article_of_ours(actor, reference=article, external_id=external_id)
        require(actor, Verb.WRITE, found.desk)
        if not found.is_ours:
            raise RuleRefused(f"{found.reference} is not an article of ours.")
        known = _lock(actor, found, wanted)
        _replace(actor, found, wanted, known, record=record)
        return uses_of_article(actor, found)


def _read(uses: Sequence[Mapping[str, object]]) -> list[_Wanted]:
    if len(uses) > MOST_USES:
        raise InvalidInput("uses", f"are more than {MOST_USES}.")
    wanted: list[_Wanted] = []
    for number, use in enumerate(uses):
        at = f"uses.{number}"
        if not isinstance(use, Mapping):
            raise InvalidInput(at, "must be an object with claim and words.")
        for name in sorted(use.keys() - FIELDS):
            raise InvalidInput(f"{at}.{name}", "is not a field that can be set.")
        claim = fields.text_of(f"{at}.claim", use.get("claim"), most=9, is_required=True)
        words = fields.text_of(f"{at}.words", use.get("words"), most=MOST_WORDS, is_required=True)
        if any(other.claim == claim for other in wanted):
            raise InvalidInput(f"{at}.claim", f"{claim} is named twice.")
        wanted.append(_Wanted(at, claim, words, use.get("relied_seq")))
    return wanted


def _lock(actor: Actor, article: Article, wanted: Sequence[_Wanted]) -> dict[str, _Known]:
    """Lock the claims named, those used before, and what stands in their place; then the article.

    Returns:
        What exists for the actor, by reference.
    """
    seen = visible_to(actor)
    named = seen.filter(reference__in=[item.claim for item in wanted])
    used = seen.filter(uses__article=article, uses__ended_at__isnull=True)
    pairs = [*named.values_list("pk", "replaced_by"), *used.values_list("pk", "replaced_by")]
    ids = {pk for pair in pairs for pk in pair if pk is not None}
    rows = Claim.objects.filter(pk__in=ids).order_by("pk")
    claims = {claim.pk: claim for claim in rows.select_for_update(of=("self",), no_key=True)}
    Article.objects.select_for_update(no_key=True).only("pk").get(pk=article.pk)
    for claim in claims.values():
        if claim.replaced_by_id in claims:
            claim.replaced_by = claims[claim.replaced_by_id]
    entries = LedgerEntry.objects.filter(claim_ref=OuterRef("reference"))
    told = seen.filter(pk__in=claims).annotate(
        opened_seq=Subquery(entries.order_by("seq").values("seq")[:1]),
        last_seq=Subquery(entries.order_by("-seq").values("seq")[:1]),
    )
    return {
        claims[pk].reference: _Known(claims[pk], opened_seq, last_seq)
        for pk, opened_seq, last_seq in told.values_list("pk", "opened_seq", "last_seq")
    }


def _replace(
    actor: Actor,
    article: Article,
    wanted: Sequence[_Wanted],
    known: Mapping[str, _Known],
    *,
    record: Recorder,
) -> None:
    rows = Use.objects.filter(article=article, ended_at__isnull=True)
    rows = rows.filter(claim__in=visible_to(actor)).select_related("claim").order_by("pk")
    live = {use.claim.reference: use for use in rows.select_for_update(of=("self",), no_key=True)}
    head = head_seq()
    reasons: dict[int, str] = {}
    for item in wanted:
        if item.claim not in known:
            raise InvalidInput(f"{item.at}.claim", f"there is no claim {item.claim}.")
        of = known[item.claim]
        use = _put(article, item, of, live.get(item.claim), head=head, record=record)
        why = _why_due(use, of.claim) if use else ""
        if use and why:
            reasons[use.pk] = why
    _end([live[name] for name in sorted(live.keys() - {w.claim for w in wanted})], record=record)
    due = Use.objects.filter(pk__in=reasons).exclude(
        due_since_at__isnull=False, answered_at__isnull=True
    )
    mark_due(due, reasons, record=record)


def _put(
    article: Article,
    item: _Wanted,
    known: _Known,
    use: Use | None,
    *,
    head: int,
    record: Recorder,
) -> Use | None:
    """Write one use with its entry; None where it is the same as before."""
    seq = head
    if item.relied_seq is not None:
        name = f"{item.at}.relied_seq"
        seq = fields.whole(name, item.relied_seq, least=known.opened_seq, most=head)
    elif use is not None and use.words == item.words:
        seq = use.relied_seq
    if use is not None and (use.words, use.relied_seq) == (item.words, seq):
        return None
    use = use or Use(article=article, claim=known.claim)
    on = _standing(known, seq)
    use.words, use.relied_seq = item.words, seq
    use.relied_status, use.relied_basis = on.status, on.basis
    use.recorded_at, use.recorded_by_id = record.at, _person(record.actor)
    use.save()
    _enter(use, article, record=record)
    return use


def _standing(known: _Known, seq: int) -> Standing:
    claim = known.claim
    if seq >= known.last_seq:
        return Standing(ClaimStatus(claim.status), Basis(claim.basis))
    return standing_at(claim.reference, seq)


def _person(actor: Actor) -> int:
    assert actor.user_id is not None  # noqa: S101 - nobody else holds a role
    return actor.user_id


def _enter(use: Use, article: Article, *, record: Recorder) -> None:
    record.add(
        EntryKind.USE_RECORDED,
        claim=use.claim.reference,
        sets={
            use.reference: {
                "article": article.reference,
                "claim": use.claim.reference,
                "words": Text(use.words),
                "relied_seq": use.relied_seq,
                "relied_status": use.relied_status,
                "relied_basis": use.relied_basis,
                "recorded_at": use.recorded_at,
                "ended_at": None,
            }
        },
    )


def _why_due(use: Use, claim: Claim) -> str:
    """Say why a correction is due on what is recorded only now; empty where none is."""
    on = Standing(ClaimStatus(use.relied_status), Basis(use.relied_basis))
    why, kept = why_below(on, claim), claim.replaced_by
    if why or kept is None:
        return why
    visibility = Visibility(claim.visibility)
    if not tells_of(kept, visibility=visibility, desk_id=claim.desk_id):
        return ""
    why = why_below(on, kept)
    return f"what stands in place of {claim.reference}: {why}" if why else ""


def _end(uses: Sequence[Use], *, record: Recorder) -> None:
    Use.objects.filter(pk__in=[use.pk for use in uses]).update(ended_at=record.at)
    for use in uses:
        record.add(
            EntryKind.USE_ENDED,
            claim=use.claim.reference,
            sets={use.reference: {"ended_at": record.at}},
        )
