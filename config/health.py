"""`/healthz`: is the record reachable, is the doorbell."""

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis import RedisError


@require_safe
@never_cache
def healthz(_request: HttpRequest) -> JsonResponse:
    """Answer 200 while the database answers, else 503; Redis is told, and costs nothing."""
    database = reach_database()
    words = {"database": "ok" if database else "down", "redis": "ok" if reach_redis() else "down"}
    return JsonResponse(words, status=200 if database else 503)


def reach_database() -> bool:
    """Return whether one statement can be run."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def reach_redis() -> bool:
    """Return whether one key can be asked for."""
    try:
        cache.get("healthz")
    except (RedisError, OSError):
        return False
    return True
