"""Evidence is added, changed and withdrawn."""

import pytest

from claims.models import Evidence, Proposal, Source
from tests.claims.api.writing import (
    FIGURE,
    Writer,
    code,
    corroborated,
    done,
    reasons,
    send,
    writer,
)
from tests.claims.cast import fresh, make_claim, make_evidence, make_origin

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(cast) -> Writer:
    return writer(cast, "ada", cast.desk)


def test_evidence_is_added_by_address(ada, cast):
    claim = make_claim(cast)
    body = {
        "claim": claim.reference.lower(),
        "page_url": "https://www.example.org/story#part",
        "stance": "supports",
        "quote": "about 1,500 soldiers",
        "prefix": "there are ",
        "origin": make_origin(cast, "NIS").reference,
        "credibility": 2,
        "figures": [FIGURE],
    }
    answer = ada.post("evidence/", body)
    told = done(answer, 201)
    assert told["source"]["page_url"] == "https://www.example.org/story"
    assert (told["prefix"], told["quote_state"]) == ("there are ", "unchecked")
    assert told["figures"][0]["unit"] == "soldiers"
    assert ada.read(f"evidence/{told['reference']}/") == told
    assert answer["ETag"] == ada.tag(f"evidence/{told['reference']}/")


def test_evidence_is_added_of_a_source_and_of_an_item(ada, cast):
    claim = make_claim(cast)
    known = make_evidence(cast, make_claim(cast, "Another.")).source
    told = done(ada.post("evidence/", {"claim": claim.reference, "source": known.reference}), 201)
    assert told["source"]["reference"] == known.reference
    item = {"kind": "interview", "title": "Call with Ms Kim"}
    body = {"claim": claim.reference, "item": item, "quote": "Yes.", "note": "I called her."}
    assert done(ada.post("evidence/", body), 201)["source"]["kind"] == "interview"


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"page_url"}),
        ({"page_url": "http://127.0.0.1/"}, {"page_url"}),
        ({"page_url": "https://a.example.org/", "source": "SO-000000"}, {"page_url"}),
        ({"source": "SO-000000"}, {"source"}),
        ({"item": {"kind": "page", "title": "A page."}}, {"item.kind"}),
        ({"page_url": "https://a.example.org/", "credibility": True}, {"credibility"}),
        ({"page_url": "https://a.example.org/", "quote_state": "standing"}, {"quote_state"}),
        (
            {"page_url": "https://a.example.org/", "relays_evidence": "EV-000000"},
            {"relays_evidence"},
        ),
    ],
)
def test_evidence_that_cannot_be_added_is_refused_at_its_field(ada, cast, body, fields):
    claim = make_claim(cast)
    answer = ada.post("evidence/", {"claim": claim.reference, **body})
    assert reasons(answer).keys() == fields
    assert not Evidence.objects.exists()
    assert not Source.objects.exists()


def test_evidence_on_a_claim_of_another_desk_is_refused(cast):
    omar = writer(cast, "omar", cast.other_desk)
    body = {"claim": make_claim(cast).reference, "page_url": "https://a.example.org/"}
    assert code(omar.post("evidence/", body)) == (403, "not_allowed")


def test_same_quote_of_the_same_source_is_on_record_already(ada, cast):
    row = make_evidence(cast, make_claim(cast))
    body = {"claim": row.claim.reference, "page_url": row.source.url, "quote": row.quote}
    assert reasons(ada.post("evidence/", body), 409) == {"reference": [row.reference]}


def test_evidence_is_edited_at_once(ada, cast):
    row = make_evidence(cast, make_claim(cast))
    told = done(send(ada, row, body={"credibility": 2, "translation": "So."}, method="PATCH"))
    assert (told["credibility"], told["translation"]) == (2, "So.")


def test_counted_evidence_of_a_corroborated_claim_waits(ada, cast):
    row = corroborated(cast).evidence.first()
    body = {"credibility": 2, "rationale": "They were there."}
    told = done(send(ada, row, body=body, method="PATCH"), 202)
    assert told["credibility"] == 6
    assert Proposal.objects.get(state="open").payload == {
        "evidence": {row.reference: {"credibility": 2}}
    }


def test_uncounted_evidence_of_a_corroborated_claim_is_edited_at_once(ada, cast):
    row = make_evidence(cast, corroborated(cast), stance="context")
    assert done(send(ada, row, body={"credibility": 2}, method="PATCH"))["credibility"] == 2


def test_evidence_is_withdrawn_at_once_and_only_once(ada, cast):
    row = corroborated(cast).evidence.first()
    told = done(send(ada, row, "withdraw/", {"reason": "Another speech."}))
    assert told["withdrawn"]["reason"] == "Another speech."
    assert fresh(row.claim).basis == "lost"
    again = send(ada, row, "withdraw/", {"reason": "Again."})
    assert code(again) == (409, "rule_refused")
