from typing import Any

import pytest

from claims.rules import EvidenceFact, OriginFact, judge, procedure, why_not_corroborated
from claims.rules import why_not_disputed as why_not_disputed_by
from claims.states import (
    ClaimStatus,
    DisputeKind,
    Ground,
    OriginKind,
    Procedure,
    QuoteState,
    Reliability,
    Stance,
)
from seeds.site.render import render_page
from tests.seeds.curated import by_key, outlets, page_of, rows, text_of
from verifier.extract import extract

EVIDENCE = rows("evidence")
DECISIONS = rows("decisions")
ORIGINS = {
    row["key"]: OriginFact(
        reference=row["key"],
        name=row["name"],
        kind=OriginKind(row["kind"]),
        part_of=row["part_of"] or "",
        reliability=Reliability(row["reliability"]),
    )
    for row in rows("origins")
}
each_evidence = pytest.mark.parametrize("evidence", EVIDENCE, ids=lambda row: row["key"])
each_decision = pytest.mark.parametrize(
    "decision", DECISIONS, ids=lambda row: f"{row['claim']} {row['move']}"
)


def opinion(claim: str, *, looked: bool = False):
    """What the rules say of one claim, before the watch looked or when it found every quote."""
    facts = [_fact(row, looked=looked) for row in EVIDENCE if row["claim"] == claim]
    return judge(facts, origins=ORIGINS)


def _fact(row: dict[str, Any], *, looked: bool) -> EvidenceFact:
    relays, _, of = (row["relays"] or "").partition(":")
    unseen = QuoteState.ATTESTED if row["attested"] else QuoteState.UNCHECKED
    return EvidenceFact(
        reference=row["key"],
        stance=Stance(row["stance"]),
        quote_state=QuoteState.STANDING if looked else unseen,
        origin=row["origin"] or "",
        relays_evidence=of if relays == "evidence" else "",
        relays_origin=of if relays == "origin" else "",
        credibility=row["credibility"],
        is_primary_record=row["is_primary_record"],
        source="{outlet}{path}".format(**row["page"]),
    )


@each_evidence
def test_quote_stands_in_its_page(evidence):
    assert evidence["quote"] in text_of(page_of(evidence).body)


@each_evidence
def test_quote_stands_in_what_the_watch_extracts_of_its_page(evidence):
    outlet, page = outlets()[evidence["page"]["outlet"]], page_of(evidence)
    raw = render_page(
        outlet, page, base_url="http://a.test", dressing=outlet.dressings[0], modified_at=None
    )
    text = extract(raw, url=f"http://a.test{page.path}", charset="utf-8").text
    assert evidence["quote"] in " ".join(text.split())


@each_evidence
def test_evidence_resolves_and_uses_the_words_of_the_record(evidence):
    assert evidence["claim"] in by_key("claims")
    assert evidence["origin"] in by_key("origins")
    assert 1 <= evidence["credibility"] <= 6
    is_dispute = Stance(evidence["stance"]) is Stance.DISPUTES
    assert is_dispute is (evidence["dispute_kind"] is not None)
    assert not is_dispute or DisputeKind(evidence["dispute_kind"])


@each_evidence
def test_what_evidence_relays_is_on_record_and_comes_from_the_same_origin(evidence):
    if not evidence["relays"]:
        return
    kind, _, key = evidence["relays"].partition(":")
    assert kind in {"evidence", "origin"}
    relayed = by_key("evidence")[key]["origin"] if kind == "evidence" else key
    assert relayed == evidence["origin"]


@each_evidence
def test_evidence_names_its_page_s_language_and_translates_it(evidence):
    assert evidence["language"] == page_of(evidence).language
    assert bool(evidence["translation"]) is (evidence["language"] != "en")


@each_evidence
def test_figure_words_stand_in_the_quote(evidence):
    assert all(figure["text"] in evidence["quote"] for figure in evidence["figures"])


def test_every_page_is_a_source_with_evidence_on_it():
    sources = {(row["outlet"], row["path"]) for row in rows("sources")}
    used = {(row["page"]["outlet"], row["page"]["path"]) for row in EVIDENCE}
    pages = {(outlet.key, path) for outlet in outlets().values() for path in outlet.pages}
    assert sources == used == pages


def test_sources_name_their_publisher_and_the_live_blog_is_expected_to_change():
    assert all(row["publisher"] in by_key("origins") for row in rows("sources"))
    live = [row["path"] for row in rows("sources") if row["is_expected_to_change"]]
    assert live == ["/live/korea-russia"]


@pytest.mark.parametrize("name", ["origins", "sources", "evidence", "people"])
def test_keys_are_distinct(name):
    assert len(by_key(name)) == len(rows(name))


def test_about_1500_rests_on_four_pages_of_one_origin():
    found = opinion("about-1500", looked=True)
    assert found.sentence == "4 pages, 1 origin: all repeat the NIS."
    assert not found.may_corroborate
    assert not found.disputing


def test_about_1500_is_refused_as_corroborated_in_words():
    refusal = why_not_corroborated(
        opinion("about-1500", looked=True),
        ground=Ground.INDEPENDENT_ORIGINS,
        rationale="Many pages say so.",
        names={},
    )
    assert refusal.startswith("4 pages, 1 origin: all repeat the NIS.")


@each_decision
def test_decision_is_by_a_known_person_with_a_reason(decision):
    assert decision["claim"] in by_key("claims")
    assert decision["by"] in by_key("people")
    assert decision["rationale"]


@pytest.mark.parametrize("claim", sorted({row["claim"] for row in DECISIONS}))
def test_decisions_of_a_claim_are_open_to_its_people_before_any_look(claim):
    status, proposed = ClaimStatus.REPORTED, None
    for row in [row for row in DECISIONS if row["claim"] == claim]:
        to, ground = ClaimStatus(row["to"]), Ground(row["ground"])
        if row["move"] == "stands":
            assert to is status
            continue
        wanted = Procedure.AT_ONCE if row["move"] == "dispute" else Procedure.SIGN_OFF
        assert procedure(status, to, ground=ground) is wanted
        if row["move"] == "sign_off":
            assert proposed
            assert proposed["by"] != row["by"]
            assert (proposed["to"], proposed["ground"]) == (row["to"], row["ground"])
        assert not _why_not(claim, to=to, ground=ground, rationale=row["rationale"])
        status = status if row["move"] == "propose" else to
        proposed = row if row["move"] == "propose" else None


def _why_not(claim: str, *, to: ClaimStatus, ground: Ground, rationale: str) -> str:
    if to is ClaimStatus.CORROBORATED:
        return why_not_corroborated(opinion(claim), ground=ground, rationale=rationale, names={})
    return why_not_disputed_by(opinion(claim), is_editor=False)


def _ends() -> dict[str, dict[str, Any]]:
    """The last decision of every claim that has one."""
    return {row["claim"]: row for row in DECISIONS}


def test_two_claims_or_more_end_corroborated_on_both_grounds():
    grounds = [row["ground"] for row in _ends().values() if row["move"] == "sign_off"]
    assert len(grounds) >= 2
    assert set(grounds) == {Ground.PRIMARY_RECORD, Ground.INDEPENDENT_ORIGINS}


def test_two_claims_or_more_end_disputed_on_both_grounds():
    grounds = [row["ground"] for row in _ends().values() if row["move"] == "dispute"]
    assert len(grounds) >= 2
    assert set(grounds) == {Ground.DENIED_WITH_EVIDENCE, Ground.CONFLICTING_ACCOUNTS}


def test_one_proposal_of_mira_on_a_primary_record_waits_for_tomas():
    waiting = [row for row in _ends().values() if row["move"] == "propose"]
    assert [(row["claim"], row["by"], row["ground"]) for row in waiting] == [
        ("committee-request", "mira", Ground.PRIMARY_RECORD)
    ]


def test_bare_denial_leaves_the_claim_reported():
    assert _ends()["troops-sent"]["to"] == ClaimStatus.REPORTED
    assert opinion("troops-sent", looked=True).disputing == ("troops-sent-denial",)
