import pytest

from claims.services.claims import set_visibility
from claims.services.origins import add_origin
from claims.services.reviews import ask_for_review
from claims.states import FlagKind, Visibility
from tests.claims.cast import fresh, make_claim, make_evidence

pytestmark = pytest.mark.django_db

HIDDEN = [Visibility.RESTRICTED, Visibility.EMBARGOED]


def without_request_id(answer) -> dict[str, object]:
    return {name: value for name, value in answer.json().items() if name != "request_id"}


@pytest.fixture(params=HIDDEN)
def hidden(request, cast):
    """A claim of the world desk alone, with evidence and an open review."""
    claim = make_claim(cast, "Nobody else may know.", visibility=request.param)
    make_evidence(cast, claim)
    ask_for_review(cast.ada, claim.pk, kind=FlagKind.TIP, detail="Look again.")
    return fresh(claim)


def paths_of(claim) -> list[str]:
    evidence = claim.evidence.get()
    source = evidence.source.reference
    return [
        f"claims/{claim.reference}/",
        f"claims/{claim.reference}/history/",
        f"evidence/{evidence.reference}/",
        f"sources/{source}/",
        f"sources/{source}/watch/",
        f"reviews/{claim.reviews.get().reference}/",
    ]


def test_hidden_claim_and_all_of_it_is_read_at_its_desk(api, hidden):
    assert [api.get(path).status_code for path in paths_of(hidden)] == [200] * 6


def test_hidden_claim_elsewhere_answers_as_a_missing_one(outsider, hidden):
    for path in paths_of(hidden):
        kind, reference, *rest = path.split("/")
        missing = "/".join([kind, f"{reference[:3]}000000", *rest])
        answer, nothing = outsider.get(path), outsider.get(missing)
        assert (answer.status_code, nothing.status_code) == (404, 404)
        assert without_request_id(answer) == without_request_id(nothing)


@pytest.mark.parametrize("listing", ["claims", "evidence", "sources", "reviews"])
def test_hidden_claim_elsewhere_is_in_no_list(api, outsider, hidden, listing):
    assert len(api.read(f"{listing}/")["results"]) == 1
    assert outsider.read(f"{listing}/") == {"results": [], "next": None}


def test_filter_by_a_hidden_claim_is_refused_as_by_a_missing_one(outsider, hidden):
    answers = [
        outsider.get(f"evidence/?claim={reference}")
        for reference in (hidden.reference, "ST-000000")
    ]
    assert [answer.status_code for answer in answers] == [400, 400]
    assert len({answer.json()["errors"]["claim"][0] for answer in answers}) == 1


def test_administrator_reads_no_hidden_claim(cast, hidden, client):
    client.force_login(cast.users["admin"], backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(f"/api/v1/claims/{hidden.reference}/").status_code == 404


def test_hidden_claim_is_withheld_in_the_feed_without_a_gap(api, outsider, hidden):
    whole, thinned = (who.read("changes/")["entries"] for who in (api, outsider))
    assert [entry["seq"] for entry in thinned] == [entry["seq"] for entry in whole]
    assert [entry["hash"] for entry in thinned] == [entry["hash"] for entry in whole]
    withheld = [entry for entry in thinned if entry["kind"] == "withheld"]
    about = {entry["seq"] for entry in whole if entry.get("claim") or entry.get("source")}
    assert len(about) > 4
    assert about <= {entry["seq"] for entry in withheld}
    for entry in withheld:
        assert entry.keys() == {"seq", "recorded_at", "kind", "leaf", "hash"}
    assert hidden.reference not in str(thinned)


def test_withheld_entries_have_no_kind_to_ask_for(outsider, hidden):
    page = outsider.read("changes/?kinds=claim_opened,evidence_added")
    assert page["entries"] == []
    assert page["caught_up"]


def test_opened_claim_brings_its_whole_state_in_the_feed(outsider, hidden, cast):
    before = outsider.read("changes/")["next_after"]
    set_visibility(cast.cleo, hidden.pk, to=Visibility.OPEN, seen=hidden.revision)
    entry = outsider.read(f"changes/?after={before}")["entries"][0]
    assert (entry["kind"], entry["claim"]) == ("opened", hidden.reference)
    state = entry["body"]["sets"][hidden.reference]
    assert entry["texts"][state["statement"]] == "Nobody else may know."
    assert outsider.read(f"claims/{hidden.reference}/")["visibility"] == "open"


def test_hidden_again_tells_its_former_readers_so(outsider, cast):
    claim = make_claim(cast)
    assert outsider.get(f"claims/{claim.reference}/").status_code == 200
    after = outsider.read("changes/")["next_after"]
    set_visibility(cast.cleo, claim.pk, to=Visibility.RESTRICTED, seen=fresh(claim).revision)
    assert outsider.get(f"claims/{claim.reference}/").status_code == 404
    (entry,) = outsider.read(f"changes/?after={after}")["entries"]
    assert (entry["kind"], entry["claim"]) == ("hidden", claim.reference)


def test_relayed_evidence_on_a_hidden_claim_is_not_named(api, outsider, hidden, cast):
    relaying = make_evidence(
        cast, make_claim(cast, "In the open."), relays_evidence=hidden.evidence.get()
    )
    at_home = api.read(f"evidence/{relaying.reference}/")["relays"]
    assert at_home["evidence"] == hidden.evidence.get().reference
    away = outsider.read(f"evidence/{relaying.reference}/")["relays"]
    assert away == {"evidence": None, "origin": None}


def test_confidential_origin_is_unnamed_outside_its_desk(api, outsider, cast):
    origin = add_origin(
        cast.ada, values={"name": "Heron", "kind": "person"}, confidential_at=cast.desk
    )
    row = make_evidence(cast, make_claim(cast), origin=origin)
    assert api.read(f"evidence/{row.reference}/")["origin"]["name"] == "Heron"
    told = outsider.read(f"evidence/{row.reference}/")["origin"]
    assert told == {
        "reference": None,
        "name": "a confidential source",
        "kind": None,
        "reliability": None,
        "is_confidential": True,
    }
