"""Every number of the catalogue is held by a test, and README.md says by which."""

import socket

from tests.hostile.catalogue import CASES, README, held, table
from tests.hostile.server import Canary


def test_every_number_is_held_and_none_is_unknown():
    assert held().keys() == CASES.keys()
    assert CASES.keys() >= set(range(1, 88))


def test_the_table_of_the_readme_is_true():
    # `python -m tests.hostile.catalogue` writes it anew.
    assert README.read_text(encoding="utf-8").endswith(table())


def test_a_canary_that_is_reached_says_so():
    with Canary() as canary:
        assert not canary.was_reached
        socket.create_connection((canary.address, canary.port)).close()
        assert canary.was_reached
