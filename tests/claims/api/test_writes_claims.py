"""Claims are opened and changed; each write answers as a GET would."""

import pytest

from claims.models import Claim, LedgerEntry, Proposal
from claims.services.articles import add_article
from tests.claims.api.test_pace import use_up
from tests.claims.api.writing import (
    FIGURE,
    STATEMENT,
    Writer,
    code,
    corroborated,
    done,
    reasons,
    send,
    writer,
)
from tests.claims.cast import fresh, make_claim

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(cast) -> Writer:
    return writer(cast, "ada", cast.desk)


def test_opened_claim_is_answered_as_a_get_answers_it(ada):
    answer = ada.post("claims/", {"statement": STATEMENT, "topic": "war", "figures": [FIGURE]})
    told = done(answer, 201)
    assert (told["statement"], told["status"], told["ground"]) == (
        STATEMENT,
        "reported",
        "not_reviewed",
    )
    assert told["figures"][0]["value"] == "1500"
    assert answer["Location"] == answer["Content-Location"] == told["url"]
    assert answer["ETag"] == ada.tag(f"claims/{told['reference']}/")
    assert ada.read(f"claims/{told['reference']}/") == told


def test_claim_is_opened_in_an_article_and_linked_to_others(ada, cast):
    article = add_article(cast.ada, desk=cast.desk, text="It is said so.", values={"title": "A"})
    other = make_claim(cast, "The old figure.")
    body = {
        "statement": STATEMENT,
        "appearance": {"article": article.reference, "start": 0, "end": 5, "cue": "said"},
        "links": [{"kind": "updates", "claim": other.reference}],
    }
    told = done(ada.post("claims/", body), 201)
    assert told["related"] == [{"kind": "updates", "claim": other.reference}]
    assert Claim.objects.get(reference=told["reference"]).appearances.get().quote == "It is"


def test_restricted_claim_is_opened_and_unseen_elsewhere(ada, cast):
    told = done(ada.post("claims/", {"statement": STATEMENT, "visibility": "restricted"}), 201)
    omar = writer(cast, "omar", cast.other_desk)
    assert omar.ask("GET", f"claims/{told['reference']}/").status_code == 404


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"statement"}),
        ({"statement": ""}, {"statement"}),
        ({"statement": "x" * 2001}, {"statement"}),
        ({"statement": STATEMENT, "kind": "Fact"}, {"kind"}),
        ({"statement": STATEMENT, "claimant": "OR-000000"}, {"claimant"}),
        ({"statement": STATEMENT, "expected_by_on": "2024-10-18"}, {"kind"}),
        ({"statement": STATEMENT, "desk": "moon"}, {"desk"}),
        ({"statement": STATEMENT, "figures": [{"value": "many"}]}, {"figures.0.value"}),
        ({"statement": STATEMENT, "figures": [FIGURE | {"value": 12.5}, 3]}, {"figures.1"}),
        (
            {"statement": STATEMENT, "appearance": {"article": "AR-000000", "start": 0, "end": 1}},
            {"appearance.article"},
        ),
        ({"statement": STATEMENT, "links": [{"kind": "x"}]}, {"links.0.kind", "links.0.claim"}),
        (
            {"statement": STATEMENT, "status": "corroborated", "id": 7, "revision": 9},
            {"status", "id", "revision"},
        ),
    ],
)
def test_claim_that_cannot_be_opened_is_refused_at_every_field(ada, body, fields):
    assert reasons(ada.post("claims/", body)).keys() == fields
    assert not Claim.objects.exists()


def test_same_statement_sent_twice_is_on_record_already(ada):
    first = done(ada.post("claims/", {"statement": STATEMENT}), 201)
    again = ada.post("claims/", {"statement": STATEMENT})
    assert reasons(again, 409) == {"reference": [first["reference"]]}


def test_token_opens_no_claim_at_another_desk(ada):
    assert code(ada.post("claims/", {"statement": STATEMENT, "desk": "sport"})) == (
        403,
        "not_allowed",
    )


def test_reported_claim_is_edited_at_once(ada, cast):
    claim = make_claim(cast, claimant_text="somebody")
    body = {"statement": "It is otherwise.", "claimant_text": None, "review_by_on": "2024-11-01"}
    told = done(send(ada, claim, body=body, method="PATCH"))
    assert (told["statement"], told["claimant"]) == ("It is otherwise.", None)
    assert told["review_by_on"] == "2024-11-01"
    assert told["revision"] == claim.revision + 1


def test_edit_of_a_corroborated_claim_waits_for_another_person(ada, cast):
    claim = corroborated(cast)
    body = {"statement": "It is otherwise.", "figures": [FIGURE], "rationale": "A slip."}
    told = done(send(ada, claim, body=body, method="PATCH"), 202)
    assert (told["statement"], told["pending_proposal"]["kind"]) == (claim.statement, "edit")
    payload = Proposal.objects.get(state="open").payload
    assert payload["claim"] == {"statement": "It is otherwise."}


def test_edit_that_waits_must_say_why(ada, cast):
    claim = corroborated(cast)
    assert reasons(send(ada, claim, body={"kind": "statement"}, method="PATCH")).keys() == {
        "rationale"
    }


def test_date_of_a_corroborated_claim_is_set_at_once(ada, cast):
    claim = corroborated(cast)
    body = {"review_by_on": "2024-11-01", "statement": claim.statement}
    told = done(send(ada, claim, body=body, method="PATCH"))
    assert (told["review_by_on"], told["pending_proposal"]) == ("2024-11-01", None)


def test_edit_to_what_is_so_already_writes_nothing(ada, cast):
    claim = make_claim(cast)
    entries = LedgerEntry.objects.count()
    told = done(send(ada, claim, body={"statement": claim.statement}, method="PATCH"))
    assert (told["revision"], LedgerEntry.objects.count()) == (claim.revision, entries)


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, set()),
        ({"status": "corroborated"}, {"status"}),
        ({"desk": "sport"}, {"desk"}),
        ({"visibility": "open"}, {"visibility"}),
        ({"topic": "no blanks"}, {"topic"}),
        ({"as_of_on": "0000-00-00"}, {"as_of_on"}),
        ({"priority": 4}, {"priority"}),
        ({"statement": None}, {"statement"}),
    ],
)
def test_edit_that_cannot_be_made_is_refused_at_its_field(ada, cast, body, fields):
    claim = make_claim(cast)
    assert reasons(send(ada, claim, body=body, method="PATCH")).keys() == fields
    assert fresh(claim).revision == claim.revision


def test_token_that_used_up_its_minute_writes_no_more(ada):
    use_up(ada)
    answer = ada.post("claims/", {"statement": STATEMENT}, Idempotency_Key="one")
    assert code(answer) == (429, "too_many_requests")
    assert answer.has_header("Retry-After")
    assert not Claim.objects.exists()


def test_write_is_told_what_is_left(ada):
    before, after = (int(ada.post("claims/", {})["RateLimit"].split(";")[1][2:]) for _ in range(2))
    assert after == before - 1
