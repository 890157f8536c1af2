"""kombu's Redis transport as a doorbell: it takes rings and nothing else, and never piles them up.

Whoever can write to Redis can put anything into a queue. kombu ends the worker on bytes it cannot
read, and Celery on envelopes it does not expect; here they are dropped and logged before either.
"""

import base64
import json
from functools import partial
from typing import Any

import structlog
from kombu.transport import redis
from kombu.utils.encoding import bytes_to_str
from redis.exceptions import ResponseError
from typing_extensions import override

MOST_WAITING = 32
"""Rings a queue holds: one wakes one worker, and a worker looks until nothing is due."""
SHOWN_BYTES = 60
SAYS_NOTHING = base64.b64encode(b"[[], {}, {}]").decode()
log = structlog.get_logger(__name__)


class Client(redis.PrefixedStrictRedis):
    """A client that hands on rings alone."""

    @override
    def parse_response(self, connection: Any, command_name: str, **options: Any) -> Any:
        """Return the server's answer; a message that is no ring counts as no message."""
        answer = super().parse_response(connection, command_name, **options)
        if command_name != "BRPOP" or not answer:
            return answer
        queue, item = answer
        ring = read_ring(item, queue=bytes_to_str(queue))
        if ring is None:
            shown = repr(item[:SHOWN_BYTES])
            log.error("a message that is no ring was dropped", size_bytes=len(item), begins=shown)
            return None
        return queue, ring


class Unremembered(redis.QoS):
    """Keeps no list of rings that were heard and not finished.

    A ring that is lost is followed by the next. Such a list lives in Redis: an acknowledgement that
    Redis refuses would leave the worker waiting, deaf, for a ring it has long answered.
    """

    @override
    def ack(self, delivery_tag: str) -> None:
        """Do nothing."""

    @override
    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        """Do nothing."""


class Channel(redis.Channel):
    """A channel on which a bell that nobody answers stops being pressed."""

    QoS = Unremembered

    @override
    def basic_consume(
        self, queue: str, no_ack: bool, callback: Any, consumer_tag: str | None, **options: Any
    ) -> str:
        """Consume without acknowledgements, whatever `no_ack` says."""
        options |= {"no_ack": True, "callback": callback, "consumer_tag": consumer_tag}
        return str(super().basic_consume(queue, **options))

    def _get_client(self) -> Any:  # kombu's; its stubs leave it out
        return partial(Client, global_keyprefix=self.global_keyprefix)

    @override
    def _put(self, queue: str, message: dict[str, Any], **options: Any) -> None:
        if self._size(queue) < MOST_WAITING:
            super()._put(queue, message, **options)


class Transport(redis.Transport):
    """What `config.celery` puts in the place of kombu's own."""

    Channel = Channel
    connection_errors = (*redis.Transport.connection_errors, ResponseError)

    @override
    def establish_connection(self) -> Any:
        """Connect to a Redis that takes a key.

        One that refuses (full, read-only) must fail here, where the worker waits longer from try
        to try; later it would begin anew at once.
        """
        line: Any = self  # to kombu a transport is its own connection
        channel = line.create_channel(line)
        try:
            with channel.conn_or_acquire() as client:
                client.set("connected", 1)
        finally:
            channel.close()
        return super().establish_connection()


def read_ring(item: bytes, *, queue: str) -> bytes | None:
    """Return a message's task under its id and nothing else of it; None where it says more.

    No arguments, callbacks or chains: what is due stands in PostgreSQL. Times, limits and whatever
    else a sender may write are left out. Whether there is a task of that name is Celery's to say.

    Args:
        item: one element of a queue's list (Celery's message protocol, version 2).
        queue: the list's name.
    """
    try:
        message = json.loads(item)
        words, named, embedded = json.loads(base64.b64decode(message["body"], validate=True))
        said = [*words, *named, *filter(None, embedded.values())]
        task, name = message["headers"]["task"], message["headers"]["id"]
        tag = message["properties"]["delivery_tag"]
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError):
        return None
    if said or not all(isinstance(text, str) for text in (task, name, tag)):
        return None
    return envelope(task, name=name, tag=tag, queue=queue)


def envelope(task: str, *, name: str, tag: str, queue: str) -> bytes:
    """Return a ring as kombu expects it in a list."""
    message = {
        "body": SAYS_NOTHING,
        "content-encoding": "utf-8",
        "content-type": "application/json",
        "headers": {"task": task, "id": name},
        "properties": {
            "body_encoding": "base64",
            "delivery_info": {"exchange": "", "routing_key": queue},
            "delivery_tag": tag,
        },
    }
    return json.dumps(message).encode()
