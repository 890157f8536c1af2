"""Evidence is linked, graded, attested and withdrawn through the services, and stays on record."""

import pytest

from claims.models import Evidence, Origin, Proposal, Source, Watch
from claims.queries.ledger import head_seq
from claims.states import QuoteState, Visibility
from tests.claims.admin.conftest import refusals
from tests.claims.cast import fresh, make_claim, make_evidence, make_origin

NO_ROWS = {"figures-TOTAL_FORMS": "0", "figures-INITIAL_FORMS": "0"}


def given(claim, **values):
    return {
        "revision": fresh(claim).revision,
        "url": "https://stranger.example.net/harbour?id=7",
        "quote": "Three ferries went down in the storm.",
        "stance": "supports",
        "credibility": "6",
        **NO_ROWS,
        **values,
    }


def of(row, step, **values):
    shown = {
        "quote": row.quote,
        "stance": row.stance,
        "credibility": row.credibility,
        "origin": row.origin.reference if row.origin else "",
    }
    return {"step": step, "revision": fresh(row.claim).revision, **shown, **NO_ROWS, **values}


def test_a_stranger_s_page_becomes_evidence_the_watch_looks_at(door, cast):
    claim = make_claim(cast, "Three ferries have sunk.")
    origin = make_origin(cast, "Port authority")
    values = given(claim, origin=f"Port authority ({origin.reference})", credibility="2")
    values |= {"figures-TOTAL_FORMS": "1", "figures-0-qualifier": "exact"}
    values |= {"figures-0-value": "3", "figures-0-unit": "ferries", "figures-0-scope": "in_total"}
    answer = door("ada").post("claims_evidence_new", claim.reference, **values)
    assert answer.status_code == 302
    row = Evidence.objects.get(claim=claim)
    assert (row.origin, row.credibility, row.quote_state) == (origin, 2, QuoteState.UNCHECKED)
    assert row.figures.get().value == 3
    assert Watch.objects.get(source=row.source).due_at is not None
    assert values["quote"] in door("ada").text("claims_claim_page", claim.reference)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"url": "javascript:alert(1)"}, ""),
        ({"url": "ftp://example.org/x"}, ""),
        ({"url": "http://127.0.0.1/"}, ""),
        ({"url": "http://user:pw@example.org/"}, ""),
        ({"url": "x" * 3000}, "at most 2048 characters"),
        ({"url": ""}, "This field is required."),
        ({"quote": ""}, "This field is required."),
        ({"quote": "x" * 10_001}, "Is longer than 10000 characters."),
        ({"stance": "denies"}, "not one of the available choices"),
        ({"credibility": "7"}, "not one of the available choices"),
        ({"origin": "OR-ZZZZZZ"}, "No origin of this name is on record"),
        ({"relays": "EV-ZZZZZZ"}, "There is no evidence EV-ZZZZZZ."),
        ({"relays": "nobody"}, "No origin of this name is on record"),
        ({"language": "x" * 17}, "at most 16 characters"),
    ],
)
def test_a_wrong_field_is_told_and_nothing_is_linked(door, claim, values, sentence):
    before = (Evidence.objects.count(), Source.objects.count())
    answer = door("ada").post("claims_evidence_new", claim.reference, **given(claim, **values))
    assert answer.status_code == 422
    assert refusals(answer).strip()
    assert sentence in refusals(answer)
    assert (Evidence.objects.count(), Source.objects.count()) == before


def test_the_same_quote_twice_is_refused_by_name(door, claim):
    door("ada").post("claims_evidence_new", claim.reference, **given(claim))
    answer = door("ada").post("claims_evidence_new", claim.reference, **given(claim))
    assert answer.status_code == 409
    assert "is evidence already" in refusals(answer)


def test_it_repeats_other_evidence_or_an_origin(door, cast, claim):
    first = Evidence.objects.filter(claim=claim).first()
    nis = make_origin(cast, "the NIS")
    post = door("ada").post
    post("claims_evidence_new", claim.reference, **given(claim, relays=f"{first.reference} Page"))
    assert Evidence.objects.latest("pk").relays_evidence == first
    url = "https://other.example.net/"
    post("claims_evidence_new", claim.reference, **given(claim, url=url, relays="The NIS"))
    assert Evidence.objects.latest("pk").relays_origin == nis


def test_evidence_of_a_claim_one_may_not_see_cannot_be_repeated(door, cast):
    secret = make_claim(cast, "A secret.", visibility=Visibility.RESTRICTED)
    hidden = make_evidence(cast, secret)
    from claims.services.claims import open_claim  # noqa: PLC0415 - beside its one use

    claim = open_claim(cast.omar, desk=cast.other_desk, values={"statement": "Ours."})
    values = given(claim, relays=hidden.reference)
    answer = door("omar").post("claims_evidence_new", claim.reference, **values)
    assert f"There is no evidence {hidden.reference}." in refusals(answer)


def test_grades_change_at_once_while_the_claim_is_reported(door, claim):
    row = Evidence.objects.filter(claim=claim).first()
    page = ("claims_evidence_page", claim.reference, row.reference)
    answer = door("ada").post(*page, **of(row, "grade", credibility="2", locator="page 3"))
    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.credibility, row.locator) == (2, "page 3")


def test_counted_evidence_of_a_corroborated_claim_takes_two(door, corroborated):
    row = Evidence.objects.filter(claim=corroborated).first()
    page = ("claims_evidence_page", corroborated.reference, row.reference)
    assert "Propose this edit" in door("ada").text(*page)
    assert door("ada").post(*page, **of(row, "grade", credibility="2")).status_code == 422
    values = of(row, "propose-grade", credibility="2", rationale="By phone.")
    assert door("ada").post(*page, **values).status_code == 302
    row.refresh_from_db()
    assert row.credibility == 6
    assert Proposal.objects.latest("pk").payload == {
        "evidence": {row.reference: {"credibility": 2}}
    }


def test_a_stale_grading_keeps_its_input(door, claim):
    row = Evidence.objects.filter(claim=claim).first()
    values = of(row, "grade", locator="my locator") | {"seq": head_seq()}
    door("ben").step(claim, "flag", kind="tip", detail="Look again.")
    answer = door("ada").post("claims_evidence_page", claim.reference, row.reference, **values)
    assert answer.status_code == 409
    assert "my locator" in answer.content.decode()
    assert "Ben: flag raised" in answer.content.decode()
    row.refresh_from_db()
    assert row.locator == ""


def test_a_person_attests_in_their_own_name(door, cast, claim):
    row = make_evidence(cast, claim, state=QuoteState.UNCHECKED, quote="on tape")
    page = ("claims_evidence_page", claim.reference, row.reference)
    values = {"attested_on": "2024-10-18", "note": "On the phone, recorded."}
    assert door("ada").post(*page, **of(row, "attest", **values)).status_code == 302
    row.refresh_from_db()
    assert (row.quote_state, row.attested_by) == (QuoteState.ATTESTED, cast.users["ada"])


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"attested_on": "2999-01-01", "note": "x"}, "Lies in the future."),
        ({"attested_on": "", "note": "x"}, "This field is required."),
        ({"attested_on": "2024-10-18", "note": ""}, "Say how you saw or heard it"),
        ({"attested_on": "2024-10-18", "note": "x", "capture": "0" * 64}, "not one of the"),
    ],
)
def test_an_attestation_needs_a_day_that_was_and_a_note(door, claim, values, sentence):
    row = Evidence.objects.filter(claim=claim).first()
    page = ("claims_evidence_page", claim.reference, row.reference)
    answer = door("ada").post(*page, **of(row, "attest", **values))
    assert answer.status_code == 422
    assert sentence in refusals(answer)


def test_withdrawing_keeps_the_evidence_on_record(door, claim):
    row = Evidence.objects.filter(claim=claim).first()
    page = ("claims_evidence_page", claim.reference, row.reference)
    assert door("ada").post(*page, **of(row, "withdraw", reason="")).status_code == 422
    assert door("ada").post(*page, **of(row, "withdraw", reason="Satire.")).status_code == 302
    assert "Withdrawn" in door("ada").text("claims_claim_page", claim.reference)
    assert "Satire." in door("ada").text("claims_claim_page", claim.reference)
    assert Evidence.objects.filter(pk=row.pk).exists()


def test_evidence_of_another_claim_is_not_found_here(door, cast, claim):
    other = make_evidence(cast, make_claim(cast, "Another."))
    page = ("claims_evidence_page", claim.reference, other.reference)
    assert door("ada").get(*page).status_code == 404


def test_another_desk_adds_no_evidence(door, claim):
    assert door("omar").get("claims_evidence_new", claim.reference).status_code == 403
    answer = door("omar").post("claims_evidence_new", claim.reference, **given(claim))
    assert answer.status_code == 403


def test_an_origin_is_put_on_record_and_graded(door, cast):
    state = make_origin(cast, "South Korean state")
    values = {"name": "the NIS", "kind": "agency", "reliability": "B", "part_of": str(state)}
    assert door("ada").post("claims_origin_new", **values).status_code == 302
    origin = Origin.objects.get(name="the NIS")
    assert origin.part_of == state
    page = ("claims_origin_page", origin.reference)
    assert door("ada").post(*page, **values | {"reliability": "C"}).status_code == 302
    origin.refresh_from_db()
    assert origin.reliability == "C"


def test_an_origin_cannot_be_part_of_itself(door, cast):
    origin = make_origin(cast, "the NIS")
    values = {"name": "the NIS", "kind": "agency", "reliability": "F", "part_of": "the NIS"}
    answer = door("ada").post("claims_origin_page", origin.reference, **values)
    assert answer.status_code == 422
    assert "part of itself" in refusals(answer)


def test_the_administrator_works_on_no_origin(door):
    values = {"name": "X", "kind": "agency", "reliability": "F"}
    assert door("admin").post("claims_origin_new", **values).status_code == 403
