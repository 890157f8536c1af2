"""Objects as they stood: what the past says is what the present said then."""

import pytest

from claims.queries.ledger import head_seq
from claims.services import status
from claims.services.articles import add_appearance, add_article
from claims.services.claims import set_visibility
from claims.states import ClaimStatus, DisputeKind, Ground, Stance, Visibility
from tests.claims.cast import fresh, make_claim, make_evidence, make_origin

pytestmark = pytest.mark.django_db

MOVES_WITHOUT_AN_ENTRY = {"revision", "basis"}


@pytest.fixture
def claim(cast):
    return make_claim(cast, claimant=make_origin(cast, "NIS"), topic="war", as_of_on="2024-10-18")


def dispute(cast, claim) -> None:
    status.decide(
        cast.ada,
        claim.pk,
        to=ClaimStatus.DISPUTED,
        ground=Ground.CONFLICTING_ACCOUNTS,
        rationale="Two accounts.",
        seen=fresh(claim).revision,
    )


def test_claim_as_of_a_seq_is_told_as_it_was_then(api, cast, claim):
    path = f"claims/{claim.reference}/"
    make_evidence(cast, claim)
    then, seq = api.read(path), head_seq()
    make_evidence(cast, claim, stance=Stance.DISPUTES, dispute_kind=DisputeKind.CONFLICTING_ACCOUNT)
    dispute(cast, claim)
    assert api.read(path)["status"] == "disputed"
    past = api.read(f"{path}?as_of_seq={seq}")
    assert [*past] == [*then]
    for name in past.keys() - MOVES_WITHOUT_AN_ENTRY:
        assert past[name] == then[name], name
    for name in past["basis"].keys() - {"oldest_last_look_at"}:
        assert past["basis"][name] == then["basis"][name], name
    assert past["revision"] is None


def test_claim_as_of_a_time_is_that_of_the_last_entry_before(api, cast, claim):
    path = f"claims/{claim.reference}/"
    at = api.read("changes/?after=0")["entries"][-1]["recorded_at"]
    make_evidence(cast, claim)
    assert api.read(f"{path}?as_of={at}")["evidence_count"] == 0
    assert api.read(path)["evidence_count"] == 1


def test_fields_are_told_alone_of_the_past_too(api, claim):
    path = f"claims/{claim.reference}/?as_of_seq={head_seq()}&fields=reference,status"
    assert api.read(path) == {"reference": claim.reference, "status": "reported"}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("as_of_seq=0", "as_of_seq"),
        ("as_of_seq=x", "as_of_seq"),
        ("as_of_seq=999999", "as_of_seq"),
        ("as_of=yesterday", "as_of"),
        ("as_of=2024-10-18T09:30:00", "as_of"),
        ("as_of=2024-13-18T09:30:00Z", "as_of"),
        ("as_of=2999-01-01T00:00:00Z", "as_of"),
        ("as_of_seq=1&as_of=2024-10-18T09:30:00Z", "as_of"),
        ("as_of_seq=1&expand=evidence", "expand"),
    ],
)
def test_time_that_cannot_be_told_is_refused_by_name(api, claim, query, field):
    answer = api.get(f"claims/{claim.reference}/?{query}")
    assert answer.status_code == 400
    assert field in answer.json()["errors"]


def test_claim_before_it_was_opened_is_404(api, claim):
    assert api.get(f"claims/{claim.reference}/?as_of_seq=1").status_code == 404


def test_hidden_claim_has_no_past_for_others(outsider, cast, claim):
    path = f"claims/{claim.reference}/?as_of_seq={head_seq()}"
    tag = outsider.get(path)["ETag"]
    set_visibility(cast.cleo, claim.pk, to=Visibility.RESTRICTED, seen=fresh(claim).revision)
    assert outsider.get(path).status_code == 404
    assert outsider.get(path, If_None_Match=tag).status_code == 404


def test_tag_of_the_past_is_of_no_revision_a_write_could_match(api, claim):
    answer = api.get(f"claims/{claim.reference}/?as_of_seq={head_seq()}")
    assert answer["ETag"].startswith('W/"0-')


def test_article_as_of_a_seq_is_told_as_it_was_then(api, cast, claim):
    article = add_article(cast.ada, desk=cast.desk, text="It is so.", values={"title": "A"})
    path = f"articles/{article.reference}/"
    empty, seq = api.read(path), head_seq()
    add_appearance(cast.ada, claim.pk, article=article.reference, start=0, end=8, cue="said")
    full, later = api.read(path), head_seq()
    make_evidence(cast, claim)
    assert api.read(f"{path}?as_of_seq={seq}") == empty
    assert api.read(f"{path}?as_of_seq={later}") == full
