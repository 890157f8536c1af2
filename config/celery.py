"""The Celery application: a doorbell for rows that are due, and nothing else."""

import os
import time
from datetime import UTC, datetime, timedelta

from celery import Celery
from celery.schedules import schedule
from django.conf import settings
from kombu import Queue
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
TRANSPORT_ALIASES |= dict.fromkeys(("redis", "rediss"), "config.doorbell:Transport")


def broker_url(redis_url: str) -> str:
    """Return the address as Celery writes it."""
    if not redis_url.startswith("unix://"):
        return redis_url
    return "redis+socket://" + redis_url.removeprefix("unix://").replace("?db=", "?virtual_host=")


def every(seconds: float) -> schedule:
    """Return a schedule that knows no calendar: a clock set back or ahead changes nothing."""
    return schedule(timedelta(seconds=seconds), nowfun=since_start)


def since_start() -> datetime:
    """Return the monotonic clock in the form beat counts in."""
    return datetime.fromtimestamp(time.monotonic(), UTC)


app = Celery("stet")
app.conf.update(
    broker_url=broker_url(settings.REDIS_URL),
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_transport_options={
        "socket_timeout": 10,
        "socket_connect_timeout": 3,
        "socket_keepalive": True,
        "health_check_interval": 10,
        "retry_on_timeout": False,
        "global_keyprefix": "stet:",
    },
    accept_content=["json"],
    task_serializer="json",
    result_backend=None,
    task_ignore_result=True,
    task_soft_time_limit=90,
    task_time_limit=120,
    task_publish_retry=True,
    task_publish_retry_policy={
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0.2,
        "interval_max": 0.2,
    },
    task_queues=[Queue("fetch"), Queue("default")],
    task_default_queue="default",
    task_create_missing_queues=False,
    task_routes={"verifier.tasks.ring": {"queue": "fetch"}},
    worker_prefetch_multiplier=1,
    worker_enable_remote_control=False,
    worker_send_task_events=False,
    worker_cancel_long_running_tasks_on_connection_loss=False,
    worker_hijack_root_logger=False,
    timezone="UTC",
    enable_utc=True,
    beat_max_loop_interval=30,
    # Beat remembers nothing: its times are counted from the start of its process.
    beat_scheduler="celery.beat:Scheduler",
    beat_schedule={
        "ring": {
            "task": "verifier.tasks.ring",
            "schedule": every(settings.WATCH_TICK_S),
            "options": {"queue": "fetch"},
        },
        "sweep": {
            "task": "verifier.tasks.sweep",
            "schedule": every(60),
            "options": {"queue": "default"},
        },
        "check-ledger": {
            "task": "verifier.tasks.check_ledger",
            "schedule": every(3600),
            "options": {"queue": "default"},
        },
    },
)
app.autodiscover_tasks(["verifier"])
