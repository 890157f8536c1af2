"""What waits for a second person is said in words at every door, and is never a badge."""

import pytest

from claims.present.pending import pending_words
from claims.services import proposals
from claims.services.articles import add_appearance, add_article
from claims.services.reviews import ask_for_review
from claims.states import ClaimKind, ClaimStatus, FlagKind, Ground
from tests.claims.cast import fresh, make_claim, make_evidence, make_origin

MARK = "roposed: corroborated, waits for a second person"


@pytest.mark.parametrize(
    ("found", "kind", "words"),
    [
        (None, ClaimKind.FACT, ""),
        (
            {"kind": "status", "to": "corroborated", "ground": "primary_record"},
            ClaimKind.FACT,
            "proposed: corroborated, waits for a second person",
        ),
        (
            {"kind": "status", "to": "corroborated", "ground": "primary_record"},
            ClaimKind.STATEMENT,
            "proposed: corroborated that it was said, waits for a second person",
        ),
        (
            {"kind": "ground", "to": "disputed", "ground": "shown_false"},
            ClaimKind.FACT,
            "proposed: shown false, waits for a second person",
        ),
        (
            {"kind": "edit", "to": "corroborated", "ground": "primary_record"},
            ClaimKind.FACT,
            "proposed: another wording, waits for a second person",
        ),
        (
            {"kind": "stands", "to": "corroborated", "ground": "primary_record"},
            ClaimKind.FACT,
            "proposed: that the status stands, waits for a second person",
        ),
    ],
)
def test_each_proposal_has_its_words(found, kind, words):
    assert pending_words(found, kind=kind) == words


@pytest.fixture
def proposed(cast):
    """A claim in an article, flagged, with a proposal that waits."""
    claim = make_claim(cast)
    for name in ("one", "two"):
        make_evidence(cast, claim, origin=make_origin(cast, name))
    text = "They say that 1,500 soldiers have arrived."
    article = add_article(cast.ada, desk=cast.desk, text=text, values={"title": "Text"})
    add_appearance(cast.ada, claim.pk, article=article.reference, start=14, end=len(text))
    proposals.propose(
        cast.ada,
        claim.pk,
        to=ClaimStatus.CORROBORATED,
        ground=Ground.INDEPENDENT_ORIGINS,
        rationale="Two agree.",
        seen=fresh(claim).revision,
    )
    ask_for_review(cast.omar, claim.pk, kind=FlagKind.OBJECTION, detail="We counted fewer.")
    return {"claim": claim.reference, "article": article.reference}


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/articles/{article}/",
        "/admin/queue/",
        "/admin/claims/claim/",
    ],
)
def test_it_is_marked_wherever_the_claim_is_listed(client, cast, proposed, path):
    client.force_login(cast.users["ben"], backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(path.format(**proposed)).content.decode()
    assert MARK in page


@pytest.mark.parametrize(
    "path",
    ["/claims/{claim}/", "/admin/claims/claim/{claim}/", "/admin/claims/claim/{claim}/sign-off/"],
)
def test_a_claims_own_page_tells_it_whole(client, cast, proposed, path):
    client.force_login(cast.users["ben"], backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(path.format(**proposed)).content.decode()
    assert "aiting for sign-off" in page
    assert "Two agree." in page


@pytest.mark.parametrize("path", ["/claims/{claim}/", "/admin/claims/claim/{claim}/"])
def test_an_objection_shows_at_the_claim_until_it_is_answered(client, cast, proposed, path):
    client.force_login(cast.users["ben"], backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(path.format(**proposed)).content.decode()
    assert "bjection" in page
    assert "We counted fewer." in page
