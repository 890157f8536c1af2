"""What tests of writes share: a caller that sends bodies, and a corroborated claim."""

import json
from dataclasses import dataclass
from typing import Any

from django.test import Client

from claims.models import ApiToken, Claim, Desk
from claims.queries.version import version_of
from claims.services.people import issue_token
from claims.services.proposals import propose, sign_off
from claims.states import ClaimStatus, Ground, Scope
from tests.claims.cast import Cast, fresh, make_claim, make_evidence, make_origin

EVERY_SCOPE = tuple(Scope)
STATEMENT = "About 1,500 soldiers have arrived."
FIGURE = {"value": "1500", "unit": "soldiers", "qualifier": "about", "as_of_on": "2024-10-18"}


@dataclass
class Writer:
    """A system with a token that may write."""

    secret: str
    token: ApiToken

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Send a body, as JSON unless it is bytes; headers with _ for -."""
        sent = {"Authorization": f"Bearer {self.secret}"} | {
            name.replace("_", "-"): text for name, text in headers.items()
        }
        content_type = sent.pop("Content-Type", "application/json")
        data = (
            body if isinstance(body, bytes) else json.dumps({} if body is None else body).encode()
        )
        client = Client(raise_request_exception=False)
        address = path if path.startswith(("/", "http")) else f"/api/v1/{path}"
        return client.generic(method, address, data, content_type=content_type, headers=sent)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.ask("POST", path, body, **headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.ask("PATCH", path, body, **headers)

    def tag(self, path: str) -> str:
        answer = Client().get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {self.secret}"})
        return str(answer["ETag"])

    def read(self, path: str) -> Any:
        return (
            Client()
            .get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {self.secret}"})
            .json()
        )


def writer(
    cast: Cast,
    name: str,
    desk: Desk,
    *,
    scopes: tuple[Scope, ...] = EVERY_SCOPE,
    called: str = "a writer",
    **options: Any,
) -> Writer:
    actor = getattr(cast, name)
    user = cast.users[name]
    token, secret = issue_token(
        actor, name=called, user=user, desk=desk, scopes=scopes, days=9, **options
    )
    return Writer(secret, token)


def corroborated(cast: Cast, statement: str = "It is so.") -> Claim:
    """A claim that two agencies support, proposed by Ada and signed off by Ben."""
    claim = make_claim(cast, statement)
    for name in ("Reuters", "Kyodo"):
        make_evidence(cast, claim, origin=make_origin(cast, name, reliability="B"))
    proposal = propose(
        cast.ada,
        claim.pk,
        to=ClaimStatus.CORROBORATED,
        ground=Ground.INDEPENDENT_ORIGINS,
        rationale="Two agencies say so.",
        seen=fresh(claim).revision,
    )
    sign_off(cast.ben, proposal.reference, version=version_of(fresh(claim)))
    return fresh(claim)


def path_of(thing) -> str:
    kinds = {"ST": "claims", "EV": "evidence", "RE": "reviews", "AR": "articles", "SO": "sources"}
    return f"{kinds[thing.reference[:2]]}/{thing.reference}/"


def send(by: Writer, thing, step: str = "", body=None, *, method: str = "POST"):
    """Send a write on a thing, with the tag of its present version."""
    path = path_of(thing)
    return by.ask(method, f"{path}{step}", body, If_Match=by.tag(path))


def done(answer, status: int = 200):
    assert answer.status_code == status, answer.content
    return answer.json()


def reasons(answer, status: int = 400):
    assert answer.status_code == status, answer.content
    return answer.json().get("errors", {})


def code(answer) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]
