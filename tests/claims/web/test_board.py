import pytest

from claims.models import Claim
from claims.services.proposals import propose, sign_off
from claims.services.reviews import ask_for_review
from claims.services.status import decide
from claims.states import ClaimStatus, FlagKind, Ground, Stance, Visibility
from tests.claims.cast import fresh, make_claim, make_evidence, make_origin


def corroborate(cast, claim):
    make_evidence(cast, claim, origin=make_origin(cast, "NIS"), is_primary_record=True)
    proposal = propose(
        cast.ada,
        claim.pk,
        to=ClaimStatus.CORROBORATED,
        ground=Ground.PRIMARY_RECORD,
        rationale="The letter itself.",
        seen=fresh(claim).revision,
    )
    sign_off(cast.ben, proposal.reference, version=proposal.version)
    return fresh(claim)


def page(client, **headers):
    response = client.get("/", headers=headers)
    return response, response.content.decode()


def test_an_empty_board_says_what_will_stand_there(reader_of):
    _, text = page(reader_of("dora"))
    assert "No flag is open." in text
    assert "Nothing has been decided yet." in text


def test_claims_are_counted_by_status_and_corroborated_by_basis(cast, reader_of):
    make_claim(cast)
    corroborate(cast, make_claim(cast, "The letter was sent."))
    flagged = corroborate(cast, make_claim(cast, "The vote was held."))
    ask_for_review(cast.omar, flagged.pk, kind=FlagKind.OBJECTION, detail="It was not held.")
    counts = reader_of("dora").get("/").context["board"].counts
    assert (counts.reported, counts.not_yet_reviewed, counts.disputed) == (1, 1, 0)
    assert (counts.corroborated_holding, counts.corroborated_shaking) == (1, 1)
    assert (counts.flagged_claims, counts.open_reviews, counts.waiting_for_sign_off) == (1, 1, 0)


def test_a_flagged_claim_stands_on_the_board_with_its_reason(cast, reader_of):
    claim = make_claim(cast, "The vote was held.")
    ask_for_review(cast.omar, claim.pk, kind=FlagKind.OBJECTION, detail="It was not held.")
    _, text = page(reader_of("dora"))
    assert "The vote was held." in text
    assert "Another desk objects" in text
    assert "1 open flag" in text


def test_a_signed_off_decision_names_both_people_and_the_reason(cast, reader_of):
    corroborate(cast, make_claim(cast, "The letter was sent."))
    _, text = page(reader_of("dora"))
    assert "The letter itself." in text
    assert "Ada, signed off by Ben" in text
    assert "primary record" in text


def test_a_dispute_names_one_person(cast, reader_of):
    claim = make_claim(cast)
    make_evidence(cast, claim, stance=Stance.DISPUTES, dispute_kind="disproof")
    decide(
        cast.ada,
        claim.pk,
        to=ClaimStatus.DISPUTED,
        ground=Ground.CONFLICTING_ACCOUNTS,
        rationale="Another count.",
        seen=fresh(claim).revision,
    )
    (row,) = reader_of("dora").get("/").context["board"].decisions
    assert (row.who, row.words, row.rationale) == ("Ada", "conflicting accounts", "Another count.")


def test_nothing_of_a_restricted_claim_reaches_another_desk(cast, reader_of):
    claim = make_claim(cast, "A secret.", visibility=Visibility.RESTRICTED)
    ask_for_review(cast.ben, claim.pk, kind=FlagKind.TIP, detail="Look again.")
    response, text = page(reader_of("omar"))
    assert "A secret." not in text
    assert claim.reference not in text
    counts = response.context["board"].counts
    assert (counts.reported, counts.flagged_claims, counts.open_reviews) == (0, 0, 0)
    assert reader_of("dora").get("/").context["board"].counts.flagged_claims == 1


def test_an_unchanged_board_answers_304_in_few_queries(
    cast, reader_of, django_assert_max_num_queries
):
    client = reader_of("dora")
    first, _ = page(client)
    with django_assert_max_num_queries(5):
        again, _ = page(client, if_none_match=first["ETag"])
    assert again.status_code == 304
    assert again["ETag"] == first["ETag"]


def test_a_new_entry_changes_the_etag(cast, reader_of):
    client = reader_of("dora")
    first, _ = page(client)
    make_claim(cast)
    again, _ = page(client, if_none_match=first["ETag"])
    assert again.status_code == 200
    assert again["ETag"] != first["ETag"]


def test_two_readers_with_other_rights_share_no_etag(reader_of):
    assert page(reader_of("dora"))[0]["ETag"] != page(reader_of("omar"))[0]["ETag"]


@pytest.mark.parametrize("many", [1, 12])
def test_the_number_of_queries_does_not_grow_with_the_claims(
    cast, reader_of, django_assert_max_num_queries, many
):
    for number in range(many):
        claim = make_claim(cast, f"Claim {number}.")
        ask_for_review(cast.ben, claim.pk, kind=FlagKind.TIP, detail="Look again.")
    assert Claim.objects.count() == many
    client = reader_of("dora")
    with django_assert_max_num_queries(18):
        client.get("/")


def test_somebody_without_a_desk_is_told_so(reader_of):
    assert "You belong to no desk yet." in page(reader_of("admin"))[1]
