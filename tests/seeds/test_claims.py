from hashlib import sha256

import pytest

from claims.states import (
    ClaimKind,
    ClaimLinkKind,
    FigureQualifier,
    FigureScope,
    OriginKind,
    Reliability,
)
from tests.seeds.curated import ARTICLE, SEEDS, article_text, by_key, rows

CLAIMS = rows("claims")
each_claim = pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim["key"])


def test_seed_article_is_the_one_received_byte_for_byte():
    received = "90939d45dff065d2bb4ea9e57027989f7dc9f1328f49feefdb8f887cef407bf1"
    assert sha256((SEEDS / ARTICLE).read_bytes()).hexdigest() == received


def test_article_has_no_date_of_its_own():
    assert rows("article")["file"] == ARTICLE
    assert rows("article")["published_on"] is None


def test_at_least_fourteen_claims_are_curated_under_distinct_keys():
    assert len(by_key("claims")) == len(CLAIMS) >= 14


@each_claim
def test_claim_spans_are_exactly_its_quote(claim):
    parts = [article_text()[start:end] for start, end in claim["spans"]]
    assert " … ".join(parts) == claim["quote"]
    assert all(part.strip() == part for part in parts)


@each_claim
def test_claim_words_stand_in_the_article(claim):
    words = [claim["cue"], claim["claimant_text"], *claim["hedges"]]
    assert all(word in article_text() for word in words)


@each_claim
def test_claim_statement_never_names_its_claimant_as_the_one_who_says_it(claim):
    statement = claim["statement"].lower()
    assert not claim["cue"] or claim["cue"].lower() not in statement
    assert not any(word in statement for word in ("according to", " said ", " told ", "stated"))


@each_claim
def test_claim_uses_the_words_of_the_record(claim):
    ClaimKind(claim["kind"])
    for link in claim["links"]:
        ClaimLinkKind(link["kind"])
        assert link["to"] in by_key("claims")
    assert claim["claimant"] is None or claim["claimant"] in by_key("origins")


@each_claim
def test_relative_dates_of_a_claim_stay_open(claim):
    assert claim["as_of_on"] is None
    assert claim["expected_by_on"] is None
    assert all(figure["as_of_on"] is None for figure in claim["figures"])


@pytest.mark.parametrize(
    "figure",
    [figure for row in [*CLAIMS, *rows("evidence")] for figure in row["figures"]],
    ids=lambda figure: figure["text"],
)
def test_figure_uses_the_words_of_the_record(figure):
    FigureQualifier(figure["qualifier"])
    FigureScope(figure["scope"])
    assert figure["value"] > 0
    assert figure["unit"]


@pytest.mark.parametrize("origin", rows("origins"), ids=lambda origin: origin["key"])
def test_origin_uses_the_words_of_the_record_and_is_part_of_a_known_one(origin):
    OriginKind(origin["kind"])
    Reliability(origin["reliability"])
    assert origin["part_of"] is None or origin["part_of"] in by_key("origins")


@pytest.mark.parametrize("key", ["dramatic-intensification", "allies-must-act"])
def test_quotation_that_never_opened_has_no_speaker(key):
    claim = by_key("claims")[key]
    assert (claim["claimant"], claim["cue"]) == (None, "he stated")
    assert claim["kind"] == ClaimKind.STATEMENT


@pytest.mark.parametrize(
    "key", ["troops-sent", "about-1500", "additional-12000", "eight-million-rounds"]
)
def test_claim_of_nobody_in_particular_has_a_collective_claimant(key):
    claimant = by_key("origins")[by_key("claims")[key]["claimant"]]
    assert claimant["kind"] == OriginKind.COLLECTIVE


def test_verified_is_the_agency_s_own_word():
    claim = by_key("claims")["direct-assistance"]
    assert (claim["cue"], claim["claimant"]) == ("verified", "nis")


def test_additional_in_the_article_meets_a_total_on_a_page():
    claimed = by_key("claims")["additional-12000"]["figures"][0]
    found = by_key("evidence")["additional-12000-garam"]["figures"][0]
    assert claimed["value"] == found["value"]
    assert (claimed["scope"], found["scope"]) == (FigureScope.ADDITIONAL, FigureScope.IN_TOTAL)


@pytest.mark.parametrize(
    "key", ["additional-12000", "zelensky-10000", "close-ties", "allies-must-act", "yoon-threat"]
)
def test_forecasts_and_opinions_are_statements(key):
    assert by_key("claims")[key]["kind"] == ClaimKind.STATEMENT
