"""Desks, people, memberships and tokens."""

import hashlib
import secrets
from datetime import timedelta

from claims.access import require
from claims.errors import AlreadyExists, InvalidInput, NotAllowed
from claims.models import ApiToken, Desk, Membership, User
from claims.models.fields import ALPHABET
from claims.services import fields
from claims.services.ledger import Text, recording
from claims.states import EntryKind, Role, Scope, Verb
from claims.types import Actor

MOST_DAYS = 366


def add_desk(actor: Actor, *, slug: str, name: str, time_zone: str = "UTC") -> Desk:
    """Open a desk; the administrator's to do, or set-up's."""
    _require_administrator(actor)
    with recording(actor) as record:
        if Desk.objects.filter(slug=slug).exists():
            raise AlreadyExists(slug, f"There is a desk {slug} already.")
        desk = Desk.objects.create(slug=slug, name=name, time_zone=time_zone)
        record.add(EntryKind.DESK_ADDED, desk=desk.slug, name=Text(name), time_zone=Text(time_zone))
        return desk


def add_person(
    actor: Actor, *, username: str, name: str, password: str, is_administrator: bool = False
) -> User:
    """Add a person; what they may do follows from memberships."""
    _require_administrator(actor)
    with recording(actor) as record:
        if User.objects.filter(username=username).exists():
            raise AlreadyExists(username, f"There is a person {username} already.")
        first, _, last = fields.text_of("name", name, most=200, is_required=True).partition(" ")
        user = User.objects.create_user(
            username,
            password=password,
            first_name=first,
            last_name=last,
            is_superuser=is_administrator,
            is_staff=is_administrator,
        )
        record.add(
            EntryKind.PERSON_ADDED,
            person=user.reference,
            username=Text(username),
            full_name=Text(name),
            is_administrator=is_administrator,
        )
        return user


def set_membership(actor: Actor, *, user: User, desk: Desk, role: Role) -> Membership:
    """Give a person a role at a desk; fact-checkers and editors may enter the admin."""
    _require_administrator(actor)
    with recording(actor) as record:
        member, _ = Membership.objects.update_or_create(
            user=user, desk=desk, defaults={"role": role, "ended_at": None}
        )
        if role is not Role.READER and not user.is_staff:
            user.is_staff = True
            user.save(update_fields=["is_staff"])
        record.add(EntryKind.MEMBERSHIP_SET, person=user.reference, desk=desk.slug, role=role)
        return member


def issue_token(
    actor: Actor, *, name: str, user: User, desk: Desk, scopes: tuple[Scope, ...], days: int
) -> tuple[ApiToken, str]:
    """Issue a bearer token; the secret is returned once and only its SHA-256 is kept.

    Args:
        actor: the person themself, or the administrator.
        name: what it is for.
        user: for whom it acts.
        desk: where; the person must hold a role there.
        scopes: what it may do.
        days: until it expires, 1 to 366.
    """
    if actor.user_id != user.pk:
        _require_administrator(actor)
    if not Membership.objects.filter(user=user, desk=desk, ended_at__isnull=True).exists():
        raise InvalidInput("desk", f"{user} holds no role at {desk}.")
    fields.whole("days", days, least=1, most=MOST_DAYS)
    with recording(actor) as record:
        prefix = "".join(secrets.choice(ALPHABET.lower()) for _ in range(8))
        secret = f"stet_{prefix}_{secrets.token_urlsafe(32)}"
        token = ApiToken.objects.create(
            name=fields.text_of("name", name, most=100, is_required=True),
            user=user,
            desk=desk,
            scopes=[scope.value for scope in scopes],
            prefix=prefix,
            digest=hashlib.sha256(secret.encode()).digest(),
            expires_at=record.at + timedelta(days=days),
        )
        record.add(
            EntryKind.TOKEN_ISSUED,
            token=prefix,
            person=user.reference,
            desk=desk.slug,
            scopes=list(scopes),
            expires_at=token.expires_at,
        )
        return token, secret


def revoke_token(actor: Actor, *, token: ApiToken) -> ApiToken:
    """Revoke a token at once: its person, an editor of its desk, or the administrator."""
    if actor.user_id != token.user_id and not actor.is_administrator:
        require(actor, Verb.RESTRICT, token.desk)
    with recording(actor) as record:
        token.revoked_at = record.at
        token.save(update_fields=["revoked_at"])
        record.add(EntryKind.TOKEN_REVOKED, token=token.prefix, person=token.user.reference)
        return token


def end_person(actor: Actor, *, user: User) -> User:
    """End a person's access: sign-in, memberships and tokens, all at once."""
    _require_administrator(actor)
    with recording(actor) as record:
        user.is_active = False
        user.set_unusable_password()
        user.save(update_fields=["is_active", "password"])
        Membership.objects.filter(user=user, ended_at__isnull=True).update(ended_at=record.at)
        ApiToken.objects.filter(user=user, revoked_at__isnull=True).update(revoked_at=record.at)
        record.add(EntryKind.PERSON_ENDED, person=user.reference)
        return user


def _require_administrator(actor: Actor) -> None:
    if not actor.is_administrator:
        raise NotAllowed("Only the administrator manages desks and people.")
