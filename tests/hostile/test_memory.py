"""Memory: however much is sent, a worker grows by less than 64 MiB over the whole lot."""

import os
import subprocess
import sys

import pytest

from tests.hostile.answers import BOMB, ROUTES
from tests.hostile.server import Server
from tests.hostile.watched import link
from verifier.child import ROOT
from verifier.types import Limits

MOST_MIB = 64
FETCHING = """
import sys
from tests.hostile.worker import peak_kib
from verifier.fetch import fetch_many
from verifier.types import FetchRequest, Guard, Limits

server, *paths = sys.argv[1:]
guard = Guard(allow=frozenset({server}))

def look(paths):
    requests = [FetchRequest(f"http://{server}{path}") for path in paths]
    fetch_many(requests, limits=Limits(total_s=1.0, per_host=8), guard=guard)
    print(len(requests), peak_kib())

look(["/fine"])
look(paths)
"""


def growth_mib(*arguments: str) -> float:
    """Run a program that prints its peaks (KiB) before and after; return the growth in MiB."""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": ROOT}
    done = subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        env=environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    before, after = (int(line.split()[1]) for line in done.stdout.splitlines())
    return (after - before) / 1024


@pytest.mark.catalogue(35, 36, 39)
def test_fetching_the_whole_lot_at_once_takes_no_memory_to_speak_of():
    assert len(BOMB) < Limits().wire_bytes
    with Server(ROUTES) as server:
        grown = growth_mib("-c", FETCHING, server.authority, *ROUTES, *ROUTES)
    assert grown < MOST_MIB


@pytest.mark.catalogue(35, 36, 39)
def test_a_worker_that_looks_at_the_whole_lot_takes_no_memory_to_speak_of(desk, server, tmp_path):
    link(desk, map(server.url, ROUTES), allow=server.allow)
    grown = growth_mib("-m", "tests.hostile.worker", server.authority, str(tmp_path))
    assert grown < MOST_MIB
