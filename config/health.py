"""`/healthz`: can the record be read and written, can the doorbell be rung."""

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis import RedisError
from redis.exceptions import AuthenticationError, OutOfMemoryError, ReadOnlyError

OK, DOWN, READ_ONLY = "ok", "down", "read-only"
NO_CONNECTION_LEFT = "no connection left"
TOO_MANY = ("too many connections", "too many clients", "remaining connection slots")
REFUSALS: dict[type[Exception], str] = {
    AuthenticationError: "wrong password",
    OutOfMemoryError: "full",
    ReadOnlyError: READ_ONLY,
}
"""What Redis says of itself; whichever it is, the product goes on as if it were down."""


@require_safe
@never_cache
def healthz(_request: HttpRequest) -> JsonResponse:
    """Answer 200 while the record can be read, else 503; Redis is told, and costs nothing."""
    words = {"database": word_for_database(), "redis": word_for_redis()}
    is_readable = words["database"] in {OK, READ_ONLY}
    return JsonResponse(words, status=200 if is_readable else 503)


def word_for_database() -> str:
    """Return how PostgreSQL answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SHOW transaction_read_only")
            (answer,) = cursor.fetchone()
    except DatabaseError as error:
        return NO_CONNECTION_LEFT if any(words in str(error) for words in TOO_MANY) else DOWN
    return READ_ONLY if answer == "on" else OK


def word_for_redis() -> str:
    """Return how Redis takes a key."""
    try:
        cache.set("healthz", 1, timeout=60)
    except (RedisError, OSError) as error:
        return next((word for kind, word in REFUSALS.items() if isinstance(error, kind)), DOWN)
    return OK
