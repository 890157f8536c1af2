"""Merging, splitting and linking at the desk: a page each."""

import pytest

from claims.models import Claim, ClaimLink, Evidence, Figure, LedgerEntry
from claims.queries.as_of import read_dossier_as_of
from claims.queries.dossier import read_dossier
from claims.services.claims import link, open_claim, reopen_claim
from claims.states import ClaimLinkKind, CloseReason
from claims.text.figures import find_figures
from tests.claims.admin.conftest import refusals
from tests.claims.cast import fresh, make_claim, make_evidence, make_origin


def merge(claim, kept, **values):
    seen = {"revision": fresh(claim).revision}
    return seen | {"into": kept.reference, "note": "The same.", **values}


def split(claim, *statements, **values):
    parts = {f"part-{n}-statement": text for n, text in enumerate(statements, 1)}
    kinds = {f"part-{n}-kind": "fact" for n in range(1, max(2, len(statements)) + 1)}
    seen = {"revision": fresh(claim).revision, "count": str(max(2, len(statements)))}
    return seen | parts | kinds | {"note": "Two in one.", **values}


def test_a_merge_takes_over_the_ticked_evidence(door, cast, claim):
    kept = make_claim(cast, "1,500 soldiers have arrived there.")
    page = door("ada").text("claims_claim_merge", claim.reference)
    assert kept.reference in page
    first, second = Evidence.objects.filter(claim=claim).order_by("pk")
    given = merge(claim, kept, into=kept.reference.lower(), evidence=first.reference)
    answer = door("ada").post("claims_claim_merge", claim.reference, **given)
    assert answer.url == f"/admin/claims/claim/{claim.reference}/"
    assert fresh(claim).replaced_by == kept
    assert [row.origin for row in Evidence.objects.filter(claim=kept)] == [first.origin]
    assert second.reference not in door("ada").text("claims_claim_page", kept.reference)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"into": "ST-000000"}, "There is no claim"),
        ({"into": ""}, "This field is required."),
        ({"into": "x" * 400}, "at most 20 characters"),
        ({"note": " "}, "This field is required."),
        ({"note": "right\u202eleft"}, "control character U+202E"),
        ({"evidence": "EV-000000"}, "not one of the available choices"),
    ],
)
def test_a_wrong_merge_is_told_and_its_input_kept(door, cast, claim, values, sentence):
    given = merge(claim, make_claim(cast, "Another."), **values)
    answer = door("ada").post("claims_claim_merge", claim.reference, **given)
    assert answer.status_code == 422
    assert sentence in refusals(answer)
    assert fresh(claim).closed_at is None


def test_a_merge_sent_twice_changes_nothing_more(door, cast, claim):
    kept = make_claim(cast, "Another.")
    given = merge(claim, kept)
    door("ada").post("claims_claim_merge", claim.reference, **given)
    again = door("ada").post("claims_claim_merge", claim.reference, **given)
    assert again.status_code == 409
    assert "closed already" in door("ada").text("claims_claim_merge", claim.reference)
    assert ClaimLink.objects.count() == 1


def test_a_split_hands_figures_and_evidence_to_the_ticked_parts(door, cast):
    figures = [span.value for span in find_figures("1,500 came and 12,000 follow")]
    claim = open_claim(
        cast.ada,
        desk=cast.desk,
        values={"statement": "1,500 came and 12,000 follow.", "claimant_text": "the NIS"},
        figures=figures,
    )
    row = make_evidence(cast, claim, origin=make_origin(cast, "NIS"))
    page = door("ada").text("claims_claim_split", claim.reference)
    assert "1,500" in page
    ticked = {"part-1-figures": "1", "part-2-figures": "2", "part-2-evidence": row.reference}
    given = split(claim, "1,500 came.", "12,000 follow.", **ticked)
    answer = door("ada").post("claims_claim_split", claim.reference, **given)
    assert answer.url == f"/admin/claims/claim/{claim.reference}/"
    first, second = Claim.objects.exclude(pk=claim.pk).order_by("pk")
    assert [Figure.objects.get(claim=part).value for part in (first, second)] == [1500, 12_000]
    assert Evidence.objects.get(claim=second).quote == row.quote
    assert not Evidence.objects.filter(claim=first).exists()
    assert {first.claimant_text, second.claimant_text} == {"the NIS"}
    assert fresh(claim).close_reason == CloseReason.SPLIT


def test_one_more_part_keeps_what_was_typed(door, claim):
    given = split(claim, "One part.", "Another.", more="1")
    answer = door("ada").post("claims_claim_split", claim.reference, **given)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "One part.</textarea>" in html
    assert "Part 3" in html
    assert refusals(answer).strip() == ""
    assert Claim.objects.count() == 1


@pytest.mark.parametrize(
    ("statements", "values", "sentence"),
    [
        (("Only one.",), {}, "This field is required."),
        (("Twice.", "twice."), {}, "say the same"),
        (("One.", "Two."), {"note": ""}, "This field is required."),
        (("One.", "Two."), {"part-1-kind": "opinion"}, "not one of the available choices"),
        (("One.", "Two."), {"part-1-figures": "9"}, "not one of the available choices"),
        (("One.", "x" * 2001), {}, "longer than 2000"),
    ],
)
def test_a_wrong_split_is_told_and_writes_nothing(door, claim, statements, values, sentence):
    given = split(claim, *statements, **values)
    answer = door("ada").post("claims_claim_split", claim.reference, **given)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert Claim.objects.count() == 1


@pytest.mark.parametrize("count", ["-1", "zz", "9" * 50, "1000000"])
def test_a_forged_number_of_parts_makes_no_fault(door, claim, count):
    given = split(claim, "One.", "Two.", count=count)
    answer = door("ada").post("claims_claim_split", claim.reference, **given)
    assert answer.status_code == 422


@pytest.mark.parametrize("kind", ["updates", "follows", "part_of"])
def test_a_claim_is_linked_once(door, cast, claim, kind):
    other = make_claim(cast, "Another.")
    given = {"revision": "1", "kind": kind, "to": other.reference}
    answer = door("ada").post("claims_claim_links", claim.reference, **given)
    assert answer.url == f"/admin/claims/claim/{claim.reference}/links/"
    assert ClaimLink.objects.get().kind == kind
    again = door("ada").post("claims_claim_links", claim.reference, **given)
    assert again.status_code == 409
    assert "already" in refusals(again)
    assert other.statement in door("ada").text("claims_claim_links", claim.reference)
    assert claim.statement in door("ada").text("claims_claim_links", other.reference)


@pytest.mark.parametrize("kind", ["duplicates", "zz"])
def test_a_duplicate_is_merged_not_linked(door, cast, claim, kind):
    given = {"revision": "1", "kind": kind, "to": make_claim(cast, "Another.").reference}
    assert door("ada").post("claims_claim_links", claim.reference, **given).status_code == 422


def test_a_claim_is_not_linked_to_itself(door, claim):
    given = {"revision": "1", "kind": "updates", "to": claim.reference}
    answer = door("ada").post("claims_claim_links", claim.reference, **given)
    assert "does not stand to itself" in refusals(answer)


def taking_back(other, **values):
    given = {"step": "unlink", "revision": "1", "kind": "updates", "to": other.reference}
    return given | {"note": "It is about another month.", **values}


@pytest.fixture
def other(cast, claim):
    """What the claim updates."""
    other = make_claim(cast, "1,000 soldiers have arrived.")
    link(cast.ada, claim.pk, kind=ClaimLinkKind.UPDATES, to=other.reference)
    return other


def test_a_link_is_taken_back_with_a_reason(door, claim, other):
    assert "Take this link back" in door("ada").text("claims_claim_links", claim.reference)
    answer = door("ada").post("claims_claim_links", claim.reference, **taking_back(other))
    assert answer.url == f"/admin/claims/claim/{claim.reference}/links/"
    assert ClaimLink.objects.get().ended_at is not None
    for seen_from in (claim, other):
        page = door("ada").text("claims_claim_links", seen_from.reference)
        assert "It is linked to no other claim yet." in page
    told = door("ada").text("claims_claim_page", claim.reference)
    assert "It is about another month." in told
    assert "link to another claim taken back" in told.lower()


def test_a_link_that_was_taken_back_is_made_again(door, claim, other):
    door("ada").post("claims_claim_links", claim.reference, **taking_back(other))
    again = {"revision": "1", "kind": "updates", "to": other.reference}
    assert door("ada").post("claims_claim_links", claim.reference, **again).status_code == 302
    assert ClaimLink.objects.filter(ended_at=None).count() == 1
    assert other.statement in door("ada").text("claims_claim_links", claim.reference)


def test_a_link_taken_back_twice_is_told_and_entered_once(door, claim, other):
    door("ada").post("claims_claim_links", claim.reference, **taking_back(other))
    entries = LedgerEntry.objects.count()
    answer = door("ada").post("claims_claim_links", claim.reference, **taking_back(other))
    assert answer.status_code == 409
    assert "or no longer" in refusals(answer)
    assert LedgerEntry.objects.count() == entries


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"note": " "}, "This field is required."),
        ({"note": "right\u202eleft"}, "control character U+202E"),
    ],
)
def test_a_link_is_not_taken_back_without_a_reason(door, claim, other, values, sentence):
    answer = door("ada").post("claims_claim_links", claim.reference, **taking_back(other, **values))
    assert answer.status_code == 422
    assert sentence in refusals(answer)
    assert ClaimLink.objects.get().ended_at is None


def test_the_link_of_a_merge_stays_while_the_other_claim_answers_for_it(door, cast, claim):
    kept = make_claim(cast, "Another.")
    door("ada").post("claims_claim_merge", claim.reference, **merge(claim, kept))
    given = taking_back(kept, kind="duplicates")
    answer = door("ada").post("claims_claim_links", claim.reference, **given)
    assert answer.status_code == 422
    assert "reopen that first" in refusals(answer)
    reopen_claim(cast.ada, claim.pk, note="Not the same.", seen=fresh(claim).revision)
    assert door("ada").post("claims_claim_links", claim.reference, **given).status_code == 302


def test_the_link_of_a_split_stays_while_the_parts_answer_for_it(door, claim):
    door("ada").post("claims_claim_split", claim.reference, **split(claim, "One.", "Two."))
    part = Claim.objects.exclude(pk=claim.pk).first()
    given = taking_back(claim, kind="part_of")
    answer = door("ada").post("claims_claim_links", part.reference, **given)
    assert answer.status_code == 422
    assert "was split into" in refusals(answer)


def test_a_past_state_has_the_link_and_the_present_one_has_not(cast, door, claim, other):
    seq = LedgerEntry.objects.order_by("-seq").first().seq
    door("ada").post("claims_claim_links", claim.reference, **taking_back(other))
    assert read_dossier(cast.ada, claim.reference).links == []
    now = LedgerEntry.objects.order_by("-seq").first().seq
    past = read_dossier_as_of(cast.ada, claim.reference, seq=seq)
    assert [row.other.reference for row in past.links] == [other.reference]
    assert read_dossier_as_of(cast.ada, claim.reference, seq=now).links == []
