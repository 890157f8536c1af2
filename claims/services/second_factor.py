"""Two-step sign-in: the codes of an authenticator app (RFC 6238), and recovery codes.

The rows are django-otp's. A code is good once, from one step before the present to one after; each
wrong one doubles the wait before the next. Recovery codes are kept only as salted argon2id.
"""

import base64
import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil
from typing import Any

import segno
import structlog
from argon2.low_level import Type, hash_secret_raw
from django.db import transaction
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from claims.errors import InvalidInput, NotAllowed, NotFound, RuleRefused
from claims.models import User
from claims.models.fields import ALPHABET
from claims.services.ledger import recording
from claims.services.sessions import end_sessions
from claims.states import EntryKind
from claims.types import Actor

log = structlog.get_logger(__name__)

RECOVERY_CODES = 10
RECOVERY_SIGNS = 10
"""Fifty random bits: with the wait after each wrong one, and argon2id, out of reach of guessing."""

APP_DIGITS = 6
MOST_TYPED = 40
QUIET_MODULES = 4
"""Of white around a QR code: without it cameras miss the corners."""
_HASH_BYTES = 12  # sixteen signs in base64url: what the column holds
_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0", " ": "", "-": ""})


class FactorChange(StrEnum):
    """What happened to a person's second step; stands in the entry."""

    SET_UP = "set_up"
    REMOVED = "removed"
    RESET = "reset"


class Means(StrEnum):
    """What a right code came from."""

    APP = "app"
    RECOVERY_CODE = "recovery_code"


def begin(actor: Actor) -> TOTPDevice:
    """Make a new secret for the actor; nothing is asked for until a code has confirmed it.

    Raises:
        RuleRefused: two-step sign-in is on already.
    """
    with transaction.atomic():
        user = _locked(actor)
        if is_on(user):
            raise RuleRefused("Two-step sign-in is on already; remove it first to use another app.")
        TOTPDevice.objects.filter(user=user, confirmed=False).delete()
        return TOTPDevice.objects.create(user=user, name="app", confirmed=False)


def confirm(actor: Actor, *, code: str, session: str) -> list[str]:
    """Turn two-step sign-in on with the first code; sessions other than `session` end.

    Returns:
        The recovery codes, told this once.

    Raises:
        NotFound: no secret was made.
        InvalidInput: the code is wrong, or wrong ones came too fast.
    """
    device = _accepted(_own_id(actor), digits=_digits_of(code), confirmed=False)
    with recording(actor) as record:
        user = _locked(actor)
        if not TOTPDevice.objects.filter(pk=device.pk, confirmed=False).update(confirmed=True):
            raise RuleRefused("Two-step sign-in was set up elsewhere meanwhile.")
        codes = _new_codes(user)
        end_sessions(user, but=session)
        record.add(EntryKind.SECOND_FACTOR_SET, person=user.reference, change=FactorChange.SET_UP)
    return codes


def is_on(user: User) -> bool:
    """Whether a person signs in with two steps."""
    return bool(TOTPDevice.objects.filter(user=user, confirmed=True).exists())


def check_code(user: User, *, code: str) -> Means:
    """Take a code of the app or a recovery code, which then is used up.

    Raises:
        InvalidInput: wrong, used before, or too soon after wrong ones.
        NotFound: the person has no second step.
    """
    typed = code[:MOST_TYPED].upper().translate(_MISREAD)
    if typed.isascii() and typed.isdecimal() and len(typed) == APP_DIGITS:
        _accepted(user.pk, digits=typed, confirmed=True)
        return Means.APP
    _use_up(user, typed)
    log.warning("recovery code used", person=user.reference)
    return Means.RECOVERY_CODE


def renew_codes(actor: Actor, *, code: str) -> list[str]:
    """Make new recovery codes in place of all old ones, against a code; told this once."""
    check_code(_person(actor), code=code)
    with transaction.atomic():
        return _new_codes(_locked(actor))


def remove(actor: Actor, *, code: str, session: str) -> int:
    """Turn the actor's own two-step sign-in off, against a code; return how many sessions ended."""
    check_code(_person(actor), code=code)
    with recording(actor) as record:
        user = _locked(actor)
        _forget(user)
        ended = end_sessions(user, but=session)
        record.add(EntryKind.SECOND_FACTOR_SET, person=user.reference, change=FactorChange.REMOVED)
    return ended


def reset(actor: Actor, *, user: User) -> None:
    """Turn another person's two-step sign-in off, who lost app and codes; their sessions end.

    Raises:
        NotAllowed: the actor is no administrator, or it is their own.
        RuleRefused: there is nothing to reset.
    """
    if not actor.is_administrator or actor.user_id == user.pk:
        raise NotAllowed("Another administrator resets a two-step sign-in.")
    with recording(actor) as record:
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if not is_on(user):
            raise RuleRefused(f"{user} has no two-step sign-in.")
        _forget(user)
        end_sessions(user)
        record.add(EntryKind.SECOND_FACTOR_SET, person=user.reference, change=FactorChange.RESET)


def codes_left(user: User) -> int:
    """Return how many recovery codes are unused."""
    return int(StaticToken.objects.filter(device__user=user).count())


def qr_code(device: TOTPDevice) -> tuple[int, str]:
    """Return the set-up address as a QR code (ISO/IEC 18004).

    Returns:
        How many modules a side has, quiet zone included, and the dark ones as an SVG path.
    """
    rows = list(segno.make(device.config_url, error="m").matrix_iter(border=QUIET_MODULES))
    dark = ((x, y) for y, row in enumerate(rows) for x, module in enumerate(row) if module)
    return len(rows), "".join(f"M{x} {y}h1v1h-1z" for x, y in dark)


def secret_of(device: TOTPDevice) -> str:
    """Return the secret as apps take it: base 32 in groups of four."""
    text = base64.b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def begun(user: User) -> TOTPDevice | None:
    """Return the secret that waits for its first code."""
    return TOTPDevice.objects.filter(user=user, confirmed=False).first()


def _accepted(user_id: int, *, digits: str, confirmed: bool) -> TOTPDevice:
    """Return the device that took the digits; the count of wrong ones is kept either way."""
    with transaction.atomic():
        rows = TOTPDevice.objects.select_for_update()
        device = rows.filter(user_id=user_id, confirmed=confirmed).first()
        if device is None:
            raise NotFound("There is no app to take a code from.")
        until = _waits_until(device)
        is_right = until is None and device.verify_token(digits)
    if until is not None:
        raise _too_soon(until)
    if not is_right:
        log.warning("wrong code", person=device.user.reference)
        raise InvalidInput("code", "is not right. It changes every 30 seconds and is good once.")
    return device


def _use_up(user: User, typed: str) -> None:
    with transaction.atomic():
        device = StaticDevice.objects.select_for_update().filter(user=user).first()
        if device is None:
            raise InvalidInput("code", "must be six digits from your app.")
        until = _waits_until(device)
        is_right = until is None and device.verify_token(_hidden(typed, salt=device.name))
    if until is not None:
        raise _too_soon(until)
    if not is_right:
        log.warning("wrong recovery code", person=user.reference)
        raise InvalidInput("code", "is neither six digits nor a recovery code that is left.")


def _waits_until(device: Any) -> datetime | None:
    is_allowed, why = device.verify_is_allowed()
    return None if is_allowed else why["locked_until"]


def _too_soon(until: datetime) -> InvalidInput:
    wait_s = max(1, ceil((until - timezone.now()) / timedelta(seconds=1)))
    return InvalidInput("code", f"was wrong too often. Wait {wait_s} s, then take a new one.")


def _digits_of(code: str) -> str:
    digits = code[:MOST_TYPED].translate(_MISREAD)
    if not (digits.isascii() and digits.isdecimal() and len(digits) == APP_DIGITS):
        raise InvalidInput("code", "must be six digits from your app.")
    return digits


def _new_codes(user: User) -> list[str]:
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name=secrets.token_hex(16))
    codes = [_random_code() for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(
        StaticToken(device=device, token=_hidden(code, salt=device.name)) for code in codes
    )
    half = RECOVERY_SIGNS // 2
    return [f"{code[:half]}-{code[half:]}" for code in codes]


def _random_code() -> str:
    """Return a code that holds a letter, so that it is never taken for an app's."""
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(RECOVERY_SIGNS))
        if not code.isdecimal():
            return code


def _hidden(code: str, *, salt: str) -> str:
    """Return what is kept of a recovery code: argon2id at OWASP's least, 19 MiB and two passes.

    Source:
        RFC 9106; OWASP Password Storage Cheat Sheet; ASVS 5.0 6.5.2.
    """
    raw = hash_secret_raw(
        code.encode(errors="replace"),
        salt.encode(),
        time_cost=2,
        memory_cost=19_456,
        parallelism=1,
        hash_len=_HASH_BYTES,
        type=Type.ID,
    )
    return base64.urlsafe_b64encode(raw).decode()


def _forget(user: User) -> None:
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()


def _person(actor: Actor) -> User:
    return User.objects.get(pk=_own_id(actor))


def _locked(actor: Actor) -> User:
    return User.objects.select_for_update(no_key=True).get(pk=_own_id(actor))


def _own_id(actor: Actor) -> int:
    if not actor.signed_in or actor.user_id is None:
        raise NotAllowed("Two-step sign-in is a person's own.")
    return actor.user_id
