from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from claims.models import ApiToken, Desk
from claims.services.people import issue_token
from claims.states import Scope
from tests.claims.cast import Cast

READ = (Scope.CLAIMS_READ,)


@dataclass
class Caller:
    """A system with a token; keeps what it was given last."""

    secret: str
    token: ApiToken

    def get(self, path: str, **headers: str) -> Any:
        asked = {"Authorization": f"Bearer {self.secret}"} | {
            name.replace("_", "-"): text for name, text in headers.items()
        }
        address = path if path.startswith(("/", "http")) else f"/api/v1/{path}"
        return Client().get(address, headers=asked)

    def read(self, path: str) -> Any:
        answer = self.get(path)
        assert answer.status_code == 200, answer.content
        return answer.json()


def caller(cast: Cast, name: str, desk: Desk, *, scopes: tuple[Scope, ...] = READ) -> Caller:
    token, secret = issue_token(
        getattr(cast, name),
        name="a poller",
        user=cast.users[name],
        desk=desk,
        scopes=scopes,
        days=9,
    )
    return Caller(secret, token)


@pytest.fixture
def api(cast) -> Caller:
    return caller(cast, "ada", cast.desk)


@pytest.fixture
def outsider(cast) -> Caller:
    """A token of another desk."""
    return caller(cast, "omar", cast.other_desk)
