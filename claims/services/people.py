"""Desks, people, memberships and tokens."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta

from claims.access import require
from claims.errors import AlreadyExists, InvalidInput, NotAllowed, RuleRefused
from claims.models import ApiToken, Desk, Membership, User
from claims.models.fields import ALPHABET
from claims.services import fields
from claims.services.ledger import Recorder, Text, recording
from claims.services.networks import networks_of
from claims.services.sessions import end_sessions
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
    actor: Actor,
    *,
    name: str,
    user: User,
    desk: Desk,
    scopes: tuple[Scope, ...],
    days: int,
    networks: Sequence[str] = (),
) -> tuple[ApiToken, str]:
    """Issue a bearer token; the secret is returned once and only its SHA-256 is kept.

    Args:
        actor: the person themself, or the administrator.
        name: what it is for; among a person's live tokens no name stands twice.
        user: for whom it acts.
        desk: where; the person must hold a role there.
        scopes: what it may do.
        days: until it expires, 1 to 366.
        networks: from where it may be used (CIDR); none means from anywhere.
    """
    if actor.user_id != user.pk:
        _require_administrator(actor)
    if not Membership.objects.filter(user=user, desk=desk, ended_at__isnull=True).exists():
        raise InvalidInput("desk", f"{user} holds no role at {desk}.")
    if not scopes:
        raise InvalidInput("scopes", "name at least one thing it may do.")
    fields.whole("days", days, least=1, most=MOST_DAYS)
    name = fields.text_of("name", name, most=100, is_required=True)
    bound = networks_of(networks)
    with recording(actor) as record:
        _require_active(user)
        live = ApiToken.objects.filter(user=user, revoked_at__isnull=True, expires_at__gt=record.at)
        known = live.filter(name=name).first()
        if known is not None:
            raise AlreadyExists(known.prefix, f"{user} has a token “{name}” already.")
        prefix = "".join(secrets.choice(ALPHABET.lower()) for _ in range(8))
        secret = f"stet_{prefix}_{secrets.token_urlsafe(32)}"
        token = ApiToken.objects.create(
            name=name,
            user=user,
            desk=desk,
            scopes=[scope.value for scope in scopes],
            networks=bound,
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
            networks=[Text(network) for network in bound] or None,
            expires_at=token.expires_at,
        )
        return token, secret


def revoke_token(actor: Actor, *, token: ApiToken) -> ApiToken:
    """Revoke a token at once: its person, an editor of its desk, or the administrator."""
    if actor.user_id != token.user_id and not actor.is_administrator:
        require(actor, Verb.RESTRICT, token.desk)
    with recording(actor) as record:
        token = ApiToken.objects.select_for_update(of=("self",)).get(pk=token.pk)
        if token.revoked_at is None:
            _revoke(token, record=record)
        return token


def _revoke(token: ApiToken, *, record: Recorder) -> None:
    token.revoked_at = record.at
    token.save(update_fields=["revoked_at"])
    record.add(EntryKind.TOKEN_REVOKED, token=token.prefix, person=token.user.reference)


def end_person(actor: Actor, *, user: User) -> User:
    """End a person's access: sign-in, sessions, memberships and tokens, all at once.

    Raises:
        RuleRefused: it is the actor's own, and nobody might be left who could give it back.
    """
    _require_administrator(actor)
    if actor.user_id == user.pk:
        raise RuleRefused("Your own access is for another administrator to end.")
    with recording(actor) as record:
        user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if not user.is_active:
            return user
        user.is_active = False
        user.set_unusable_password()
        user.save(update_fields=["is_active", "password"])
        Membership.objects.filter(user=user, ended_at__isnull=True).update(ended_at=record.at)
        record.add(EntryKind.PERSON_ENDED, person=user.reference)
        for token in ApiToken.objects.filter(user=user, revoked_at__isnull=True):
            _revoke(token, record=record)
        end_sessions(user)
        return user


def _require_active(user: User) -> None:
    """Hold the person's row, so that two tokens are not issued at once."""
    if not User.objects.select_for_update(no_key=True).get(pk=user.pk).is_active:
        raise InvalidInput("user", f"the access of {user} ended.")


def _require_administrator(actor: Actor) -> None:
    if not actor.is_administrator:
        raise NotAllowed("Only the administrator manages desks and people.")
