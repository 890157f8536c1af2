import re

import pytest
from django.test import Client
from django.urls import reverse

from claims.services import proposals
from claims.states import ClaimStatus, Ground
from tests.claims.cast import fresh, make_claim, make_evidence, make_origin


class Door:
    """One person's browser at the desk; every answer must be one a person can use."""

    def __init__(self, user):
        self.client = Client()
        self.client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    def get(self, name, *args, query=""):
        answer = self.client.get(reverse(f"admin:{name}", args=args) + query)
        assert answer.status_code < 500
        return answer

    def text(self, name, *args):
        answer = self.get(name, *args)
        assert answer.status_code == 200, answer.status_code
        return answer.content.decode()

    def post(self, name, /, *args, **values):
        answer = self.client.post(reverse(f"admin:{name}", args=args), values)
        assert answer.status_code < 500
        return answer

    def step(self, claim, step, **values):
        """Send one form of the claim's page as its reader saw it."""
        seen = {"revision": fresh(claim).revision, **values}
        return self.post("claims_claim_step", claim.reference, step, **seen)


@pytest.fixture
def door(cast):
    doors: dict[str, Door] = {}

    def open_door(who):
        if who not in doors:
            doors[who] = Door(cast.users[who])
        return doors[who]

    return open_door


@pytest.fixture
def claim(cast):
    """Reported, with two independent origins."""
    claim = make_claim(cast)
    for name in ("Agency one", "Agency two"):
        make_evidence(cast, claim, origin=make_origin(cast, name))
    return fresh(claim)


@pytest.fixture
def proposal(cast, claim):
    """Ada proposed the claim corroborated."""
    return proposals.propose(
        cast.ada,
        claim.pk,
        to=ClaimStatus.CORROBORATED,
        ground=Ground.INDEPENDENT_ORIGINS,
        rationale="Two agree.",
        seen=claim.revision,
    )


@pytest.fixture
def corroborated(cast, proposal):
    return proposals.sign_off(cast.ben, proposal.reference, version=proposal.version)


def refusals(answer):
    """The sentences of the forms that were refused, as a person reads them."""
    html = answer.content.decode()
    found = re.findall(
        r'class="(?:refusal|errorlist[^"]*)"[^>]*>(.*?)</(?:div|ul)>', html, re.DOTALL
    )
    return " ".join(re.sub(r"<[^>]+>", " ", part) for part in found)
