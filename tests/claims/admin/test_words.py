"""Opening claims and changing their words: at once, or by two people once corroborated."""

import pytest

from claims.models import Claim, Figure, Proposal
from claims.queries.ledger import head_seq
from claims.queries.version import version_of
from claims.services import proposals
from claims.states import ProposalState, Visibility
from tests.claims.admin.conftest import refusals
from tests.claims.cast import fresh, make_claim, make_origin

NO_ROWS = {"figures-TOTAL_FORMS": "0", "figures-INITIAL_FORMS": "0"}
ONE_ROW = {
    "figures-TOTAL_FORMS": "1",
    "figures-INITIAL_FORMS": "0",
    "figures-0-qualifier": "about",
    "figures-0-value": "1500",
    "figures-0-unit": "soldiers",
    "figures-0-scope": "additional",
    "figures-0-as_of_on": "2024-10-18",
}


def new_claim(**values):
    return {
        "desk": "world",
        "statement": "Three ferries have sunk.",
        "kind": "fact",
        "language": "en",
        "visibility": "open",
        **NO_ROWS,
        **values,
    }


def edit(claim, step="words", **values):
    given = {"statement": claim.statement, "kind": claim.kind, **NO_ROWS}
    return {"step": step, "revision": fresh(claim).revision, **given, **values}


def test_a_new_claim_goes_on_to_its_evidence(door, cast):
    origin = make_origin(cast, "Port authority")
    answer = door("ada").post(
        "claims_claim_new", **new_claim(claimant="port authority", as_of_on="2024-10-18", **ONE_ROW)
    )
    claim = Claim.objects.get()
    assert answer.status_code == 302
    assert answer.url == f"/admin/claims/claim/{claim.reference}/evidence/new/"
    assert (claim.claimant, claim.status, claim.desk) == (origin, "reported", cast.desk)
    assert Figure.objects.get(claim=claim).value == 1500


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"statement": " "}, "This field is required."),
        ({"statement": "x" * 2001}, "Is longer than 2000 characters."),
        ({"statement": "right\u202eleft"}, "control character U+202E"),
        ({"kind": "opinion"}, "not one of the available choices"),
        ({"desk": "sport"}, "not one of the available choices"),
        ({"claimant": "Nobody on record"}, "No origin of this name is on record"),
        ({"as_of_on": "0000-00-00"}, "Enter a valid date."),
        ({"claimant_text": "x" * 301}, "at most 300 characters"),
        ({"language": ""}, "This field is required."),
        ({**ONE_ROW, "figures-0-value": "NaN"}, "Enter a number."),
        ({**ONE_ROW, "figures-0-value": "1e999"}, "Ensure that there are no more than"),
        ({**ONE_ROW, "figures-0-value": "9" * 5000}, "Ensure that there are no more than"),
        ({**ONE_ROW, "figures-0-value": "1e-999999999"}, "Ensure that there are no more than"),
        ({**ONE_ROW, "figures-0-value": ""}, "A figure needs a value."),
        ({"figures-TOTAL_FORMS": "1000000000"}, "Please submit at most 6 forms."),
        ({"figures-TOTAL_FORMS": "zz"}, "ManagementForm data is missing"),
    ],
)
def test_a_wrong_field_is_told_and_the_rest_is_kept(door, values, sentence):
    given = new_claim(**{"claimant_text": "the harbour master", **values})
    answer = door("ada").post("claims_claim_new", **given)
    assert answer.status_code == 422
    assert sentence in refusals(answer)
    if "claimant_text" not in values:
        assert "the harbour master" in answer.content.decode()
    assert not Claim.objects.exists()


def test_nul_is_refused_before_anything_is_read(door):
    assert door("ada").post("claims_claim_new", **new_claim(statement="a\x00b")).status_code == 400


def test_two_megabytes_of_statement_are_refused(door):
    answer = door("ada").post("claims_claim_new", **new_claim(statement="x" * 2_000_000))
    assert answer.status_code == 422


def test_prefilled_addresses_are_ignored(door):
    answer = door("ada").get("claims_claim_new", query="?status=corroborated&as_of_on=zzz")
    assert answer.status_code == 200
    assert "zzz" not in answer.content.decode()


@pytest.mark.parametrize("who", ["admin"])
def test_who_works_at_no_desk_opens_no_claim(door, who):
    assert door(who).get("claims_claim_new").status_code == 403
    assert door(who).post("claims_claim_new", **new_claim()).status_code == 403


def test_a_confidential_origin_of_another_desk_cannot_be_named(door, cast):
    from claims.services.origins import add_origin  # noqa: PLC0415 - beside its one use

    values = {"name": "Sparrow", "kind": "person"}
    add_origin(cast.omar, values=values, confidential_at=cast.other_desk)
    answer = door("ada").post("claims_claim_new", **new_claim(claimant="Sparrow"))
    assert "No origin of this name" in refusals(answer)
    assert "Sparrow" not in door("ada").text("claims_claim_new")


def test_words_of_a_reported_claim_change_at_once(door, claim):
    given = edit(claim, statement="1,600 soldiers have arrived.", **ONE_ROW)
    assert door("ada").post("claims_claim_edit", claim.reference, **given).status_code == 302
    now = fresh(claim)
    assert now.statement == "1,600 soldiers have arrived."
    assert Figure.objects.get(claim=claim, ended_at__isnull=True).unit == "soldiers"


def test_unchanged_figures_are_left_alone(door, claim):
    door("ada").post("claims_claim_edit", claim.reference, **edit(claim, **ONE_ROW))
    again = edit(claim, statement="Others have.", **ONE_ROW)
    assert door("ada").post("claims_claim_edit", claim.reference, **again).status_code == 302
    assert Figure.objects.filter(claim=claim).count() == 1


def test_words_of_a_corroborated_claim_wait_for_a_second_person(door, cast, corroborated):
    claim = corroborated
    given = edit(claim, "words", statement="1,600 soldiers have arrived.")
    refused = door("ada").post("claims_claim_edit", claim.reference, **given)
    assert refused.status_code == 422
    given |= {"step": "propose-words", "rationale": "As the source says."}
    assert door("ada").post("claims_claim_edit", claim.reference, **given).status_code == 302
    assert fresh(claim).statement == "1,500 soldiers have arrived."
    page = door("ben").text("claims_claim_page", claim.reference)
    assert "1,600 soldiers have arrived." in page
    proposal = Proposal.objects.get(claim=claim, state=ProposalState.OPEN)
    proposals.sign_off(cast.ben, proposal.reference, version=version_of(fresh(claim)))
    assert fresh(claim).statement == "1,600 soldiers have arrived."


def test_dates_of_a_corroborated_claim_change_at_once(door, corroborated):
    given = {"step": "dates", "revision": fresh(corroborated).revision, "priority": "1"}
    given |= {"review_by_on": "2027-01-01", "expected_by_on": ""}
    answer = door("ada").post("claims_claim_edit", corroborated.reference, **given)
    assert answer.status_code == 302
    assert str(fresh(corroborated).review_by_on) == "2027-01-01"


def test_a_stale_edit_keeps_its_input_and_writes_nothing(door, claim):
    given = edit(claim, statement="My new words.") | {"seq": head_seq()}
    door("ben").step(claim, "flag", kind="tip", detail="Look again.")
    answer = door("ada").post("claims_claim_edit", claim.reference, **given)
    assert answer.status_code == 409
    assert "Ben: flag raised" in answer.content.decode()
    assert "My new words.</textarea>" in answer.content.decode()
    assert fresh(claim).statement == claim.statement


def test_a_claim_may_be_opened_for_its_desk_alone(door):
    door("ada").post("claims_claim_new", **new_claim(visibility="restricted"))
    assert Claim.objects.get().visibility == Visibility.RESTRICTED


def test_a_new_claim_has_a_topic_that_is_offered_from_then_on(door):
    assert door("ada").post("claims_claim_new", **new_claim(topic="Black-Sea")).status_code == 302
    assert Claim.objects.get().topic == "black-sea"
    offered = '<option value="black-sea">'
    assert offered in door("ada").text("claims_claim_new")
    assert offered in door("ada").text("claims_claim_edit", Claim.objects.get().reference)


@pytest.mark.parametrize("topic", ["black sea", "-", "straße", "a--b"])
def test_a_topic_that_is_no_short_word_is_told_at_its_field(door, topic):
    answer = door("ada").post("claims_claim_new", **new_claim(topic=topic))
    assert answer.status_code == 422
    assert "single hyphens only" in refusals(answer)
    assert not Claim.objects.exists()


def test_the_topic_of_a_corroborated_claim_changes_at_once(door, corroborated):
    given = {"step": "dates", "revision": fresh(corroborated).revision, "priority": "2"}
    given |= {"topic": "black-sea"}
    answer = door("ada").post("claims_claim_edit", corroborated.reference, **given)
    assert answer.status_code == 302
    assert fresh(corroborated).topic == "black-sea"


def test_the_list_of_claims_is_filtered_by_topic(door, cast):
    of_it = make_claim(cast, "Of the topic.", topic="black-sea")
    other = make_claim(cast, "Of another.", topic="elections")
    answer = door("ada").get("claims_claim_changelist", query="?topic=black-sea")
    page = answer.content.decode()
    assert of_it.reference in page
    assert other.reference not in page
    assert "?topic=elections" in page


def test_a_topic_nobody_has_lists_nothing(door, cast):
    claim = make_claim(cast, "Of the topic.", topic="black-sea")
    answer = door("ada").get("claims_claim_changelist", query="?topic=%27--")
    assert claim.reference not in answer.content.decode()
