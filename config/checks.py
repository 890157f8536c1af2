"""System checks: settings that would hurt in production, each with its remedy."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured

LOOPBACK = ("127.0.0.1:", "[::1]:", "localhost:")


@register(Tags.security)
def private_addresses(**_: Any) -> list[CheckMessage]:
    """Refuse an open door to private addresses outside the demonstration's loopback."""
    allowed = settings.FETCH_ALLOW_PRIVATE
    if not allowed or settings.DEBUG:
        return []
    strangers = sorted(word for word in allowed if not word.startswith(LOOPBACK))
    if settings.DEMONSTRATION and not strangers:
        return []
    return [
        Error(
            f"FETCH_ALLOW_PRIVATE opens non-public addresses: {', '.join(strangers or allowed)}.",
            hint="Unset it; only the demonstration may name addresses, and only on the loopback.",
            id="config.E001",
        )
    ]


@register(Tags.security)
def secret_key(**_: Any) -> list[CheckMessage]:
    """Refuse to run without a secret."""
    try:
        str(settings.SECRET_KEY)  # Django raises on an empty one
    except ImproperlyConfigured as error:
        return [Error(str(error), hint="Set SECRET_KEY or SECRET_KEY_FILE.", id="config.E002")]
    return []


@register()
def watch_intervals(**_: Any) -> list[CheckMessage]:
    """Refuse intervals that leave the watch no room."""
    if settings.WATCH_MIN_INTERVAL_S <= settings.WATCH_MAX_INTERVAL_S:
        return []
    return [
        Error(
            "WATCH_MIN_INTERVAL_S is longer than WATCH_MAX_INTERVAL_S.",
            hint="Give the shorter interval first, both in seconds.",
            id="config.E003",
        )
    ]
