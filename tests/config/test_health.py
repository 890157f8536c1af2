def test_health_is_good_while_the_record_answers(client, db):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"database": "ok", "redis": "ok"})


def test_lost_redis_is_told_and_costs_nothing(client, db, settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "unix:///nowhere/redis.sock",
        }
    }
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["redis"]) == (200, "down")


def test_health_may_be_asked_by_anybody_but_only_read(client):
    assert client.post("/healthz").status_code == 405
