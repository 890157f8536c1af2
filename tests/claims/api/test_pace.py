import time

import pytest
from django.core.cache import cache

from claims.api import pace
from claims.api.pace import MOST, WINDOW_S, Tally

pytestmark = pytest.mark.django_db


def use_up(api) -> None:
    """Count a whole window, and the next one in case it begins meanwhile."""
    window = int(time.time()) // WINDOW_S
    for key in (window, window + 1):
        cache.set(f"pace:{api.token.prefix}:{key}", MOST, timeout=30)


def test_limit_and_what_is_left_are_told(api):
    answer = api.get("claims/")
    assert answer["RateLimit-Policy"] == f'"default";q={MOST};w={WINDOW_S}'
    assert answer["RateLimit"].startswith(f'"default";r={MOST - 1};t=')


def test_each_answer_counts_one_and_a_304_none(api):
    first = api.get("claims/")
    held = api.get("claims/", If_None_Match=first["ETag"])
    after = api.get("claims/")
    assert held.status_code == 304
    left = [int(each["RateLimit"].split(";")[1][2:]) for each in (first, held, after)]
    assert left[1] == left[0]
    assert left[2] == left[0] - 1


def test_used_up_token_is_429_with_a_wait(api, outsider):
    use_up(api)
    answer = api.get("claims/")
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_requests")
    assert 1 <= int(answer["Retry-After"]) <= WINDOW_S
    assert '"default";r=0;' in answer["RateLimit"]
    assert outsider.get("claims/").status_code == 200


def test_bad_cache_refuses_nobody(api, settings, monkeypatch):
    monkeypatch.setattr(pace, "TALLY", Tally())
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
            "OPTIONS": {"socket_connect_timeout": 1},
        }
    }
    assert [api.get("claims/").status_code for _ in range(3)] == [200, 200, 200]
    assert pace.TALLY.away_until_s > 0
