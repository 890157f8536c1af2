import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from claims.models import Watch
from claims.services import claims, proposals, status
from claims.services.articles import add_appearance, add_article
from claims.services.claims import set_visibility
from claims.services.merge import merge
from claims.services.origins import add_origin
from claims.services.split import Part, split
from claims.states import (
    ClaimKind,
    ClaimLinkKind,
    ClaimStatus,
    CloseReason,
    FigureQualifier,
    Ground,
    Visibility,
)
from claims.types import FigureValue
from tests.claims.cast import fresh, make_claim, make_evidence, make_origin

pytestmark = pytest.mark.django_db

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


def references(page) -> list[str]:
    return [row["reference"] for row in page["results"]]


def test_claim_answers_status_ground_and_basis(api, cast):
    claim = make_claim(cast, as_of_on="2024-10-18", review_by_on="2024-11-01", claimant_text="NIS")
    told = api.read(f"claims/{claim.reference}/")
    assert told["reference"] == claim.reference
    assert told["url"] == f"http://testserver/api/v1/claims/{claim.reference}/"
    assert (told["desk"], told["kind"], told["visibility"]) == ("world", "fact", "open")
    assert (told["status"], told["ground"]) == ("reported", "not_reviewed")
    assert told["basis"]["state"] == "holds"
    assert MOMENT.fullmatch(told["basis"]["since_at"])
    assert told["claimant"] == {"reference": None, "name": None, "text": "NIS"}
    assert (told["as_of_on"], told["review_by_on"]) == ("2024-10-18", "2024-11-01")
    assert told["closed"] is told["replaced_by"] is told["pending_proposal"] is None
    assert (told["revision"], told["open_flags"], told["evidence_count"]) == (1, 0, 0)


def test_no_integer_key_leaves(api, cast):
    claim = make_claim(cast)
    assert "id" not in api.read(f"claims/{claim.reference}/")


def test_figures_are_exact_texts(api, cast):
    claim = claims.open_claim(
        cast.ada,
        desk=cast.desk,
        values={"statement": "About 1,500."},
        figures=[
            FigureValue(Decimal("1500.50"), unit="soldiers", qualifier=FigureQualifier.ABOUT),
            FigureValue(Decimal(10), value_high=Decimal(12)),
        ],
    )
    first, second = api.read(f"claims/{claim.reference}/")["figures"]
    assert (first["value"], first["value_high"], first["unit"]) == ("1500.5", None, "soldiers")
    assert first["qualifier"] == "about"
    assert (second["value"], second["value_high"]) == ("10", "12")


def test_pending_proposal_is_told(api, cast):
    claim = make_claim(cast)
    for name in ("Reuters", "AFP"):
        make_evidence(cast, claim, origin=make_origin(cast, name))
    proposals.propose(
        cast.ada,
        claim.pk,
        to=ClaimStatus.CORROBORATED,
        ground=Ground.INDEPENDENT_ORIGINS,
        rationale="Two agencies saw it.",
        seen=fresh(claim).revision,
    )
    told = api.read(f"claims/{claim.reference}/")
    assert told["pending_proposal"]["to_status"] == "corroborated"
    assert told["pending_proposal"]["ground"] == "independent_origins"
    assert (told["basis"]["independent_origins"], told["evidence_count"]) == (2, 2)
    assert told["status"] == "reported"


def test_oldest_last_look_is_null_until_every_watched_source_was_looked_at(api, cast):
    claim = make_claim(cast)
    first, second = (make_evidence(cast, claim) for _ in range(2))
    old, new = timezone.now() - timedelta(days=1), timezone.now()
    Watch.objects.filter(source=first.source).update(last_looked_at=new)
    assert api.read(f"claims/{claim.reference}/")["basis"]["oldest_last_look_at"] is None
    Watch.objects.filter(source=second.source).update(last_looked_at=old)
    told = api.read(f"claims/{claim.reference}/")["basis"]["oldest_last_look_at"]
    assert told == f"{old:%Y-%m-%dT%H:%M:%S.%f}Z"


@pytest.mark.parametrize(
    "change", [str.lower, lambda text: text.replace("1", "l").replace("0", "o")]
)
def test_reference_is_read_as_people_type_it(api, cast, change):
    claim = make_claim(cast)
    assert api.read(f"claims/{change(claim.reference)}/")["reference"] == claim.reference


def test_merged_claim_answers_for_ever_with_what_replaced_it(api, cast):
    kept, merged = make_claim(cast), make_claim(cast, "The same, once more.")
    claims.close(
        cast.ada,
        merged.pk,
        reason=CloseReason.DUPLICATE,
        note="The same claim.",
        seen=fresh(merged).revision,
        replaced_by=kept.reference,
    )
    told = api.read(f"claims/{merged.reference}/")
    assert told["replaced_by"] == kept.reference
    assert told["closed"]["reason"] == "duplicate"


def test_a_chain_of_merges_answers_with_its_end(api, cast):
    first, second, third = (make_claim(cast, f"Claim {number}.") for number in range(3))
    for claim, into in ((first, second), (second, third)):
        seen = fresh(claim).revision
        merge(cast.ada, claim.pk, into=into.reference, note="The same.", seen=seen)
    told = [api.read(f"claims/{claim.reference}/") for claim in (first, second, third)]
    assert [one["replaced_by"] for one in told] == [third.reference, third.reference, None]


def test_a_later_merge_of_its_replacement_changes_the_tag(api, cast):
    first, second, third = (make_claim(cast, f"Claim {number}.") for number in range(3))
    merge(cast.ada, first.pk, into=second.reference, note="The same.", seen=1)
    tag = api.get(f"claims/{first.reference}/")["ETag"]
    assert api.get(f"claims/{first.reference}/", If_None_Match=tag).status_code == 304
    seen = fresh(second).revision
    merge(cast.ada, second.pk, into=third.reference, note="The same.", seen=seen)
    assert api.get(f"claims/{first.reference}/", If_None_Match=tag).status_code == 200


def test_a_split_claim_answers_with_all_its_parts(api, outsider, cast):
    claim = make_claim(cast)
    parts = [Part({"statement": f"Part {number}."}) for number in range(3)]
    made = split(cast.ada, claim.pk, parts=parts, note="Three in one.", seen=1)
    told = api.read(f"claims/{claim.reference}/")
    assert told["split_into"] == [part.reference for part in made]
    assert (told["replaced_by"], told["closed"]["reason"]) == (made[0].reference, "split")
    assert api.read(f"claims/{made[1].reference}/")["split_into"] == []
    set_visibility(cast.cleo, made[1].pk, to=Visibility.RESTRICTED, seen=fresh(made[1]).revision)
    seen = outsider.read(f"claims/{claim.reference}/")["split_into"]
    assert seen == [made[0].reference, made[2].reference]


def test_replacement_its_reader_may_not_see_is_not_named(outsider, cast):
    hidden = make_claim(cast, visibility=Visibility.RESTRICTED)
    merged = make_claim(cast, "The same, in the open.")
    claims.close(
        cast.ada,
        merged.pk,
        reason=CloseReason.DUPLICATE,
        note="The same claim.",
        seen=fresh(merged).revision,
        replaced_by=hidden.reference,
    )
    told = outsider.read(f"claims/{merged.reference}/")
    assert told["replaced_by"] is None
    assert told["closed"]["reason"] == "duplicate"


def test_claim_names_what_it_updates(api, cast):
    old, new = make_claim(cast), make_claim(cast, "2,000 soldiers have arrived.")
    claims.link(cast.ada, new.pk, kind=ClaimLinkKind.UPDATES, to=old.reference)
    told = api.read(f"claims/{new.reference}/")
    assert told["related"] == [{"kind": "updates", "claim": old.reference}]


def test_confidential_claimant_is_unnamed_outside_its_desk(api, outsider, cast):
    origin = add_origin(
        cast.ada, values={"name": "Heron", "kind": "person"}, confidential_at=cast.desk
    )
    claim = make_claim(cast, claimant=origin, claimant_text="a man at the port")
    at_home = api.read(f"claims/{claim.reference}/")["claimant"]
    assert at_home == {"reference": origin.reference, "name": "Heron", "text": "a man at the port"}
    away = outsider.read(f"claims/{claim.reference}/")["claimant"]
    assert away == {"reference": None, "name": "a confidential source", "text": None}


def test_list_is_newest_first(api, cast):
    made = [make_claim(cast, f"Claim {number}.").reference for number in range(3)]
    page = api.read("claims/")
    assert references(page) == made[::-1]
    assert page["next"] is None


def test_pages_hold_every_claim_once_while_others_are_opened(api, cast):
    made = {make_claim(cast, f"Claim {number}.").reference for number in range(7)}
    seen, url = [], "claims/?limit=2"
    while url:
        page = api.read(url)
        seen += references(page)
        make_claim(cast, f"Opened meanwhile, after {len(seen)}.")
        url = page["next"]
    assert len(seen) == len(set(seen)) == 7
    assert set(seen) == made


def test_next_page_keeps_the_filters(api, cast):
    for number in range(3):
        make_claim(cast, f"Said {number}.", kind=ClaimKind.STATEMENT)
        make_claim(cast, f"So {number}.")
    first = api.read("claims/?kind=statement&limit=2")
    second = api.read(first["next"])
    assert [row["kind"] for row in first["results"] + second["results"]] == ["statement"] * 3


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("status=disputed", True),
        ("status=reported", False),
        ("ground=conflicting_accounts", True),
        ("ground=single_origin", False),
        ("kind=fact", True),
        ("kind=statement", False),
        ("basis=holds", True),
        ("basis=lost", False),
        ("desk=world", True),
        ("desk=sport", False),
        ("status=disputed&kind=statement", False),
    ],
)
def test_filter_finds_what_it_names(api, cast, query, is_found):
    claim = make_claim(cast)
    make_evidence(cast, claim, stance="disputes", dispute_kind="conflicting_account")
    status.decide(
        cast.cleo,
        claim.pk,
        to=ClaimStatus.DISPUTED,
        ground=Ground.CONFLICTING_ACCOUNTS,
        rationale="Kyiv and Seoul differ.",
        seen=fresh(claim).revision,
    )
    assert bool(references(api.read(f"claims/?{query}"))) is is_found


def test_filter_by_article_finds_its_claims_once(api, cast):
    inside, _outside = make_claim(cast), make_claim(cast, "Elsewhere.")
    article = add_article(
        cast.ada, desk=cast.desk, text="It is so. It is so.", values={"title": "A"}
    )
    for start in (0, 10):
        add_appearance(cast.ada, inside.pk, article=article.reference, start=start, end=start + 9)
    assert references(api.read(f"claims/?article={article.reference.lower()}")) == [
        inside.reference
    ]


def test_history_is_newest_first_and_pages(api, cast):
    claim = make_claim(cast)
    for _ in range(3):
        make_evidence(cast, claim)
    first = api.read(f"claims/{claim.reference}/history/?limit=3")
    rest = api.read(f"claims/{claim.reference}/history/?limit=3&before={first['next_before']}")
    kinds = [entry["kind"] for entry in first["entries"] + rest["entries"]]
    assert kinds == ["evidence_added"] * 3 + ["claim_opened"]
    assert rest["next_before"] is None
    assert "1,500 soldiers have arrived." in rest["entries"][-1]["texts"].values()


@pytest.mark.parametrize("count", [1, 12])
def test_list_costs_the_same_queries_whatever_its_length(
    api, cast, count, django_assert_num_queries
):
    for number in range(count):
        make_evidence(cast, make_claim(cast, f"Claim {number}."), origin=make_origin(cast, "X"))
    api.get("claims/")
    with django_assert_num_queries(3):  # the token with its roles, the head, the rows
        assert len(api.read("claims/")["results"]) == count
    connection.queries_log.clear()
