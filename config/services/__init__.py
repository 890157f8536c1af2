"""PostgreSQL and Redis for one machine: the demonstration and the tests.

Both listen on Unix sockets in a folder closed to everybody else; neither opens a port, and
neither outlives the process that started it.
"""

from config.services.base import ServiceFailed
from config.services.postgres import Postgres
from config.services.redis import Redis

__all__ = ["Postgres", "Redis", "ServiceFailed"]
