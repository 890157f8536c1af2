"""A claim opened from words in a text: read, compared with what is tracked, put on record once."""

import re

import pytest

from claims.models import Appearance, Article, Claim, ClaimLink, Figure, LedgerEntry
from claims.services.articles import add_article
from claims.states import EntryKind, Visibility
from tests.claims.admin.conftest import refusals
from tests.claims.admin.test_words import NO_ROWS, new_claim
from tests.claims.cast import make_claim, make_origin

TEXT = (
    "Troops\r\n🚢 According to South Korean media, about 1,500 soldiers have already reached Russia,"
    " with an additional 12,000 expected to follow.\r\nNobody else said so."
)
WORDS = "about 1,500 soldiers have already reached Russia"
STATEMENT = "About 1,500 soldiers have already reached Russia."


@pytest.fixture
def article(cast):
    return add_article(cast.ada, desk=cast.desk, text=TEXT, values={"title": "Troops"})


def value_of(html, name):
    tag = re.search(rf'<(?:input|textarea)[^>]*name="{name}"[^>]*>([^<]*)', html)
    value = re.search(r'value="([^"]*)"', tag.group())
    return (value.group(1) if value else tag.group(1)).strip()


def read(door, article=None, **values):
    given = {"step": "read", **NO_ROWS, **values}
    if article:
        given["article"] = article.reference
    return door("ada").post("claims_claim_new", **given)


def test_words_of_an_article_fill_the_form_without_their_attribution(door, cast, article):
    origin = make_origin(cast, "South Korean media")
    answer = read(door, article, words=WORDS)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert value_of(html, "statement") == STATEMENT
    assert value_of(html, "claimant") == f"South Korean media ({origin.reference})"
    assert value_of(html, "claimant_text") == "South Korean media"
    assert (value_of(html, "cue"), value_of(html, "language")) == ("According to", "en")
    assert value_of(html, "figures-0-value") == "1500"
    assert "Nothing like it is tracked yet." in html
    assert not Claim.objects.exists()


def test_what_lies_ahead_is_read_as_a_statement(door, article):
    html = read(door, article, words="an additional 12,000 expected to follow").content.decode()
    assert '<option value="statement" selected>' in html
    assert value_of(html, "hedges") == "expected to"


def test_without_a_cue_nobody_is_named(door, article):
    html = read(door, article, words="Nobody else said so").content.decode()
    assert (value_of(html, "claimant"), value_of(html, "claimant_text")) == ("", "")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("", "Choose the words"),
        ("12,000 of them", "do not stand in the text"),
        ("so", "stand there more than once"),
    ],
)
def test_words_that_cannot_be_found_are_told_at_their_field(door, article, words, sentence):
    answer = read(door, article, words=words, statement="Kept.")
    assert answer.status_code == 422
    assert sentence in refusals(answer)
    assert "This field is required" not in refusals(answer)
    assert "Kept." in answer.content.decode()


def test_the_place_is_kept_in_code_points_of_the_text_as_given(door, article):
    given = new_claim(
        statement=STATEMENT, article=article.reference, words=WORDS, cue="According to"
    )
    assert door("ada").post("claims_claim_new", **given, hedges="already, so").status_code == 302
    row = Appearance.objects.get()
    assert (row.quote, TEXT[row.start : row.end]) == (WORDS, WORDS)
    assert (row.cue, row.hedges, row.article) == ("According to", ["already", "so"], article)


def test_of_words_that_stand_twice_the_selected_ones_are_kept(door, cast):
    twice = add_article(
        cast.ada, desk=cast.desk, text="It fell. 🚢 It fell.", values={"title": "A"}
    )
    given = new_claim(article=twice.reference, words="It fell.", start="11")
    door("ada").post("claims_claim_new", **given)
    assert Appearance.objects.get().start == 11


def test_a_pasted_text_becomes_an_article_of_the_desk(door, cast):
    given = new_claim(statement=STATEMENT, text=TEXT, words=WORDS, next="1")
    answer = door("ada").post("claims_claim_new", **given)
    article = Article.objects.get()
    assert answer.url == f"/admin/claims/claim/new/?article={article.reference}"
    assert (article.title, article.desk, "\r" in article.text) == ("Troops", cast.desk, False)
    again = new_claim(statement="Nobody else did.", text=TEXT, words="Nobody else said so")
    door("ada").post("claims_claim_new", **again)
    assert Article.objects.count() == 1
    assert Appearance.objects.filter(article=article).count() == 2


def test_a_text_without_chosen_words_opens_nothing(door):
    answer = door("ada").post("claims_claim_new", **new_claim(text=TEXT))
    assert "Choose the words" in refusals(answer)
    assert not Claim.objects.exists()
    assert not Article.objects.exists()


def test_a_very_similar_claim_is_looked_at_first_then_may_be_opened_beside(door, cast):
    tracked = make_claim(cast, "Three ferries have sunk off Kent.")
    answer = door("ada").post("claims_claim_new", **new_claim())
    assert answer.status_code == 409
    assert "This may be tracked already" in refusals(answer)
    assert tracked.reference in answer.content.decode()
    seen = {f"relation-{tracked.reference}": ""}
    assert door("ada").post("claims_claim_new", **new_claim(**seen)).status_code == 302
    assert Claim.objects.count() == 2


@pytest.mark.parametrize("kind", ["updates", "follows", "part_of"])
def test_a_claim_may_be_linked_to_a_tracked_one_as_it_is_opened(door, cast, kind):
    tracked = make_claim(cast, "Two ferries have sunk.")
    door("ada").post("claims_claim_new", **new_claim(**{f"relation-{tracked.reference}": kind}))
    link = ClaimLink.objects.get()
    assert (link.kind, link.other, link.claim.statement) == (
        kind,
        tracked,
        "Three ferries have sunk.",
    )


def test_the_same_claim_is_joined_not_opened_again(door, cast, article):
    tracked = make_claim(cast, "1,500 soldiers are in Russia.")
    given = {
        "step": "open",
        "article": article.reference,
        "words": WORDS,
        f"relation-{tracked.reference}": "same",
    }
    answer = door("ada").post("claims_claim_new", **given)
    assert answer.url == f"/admin/claims/claim/{tracked.reference}/"
    assert Appearance.objects.get().claim == tracked
    answer = door("ada").post("claims_claim_new", **given)
    assert answer.url == f"/admin/claims/claim/{tracked.reference}/"
    assert (Claim.objects.count(), Appearance.objects.count()) == (1, 1)


def test_without_a_text_there_is_nothing_to_join(door, cast):
    tracked = make_claim(cast)
    given = new_claim(**{f"relation-{tracked.reference}": "same"})
    answer = door("ada").post("claims_claim_new", **given)
    assert "no text to mark" in refusals(answer)


def test_a_relation_to_a_hidden_claim_is_refused(door, cast):
    from claims.services.claims import open_claim  # noqa: PLC0415 - beside its one use

    hidden = open_claim(
        cast.omar,
        desk=cast.other_desk,
        values={"statement": "Hidden."},
        visibility=Visibility.RESTRICTED,
    )
    given = new_claim(**{f"relation-{hidden.reference}": "updates"})
    answer = door("ada").post("claims_claim_new", **given)
    assert answer.status_code == 422
    assert Claim.objects.count() == 1


def test_a_claim_sent_twice_is_opened_once(door, article):
    given = new_claim(statement=STATEMENT, article=article.reference, words=WORDS)
    first = door("ada").post("claims_claim_new", **given)
    second = door("ada").post(
        "claims_claim_new", **given, **{f"relation-{Claim.objects.get().reference}": ""}
    )
    assert (first.status_code, second.status_code, first.url) == (302, 302, second.url)
    assert Claim.objects.count() == 1
    assert LedgerEntry.objects.filter(kind=EntryKind.CLAIM_OPENED).count() == 1


def test_a_forecast_is_a_statement(door):
    answer = door("ada").post("claims_claim_new", **new_claim(expected_by_on="2027-01-01"))
    assert "forecast is a statement" in refusals(answer)
    given = new_claim(kind="statement", expected_by_on="2027-01-01")
    assert door("ada").post("claims_claim_new", **given).status_code == 302


def test_check_shows_what_is_tracked_and_leaves_the_form_alone(door, cast):
    tracked = make_claim(cast, "Three ferries have sunk.")
    given = {
        "step": "check",
        **NO_ROWS,
        "statement": "Two ferries have sunk.",
        "claimant_text": "a caller",
    }
    html = door("ada").post("claims_claim_new", **given).content.decode()
    assert tracked.reference in html
    assert "another figure or date" in html
    assert "a caller" in html
    assert "This field is required" not in html


def test_claims_marked_in_the_text_already_are_named(door, article):
    given = new_claim(statement=STATEMENT, article=article.reference, words=WORDS)
    door("ada").post("claims_claim_new", **given)
    html = (
        door("ada").get("claims_claim_new", query=f"?article={article.reference}").content.decode()
    )
    assert "1 claim marked in this text already" in html
    assert Figure.objects.count() == 0


@pytest.mark.parametrize("query", ["?article=AR-000000", "?article=zz"])
def test_an_article_that_is_not_there_is_404(door, query):
    assert door("ada").get("claims_claim_new", query=query).status_code == 404


@pytest.mark.parametrize("start", ["-1", "9" * 400, "zz", "1e9"])
def test_a_forged_offset_makes_no_fault(door, article, start):
    answer = read(door, article, words=WORDS, start=start)
    assert answer.status_code == 200
    given = new_claim(article=article.reference, words=WORDS, start=start)
    assert door("ada").post("claims_claim_new", **given).status_code in {302, 422}
