import pytest
from django.test import Client

from tests.claims.cast import Cast


@pytest.fixture
def reader_of(cast: Cast):
    """A browser in which one of the cast is signed in."""

    def sign_in(name: str) -> Client:
        client = Client()
        client.force_login(cast.users[name], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
