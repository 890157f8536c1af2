from datetime import timedelta

import pytest
from django.utils import timezone

from claims.models import Watch
from claims.queries.ledger import head_seq
from claims.services.articles import add_appearance, add_article
from claims.services.origins import add_origin
from claims.services.reviews import ask_for_review
from claims.services.status import decide
from claims.states import ClaimStatus, DisputeKind, FlagKind, Ground, Stance, Visibility
from tests.claims.cast import fresh, make_claim, make_evidence, make_origin
from tests.claims.printed import make_article, printed

TEXT = "About 1,500 soldiers have arrived, <b>officials</b> said.\n\nThe video went viral."


@pytest.fixture
def article(cast):
    return add_article(cast.ada, desk=cast.desk, text=TEXT, values={"title": "Soldiers"})


def place(cast, article, quote, **values):
    claim = make_claim(cast, f"It is so that {quote}.", **values)
    start = TEXT.index(quote)
    add_appearance(
        cast.ada, claim.pk, article=article.reference, start=start, end=start + len(quote)
    )
    return claim


def text_of(client, article):
    return client.get(f"/articles/{article.reference}/").content.decode()


def test_no_article_yet_is_said_with_care(reader_of):
    assert "No article is on record yet." in reader_of("dora").get("/articles/").content.decode()


def test_articles_are_listed_with_their_claims_by_status(cast, reader_of, article):
    place(cast, article, "1,500 soldiers")
    text = reader_of("dora").get("/articles/").content.decode()
    assert f"/articles/{article.reference}/" in text
    assert "Reported" in text
    assert "date not known" in text


def test_each_claim_is_marked_numbered_and_noted_in_the_order_of_the_text(cast, reader_of, article):
    second = place(cast, article, "The video went viral")
    first = place(cast, article, "1,500 soldiers")
    text = text_of(reader_of("dora"), article)
    assert text.index(f'id="in-{first.reference}"') < text.index(f'id="in-{second.reference}"')
    assert 'aria-label="Claim 1: reported"' in text
    assert text.index(f'id="{first.reference}"') < text.index(f'id="{second.reference}"')


def test_the_article_s_own_markup_stays_text(cast, reader_of, article):
    text = text_of(reader_of("dora"), article)
    assert "<b>officials" not in text
    assert "&lt;b&gt;officials" in text


def test_a_claim_of_another_desk_alone_leaves_no_mark(cast, reader_of, article):
    hidden = place(cast, article, "1,500 soldiers", visibility=Visibility.RESTRICTED)
    text = text_of(reader_of("omar"), article)
    assert "<mark" not in text
    assert hidden.reference not in text
    assert "<mark" in text_of(reader_of("dora"), article)


def test_a_claim_whose_words_the_article_no_longer_has_is_listed_as_lost(cast, reader_of, article):
    claim = place(cast, article, "1,500 soldiers")
    article.text = TEXT.replace("1,500", "3,000")
    article.save(update_fields=["text"])
    text = text_of(reader_of("dora"), article)
    assert "No longer found in the text" in text
    assert f'id="in-{claim.reference}"' not in text


@pytest.mark.parametrize("reference", ["AR-000000", "nonsense", "ST-7K2M9Q", "AR-🛰"])
def test_an_unknown_article_is_a_page_of_its_own(reader_of, reference):
    response = reader_of("dora").get(f"/articles/{reference}/")
    assert response.status_code == 404
    assert "Nothing here that you may see" in response.content.decode()


@pytest.mark.parametrize("before", ["x", "-1", "9" * 30, "AR-000000"])
def test_a_page_after_an_article_that_is_not_there_is_404(reader_of, before):
    assert reader_of("dora").get("/articles/", {"before": before}).status_code == 404


def test_a_long_list_goes_on_after_its_last_article(cast, reader_of, article):
    for number in range(50):
        add_article(cast.ada, desk=cast.desk, text=TEXT, values={"title": f"Article {number}"})
    client = reader_of("dora")
    first = client.get("/articles/").context
    older = client.get(f"/articles/{first['next_url']}").context
    assert [line.title for line in older["articles"]] == ["Soldiers"]
    assert older["next_url"] == ""


def test_the_number_of_queries_does_not_grow_with_the_claims(
    cast, reader_of, article, django_assert_max_num_queries
):
    for quote in ("About", "1,500", "soldiers", "have", "arrived", "officials", "video", "viral"):
        place(cast, article, quote)
    client = reader_of("dora")
    with django_assert_max_num_queries(9):
        client.get(f"/articles/{article.reference}/")


def way_of(client, article, claim):
    page = client.get(f"/articles/{article.reference}/").context["page"]
    (way,) = [way for way in page.ways if claim.reference in {note.reference for note in way.notes}]
    (note,) = [note for note in way.notes if note.reference == claim.reference]
    return way.handling, note


def test_a_reported_claim_is_to_be_attributed_to_whom_the_evidence_names(cast, reader_of, article):
    claim = place(cast, article, "1,500 soldiers", claimant_text="reports")
    make_evidence(cast, claim, origin=make_origin(cast, "the NIS"))
    handling, note = way_of(reader_of("dora"), article, claim)
    assert handling == "attribute"
    assert note.line.how == "Write “according to the NIS”."


def test_who_repeats_an_origin_is_not_named_for_it(cast, reader_of, article):
    claim = place(cast, article, "1,500 soldiers")
    wire = make_evidence(cast, claim, relays_origin=make_origin(cast, "the NIS"))
    make_evidence(cast, claim, relays_evidence=wire)
    assert "according to the NIS”" in way_of(reader_of("dora"), article, claim)[1].line.how


@pytest.mark.parametrize("words", ["he", "She", "They"])
def test_a_pronoun_names_nobody_so_a_call_is_needed(cast, reader_of, article, words):
    claim = place(cast, article, "The video went viral", claimant_text=words)
    handling, note = way_of(reader_of("dora"), article, claim)
    assert handling == "call"
    assert note.line.why == "nobody is named as saying it"


def test_a_disputed_claim_names_who_denies_it(cast, reader_of, article):
    claim = place(cast, article, "1,500 soldiers", claimant=make_origin(cast, "the NIS"))
    make_evidence(
        cast,
        claim,
        stance=Stance.DISPUTES,
        dispute_kind=DisputeKind.DENIAL,
        origin=make_origin(cast, "the garrison"),
    )
    seen = fresh(claim).revision
    decide(
        cast.ada,
        claim.pk,
        to=ClaimStatus.DISPUTED,
        ground=Ground.CONFLICTING_ACCOUNTS,
        rationale="They differ.",
        seen=seen,
    )
    handling, note = way_of(reader_of("dora"), article, claim)
    assert handling == "call"
    assert "“according to the NIS; the garrison denies it”" in note.line.how


def test_an_open_flag_asks_for_a_call(cast, reader_of, article):
    claim = place(cast, article, "1,500 soldiers", claimant=make_origin(cast, "the NIS"))
    ask_for_review(cast.ben, claim.pk, kind=FlagKind.TIP, detail="Look again.")
    handling, note = way_of(reader_of("dora"), article, claim)
    assert handling == "call"
    assert "somebody sent a tip" in note.line.why


def test_words_stronger_than_the_status_are_warned_of_where_they_stand(cast, reader_of):
    text = "The NIS said that 1,500 soldiers arrived.\nThe agency verified direct help."
    article = add_article(cast.ada, desk=cast.desk, text=text, values={"title": "Help"})
    said, verified = (
        make_claim(cast, "1,500 soldiers arrived."),
        make_claim(cast, "Help was given."),
    )
    for claim, quote in ((said, "1,500 soldiers arrived"), (verified, "direct help")):
        start = text.index(quote)
        add_appearance(
            cast.ada, claim.pk, article=article.reference, start=start, end=start + len(quote)
        )
    client = reader_of("dora")
    assert way_of(client, article, said)[1].warning == ""
    assert "“verified” is stronger than reported" in way_of(client, article, verified)[1].warning


def test_a_note_says_how_fresh_its_evidence_is(cast, reader_of, article):
    claim = place(cast, article, "1,500 soldiers")
    make_evidence(cast, claim)
    then = timezone.now() - timedelta(minutes=14)
    Watch.objects.update(last_looked_at=then, last_read_at=then)
    assert "last seen unchanged <time" in text_of(reader_of("dora"), article)
    assert "14 min ago</time>" in text_of(reader_of("dora"), article)


def test_a_confidential_origin_keeps_its_name_within_its_desk(cast, reader_of, article):
    origin = add_origin(cast.ada, values={"name": "Heron"}, confidential_at=cast.desk)
    claim = place(cast, article, "1,500 soldiers")
    make_evidence(cast, claim, origin=origin)
    assert "according to Heron" in text_of(reader_of("dora"), article)
    elsewhere = text_of(reader_of("omar"), article)
    assert "Heron" not in elsewhere
    assert "according to a confidential source" in elsewhere


def test_the_number_of_queries_does_not_grow_with_the_evidence(
    cast, reader_of, article, django_assert_max_num_queries
):
    claim = place(cast, article, "1,500 soldiers")
    client = reader_of("dora")
    for number in range(30):
        if number in {3, 29}:
            with django_assert_max_num_queries(10):
                client.get(f"/articles/{article.reference}/")
        make_evidence(cast, claim, origin=make_origin(cast, f"Origin {number}"))


def test_a_page_of_the_past_shows_the_claims_as_they_stood(cast, reader_of, article):
    claim = place(cast, article, "1,500 soldiers", claimant=make_origin(cast, "the NIS"))
    before = head_seq()
    ask_for_review(cast.ben, claim.pk, kind=FlagKind.TIP, detail="Look again.")
    client = reader_of("dora")
    past = client.get(f"/articles/{article.reference}/", {"seq": before})
    assert f"As it stood after entry {before}" in past.content.decode()
    assert [len(way.notes) for way in past.context["page"].ways] == [0, 1, 0]
    assert f"/claims/{claim.reference}/?seq={before}" in past.content.decode()
    now = client.get(f"/articles/{article.reference}/")
    assert [len(way.notes) for way in now.context["page"].ways] == [0, 0, 1]
    assert "As it stood after" not in now.content.decode()


def test_an_article_not_yet_on_record_says_so(cast, reader_of, article):
    response = reader_of("dora").get(f"/articles/{article.reference}/", {"at": "2001-01-01T00:00Z"})
    assert response.status_code == 404
    assert "This article was not yet on record then" in response.content.decode()


def test_an_article_of_ours_says_what_it_relies_on(cast, reader_of):
    claim = make_claim(cast)
    ours = make_article(cast, title="What we know")
    printed(cast, claim, article=ours)
    text = text_of(reader_of("dora"), ours)
    assert "In print" in text
    assert f"/claims/{claim.reference}/" in text
