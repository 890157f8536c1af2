"""Corrections due on the editors' pages: seen by right, answered once, nothing typed lost."""

import pytest

from claims.models import LedgerEntry, Use
from claims.services.claims import set_visibility
from claims.states import Visibility
from claims.web.uses import PAGE_SIZE
from tests.claims.cast import fresh, make_claim
from tests.claims.printed import corroborated, dispute, lower, make_article, printed

LINK = "https://our.example.org/correction"


@pytest.fixture
def due(cast):
    claim = corroborated(cast, statement="The letter was sent.")
    use = printed(cast, claim, article=make_article(cast, title="What we know of the letter"))
    lower(cast, claim)
    return Use.objects.get(pk=use.pk)


def page(client, where, **words):
    response = client.get(where, words)
    assert response.status_code == 200
    return response.content.decode()


def answer(client, use, **given):
    sent = {"answer": "corrected", "url": LINK, "note": "", "seen": use.due_since_at.isoformat()}
    return client.post(f"/corrections/{use.reference}/", sent | given)


def test_without_any_the_list_says_what_will_stand_there(reader_of):
    assert "No correction is due." in page(reader_of("cleo"), "/corrections/")


def test_the_list_shows_words_article_claim_and_reason(reader_of, due):
    text = page(reader_of("cleo"), "/corrections/")
    for words in (
        "1,500 have arrived",
        "What we know of the letter",
        due.claim.reference,
        "fell from corroborated to reported",
        "World desk",
    ):
        assert words in text


def test_the_longest_waiting_comes_first_page_by_page(cast, reader_of):
    claim = make_claim(cast)
    articles = [make_article(cast, title=f"Article {n}") for n in range(PAGE_SIZE + 1)]
    uses = [printed(cast, claim, article=article) for article in articles]
    dispute(cast, claim)
    client = reader_of("cleo")
    response = client.get("/corrections/")
    assert [line.reference for line in response.context["lines"]] == [
        use.reference for use in uses[:PAGE_SIZE]
    ]
    rest = client.get("/corrections/" + response.context["next_url"])
    assert [line.reference for line in rest.context["lines"]] == [uses[-1].reference]
    assert rest.context["next_url"] == ""


def test_the_list_keeps_to_a_desk_and_a_topic(cast, reader_of, due):
    claim = make_claim(cast, topic="korea")
    printed(cast, claim)
    dispute(cast, claim)
    client = reader_of("cleo")
    assert client.get("/corrections/").context["number"] == 2
    assert client.get("/corrections/", {"topic": "korea"}).context["number"] == 1
    assert client.get("/corrections/", {"desk": "world"}).context["number"] == 2
    assert "No correction is due here." in page(client, "/corrections/", desk="sport")


def test_the_number_of_queries_does_not_grow_with_the_list(
    cast, reader_of, django_assert_max_num_queries
):
    claim = make_claim(cast)
    for number in range(12):
        printed(cast, claim, article=make_article(cast, title=f"Article {number}"))
    dispute(cast, claim)
    client = reader_of("cleo")
    with django_assert_max_num_queries(9):
        client.get("/corrections/")


def test_the_page_sets_what_was_relied_on_against_what_stands_now(reader_of, due):
    text = page(reader_of("cleo"), f"/corrections/{due.reference}/")
    for words in (
        "A correction is due",
        f"entry {due.relied_seq}</a>, recorded",
        "Looked at again.",
        "Status changed",
        "Record the answer",
    ):
        assert words in text


@pytest.mark.parametrize("name", ["dora", "ada"])
def test_who_is_no_editor_of_the_desk_reads_and_is_told_who_answers(reader_of, due, name):
    client = reader_of(name)
    text = page(client, f"/corrections/{due.reference}/")
    assert "An editor of World desk answers for this." in text
    assert "Record the answer" not in text
    assert answer(client, due).status_code == 403


def test_an_editor_records_the_correction_and_it_leaves_the_list(reader_of, due):
    client = reader_of("cleo")
    response = client.post(
        f"/corrections/{due.reference}/",
        {"answer": "corrected", "url": LINK, "seen": due.due_since_at.isoformat()},
        follow=True,
    )
    assert "Recorded: corrected." in response.content.decode()
    assert response.context["number"] == 0
    text = page(client, f"/corrections/{due.reference}/")
    assert LINK in text
    assert "Cleo" in text


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"answer": ""}, "This field is required."),
        ({"url": ""}, "That must be the web address of the correction."),
        ({"url": "javascript:alert(1)"}, "That must be the web address of the correction."),
        ({"answer": "not_needed", "url": "", "note": " "}, "That is required."),
        ({"answer": "not_needed", "note": "So."}, "That belongs to a correction"),
    ],
)
def test_a_wrong_answer_is_refused_at_its_field_and_keeps_what_was_typed(
    reader_of, due, given, told
):
    sent = {"note": "As the agency itself says."} | given
    response = answer(reader_of("cleo"), due, **sent)
    text = response.content.decode()
    assert response.status_code == 422
    assert told in text
    assert sent["note"].strip() in text
    assert not LedgerEntry.objects.filter(kind="correction_answered").exists()


def test_a_second_press_changes_nothing_and_says_so(reader_of, due):
    client = reader_of("cleo")
    answer(client, due)
    response = answer(client, due, note="Pressed twice by mistake.")
    text = response.content.decode()
    assert response.status_code == 409
    assert "This is answered already, by Cleo" in text
    assert "Pressed twice by mistake." in text
    assert LedgerEntry.objects.filter(kind="correction_answered").count() == 1


def test_an_answer_to_an_earlier_fall_is_shown_the_new_one_and_may_be_sent_again(
    cast, reader_of, due
):
    client = reader_of("cleo")
    answer(client, due)
    dispute(cast, due.claim)
    response = answer(client, due, note="The headline is changed.")
    text = response.content.decode()
    assert response.status_code == 409
    assert "fallen again since you looked" in text
    assert "The headline is changed." in text
    seen = response.context["form"]["seen"].value()
    assert answer(client, due, seen=seen).status_code == 302


@pytest.mark.parametrize("seen", ["", "x", "2024-13-99T00:00:00Z", "9" * 40])
def test_what_no_page_ever_showed_is_stale(reader_of, due, seen):
    assert answer(reader_of("cleo"), due, seen=seen).status_code in {409, 422}
    assert Use.objects.get().answered_at is None


def test_a_claim_that_rose_again_is_said_to_have(cast, reader_of, due):
    corroborated(cast, due.claim)
    text = page(reader_of("cleo"), f"/corrections/{due.reference}/")
    assert "has risen again since" in text
    assert "A correction is due" in text


def test_nothing_of_a_hidden_claim_reaches_another_desk(cast, reader_of, due):
    claim = fresh(due.claim)
    assert reader_of("omar").get("/corrections/").context["number"] == 1
    set_visibility(cast.cleo, claim.pk, to=Visibility.RESTRICTED, seen=claim.revision)
    text = page(reader_of("omar"), "/corrections/")
    assert claim.reference not in text
    assert "1,500 have arrived" not in text
    assert reader_of("omar").get(f"/corrections/{due.reference}/").status_code == 404
    assert reader_of("dora").get("/corrections/").context["number"] == 1


@pytest.mark.parametrize("reference", ["US-000000", "nothing", "AR-000000"])
def test_what_is_not_there_is_404(reader_of, reference):
    client = reader_of("cleo")
    assert client.get(f"/corrections/{reference}/").status_code == 404
    assert client.get("/corrections/", {"after": reference}).status_code == 404
