import pytest
from celery import Celery
from kombu.exceptions import OperationalError

from config.celery import app, broker_url


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("redis://h:6379/0", "redis://h:6379/0"),
        ("unix:///run/redis.sock", "redis+socket:///run/redis.sock"),
        ("unix:///run/redis.sock?db=3", "redis+socket:///run/redis.sock?virtual_host=3"),
    ],
)
def test_broker_address_is_written_celerys_way(ours, theirs):
    assert broker_url(ours) == theirs


def test_only_json_is_taken_and_no_result_is_kept():
    assert app.conf.accept_content == ["json"]
    assert app.conf.result_backend is None


def test_every_beat_entry_goes_to_a_queue_that_exists():
    queues = {queue.name for queue in app.conf.task_queues}
    assert {entry["options"]["queue"] for entry in app.conf.beat_schedule.values()} <= queues


@pytest.mark.timeout(5)
def test_publishing_without_redis_fails_at_once():
    lost = Celery("lost")
    lost.conf.update(
        broker_url="redis+socket:///nowhere/redis.sock",
        broker_transport_options=app.conf.broker_transport_options,
        task_publish_retry_policy=app.conf.task_publish_retry_policy,
        task_queues=app.conf.task_queues,
    )
    with pytest.raises(OperationalError):
        lost.send_task("verifier.tasks.ring", queue="fetch")


def test_message_rung_reaches_redis(redis_url):
    app.send_task("verifier.tasks.ring", queue="fetch")
    with app.connection_for_read() as line:
        queue = line.SimpleQueue("fetch")
        message = queue.get(timeout=5)
        message.ack()
        queue.close()
    assert message.headers["task"] == "verifier.tasks.ring"
