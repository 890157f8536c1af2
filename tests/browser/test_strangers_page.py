"""A page nobody wrote for the demonstration, put in through the desk, is flagged as rightly."""

import pytest

from tests.verifier.test_recheck import Site


@pytest.fixture
def stranger():
    site = Site()
    yield site
    site.close()
