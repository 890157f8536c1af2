import pytest

from claims.services.articles import add_appearance, add_article
from claims.states import Visibility
from tests.claims.cast import make_claim

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
    with django_assert_max_num_queries(8):
        client.get(f"/articles/{article.reference}/")
