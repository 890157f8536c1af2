"""The claim's page: what it rests on, what changed, what may be done, all of it escaped."""

import pytest

from claims.models import Article, Evidence, Source
from claims.services.articles import add_article
from claims.services.claims import open_claim
from claims.services.origins import add_origin
from claims.states import QuoteState
from tests.claims.admin.looking import look_at
from tests.claims.cast import fresh, make_claim, make_evidence, make_origin

SCRIPT = "<script>alert(1)</script>"
ESCAPED = "&lt;script&gt;alert(1)&lt;/script&gt;"
TEXT = "Snow fell. {} They came by sea. The port is closed."


def changed(cast, claim):
    """Evidence whose page changed its figure after it had been read."""
    quote = "About 1,500 soldiers have arrived."
    row = make_evidence(cast, claim, quote=quote, state=QuoteState.UNCHECKED)
    look_at(row.source, TEXT.format(quote))
    now = "About 3,000 soldiers have arrived."
    look_at(row.source, TEXT.format(now), found=now)
    row.refresh_from_db()
    return row


def test_before_and_after_stand_side_by_side_with_quote_and_figure_marked(door, cast, claim):
    changed(cast, claim)
    page = door("ada").text("claims_claim_page", claim.reference)
    assert "Said before," in page
    assert "Says now," in page
    assert '<mark><del class="figure-changed">' in page.replace("<mark>About </mark>", "")
    assert '<ins class="figure-changed">' in page
    assert "3,000" in page
    assert "The page gives no notice of the change." in page
    assert "Figure altered" in page


def test_an_answered_flag_shows_no_change(door, cast, claim):
    changed(cast, claim)
    door("ada").step(claim, "stands", rationale="A slip of the page.")
    assert "Said before," not in door("ada").text("claims_claim_page", claim.reference)


def test_the_rules_opinion_is_told_in_words_and_per_evidence(door, cast):
    claim = make_claim(cast)
    make_evidence(cast, claim, origin=make_origin(cast, "Agency one"))
    make_evidence(cast, claim)
    make_evidence(cast, claim, origin=make_origin(cast, "South Korean media", kind="collective"))
    page = door("ada").text("claims_claim_page", claim.reference)
    assert "3 pages, 1 origin: it comes from Agency one." in page
    assert "It needs 1 more independent origin." in page
    assert "Counts towards independent origins." in page
    assert "Does not count: nobody knows who it comes from." in page
    assert "Does not count: a collective name is not an origin." in page


def test_everything_people_and_pages_say_is_escaped(door, cast):
    cast.users["ben"].first_name = SCRIPT
    cast.users["ben"].save()
    claim = open_claim(cast.ben, desk=cast.desk, values={"statement": f"It is so {SCRIPT}"})
    origin = add_origin(cast.ada, values={"name": f"Agency {SCRIPT}"})
    row = make_evidence(cast, claim, origin=origin, quote=f"quote {SCRIPT}", locator=SCRIPT)
    Source.objects.filter(pk=row.source_id).update(title=f"Title {SCRIPT}")
    door("ben").step(claim, "flag", kind="tip", detail=f"detail {SCRIPT}")
    pages = [
        door("ben").text("claims_claim_page", claim.reference),
        door("ben").text("claims_claim_edit", claim.reference),
        door("ben").text("claims_evidence_new", claim.reference),
        door("ben").text("claims_evidence_page", claim.reference, row.reference),
        door("ben").text("claims_source_page", row.source.reference),
        door("ben").text("claims_origin_page", origin.reference),
        door("ben").text("claims_queue"),
        *(
            door("admin").text(f"claims_{name}_changelist")
            for name in ("claim", "evidence", "source", "origin", "flag", "review", "user")
        ),
    ]
    for page in pages:
        assert SCRIPT not in page
        assert ESCAPED in page


def test_no_page_of_the_desk_needs_inline_style_or_script(door, cast, claim):
    changed(cast, claim)
    answer = door("ada").get("claims_claim_page", claim.reference)
    page = answer.content.decode()
    assert " style=" not in page
    assert " onclick" not in page
    assert "style-src 'self'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]


def test_a_claim_is_found_as_a_person_types_its_reference(door, claim):
    assert door("ada").get("claims_claim_page", claim.reference.lower()).status_code == 200


@pytest.mark.parametrize("typed", ["ST-ZZZZZZ", "1", "ＳＴ-000000", "new%00", "..", "x" * 500])
def test_a_claim_that_is_not_there_is_not_found(door, claim, typed):
    path = f"/admin/claims/claim/{typed}/"
    assert door("ada").client.get(path).status_code in {400, 404}


def test_the_claim_is_marked_in_its_article_with_the_words_around_it(door, cast, claim):
    text = "First.\nSouth Korean media say 1,500 soldiers have arrived there.\nLast."
    article = add_article(cast.ada, desk=cast.desk, text=text, values={"title": "A report"})
    given = {"article": article.reference, "words": "1,500 soldiers have arrived"}
    assert door("ada").step(claim, "place", **given).status_code == 302
    page = door("ada").text("claims_claim_page", claim.reference)
    assert "media say <mark>1,500 soldiers have arrived</mark> there." in page
    assert door("ada").step(claim, "place", **given).status_code == 409


@pytest.mark.parametrize(
    ("article", "words", "sentence"),
    [
        ("AR-ZZZZZZ", "has", "There is no such article."),
        ("", "has", "This field is required."),
        (None, "has", "They stand there 2 times: paste more of them."),
        (None, "never said", "These words do not stand in the article."),
        (None, "", "This field is required."),
    ],
)
def test_words_that_cannot_be_placed_are_told(door, cast, claim, article, words, sentence):
    add_article(cast.ada, desk=cast.desk, text="It has what it has.", values={"title": "A"})
    known = Article.objects.get().reference
    given = {"article": known if article is None else article, "words": words}
    answer = door("ada").step(claim, "place", **given)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


@pytest.mark.parametrize("number", [1, 8])
def test_the_page_takes_as_many_queries_for_little_as_for_much(
    door, cast, number, django_assert_max_num_queries
):
    claim = make_claim(cast)
    for at in range(number):
        origin = make_origin(cast, f"Agency {at}")
        make_evidence(cast, claim, origin=origin)
        door("omar").step(claim, "flag", kind="tip", detail=f"Look {at}.")
    ada = door("ada")
    with django_assert_max_num_queries(38):
        ada.get("claims_claim_page", claim.reference)


def test_a_lost_origin_is_told_at_the_status(door, corroborated):
    row = Evidence.objects.filter(claim=corroborated).first()
    page = ("claims_evidence_page", corroborated.reference, row.reference)
    values = {"step": "withdraw", "reason": "Satire.", "revision": fresh(corroborated).revision}
    door("ada").post(*page, **values)
    page = door("ada").text("claims_claim_page", corroborated.reference)
    assert "Basis lost" in page
    assert "only 1 independent origin left" in page
