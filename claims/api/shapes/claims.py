"""A claim, with its status, what that rests on, and whether it still does."""

from django.db.models import (
    BigIntegerField,
    Case,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import NullIf

from claims.access import visible_to
from claims.api.shapes.evidence import evidence_shape
from claims.api.shapes.parts import CONFIDENTIAL, Asked, figures, named
from claims.api.shapes.reviews import review_shape
from claims.api.sql_json import (
    Counted,
    JsonList,
    JsonObject,
    Moment,
    address,
    items,
    or_null,
)
from claims.models import Appearance, ClaimLink, Evidence, Origin, Proposal, Review
from claims.states import ProposalState


def claim_shape(asked: Asked) -> JsonObject:
    """Return a claim as `asked.actor` may see it."""
    return JsonObject(
        reference="reference",
        url=address("claims/", "reference"),
        desk="desk__slug",
        statement="statement",
        language="language",
        kind="kind",
        topic=or_null("topic"),
        claimant=_claimant(asked),
        status="status",
        status_since_at=Moment("status_since_at"),
        ground="ground",
        basis=_basis(),
        figures=figures("claim"),
        as_of_on="as_of_on",
        expected_by_on="expected_by_on",
        review_by_on="review_by_on",
        visibility="visibility",
        closed=_closed(),
        replaced_by=replacement(asked),
        split_into=_split_into(asked),
        related=_related(asked),
        revision="revision",
        pending_proposal=_pending_proposal(),
        open_flags="open_flags",
        evidence_count=Counted(_live_evidence().values("pk")),
        opened_at=Moment("created_at"),
        links=JsonObject(
            history=address("claims/", "reference", then="/history/"),
            evidence=address("evidence/?claim=", "reference", then=""),
        ),
    )


def _basis() -> JsonObject:
    return JsonObject(
        state="basis",
        since_at=Moment("basis_since_at"),
        reason="basis_reason",
        independent_origins="independent_origins",
        oldest_last_look_at=_oldest_last_look(),
    )


def _live_evidence() -> QuerySet[Evidence]:
    return Evidence.objects.filter(claim=OuterRef("pk"), withdrawn_at__isnull=True)


def _oldest_last_look() -> Subquery:
    """Return when the longest-unseen source was looked at; null where a watched one never was.

    Offline items and pages not to be fetched count once somebody looked at them by hand.
    """
    looked = "source__watch__last_looked_at"
    watched = Q(source__is_fetched=True) | Q(**{f"{looked}__isnull": False})
    rows = _live_evidence().filter(watched).order_by(F(looked).asc(nulls_first=True))
    return Subquery(rows.values(at=Moment(looked))[:1])


def _claimant(asked: Asked) -> Case:
    """Return who says so: the origin on record, the words used for it, or both."""
    words = NullIf(OuterRef("claimant_text"), Value(""))
    told = JsonObject(reference="reference", name="name", text=words)
    untold = JsonObject(reference=Value(None), name=Value(CONFIDENTIAL), text=Value(None))
    rows = Origin.objects.filter(pk=OuterRef("claimant_id"))
    by_words = JsonObject(reference=Value(None), name=Value(None), text=F("claimant_text"))
    return Case(
        When(
            claimant__isnull=False,
            then=Subquery(rows.values(item=Case(When(named(asked), then=told), default=untold))),
        ),
        When(~Q(claimant_text=""), then=by_words),
    )


def _closed() -> Case:
    told = JsonObject(at=Moment("closed_at"), reason="close_reason")
    return Case(When(closed_at__isnull=False, then=told))


class Last(Func):
    """The claim at the end of a chain of replacements: what stands now for what was merged."""

    template = """(
        WITH RECURSIVE later (id, next_id, step) AS (
            SELECT a.id, a.replaced_by_id, 1 FROM claims_claim a WHERE a.id = %(expressions)s
            UNION ALL SELECT c.id, c.replaced_by_id, step + 1
            FROM later JOIN claims_claim c ON c.id = later.next_id
        ) SELECT id FROM later ORDER BY step DESC LIMIT 1)"""
    output_field = BigIntegerField()


def replacement(asked: Asked) -> Subquery:
    """Return the reference of the claim that stands for the one around, where it may be seen."""
    seen = visible_to(asked.actor).filter(pk=Last(OuterRef("replaced_by_id")))
    return Subquery(seen.values("reference"))


def _split_into(asked: Asked) -> JsonList:
    """Return the references of the claims this one was split into."""
    rows = ClaimLink.objects.filter(
        other=OuterRef("pk"),
        is_split_off=True,
        ended_at__isnull=True,
        claim__in=visible_to(asked.actor),
    )
    return JsonList(rows.order_by("pk").values(item=F("claim__reference")))


def _related(asked: Asked) -> JsonList:
    """Return the claims this one updates, follows, duplicates or is part of."""
    rows = ClaimLink.objects.filter(
        claim=OuterRef("pk"), ended_at__isnull=True, other__in=visible_to(asked.actor)
    )
    return items(rows.order_by("pk"), JsonObject(kind="kind", claim="other__reference"))


def _pending_proposal() -> Subquery:
    """Return what waits for a second person; at most one does."""
    rows = Proposal.objects.filter(claim=OuterRef("pk"), state=ProposalState.OPEN)
    shape = JsonObject(
        reference="reference",
        kind="kind",
        to_status=or_null("to_status"),
        ground=or_null("ground"),
        proposed_at=Moment("proposed_at"),
    )
    return Subquery(rows.values(item=shape))


def _evidence(asked: Asked) -> JsonList:
    return items(_live_evidence().order_by("pk"), evidence_shape(asked))


def _reviews(asked: Asked) -> JsonList:
    rows = Review.objects.filter(claim=OuterRef("pk"), ended_at__isnull=True)
    return items(rows.order_by("pk"), review_shape(asked))


def _articles(_asked: Asked) -> JsonList:
    rows = Appearance.objects.filter(claim=OuterRef("pk")).order_by("pk")
    place = JsonObject(
        reference="article__reference",
        url=address("articles/", "article__reference"),
        title="article__title",
        page_url=or_null("article__url"),
        start="start",
        end="end",
        quote="quote",
    )
    return items(rows, place)


claim_expansions = {"evidence": _evidence, "reviews": _reviews, "articles": _articles}
"""What `expand` tells in whole: live evidence, open reviews, places in articles."""
