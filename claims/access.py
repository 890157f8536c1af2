"""The only door decisions: who acts, what they may see, what they may do.

Every door asks here and nowhere else. What an actor may not see does not exist for them (404);
what they see but may not do is refused in words (403).
"""

from collections.abc import Collection

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest

from claims.errors import NotAllowed
from claims.models import (
    Article,
    Claim,
    Desk,
    Evidence,
    Membership,
    Review,
    Source,
    User,
)
from claims.states import ActorKind, Role, Scope, Verb, Visibility
from claims.types import Actor

RANK = {Role.READER: 1, Role.FACT_CHECKER: 2, Role.EDITOR: 3}

NEEDED: dict[Verb, Role] = {
    Verb.SEE: Role.READER,
    Verb.WRITE: Role.FACT_CHECKER,
    Verb.DECIDE: Role.FACT_CHECKER,
    Verb.PROPOSE: Role.FACT_CHECKER,
    Verb.SIGN_OFF: Role.FACT_CHECKER,
    Verb.OVERRIDE: Role.EDITOR,
    Verb.RESTRICT: Role.EDITOR,
}
"""The least role at the claim's desk for each verb; ADMINISTER is the administrator's alone."""

SCOPES: dict[Verb, Scope] = {
    Verb.SEE: Scope.CLAIMS_READ,
    Verb.WRITE: Scope.CLAIMS_WRITE,
    Verb.DECIDE: Scope.REVIEWS_WRITE,
    Verb.PROPOSE: Scope.REVIEWS_WRITE,
}
"""What a token needs for each verb; the verbs not named here are for signed-in people only."""


def actor_of(user: User) -> Actor:
    """Return the signed-in person as an actor, with the roles they hold now."""
    return Actor(
        kind=ActorKind.PERSON,
        user_id=user.pk,
        reference=user.reference,
        name=str(user),
        roles=_roles_of(user),
        is_administrator=user.is_superuser,
        signed_in=True,
    )


def actor_by_token(
    *,
    token_id: int,
    scopes: Collection[str],
    desk: str,
    role: str | None,
    user_id: int,
    reference: str,
    name: str,
) -> Actor:
    """Return a token's person, narrowed to its desk, the role held there now, and its scopes."""
    return Actor(
        kind=ActorKind.TOKEN,
        user_id=user_id,
        reference=reference,
        name=name,
        roles=() if role is None else ((desk, Role(role)),),
        scopes=frozenset(Scope(scope) for scope in scopes),
        token_id=token_id,
    )


def _roles_of(user: User) -> tuple[tuple[str, Role], ...]:
    held = Membership.objects.filter(user=user, ended_at__isnull=True, user__is_active=True)
    return tuple((slug, Role(role)) for slug, role in held.values_list("desk__slug", "role"))


def _seen_by(actor: Actor, *, prefix: str = "") -> Q:
    """Return the one condition under which a claim exists for an actor."""
    if actor.kind is ActorKind.MACHINE:
        return Q()
    if not _sees_any(actor):
        return Q(pk__in=[])
    desks = [desk for desk, _ in actor.roles]
    return Q(**{f"{prefix}visibility": Visibility.OPEN}) | Q(**{f"{prefix}desk__slug__in": desks})


def _sees_any(actor: Actor) -> bool:
    """Whether any claim exists for a person or a token."""
    if actor.kind is ActorKind.TOKEN and Scope.CLAIMS_READ not in actor.scopes:
        return False
    return bool(actor.roles) or actor.is_administrator


def figures_seen_by(actor: Actor, *, prefix: str = "") -> Q:
    """Return the same condition on figures, which are kept by desk and restriction."""
    if actor.kind is ActorKind.MACHINE:
        return Q()
    if not _sees_any(actor):
        return Q(**{f"{prefix}desk__in": []})
    own = Desk.objects.filter(slug__in=desks_seen_by(actor)).values("pk")
    return Q(**{f"{prefix}desk__in": own}) | Q(**{f"{prefix}is_restricted": False})


def desks_seen_by(actor: Actor) -> tuple[str, ...]:
    """Return the slugs of the desks all of whose claims exist for `actor`, restricted ones too."""
    if actor.kind is ActorKind.TOKEN and Scope.CLAIMS_READ not in actor.scopes:
        return ()
    return tuple(desk for desk, _ in actor.roles)


def visible_to(actor: Actor) -> QuerySet[Claim]:
    """Return the claims that exist for `actor`."""
    return Claim.objects.filter(_seen_by(actor))


def evidence_visible_to(actor: Actor) -> QuerySet[Evidence]:
    """Return the evidence on claims that exist for `actor`."""
    return Evidence.objects.filter(_seen_by(actor, prefix="claim__"))


def reviews_visible_to(actor: Actor) -> QuerySet[Review]:
    """Return the reviews of claims that exist for `actor`."""
    return Review.objects.filter(_seen_by(actor, prefix="claim__"))


def sources_visible_to(actor: Actor) -> QuerySet[Source]:
    """Return the sources `actor` may know of: linked to a visible claim, or to none at all.

    One that was merged is known to those who know of the one it was merged into, too.
    """
    if actor.kind is ActorKind.MACHINE:
        return Source.objects.all()
    if not actor.roles and not actor.is_administrator:
        return Source.objects.none()
    own, kept = (_any_seen_by(actor, source) for source in ("pk", "merged_into"))
    return Source.objects.filter(Coalesce(Greatest(own, kept), Value(value=True)))


def _any_seen_by(actor: Actor, source: str) -> Subquery:
    """Return whether `actor` sees a claim linked to a source; NULL where none is linked.

    An aggregate, not Exists: to tell it of fifty sources the database would read all evidence.
    """
    is_seen = Case(When(_seen_by(actor, prefix="claim__"), then=True), default=False)
    linked = Evidence.objects.filter(source=OuterRef(source)).order_by().values("source")
    return Subquery(linked.annotate(is_seen=BoolOr(is_seen)).values("is_seen"))


def articles_visible_to(actor: Actor) -> QuerySet[Article]:
    """Return the articles `actor` may read; the claims in them are filtered apart."""
    if not actor.roles and not actor.is_administrator and actor.kind is not ActorKind.MACHINE:
        return Article.objects.none()
    return Article.objects.all()


def may(actor: Actor, verb: Verb, claim: Claim) -> bool:
    """Return whether `actor` may do `verb` to a claim that exists for them."""
    return may_at(actor, verb, claim.desk)


def may_at(actor: Actor, verb: Verb, desk: Desk) -> bool:
    """Return whether `actor` may do `verb` at a desk."""
    if verb is Verb.ADMINISTER:
        return actor.is_administrator and actor.signed_in
    if actor.kind is ActorKind.MACHINE:
        return verb is Verb.SEE
    if actor.kind is ActorKind.TOKEN and (verb not in SCOPES or SCOPES[verb] not in actor.scopes):
        return False
    if verb in {Verb.SIGN_OFF, Verb.OVERRIDE} and not actor.signed_in:
        return False
    role = actor.role_at(desk.slug)
    return role is not None and RANK[role] >= RANK[NEEDED[verb]]


def require(actor: Actor, verb: Verb, desk: Desk) -> None:
    """Raise NotAllowed, in words, unless `actor` may do `verb` at `desk`."""
    if not may_at(actor, verb, desk):
        word = verb.value.replace("_", " ")
        raise NotAllowed(f"You may not {word} at the desk “{desk.name}”.")
